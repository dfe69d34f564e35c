"""Charts of judgements."""

from xml.etree import ElementTree

import pandas as pd
import pytest

from corridor import plots
from corridor.charts import INK, PALETTE, TEXT, WIDTH, svg

COUNTS = pd.DataFrame(
    {
        "panel": ["Kazakhstan", "Kazakhstan", "Kazakhstan", "Kyrgyz Republic"],
        "row": ["Logistics", "Visas and travel", "Logistics", "Visas and travel"],
        "column": ["Xinjiang", "Xinjiang", "Khorgos", "Xinjiang"],
        "helpful": [3, 0, 2, 1],
        "harmful": [0, 2, 2, 0],
    }
)

SHARES = pd.DataFrame(
    {
        "panel": ["Kazakhstan"] * 4,
        "name": ["Awareness", "Awareness", "Payments", "Payments"],
        "rank": [1, 2, 1, 2],
        "share": [95.4, 4.6, 40.0, 60.0],
    }
)


def texts(drawn):
    nodes = ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")
    return [node.text for node in nodes if node.text]


def size(drawn):
    return float(ElementTree.fromstring(drawn).attrib["width"])


def heatmap(frame, columns=("Xinjiang", "South", "Khorgos")):
    return svg(plots.heatmap(frame, rows=["Visas and travel", "Logistics"], columns=columns))


def acceptability(frame, **options):
    return svg(plots.acceptability(frame, unit="Share, %", legend="Rank", **options))


def test_a_heatmap_prints_both_counts_and_leaves_out_zeros():
    found = texts(heatmap(COUNTS))
    assert {"+3", "−2", "+2 −2", "+1"} <= set(found)
    assert not any("0" in text for text in found if text[0] in "+−")


def test_a_panel_shows_only_its_own_columns():
    found = texts(heatmap(COUNTS))
    assert found.count("Xinjiang") == 2
    assert found.count("Khorgos") == 1
    assert "South" not in found


def test_rows_and_panels_are_named_once():
    found = texts(heatmap(COUNTS))
    for name in ("Kazakhstan", "Kyrgyz Republic", "Logistics", "Visas and travel"):
        assert found.count(name) == 1


@pytest.mark.parametrize("panels", [1, 2, 3])
def test_a_heatmap_fits_the_text_column(panels):
    columns = ["Xinjiang", "South", "Marketplaces", "Repurchase", "Khorgos"]
    frame = pd.DataFrame(
        [
            [f"Country {number}", "Payments and finance", column, 10, 10]
            for number in range(panels)
            for column in columns
        ],
        columns=["panel", "row", "column", "helpful", "harmful"],
    )
    drawn = svg(plots.heatmap(frame, rows=["Payments and finance"], columns=columns))
    assert size(drawn) <= WIDTH
    assert texts(drawn).count("Marketplaces") == panels


def test_names_wider_than_their_column_stand_upright():
    wide = plots.heatmap(COUNTS, rows=["Logistics"], columns=["Xinjiang", "Khorgos"]).to_dict()
    narrow = plots.heatmap(COUNTS, rows=["Logistics"], columns=["Xinjiang", "Khorgos" * 4]).to_dict()
    angles = [
        {
            layer["encoding"]["x"]["axis"]["labelAngle"]
            for panel in chart["concat"]
            for layer in panel["layer"]
        }
        for chart in (wide, narrow)
    ]
    assert angles == [{0}, {-90}]


def test_segments_bear_their_share_from_the_least_on():
    found = texts(acceptability(SHARES))
    assert {"95", "40", "60"} <= set(found)
    assert "5" not in found
    assert "5" in texts(acceptability(SHARES, least=4))


def test_segments_lie_end_to_end_in_the_order_of_the_ranks():
    chart = plots.acceptability(SHARES.iloc[::-1], unit="Share, %", legend="Rank").to_dict()
    (panel,) = chart["vconcat"]
    name = panel["layer"][0]["data"]
    rows = name["values"] if "values" in name else chart["datasets"][name["name"]]
    ends = {(row["name"], row["rank"]): (row["start"], row["end"]) for row in rows}
    assert ends["Awareness", 1] == (0, 95.4)
    assert ends["Awareness", 2] == pytest.approx((95.4, 100))
    assert ends["Payments", 1] == (0, 40)


def test_bars_keep_the_order_of_the_frame_and_fit_the_text_column():
    drawn = acceptability(SHARES)
    found = [text for text in texts(drawn) if text in ("Awareness", "Payments")]
    assert found == ["Awareness", "Payments"]
    assert size(drawn) <= WIDTH
    assert {"Kazakhstan", "Rank", "Share, %", "100"} <= set(texts(drawn))


def test_letters_are_large_enough():
    for drawn in (heatmap(COUNTS), acceptability(SHARES)):
        sizes = {
            float(node.attrib["font-size"].removesuffix("px"))
            for node in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")
        }
        assert min(sizes) >= 12
        assert max(sizes) <= TEXT


def luminance(color):
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a, b):
    high, low = sorted([luminance(a), luminance(b)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("count", range(1, 9))
def test_a_ramp_runs_from_dark_to_light(count):
    shades = plots.ramp(count)
    lights = [luminance(shade) for shade in shades]
    assert shades[0] == PALETTE[0]
    assert len(set(shades)) == count
    assert lights == sorted(lights)


def test_figures_can_be_read_on_every_shade():
    for count in range(1, 6):
        for rank, shade in enumerate(plots.ramp(count), start=1):
            frame = pd.DataFrame({"panel": ["A"], "name": ["B"], "rank": [rank], "share": [100.0]})
            frame = pd.concat([frame.assign(rank=r, share=100.0 * (r == rank)) for r in range(1, count + 1)])
            chart = plots.acceptability(frame, unit="", legend="").to_dict()
            source = chart["vconcat"][0]["layer"][1]["data"]
            (row,) = source["values"] if "values" in source else chart["datasets"][source["name"]]
            letters = {"white": "#ffffff"}.get(row["paper"], row["paper"])
            assert letters in ("#ffffff", INK)
            assert contrast(letters, shade) >= 4.5
