"""Parts of the site that are functions of a few values: map, releases, colours."""

import re
from importlib.resources import files
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor import pandoc
from corridor.colours import DARK, LEAST, LIGHT, contrast, legible
from corridor.publish.basemap import Target, map_svg
from corridor.publish.feed import read_releases
from corridor.publish.pages import file_size
from corridor.publish.switches import language_name
from corridor.render.embedded.imprint import Imprint

from .build import square

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*shown: str, **targets: Target) -> ElementTree.Element:
    lands = [square("AAA", 60, 42, 8), square("BBB", 68, 42, 2), square("CCC", 72, 30, 20)]
    svg = map_svg(lands, shown, targets, 'A "map"')
    assert svg is not None
    return ElementTree.fromstring(svg)


def points(path: ElementTree.Element) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in re.findall(r"(-?\d+) (-?\d+)", path.get("d", ""))]


def test_map_shows_the_countries_of_the_paper() -> None:
    svg = drawn("AAA", "BBB", AAA=Target(href="a/en/index.html", title="A & B"))
    assert svg.get("aria-label") == 'A "map"'
    _, _, width, height = map(int, (svg.get("viewBox") or "").split())
    [link] = svg.iter("a")
    assert (link.get("href"), link.get("aria-label"), link.findtext("title")) == (
        "a/en/index.html",
        "A & B",
        "A & B",
    )
    assert all(0 <= x <= width and 0 <= y <= height for path in link.iter("path") for x, y in points(path))
    text = link.find("text")
    assert text is not None
    west, east = (
        min(x for x, _ in points(next(link.iter("path")))),
        max(x for x, _ in points(next(link.iter("path")))),
    )
    assert west < int(text.get("x", "")) < east
    assert len([group for group in svg.iter("g") if group.get("class") == "map-covered"]) == 1


def test_north_is_up_and_east_is_right() -> None:
    svg = drawn("AAA", "BBB", AAA=Target(href="a", title="A"), BBB=Target(href="b", title="B"))
    first, second = (points(next(link.iter("path"))) for link in svg.iter("a"))
    assert max(x for x, _ in first) == min(x for x, _ in second)
    assert max(y for _, y in first) == max(y for _, y in second)
    assert min(y for _, y in first) < min(y for _, y in second)
    # Mercator: a degree of latitude is 1 / cos(latitude) degrees of longitude.
    width = max(x for x, _ in second) - min(x for x, _ in second)
    height = max(y for _, y in second) - min(y for _, y in second)
    assert height / width == pytest.approx(1.367, abs=0.02)


def test_no_name_where_there_is_no_room() -> None:
    svg = drawn("AAA", "CCC", BBB=Target(href="b", title="B"))
    assert not list(svg.iter("a")), "not covered"
    small = map_svg([square("AAA", 60, 40, 20), square("BBB", 80, 40, 2)], ["AAA", "BBB"],
                    {"BBB": Target(href="b", title="B")}, "map")  # fmt: skip
    assert small is not None
    assert "<text" not in small


def test_no_map_of_other_countries() -> None:
    assert map_svg([square("AAA", 60, 42, 8)], ["BBB"], {}, "map") is None


@pytest.mark.parametrize(
    "heading",
    ["## 0.3.0 – 2026-11-22", "## 0.3.0 (2026-11-22)", "## [0.3.0] - 2026-11-22", "## v0.3.0 2026-11-22"],
)
def test_releases(heading: str) -> None:
    text = f"# Changelog\n\n## Unreleased\n\n- Soon.\n\n{heading}\n\n- Now.\n\n### Fixed\n\n- It.\n"
    [release] = read_releases(text)
    assert (release.version, str(release.day), release.changes) == (
        "0.3.0",
        "2026-11-22",
        "- Now.\n\n### Fixed\n\n- It.",
    )


def test_contrast() -> None:
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colour=colours, ground=st.sampled_from([LIGHT, DARK, "#ffffff", "#11181b"]))
def test_every_colour_becomes_legible(colour: str, ground: str) -> None:
    found = legible(colour, ground)
    assert contrast(found, ground) >= LEAST
    assert legible(found, ground) == found
    if contrast(colour, ground) >= LEAST:
        assert found == colour


@given(colour=colours)
def test_style_of_a_publisher(colour: str) -> None:
    style = Imprint(accent=colour).style
    pairs = re.findall(r"--accent:(#\w{6});--on-accent:(#\w{6})", style)
    assert len(pairs) == 3
    assert all(contrast(accent, on) >= LEAST for accent, on in pairs)
    assert Imprint().style == ""


def test_words() -> None:
    assert [language_name(code) for code in ("en", "ru", "kk", "ky")] == [
        "English",
        "Русский",
        "Қазақ тілі",
        "Кыргызча",
    ]
    assert (file_size(2_475_259, "en"), file_size(9_400, "ru")) == ("2.5 MB", "9 кБ")


def test_contact() -> None:
    assert Imprint(contact="a@example.org").contact_href == "mailto:a@example.org"
    assert Imprint(contact="https://example.org/").contact_href == "https://example.org/"


def test_language_of_words_in_print() -> None:
    text = pandoc.read('He said [да]{lang=ru-RU} and [нет]{.claim if="a > b" lang=kk}.')
    filter = files("corridor") / "render" / "corridor.lua"
    typst = pandoc.write(text, "typst", f"--lua-filter={filter}").strip()
    assert typst == 'He said #text(lang: "ru")[да] and #text(lang: "kk")[нет].'
