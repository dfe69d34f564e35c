"""Which areas the resources of a data package name."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from corridor.documents import parsed
from corridor.files import read_text

if TYPE_CHECKING:
    from corridor.data import Package

AREAS = "areas"
"""Table of the data package with the columns ``code`` and ``name``; perhaps ``kind`` and ``members``."""

COUNTRY = "country"
"""What an area is in the column ``kind``, and where there is no such column."""

_KEY = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")


def areas(package: Package) -> dict[str, dict[str, str]]:
    """Return the rows of the table of areas by code; none where the package has no such table."""
    if AREAS not in package.resources:
        return {}
    return {row["code"]: row for row in rows(package, AREAS) if row.get("code")}


def rows(package: Package, name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of a table as text by column."""
    return _rows(read_text(package.path(name), package.folder.parent))


# Every edition asks the same of all data.
@lru_cache(maxsize=64)
def _rows(text: str) -> tuple[dict[str, str], ...]:
    return tuple(
        {column: cell for column, cell in row.items() if isinstance(cell, str)}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    )


def is_named(package: Package, name: str, codes: tuple[str, ...]) -> bool:
    """Return whether a resource names one of some areas; not where it is neither table nor document."""
    return _is_named(_texts(package, name), codes)


@lru_cache(maxsize=256)
def _is_named(texts: tuple[str, ...], codes: tuple[str, ...]) -> bool:
    return any(names_any(text, codes) for text in texts)


def _texts(package: Package, name: str) -> tuple[str, ...]:
    resource = package.resources[name]
    if resource.is_table:
        return _in_table(read_text(resource.path, package.folder.parent))
    if resource.path.suffix in (".yml", ".yaml", ".json", ".geojson"):
        is_yaml = resource.path.suffix in (".yml", ".yaml")
        return _in_document(read_text(resource.path, package.folder.parent), is_yaml=is_yaml)
    return ()


@lru_cache(maxsize=64)
def _in_table(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cell for row in _rows(text) for cell in row.values()))


@lru_cache(maxsize=64)
def _in_document(text: str, *, is_yaml: bool) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_strings(parsed(text) if is_yaml else json.loads(text))))


def names_any(text: str, codes: Collection[str]) -> bool:
    """Return whether a text names an area: by its code, among others, or as a part of a key.

    Examples
    --------
    >>> names_any("CHN/KAZ", ["KAZ"]), names_any("trade.kaz.exports_2023", ["KAZ"]), names_any("kaz", ["KAZ"])
    (True, True, False)
    """
    if _KEY.fullmatch(text):
        return any(part.upper() in codes for part in re.split(r"[._]", text))
    return any(part in codes for part in re.split(r"[\s/_]+", text))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
