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


def rows(package: Package, name: str) -> list[dict[str, str]]:
    """Return the rows of a table as text by column."""
    return _rows(read_text(package.path(name), package.folder.parent))


def _rows(text: str) -> list[dict[str, str]]:
    return [
        {column: cell for column, cell in row.items() if isinstance(cell, str)}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]


def texts(package: Package, name: str) -> tuple[str, ...]:
    """Return every text in a table or document; none where the resource is of another kind."""
    resource = package.resources[name]
    if resource.is_table:
        return _in_table(read_text(resource.path, package.folder.parent))
    if resource.path.suffix in (".yml", ".yaml", ".json", ".geojson"):
        is_yaml = resource.path.suffix in (".yml", ".yaml")
        return _in_document(read_text(resource.path, package.folder.parent), is_yaml=is_yaml)
    return ()


# Every edition asks the same of all data.
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
