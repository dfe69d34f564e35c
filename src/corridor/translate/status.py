"""How much of a paper is translated, and what is stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from corridor.edition import Edition
from corridor.files import digest, hashed
from corridor.messages import SETTINGS, SOURCE
from corridor.paper import CONFIG, Paper
from corridor.store import Store
from corridor.translate.catalogues import Entry, Source, domain, is_prose, place, read_entries
from corridor.translate.extract import (
    chapter_texts,
    edition_files,
    extract,
    notebook_texts,
    own_files,
    resource_texts,
    settings_texts,
    with_own_files,
)

_Message = tuple[str | None, str]
"""Context and text."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """The state of one catalogue in one language, set against the paper as it is.

    Parameters
    ----------
    language, catalogue
        Which.
    file
        The catalogue's file relative to the paper's root.
    translated, stale, missing
        Numbers of messages: those translated, those translated from a text that has changed since, the rest.
    stale_lines
        Lines of the stale translations.
    """

    language: str
    catalogue: str
    file: str
    translated: int
    stale: int
    missing: int
    stale_lines: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        return self.translated + self.stale + self.missing


def status(paper: Paper, languages: Iterable[str]) -> list[Status]:
    """Return the state of every catalogue in languages.

    Raises
    ------
    PaperError
        If a file of the paper or a catalogue cannot be read.
    """
    found = extract(paper)
    return [
        _state(paper, language, name, [(one.context, one.id) for one in found[name]])
        for language in languages
        for name in sorted(found)
    ]


class Tally:
    """How much of editions is translated, counted once for each catalogue however many editions share it.

    Parameters
    ----------
    paper
        The paper.
    store
        Where it is kept what is counted in each file.
    """

    def __init__(self, paper: Paper, store: Store) -> None:
        self._paper = paper
        self._store = store
        self._counted: dict[tuple[str, str], tuple[int, int, int]] = {}

    def of(self, edition: Edition, language: str) -> tuple[int, int, int]:
        """Return how many messages of an edition are translated, how many stale, and how many there are.

        The source language has nothing to translate: all zeros.

        Raises
        ------
        PaperError
            If a file of the paper or a catalogue cannot be read.
        """
        from corridor.compose import sources

        if language == SOURCE:
            return 0, 0, 0
        own = {domain(file) for file in sources(self._paper, edition)}
        names = [name for name in self._messages if not is_prose(name) or name in own]
        translated, stale, total = zip(*(self._count(language, name) for name in names), strict=True)
        return sum(translated), sum(stale), sum(total)

    @cached_property
    def _messages(self) -> dict[str, list[_Message]]:
        return _messages(self._paper, self._store)

    @cached_property
    def _wanted(self) -> dict[str, str]:
        """Digests of the messages."""
        return {name: hashed(found) for name, found in self._messages.items()}

    def _count(self, language: str, name: str) -> tuple[int, int, int]:
        if (language, name) not in self._counted:
            self._counted[language, name] = self._read(language, name)
        return self._counted[language, name]

    def _read(self, language: str, name: str) -> tuple[int, int, int]:
        def count() -> list[int]:
            found = _state(self._paper, language, name, self._messages[name])
            return [found.translated, found.stale, found.total]

        catalogue = digest({name: place(self._paper.root, language, name)})
        made_of = [language, catalogue, self._wanted[name]]
        translated, stale, total = self._store.remembered("translated", made_of, count)
        return translated, stale, total


def _messages(paper: Paper, store: Store) -> dict[str, list[_Message]]:
    """Return the messages of all catalogues by name, each once; a file is read again where it has changed."""
    from corridor.data import DESCRIPTOR, open_package

    def state(*files: str) -> dict[str, str]:
        return digest({file: paper.root / file for file in files})

    def kept(made_of: Any, texts: Callable[..., Iterable[Source]], *given: Any) -> list[_Message]:
        def distinct() -> list[_Message]:
            return list(dict.fromkeys((one.context, one.id) for one in texts(paper, *given)))

        return [(context, text) for context, text in store.remembered("messages", made_of, distinct)]

    editions = state(*(f"editions/{path.name}" for path in edition_files(paper)))
    own = store.remembered("own-files", editions, lambda: own_files(paper))
    found = {domain(file): kept(state(file), chapter_texts, file) for file in with_own_files(paper, own)}
    found |= {domain(file): kept(state(file), notebook_texts, file) for file in paper.notebooks}
    if (paper.data / DESCRIPTOR).is_file():
        package = open_package(paper.data)
        for name, one in package.resources.items():
            if one.shown or one.path.suffix in (".yml", ".yaml"):
                made_of = [name, one.title, one.schema, digest({name: one.path})]
                found[f"data/{name}"] = kept(made_of, resource_texts, package, name)
    found[domain(SETTINGS)] = kept(state(CONFIG) | editions, settings_texts)
    return found


def _state(paper: Paper, language: str, name: str, messages: Iterable[_Message]) -> Status:
    path = place(paper.root, language, name)
    entries = read_entries(path, paper.root) if path.is_file() else []
    said: Mapping[tuple[str | None, str], Entry] = {(e.context, e.id): e for e in entries if e.done}
    wanted = set(messages)
    known = [said[key] for key in wanted if key in said]
    stale = [entry for entry in known if entry.stale]
    return Status(
        language=language,
        catalogue=name,
        file=path.relative_to(paper.root).as_posix(),
        translated=len(known) - len(stale),
        stale=len(stale),
        missing=len(wanted) - len(known),
        stale_lines=tuple(entry.line for entry in stale),
    )
