"""Whether the data cover an edition: its countries, its partner, its years."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from corridor.data import Package
from corridor.edition import Edition
from corridor.edition_file import nearest_area
from corridor.errors import Fault
from corridor.mentions import COUNTRY, areas, names_any, rows
from corridor.paper import Paper
from corridor.settings import Settings, read_settings


def check_coverage(paper: Paper, edition: Edition, package: Package) -> list[Fault]:
    """Return a fault for each area of an edition that the data do not know, and for years without data."""
    return coverage_faults(read_settings(paper.root / edition.file, paper.root), edition, package)


def coverage_faults(settings: Settings, edition: Edition, package: Package) -> list[Fault]:
    """Return the faults of `check_coverage` for an edition read from settings."""
    known = areas(package)
    if not known:
        return []
    named = [(("countries", n), code) for n, code in enumerate(edition.countries)]
    faults = []
    for keys, code in [*named, (("partner",), edition.partner)]:
        if told := _area_problem(code, known, may_be_group=keys == ("partner",)):
            faults.append(settings.fault(*keys, what=told[0], mend=told[1]))
    return faults or _year_faults(edition, package, known, settings)


def spans(years: Iterable[int]) -> str:
    """Return years in few words.

    Examples
    --------
    >>> spans([2019, 2013, 2017, 2018])
    '2013, 2017–2019'
    """
    found: list[list[int]] = []
    for year in sorted(set(years)):
        if found and found[-1][1] == year - 1:
            found[-1][1] = year
        else:
            found.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in found)


def _area_problem(
    code: str, known: Mapping[str, Mapping[str, str]], *, may_be_group: bool
) -> tuple[str, str] | None:
    if code not in known:
        near = nearest_area(code, {one: area.get("name", "") for one, area in known.items()})
        mend = f'did you mean "{near}"?' if near else "add it there first"
        return f'"{code}" is not in data/areas.csv', mend
    kind = known[code].get("kind", COUNTRY)
    if may_be_group or kind == COUNTRY:
        return None
    members = known[code].get("members", "").split()
    mend = f"list its members: {', '.join(members)}" if members else "list countries only"
    return f'"{code}" is a {kind} in data/areas.csv, not a country', mend


def _year_faults(
    edition: Edition, package: Package, known: Mapping[str, Mapping[str, str]], settings: Settings
) -> list[Fault]:
    """Return a fault if tables have years, but none of the edition's for its countries or their groups.

    Tables in Parquet do not count: they have the whole world's years.
    """
    own = set(edition.countries)
    codes = own | {code for code, area in known.items() if own & set(area.get("members", "").split())}
    dated = {
        name: [f["name"] for f in resource.schema["fields"] if f.get("type") == "year"]
        for name, resource in package.resources.items()
        if resource.is_table
    }
    first, last = edition.first_year, edition.last_year
    if not any(dated.values()) or any(first <= year <= last for year in _years(package, dated, codes)):
        return []
    years = set(_years(package, dated, codes))
    what = f"no table has a figure on {', '.join(edition.countries)} of {first} to {last}"
    mend = f"the data have figures of {spans(years)}" if years else "add figures to a table in data/"
    return [settings.fault("years", what=what, mend=mend)]


def _years(package: Package, dated: Mapping[str, Sequence[str]], codes: Collection[str]) -> Iterator[int]:
    """Yield the years, in these columns of tables, of the rows that name one of the areas."""
    for name, columns in dated.items():
        for row in rows(package, name) if columns else ():
            if any(names_any(text, codes) for text in row.values()):
                yield from (int(row[column]) for column in columns if row.get(column, "").isdecimal())
