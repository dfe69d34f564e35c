"""Facts: named values with unit, sources and derivation, which the text shows by their key.

A notebook states facts with `quote` (figures that a source prints, one a data row), `derive` (values that
follow from other facts by a formula) and `fact` (everything else that is computed or counted). They travel
in their cell's output: a readable table beside `MIME`. `collect` reads them back from executed notebooks.
"""

from __future__ import annotations

import html
import keyword
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from corridor import quantities
from corridor.errors import Fault, raise_any
from corridor.exhibits import cell_label
from corridor.expressions import Expression, ExpressionError

if TYPE_CHECKING:
    import pandas as pd
    from nbformat import NotebookNode

MIME = "application/vnd.corridor.facts+json"

KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
"""What a key looks like: parts of words, digits and underscores, joined by full stops."""

FORMS = ("number", "digits", "unit", "size", "change", "rounded", "words", "ordinal")
"""Other forms of the same fact, reached by a suffix: ``{{< var trade.kgz.exports_2023-digits >}}``."""

FIRMNESS = ("reported", "rule", "quoted", "estimated", "target", "projected")
"""How sources come to a figure, from firm to soft; a derived fact rests on its softest part."""

DERIVED = "derived"

YEAR = "year"
"""Unit of a fact whose value is a calendar year, which is written bare."""


@dataclass(frozen=True)
class Source:
    """Where a figure stands: a key of ``references.bib`` and the place in that work."""

    key: str
    locator: str = ""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A named value.

    Parameters
    ----------
    key
        Its name in the text, of the form `KEY`.
    title
        What it is, in words.
    value
        In ``unit``; the lower end of a range.
    upper
        The upper end of a range.
    unit
        A currency (``USD``), ``percent``, ``points``, ``times``, ``rank``, ``index``, `YEAR`, or what is
        counted.
    rounding
        Place value of the last digit that is shown, in ``unit``.
    scale
        Power of ten in whose words it is written; ``None`` for that of `corridor.quantities.scale_of`.
    qualifier
        What the source sets before it: ``about``, ``over``, ``under``, ``nearly``, ``up to`` ...
    year, period
        The calendar year, or the years or months, that it speaks of.
    status
        One of `FIRMNESS`, or ``derived``.
    basis
        For a derived fact the softest status of what it rests on.
    sources
        Where its figures stand.
    resource
        The table of the data package that has a row with this key; "" for what is computed.
    formula
        The expression over other facts that gives the value; "" where there is none.
    inputs
        Keys of the facts that it is computed from.
    how
        How it was computed, in words, where no formula says it.
    note
        What a reader should know of it.
    notebook, cell
        The notebook, and the label of its cell, that states it.
    """

    key: str
    title: str
    value: float
    upper: float | None = None
    unit: str
    rounding: float
    scale: int | None = None
    qualifier: str = ""
    year: int | None = None
    period: str = ""
    status: str
    basis: str = ""
    sources: tuple[Source, ...]
    resource: str = ""
    formula: str = ""
    inputs: tuple[str, ...] = ()
    how: str = ""
    note: str = ""
    notebook: str = ""
    cell: str = ""

    def text(self, form: str = "", language: str = "en") -> str | None:
        """Return the fact as it stands in a sentence.

        Parameters
        ----------
        form
            "" for number, scale and unit ("USD 19.72 billion"), or one of `FORMS`: ``number`` without the
            unit ("915.1 million"), ``digits`` without scale and unit ("19.72"), ``unit`` alone, ``size``
            without its sign, ``change`` with one, ``rounded`` to the whole of its scale, ``words`` for a
            small count ("nine"), ``ordinal`` for a rank ("60th").
        language
            Language of number and words.

        Returns
        -------
        str or None
            ``None`` where the fact has no such form, such as words for 2.5.
        """
        if self.unit == YEAR:
            return f"{self.value:.0f}" if form in ("", "number", "digits") else None
        scale = self.scale or quantities.scale_of(self.value, self.rounding)
        ways: dict[str, Any] = {"upper": self.upper, "scale": scale, "language": language}
        match form:
            case "":
                return quantities.written(self.value, self.unit, self.rounding, **ways)
            case "number":
                return quantities.scaled(self.value, self.rounding, **ways)
            case "digits":
                plain = None if self.upper is None else self.upper / scale
                return quantities.scaled(
                    self.value / scale, self.rounding / scale, upper=plain, scale=1, language=language
                )
            case "unit":
                return quantities.unit_of(self.unit, language=language) or None
            case "size":
                return quantities.written(abs(self.value), self.unit, self.rounding, **ways)
            case "change":
                return quantities.written(self.value, self.unit, self.rounding, signed=True, **ways)
            case "rounded":
                return quantities.written(self.value, self.unit, max(self.rounding, float(scale)), **ways)
            case "words":
                return quantities.in_words(self.value, language, self.unit) if self.upper is None else None
            case "ordinal":
                return quantities.ordinal(self.value, language) if self.unit == "rank" else None
        raise ValueError(f'unknown form "{form}"; there are {", ".join(FORMS)}')


_stated: dict[str, tuple[str, int, Fact]] = {}
"""The facts of this kernel: the label of their cell, its execution count, the fact."""


def fact(
    key: str,
    value: float,
    *,
    title: str,
    unit: str,
    rounding: float,
    how: str,
    inputs: Iterable[str] = (),
    rows: pd.DataFrame | None = None,
    sources: Iterable[Source] = (),
    upper: float | None = None,
    scale: int | None = None,
    year: int | None = None,
    period: str = "",
    qualifier: str = "",
    basis: str = "",
    note: str = "",
) -> Fact:
    """State a fact that was computed or counted.

    Parameters
    ----------
    key, value, title, unit, rounding, upper, scale, year, period, qualifier, note
        As in `Fact`.
    how
        How it was computed, in words.
    inputs
        Keys of facts stated before that it is computed from; their sources are its sources.
    rows
        The data rows that it is computed or counted from, with the columns ``source`` and ``locator``.
    sources
        Further sources.
    basis
        The softest status of what it rests on; by default that of its inputs.

    Returns
    -------
    Fact
        The fact, which the cell shows as well.

    Raises
    ------
    ValueError
        If the key is not of the form `KEY` or stands for another fact already, the value is not a number, or
        there is no source.
    """
    inputs = tuple(inputs)
    parts = [_known(name, key) for name in inputs]
    stated = Fact(
        key=key,
        title=title,
        value=float(value),
        upper=None if upper is None else float(upper),
        unit=unit,
        rounding=float(rounding),
        scale=scale,
        qualifier=qualifier,
        year=None if year is None else int(year),
        period=period,
        status=DERIVED,
        basis=basis or _softest(parts),
        sources=_merged([*sources, *_of_rows(rows), *(s for part in parts for s in part.sources)]),
        inputs=inputs,
        how=how,
        note=note,
    )
    return _show([stated])[0]


def derive(
    key: str,
    formula: str,
    *,
    title: str = "",
    unit: str = "",
    rounding: float | None = None,
    scale: int | None = None,
    year: int | None = None,
    period: str = "",
    note: str = "",
) -> Fact:
    """State a fact that follows from others by a formula, which gives its value.

    Parameters
    ----------
    key, title, scale, year, period, note
        As in `Fact`. A formula that is only a key gives another name to that fact.
    formula
        Expression over the keys of facts stated before, as `corridor.expressions.Expression` reads it.
    unit, rounding
        As in `Fact`; by default those of the parts, where all have the same unit: the coarsest rounding.

    Raises
    ------
    ValueError
        If the formula cannot be read or computed, names a fact that is not stated, or leaves the unit open.

    Examples
    --------
    ``derive("trade.xca.exports_ratio", "trade.xca.exports_2025 / trade.xca.exports_2017", title="...",
    unit="times", rounding=0.1)``
    """
    stated = derived(
        key,
        formula,
        {name: entry[2] for name, entry in _stated.items()},
        title=title,
        unit=unit,
        rounding=rounding,
        scale=scale,
        year=year,
        period=period,
        note=note,
    )
    return _show([stated])[0]


def derived(
    key: str,
    formula: str,
    known: Mapping[str, Fact],
    *,
    title: str = "",
    unit: str = "",
    rounding: float | None = None,
    scale: int | None = None,
    year: int | None = None,
    period: str = "",
    note: str = "",
) -> Fact:
    """Return the fact of `derive` without stating it; its parts are among the known facts."""
    expression = Expression(formula)
    for name in expression.names:
        if name not in known:
            raise ValueError(f'{key}: its formula names "{name}", which is not stated before it')
    parts = [known[name] for name in expression.names]
    if not parts:
        raise ValueError(f"{key}: its formula names no fact; a fact without any is stated by facts.fact")
    if expression.is_name:
        if unit not in ("", parts[0].unit):
            raise ValueError(f"{key}: another name cannot change the unit, which is {parts[0].unit}")
        return replace(
            parts[0],
            key=key,
            title=title or parts[0].title,
            unit=unit or parts[0].unit,
            rounding=float(rounding or parts[0].rounding),
            scale=scale or parts[0].scale,
            year=int(year) if year else parts[0].year,
            period=period or parts[0].period,
            note=note or parts[0].note,
            resource="",
            formula=formula,
            inputs=(parts[0].key,),
            notebook="",
            cell="",
        )
    if not title:
        raise ValueError(f"{key}: say in title what it is")
    if ranges := [part.key for part in parts if part.upper is not None]:
        raise ValueError(
            f"{key}: {', '.join(ranges)} is a range, which a formula cannot take; use facts.fact"
        )
    units = {part.unit for part in parts}
    if not (unit and rounding) and (len(units) > 1 or unit not in ("", *units) or not expression.keeps_unit):
        raise ValueError(f"{key}: its parts are in {', '.join(sorted(units))}; give unit and rounding")
    value = expression.value({part.key: part.value for part in parts})
    if isinstance(value, bool):
        raise ExpressionError(f"{key}: its formula is a condition, not a value")
    years = {part.year for part in parts}
    return Fact(
        key=key,
        title=title,
        value=_clean(value),
        unit=unit or units.pop(),
        rounding=float(rounding or max(part.rounding for part in parts)),
        scale=scale,
        year=int(year) if year else (years.pop() if len(years) == 1 and not period else None),
        period=period,
        status=DERIVED,
        basis=_softest(parts),
        sources=_merged(source for part in parts for source in part.sources),
        formula=formula,
        inputs=expression.names,
        note=note,
    )


def quote(rows: pd.DataFrame, resource: str, titles: Sequence[str]) -> list[Fact]:
    """State every figure of a table as a fact.

    Parameters
    ----------
    rows
        Rows of a table with the columns ``key``, ``value``, ``unit``, ``rounding``, ``qualifier``, ``year``,
        ``status``, ``source``, ``locator``, ``note``, and perhaps ``period``. The row behind one with the
        qualifier ``from`` is its upper end if it has none of its own key.
    resource
        Name of the table in the data package.
    titles
        What each row is, in words.

    Returns
    -------
    list of Fact
        One for each row with a key.
    """
    return _show(quoted(rows, resource, titles))


def quoted(rows: pd.DataFrame, resource: str, titles: Sequence[str]) -> list[Fact]:
    """Return the facts of `quote` without stating them."""
    found: list[Fact] = []
    for row, title in zip(rows.to_dict("records"), titles, strict=True):
        if row["key"]:
            found.append(_quoted(row, resource, title))
        elif row["qualifier"] == "to" and found and found[-1].qualifier == "from":
            found[-1] = replace(found[-1], upper=float(row["value"]), qualifier="")
        else:
            raise ValueError(
                f"{resource}: a row of {row['source']} has no key, and is no upper end of a range"
            )
    return found


def _quoted(row: Mapping[str, Any], resource: str, title: str) -> Fact:
    year = row["year"]
    return Fact(
        key=row["key"],
        title=title,
        value=float(row["value"]),
        unit=row["unit"],
        rounding=float(row["rounding"]),
        qualifier=row["qualifier"],
        year=int(year) if isinstance(year, int | float) and not math.isnan(year) else None,
        period=row.get("period") or "",
        status=row["status"],
        sources=(Source(row["source"], row["locator"]),),
        resource=resource,
        note=row.get("note") or "",
    )


def collect(notebooks: Mapping[str, NotebookNode]) -> dict[str, Fact]:
    """Return the facts of executed notebooks by key.

    Raises
    ------
    PaperError
        If two notebooks state the same key.
    """
    found: dict[str, Fact] = {}
    faults = []
    for name, notebook in notebooks.items():
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                for content in output.get("data", {}).get(MIME, {}).get("facts", []):
                    one = replace(_read(content), notebook=name, cell=cell_label(cell.source) or "")
                    if one.key in found:
                        first = found[one.key]
                        place = f'{first.notebook} (cell "{first.cell}")'
                        what = f'the fact "{one.key}" is stated in {place} as well'
                        faults.append(Fault(file=name, what=what, mend="give one of the two another key"))
                    found[one.key] = one
    raise_any(faults)
    return found


def split_form(name: str) -> tuple[str, str]:
    """Return key and form of what the text names.

    Examples
    --------
    >>> split_form("trade.kgz.exports_2023-digits"), split_form("trade.kgz.exports_2023")
    (('trade.kgz.exports_2023', 'digits'), ('trade.kgz.exports_2023', ''))
    """
    key, _, form = name.partition("-")
    return key, form


def anchor(key: str) -> str:
    """Return the identifier of a fact's entry on the page that lists all facts.

    Examples
    --------
    >>> anchor("trade.kgz.exports_2023")
    'fact-trade-kgz-exports_2023'
    """
    return "fact-" + key.replace(".", "-")


def as_json(one: Fact) -> dict[str, Any]:
    """Return a fact as JSON, what it lacks left out."""
    content = {name: value for name, value in asdict(one).items() if value not in (None, "", (), [])}
    return {**content, "sources": [asdict(source) for source in one.sources]}


def _read(content: Mapping[str, Any]) -> Fact:
    known = {f.name for f in fields(Fact)}
    values: dict[str, Any] = {name: value for name, value in content.items() if name in known}
    values["sources"] = tuple(Source(**source) for source in values["sources"])
    values["inputs"] = tuple(values.get("inputs", ()))
    return Fact(**values)


def _known(name: str, key: str) -> Fact:
    if name not in _stated:
        raise ValueError(f'{key}: its input "{name}" is not stated before it')
    return _stated[name][2]


def _softest(parts: Iterable[Fact]) -> str:
    """Return the softest status of facts."""
    statuses = [part.basis or part.status for part in parts]
    known = [status for status in statuses if status in FIRMNESS]
    return max(known, key=FIRMNESS.index) if known else ""


def _of_rows(rows: pd.DataFrame | None) -> list[Source]:
    if rows is None:
        return []
    keys, locators = rows["source"], rows["locator"]
    if keys.isna().any() or locators.isna().any():
        raise ValueError("a row has no source or no locator")
    return [Source(str(key), str(place)) for key, place in dict.fromkeys(zip(keys, locators, strict=True))]


def _merged(sources: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(sources))


def _clean(value: float) -> float:
    """Drop the dust that binary arithmetic leaves behind decimal fractions."""
    return float(f"{value:.12g}")


def _show(found: list[Fact]) -> list[Fact]:
    """Check facts, note them as those of the running cell and display them."""
    label, count = _running_cell()
    found = [replace(one, cell=label) for one in found]
    for one in found:
        _check(one, label, count)
        _stated[one.key] = (label, count, one)
    if found:
        from IPython.display import display

        content = [{k: v for k, v in as_json(one).items() if k not in ("notebook", "cell")} for one in found]
        forms = {"text/plain": _plain(found), "text/html": _html(found)}
        display({**forms, MIME: {"facts": content}}, raw=True)
    return found


def _check(one: Fact, label: str, count: int) -> None:
    if any(keyword.iskeyword(part) for part in one.key.split(".")):
        raise ValueError(f'"{one.key}" is no key of a fact: a part of it is a word of Python; choose another')
    if not KEY.fullmatch(one.key):
        raise ValueError(
            f'"{one.key}" is no key of a fact: write small letters, digits and underscores in parts joined '
            'by full stops, such as "trade.kgz.exports_2023"'
        )
    if one.key in _stated:
        other, before, _ = _stated[one.key]
        if other != label or before == count:  # a cell that is run again states its facts anew
            where = "in this cell" if other == label else f'in the cell "{other}"'
            raise ValueError(f'the fact "{one.key}" is stated already, {where}')
    for name in ("value", "upper", "rounding"):
        number = getattr(one, name)
        if number is not None and not math.isfinite(number):
            raise ValueError(f'the fact "{one.key}" has no {name}: it is {number}')
    if one.upper is not None and one.upper < one.value:
        raise ValueError(f'the fact "{one.key}" is a range whose upper end lies below the lower')
    if one.rounding <= 0:
        raise ValueError(f'the fact "{one.key}" needs a rounding above 0, the place value of its last digit')
    if not one.sources or not all(source.key for source in one.sources):
        raise ValueError(f'the fact "{one.key}" has no source; give rows, inputs or sources')


def _running_cell() -> tuple[str, int]:
    """Return label and execution count of the cell that runs; "" and 0 outside a kernel."""
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None:
        return "", 0
    source = shell.history_manager.input_hist_raw[-1] if shell.history_manager else ""
    label = cell_label(source)
    if label is None:
        raise ValueError('a cell that states facts needs a label: begin it with "#| label: name"')
    return label, shell.execution_count


def _plain(found: list[Fact]) -> str:
    return "\n".join(f"{one.key} = {one.text()} ({'; '.join(s.key for s in one.sources)})" for one in found)


def _html(found: list[Fact]) -> str:
    rows = "".join(
        f"<tr><td><code>{one.key}</code></td><td>{html.escape(one.text() or '')}</td>"
        f"<td>{html.escape(one.formula or one.how or one.qualifier)}</td>"
        f"<td>{html.escape('; '.join(f'{s.key}, {s.locator}'.rstrip(', ') for s in one.sources))}</td></tr>"
        for one in found
    )
    return f"<table><tr><th>Fact</th><th>Value</th><th>Derivation</th><th>Sources</th></tr>{rows}</table>"
