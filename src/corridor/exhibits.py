"""Exhibits: the tables and figures that notebooks show and chapters embed.

A notebook calls `table` or `figure`; both display the exhibit and, below it, its source line and notes. Where
an edition has nothing to show it calls `unavailable`.
The exhibit travels in its cell's output: readable forms (HTML, Markdown, SVG) beside `MIME`, which holds
the data. `collect` reads them back from the executed notebook.
"""

from __future__ import annotations

import html
import json
import math
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, partial
from itertools import zip_longest
from textwrap import indent
from typing import TYPE_CHECKING, Any, Literal

from corridor import messages
from corridor.markup import escape_markdown
from corridor.messages import N_, gettext, ngettext, translate
from corridor.quantities import grouped

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    from nbformat import NotebookNode

MIME = "application/vnd.corridor.exhibit+json"

NOT_AVAILABLE = ".."
"""What an empty cell shows: the statistical offices' sign for "not available"."""


@dataclass(frozen=True)
class Column:
    """A column of a table as the reader sees it.

    Parameters
    ----------
    name
        Column of the frame.
    label
        Column head, with the unit.
    decimals
        Digits after the point; ``None`` for text and for numbers shown as they are (years).
    scale
        Unit of the column head in units of the data: 1e9 shows US dollars as billions.
    derived
        Boolean column that says which cells were computed rather than printed by a source;
        these are set in italics.
    short
        Column head where columns are many and narrow; the label then names the cells on a phone. By default
        the label.
    low, high
        Columns with bounds, which a cell without a value shows instead: "5.1–6.4". They are rounded
        outwards, so that what is shown still bounds it.
    """

    name: str
    label: str
    decimals: int | None = None
    scale: float = 1
    derived: str | None = None
    short: str = ""
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True)
class Linked:
    """A name that is a place to link to, a link, or both: the text of a cell or the title of an entry.

    Parameters
    ----------
    text
        The name.
    anchor
        The id of the place; only letters, digits and hyphens.
    target
        Where it leads: the chapter beside that of the exhibit, without its suffix, and an anchor there
        (``findings#swot-visa``). In print a target that does not exist is no link.
    """

    text: str
    anchor: str = ""
    target: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Entries:
    """A cell that holds a list.

    Parameters
    ----------
    items
        Title and text of each entry; either may be empty.
    head
        What the list is called inside its cell.
    numbered
        Whether the order counts.
    """

    items: Sequence[tuple[str | Linked, str]]
    head: str = ""
    numbered: bool = False

    @property
    def named(self) -> list[tuple[Linked, str]]:
        """The entries, a colon behind each title that a text follows."""
        titled = [(t if isinstance(t, Linked) else Linked(t), text) for t, text in self.items]
        return [(replace(t, text=f"{t.text}:") if t.text and text else t, text) for t, text in titled]

    def __str__(self) -> str:
        lines = [" ".join(filter(None, [title.text, text])) for title, text in self.named]
        return "\n".join(filter(None, [self.head, *lines]))


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A table or a figure with its data, or why there is none.

    Parameters
    ----------
    kind
        Table, figure, or ``missing``: there is nothing to show, and the notes say why.
    columns, rows
        The data behind it, one row a record, values as JSON.
    sources
        Keys of ``references.bib``, in the order of first use.
    notes
        Sentences in Markdown.
    alt
        What a figure shows, in words; empty for tables, which are text.
    label
        Label of the cell that shows it.
    """

    kind: Literal["table", "figure", "missing"]
    columns: list[str]
    rows: list[list[Any]]
    sources: list[str]
    notes: list[str]
    alt: str = ""
    label: str = field(default="", compare=False)


def table(
    frame: pd.DataFrame,
    *,
    columns: Sequence[Column],
    data: pd.DataFrame,
    notes: Sequence[str] = (),
    language: str = "en",
    row_heads: int = 1,
) -> None:
    """Show a table.

    Parameters
    ----------
    frame
        One row a table row, in the order shown.
    columns
        The columns shown, in order.
    data
        All observations used, one a row, with the columns ``source`` and ``locator``.
    notes
        Sentences in Markdown, shown below.
    language
        Language of the number format, as a CLDR locale.
    row_heads
        How many leading columns head their row. In the first of several, a repeated value is shown once.

    Cells of text columns hold text, `Linked` or `Entries`.

    Raises
    ------
    ValueError
        If `frame` lacks a column or `data` has no ``source`` column.
    """
    needed = [name for c in columns for name in (c.name, c.derived, c.low, c.high) if name is not None]
    missing = [name for name in dict.fromkeys(needed) if name not in frame.columns]
    if missing:
        raise ValueError(f"the frame has no column {', '.join(missing)}; it has {', '.join(frame.columns)}")
    cells = _cells(frame, columns, language, row_heads)
    _display(
        {"text/html": _html(columns, cells, row_heads), "text/markdown": _markdown(columns, cells)},
        _exhibit("table", data, notes),
    )


def figure(
    chart: alt.TopLevelMixin,
    *,
    alt: str,
    data: pd.DataFrame,
    notes: Sequence[str] = (),
    language: str = "en",
) -> None:
    """Show a chart.

    Parameters
    ----------
    chart
        An Altair chart.
    alt
        What the chart shows, in words, for readers who do not see it.
    data
        All observations used, one a row, with the columns ``source`` and ``locator``.
    notes
        Sentences in Markdown, shown below.
    language
        Language of the number format, as a CLDR locale.

    Raises
    ------
    ValueError
        If `alt` is empty or `data` has no ``source`` column.
    """
    if not alt.strip():
        raise ValueError("a figure needs an alt text: say in words what it shows")
    from corridor import charts

    _display({"image/svg+xml": charts.svg(chart)}, _exhibit("figure", data, notes, alt=alt))


def unavailable(why: str, *, language: str | None = None) -> None:
    """Show nothing, and say why: no source prints what the exhibit would show.

    Parameters
    ----------
    why
        A full sentence for readers, in Markdown.
    language
        Language of the words before it, as a CLDR locale; by default the one in use.

    Raises
    ------
    ValueError
        If `why` is empty.

    Examples
    --------
    ``unavailable("No source prints the products of this trade.")``
    """
    if not why.strip():
        raise ValueError("say in a sentence why there is nothing to show")
    from IPython.display import display

    content = asdict(Exhibit(kind="missing", columns=[], rows=[], sources=[], notes=[why]))
    del content["label"]
    said = translate(N_("Not available: {why}"), language or messages.language(), None).format(why=why)
    display({"text/markdown": f"*{said}*\n", "text/plain": said, MIME: content}, raw=True)


def collect(notebook: NotebookNode) -> dict[str, Exhibit]:
    """Return the exhibits of an executed notebook by the label of their cell."""
    found = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if content := output.get("data", {}).get(MIME):
                label = cell_label(cell.source) or ""
                found[label] = Exhibit(**content, label=label)
    return found


def cell_label(source: str) -> str | None:
    """Return the ``#| label:`` of a code cell, as Quarto reads it."""
    for line in source.splitlines():
        if not line.startswith("#|"):
            return None
        key, _, value = line.removeprefix("#|").partition(":")
        if key.strip() == "label":
            return value.strip()
    return None


_SENTENCE = 60
"""Characters from which a cell holds a sentence rather than a name."""

_SHORT = 12
"""Characters up to which a cell is not broken into lines."""

_LINE = 88
"""Characters that a line of a printed table holds, the gaps between its columns left out."""


_MANY, _SMALL_LINE = 8, 96
"""Columns from which a table is printed smaller, and the characters that its lines hold."""

_BOLD = 1.15
"""Width of a character of a head, in those of a cell."""


@dataclass(frozen=True)
class _Cell:
    text: str
    entries: Entries | None = None
    name: Linked | None = None
    numeric: bool = False
    missing: bool = False
    derived: bool = False
    bounds: bool = False


def _cells(
    frame: pd.DataFrame, columns: Sequence[Column], language: str, row_heads: int
) -> list[list[_Cell]]:
    import pandas as pd

    grid = []
    before = None
    for record in frame.to_dict("records"):
        row = []
        for column in columns:
            value = record[column.name]
            if isinstance(value, Entries):
                row.append(_Cell(str(value), entries=value))
            elif isinstance(value, Linked):
                row.append(_Cell(value.text, name=value))
            elif pd.isna(value) and (bounds := _bounds(record, column, language)):
                row.append(bounds)
            elif pd.isna(value):
                row.append(_Cell(NOT_AVAILABLE, numeric=column.decimals is not None, missing=True))
            elif column.decimals is None:
                row.append(_Cell(str(value)))
            else:
                mark = record[column.derived] if column.derived is not None else False
                derived = not pd.isna(mark) and bool(mark)
                text = _number(float(value) / column.scale, column.decimals, language)
                row.append(_Cell(text, numeric=True, derived=derived))
        if row_heads > 1 and row[0].text == before:
            row[0] = _Cell("")
        else:
            before = row[0].text
        grid.append(row)
    return grid


def _bounds(record: Mapping[str, Any], column: Column, language: str) -> _Cell | None:
    """Return the cell of a value that is known within bounds; None if it is not."""
    if column.low is None or column.high is None or column.decimals is None:
        return None
    ends = [float(record[name]) / column.scale for name in (column.low, column.high)]
    if not all(map(math.isfinite, ends)):
        return None
    step = 10.0**-column.decimals
    # A bound on the last digit shown, but for the dust of the computation, stays there.
    low = math.floor(round(ends[0] / step, 3)) * step
    high = math.ceil(round(ends[1] / step, 3)) * step
    texts = [_number(end, column.decimals, language) for end in (low, high)]
    if texts[0] == texts[1]:
        return _Cell(texts[0], numeric=True, derived=True)
    # A dash between negative numbers would look like another sign.
    pattern = gettext("{low} to {high}") if low < 0 else "{low}–{high}"
    return _Cell(pattern.format(low=texts[0], high=texts[1]), numeric=True, bounds=True)


def _number(value: float, decimals: int, language: str) -> str:
    # Halves go up, as readers expect, and a rounded zero has no sign.
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return grouped(exact or Decimal(0), decimals, language)


def _html(columns: Sequence[Column], cells: list[list[_Cell]], row_heads: int) -> str:
    numeric = [any(row[i].numeric for row in cells) for i in range(len(columns))]
    # A table of sentences, or of words enough to fill one, is laid out otherwise on a phone.
    longest = [max((len(row[i].text) for row in cells), default=0) for i in range(len(columns))]
    texts = max(longest, default=0) > _SENTENCE or (not any(numeric) and sum(longest) > _SENTENCE)
    classes = " ".join(name for name, is_so in (("texts", texts), ("matrix", _is_matrix(cells))) if is_so)
    lines = [f'<table class="{classes}">' if classes else "<table>", "<thead>", "<tr>"]
    for column, is_number in zip(columns, numeric, strict=True):
        style = ' class="num"' if is_number else ""
        head = html.escape(column.label)
        if column.short:
            head = f'<abbr title="{head}">{html.escape(column.short)}</abbr>'
        lines.append(f'<th scope="col"{style}>{head}</th>')
    lines += ["</tr>", "</thead>"]
    for group in _groups(cells, row_heads):
        lines.append("<tbody>")
        for number, row in enumerate(group):
            lines.append("<tr>")
            for index, (column, cell) in enumerate(zip(columns, row, strict=True)):
                label = column.label if texts and index else ""
                if index or row_heads < 2:
                    lines.append(_html_cell(cell, 'th scope="row"' if index < row_heads else "td", label))
                elif number == 0:
                    lines.append(_html_cell(cell, f'th scope="rowgroup" rowspan="{len(group)}"'))
            lines.append("</tr>")
        lines.append("</tbody>")
    return "\n".join([*lines, "</table>"]) + "\n"


def _is_matrix(cells: list[list[_Cell]]) -> bool:
    """Whether all cells hold lists: the columns are then equals."""
    return bool(cells) and all(cell.entries is not None for row in cells for cell in row)


def _groups(cells: list[list[_Cell]], row_heads: int) -> list[list[list[_Cell]]]:
    """Return the rows in groups under one head; a blank first head continues the group above."""
    if row_heads < 2:
        return [cells] if cells else []
    groups: list[list[list[_Cell]]] = []
    for row in cells:
        if row[0].text or not groups:
            groups.append([])
        groups[-1].append(row)
    return groups


def _html_cell(cell: _Cell, tag: str, label: str = "") -> str:
    short = " " in cell.text or "–" in cell.text
    flags = {
        "num": cell.numeric,
        "missing": cell.missing,
        "derived": cell.derived,
        "bounds": cell.bounds,
        "short": short and len(cell.text) <= _SHORT,
        "long": _holds_sentence(cell),
    }
    names = " ".join(name for name, applies in flags.items() if applies)
    style = f' class="{names}"' if names else ""
    style += f' data-label="{html.escape(label)}"' if label else ""
    if cell.bounds:
        style += f' title="{html.escape(gettext("known within these bounds; no source prints it"))}"'
    text = html.escape(cell.text)
    if cell.missing:
        text = f'<span aria-label="{html.escape(gettext("not available"))}">{text}</span>'
    elif cell.entries is not None:
        text = _html_entries(cell.entries)
    elif cell.name is not None:
        text = _html_name(cell.name)
    return f"<{tag}{style}>{text}</{tag.split()[0]}>"


def _holds_sentence(cell: _Cell) -> bool:
    entries = None if cell.entries is None else cell.entries.items
    texts = [cell.text] if entries is None else [f"{title} {text}" for title, text in entries]
    return any(len(text) > _SENTENCE for text in texts)


def _html_entries(entries: Entries) -> str:
    kind = "ol" if entries.numbered else "ul"
    lines = [f'<p class="entries-head">{html.escape(entries.head)}</p>'] if entries.head else []
    lines.append(f"<{kind}>")
    for name, text in entries.named:
        parts = [f"<strong>{_html_name(name)}</strong>" if name.text else "", html.escape(text)]
        lines.append(f"<li>{' '.join(filter(None, parts))}</li>")
    return "\n".join([*lines, f"</{kind}>"])


def _html_name(name: Linked) -> str:
    anchor = f' id="{html.escape(name.anchor)}"' if name.anchor else ""
    page, _, place = name.target.partition("#")
    if name.target:
        return f'<a href="{html.escape(f"{page}.html#{place}")}"{anchor}>{html.escape(name.text)}</a>'
    return f"<span{anchor}>{html.escape(name.text)}</span>" if anchor else html.escape(name.text)


def _markdown(columns: Sequence[Column], cells: list[list[_Cell]]) -> str:
    labels = [column.short or column.label for column in columns]
    heads = [escape_markdown(label) for label in labels]
    body = [[_markdown_cell(cell) for cell in row] for row in cells]
    texts = [[label, *(_printed(row[i]) for row in cells)] for i, label in enumerate(labels)]
    widths = [1] * len(columns) if _is_matrix(cells) else _widths(texts)
    numeric = [any(row[i].numeric for row in cells) for i in range(len(columns))]
    if any(cell.entries for row in cells for cell in row):
        return _grid(heads, body, widths, numeric)
    # Where a line is too long for pandoc to leave the widths to the content, the dashes set them.
    rule = ["-" * (w + 1) + ":" if n else "-" * (w + 2) for w, n in zip(widths, numeric, strict=True)]
    lines = [heads, rule, *([cell[0] for cell in row] for row in body)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _printed(cell: _Cell) -> str:
    """Return the text of a cell as it takes room in print: lists stand indented."""
    return cell.text if cell.entries is None else indent(cell.text, " " * 4)


def _markdown_cell(cell: _Cell) -> list[str]:
    """Return the lines of a cell; only lists have more than one."""
    if cell.name is not None:
        return [_markdown_name(cell.name)]
    if cell.entries is None:
        text = escape_markdown(cell.text)
        return [f"*{text}*" if cell.derived or cell.bounds else text]
    lines = [f"**{escape_markdown(cell.entries.head)}**", ""] if cell.entries.head else []
    for number, (name, text) in enumerate(cell.entries.named, start=1):
        strong = f"**{_markdown_name(name)}**" if name.text else ""
        mark = f"{number}." if cell.entries.numbered else "-"
        lines.append(" ".join(filter(None, [mark, strong, escape_markdown(text)])))
    return lines


def _markdown_name(name: Linked) -> str:
    """Return a name as print needs it, where all chapters are one document.

    A link to a place that is not in the document would stop Typst.
    """
    text = escape_markdown(name.text)
    if place := name.target.partition("#")[2]:
        ends = f"; if query(<{place}>).len() > 0 {{ link(<{place}>, it) }} else {{ it }} }}"
        text = f"`#context {{ let it = [`{{=typst}}{text}`]{ends}`{{=typst}}"
    return f"`#metadata(none)<{name.anchor}>`{{=typst}}{text}" if name.anchor else text


def _grid(heads: list[str], body: list[list[list[str]]], widths: list[int], numeric: list[bool]) -> str:
    """Return a grid table, whose cells can hold lists, each line of a cell on one line of the table.

    Only the proportions of the widths count, so all grow until no line is too long for its column.
    """
    longest = [
        max(map(_room, [head, *(line for row in body for line in row[i])])) for i, head in enumerate(heads)
    ]
    scale = max(1.0, *(length / width for length, width in zip(longest, widths, strict=True)))
    room = [math.ceil(width * scale) for width in widths]

    def border(mark: str, aligned: bool = False) -> str:
        ends = [":" if aligned and n else mark for n in numeric]
        return "+" + "+".join(mark * (w + 1) + end for w, end in zip(room, ends, strict=True)) + "+"

    def lines(cells: list[list[str]]) -> list[str]:
        rows = zip_longest(*cells, fillvalue="")
        return [
            "| " + " | ".join(t + " " * (w - _room(t)) for t, w in zip(row, room, strict=True)) + " |"
            for row in rows
        ]

    table = [border("-"), *lines([[head] for head in heads]), border("=", aligned=True)]
    for row in body:
        table += [*lines(row), border("-")]
    return "\n".join(table) + "\n"


def _room(text: str) -> int:
    """Return how many columns of a fixed-width font a text takes, as pandoc counts them in grids."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def _widths(columns: list[list[str]]) -> list[int]:
    """Return the widths of columns in characters: their longest words, then what spares lines in print.

    The first text of a column is its head, which is bold. Indented lines are those of lists.
    """
    # Capitals and figures are wider than most letters: a word as long as its column would stand in the gap.
    least = [
        max([3, *(math.ceil(_BOLD * len(word)) for word in texts[0].split()), *map(_longest, texts[1:])])
        for texts in columns
    ]
    wanted = [max(3, *map(len, texts)) for texts in columns]
    line = _LINE if len(columns) < _MANY else _SMALL_LINE
    if sum(wanted) <= line:
        return wanted
    widths, room = list(least), line - sum(least)
    counts = [cache(partial(_counts, column[1:])) for column in columns]
    while room > 0:
        # Of all steps the one that spares most for each character.
        now = [count(width) for count, width in zip(counts, widths, strict=True)]
        steps = [
            (spared / more, -more, i)
            for i in range(len(columns))
            for more, spared in _spared(counts[i], now, i, widths[i], min(room, wanted[i] - widths[i]))
        ]
        spared, less, i = max(steps, default=(0, 0, 0))
        if spared <= 0:
            break
        widths[i] -= less
        room += less
    # What spares nothing any more goes to the texts that want more, in proportion.
    wish = [max(0, w - m) for w, m in zip(wanted, widths, strict=True)]
    share = max(0, room) / max(1, sum(wish))
    return [m + round(share * w) for m, w in zip(widths, wish, strict=True)]


def _longest(text: str) -> int:
    """Return the room that the longest word of a cell needs."""
    return max((_indent(line) + len(w) + 1 for line in text.split("\n") for w in line.split()), default=0)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _spared(
    counts: Callable[[int], list[int]], now: list[list[int]], place: int, width: int, room: int
) -> Iterator[tuple[int, int]]:
    """Yield by how much a table gets lower if one of its columns is widened, where a cell loses a line.

    `counts` returns on how many lines each cell of the column is printed at a width.

    The measure of its height is its rows, and, to tell near from far, the cells in them.
    """
    mine = now[place]
    others = [max(row, default=0) for row in zip(*(now[:place] + now[place + 1 :]), strict=True)] or [
        0
    ] * len(mine)
    before = _measure(mine, others)
    last = mine
    for more in range(1, room + 1):
        if (wider := counts(width + more)) != last:
            yield more, before - _measure(wider, others)
            last = wider


def _measure(counts: list[int], others: list[int]) -> int:
    return sum(4 * max(count, other) + count**2 for count, other in zip(counts, others, strict=True))


def _counts(texts: list[str], width: int) -> list[int]:
    """Return on how many lines each cell of a column is printed."""
    return [_lines(text, width) for text in texts]


@cache
def _lines(text: str, width: int) -> int:
    """Return on how many lines a cell is printed."""
    count = 0
    for line in text.split("\n"):
        used = width + 1
        for word in line.split():
            used += 1 + len(word)
            if used > width:
                count += 1
                used = _indent(line) + len(word)
    return count


def _exhibit(
    kind: Literal["table", "figure"], data: pd.DataFrame, notes: Sequence[str], alt: str = ""
) -> Exhibit:
    if "source" not in data.columns:
        raise ValueError("the data of an exhibit need a source column: where does each row come from?")
    text = data.to_json(orient="split", index=False, double_precision=15, force_ascii=False)
    plain = json.loads(str(text))
    return Exhibit(
        kind=kind,
        columns=plain["columns"],
        rows=plain["data"],
        sources=list(dict.fromkeys(s for s in data["source"].dropna() if s)),
        notes=list(notes),
        alt=alt,
    )


def _display(forms: dict[str, str], exhibit: Exhibit) -> None:
    from IPython.display import display

    content = asdict(exhibit)
    del content["label"]
    plain = f"{exhibit.kind}: {len(exhibit.rows)} rows of data"
    display({**forms, "text/plain": plain, MIME: content}, raw=True)
    display({"text/markdown": _note(exhibit), "text/plain": "source and notes"}, raw=True)


def _note(exhibit: Exhibit) -> str:
    paragraphs = []
    if exhibit.sources:
        works = ", ".join(f"@{key}" for key in sorted(exhibit.sources))
        said = ngettext("Source: {works}.", "Sources: {works}.", len(exhibit.sources))
        paragraphs.append(said.format(works=works))
    if exhibit.notes:
        paragraphs.append(gettext("Notes: {notes}").format(notes=" ".join(exhibit.notes)))
    return "::: {.exhibit-note}\n" + "\n\n".join(paragraphs) + "\n:::\n"
