"""What printed tokens say, and that the real data say the same."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from corridor.check.printed import read_printed

DATA = Path(__file__).parents[2] / "data"


def real_figures() -> list[tuple[str, str, str]]:
    """Return every different printed token of the real data that has a digit, with value and rounding."""
    found = {
        (row["printed"], row["value"], row["rounding"])
        for file in DATA.glob("*.csv")
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
        if "value" in row and any(character.isdigit() for character in row["printed"])
    }
    return sorted(found)


@pytest.mark.parametrize(
    ("token", "value", "rounding"),
    [
        ("$14.53 billion", "14530000000", "10000000"),
        ("$1.0 billion", "1000000000", "100000000"),
        ("$18 billion", "18000000000", "1000000000"),
        ("-$437 million", "-437000000", "1000000"),
        ("−$437 million", "-437000000", "1000000"),
        ("$-437 million", "-437000000", "1000000"),
        ("USD 1.958 billion", "1958000000", "1000000"),
        ("US$ 3 thousand", "3000", "1000"),
        ("4.56 billion USD", "4560000000", "10000000"),
        ("100 billion US dollars", "100000000000", "1000000000"),
        ("$6.05 trillion", "6050000000000", "10000000000"),
        ("$2 Billion", "2000000000", "1000000000"),
        ("1,234,567", "1234567", "1"),
        ("3.8 million tons", "3800000", "100000"),
        ("8,000 yuan", "8000", "1"),
        ("60th", "60", "1"),
        ("2.6-fold", "2.6", "0.1"),
        ("270.11²⁵ million", "270110000", "10000"),  # with a footnote's mark
        ("0.50%", "0.50", "0.01"),
        ("-3 %", "-3", "1"),
        ("29.9 pct", "29.9", "0.1"),
        ("7 percentage points", "7", "1"),
        (" 1.91 ", "1.91", "0.01"),
        ("0", "0", "1"),
    ],
)
def test_digits(token: str, value: str, rounding: str) -> None:
    reading = read_printed(token)
    assert reading is not None
    assert (reading.value, reading.rounding) == (Decimal(value), Decimal(rounding))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nearly triple",
        "a hundred times",
        "top 3",
        "billion",
        "$",
        "1.2.3",
        "3 to 4%",
        "1e9",
    ],
)
def test_words(token: str) -> None:
    assert read_printed(token) is None


@pytest.mark.parametrize(("token", "value", "rounding"), real_figures())
def test_real_data(token: str, value: str, rounding: str) -> None:
    reading = read_printed(token)
    assert reading is not None
    assert (reading.value, reading.rounding) == (Decimal(value), Decimal(rounding))


def test_real_data_are_there() -> None:
    assert len(real_figures()) > 200
