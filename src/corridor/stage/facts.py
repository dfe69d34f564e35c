"""The facts as readers find them: the page that lists them, the appendix in print, the files."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from html import escape
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from corridor import pandoc
from corridor.chapter import shortcodes, without_code
from corridor.data import Package
from corridor.facts import Fact, anchor, split_form
from corridor.files import digest
from corridor.messages import cited_in
from corridor.stage.entries import (
    ROOT,
    Listing,
    Use,
    html_entry,
    name_works,
    page,
    table_name,
    typst_entry,
    use_anchor,
)
from corridor.store import Store
from corridor.words import words

FOLDER = "facts"
"""Where the files of the facts lie, in the staged project and on the site."""

SCRIPT = "facts.js"
STYLE = "facts.scss"
"""The look of facts, as a layer of Quarto's themes; plain CSS, so that it serves the embedded engine too."""

_PLACE = re.compile(r"^(?P<colons>:{3,})[ \t]*\{#facts\}[ \t]*\n\s*(?P=colons)[ \t]*$", re.M)
_HEADING = re.compile(r"^# +(.+?)[ \t]*$", re.M)
_TITLE = re.compile(r"\A---\n(?:.*\n)*?title:[ \t]*(.+)\n")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is said of facts whether or not the text uses them.

    Parameters
    ----------
    entries
        What cards and the facts page show of each fact, as HTML, by key.
    files
        What readers can download, by path in the folder `FOLDER`.
    """

    entries: Mapping[str, str]
    files: Mapping[str, str]


def list_facts(
    texts: Mapping[str, str], facts: Mapping[str, Fact], bibliography: Path, package: Package, store: Store
) -> Listing | None:
    """Return what the pages say of the facts, ``None`` where no chapter has the div ``facts``.

    Parameters
    ----------
    texts
        The chapters' Markdown by path, in the order of reading.
    facts
        The facts of the edition by key.
    bibliography
        The BibTeX file.
    package
        The data, in the language of the rendition.
    store
        Where names of works and titles are kept.
    """
    language = package.language
    chapter = next((name for name, text in texts.items() if _PLACE.search(without_code(text))), None)
    if chapter is None:
        return None
    references = [name for name, text in texts.items() if re.search(r"^:{3,}[ \t]*\{#refs\}", text, re.M)]
    works = store.remembered(
        "works",
        [digest({"bibliography": bibliography}), cited_in(language)],
        lambda: name_works(bibliography, language),
    )
    return Listing(
        facts=facts,
        uses=find_uses(texts, facts, store),
        works=works,
        language=language,
        chapter=chapter,
        references=references[0] if references else list(texts)[-1],
        tables={name: package.title(name) for name, one in package.resources.items() if one.is_table},
    )


def find_uses(texts: Mapping[str, str], facts: Mapping[str, Fact], store: Store) -> list[Use]:
    """Return which chapters show which facts by ``{{< var key >}}``."""
    titles = _titles(texts, store)
    uses = []
    for chapter, text in texts.items():
        shown = [split_form(code.argument)[0] for code in shortcodes(text) if code.name == "var"]
        if keys := tuple(dict.fromkeys(key for key in shown if key in facts)):
            uses.append(Use(chapter=chapter, title=titles[chapter], keys=keys))
    return uses


def _titles(texts: Mapping[str, str], store: Store) -> dict[str, str]:
    """Return the chapters' titles as plain text."""
    found = {}
    for chapter, text in texts.items():
        heading = _HEADING.search(without_code(text)) or _TITLE.match(text)
        found[chapter] = heading[1].strip("\"'") if heading else chapter
    [document] = pandoc.read_all(["\n\n".join(f"# {title}" for title in found.values())], store)
    heads = [node for node in document["blocks"] if node["t"] == "Header"]
    return {chapter: pandoc.text_of(head["c"][2]) for chapter, head in zip(found, heads, strict=True)}


def tell(listing: Listing, package: Package, store: Store) -> Told:
    """Return what is said of the facts of a listing, kept until facts, works or rows change.

    Parameters
    ----------
    listing
        The facts.
    package
        The paper's data, of which only the rows behind these facts are told.
    store
        Where it is kept.
    """
    facts = [listing.facts[key] for key in sorted(listing.facts)]
    tables = sorted({one.resource for one in facts} - {""})

    def make() -> dict[str, dict[str, str]]:
        rows = {name: rows_behind(facts, package, name) for name in tables}
        return {
            "entries": {one.key: html_entry(one, listing) for one in facts},
            "files": {
                "facts.json": facts_json(facts),
                "facts.csv": facts_csv(facts),
                **{f"rows/{name}.csv": _csv([columns, *cells]) for name, (columns, cells) in rows.items()},
                **{f"rows/{name}.html": _rows_page(listing, name, *found) for name, found in rows.items()},
            },
        }

    read = digest({name: package.path(name) for name in tables})
    made_of = [
        [_as_json(one) for one in facts],
        listing.works,
        listing.language,
        listing.chapter,
        listing.references,
        listing.tables,
        read,
    ]
    return Told(**store.remembered("facts", made_of, make))


def with_facts(text: str, listing: Listing, told: Told) -> str:
    """Return a chapter with the list of facts in place of the empty div ``facts``."""
    return _PLACE.sub(lambda _: facts_content(listing, told), text)


def facts_content(listing: Listing, told: Told) -> str:
    """Return Markdown that lists the facts: all of them on the site, those of the text in print."""
    word = words(listing.language)
    cited = dict.fromkeys(source.key for one in listing.facts.values() for source in one.sources)
    known = sorted((key for key in cited if key in listing.works), key=lambda key: listing.works[key])
    parts = []
    if known:
        # So that each work stands in the list of references, to which the entries lead.
        parts.append(f"{word['facts_sources']} {'; '.join(f'@{key}' for key in known)}.")
    parts.append(_raw("html", _html(listing, told)))
    if listing.used:
        parts.append(_raw("typst", _typst(listing)))
    return "\n\n".join(parts)


def _raw(target: str, text: str) -> str:
    return f"``````{{={target}}}\n{text}\n``````"


def _html(listing: Listing, told: Told) -> str:
    word = words(listing.language)
    count = len(listing.facts)
    groups = [
        (name, list(group)) for name, group in groupby(sorted(listing.facts), lambda k: k.split(".")[0])
    ]
    titles = {name: listing.works.get(name, name.replace("_", " ").capitalize()) for name, _ in groups}
    jumps = " · ".join(f'<a href="#facts-{name}">{escape(titles[name])}</a>' for name, _ in groups)
    lines = [
        '<div class="fact-index" data-pagefind-ignore="all">',
        f'<p class="fact-files">{word["facts_count"].format(count=count)} '
        f'<a href="{ROOT}{FOLDER}/facts.json">JSON</a> · <a href="{ROOT}{FOLDER}/facts.csv">CSV</a></p>',
        f'<form class="fact-search" role="search" hidden data-count="{escape(word["facts_found"])}">'
        f'<label for="fact-query">{word["facts_search"]}</label> '
        '<input id="fact-query" type="search" autocomplete="off" spellcheck="false"> '
        '<output for="fact-query"></output></form>',
        f'<nav class="fact-groups" aria-label="{word["facts_groups"]}">{jumps}</nav>',
    ]
    places = _places(listing)
    for name, keys in groups:
        lines.append(
            f'<section class="fact-group fact-told"><h2 id="facts-{name}">{escape(titles[name])}</h2>'
        )
        for key in keys:
            used = f'<p class="fact-uses">{word["used_in"]} {places[key]}</p>' if key in places else ""
            lines.append(
                f'<article class="fact-entry" id="{anchor(key)}">{told.entries[key]}{used}'
                f'<code class="fact-key">{key}</code></article>'
            )
        lines.append("</section>")
    return "\n".join([*lines, "</div>"])


def _places(listing: Listing) -> dict[str, str]:
    """Return links to the first use of each fact in each chapter."""
    places: dict[str, list[str]] = {}
    for use in listing.uses:
        for key in use.keys:
            link = f'<a href="{ROOT}{page(use.chapter)}#{use_anchor(key)}">{escape(use.title)}</a>'
            places.setdefault(key, []).append(link)
    return {key: ", ".join(links) for key, links in places.items()}


def _typst(listing: Listing) -> str:
    word = words(listing.language)
    labels = f'page: "{word["page"]}", pages: "{word["pages"]}"'
    entries = "".join(typst_entry(listing.facts[key], listing) for key in listing.used)
    return f"#fact-list({labels}, (\n{entries}))"


# --- files


def write_facts(folder: Path, listing: Listing, told: Told) -> None:
    """Write what the pages fetch and what readers can download.

    Parameters
    ----------
    folder
        The folder `FOLDER` of the staged project.
    listing
        The facts.
    told
        What is said of them.
    """
    for name, text in told.files.items():
        _write(folder / name, text)
    _write(folder / "cards.js", _cards(listing, told))
    script = files("corridor").joinpath("render", SCRIPT)
    _write(folder / SCRIPT, script.read_text(encoding="utf-8"))


def facts_json(facts: Iterable[Fact]) -> str:
    """Return facts as JSON, a list of objects with every field, each on a line of its own."""
    lines = (json.dumps(_as_json(one), ensure_ascii=False) for one in facts)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _as_json(one: Fact) -> dict[str, Any]:
    """Return every field of a fact; `dataclasses.asdict` would copy each value deeply."""
    return {**vars(one), "sources": [vars(source) for source in one.sources]}


def facts_csv(facts: Iterable[Fact]) -> str:
    """Return facts as CSV, a row each; sources as ``key: locator`` and inputs parted by " | "."""
    names = [field.name for field in fields(Fact)]
    rows = []
    for one in facts:
        values = {name: getattr(one, name) for name in names}
        values["sources"] = " | ".join(f"{s.key}: {s.locator}".removesuffix(": ") for s in one.sources)
        values["inputs"] = " | ".join(one.inputs)
        rows.append([_plain(values[name]) for name in names])
    return _csv([names, *rows])


def _plain(value: object) -> object:
    if value is None:
        return ""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else value


def rows_behind(facts: Iterable[Fact], package: Package, resource: str) -> tuple[list[str], list[list[str]]]:
    """Return columns and rows of a table, only the rows that facts come from.

    A row without a key that gives the upper end of a range belongs to the row before it. Notes are those of
    the facts: in the language of the rendition, and on its edition alone.
    """
    wanted = {one.key: one.note for one in facts if one.resource == resource}
    with package.path(resource).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        columns = next(reader)
        kept: list[list[str]] = []
        follows = False
        for row in reader:
            cells = dict(zip(columns, row, strict=False))
            follows = cells["key"] in wanted or (
                follows and not cells["key"] and cells.get("qualifier") == "to"
            )
            if follows:
                note = wanted.get(cells["key"], "")
                kept.append(
                    [note if name == "note" else cell for name, cell in zip(columns, row, strict=False)]
                )
    return columns, kept


def _cards(listing: Listing, told: Told) -> str:
    word = words(listing.language)
    content = {
        "more": word["fact_more"],
        "close": word["close"],
        "cards": {key: told.entries[key] for key in sorted(listing.used)},
    }
    return f"corridorCards({json.dumps(content, ensure_ascii=False, indent=0)});\n"


_ROWS_STYLE = """
:root{color-scheme:light dark}
body{max-width:46rem;margin:0 auto;padding:1rem;font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem}h2{margin:0 0 .4rem;font:600 .95rem/1.4 ui-monospace,monospace}
section{padding:.9rem 0;border-top:1px solid #8886;scroll-margin-top:1rem}
section:target{box-shadow:-.6rem 0 0 -.3rem currentColor}
dl{display:grid;grid-template-columns:minmax(5rem,max-content) 1fr;gap:.15rem 1rem;margin:0;font-size:.9rem}
dt{opacity:.75}dd{margin:0}
"""


def _rows_page(listing: Listing, resource: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    language = listing.language
    word = words(language)
    up = f"../{ROOT}"
    title = word["rows_title"].format(table=table_name(resource, listing))
    sections = []
    for row in rows:
        cells = {name: value for name, value in zip(columns, row, strict=False) if value}
        key = cells.pop("key", "")
        head = (
            f'<h2><a href="{up}{page(listing.chapter)}#{anchor(key)}">{escape(key)}</a></h2>' if key else ""
        )
        place = f' id="{escape(key)}"' if key else ""
        terms = "".join(_term(name, value, listing, up) for name, value in cells.items())
        sections.append(f"<section{place}>{head}<dl>{terms}</dl></section>")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n'
        f"<style>{_ROWS_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n"
        f'<p>{escape(word["rows_about"])} <a href="{quote(resource)}.csv">{word["data_csv"]}</a> · '
        f'<a href="{up}{page(listing.chapter)}">{word["fact_all"]}</a></p>\n'
        + "\n".join(sections)
        + "\n</main>\n</body>\n</html>\n"
    )


def _term(name: str, value: str, listing: Listing, up: str) -> str:
    shown = escape(value)
    if name == "source" and value in listing.works:
        target = f"{up}{page(listing.references)}#ref-{quote(value)}"
        shown = f'<a href="{target}">{escape(listing.works[value])}</a>'
    return f"<dt>{escape(name.replace('_', ' '))}</dt><dd>{shown}</dd>"


def _csv(rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
