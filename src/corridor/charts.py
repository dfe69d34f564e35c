"""The look of all charts, and their rendering to SVG: the same chart gives the same bytes."""

from __future__ import annotations

import json
from typing import Any

import altair as alt

from corridor.compute import drawer

FONT = "Noto Sans"

WIDTH = 680
"""Width of the text column in px; a chart is at most this wide, axes and labels included."""

TEXT = 13
"""Size of labels in px at full width."""

INK = "#1a1a1a"

MUTED = "#595959"

GRID = "#dddddd"

PALETTE = ["#12355b", "#8f2a10", "#14705f", "#9b66a8", "#c08400"]
"""Colours from dark to light: distinct in grey print and to the colour-blind, at least 3 : 1 on white."""

DASHES = [[1, 0], [6, 3], [2, 2], [9, 3, 2, 3], [12, 4], [4, 2, 1, 2]]
"""Line styles to go with the colours, so that nothing hangs on colour alone."""

SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
"""Point shapes to go with the colours."""


@alt.theme.register("corridor", enable=False)
def theme() -> Any:
    """Return the Vega-Lite configuration of every chart, as Altair's theme "corridor"."""
    text: dict[str, Any] = {
        "labelFontSize": TEXT,
        "titleFontSize": TEXT,
        "labelColor": INK,
        "titleColor": INK,
    }
    return {
        "config": {
            "aria": False,
            "background": "white",
            "font": FONT,
            "padding": 4,
            "view": {"stroke": None, "continuousWidth": 560, "continuousHeight": 300},
            "axis": text
            | {
                "titleFontWeight": "normal",
                "gridColor": GRID,
                "domainColor": MUTED,
                "tickColor": MUTED,
                "labelLimit": 220,
            },
            "axisX": {"grid": False, "labelAngle": 0},
            "axisY": {"domain": False, "ticks": False, "titleAngle": 0, "titleAlign": "left"}
            | {"titleX": 0, "titleY": -10, "titleBaseline": "bottom"},
            "legend": text
            | {"orient": "bottom", "titleFontWeight": "normal", "labelLimit": 300, "symbolSize": 90}
            | {"columnPadding": 18, "offset": 8},
            "header": text | {"titleFontWeight": "normal", "labelFontWeight": "bold"},
            "title": {"fontSize": TEXT, "fontWeight": "bold", "anchor": "start", "color": INK},
            "text": {"fontSize": TEXT, "color": INK},
            "point": {"size": 60, "filled": True, "opacity": 1},
            "bar": {"color": PALETTE[0]},
            "rule": {"color": MUTED},
            "range": {"category": PALETTE, "symbol": SHAPES},
        }
    }


def locale(language: str) -> dict[str, Any]:
    """Return how a language writes numbers, as Vega's ``config.locale``.

    Parameters
    ----------
    language
        A CLDR locale, such as ``en`` or ``ru``.

    Examples
    --------
    ``chart.configure(locale=locale("ru"))`` writes 1 234,5 on the axes.
    """
    from babel import Locale

    symbols = Locale.parse(language, sep="-" if "-" in language else "_").number_symbols["latn"]
    return {
        "number": {
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
            "grouping": [3],
            "currency": ["", ""],
            "minus": "−",
        }
    }


def width_of(text: str) -> float:
    """Return about how wide a text is drawn at full size, in px; generous for capitals and for bold.

    Examples
    --------
    >>> round(width_of("Trade")), round(width_of("Товар"))
    (35, 42)
    """
    return TEXT * sum(_CYRILLIC if "\u0400" <= letter <= "\u052f" else _LATIN for letter in text)


_LATIN, _CYRILLIC = 0.54, 0.65
"""Mean width of a letter, as a part of the size of the type."""


def plot(rows: list[dict[str, Any]]) -> Any:
    """Return an Altair chart of records, to be given marks and encodings.

    Encodings are quicker as ``alt.Text("name:N")`` than as mere text, for which Altair looks through all of
    its classes each time.

    Its type is ``Any``: type checkers cannot follow Altair's decorated methods.
    """
    return alt.Chart(_Rows(values=rows))


class _Rows(alt.InlineData):
    """Records that Altair neither checks nor copies with every change of a chart: no chart changes them."""

    _class_is_valid_at_instantiation = False

    def __deepcopy__(self, memo: Any) -> _Rows:
        return self


def empty(message: str) -> alt.Chart:
    """Return a chart that only says why there is nothing to show."""
    return (
        plot([{"message": message}])
        .mark_text(color=MUTED, fontSize=TEXT + 1)
        .encode(text=alt.Text("message:N"))
        .properties(width=WIDTH - 20, height=60)
    )


def svg(chart: Any) -> str:
    """Render a chart with the theme.

    Parameters
    ----------
    chart
        Any Altair chart.

    Returns
    -------
    str
        An SVG document, ended by a line end. The ids inside are made from the content: the same chart has
        the same ids, and two charts on one page have different ones.
    """
    with _enabled():
        spec = chart.to_dict()
    return drawer.svg(json.dumps(spec, sort_keys=True))  # whatever order Altair met the keys in


def _enabled() -> Any:
    return alt.theme.enable("corridor")
