"""What a paper has to translate: chapters, notebooks, data, settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from corridor.files import read_text
from corridor.manuscript import Text
from corridor.messages import SETTINGS
from corridor.paper import CONFIG, Paper
from corridor.settings import read_settings
from corridor.translate.calls import messages_of_notebook
from corridor.translate.catalogues import PROSE, Source, domain
from corridor.translate.prose import messages

if TYPE_CHECKING:
    from corridor.data import Package


def extract(paper: Paper) -> dict[str, list[Source]]:
    """Return all texts of a paper by the name of their catalogue.

    Raises
    ------
    PaperError
        If a file cannot be read.
    """
    found = {domain(file): chapter_texts(paper, file) for file in prose_files(paper)}
    found |= {domain(file): notebook_texts(paper, file) for file in paper.notebooks}
    found |= {f"data/{name}": texts for name, texts in data_texts(paper)}
    found[domain(SETTINGS)] = list(settings_texts(paper))
    return {name: texts for name, texts in found.items() if texts}


def prose_files(paper: Paper) -> list[str]:
    """Return every file whose prose some edition can show."""
    return with_own_files(paper, own_files(paper))


def own_files(paper: Paper) -> list[str]:
    """Return the files of prose that editions name as their own, whether or not they are there.

    Editions are read without their checks: one that asks for a language without catalogues has a fault
    that only the extraction can mend.
    """
    own: list[Any] = []
    for path in edition_files(paper):
        values = read_settings(path, paper.root).values
        chapters, blocks = values.get("chapters"), values.get("blocks")
        added = chapters.get("add") if isinstance(chapters, dict) else None
        own += [one.get("file") for one in added or () if isinstance(one, dict)]
        own += blocks.values() if isinstance(blocks, dict) else ()
    return [file for file in own if isinstance(file, str)]


def with_own_files(paper: Paper, own: Iterable[str]) -> list[str]:
    """Return the paper's chapters and those of the editions' own files that are there, each once."""
    root = paper.root.resolve()
    paths = [(file, (root / file).resolve()) for file in own]
    # What leads out of the paper is a fault of the edition, and nothing of the paper's to translate.
    files = [file for file, path in paths if path.is_file() and path.is_relative_to(root)]
    files = [file for file in files if not (PurePosixPath(file).is_absolute() or ".." in file.split("/"))]
    return list(dict.fromkeys([*paper.chapters, *files]))


def edition_files(paper: Paper) -> list[Path]:
    return sorted((paper.root / "editions").glob("*.yml"))


def chapter_texts(paper: Paper, file: str) -> list[Source]:
    """Return the messages of a chapter."""
    text = Text.of(file, read_text(paper.root / file, paper.root))
    return [
        Source(id=message.id, file=file, comments=(message.kind, *message.comments), flags=(PROSE,))
        for message in messages(text)
    ]


def notebook_texts(paper: Paper, file: str) -> list[Source]:
    """Return the texts that the code of a notebook says."""
    return messages_of_notebook(read_text(paper.root / file, paper.root), file)


def data_texts(paper: Paper) -> Iterator[tuple[str, list[Source]]]:
    """Yield each resource of the data whose texts readers see, with these texts."""
    from corridor.data import open_package

    if not (paper.data / "datapackage.json").is_file():
        return
    package = open_package(paper.data)
    for name in package.resources:
        if texts := resource_texts(paper, package, name):
            yield name, texts


def resource_texts(paper: Paper, package: Package, name: str) -> list[Source]:
    """Return the texts of a resource of the data that readers see."""
    from corridor.data import translatable

    resource = package.resources[name]
    file = resource.path.relative_to(paper.root).as_posix()
    texts = [Source(id=text, file=file, comments=(where,)) for where, text in translatable(package, name)]
    if resource.is_table and texts and resource.title:
        texts.insert(0, Source(id=resource.title, file=file, comments=("title",)))
    return texts


def settings_texts(paper: Paper) -> Iterator[Source]:
    """Yield the texts of ``_quarto.yml`` and of the editions' files that readers see."""
    book = (("book", "title"), ("book", "subtitle"))
    yield from _settings(paper.root, CONFIG, (*book, ("book", "description")))
    publisher = (("publisher", "name"), ("publisher", "address"))
    corridor = [("corridor", *keys) for keys in (("publisher",), *publisher)]
    yield from _settings(paper.root, CONFIG, corridor)
    for path in edition_files(paper):
        yield from _settings(paper.root, f"editions/{path.name}", (("title",), *book, *publisher))


def _settings(root: Path, file: str, paths: Any) -> Iterator[Source]:
    values = read_settings(root / file, root).values
    for keys in paths:
        value: Any = values
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, str) and value.strip():
            yield Source(id=value, file=file, comments=(".".join(keys),))
