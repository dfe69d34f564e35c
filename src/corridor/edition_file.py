"""The file of an edition: what may stand in it, and what is wrong with it."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from corridor import messages
from corridor.chapter import without_code
from corridor.errors import Fault, PaperError
from corridor.files import read_text
from corridor.nearest import closest, nearest
from corridor.paper import Paper
from corridor.picture import problem
from corridor.settings import Settings

FOLDER = "editions"

REQUIRED = ("title", "countries", "partner", "years", "languages")
OPTIONAL = ("book", "publisher", "chapters", "blocks", "missing-data", "stale-translations")

CHOICES = {"missing-data": ("leave-out", "show"), "stale-translations": ("allow", "refuse")}
"""The settings that are one of some words, the first of which is the default."""

_CODE = re.compile(r"[A-Z]{3}")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_CONTACT = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\"]+|https://[^\s/<>\"]+\.[^\s<>\"]+")

Keys = tuple[str | int, ...]


def slug_of(name: str) -> str:
    """Return the slug that a name can have; empty if it has no Latin letters and no digits.

    Examples
    --------
    >>> slug_of("Kyrgyz Republic"), slug_of("Türkiye")
    ('kyrgyz-republic', 'turkiye')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def name_fault(file: Path, root: Path) -> list[Fault]:
    """Return a fault if the name of an edition's file is no slug, or the file lies elsewhere."""
    shown = file.relative_to(root).as_posix()
    if file.suffix == ".yml" and slug_of(file.stem) == file.stem:
        if file.exists() and not file.resolve().is_relative_to(root.resolve()):
            mend = "put the file itself there"
            return [Fault(file=shown, what="the file is a link that leads out of the paper", mend=mend)]
        return []
    wanted = slug_of(file.stem)
    mend = f'rename it to "{wanted}.yml"' if wanted else 'rename it, such as "kazakhstan.yml"'
    what = f'the name "{file.name}" is not lower-case letters, digits and hyphens, ending in .yml'
    return [Fault(file=shown, what=what, mend=mend)]


def nearest_area(word: str, names: Mapping[str, str]) -> str | None:
    """Return the code that was probably meant, by itself or by the name of its area.

    Examples
    --------
    >>> names = {"KAZ": "Kazakhstan", "KGZ": "Kyrgyz Republic"}
    >>> nearest_area("Kazahstan", names), nearest_area("KZG", names)
    ('KAZ', 'KGZ')
    """
    if near := closest(word, names):
        return near
    by_name = {name: code for code, name in names.items() if name}
    if word in by_name:
        return by_name[word]
    near = closest(word, by_name)
    return by_name[near] if near else None


def file_faults(paper: Paper, settings: Settings) -> list[Fault]:
    """Return every fault of an edition's file that needs no data to be seen."""
    reading = _Reading(paper, settings)
    reading.keys((), REQUIRED, OPTIONAL)
    if not reading.faults:
        reading.everything()
    return reading.faults


class _Reading:
    """One reading of a file, which gathers its faults."""

    def __init__(self, paper: Paper, settings: Settings) -> None:
        self.paper = paper
        self.settings = settings
        self.values = settings.values
        self.faults: list[Fault] = []

    def fault(self, *keys: str | int, what: str, mend: str) -> None:
        self.faults.append(self.settings.fault(*keys, what=what, mend=mend))

    def everything(self) -> None:
        self.text("title")
        self.countries()
        self.languages()
        self.years()
        if book := self.mapping("book", ("title", "subtitle")):
            for key in book:
                self.text("book", key)
        self.publisher()
        self.chapters()
        self.blocks()
        for key, words in CHOICES.items():
            if key in self.values and self.values[key] not in words:
                what = f'{key} is "{self.values[key]}"'
                self.fault(key, what=what, mend=f"write {' or '.join(words)}")

    # Parts.

    def countries(self) -> None:
        self.codes("countries")
        countries = self.values["countries"]
        countries = countries if isinstance(countries, list) else []
        partner = self.values["partner"]
        for keys, code in [
            *((("countries", n), c) for n, c in enumerate(countries)),
            (("partner",), partner),
        ]:
            if not (isinstance(code, str) and _CODE.fullmatch(code)):
                near = nearest_area(code, _area_names(self.paper)) if isinstance(code, str) else None
                mend = f'did you mean "{near}"?' if near else "write the ISO 3166 alpha-3 code, such as KAZ"
                self.fault(*keys, what=f'"{code}" is not a country code', mend=mend)
        if partner in countries:
            what = f'the partner "{partner}" is one of the countries'
            self.fault("partner", what=what, mend="name the other side of the trade")

    def languages(self) -> None:
        from babel import Locale, UnknownLocaleError

        self.codes("languages")
        languages = self.values["languages"]
        for number, language in enumerate(languages if isinstance(languages, list) else []):
            try:
                Locale.parse(str(language), sep="-")
            except (ValueError, UnknownLocaleError):
                mend = "write a code such as en, ru, kk or ky"
                self.fault("languages", number, what=f'"{language}" is not a language', mend=mend)
                continue
            if language not in (there := _spoken(self.paper)):
                what = f'there are no catalogues for the language "{language}"'
                low = str(language).lower()
                mend = (
                    f'did you mean "{low}"?'
                    if low in there
                    else f"the languages are {', '.join(there)}; for another put its catalogues into "
                    f"{messages.FOLDER}/{language}/"
                )
                self.fault("languages", number, what=what, mend=mend)

    def years(self) -> None:
        years = self.values["years"]
        if not (isinstance(years, dict) and set(years) == {"first", "last"}):
            self.fault("years", what="years is not a span", mend='write "{first: 2013, last: 2025}"')
            return
        for key, year in years.items():
            if not (type(year) is int and 1000 <= year <= 9999):
                mend = "write four digits, such as 2018"
                self.fault("years", key, what=f'"{year}" is not a year', mend=mend)
        first, last = years["first"], years["last"]
        if type(first) is type(last) is int and first > last:
            what = f"the first year, {first}, is after the last, {last}"
            self.fault("years", what=what, mend="swap them or mend one")

    def publisher(self) -> None:
        known = ("name", "address", "contact", "licence", "logo", "colours")
        publisher = self.mapping("publisher", known)
        for key in publisher:
            if key not in ("logo", "colours"):
                self.text("publisher", key)
        contact = publisher.get("contact")
        if isinstance(contact, str) and contact.strip() and not _CONTACT.fullmatch(contact):
            mend = "write one such as press@example.org or https://example.org/contact"
            what = f'the contact "{contact}" is neither a mail address nor an https address'
            self.fault("publisher", "contact", what=what, mend=mend)
        logo = self.path("publisher", "logo") if "logo" in publisher else None
        if logo and (found := problem(self.paper.root / logo)):
            self.fault("publisher", "logo", what=f'the logo "{logo}" {found[0]}', mend=found[1])
        for key, colour in self.mapping("publisher", "colours", ("accent",)).items():
            if not (isinstance(colour, str) and _COLOUR.fullmatch(colour)):
                what = f'"{"" if colour is None else colour}" is not a colour'
                mend = 'write one such as "#0f4f5c", in quotation marks'
                self.fault("publisher", "colours", key, what=what, mend=mend)

    def chapters(self) -> None:
        chapters = self.mapping("chapters", ("leave-out", "add"))
        self.left_out(chapters)
        added: list[str] = []
        for number, one in enumerate(self.listed("chapters", "add")):
            keys = ("chapters", "add", number)
            if not isinstance(one, dict):
                mend = 'write "{file: editions/own.qmd, after: index.qmd}"'
                self.fault(*keys, what=f'"{one}" does not say file and place', mend=mend)
                continue
            before = len(self.faults)
            self.keys(keys, ("file", "after"), ())
            if len(self.faults) > before:
                continue
            file = one["file"]
            if file in self.paper.chapters or file in added:
                what = f'"{file}" is a chapter already'
                self.fault(*keys, "file", what=what, mend="add another file, or take the entry out")
                continue
            self.path(*keys, "file", ends=(".qmd",))
            self._after(keys, one["after"], [*self.paper.chapters, *added])
            added.append(file)  # a fault of its path is told once

    def left_out(self, chapters: Mapping[str, Any]) -> None:
        seen: list[object] = []
        for number, chapter in enumerate(self.listed("chapters", "leave-out") if chapters else []):
            keys = ("chapters", "leave-out", number)
            if chapter in seen:
                self.fault(*keys, what=f'"{chapter}" stands twice', mend="keep one of them")
            elif chapter not in self.paper.chapters:
                mend = nearest(str(chapter), self.paper.chapters, "name a file that _quarto.yml lists")
                self.fault(*keys, what=f'"{chapter}" is not a chapter of the paper', mend=mend)
            elif chapter == self.paper.chapters[0]:
                what = f'"{chapter}" opens the site and cannot be left out'
                self.fault(*keys, what=what, mend="take it out of the list")
            seen.append(chapter)

    def _after(self, keys: Keys, after: object, known: Collection[str]) -> None:
        if after not in known:
            what = f'there is no chapter "{after}" that it could follow'
            mend = nearest(str(after), known, "name one of _quarto.yml, or one added above")
            self.fault(*keys, "after", what=what, mend=mend)

    def blocks(self) -> None:
        blocks = self.mapping("blocks", None)
        known = set(_divs(self.paper, self._read_chapters())) if blocks else set()
        for identifier in blocks:
            if identifier not in known:
                what = f'no chapter of the edition has a div with the id "{identifier}"'
                mend = nearest(str(identifier), known, f'write "::: {{#{identifier}}}" around the block')
                self.fault("blocks", identifier, what=what, mend=mend)
            self.path("blocks", identifier, ends=(".qmd", ".md"))

    def _read_chapters(self) -> list[str]:
        chapters = self.values.get("chapters")
        chapters = chapters if isinstance(chapters, dict) else {}
        out = chapters.get("leave-out") or []
        added = chapters.get("add") or []
        more = [a["file"] for a in added if isinstance(a, dict) and isinstance(a.get("file"), str)]
        return [chapter for chapter in [*self.paper.chapters, *more] if chapter not in out]

    # Kinds of values.

    def at(self, keys: Keys) -> Any:
        value: Any = self.values
        for key in keys:
            value = value[key]
        return value

    def keys(self, keys: Keys, required: Collection[str], optional: Collection[str]) -> None:
        """Expect only known keys in a mapping, and all that are required."""
        values = self.at(keys)
        known = [*required, *optional]
        missing = [key for key in required if key not in values]
        for key in values:
            if key not in known:
                meant = closest(str(key), [one for one in known if one not in values])
                if meant in missing:
                    missing.remove(meant)  # misspelt, so not missing as well
                mend = f'did you mean "{meant}"?' if meant else f"the keys are {', '.join(known)}"
                self.fault(*keys, str(key), what=f'unknown key "{key}"', mend=mend)
        for key in missing:
            self.fault(*keys, what=f'the key "{key}" is missing', mend="add it")

    def text(self, *keys: str | int) -> None:
        value = self.at(keys)
        if not (isinstance(value, str) and value.strip()):
            mend = f"write {'an' if str(keys[-1])[0] in 'aeiou' else 'a'} {keys[-1]}"
            self.fault(
                *keys, what=f"{keys[-1]} is not text", mend=f"{mend}, in quotation marks if it is a number"
            )

    def codes(self, key: str) -> None:
        values = self.values[key]
        if isinstance(values, list) and values:
            for number, value in enumerate(values):
                if value in values[:number]:
                    self.fault(key, number, what=f'"{value}" stands twice', mend="keep one of them")
        else:
            mend = 'write them in brackets, such as "[KAZ, KGZ]" or "[en, ru]"'
            self.fault(key, what=f"{key} is not a list of different codes", mend=mend)

    def mapping(self, *keys: Any) -> dict[Any, Any]:
        """Return the mapping at some keys, empty where there is none; the last argument is its known keys."""
        *path, known = keys
        value: Any = self.values
        for key in path:
            value = value.get(key, {}) if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            mend = (
                f"write {', '.join(known)} below it, indented" if known else 'write "id: file" lines below it'
            )
            self.fault(*path, what=f"{path[-1]} does not hold settings", mend=mend)
            return {}
        if known is not None and value:
            self.keys(tuple(path), (), known)
            return {key: one for key, one in value.items() if key in known}
        return value

    def listed(self, *keys: str) -> list[Any]:
        value: Any = self.values
        for key in keys:
            value = value.get(key, []) if isinstance(value, dict) else []
        if not isinstance(value, list):
            self.fault(*keys, what=f"{keys[-1]} is not a list", mend='begin each entry with "- "')
            return []
        return value

    def path(self, *keys: str | int, ends: tuple[str, ...] = ()) -> str | None:
        """Return a path at some keys if it leads to a file of the paper; else gather a fault."""
        path = self.at(keys)
        root = self.paper.root
        if not (isinstance(path, str) and path.strip()):
            self.fault(*keys, what=f"{keys[-1]} is not a file", mend="write its path from the paper's folder")
        elif PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\\" in path:
            what = f'"{path}" leads out of the paper, or is not a path from its folder'
            self.fault(
                *keys, what=what, mend="move the file into the paper, and name it as editions/logo.svg"
            )
        elif not (root / path).resolve().is_relative_to(root.resolve()):
            what = f'"{path}" is a link that leads out of the paper'
            self.fault(*keys, what=what, mend="put the file itself there")
        elif ends and not path.endswith(ends):
            self.fault(*keys, what=f'"{path}" is not a {" or ".join(ends)} file', mend="name such a file")
        elif not (root / path).is_file():
            self.fault(*keys, what=f'there is no file "{path}"', mend="write it, or mend the path")
        else:
            return path
        return None


def _spoken(paper: Paper) -> list[str]:
    """Return the languages that both the framework and the paper have catalogues for, and the source."""
    own = sorted(path.name for path in (paper.root / messages.FOLDER).glob("*/"))
    return [messages.SOURCE, *(one for one in own if one != messages.SOURCE and messages.files(one, None))]


def _area_names(paper: Paper) -> dict[str, str]:
    """Return names of areas by code for suggestions; empty where the table cannot be read."""
    try:
        with (paper.data / "areas.csv").open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}
    return {row["code"]: row.get("name") or "" for row in rows if row.get("code")}


def _divs(paper: Paper, chapters: Collection[str]) -> Iterator[str]:
    """Yield the ids of all divs in chapters; a chapter that cannot be read is told elsewhere."""
    for chapter in chapters:
        try:
            text = read_text(paper.root / chapter, paper.root)
        except (PaperError, ValueError):
            continue
        for attributes in re.findall(r"^[ \t>]*:{3,}[ \t]*\{([^{}\n]*)\}", without_code(text), re.M):
            yield from re.findall(r"(?:^|\s)#([\w:.-]+)", attributes)
