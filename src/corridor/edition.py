"""Editions: the paper for one country or group of countries, and their renditions in languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.edition_file import FOLDER, file_faults, name_fault
from corridor.errors import Fault, PaperError, raise_any
from corridor.mentions import COUNTRY, areas, is_named
from corridor.nearest import nearest
from corridor.paper import Paper
from corridor.settings import Settings, read_settings

if TYPE_CHECKING:
    from corridor.data import Package


@dataclass(frozen=True, kw_only=True)
class Book:
    """Title and subtitle of the paper in one edition."""

    title: str
    subtitle: str = ""


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Who publishes an edition; text that is not given is empty.

    Parameters
    ----------
    name, address
        Whom readers find, and where.
    contact
        A mail address or an https address.
    licence
        Under which text and data are published.
    logo
        Image file relative to the paper's root.
    accent
        Colour ``#rrggbb`` in place of the theme's own.
    """

    name: str = ""
    address: str = ""
    contact: str = ""
    licence: str = ""
    logo: str = ""
    accent: str = ""


@dataclass(frozen=True, kw_only=True)
class Added:
    """A chapter that only one edition has, and the chapter that it follows."""

    file: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Edition:
    """What one edition covers.

    Parameters
    ----------
    slug
        Name of its file, and of its folder on the site.
    title
        What the edition is called beside the paper's title.
    book
        Title and subtitle of the paper.
    countries, partner
        ISO 3166-1 alpha-3 codes: the countries covered and the partner they trade with.
    first_year, last_year
        Calendar years covered, both included.
    languages
        CLDR locales, the first is the default.
    publisher
        Who publishes it.
    left_out
        Chapters of the paper that it does not have.
    added
        Chapters of its own.
    blocks
        Files that take the place of divs, by the id of the div.
    missing_data
        What becomes of sentences and exhibits without data: ``leave-out`` or ``show``.
    stale_translations
        Whether it may be built with translations of older sentences: ``allow`` or ``refuse``.
    """

    slug: str
    title: str
    book: Book
    countries: tuple[str, ...]
    partner: str
    first_year: int
    last_year: int
    languages: tuple[str, ...]
    publisher: Publisher = field(default_factory=Publisher)
    left_out: tuple[str, ...] = ()
    added: tuple[Added, ...] = ()
    blocks: Mapping[str, str] = field(default_factory=dict, hash=False)
    missing_data: str = "leave-out"
    stale_translations: str = "allow"

    @property
    def file(self) -> str:
        """Its file, relative to the paper's root."""
        return f"{FOLDER}/{self.slug}.yml"

    def parameters(self, language: str) -> dict[str, Any]:
        """Return what notebooks can take as parameters."""
        return {
            "countries": list(self.countries),
            "partner": self.partner,
            "first_year": self.first_year,
            "last_year": self.last_year,
            "language": language,
        }

    def arranged(self, chapters: Iterable[str]) -> tuple[str, ...]:
        """Return chapters of the paper as the edition has them: its own put in, others left out.

        Parameters
        ----------
        chapters
            The paper's chapters, its appendices, or both, in reading order.
        """

        def following(chapter: str) -> Iterator[str]:
            yield chapter
            for added in self.added:
                if added.after == chapter:
                    yield from following(added.file)

        found = (one for chapter in chapters for one in following(chapter))
        return tuple(chapter for chapter in found if chapter not in self.left_out)


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


def output_name(paper: Paper, rendition: Rendition) -> str:
    """Return what a rendition's PDF is called, without its ending."""
    return f"{paper.corridor.get('name', 'paper')}-{rendition.edition.slug}-{rendition.language}"


def pdf_name(paper: Paper, rendition: Rendition) -> str:
    """Return the name of a rendition's PDF."""
    return f"{output_name(paper, rendition)}.pdf"


def editions(paper: Paper) -> list[str]:
    """Return the names of all editions' files, well or badly made, in the order of the alphabet."""
    return [file.stem for file in _files(paper)]


def default_edition(paper: Paper) -> Edition:
    """Open the edition that ``_quarto.yml`` names, or the only one there is."""
    there = editions(paper)
    slug = paper.corridor.get("edition")
    if slug is None and len(there) == 1:
        slug = there[0]
    if slug not in there:
        known = f"the editions are {', '.join(there)}" if there else "write editions/<name>.yml"
        what = f'there is no edition "{slug}"' if slug else "there is no default edition"
        mend = f'name one under "corridor:" as "edition:"; {known}' if there else known
        raise PaperError(
            paper.settings.fault("corridor", "edition", what=what, mend=nearest(str(slug), there, mend))
        )
    return open_edition(paper, slug)


def open_editions(paper: Paper) -> tuple[list[Edition], list[Fault]]:
    """Open all editions of a paper: those that are whole, and the faults of the others."""
    opened: list[Edition] = []
    faults: list[Fault] = []
    for slug in editions(paper):
        try:
            opened.append(open_edition(paper, slug))
        except PaperError as error:
            faults += error.faults
    return opened, faults


def open_edition(paper: Paper, slug: str) -> Edition:
    """Read and check ``editions/<slug>.yml``.

    Raises
    ------
    PaperError
        With every fault of the file: its name, an unknown or missing key, a value of the wrong type, a file
        that is not there, a language without catalogues.
    """
    file = next((file for file in _files(paper) if file.stem == slug), paper.root / FOLDER / f"{slug}.yml")
    raise_any(name_fault(file, paper.root))
    return edition_from(paper, slug, read_settings(file, paper.root))


def edition_from(paper: Paper, slug: str, settings: Settings) -> Edition:
    """Return the edition that the content of a file describes.

    Raises
    ------
    PaperError
        As `open_edition`, but for the name of the file.
    """
    raise_any(file_faults(paper, settings))
    values = settings.values
    publisher = values.get("publisher", {})
    chapters = values.get("chapters", {})
    return Edition(
        slug=slug,
        title=values["title"],
        book=Book(
            title=values.get("book", {}).get("title", paper.book["title"]),
            subtitle=values.get("book", {}).get("subtitle", paper.book.get("subtitle") or ""),
        ),
        countries=tuple(values["countries"]),
        partner=values["partner"],
        first_year=values["years"]["first"],
        last_year=values["years"]["last"],
        languages=tuple(values["languages"]),
        publisher=Publisher(
            name=publisher.get("name", paper.corridor.get("publisher", "")),
            address=publisher.get("address", ""),
            contact=publisher.get("contact", ""),
            licence=publisher.get("licence", paper.corridor.get("licence", "")),
            logo=publisher.get("logo", ""),
            accent=publisher.get("colours", {}).get("accent", ""),
        ),
        left_out=tuple(chapters.get("leave-out", ())),
        added=tuple(Added(file=one["file"], after=one["after"]) for one in chapters.get("add", ())),
        blocks=dict(values.get("blocks", {})),
        missing_data=values.get("missing-data", "leave-out"),
        stale_translations=values.get("stale-translations", "allow"),
    )


def edition_of(values: Mapping[str, Any]) -> Edition:
    """Return the edition that `dataclasses.asdict` gave, as JSON keeps it.

    Raises
    ------
    KeyError, TypeError
        If it is not one.
    """
    given: dict[str, Any] = dict(values)
    given |= {key: tuple(given[key]) for key in ("countries", "languages", "left_out")}
    given |= {"book": Book(**given["book"]), "publisher": Publisher(**given["publisher"])}
    given["added"] = tuple(Added(**one) for one in given["added"])
    return Edition(**given)


def home(edition: Edition, package: Package) -> str | None:
    """Return the code of the area that an edition is about, if the data have a name for it.

    It is the only country, or the group in the table of areas whose members are just the countries.
    """
    if len(edition.countries) == 1:
        return edition.countries[0]
    for code, area in areas(package).items():
        if set(area.get("members", "").split()) == set(edition.countries):
            return code
    return None


def profile(edition: Edition, package: Package) -> dict[str, bool]:
    """Return what chapters can ask about an edition by ``when-meta="edition.<key>"``.

    Returns
    -------
    dict
        ``country`` and ``region``: whether it covers one country or several. ``covers-<code>`` for each
        country of the data. ``has-<resource>`` for each resource of the data package: whether the resource
        names a country of the edition, by its code or in a key such as ``trade.kaz.exports``.
    """
    alone = len(edition.countries) == 1
    found = {"country": alone, "region": not alone}
    for code, area in areas(package).items():
        if area.get("kind", COUNTRY) == COUNTRY:
            found[f"covers-{code.lower()}"] = code in edition.countries
    for name in package.resources:
        found[f"has-{name.replace('_', '-')}"] = is_named(package, name, edition.countries)
    return found


def _files(paper: Paper) -> list[Path]:
    """Return the files of editions by name; one in .yaml goes before one in .yml, so that it is told."""
    found = [file for end in ("yml", "yaml") for file in (paper.root / FOLDER).glob(f"*.{end}")]
    by_name = {file.stem: file for file in found if not file.name.startswith(".")}
    return [by_name[name] for name in sorted(by_name)]
