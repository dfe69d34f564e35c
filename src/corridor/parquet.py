"""Tables in Parquet files, which may be larger than memory, as DuckDB relations."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.compute import reads
from corridor.errors import Fault, raise_any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

    from corridor.data import Resource

SUFFIX = ".parquet"

CONSTRAINTS = ("required", "minimum", "maximum", "pattern", "enum")
"""What the schema can ask of a column; other constraints, and keys, would take a pass of their own."""

MEMORY = "2GiB"
"""What DuckDB may hold in memory; it sets the rest aside in the temporary folder."""

_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")

# The types in a file that stand for a type of the schema.
_TYPES = {
    "string": ("VARCHAR",),
    "integer": _WHOLE,
    "year": _WHOLE,
    "number": ("DOUBLE", "FLOAT", "DECIMAL", *_WHOLE),
    "date": ("DATE",),
    "boolean": ("BOOLEAN",),
}


def connection() -> DuckDBPyConnection:
    """Return this process's connection to DuckDB; relations of one connection can be joined."""
    return _connection(os.getpid())


@cache
def _connection(process: int) -> DuckDBPyConnection:
    # By process: the threads of a connection do not live on in a fork.
    import duckdb

    # DuckDB makes the folder when it needs it, and removes it.
    folder = Path(tempfile.gettempdir(), f"corridor-duckdb-{process}")
    settings = {"memory_limit": MEMORY, "temp_directory": str(folder), "threads": os.cpu_count() or 1}
    return duckdb.connect(config=settings)


def parts(path: Path, root: Path) -> list[Path]:
    """Return the files of a table, in the order of their names.

    Parameters
    ----------
    path
        A file, or a pattern such as ``data/customs/*.parquet``.
    root
        The paper's root, whose own name is no pattern.
    """
    names = sorted(glob.glob(path.relative_to(root).as_posix(), root_dir=root))
    return [root / name for name in names if (root / name).is_file()]


def relation(resource: Resource, root: Path) -> DuckDBPyRelation:
    """Open a table without reading it.

    Parameters
    ----------
    resource
        Its path may be a pattern that several files match: they are one table.
    root
        The paper's root, to which faults name files.

    Returns
    -------
    DuckDBPyRelation
        The columns of the schema in its order; others are left out.

    Raises
    ------
    PaperError
        If there is no file, one is not Parquet, or lacks a column or has it in another type than the schema.
    """
    raise_any(_faults_of_shape(resource, root))
    files = parts(resource.path, root)
    for path in files:
        reads.note(path)
    rows = connection().read_parquet([str(path) for path in files], union_by_name=True)
    return rows.project(", ".join(_quoted(field["name"]) for field in resource.schema["fields"]))


def check(resource: Resource, root: Path) -> list[Fault]:
    """Return what is wrong with the files of a table and with their values.

    DuckDB reads the columns that the schema constrains once; there is one fault for each constraint that rows
    break.
    """
    import duckdb

    if faults := list(_faults_of_shape(resource, root)):
        return faults
    name = _name(resource, root)
    broken = [one for field in resource.schema["fields"] for one in _broken(field)]
    counts = ", ".join(
        f"count(*) FILTER ({condition}), min({_quoted(column)}::VARCHAR) FILTER ({condition})"
        for column, condition, _ in broken
    )
    try:
        rows = relation(resource, root).aggregate(f"count(*){', ' if counts else ''}{counts}")
        total, *found = rows.fetchall()[0]
    except duckdb.Error as error:
        what = f"cannot be read to its end: {str(error).splitlines()[0]}"
        return [Fault(file=name, what=what, mend="write the files anew")]
    if not total:
        return [Fault(file=name, what="the table has no rows", mend="write the files anew")]
    return [
        Fault(
            file=name,
            what=f"{column}: {many:,} of {total:,} rows {what}"
            + ("" if first is None else f', such as "{first}"'),
            mend="mend the values, or the schema",
        )
        for (column, _, what), many, first in zip(broken, found[::2], found[1::2], strict=True)
        if many
    ]


def _faults_of_shape(resource: Resource, root: Path) -> Iterator[Fault]:
    import duckdb

    paths = parts(resource.path, root)
    if not paths:
        mend = f'restore it, or take "{resource.name}" out of datapackage.json'
        yield Fault(file=_name(resource, root), what="the file is missing", mend=mend)
    for path in paths:
        name = path.relative_to(root).as_posix()
        try:
            rows = connection().read_parquet(str(path))
            types = {column: str(kind) for column, kind in zip(rows.columns, rows.types, strict=True)}
        except duckdb.Error as error:
            what = f"not a Parquet file: {str(error).splitlines()[0]}"
            yield Fault(file=name, what=what, mend="write it as Parquet")
            continue
        for field in resource.schema["fields"]:
            column, kind = field["name"], types.get(field["name"])
            if kind is None:
                mend = "write the file with it, or take it out of the schema"
                yield Fault(file=name, what=f'there is no column "{column}"', mend=mend)
            elif kind.partition("(")[0] not in _TYPES[field["type"]]:
                what = f"{column}: has the type {kind}, where the schema says {field['type']}"
                mend = f"write it as {_TYPES[field['type']][0]}, or change the schema"
                yield Fault(file=name, what=what, mend=mend)


def _broken(field: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield for each constraint of a field the column, when a row breaks it, and what is then wrong."""
    name, column = field["name"], _quoted(field["name"])
    for constraint, wanted in field.get("constraints", {}).items():
        values = wanted if isinstance(wanted, list) else [wanted]
        said = ", ".join(_literal(value, field["type"]) for value in values)
        match constraint:
            case "required" if wanted:
                yield name, f"{column} IS NULL", "have no value"
            case "minimum":
                yield name, f"{column} < {said}", f"are below {wanted}"
            case "maximum":
                yield name, f"{column} > {said}", f"are above {wanted}"
            case "pattern":
                yield name, f"NOT regexp_full_match({column}, {said})", f"do not match {wanted}"
            case "enum":
                yield name, f"{column} NOT IN ({said})", "are none of the values in the schema"


def _name(resource: Resource, root: Path) -> str:
    return resource.path.relative_to(root).as_posix()


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _literal(value: Any, kind: str) -> str:
    """Return a value of a field of some type as SQL."""
    if kind in ("string", "date"):
        return "{}'{}'".format("DATE " if kind == "date" else "", str(value).replace("'", "''"))
    return str(value)
