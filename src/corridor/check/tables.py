"""The data package: every table against its schema, every figure against its printed token."""

from __future__ import annotations

import csv
import io
import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corridor import parquet
from corridor.check.columns import decimal, judge
from corridor.check.descriptor import as_list
from corridor.check.memory import remembered
from corridor.check.printed import read_printed
from corridor.data import DESCRIPTOR, Package, Resource
from corridor.errors import Fault, PaperError
from corridor.files import read_text
from corridor.names import RESOURCE as NAMES
from corridor.names import forms_of
from corridor.nearest import nearest
from corridor.store import Store


@dataclass(frozen=True)
class _Row:
    line: int
    cells: dict[str, str]


@dataclass
class _Table:
    """A table under check.

    Parameters
    ----------
    file
        Path relative to the paper's root.
    schema
        Its Frictionless schema.
    rows
        The records that have as many cells as the header; none where the header is wrong.
    faults
        By line and column, or by line and text where the fault is no single cell's.
    """

    file: str
    schema: dict[str, Any]
    rows: list[_Row] = field(default_factory=list)
    faults: dict[tuple[int, str], Fault] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        return {f["name"]: f for f in self.schema["fields"]}

    def fault(self, line: int, what: str, mend: str) -> None:
        """Note what is wrong with a line."""
        self.faults[line, what] = Fault(file=self.file, line=line, what=what, mend=mend)

    def cell_fault(self, line: int, column: str, what: str, mend: str) -> None:
        """Note what is wrong with a cell, unless something is already: the rest would follow from it."""
        fault = Fault(file=self.file, line=line, what=f"{column}: {what}", mend=mend)
        self.faults.setdefault((line, column), fault)

    def identifies(self, columns: Sequence[str]) -> bool:
        """Whether the rows and these columns are as they were meant, so that others can refer to them."""
        return bool(self.rows) and not any(
            place in columns or place not in self.fields for _, place in self.faults
        )


def check_tables(package: Package, root: Path, works: set[str] | None, store: Store) -> list[Fault]:
    """Return what is wrong with the tables of a package.

    Parameters
    ----------
    package
        The data package, its descriptor checked before by `check_descriptor`.
    root
        The paper's root, to which the faults name their files.
    works
        Keys of the bibliography; ``None`` where it cannot be read, which is a fault of its own.
    store
        Keeps what is wrong with each table for itself.
    """
    faults: list[Fault] = []
    texts: dict[str, str] = {}
    for resource in package.resources.values():
        if resource.is_parquet:
            faults += _parquet_faults(resource, root, store)
            continue
        try:
            text = _readable(resource, root)
        except PaperError as error:
            faults += error.faults
            continue
        if resource.is_table:
            texts[resource.name] = text
    if faults:
        return faults  # one missing file makes a fault of every row that refers to it
    tables = {name: _read(package.resources[name], root, text, store) for name, text in texts.items()}
    _check_keys(tables)
    for name, table in tables.items():
        _check_references(table, tables)
        columns = table.fields.keys()
        if "source" in columns and works is not None:
            _check_sources(table, works)
        if name == NAMES and {"code", "language", "form"} <= columns:
            _check_names(table)
        faults += table.faults.values()
    return sorted(faults, key=lambda f: (f.file, f.line or 0, f.what))


def _read(resource: Resource, root: Path, text: str, store: Store) -> _Table:
    """Read a table and note what is wrong with it, other tables left aside."""
    file = resource.path.relative_to(root).as_posix()
    table = _table(file, resource.schema, text)

    def check() -> list[tuple[int, str, str, str]]:
        _check_cells(table)
        _check_primary_key(table)
        columns = table.fields.keys()
        if {"printed", "value", "rounding"} <= columns:
            _check_figures(table)
        if {"reporter", "partner"} <= columns:
            _check_trade(table)
        return [(line, place, fault.what, fault.mend) for (line, place), fault in table.faults.items()]

    for line, place, what, mend in store.remembered("table", [file, resource.schema, text], check):
        table.faults[line, place] = Fault(file=file, line=line, what=what, mend=mend)
    return table


def _parquet_faults(resource: Resource, root: Path, store: Store) -> list[Fault]:
    """Return what is wrong with a table in Parquet."""
    states = [(path, path.stat()) for path in parquet.parts(resource.path, root)]
    # The files may be large: their times tell whether they are as they were.
    marks = [[path.relative_to(root).as_posix(), state.st_size, state.st_mtime_ns] for path, state in states]
    made_of = [resource.name, resource.path.relative_to(root).as_posix(), resource.schema, marks]
    return remembered(store, "parquet", made_of, lambda: parquet.check(resource, root))


def _readable(resource: Resource, root: Path) -> str:
    name = resource.path.relative_to(root).as_posix()
    if not resource.is_table:
        if not resource.path.is_file():
            mend = f"restore it, or take it out of {resource.path.parent.name}/{DESCRIPTOR}"
            raise PaperError(Fault(file=name, what="the file is missing", mend=mend))
        return ""
    text = read_text(resource.path, root)
    if not text.strip():
        raise PaperError(
            Fault(file=name, line=1, what="the file is empty", mend="restore its header line and its rows")
        )
    if len(text.strip().splitlines()) == 1:
        raise PaperError(Fault(file=name, line=1, what="the table has no rows", mend="restore its rows"))
    return text


def _table(file: str, schema: dict[str, Any], text: str) -> _Table:
    """Read a table and note what is wrong with its shape."""
    table = _Table(file, schema)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[list[str]] = []
    lines = [1]  # on which each record begins
    try:
        for cells in reader:
            records.append(cells)
            lines.append(reader.line_num + 1)
    except csv.Error:
        what = "a quotation mark in this row is not closed, or stands inside text"
        table.fault(lines[-1], what, 'close it, or write "" for one inside quoted text')
        return table
    header, *rows = records
    if not _check_header(table, header):
        return table
    for line, cells in zip(lines[1:-1], rows, strict=True):
        if not any(cell.strip() for cell in cells):
            table.fault(line, "the row is empty", "delete the line")
        elif len(cells) < len(header):
            what = f"{header[len(cells)]}: the row ends before this column"
            table.fault(line, what, "add the missing cells or commas")
        elif extra := cells[len(header) :]:
            count = "a cell" if len(extra) == 1 else f"{len(extra)} cells"
            quoted = ", ".join(f'"{cell}"' for cell in extra)
            table.fault(
                line,
                f"the row has {count} too many: {quoted}",
                "put quotation marks around text with a comma",
            )
        else:
            table.rows.append(_Row(line, dict(zip(header, cells, strict=True))))
    return table


def _check_header(table: _Table, header: list[str]) -> bool:
    names = list(table.fields)
    for separator in ";\t":
        if len(header) == 1 and header[0].split(separator) == names:
            table.fault(1, f"the cells are separated by {separator!r}", "save the table with commas")
            return False
    missing = [name for name in names if name not in header]
    for place, label in enumerate(header):
        if label in names and label not in header[:place]:
            continue
        if len(header) == len(names) and names[place] in missing:
            missing.remove(names[place])
            what = f'the column is called "{label}", the schema has "{names[place]}" here'
            table.fault(1, what, f'call it "{names[place]}"')
        elif label in names:
            table.fault(1, f'the column "{label}" stands twice', "delete one of the two")
        else:
            what = f'the column "{label}" is not in the schema'
            table.fault(1, what, f"describe it in data/{DESCRIPTOR} or delete it")
    for name in missing:
        table.fault(1, f'the column "{name}" is missing', "add it to the header and to every row")
    if not table.faults and header != names:
        table.fault(1, "the columns are in another order than in the schema", f"write {', '.join(names)}")
    return not table.faults


def _check_cells(table: _Table) -> None:
    """Check types and constraints of cells."""
    for name, entry in table.fields.items():
        problem = judge(entry)
        # A column has far fewer different cells than rows.
        wrong = {cell: told for cell in {row.cells[name] for row in table.rows} if (told := problem(cell))}
        for row in table.rows if wrong else ():
            if told := wrong.get(row.cells[name]):
                table.cell_fault(row.line, name, *told)
        if entry.get("constraints", {}).get("unique"):
            _check_unique(table, name)


def _check_unique(table: _Table, name: str) -> None:
    first: dict[str, int] = {}
    for row in table.rows:
        cell = row.cells[name]
        if cell and first.setdefault(cell, row.line) != row.line:
            what = f'"{cell}" stands twice, first in line {first[cell]}'
            table.cell_fault(row.line, name, what, "write another value, or delete one of the rows")


def _check_primary_key(table: _Table) -> None:
    key = as_list(table.schema.get("primaryKey", []))
    if not key:
        return
    seen: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        values = tuple(row.cells[name] for name in key)
        first = seen.setdefault(values, row.line)
        if first != row.line:
            table.fault(
                row.line,
                f"the row stands twice, first in line {first} (same {', '.join(key)})",
                "delete one, or tell them apart by locator" if "locator" in key else "delete one",
            )


def _check_keys(tables: Mapping[str, _Table]) -> None:
    """Check that each figure has a key of its own: the text names figures by it, whatever their table."""
    seen: dict[str, tuple[str, int]] = {}
    for table in tables.values():
        if not {"key", "value"} <= table.fields.keys():
            continue
        lower: _Row | None = None
        for row in table.rows:
            key = row.cells["key"]
            if not key:
                _check_upper_end(table, lower, row)
                lower = None
                continue
            lower = row
            if any(keyword.iskeyword(part) for part in key.split(".")):
                what = f'a part of "{key}" is a word of Python, which no formula can name'
                table.cell_fault(row.line, "key", what, "choose another word")
            file, line = seen.setdefault(key, (table.file, row.line))
            if (file, line) != (table.file, row.line):
                what = f'"{key}" is the key of another figure, in {file}:{line}'
                table.cell_fault(row.line, "key", what, "give one of the two another key")


def _check_upper_end(table: _Table, lower: _Row | None, row: _Row) -> None:
    """Check a figure without a key: only the upper end of the range before it has none."""
    if row.cells.get("qualifier") != "to":
        mend = "name the figure, such as trade.kaz.exports_2023"
        table.cell_fault(row.line, "key", "the figure has no key", mend)
    elif lower is None or lower.cells.get("qualifier") != "from":
        what = "this upper end of a range does not stand behind its lower end"
        table.cell_fault(row.line, "qualifier", what, 'put it behind the row with the qualifier "from"')
    else:
        ends = [decimal(end.cells["value"]) for end in (lower, row)]
        if None not in ends and not ends[0] < ends[1]:  # ty: ignore[unsupported-operator]
            what = f"the upper end {row.cells['value']} is not above the lower {lower.cells['value']}"
            table.cell_fault(row.line, "value", what, "mend one of the two")


def _check_references(table: _Table, tables: Mapping[str, _Table]) -> None:
    for key in table.schema.get("foreignKeys", []):
        names = as_list(key["fields"])
        target = tables.get(key["reference"]["resource"]) or table
        columns = as_list(key["reference"]["fields"])
        if not target.identifies(columns):
            continue  # the fault is there
        known = {tuple(row.cells[column] for column in columns) for row in target.rows}
        words = [", ".join(values) for values in known]
        for row in table.rows:
            values = tuple(row.cells[name] for name in names)
            if any(values) and values not in known:
                cell = ", ".join(values)
                mend = nearest(cell, words, f"add it to {target.file} first")
                table.cell_fault(row.line, ", ".join(names), f'"{cell}" is not in {target.file}', mend)


def _check_sources(table: _Table, works: set[str]) -> None:
    for row in table.rows:
        key = row.cells["source"]
        if key and key not in works:
            mend = nearest(key, works, "add the work to references.bib")
            table.cell_fault(row.line, "source", f'"{key}" is not a key of the bibliography', mend)


def _check_figures(table: _Table) -> None:
    for row in table.rows:
        printed = row.cells["printed"]
        reading = read_printed(printed)
        if reading is None:
            continue
        for name, said in (("value", reading.value), ("rounding", reading.rounding)):
            written = decimal(row.cells[name])
            if written is not None and written != said:
                what = f'{row.cells[name]} is not what "{printed}" says'
                mend = f"write {said.normalize():f}, or mend the printed token"
                table.cell_fault(row.line, name, what, mend)


def _check_trade(table: _Table) -> None:
    """Check what no schema can say of trade: rules between the cells of a row."""
    for row in table.rows:
        cells = row.cells
        if cells["reporter"] and cells["reporter"] == cells["partner"]:
            what = f'"{cells["partner"]}" is the reporter itself'
            table.cell_fault(row.line, "partner", what, "name the other side of the trade")
        value = decimal(cells.get("value", ""))
        is_amount = cells.get("indicator", "share") == "share" and cells.get("flow") != "balance"
        if value is not None and is_amount:
            if value < 0:
                what = f"{cells['value']} is negative, and only a balance can be"
                table.cell_fault(row.line, "value", what, "mend the sign or the flow")
            elif value > 100 and cells.get("unit") == "percent":
                mend = "a share of a flow is at most 100; mend the figure or the indicator"
                table.cell_fault(row.line, "value", f"a share of {cells['value']} percent", mend)
        period, year = cells.get("period", ""), cells.get("year", "")
        if re.fullmatch(r"[\d-]+/[\d-]+", period):
            start, _, end = period.partition("/")
            if start > end:
                what, mend = f'"{period}" runs backward', "write start/end"
                table.cell_fault(row.line, "period", what, mend)
            elif year and end[:4] != year:
                what = f'"{period}" does not end in {year}'
                table.cell_fault(row.line, "period", what, "write the end's year as year, or mend the period")


def _check_names(table: _Table) -> None:
    """Check that a name has all forms that its language needs, and no others."""
    first: dict[tuple[str, str], int] = {}
    found: dict[tuple[str, str], set[str]] = {}
    for row in table.rows:
        code, language, form = (row.cells[column] for column in ("code", "language", "form"))
        if form and language and form not in (needed := forms_of(language)):
            mend = nearest(form, needed, f"write one of {', '.join(needed)}")
            table.cell_fault(row.line, "form", f'"{form}" is no form of names in "{language}"', mend)
        first.setdefault((code, language), row.line)
        found.setdefault((code, language), set()).add(form)
    if not table.identifies(("code", "language", "form")):
        return  # a form that is misspelt is not missing as well
    for (code, language), forms in found.items():
        if missing := [form for form in forms_of(language) if form not in forms]:
            what = f'"{code}" has some of its forms in "{language}", but not {", ".join(missing)}'
            table.fault(first[code, language], what, "add a row for each")
