"""Charts of trade: DataFrames in, Altair charts out; most words come with the data or as arguments."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import altair as alt
import pandas as pd

from corridor.charts import DASHES, INK, MUTED, PALETTE, SHAPES, TEXT, WIDTH, plot, width_of
from corridor.messages import N_, gettext

_LINE = TEXT + 4


def lines(
    frame: pd.DataFrame,
    *,
    unit: str,
    shapes: str,
    years: tuple[int, int],
    main: str = "",
    spans: pd.DataFrame | None = None,
) -> alt.TopLevelMixin:
    """Draw flows over time, each line named at its end.

    Where two points of one line lie on each other, the lower one is drawn larger, so that both are seen.

    Parameters
    ----------
    frame
        One figure a row: ``name`` (of the line, in the order of first appearance), ``year``, ``value`` (in
        the unit shown), ``derived`` (computed figures are hollow) and ``lead`` (the figures that the line
        connects; the others are points beside it). A line never bridges a year without a figure.
    unit
        Title of the vertical axis.
    shapes
        Column whose values have their own point shapes; explained in a legend, in alphabetical order,
        unless it is ``name``.
    years
        First and last year of the horizontal axis.
    main
        Name of the line that is drawn thicker than the others.
    spans
        Bounds, drawn as bars: ``name`` of a line, ``year``, ``low`` and ``high`` in the unit shown.
    """
    names = list(dict.fromkeys(frame["name"]))
    kinds = names if shapes == "name" else sorted(frame[shapes].unique())
    rows = _with_runs(frame)
    for row in rows:
        row["ink"] = PALETTE[names.index(row["name"]) % len(PALETTE)]
        row["paper"] = "white" if row["derived"] else row["ink"]
    bars = [] if spans is None else _bars(spans, names)
    values = [row["value"] for row in rows] + [bar[end] for bar in bars for end in ("low", "high")]
    low, high = min([0.0, *values]), max([0.0, *values])
    height = 320
    ends = _ends(rows, names, gap=_LINE / height * (high - low))
    _uncover(rows, gap=6 / height * (high - low))
    right = max(map(width_of, names), default=0)

    x = alt.X("year:Q").scale(domain=[years[0] - 0.3, years[1] + 0.3], nice=False)
    x = x.axis(values=_ticks(*years), format="d", title=None)
    y = alt.Y("value:Q").scale(domain=[low, high], nice=True).axis(title=unit, tickCount=6)
    color = alt.Color("name:N", sort=names, legend=None).scale(domain=names, range=PALETTE)
    legend = (
        None if shapes == "name" else alt.Legend(title=None, symbolFillColor=MUTED, symbolStrokeColor=MUTED)
    )
    shape = alt.Shape(f"{shapes}:N", sort=kinds, legend=legend)
    shape = shape.scale(domain=kinds, range=SHAPES)

    drawn = (
        plot([row for row in rows if row["lead"]])
        .mark_line()
        .encode(
            x=x,
            y=y,
            color=color,
            detail=alt.Detail("run:N"),
            strokeDash=alt.StrokeDash("name:N", sort=names, legend=None).scale(domain=names, range=DASHES),
            strokeWidth=alt.StrokeWidth("name:N", sort=names, legend=None).scale(
                type="ordinal", domain=names, range=[3.2 if name == main else 2 for name in names]
            ),
        )
    )
    # Ready colours, without a scale: with one, the legend's symbols would take its colours too.
    points = plot(sorted(rows, key=lambda row: -row["size"])).mark_point(filled=True, strokeWidth=1.8)
    points = points.encode(
        x=x,
        y=y,
        shape=shape,
        stroke=alt.Stroke("ink:N", scale=None, legend=None),
        fill=alt.Fill("paper:N", scale=None, legend=None),
        size=alt.Size("size:Q", scale=None, legend=None),
    )
    labels = (
        plot(ends)
        .mark_text(align="left", baseline="middle", dx=10, fontWeight="bold")
        .encode(x=alt.X("year:Q"), y=alt.Y("value:Q"), text=alt.Text("name:N"))
    )
    zero = plot([{"value": 0}]).mark_rule(color=INK).encode(y=alt.Y("value:Q"))
    layers = [drawn, *_whiskers(bars, x), points, labels]
    if low < 0:
        layers.insert(0, zero)
    return alt.layer(*layers).properties(width=int(WIDTH - 60 - right), height=height)


def bounds(frame: pd.DataFrame, *, unit: str, years: tuple[int, int], columns: int = 2) -> alt.TopLevelMixin:
    """Draw what is known of flows, a panel for each area.

    Parameters
    ----------
    frame
        One flow a row: ``panel`` (title) and ``name`` (of the flow), both in the order of first appearance,
        ``year``, ``low`` and ``high`` in the unit shown, ``state`` (``printed``: a filled point; ``exact``: a
        hollow one; ``bounded``: a bar; others are not drawn) and ``telling``: whether the bounds are narrow
        enough for the axis to reach them. Wider bars leave the panel.
    unit
        Stands behind the title of each panel.
    years
        First and last year of the horizontal axes.
    columns
        Panels side by side.
    """
    names = list(dict.fromkeys(frame["name"]))
    inks = PALETTE[1:]
    step = 0.36 / max(1, len(names) - 1)
    offset = {name: number * step - step * (len(names) - 1) / 2 for number, name in enumerate(names)}
    drawn = frame.assign(
        at=frame["year"].astype(float) + frame["name"].map(offset),
        ink=frame["name"].map({name: inks[number % len(inks)] for number, name in enumerate(names)}),
        middle=(frame["low"] + frame["high"]) / 2,
    )
    drawn["paper"] = drawn["ink"].where(drawn["state"] == "printed", "white")
    x = alt.X("at:Q").scale(domain=[years[0] - 0.5, years[1] + 0.5], nice=False)
    x = x.axis(values=_ticks(*years, most=7), format="d", title=None)
    legend = alt.Legend(title=None, symbolFillColor=MUTED, symbolStrokeColor=MUTED)
    shape = alt.Shape("name:N", sort=names, legend=legend).scale(domain=names, range=SHAPES)
    panels = []
    for panel, cells in drawn.groupby("panel", sort=False):
        reached = cells[cells["telling"] & cells["state"].isin(["printed", "exact", "bounded"])]
        low, high = min([0.0, *reached["low"]]), max([1.0, *reached["high"]]) * 1.08
        y = alt.Y("low:Q").scale(domain=[low, high], nice=False).axis(title=None, tickCount=4)
        bars = cells[cells["state"] == "bounded"]
        # What lies beyond the panel is cut off, so that its end shows no line across.
        bars = bars.assign(top=bars["high"].clip(upper=high))[["at", "low", "top", "high", "ink"]]
        marked = bars[bars["high"] <= high].to_dict("records")
        rows = bars[bars["low"] <= high].to_dict("records")
        points = cells[cells["state"].isin(["printed", "exact"])]
        points = points[["at", "middle", "name", "ink", "paper"]].to_dict("records")
        ink = alt.Color("ink:N", scale=None, legend=None)
        layers = [
            plot(rows)
            .mark_rule(strokeWidth=2.5, opacity=0.6)
            .encode(x=x, y=y, y2=alt.Y2("top:Q"), color=ink),
            plot(marked)
            .mark_tick(orient="horizontal", size=8, thickness=2, opacity=0.6)
            .encode(x=x, y=alt.Y("high:Q"), color=ink),
            plot(rows)
            .mark_tick(orient="horizontal", size=8, thickness=2, opacity=0.6)
            .encode(x=x, y=alt.Y("low:Q"), color=ink),
            plot(points)
            .mark_point(filled=True, strokeWidth=1.6, size=36)
            .encode(
                x=x,
                y=alt.Y("middle:Q"),
                shape=shape,
                stroke=alt.Stroke("ink:N", scale=None, legend=None),
                fill=alt.Fill("paper:N", scale=None, legend=None),
            ),
        ]
        panels.append(
            alt.layer(*layers).properties(
                width=int(WIDTH / columns) - 55,
                height=150,
                title=alt.Title(
                    gettext("{name}, {unit}").format(name=panel, unit=unit), frame="group", offset=6
                ),
            )
        )
    return alt.concat(*panels, columns=columns, spacing={"row": 14, "column": 18})


BOUNDED = N_("known within bounds")
"""What the legend calls the bars of `lines`, in English."""


def _bars(spans: pd.DataFrame, names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            **{name: row[name] for name in ("name", "low", "high")},
            "year": int(row["year"]),
            "ink": PALETTE[names.index(row["name"]) % len(PALETTE)],
            "kind": gettext(BOUNDED),
        }
        for row in spans.to_dict("records")
        if row["name"] in names
    ]


def _whiskers(bars: list[dict[str, Any]], x: alt.X) -> list[alt.Chart]:
    """Draw bounds as bars with a line across each end, so that even narrow ones are seen."""
    if not bars:
        return []
    base = plot(bars).encode(x=x, color=alt.Color("ink:N", scale=None, legend=None))
    legend = alt.Legend(
        title=None, symbolType="M-0.7,-1H0.7M0,-1V1M-0.7,1H0.7", symbolStrokeColor=MUTED, symbolStrokeWidth=2
    )
    kind = alt.Opacity("kind:N", legend=legend).scale(domain=[gettext(BOUNDED)], range=[1])
    rule = base.mark_rule(strokeWidth=2.5).encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q"), opacity=kind)
    ends = [
        base.mark_tick(orient="horizontal", size=13, thickness=2.5, opacity=1).encode(y=alt.Y(f"{end}:Q"))
        for end in ("low", "high")
    ]
    return [rule, *ends]


def target(frame: pd.DataFrame, *, amount: float, due: int, unit: str, label: str) -> alt.TopLevelMixin:
    """Draw a flow as columns against the amount it is to reach.

    Parameters
    ----------
    frame
        year and ``value`` (in the unit shown).
    amount
        The target, in the same unit; columns that reach it are darker.
    due
        Year in which it is due, the end of the horizontal axis unless the figures go further.
    unit
        Title of the vertical axis.
    label
        What to write at the target's line.
    """
    known = frame.dropna(subset=["value"])
    rows: list[dict[str, Any]] = [
        {"year": int(y), "value": float(v), "reached": bool(v >= amount)}
        for y, v in zip(known["year"], known["value"], strict=True)
    ]
    first = min([row["year"] for row in rows] or [due])
    last = max([due, *(row["year"] for row in rows)])
    x = alt.X("year:O").scale(domain=list(range(first, last + 1)), paddingInner=0.25).axis(title=None)
    y = alt.Y("value:Q").scale(domain=[0, max([amount, *(row["value"] for row in rows)]) * 1.1])
    y = y.axis(title=unit, tickCount=6)
    base = plot(rows).encode(x=x, y=y)
    bars = base.mark_bar().encode(
        color=alt.ColorValue("#9fb3c8", condition={"test": "datum.reached", "value": PALETTE[0]})
    )
    figures = base.mark_text(baseline="bottom", dy=-3, fontSize=TEXT - 1).encode(
        text=alt.Text("value:Q", format=",.1f")
    )
    goal = plot([{"value": amount, "label": label, "year": first}]).encode(y=alt.Y("value:Q"))
    rule = goal.mark_rule(color=PALETTE[1], strokeWidth=2, strokeDash=[6, 3])
    name = goal.mark_text(
        align="left", baseline="bottom", dy=-5, x=0, color=PALETTE[1], fontWeight="bold"
    ).encode(text=alt.Text("label:N"))
    return alt.layer(bars, rule, figures, name).properties(width=WIDTH - 50, height=300)


def products(frame: pd.DataFrame, *, columns: int = 2, decimals: int = 2) -> alt.TopLevelMixin:
    """Draw the composition of flows, a panel of bars for each.

    Parameters
    ----------
    frame
        One share a row: ``flow`` (title of the panel, in the order of first appearance), ``product`` and
        ``value`` in percent.
    columns
        Panels side by side.
    decimals
        Digits after the point of the figures at the bars.
    """
    names = {product: _broken(product) for product in frame["product"]}
    longest = max((width_of(line) for name in names.values() for line in name.split("\n")), default=0)
    labels = min(int(longest), 165)
    width = int((WIDTH - 40) / columns - labels)
    domain = [0, frame["value"].max() * 100 / (100 - 4600 / width)]
    panels = []
    for flow, group in frame.groupby("flow", sort=False):
        rows = group.sort_values("value", ascending=False)[["product", "value"]]
        rows = rows.assign(product=rows["product"].map(names)).to_dict("records")
        base = plot(rows).encode(
            x=alt.X("value:Q", axis=None).scale(domain=domain, nice=False),
            y=alt.Y("product:N", sort=None).axis(
                title=None,
                labelExpr="split(datum.label, '\\n')",
                # Half of two lines lies above the middle of the bar.
                labelBaseline={
                    "condition": {"test": "indexof(datum.label, '\\n') > 0", "value": "bottom"},
                    "value": "middle",
                },
                labelFontSize=TEXT - 1,
                labelLineHeight=TEXT,
                labelPadding=5,
                minExtent=labels,
                labelLimit=labels,
                ticks=False,
                domain=False,
            ),
        )
        bars = base.mark_bar(height={"band": 0.7})
        figures = base.mark_text(align="left", baseline="middle", dx=4).encode(
            text=alt.Text("value:Q", format=f".{decimals}f")
        )
        panels.append(
            alt.layer(bars, figures).properties(
                width=width, height=len(rows) * 28, title=alt.Title(str(flow), frame="bounds", offset=8)
            )
        )
    drawn = alt.concat(*panels, columns=columns, spacing={"row": 22, "column": 24})
    return drawn.properties(padding={"left": 4, "top": 14, "right": 4, "bottom": 4})


def route_map(
    land: Sequence[dict[str, Any]],
    places: pd.DataFrame,
    legs: Sequence[dict[str, Any]],
    names: pd.DataFrame,
    *,
    tints: dict[str, str],
) -> alt.TopLevelMixin:
    """Draw routes and places on a map that is fitted to the places and the names.

    Parameters
    ----------
    land
        GeoJSON features with the property ``code``.
    places
        ``name``, ``kind`` (as the legend shows it, in the order of first appearance), ``lon``, ``lat``,
        ``strong`` (set in bold) and where the name goes: ``label_dx``, ``label_dy``, ``label_align``.
    legs
        GeoJSON lines with the property ``line``, see `corridor.trade.routes.legs`.
    names
        Names of areas: ``name``, ``lon``, ``lat``.
    tints
        Fill colours by area code; other land is pale.
    """
    width, height = WIDTH - 10, 500
    kinds = list(dict.fromkeys(places["kind"]))
    styles = list(dict.fromkeys(leg["properties"]["line"] for leg in legs))
    shaded = [{**feature, "tint": tints.get(feature["properties"]["code"], "#f6f6f6")} for feature in land]
    ground = plot(shaded).mark_geoshape(fill=alt.expr("datum.tint"), stroke="#9a9a9a", strokeWidth=0.7)
    at: dict[str, Any] = {
        "longitude": alt.Longitude("lon:Q"),
        "latitude": alt.Latitude("lat:Q"),
        "text": alt.Text("name:N"),
    }
    areas = plot(names.to_dict("records")).mark_text(color=MUTED, fontSize=TEXT - 1).encode(**at)
    lines = (
        plot(list(legs))
        .mark_geoshape(filled=False, strokeWidth=2, color=INK)
        .encode(
            strokeDash=alt.StrokeDash("properties.line:N", sort=styles, legend=None).scale(
                domain=styles, range=[[1, 0], [8, 3], [2, 2.5]][: len(styles)]
            )
        )
    )
    spots = plot(places.to_dict("records"))
    # One legend for lines and places: the lines are symbols in it.
    legend = alt.Legend(title=None, symbolOffset=12, labelOffset=17)

    def channel(kind: Any, of_lines: list[Any], of_places: list[Any]) -> Any:
        values = of_lines[: len(styles)] + of_places[: len(kinds)]
        # Ordinal: for sizes and widths the default takes only the ends of the range.
        scale = alt.Scale(type="ordinal", domain=styles + kinds, range=values)
        return kind("kind:N", sort=styles + kinds, legend=legend, scale=scale)

    marks = spots.mark_point(filled=True).encode(
        longitude=alt.Longitude("lon:Q"),
        latitude=alt.Latitude("lat:Q"),
        shape=channel(alt.Shape, _STROKES, ["diamond", "square", "circle", "circle"]),
        fill=channel(alt.Fill, [INK] * 3, [INK, INK, "white", "#9a9a9a"]),
        stroke=channel(alt.Stroke, [INK] * 3, [INK] * 4),
        strokeWidth=channel(alt.StrokeWidth, [2] * 3, [1.2] * 4),
        size=channel(alt.Size, [100] * 3, [75, 75, 60, 40]),
    )
    style: dict[str, Any] = {
        "fontSize": TEXT - 1,
        "baseline": "middle",
        "dx": alt.expr("datum.label_dx"),
        "dy": alt.expr("datum.label_dy"),
        "align": alt.expr("datum.label_align"),
        "fontWeight": alt.expr("datum.strong ? 700 : 400"),
    }
    halo = spots.mark_text(stroke="white", strokeWidth=3, strokeJoin="round", color="white", **style)
    ink = spots.mark_text(color=INK, **style)
    layers = [ground, areas, lines, halo.encode(**at), marks, ink.encode(**at)]
    return (
        alt.layer(*layers)
        .project(**_projection(pd.concat([places, names]), width, height))
        .properties(width=width, height=height)
        .configure_view(stroke="#9a9a9a", clip=True, fill="white")
        .configure_legend(
            orient="bottom-right", columns=1, fillColor="white", padding=8, offset=8, labelFontSize=TEXT - 1
        )
    )


_STROKES = [
    "M0,-0.8M0,0.8M-2.6,0H2.6",
    "M0,-0.8M0,0.8M-2.6,0h1.6m0.5,0h1.6m0.5,0h1",
    "M0,-0.8M0,0.8M-2.6,0h0.4" + "m0.4,0h0.4" * 6,
]
"""The lines of the legend - solid, dashed, dotted - as paths, in half widths of a symbol."""


def _projection(points: pd.DataFrame, width: int, height: int) -> dict[str, Any]:
    west, east = points["lon"].min(), points["lon"].max()
    south, north = points["lat"].min(), points["lat"].max()
    middle = (south + north) / 2
    across = math.radians(max(east - west, 1.0)) * math.cos(math.radians(middle))
    upward = math.radians(max(north - south, 1.0))
    return {
        "type": "conicConformal",
        "rotate": [-(west + east) / 2, 0],
        "center": [0, middle],
        "parallels": [south, north if north > south else south + 1],
        # Margins for the names of the outermost places and areas.
        "scale": min(0.86 * width / across, 0.75 * height / upward),
        "translate": [width / 2, height / 2],
    }


def _broken(name: str) -> str:
    """Break a long name into two lines, at the space nearest its middle."""
    spaces = [place for place, letter in enumerate(name) if letter == " "]
    if len(name) <= 15 or not spaces:
        return name
    at = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return f"{name[:at]}\n{name[at + 1 :]}"


def _uncover(rows: list[dict[str, Any]], gap: float) -> None:
    """Give every row the size of its point: the lower of two that lie on each other is larger."""
    for row in rows:
        row["size"] = 60
    for a, b in combinations(rows, 2):
        near = (a["name"], a["year"]) == (b["name"], b["year"]) and abs(a["value"] - b["value"]) < gap
        if near and a["source"] != b["source"]:
            lower, upper = (a, b) if a["derived"] or not b["derived"] else (b, a)
            lower["size"], upper["size"] = 170, 45
            if not lower["derived"]:
                upper["ink"] = "white"


def _with_runs(frame: pd.DataFrame) -> list[dict[str, Any]]:
    known = frame.dropna(subset=["value"]).sort_values("year", kind="stable")
    lead = known[known["lead"].astype(bool)]
    runs = lead["year"].astype(int).groupby(lead["name"]).diff().ne(1).groupby(lead["name"]).cumsum()
    known = known.assign(
        year=known["year"].astype(int),
        run=(lead["name"] + " " + runs.astype(str)).reindex(known.index).fillna(""),
    )
    columns = list(dict.fromkeys(["name", "year", "value", "derived", "lead", "run", "source"]))
    return known[[column for column in columns if column in known.columns]].to_dict("records")


def _ends(rows: list[dict[str, Any]], names: list[str], gap: float) -> list[dict[str, Any]]:
    """Place each name at its line's last figure, at least `gap` from the next name."""
    last = {row["name"]: row for row in rows if row["lead"]}
    right = max([row["year"] for row in last.values()], default=0)
    ends: list[dict[str, Any]] = [
        {"name": n, "year": right, "value": last[n]["value"]} for n in names if n in last
    ]
    ends.sort(key=lambda end: end["value"])
    heights = spread([end["value"] for end in ends], gap)
    return [{**end, "value": height} for end, height in zip(ends, heights, strict=True)]


def spread(heights: Sequence[float], gap: float) -> list[float]:
    """Move ascending heights apart to at least `gap`, each cluster around its own middle.

    Examples
    --------
    >>> spread([1.0, 1.0, 9.0], 2.0)
    [0.0, 2.0, 9.0]
    """
    clusters: list[list[float]] = []
    for height in heights:
        clusters.append([height])
        while len(clusters) > 1 and _bottom(clusters[-1], gap) < _top(clusters[-2], gap) + gap:
            upper = clusters.pop()
            clusters[-1] += upper
    return [_bottom(cluster, gap) + gap * i for cluster in clusters for i in range(len(cluster))]


def _middle(cluster: list[float]) -> float:
    return sum(cluster) / len(cluster)


def _bottom(cluster: list[float], gap: float) -> float:
    return _middle(cluster) - gap * (len(cluster) - 1) / 2


def _top(cluster: list[float], gap: float) -> float:
    return _middle(cluster) + gap * (len(cluster) - 1) / 2


def _ticks(first: int, last: int, most: int = 13) -> list[int]:
    step = 1 if last - first <= most else math.ceil((last - first) / most)
    return list(range(first, last + 1, step))
