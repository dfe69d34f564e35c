"""The web site of a rendition: a page a chapter, with search."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jinja2
import pagefind_bin

from corridor import pandoc
from corridor.chapter import resolve
from corridor.files import share, tree
from corridor.pandoc import attributes, elements, text_of
from corridor.render.embedded.book import Book, Chapter
from corridor.render.embedded.citations import cite
from corridor.render.embedded.document import read_book
from corridor.render.embedded.imprint import read_imprint
from corridor.stage.facts import FOLDER as FACTS
from corridor.stage.facts import SCRIPT as FACTS_SCRIPT
from corridor.stage.facts import STYLE as FACTS_STYLE
from corridor.stage.project import EXHIBITS, FILTERS, StagedProject
from corridor.store import Store
from corridor.words import words

ASSETS = "../../assets/"
"""The way from the root of a rendition to the files that all renditions share."""

_TOC_DEPTH = 3
_OPTIONS = {
    "wrap_text": "wrap-none",
    "html_math_method": "mathml",
    "highlight_method": "none",
    # Quotation marks are the browser's, which knows those of the language.
    "html_q_tags": True,
}


def write_site(project: StagedProject, folder: Path, store: Store, *, has_pdf: bool) -> None:
    """Write the pages of a staged project.

    Parameters
    ----------
    project
        The staged project.
    folder
        An empty folder for the pages. They look for what `write_assets` writes at `ASSETS`.
    store
        What was read and written before.
    has_pdf
        Whether the PDF will lie beside them, to be linked.
    """
    book = read_book(project, "html", store)
    cite(book, store)
    template = _environment().get_template("page.html.j2")
    for position, body in enumerate(_bodies(book, store)):
        page = folder / unquote(book.chapters[position].href)
        page.parent.mkdir(parents=True, exist_ok=True)
        context = _context(book, position, body, has_pdf)
        page.write_text(template.render(context), encoding="utf-8", newline="\n")
    # Before the files of facts lie there: none of their pages is searched, and each would be read.
    _index(folder)
    data = [f"{name}/{file}" for name in (EXHIBITS, FACTS) for file in tree(project.root / name)]
    logo = read_imprint(project.corridor).logo
    images = _images(book) | ({logo} if logo else set())
    own = dict.fromkeys([*data, *sorted(images)])
    share((file for file in own if file != f"{FACTS}/{FACTS_SCRIPT}"), project.root, folder)


def write_assets(folder: Path) -> None:
    """Write the styles and scripts that the pages of all renditions share into a new folder."""
    with as_file(_theme() / "assets") as assets:
        shutil.copytree(assets, folder)
    for name, source in (("facts.css", FACTS_STYLE), (FACTS_SCRIPT, FACTS_SCRIPT)):
        text = (files("corridor") / "render" / source).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def redirect(target: str, title: str, language: str) -> str:
    """Return a page that leads to another."""
    return (
        _environment()
        .get_template("redirect.html.j2")
        .render(title=title, href=target, lang=language, strings=words(language))
    )


def _theme() -> Any:
    return files("corridor") / "render" / "embedded" / "theme"


@cache
def _environment() -> jinja2.Environment:
    def load(name: str) -> str:
        return (_theme() / name).read_text(encoding="utf-8")

    return jinja2.Environment(
        loader=jinja2.FunctionLoader(load), autoescape=True, undefined=jinja2.StrictUndefined
    )


def _images(book: Book) -> set[str]:
    return {
        resolve(chapter.path, unquote(node["c"][2][0]))
        for chapter in book.chapters
        for node in elements(chapter.blocks)
        if node["t"] == "Image"
    }


def _context(book: Book, position: int, body: str, has_pdf: bool) -> dict[str, Any]:
    project = book.project
    chapter = book.chapters[position]
    root = "../" * chapter.path.count("/")
    corridor = project.corridor

    def entry(other: Chapter) -> dict[str, Any]:
        return {
            "href": root + other.href,
            "title": text_of(other.title),
            "number": other.number,
            "current": other is chapter,
        }

    return {
        "paper": {
            "title": project.config["book"]["title"],
            "subtitle": project.config["book"].get("subtitle"),
            "edition": corridor["edition"],
            "version": corridor.get("version"),
            "date": corridor["date-long"],
            "date_iso": corridor["date"],
            "language": project.language,
            "imprint": read_imprint(corridor),
            "pdf": root + project.pdf if has_pdf else None,
        },
        "page": {
            "title": text_of(chapter.title),
            "number": chapter.number,
            "body": body,
            "toc": _contents(chapter),
            "prev": entry(book.chapters[position - 1]) if position else None,
            "next": entry(book.chapters[position + 1]) if position + 1 < len(book.chapters) else None,
            "is_home": position == 0,
        },
        "nav": [entry(other) for other in book.chapters],
        "root": root,
        "assets": root + ASSETS,
        "has_facts": (project.root / FACTS).is_dir(),
        "strings": words(project.language),
    }


def _bodies(book: Book, store: Store) -> list[str]:
    # The home page opens with the paper's title block, whose heading is the page's first.
    home, *others = (chapter.blocks for chapter in book.chapters)
    documents = [pandoc.document(blocks) for blocks in (home[1:], *others)]
    filters = [book.project.root / name for name in FILTERS]
    return [f"{body}\n" for body in pandoc.write_all(documents, "html5", _OPTIONS, filters, store)]


def _contents(chapter: Chapter) -> list[dict[str, Any]]:
    top: list[dict[str, Any]] = []
    for node in chapter.blocks:
        if node["t"] != "Header" or not 1 < node["c"][0] <= _TOC_DEPTH:
            continue
        number = next((text_of([n]) for n in node["c"][2] if n["t"] == "Span"), None)
        title = text_of([n for n in node["c"][2] if n["t"] != "Span"]).strip()
        item = {"id": attributes(node)[0], "title": title, "number": number, "children": []}
        (top if node["c"][0] == 2 or not top else top[-1]["children"]).append(item)
    return top


def _index(folder: Path) -> None:
    """Write the search index of the pages, without the numbers in their tables."""
    program = str(pagefind_bin.get_executable())
    done = subprocess.run(
        [program, "--site", str(folder), "--silent", "--exclude-selectors", "tbody"],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"pagefind failed: {done.stderr.decode(errors='replace')}")
    # The ready-made search forms of the indexer are not used: the theme brings its own.
    for path in sorted((folder / "pagefind").glob("pagefind-*ui*")):
        path.unlink()
