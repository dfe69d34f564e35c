"""Quantities as a reader would write them."""

import pytest

from corridor import quantities


@pytest.mark.parametrize(
    ("value", "unit", "rounding", "language", "expected"),
    [
        (24.7e9, "USD", 1e8, "en", "USD 24.7 billion"),
        (24.7e9, "USD", 1e8, "ru", "24,7 млрд долл. США"),
        (6.05e12, "USD", 1e10, "en", "USD 6.05 trillion"),
        (-7.8e9, "USD", 1e8, "en", "USD −7.8 billion"),
        (86990000, "USD", 10000, "en", "USD 86.99 million"),
        (500, "EUR", 1, "ru", "500 евро"),
        (67, "percent", 1, "en", "67 percent"),
        (12.5, "percent", 0.1, "ru", "12,5 %"),
        (2178951, "firms", 1, "en", "2,178,951 firms"),
        (2178951, "firms", 1, "ru", "2 178 951 firms"),
        (1, "firms", 1, "en", "1 firm"),
        (1, "countries", 1, "en", "1 country"),
        (1, "branches", 1, "en", "1 branch"),
        (2.6, "times", 0.1, "en", "2.6 times"),
        (0.5, "points", 0.1, "en", "0.5 percentage points"),
        (179.66, "sqkm", 0.01, "en", "179.66 km²"),
        (60, "rank", 1, "en", "60"),
        (0.125, "index", 0.01, "en", "0.13"),
        (-0.125, "index", 0.01, "en", "−0.13"),
        (-0.001, "index", 0.01, "en", "0.00"),
    ],
)
def test_written(value: float, unit: str, rounding: float, language: str, expected: str) -> None:
    text = quantities.written(value, unit, rounding, language=language)
    assert text.replace("\u00a0", " ") == expected
    assert "  " not in text


def test_no_line_ends_within_a_quantity() -> None:
    assert " " not in quantities.written(24.7e9, "USD", 1e8)
    assert " " not in quantities.written(24.7e9, "USD", 1e8, language="ru").replace("долл. США", "")


def test_symbols() -> None:
    assert quantities.written(5, "percent", 1, symbols=True) == "5%"
    assert quantities.written(5, "percent", 1, symbols=True, language="ru") == "5\u00a0%"


def test_ranges_and_scales() -> None:
    assert quantities.written(380, "USD", 1, upper=500) == "USD\u00a0380–500"
    assert quantities.written(437e6, "USD", 1e6, scale=10**9) == "USD\u00a00.437\u00a0billion"


def test_words_and_ordinals() -> None:
    assert [quantities.in_words(n) for n in (0, 9, 20, 21, 2.5)] == ["zero", "nine", "twenty", None, None]
    assert quantities.in_words(4, "ru") == "четыре"
    assert [quantities.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th")
    ]
    assert quantities.ordinal(2.5) is None
