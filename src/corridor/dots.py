from __future__ import annotations

import altair as alt
import pandas as pd

from corridor.charts import GRID, INK, PALETTE, SHAPES, TEXT, WIDTH, plot


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
    line = base.mark_rule(stroke=GRID, strokeWidth=3).encode(x="min(value):Q", x2="max(value):Q")
    points = base.mark_point(size=130, filled=True, opacity=1).encode(color=colour, shape=shape)
    figures = base.mark_text(dy=-14, fontSize=TEXT, color=INK).encode(text="label:N")
    return alt.layer(line, points, figures).properties(width=WIDTH - labels - 40, height=len(measures) * 58)
