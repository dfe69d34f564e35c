import re
from itertools import pairwise
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.charts import PALETTE, WIDTH, svg
from corridor.trade import charts

POINTS = pd.DataFrame(
    {
        "name": ["Exports"] * 3 + ["Imports"],
        "year": pd.array([2017, 2018, 2020, 2017], dtype="Int64"),
        "value": [5.0, 6.0, 7.0, -2.0],
        "derived": [False, True, False, False],
        "lead": True,
        "source": ["Huang", "Huang", "Zhang", "Zhang"],
    }
)


def texts(drawn):
    return [node.text for node in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]


def width(drawn):
    return float(ElementTree.fromstring(drawn).attrib["width"])


def drawn_lines(frame, shapes="source"):
    return svg(charts.lines(frame, unit="USD billion", shapes=shapes, years=(2017, 2020)))


def drawn_rows(frame):
    chart = charts.lines(frame, unit="USD", shapes="source", years=(2017, 2020)).to_dict()
    points = next(layer for layer in chart["layer"] if layer["mark"]["type"] == "point")
    return (
        points["data"]["values"] if "values" in points["data"] else chart["datasets"][points["data"]["name"]]
    )


def test_lines_say_what_they_are():
    drawn = drawn_lines(POINTS)
    assert {"Exports", "Imports", "Huang", "Zhang", "USD billion", "2017"} <= set(texts(drawn))
    assert width(drawn) <= WIDTH


def test_a_line_never_bridges_a_missing_year():
    # 2017 and 2018 are one run; 2020 stands alone, and so do the imports.
    runs = {row["year"]: row["run"] for row in drawn_rows(POINTS) if row["name"] == "Exports"}
    assert runs[2017] == runs[2018] != runs[2020]


def test_computed_points_are_hollow():
    papers = {(row["name"], row["year"]): row["paper"] for row in drawn_rows(POINTS)}
    assert papers["Exports", 2018] == "white"
    assert papers["Exports", 2017] != "white"


def test_of_two_points_on_each_other_both_are_seen():
    twice = pd.concat([POINTS, POINTS.assign(source="Other", derived=True, lead=False)], ignore_index=True)
    rows = [row for row in drawn_rows(twice) if (row["name"], row["year"]) == ("Exports", 2017)]
    below, above = rows
    assert below["derived"]
    assert not above["derived"]
    assert below["size"] > 2 * above["size"]
    assert len({row["size"] for row in drawn_rows(POINTS)}) == 1
    # Both filled: the upper one has a white edge.
    filled = pd.concat([POINTS, POINTS.assign(source="Other", lead=False)], ignore_index=True)
    rows = [row for row in drawn_rows(filled) if (row["name"], row["year"]) == ("Exports", 2017)]
    assert [row["ink"] for row in rows] == [PALETTE[0], "white"]


def test_the_main_line_is_thicker_and_the_sources_stand_in_alphabetical_order():
    reversed_sources = POINTS.assign(source=["Zhang", "Zhang", "Huang", "Huang"])
    chart = charts.lines(reversed_sources, unit="USD", shapes="source", years=(2017, 2020), main="Imports")
    drawn = svg(chart)
    assert [text for text in texts(drawn) if text in ("Huang", "Zhang")] == ["Huang", "Zhang"]
    assert re.findall(r'stroke-width="([\d.]+)" stroke-dasharray="6,3"', drawn) == ["3.2"]
    assert set(re.findall(r'stroke-width="([\d.]+)" stroke-dasharray="1,0"', drawn)) == {"2"}


def test_empty_values_are_not_drawn():
    with_gap = pd.concat([POINTS, POINTS.assign(value=float("nan"), year=2019)], ignore_index=True)
    assert drawn_lines(with_gap) == drawn_lines(POINTS)


@given(st.lists(st.floats(-100, 100), max_size=6).map(sorted), st.floats(0.1, 20))
def test_names_stay_apart_and_in_order(heights, gap):
    placed = charts.spread(heights, gap)
    assert len(placed) == len(heights)
    assert all(b - a >= gap - 1e-6 for a, b in pairwise(placed))
    assert sum(placed) == pytest.approx(sum(heights), abs=1e-6)


def test_target_names_the_goal_and_every_value():
    frame = pd.DataFrame({"year": [2021, 2022], "value": [50.0, 70.2]})
    drawn = svg(charts.target(frame, amount=70, due=2025, unit="USD billion", label="Target: 70"))
    assert {"Target: 70", "50.0", "70.2", "2025"} <= set(texts(drawn))
    assert width(drawn) <= WIDTH


def test_products_have_a_panel_a_flow():
    frame = pd.DataFrame(
        {
            "flow": ["China to Kazakhstan", "China to Kazakhstan", "Kazakhstan to China"],
            "product": ["Machinery and electrical", "Footwear", "Fuels"],
            "value": [26.27, 7.03, 51.3],
        }
    )
    drawn = svg(charts.products(frame))
    assert {"China to Kazakhstan", "Kazakhstan to China", "26.27", "51.30", "Footwear"} <= set(texts(drawn))
    # Long names stand on two lines.
    assert "Machinery and electrical" not in texts(drawn)
    assert "Machinery and" in drawn
    assert width(drawn) <= WIDTH


def test_the_map_shows_every_place_and_explains_its_signs():
    land = [
        {
            "type": "Feature",
            "properties": {"code": "KAZ"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[70, 40], [70, 50], [85, 50], [85, 40], [70, 40]]],
            },
        }
    ]
    places = pd.DataFrame(
        {
            "name": ["Khorgos", "Almaty"],
            "kind": ["Crossing", "City"],
            "lon": [80.4, 76.9],
            "lat": [44.2, 43.3],
            "strong": [True, False],
            "label_dx": [0, -8],
            "label_dy": [-10, -8],
            "label_align": ["center", "right"],
        }
    )
    leg = {
        "type": "Feature",
        "properties": {"line": "Road"},
        "geometry": {"type": "LineString", "coordinates": [[80.4, 44.2], [76.9, 43.3]]},
    }
    names = pd.DataFrame({"name": ["KAZAKHSTAN"], "lon": [78.0], "lat": [44.5]})
    drawn = svg(charts.route_map(land, places, [leg], names, tints={"KAZ": "#d3e2e8"}))
    assert {"Khorgos", "Almaty", "KAZAKHSTAN"} <= set(texts(drawn))
    # One legend explains lines and places.
    assert drawn.count("role-legend-symbol") == 3
    assert [text for text in texts(drawn) if text in ("Road", "Crossing", "City")] == [
        "Road",
        "Crossing",
        "City",
    ]
    assert drawn.count('role-legend"') == 1
    assert "#d3e2e8" in drawn
    assert width(drawn) <= WIDTH


def test_no_text_is_small():
    for drawn in (drawn_lines(POINTS), drawn_lines(POINTS, "name")):
        assert min(int(size) for size in re.findall(r'font-size="(\d+)px"', drawn)) >= 12


SPANS = pd.DataFrame(
    {"name": ["Imports", "Nobody"], "year": [2018, 2018], "low": [3.0, 3.0], "high": [9.0, 40.0]}
)


def marks(chart, kind):
    """Return the rows that a kind of mark draws."""
    layers = [layer for layer in chart["layer"] if layer["mark"]["type"] == kind]
    return [chart["datasets"][layer["data"]["name"]] for layer in layers if "name" in layer["data"]]


def test_bounds_are_bars_in_the_colour_of_their_line():
    chart = charts.lines(POINTS, unit="USD", shapes="source", years=(2017, 2020), spans=SPANS).to_dict()
    ends = [rows for rows in marks(chart, "tick") if rows]
    assert len(ends) == 2
    for rows in ends:
        assert [(row["year"], row["low"], row["high"], row["ink"]) for row in rows] == [
            (2018, 3.0, 9.0, PALETTE[1])
        ]
    # The axis reaches the bar, and the legend names it.
    assert chart["layer"][1]["encoding"]["y"]["scale"]["domain"] == [-2.0, 9.0]
    drawn = svg(charts.lines(POINTS, unit="USD", shapes="source", years=(2017, 2020), spans=SPANS))
    assert charts.BOUNDED in texts(drawn)
    assert charts.BOUNDED not in texts(drawn_lines(POINTS))
    assert width(drawn) <= WIDTH


def cells(*rows):
    columns = ["panel", "name", "year", "low", "high", "state", "telling"]
    return pd.DataFrame([("A", *row) for row in rows], columns=columns)


def test_bounds_tell_what_is_known():
    frame = cells(
        ("Exports", 2017, 5.0, 5.2, "printed", True),
        ("Exports", 2018, 6.0, 6.2, "exact", True),
        ("Exports", 2019, 4.0, 7.0, "bounded", True),
        ("Exports", 2020, 0.0, 90.0, "bounded", False),
        ("Imports", 2017, 0.0, float("inf"), "open", False),
    )
    chart = charts.bounds(frame, unit="USD billion", years=(2017, 2020)).to_dict()
    (panel,) = chart["concat"]
    drawn = {"datasets": chart["datasets"], "layer": panel["layer"]}
    (points,) = marks(drawn, "point")
    assert [(row["middle"], row["paper"]) for row in points] == [(5.1, PALETTE[1]), (6.1, "white")]
    (bars,) = marks(drawn, "rule")
    top = 7 * 1.08
    assert [(row["low"], row["top"]) for row in bars] == [(4.0, 7.0), (0.0, top)]
    # A bar that goes on beyond the panel has no line across its end.
    highs, lows = marks(drawn, "tick")
    assert [row["high"] for row in highs] == [7.0]
    assert [row["low"] for row in lows] == [4.0, 0.0]
    pictured = svg(charts.bounds(frame, unit="USD billion", years=(2017, 2020)))
    assert {"A, USD billion", "Exports", "Imports"} <= set(texts(pictured))
    assert width(pictured) <= WIDTH


def test_bounds_of_nothing_are_empty_panels():
    frame = cells(("Exports", 2014, 0.0, float("inf"), "open", False))
    assert "A, USD billion" in texts(svg(charts.bounds(frame, unit="USD billion", years=(2014, 2015))))
