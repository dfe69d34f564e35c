"""Quantities as a reader would write them."""

import ast
import csv
import json
from decimal import Decimal
from pathlib import Path

import pytest

from corridor import quantities
from corridor.facts import FORMS, Fact

ROOT = Path(__file__).parents[1]
LANGUAGES = ("en", "ru", "kk", "ky")


def units_of_the_paper() -> set[str]:
    """Return the units in the tables of the paper, and those of facts that its notebooks state."""
    found = set()
    for table in (ROOT / "data").glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as stream:
            found |= {row["unit"] for row in csv.DictReader(stream) if row.get("unit")}
    for notebook in (ROOT / "analysis").glob("*.ipynb"):
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                found |= units_in_code("".join(cell["source"]))
    return found


def units_in_code(source: str) -> set[str]:
    """Return the constants that calls of fact, derive and count take as unit."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    stating = [call for call in calls if ast.unparse(call.func) in ("facts.fact", "facts.derive", "count")]
    keywords = [keyword for call in stating for keyword in call.keywords if keyword.arg == "unit"]
    return {ast.literal_eval(one.value) for one in keywords if isinstance(one.value, ast.Constant)}


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
        (2178951, "firms", 1, "ru", "2 178 951 фирма"),
        (3, "firms", 1, "ru", "3 фирмы"),
        (12, "firms", 1, "ru", "12 фирм"),
        (2.2e6, "firms", 1e5, "ru", "2,2 млн фирм"),
        (2.6, "times", 0.1, "ru", "2,6 раза"),
        (1.02, "times", 0.1, "ru", "1,0 раза"),
        (5, "times", 1, "ru", "5 раз"),
        (21, "years", 1, "ru", "21 год"),
        (1.5, "years", 0.1, "ru", "1,5 года"),
        (8000, "CNY", 1, "ru", "8 000 юаней"),
        (11, "interviews", 1, "ru", "11 интервью"),
        (24.7e9, "USD", 1e8, "kk", "24,7 млрд АҚШ доллары"),
        (24.7e9, "USD", 1e8, "ky", "24,7 млрд АКШ доллары"),
        (12.5, "percent", 0.1, "kk", "12,5%"),
        (12.5, "percent", 0.1, "ky", "12,5%"),
        (0.5, "points", 0.1, "kk", "0,5 пайыздық тармақ"),
        (10141, "firms", 1, "kk", "10 141 фирма"),
        (11, "interviews", 1, "ky", "11 маек"),
        (2.6, "times", 0.1, "ky", "2,6 эсе"),
        (4, "count", 1, "en", "4"),
        (2023, "year", 1, "ru", "2023"),
        (1, "firms", 1, "en", "1 firm"),
        (1, "countries", 1, "en", "1 country"),
        (1, "branches", 1, "en", "1 branch"),
        (2.6, "times", 0.1, "en", "2.6 times"),
        (0.5, "points", 0.1, "en", "0.5 percentage points"),
        (179.66, "sqkm", 0.01, "en", "179.66 km²"),
        (60, "rank", 1, "en", "60"),
        (0.125, "index", 0.01, "en", "0.13"),
        (-0.125, "index", 0.01, "en", "−0.13"),
        (-0.125, "index", 0.01, "kk", "−0,13"),
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
    assert quantities.written(5, "percent", 1, symbols=True, language="kk") == "5%"
    assert quantities.written(5, "firms", 1, symbols=True, language="ky") == "5\u00a0фирма"


def test_ranges_and_scales() -> None:
    assert quantities.written(380, "USD", 1, upper=500) == "USD\u00a0380–500"
    assert quantities.written(1, "days", 1, upper=21, language="ru") == "1–21\u00a0день"
    assert quantities.written(7, "days", 1, upper=8, language="ru") == "7–8\u00a0дней"
    assert quantities.written(437e6, "USD", 1e6, scale=10**9) == "USD\u00a00.437\u00a0billion"


def test_words_and_ordinals() -> None:
    assert [quantities.in_words(n) for n in (0, 9, 20, 21, 2.5)] == ["zero", "nine", "twenty", None, None]
    assert quantities.in_words(4, "ru") == "четыре"
    assert [quantities.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th")
    ]
    assert quantities.ordinal(2.5) is None
    assert [quantities.ordinal(n, "ru") for n in (1, 60)] == ["1-е", "60-е"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("kk", "1-ші 3-ші 6-шы 10-шы 12-ші 26-шы 40-шы 50-ші 97-ші 100-ші 119-шы 200-ші 1000-шы"),
        ("ky", "1-чи 3-чү 6-чы 10-чу 12-чи 26-чы 40-чы 50-чү 97-чи 100-чү 119-чу 200-чү 1000-чи"),
    ],
)
def test_ordinals_end_as_the_numeral_that_is_spoken_last(language: str, expected: str) -> None:
    places = (1, 3, 6, 10, 12, 26, 40, 50, 97, 100, 119, 200, 1000)
    assert " ".join(str(quantities.ordinal(place, language)) for place in places) == expected


def test_counts_in_words_up_to_twenty() -> None:
    for language in LANGUAGES:
        words = [quantities.in_words(count, language) for count in range(21)]
        assert None not in words
        assert len(set(words)) == 21
        assert quantities.in_words(21, language) is None
    assert [quantities.in_words(n, "kk") for n in (0, 8, 20)] == ["нөл", "сегіз", "жиырма"]
    assert [quantities.in_words(n, "ky") for n in (0, 8, 20)] == ["нөл", "сегиз", "жыйырма"]


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [
        (2, "firms", "две"),
        (1, "railways", "одна"),
        (2, "contradictions", "два"),
        (1, "contradictions", "одно"),
        (2, "years", "два"),
        (1, "posts", "один"),
        (3, "firms", "три"),
    ],
)
def test_russian_words_agree_with_what_is_counted(count: int, unit: str, expected: str) -> None:
    assert quantities.in_words(count, "ru", unit) == expected
    assert quantities.in_words(count, "kk", unit) == quantities.in_words(count, "kk")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_of_the_paper_can_be_written(language: str) -> None:
    units = units_of_the_paper()
    assert {"USD", "percent", "firms", "steps", "matrices", "index-points"} <= units
    assert [unit for unit in sorted(units) if not quantities.has_unit(unit, language)] == []
    for unit in units:
        for value in (0, 1, 2, 5, 21, 1.5, -3, 2.5e9):
            one = Fact(
                key="a.b", title="T", value=value, unit=unit, rounding=0.1, status="reported", sources=()
            )
            texts = [one.text(form, language=language) for form in ("", *FORMS)]
            assert texts[0]
            if language != "en" and unit != "TEU":
                words = "".join(filter(None, texts))
                assert not any("a" <= letter.lower() <= "z" for letter in words), (unit, texts)


def test_units_have_the_forms_that_their_language_needs() -> None:
    import yaml

    units = yaml.safe_load((ROOT / "src/corridor/units.yml").read_text(encoding="utf-8"))
    for unit, named in units.items():
        assert {"ru", "kk", "ky"} <= named.keys(), unit
        assert named.keys() <= set(LANGUAGES), unit
        for language, forms in named.items():
            assert isinstance(forms, str) or len(forms) in {"en": (2,), "ru": (1, 3)}.get(language, ()), unit


@pytest.mark.parametrize("language", [*LANGUAGES, "en-GB", "uz", "tg", "tk"])
def test_digits_are_grouped_as_the_unicode_consortium_has_it(language: str) -> None:
    from babel.numbers import format_decimal

    for value in ("0", "-0.5", "999.95", "-1234.50", "1234567.891", "98765432101234"):
        number = Decimal(value)
        places = -min(0, int(number.as_tuple().exponent))
        pattern = "#,##0" + ("." + "0" * places if places else "")
        expected = format_decimal(number, format=pattern, locale=language.replace("-", "_"))
        assert quantities.grouped(number, places, language) == expected.replace("-", "−")
