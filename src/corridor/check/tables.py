"""The data package: every table against its schema, every figure against its printed token."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from corridor.check.printed import read_printed
from corridor.data import Package, Resource
from corridor.errors import Fault, PaperError
from corridor.files import read_text
from corridor.nearest import nearest

_KINDS = {
    "integer": ("a whole number", "write digits only, such as 3"),
    "number": ("a number", "write a plain number in base units, such as 14530000000 or 0.79"),
    "year": ("a year", "write four digits, such as 2018"),
    "date": ("a date", "write it as 2018-12-31"),
    "boolean": ("true or false", 'write "true" or "false"'),
}


_BROKEN_ROW = ("missing-cell", "extra-cell", "blank-row")


@dataclass(frozen=True)
class _Row:
    line: int
    cells: dict[str, str]


def check_tables(package: Package, root: Path, works: set[str] | None) -> list[Fault]:
    """Return what is wrong with the tables of a package.

    Parameters
    ----------
    package
        The data package.
    root
        The paper's root, to which the faults name their files.
    works
        Keys of the bibliography; ``None`` where it cannot be read, which is a fault of its own.
    """
    faults: list[Fault] = []
    tables: dict[str, list[_Row]] = {}
    lines: dict[str, list[int]] = {}
    for resource in package.resources.values():
        try:
            text = _readable(resource, root)
        except PaperError as error:
            faults += error.faults
            continue
        if resource.is_table:
            tables[resource.name], lines[resource.name] = _rows(text)
    if faults:
        return faults  # one missing file makes a fault of every row that refers to it
    faults += _schema_faults(package, root, tables, lines)
    for name, rows in tables.items():
        file = package.resources[name].path.relative_to(root).as_posix()
        columns = {f["name"] for f in package.resources[name].schema["fields"]}
        rows = [row for row in rows if columns <= row.cells.keys()]  # the others are faults already
        faults += _source_faults(file, rows, works) if "source" in columns and works is not None else ()
        faults += _figure_faults(file, rows) if {"printed", "value", "rounding"} <= columns else ()
        faults += _trade_faults(file, rows) if {"reporter", "partner"} <= columns else ()
    return sorted(set(faults), key=lambda f: (f.file, f.line or 0, f.what))


def _readable(resource: Resource, root: Path) -> str:
    text = read_text(resource.path, root)
    name = resource.path.relative_to(root).as_posix()
    if not text.strip():
        raise PaperError(
            Fault(file=name, line=1, what="the file is empty", mend="restore its header line and its rows")
        )
    if resource.is_table and len(text.strip().splitlines()) == 1:
        raise PaperError(Fault(file=name, line=1, what="the table has no rows", mend="restore its rows"))
    return text


def _rows(text: str) -> tuple[list[_Row], list[int]]:
    """Return the rows by column, and the line on which each record (header included) begins."""
    reader = csv.reader(text.splitlines(keepends=True))
    header: list[str] = []
    rows, starts = [], []
    start = 1
    for cells in reader:
        if not header:
            header = cells
        else:
            rows.append(_Row(start, dict(zip(header, cells, strict=False))))
        starts.append(start)
        start = reader.line_num + 1
    return rows, starts


def _schema_faults(
    package: Package, root: Path, tables: Mapping[str, list[_Row]], lines: Mapping[str, list[int]]
) -> Iterator[Fault]:
    import frictionless

    described = frictionless.Package(str(package.folder / "datapackage.json"), basepath=str(package.folder))
    report = described.validate(limit_errors=1000)
    descriptor = (package.folder / "datapackage.json").relative_to(root).as_posix()
    for error in report.errors:
        yield Fault(file=descriptor, what=error.message.rstrip("."), mend="mend the descriptor")
    for task in report.tasks:
        resource = package.resources.get(task.name)
        broken = {e.row_number for e in task.errors if e.type in _BROKEN_ROW}
        seen: set[int] = set()
        for error in task.errors:
            number = getattr(error, "row_number", None)
            if number in broken and (error.type not in _BROKEN_ROW or number in seen):
                continue  # what follows from cells in the wrong column
            seen.add(number or 0)
            if resource is None or not resource.is_table:
                yield Fault(file=descriptor, what=error.message.rstrip("."), mend="mend the descriptor")
            else:
                file = resource.path.relative_to(root).as_posix()
                yield from _table_fault(error, file, resource, lines[resource.name], tables, package)
    for name, rows in tables.items():
        # The standard reads these as numbers; for a published figure they are not.
        numeric = [f["name"] for f in package.resources[name].schema["fields"] if f["type"] == "number"]
        file = package.resources[name].path.relative_to(root).as_posix()
        for row in rows:
            for field in numeric:
                if re.fullmatch(r"[+-]?(nan|inf(inity)?)", row.cells.get(field, "").strip(), re.I):
                    yield _cell_fault(file, row.line, field, row.cells[field], *_KINDS["number"])


def _cell_fault(file: str, line: int, field: str, cell: str, kind: str, mend: str) -> Fault:
    return Fault(file=file, line=line, what=f'{field}: "{cell}" is not {kind}', mend=mend)


def _table_fault(
    error: Any,
    file: str,
    resource: Resource,
    starts: list[int],
    tables: Mapping[str, list[_Row]],
    package: Package,
) -> Iterator[Fault]:
    fields = {f["name"]: f for f in resource.schema["fields"]}
    number = getattr(error, "row_number", None)
    line = starts[number - 1] if number and number <= len(starts) else 1

    def fault(what: str, mend: str) -> Fault:
        return Fault(file=file, line=line, what=what, mend=mend)

    name = getattr(error, "field_name", "") or ""
    cell = getattr(error, "cell", "") or ""
    match error.type:
        case "type-error":
            yield _cell_fault(file, line, name, cell, *_KINDS[fields[name]["type"]])
        case "constraint-error":
            yield fault(*_constraint(error.note, fields[name], cell))
        case "missing-cell":
            yield fault(f"{name}: the row ends before this column", "add the missing cells or commas")
        case "extra-cell":
            yield fault(
                f'the row has a cell too many: "{cell}"', "put quotation marks around text with a comma"
            )
        case "blank-row":
            yield fault("the row is empty", "delete the line")
        case "missing-label":
            yield fault(f'the column "{name}" is missing', "add it to the header and to every row")
        case "extra-label":
            yield fault(
                f'the column "{error.label}" is not in the schema',
                f"describe it in {package.folder.name}/datapackage.json or delete it",
            )
        case "incorrect-label":
            near = f'the schema has "{name}" here'
            yield fault(f'the column is called "{error.label}", {near}', f'call it "{name}"')
        case "duplicate-label" | "blank-label":
            yield fault(f"the header is wrong: {error.note}", "give each column one name")
        case "primary-key":
            key = resource.schema["primaryKey"]
            key = [key] if isinstance(key, str) else key
            earlier = re.search(r"position \"?(\d+)", error.note)
            first = f", first in line {starts[int(earlier[1]) - 1]}" if earlier else ""
            yield fault(
                f"the row stands twice{first} (same {', '.join(key)})",
                "delete one, or tell them apart by locator" if "locator" in key else "delete one",
            )
        case "foreign-key":
            yield from _reference_fault(error, fault, package, tables)
        case _:
            yield fault(error.note.rstrip("."), "mend the row as the schema in datapackage.json asks")


def _constraint(note: str, field: dict[str, Any], cell: str) -> tuple[str, str]:
    kind = re.search(r'constraint "(\w+)"', note)
    constraints = field.get("constraints", {})
    name = field["name"]
    match kind and kind[1]:
        case "required":
            return f"{name}: the cell is empty", "every row needs it"
        case "enum":
            known = constraints["enum"]
            mend = nearest(cell, known, f"write one of {', '.join(known)}")
            return f'{name}: "{cell}" is not one of the values allowed', mend
        case "minimum":
            return f"{name}: {cell} is too small", f"write {constraints['minimum']} or more"
        case "maximum":
            return f"{name}: {cell} is too large", f"write {constraints['maximum']} or less"
        case "pattern":
            return f'{name}: "{cell}" is not of the form {constraints["pattern"]}', field.get(
                "description", ""
            )
        case _:
            return f'{name}: "{cell}" breaks a rule: {note}', "mend the cell as the schema asks"


def _reference_fault(
    error: Any, fault: Any, package: Package, tables: Mapping[str, list[_Row]]
) -> Iterator[Fault]:
    target = error.reference_name
    column = error.reference_field_names[0]
    known = [row.cells.get(column, "") for row in tables[target]]
    file = package.resources[target].path.name
    for name, cell in zip(error.field_names, error.field_cells, strict=True):
        mend = nearest(str(cell), known, f"add it to {package.folder.name}/{file} first")
        yield fault(f'{name}: "{cell}" is not in {package.folder.name}/{file}', mend)


def _source_faults(file: str, rows: list[_Row], works: set[str]) -> Iterator[Fault]:
    for row in rows:
        key = row.cells.get("source", "")
        if key and key not in works:
            mend = nearest(key, works, "add the work to references.bib")
            yield Fault(
                file=file, line=row.line, what=f'source: "{key}" is not a key of the bibliography', mend=mend
            )


def _figure_faults(file: str, rows: list[_Row]) -> Iterator[Fault]:
    for row in rows:
        reading = read_printed(row.cells.get("printed", ""))
        if reading is None:
            continue
        for field, said in (("value", reading.value), ("rounding", reading.rounding)):
            written = _decimal(row.cells.get(field, ""))
            if written is not None and written != said:
                yield Fault(
                    file=file,
                    line=row.line,
                    what=f'{field}: {row.cells[field]} is not what "{row.cells["printed"]}" says',
                    mend=f"write {said.normalize():f}, or mend the printed token",
                )


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _trade_faults(file: str, rows: list[_Row]) -> Iterator[Fault]:
    """Yield what no schema can say of trade: rules between the cells of a row."""
    for row in rows:
        cells = row.cells
        if cells["reporter"] and cells["reporter"] == cells["partner"]:
            yield Fault(
                file=file,
                line=row.line,
                what=f'partner: "{cells["partner"]}" is the reporter itself',
                mend="name the other side of the trade",
            )
        value = _decimal(cells.get("value", ""))
        if (
            value is not None
            and value < 0
            and cells.get("flow") != "balance"
            and cells.get("indicator", "share") == "share"
        ):
            yield Fault(
                file=file,
                line=row.line,
                what=f"value: {cells['value']} is negative, and only a balance can be",
                mend="mend the sign or the flow",
            )
        if (
            value is not None
            and cells.get("indicator", "share") == "share"
            and cells.get("unit") == "percent"
            and cells.get("flow") != "balance"
            and value > 100
        ):
            yield Fault(
                file=file,
                line=row.line,
                what=f"value: a share of {cells['value']} percent",
                mend="a share of a flow is at most 100; mend the figure or the indicator",
            )
        period, year = cells.get("period", ""), cells.get("year", "")
        if re.fullmatch(r"[\d-]+/[\d-]+", period):
            start, _, end = period.partition("/")
            if start > end or (year and end[:4] != year):
                yield Fault(
                    file=file,
                    line=row.line,
                    what=f'period: "{period}" does not end in {year}'
                    if start <= end
                    else f'period: "{period}" runs backward',
                    mend="write start/end, and the end's year as year",
                )
