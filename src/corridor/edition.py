"""Editions: the paper for one country or group of countries, and their renditions in languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from corridor.errors import Fault, PaperError
from corridor.nearest import closest, nearest
from corridor.paper import Paper
from corridor.settings import Settings, read_settings

_KEYS = ("title", "countries", "partner", "years", "languages")
_CODE = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, kw_only=True)
class Edition:
    """What one edition covers.

    Parameters
    ----------
    slug
        Name of its file, and of its folder on the site.
    title
        What the edition is called beside the paper's title.
    countries, partner
        ISO 3166-1 alpha-3 codes: the countries covered and the partner they trade with.
    first_year, last_year
        Calendar years covered, both included.
    languages
        CLDR locales, the first is the default.
    """

    slug: str
    title: str
    countries: tuple[str, ...]
    partner: str
    first_year: int
    last_year: int
    languages: tuple[str, ...]

    def parameters(self, language: str) -> dict[str, Any]:
        """Return what notebooks can take as parameters."""
        return {
            "countries": list(self.countries),
            "partner": self.partner,
            "first_year": self.first_year,
            "last_year": self.last_year,
            "language": language,
        }


@dataclass(frozen=True, kw_only=True)
class Rendition:
    """One edition in one language: the unit that is rendered."""

    edition: Edition
    language: str

    @property
    def path(self) -> str:
        """Folder below ``_build/`` and ``site/``."""
        return f"{self.edition.slug}/{self.language}"

    def __str__(self) -> str:
        return self.path


def default_edition(paper: Paper) -> Edition:
    """Open the edition that ``_quarto.yml`` names, or the only one there is."""
    slugs = sorted(p.stem for p in (paper.root / "editions").glob("*.yml"))
    slug = paper.corridor.get("edition")
    if slug is None and len(slugs) == 1:
        slug = slugs[0]
    if slug not in slugs:
        known = f"the editions are {', '.join(slugs)}" if slugs else "write editions/<name>.yml"
        what = f'there is no edition "{slug}"' if slug else "there is no default edition"
        mend = f'name one under "corridor:" as "edition:"; {known}' if slugs else known
        raise PaperError(
            paper.settings.fault("corridor", "edition", what=what, mend=nearest(str(slug), slugs, mend))
        )
    return open_edition(paper, slug)


def open_edition(paper: Paper, slug: str) -> Edition:
    """Read and check ``editions/<slug>.yml``.

    Raises
    ------
    PaperError
        With every fault of the file: an unknown or missing key, a value of the wrong type.
    """
    settings = read_settings(paper.root / "editions" / f"{slug}.yml", paper.root)
    faults = list(_faults(settings))
    if faults:
        raise PaperError(*faults)
    values = settings.values
    return Edition(
        slug=slug,
        title=values["title"],
        countries=tuple(values["countries"]),
        partner=values["partner"],
        first_year=values["years"]["first"],
        last_year=values["years"]["last"],
        languages=tuple(values["languages"]),
    )


def check_areas(paper: Paper, edition: Edition, known: set[str]) -> list[Fault]:
    """Return a fault for each country of an edition that the data do not know."""
    settings = read_settings(paper.root / "editions" / f"{edition.slug}.yml", paper.root)
    named = [(("countries", n), code) for n, code in enumerate(edition.countries)]
    return [
        settings.fault(
            *keys,
            what=f'"{code}" is not in data/areas.csv',
            mend=nearest(code, known, "add it there first"),
        )
        for keys, code in [*named, (("partner",), edition.partner)]
        if code not in known
    ]


def _faults(settings: Settings) -> list[Fault]:
    values = settings.values
    faults = []
    missing = [key for key in _KEYS if key not in values]
    for key in map(str, values):
        if key not in _KEYS:
            meant = closest(key, missing)
            if meant:
                missing.remove(meant)  # misspelt, so not missing as well
            mend = f'did you mean "{meant}"?' if meant else f"the keys are {', '.join(_KEYS)}"
            faults.append(settings.fault(key, what=f'unknown key "{key}"', mend=mend))
    for key in missing:
        faults.append(settings.fault(what=f'the key "{key}" is missing', mend="add it"))
    if faults:
        return faults

    def expect(holds: bool, *keys: str | int, what: str, mend: str) -> None:
        if not holds:
            faults.append(settings.fault(*keys, what=what, mend=mend))

    title = values["title"]
    expect(
        isinstance(title, str) and bool(title.strip()),
        "title",
        what="title is not text",
        mend="write a title, in quotation marks if it is a number",
    )
    for key in ("countries", "languages"):
        expect(
            isinstance(values[key], list)
            and bool(values[key])
            and len(set(map(str, values[key]))) == len(values[key]),
            key,
            what=f"{key} is not a list of different codes",
            mend='write them in brackets, such as "[KAZ, KGZ]" or "[en, ru]"',
        )
    countries = values["countries"] if isinstance(values["countries"], list) else []
    codes = [(("countries", n), c) for n, c in enumerate(countries)] + [(("partner",), values["partner"])]
    for keys, code in codes:
        expect(
            isinstance(code, str) and bool(_CODE.fullmatch(code)),
            *keys,
            what=f'"{code}" is not a country code',
            mend="write the ISO 3166 alpha-3 code, such as KAZ",
        )
    if values["partner"] in countries:
        what = f'the partner "{values["partner"]}" is one of the countries'
        expect(False, "partner", what=what, mend="name the other side of the trade")
    from babel import Locale, UnknownLocaleError

    for number, language in enumerate(values["languages"] if isinstance(values["languages"], list) else []):
        try:
            Locale.parse(str(language), sep="-")
        except (ValueError, UnknownLocaleError):
            expect(
                False,
                "languages",
                number,
                what=f'"{language}" is not a language',
                mend="write a code such as en, ru, kk or ky",
            )
    years = values["years"]
    if not (isinstance(years, dict) and set(years) == {"first", "last"}):
        expect(False, "years", what="years is not a span", mend='write "{first: 2013, last: 2025}"')
        return faults
    for key, year in years.items():
        is_year = type(year) is int and 1000 <= year <= 9999
        expect(is_year, "years", key, what=f'"{year}" is not a year', mend="write four digits, such as 2018")
    if all(type(year) is int for year in years.values()):
        expect(
            years["first"] <= years["last"],
            "years",
            what=f"the first year, {years['first']}, is after the last, {years['last']}",
            mend="swap them or mend one",
        )
    return faults
