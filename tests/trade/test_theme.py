"""The look of the charts (`corridor.charts`)."""

import itertools
import re
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pytest

from corridor import charts

# Simulation of colour blindness in linear RGB, severity 1: G. M. Machado, M. M. Oliveira and L. A. F.
# Fernandes, IEEE Transactions on Visualization and Computer Graphics 15 (2009).
VISION = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
    ],
}


def linear(colour):
    levels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    white = np.array([0.9505, 1, 1.089])
    xyz = matrix @ np.clip(rgb, 0, 1) / white
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def chart(rows=3):
    values = [{"a": i, "b": i * 1000.5 - 1000} for i in range(rows)]
    return charts.plot(values).mark_line(clip=True, point=True).encode(x="a:Q", y="b:Q")


@pytest.mark.parametrize("vision", VISION)
def test_colours_stay_apart(vision):
    seen = [lab(np.array(VISION[vision]) @ linear(colour)) for colour in charts.PALETTE]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 20


def test_colours_grow_lighter_and_stand_out_on_white():
    lightness = [lab(linear(colour))[0] for colour in charts.PALETTE]
    assert all(b - a > 8 for a, b in itertools.pairwise(lightness))
    for colour in charts.PALETTE:
        luminance = linear(colour) @ [0.2126, 0.7152, 0.0722]
        assert 1.05 / (luminance + 0.05) >= 3


def test_same_chart_same_bytes_whatever_was_drawn_before():
    first = charts.svg(chart())
    charts.svg(chart(9))
    assert charts.svg(chart()) == first


def test_ids_differ_between_charts_and_every_reference_resolves():
    ids = []
    for drawn in (charts.svg(chart()), charts.svg(chart(9))):
        tree = ElementTree.fromstring(drawn)
        own = [node.get("id") for node in tree.iter() if node.get("id")]
        assert own, "the clip path of the chart needs an id"
        assert set(re.findall(r"url\(#([^)]+)\)", drawn)) <= set(own)
        ids += own
    assert len(ids) == len(set(ids))


def test_charts_are_white_and_set_in_the_papers_font():
    drawn = charts.svg(chart())
    assert set(re.findall(r'font-family="([^"]+)"', drawn)) == {charts.FONT}
    assert "<rect width" in drawn
    assert 'fill="white"' in drawn
    assert "aria-label" not in drawn


def test_the_theme_is_not_switched_on_for_others():
    charts.svg(chart())
    assert alt.theme.active != "corridor"


def test_numbers_follow_the_language():
    russian = charts.svg(chart().configure(locale=charts.locale("ru")))
    assert "1\xa0000" in russian
    assert "1,000" in charts.svg(chart().configure(locale=charts.locale("en")))


def test_an_empty_chart_says_why():
    assert "Nothing to show" in charts.svg(charts.empty("Nothing to show"))
