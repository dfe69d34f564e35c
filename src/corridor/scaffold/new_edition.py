"""The file of a new edition, with a comment on every key."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from corridor.check.coverage import coverage_faults
from corridor.data import Package
from corridor.edition import Edition, edition_from
from corridor.edition_file import FOLDER, slug_of
from corridor.errors import Fault, raise_any
from corridor.mentions import areas
from corridor.nearest import nearest
from corridor.paper import Paper
from corridor.settings import parse_settings


def new_edition(
    paper: Paper,
    package: Package,
    like: Edition,
    slug: str,
    countries: Sequence[str],
    languages: Sequence[str],
    title: str | None = None,
) -> str:
    """Return the content of ``editions/<slug>.yml``.

    Parameters
    ----------
    paper, package
        The paper, and its data.
    like
        The edition whose partner and years it takes.
    slug, countries, languages
        As in `Edition`.
    title
        As in `Edition`; by default the name of the country or of the group of these countries, or all names.

    Raises
    ------
    PaperError
        If there is such an edition already, or the file would have faults.
    """
    path = paper.root / FOLDER / f"{slug}.yml"
    raise_any(_slug_faults(path, paper.root, slug))
    text = edition_text(
        title=title or title_of(package, countries),
        countries=countries,
        partner=like.partner,
        years=(like.first_year, like.last_year),
        languages=languages,
    )
    settings = parse_settings(text, path.relative_to(paper.root).as_posix())
    edition = edition_from(paper, slug, settings)
    raise_any(coverage_faults(settings, edition, package))
    return text


def edition_text(
    *,
    title: str,
    countries: Sequence[str],
    partner: str,
    years: tuple[int, int],
    languages: Sequence[str],
) -> str:
    """Return the content of an edition's file, with a comment on every key."""
    text = files("corridor.scaffold").joinpath("edition.yml").read_text(encoding="utf-8")
    values = {
        "TITLE": " ".join(title.split()),
        "QUOTED": quoted(title),
        "COUNTRIES": ", ".join(map(quoted, countries)),
        "PARTNER": quoted(partner),
        "FIRST": str(years[0]),
        "LAST": str(years[1]),
        "LANGUAGES": ", ".join(map(quoted, languages)),
    }
    return re.sub(r"<([A-Z]+)>", lambda match: values[match[1]], text)


def title_of(package: Package, countries: Sequence[str]) -> str:
    """Return what an edition of some countries may be called."""
    known = areas(package)
    wanted = set(countries)
    group = next((a["name"] for a in known.values() if set(a.get("members", "").split()) == wanted), None)
    names = [known[code]["name"] if code in known else code for code in countries]
    return group or (f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names))


def quoted(text: str) -> str:
    """Return a text as YAML, in quotation marks only where it needs them.

    Examples
    --------
    >>> quoted("Kyrgyz Republic"), quoted("a: b"), quoted("NO")
    ('Kyrgyz Republic', '"a: b"', '"NO"')
    """
    plain = re.fullmatch(r"[^\W\d_][\w’() -]*(?<! )", text)
    word = text.casefold() in ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
    return text if plain and not word else json.dumps(text, ensure_ascii=False)


def _slug_faults(path: Path, root: Path, slug: str) -> list[Fault]:
    if not slug or slug_of(slug) != slug:
        what = f'the name "{slug}" is not lower-case letters, digits and hyphens'
        mend = nearest(slug, [slug_of(slug)] if slug_of(slug) else [], "write one such as kazakhstan")
        return [Fault(file=FOLDER, what=what, mend=mend)]
    if any(there.exists() for there in (path, path.with_suffix(".yaml"))):
        what = f'there is an edition "{slug}" already'
        return [Fault(file=path.relative_to(root).as_posix(), what=what, mend="choose another name")]
    return []
