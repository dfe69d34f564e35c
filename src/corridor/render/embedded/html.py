"""The web site of a rendition: a page a chapter, with search."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import unquote

import jinja2
import pagefind_bin

from corridor import pandoc
from corridor.files import share, tree
from corridor.pandoc import attributes, text_of
from corridor.render.embedded.blocks import Reader
from corridor.render.embedded.book import Book, Chapter
from corridor.render.embedded.citations import cite, home_of_references, set_citations
from corridor.render.embedded.document import open_book
from corridor.render.embedded.imprint import read_imprint
from corridor.render.embedded.references import refer
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


def write_site(
    project: StagedProject, folder: Path, store: Store, *, has_pdf: bool, has_search: bool = True
) -> None:
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
    has_search
        Whether the index is made that their search looks into.
    """
    book, reader = open_book(project, "html", store)
    pages = _pages(book, reader, store)
    template = _environment().get_template("page.html.j2")
    for position, chapter in enumerate(book.chapters):
        page = folder / unquote(chapter.href)
        page.parent.mkdir(parents=True, exist_ok=True)
        context = _context(book, pages, position, has_pdf)
        page.write_text(template.render(context), encoding="utf-8", newline="\n")
    # Before the files of facts lie there: none of their pages is searched, and each would be read.
    if has_search:
        _index(folder)
    data = [f"{name}/{file}" for name in (EXHIBITS, FACTS) for file in tree(project.root / name)]
    logo = read_imprint(project.corridor).logo
    images = [image for chapter in book.chapters for image in chapter.outline.images]
    own = dict.fromkeys([*data, *images, *([logo] if logo else ())])
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


class _Page(TypedDict):
    """What is made of a chapter: its words, without the frame that all pages have."""

    title: str
    body: str
    contents: list[dict[str, Any]]


def _pages(book: Book, reader: Reader, store: Store) -> list[_Page]:
    """Return what is made of each chapter; those that the store knows are not even read."""
    filters = [book.project.root / name for name in FILTERS]
    rules = [_OPTIONS, [path.read_text(encoding="utf-8") for path in filters]]
    citations, home = set_citations(book, store), home_of_references(book)
    wanted = {}
    for chapter in book.chapters:
        labels = {
            key: [one.word, one.number, one.chapter, "" if one.number else one.title]
            for key, one in book.labels.items()
            if one.chapter == chapter.path or key in chapter.outline.references
        }
        wanted[chapter.path] = [
            chapter.key,
            chapter is book.chapters[0],
            chapter.numbers,
            labels,
            citations[chapter.path],
            home.href,
            rules,
        ]

    def make(missing: list[Any]) -> list[_Page]:
        stale = [chapter for chapter in book.chapters if wanted[chapter.path] in missing]
        reader.read(stale)
        for chapter in stale:
            cite(chapter, citations[chapter.path], home)
            refer(book, chapter)
        # The home page opens with the paper's title block, whose heading is the page's first.
        shown = [one.blocks[1:] if one is book.chapters[0] else one.blocks for one in stale]
        bodies = pandoc.write_each([pandoc.document(blocks) for blocks in shown], "html5", _OPTIONS, filters)
        return [
            _Page(title=text_of(chapter.title), body=f"{body}\n", contents=_contents(chapter))
            for chapter, body in zip(stale, bodies, strict=True)
        ]

    return store.remembered_all("page", [*wanted.values()], make)


def _context(book: Book, pages: Sequence[_Page], position: int, has_pdf: bool) -> dict[str, Any]:
    project = book.project
    chapter = book.chapters[position]
    root = "../" * chapter.path.count("/")
    corridor = project.corridor

    def entry(place: int) -> dict[str, Any]:
        other = book.chapters[place]
        return {
            "href": root + other.href,
            "title": pages[place]["title"],
            "number": other.number,
            "current": place == position,
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
            "title": pages[position]["title"],
            "number": chapter.number,
            "body": pages[position]["body"],
            "toc": pages[position]["contents"],
            "prev": entry(position - 1) if position else None,
            "next": entry(position + 1) if position + 1 < len(pages) else None,
            "is_home": position == 0,
        },
        "nav": [entry(place) for place in range(len(pages))],
        "root": root,
        "assets": root + ASSETS,
        "has_facts": (project.root / FACTS).is_dir(),
        "strings": words(project.language),
    }


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
