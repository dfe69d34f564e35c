"""Charts of any subject: DataFrames in, Altair charts out; most words come with the data or as arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from corridor.charts import GRID, INK, PALETTE, SHAPES, TEXT, WIDTH, plot, width_of
from corridor.messages import gettext

_HARMFUL, _HELPFUL = "#dd9a7c", "#86addb"
"""Light enough for dark figures on them; the figures say what grey print does not."""

_FAINT = "#ccd8e5"


def heatmap(frame: pd.DataFrame, *, rows: Sequence[str], columns: Sequence[str]) -> alt.TopLevelMixin:
    """Draw how many helpful and harmful items there are, a panel of cells for each country.

    The two counts stand in the cells, so that nothing hangs on colour.

    Parameters
    ----------
    frame
        One cell a row: ``panel`` (its title, in the order of first appearance), ``row``, ``column``,
        ``helpful`` and ``harmful``. Cells that are not there stay white.
    rows, columns
        Their names in the order shown. A panel leaves out the columns of which it has no cell.
    """
    counted = frame.assign(net=frame["helpful"] - frame["harmful"], figures=_figures(frame))
    panels = list(dict.fromkeys(frame["panel"]))
    shown = {panel: _present(frame[frame["panel"] == panel], columns) for panel in panels}
    margin = int(max(map(width_of, rows), default=0)) + 10
    lengths = [len(found) for found in shown.values()]
    gap, room = 16, WIDTH - 30 - margin
    step = (room - gap * (len(panels) - 1)) // max(1, sum(lengths))
    # Panels stand side by side if the figures have room in their cells, else below each other.
    beside = step >= max(map(width_of, counted["figures"]), default=0) + 6
    if not beside:
        step = room // max([1, *lengths])
    step = min(step, 104)
    # Names that are wider than their column are set upright.
    upright = max(map(width_of, columns), default=0) > step - 4
    # Some lightness is left at both ends even where all counts are alike.
    most = max(2, int(counted["net"].abs().max()))

    drawn = []
    for number, panel in enumerate(panels):
        cells = counted.loc[counted["panel"] == panel, ["row", "column", "net", "figures"]]
        x = alt.X("column:N").scale(domain=shown[panel])
        x = x.axis(
            title=None,
            orient="top",
            domain=False,
            ticks=False,
            labelAngle=-90 if upright else 0,
            labelPadding=6,
            labelOverlap=False,
        )
        y = alt.Y("row:N").scale(domain=list(rows))
        y = (
            y.axis(title=None, minExtent=margin, labelPadding=8)
            if number == 0 or not beside
            else y.axis(None)
        )
        blank = [{"row": row, "column": column} for row in rows for column in shown[panel]]
        color = alt.Color("net:Q").scale(
            domain=[-most, 0, most], range=[_HARMFUL, "#ffffff", _HELPFUL], interpolate="rgb"
        )
        color = color.legend(
            title=gettext("Helpful less harmful items"),
            titleLimit=300,
            gradientLength=200,
            values=sorted({-most, 0, most}),
            format="d",
        )
        layers = [
            plot(blank).mark_rect(fill="white", stroke=GRID, strokeWidth=1).encode(x=x, y=y),
            plot(cells.to_dict("records"))
            .mark_rect(stroke=GRID, strokeWidth=1)
            .encode(x=x, y=y, color=color),
            plot(cells.to_dict("records"))
            .mark_text(fontSize=TEXT - 1, color=INK)
            .encode(x=x, y=y, text=alt.Text("figures:N")),
        ]
        drawn.append(
            alt.layer(*layers).properties(
                width=step * len(shown[panel]),
                height=26 * len(rows),
                title=alt.Title(panel, frame="group", offset=8),
            )
        )
    return alt.concat(*drawn, columns=len(panels) if beside else 1, spacing=gap)


def acceptability(frame: pd.DataFrame, *, unit: str, legend: str, least: float = 12) -> alt.TopLevelMixin:
    """Draw how often each alternative takes each rank: a panel of stacked bars for each country.

    Parameters
    ----------
    frame
        One segment a row: ``panel`` (its title) and ``name`` (of the bar), both in the order of first
        appearance, ``rank`` from 1, and ``share`` in percent.
    unit
        Title of the horizontal axis.
    legend
        Title of the legend.
    least
        Share from which a segment bears its figure.
    """
    ranks = sorted({int(rank) for rank in frame["rank"]})
    inks = dict(zip(ranks, ramp(len(ranks)), strict=True))
    panels = list(dict.fromkeys(frame["panel"]))
    margin = int(max(map(width_of, frame["name"]), default=0)) + 10
    width = WIDTH - 45 - margin

    ordered = frame.sort_values("rank", kind="stable")
    end = ordered.groupby(["panel", "name"], sort=False)["share"].cumsum()
    placed = ordered.assign(
        end=end,
        start=end - ordered["share"],
        middle=end - ordered["share"] / 2,
        paper=[_on(inks[int(rank)]) for rank in ordered["rank"]],
    )
    drawn = []
    for panel in panels:
        names = list(dict.fromkeys(frame.loc[frame["panel"] == panel, "name"]))
        segments = placed[(placed["panel"] == panel) & (placed["share"] > 0)]
        last = panel == panels[-1]
        scale = alt.Scale(domain=[0, 100], nice=False)
        axis = alt.Axis(title=unit, values=list(range(0, 101, 20)), tickSize=4) if last else None
        y = alt.Y("name:N").scale(domain=names, paddingInner=0.25, paddingOuter=0.15)
        y = y.axis(title=None, minExtent=margin, labelLimit=margin, labelPadding=8)
        bars = (
            plot(_records(segments))
            .mark_bar(stroke="white", strokeWidth=1)
            .encode(
                x=alt.X("start:Q", scale=scale, axis=axis),
                x2=alt.X2("end:Q"),
                y=y,
                color=alt.Color("rank:O", legend=alt.Legend(title=legend, symbolType="square")).scale(
                    domain=ranks, range=list(inks.values())
                ),
            )
        )
        figures = (
            plot(_records(segments[segments["share"] >= least]))
            .mark_text(fontSize=TEXT)
            .encode(
                x=alt.X("middle:Q", scale=scale, axis=axis),
                y=y,
                text=alt.Text("share:Q", format=".0f"),
                color=alt.Color("paper:N", scale=None, legend=None),
            )
        )
        drawn.append(
            alt.layer(bars, figures).properties(
                width=width, height=30 * len(names), title=alt.Title(panel, frame="group", offset=6)
            )
        )
    return alt.vconcat(*drawn, spacing=18)


def dots(frame: pd.DataFrame, *, title: str, domain: tuple[float, float] = (0, 100)) -> alt.TopLevelMixin:
    """Draw one line of dots a measure, to compare areas on one scale.

    Parameters
    ----------
    frame
        One dot a row: ``measure`` (named in two lines) and ``name`` (of the area), both in the order of first
        appearance, ``value``, ``label`` (text above the dot).
    title
        Title of the horizontal axis.
    domain
        Ends of the horizontal axis.
    """
    names = list(dict.fromkeys(frame["name"]))
    measures = list(dict.fromkeys(frame["measure"]))
    labels = 150
    base = plot(frame[["measure", "name", "value", "label"]].to_dict("records")).encode(
        x=alt.X("value:Q").scale(domain=list(domain)).axis(title=title, grid=True, tickCount=5),
        y=alt.Y("measure:N", sort=measures).axis(
            title=None,
            labelExpr="split(datum.label, '\\n')",
            labelLineHeight=TEXT + 3,
            labelBaseline="bottom",
            labelLimit=labels,
            minExtent=labels,
            labelPadding=8,
            domain=False,
            ticks=False,
        ),
    )
    colour = alt.Color("name:N", sort=names, title=None).scale(domain=names, range=PALETTE)
    shape = alt.Shape("name:N", sort=names, title=None).scale(domain=names, range=SHAPES)
    line = base.mark_rule(stroke=GRID, strokeWidth=3).encode(
        x=alt.X("min(value):Q"), x2=alt.X2("max(value):Q")
    )
    points = base.mark_point(size=130, filled=True, opacity=1).encode(color=colour, shape=shape)
    figures = base.mark_text(dy=-14, fontSize=TEXT, color=INK).encode(text=alt.Text("label:N"))
    return alt.layer(line, points, figures).properties(width=WIDTH - labels - 40, height=len(measures) * 58)


def ramp(count: int) -> list[str]:
    """Return shades from dark to light, in even steps of lightness as the eye sees it.

    Examples
    --------
    >>> ramp(2)
    ['#12355b', '#ccd8e5']
    """
    dark, light = _channels(PALETTE[0]), _channels(_FAINT)
    parts = [number / max(1, count - 1) for number in range(count)]
    return [
        "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in zip(dark, light, strict=True))
        for part in parts
    ]


def _channels(color: str) -> list[int]:
    return [int(color[at : at + 2], 16) for at in (1, 3, 5)]


def _on(color: str) -> str:
    """Return the colour of letters on a ground: the one with the greater contrast."""
    linear = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in _channels(color)]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "white" if light < 0.2 else INK


def _figures(frame: pd.DataFrame) -> list[str]:
    """Return the two counts of each cell as text, zeros left out: "+3 −1"."""
    return [
        " ".join([f"+{plus}"] * (plus > 0) + [f"−{minus}"] * (minus > 0))
        for plus, minus in zip(frame["helpful"], frame["harmful"], strict=True)
    ]


def _present(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    there = set(frame["column"])
    return [name for name in columns if name in there]


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return frame[["name", "rank", "share", "start", "middle", "end", "paper"]].to_dict("records")
