from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from corridor import data, messages, observations
from corridor.names import Name

COLUMNS = [
    *["indicator", "area", "partner", "item", "year", "period", "value", "unit", "rounding", "qualifier"],
    *["source", "locator"],
]


def rows(*entries: dict) -> pd.DataFrame:
    plain = {
        "indicator": "fee",
        "area": "KGZ",
        "partner": "",
        "item": "",
        "year": pd.NA,
        "period": "",
        "value": 1.0,
    }
    plain |= {"unit": "USD", "rounding": 1.0, "qualifier": "", "source": "a2020", "locator": "p. 1"}
    return pd.DataFrame([plain | entry for entry in entries], columns=COLUMNS)


@pytest.mark.parametrize(
    ("value", "unit", "rounding", "upper", "expected"),
    [
        (12.7, "percent", 0.1, None, "12.7%"),
        (43, "percent", 1, None, "43%"),
        (8000, "CNY", 1, None, "CNY 8,000"),
        (380, "USD", 1, 500, "USD 380–500"),
        (3800000, "tons", 100000, None, "3.8 million tons"),
        (147400000000, "USD", 100000000, None, "USD 147.4 billion"),
        (2178951, "firms", 1, None, "2,178,951 firms"),  # counted to the last one
        (250000, "persons", 1, None, "250,000 persons"),
        (68.2, "index", 0.1, None, "68.2"),
        (60, "rank", 1, None, "60"),
        (2.6, "times", 0.1, None, "2.6 times"),
        (1, "years", 1, None, "1 year"),
        (1, "years", 1, 9, "1–9 years"),
        (166, "tariff-lines", 1, None, "166 tariff lines"),
        (179.66, "sqkm", 0.01, None, "179.66 km²"),
    ],
)
def test_a_figure_is_told_as_precisely_as_it_was_printed(value, unit, rounding, upper, expected):
    assert observations.figure(value, unit, rounding, upper=upper) == expected


def test_numbers_follow_the_language():
    assert observations.figure(44.3, "index", 0.1, language="ru") == "44,3"


def test_the_ends_of_a_range_become_one_figure():
    told = observations.told(
        rows(
            {"value": 380.0, "qualifier": "from"},
            {"value": 500.0, "qualifier": "to"},
            {"value": 20.0, "unit": "percent", "qualifier": "up to"},
            {"value": 19.0, "unit": "hours", "qualifier": "about"},
        )
    )
    assert told["figure"].tolist() == ["USD 380–500", "up to 20%", "about 19 hours"]


def test_two_open_ends_of_different_things_stay_apart():
    told = observations.told(
        rows({"value": 3.0, "qualifier": "from"}, {"value": 9.0, "qualifier": "to", "item": "another"})
    )
    assert told["figure"].tolist() == ["USD 3", "USD 9"]


def test_times():
    frame = pd.DataFrame(
        {
            "year": pd.array([2023, None, 2024, 2022, 2023, 2025], dtype="Int64"),
            "period": ["", "", "2024-01/2024-10", "2022-06/2022-06", "2019/2023", "2024-11/2025-02"],
        }
    )
    expected = ["2023", "", "Jan–Oct 2024", "June 2022", "2019–2023", "Nov 2024–Feb 2025"]
    assert observations.when(frame) == expected
    russian = ["2023", "", "янв.–окт. 2024 г.", "июнь 2022 г.", "2019–2023", "нояб. 2024 г.–февр. 2025 г."]
    assert [plain(text).replace(" – ", "–") for text in observations.when(frame, "ru")] == russian


def plain(text: str) -> str:
    """Return a text with ordinary spaces."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["2023", "May 2023", "5 May 2023"]),
        ("ru", ["2023", "май 2023 г.", "5 мая 2023 г."]),
        ("kk", ["2023", "2023 ж. мам.", "2023 ж. 5 мам."]),
        ("ky", ["2023", "2023-ж. май", "2023-ж. 5-май"]),
    ],
)
def test_dates(language, expected):
    days = ("2023", "2023-05", "2023-05-05")
    assert [plain(observations.dated(day, language)) for day in days] == expected


@pytest.fixture
def speaking(tmp_path: Path) -> Iterator[None]:
    """Speak Russian by a small catalogue, then English again."""
    file = tmp_path / "locales" / "ru" / "analysis" / "a.po"
    file.parent.mkdir(parents=True)
    said = {
        "about {figure}": "около {figure}",
        "{measure} ({item}), {area}": "{area.genitive}: {measure} ({item})",
    }
    said["freight traffic"] = "грузы"
    file.write_text(
        "\n".join(f'msgid "{one}"\nmsgstr "{other}"\n' for one, other in said.items()), encoding="utf-8"
    )
    messages.use("ru", tmp_path)
    yield
    messages.use("en", tmp_path)


def test_words_around_a_figure_are_translated(speaking: None) -> None:
    told = observations.told(rows({"value": 19.0, "unit": "hours", "qualifier": "about"}), "ru")
    assert plain(told["figure"][0]) == "около 19 часов"
    names = {"KGZ": Name("Кыргызстан", {"genitive": "Кыргызстана"})}
    frame = rows({"indicator": "road-share", "item": "freight traffic"})
    assert observations.titles(frame, {"road-share": "Дороги"}, names) == ["Кыргызстана: Дороги (грузы)"]


AREAS = pd.DataFrame(
    {
        "code": ["KAZ", "KGZ", "UZB", "CHN", "XCA", "XKK", "XWO"],
        "members": ["", "", "", "", "KAZ KGZ UZB", "KAZ KGZ", ""],
    }
)
NAMES = {
    "KAZ": Name("Kazakhstan", {"adjective": "Kazakh"}),
    "KGZ": Name("Kyrgyz Republic", {"adjective": "Kyrgyz"}),
    "UZB": Name("Uzbekistan", {"adjective": "Uzbek"}),
}


@pytest.mark.parametrize(
    ("countries", "left"),
    [
        (["KAZ", "KGZ", "UZB"], "abcdefgh"),
        (["KAZ", "KGZ"], "abcdfgh"),
        (["KAZ"], "adfh"),
        (["KGZ"], "bcdg"),
        (["UZB"], "deg"),
    ],
)
def test_only_what_concerns_the_edition_is_left(countries, left):
    frame = rows(
        {"key": "a", "area": "KAZ"},
        {"key": "b", "area": "KGZ", "item": "way to Uzbekistan"},
        {"key": "c", "area": "KGZ", "partner": "CHN"},
        {"key": "d", "area": "CHN"},
        {"key": "e", "area": "UZB"},
        {"key": "f", "area": "CHN", "item": "by rail through Kazakhstan"},
        {"key": "g", "area": "XCA", "item": "China–Kyrgyzstan–Uzbekistan railway"},
        {"key": "h", "area": "CHN", "partner": "KAZ"},
    )
    frame["key"] = list("abcdefgh")
    own = observations.own(frame, frame, AREAS, countries, NAMES)
    assert "".join(own["key"]) == left


def test_groups_count_where_they_hold_a_country_of_the_edition():
    frame = rows({"area": "XKK"}, {"area": "XCA"}, {"area": "XWO"})
    for countries, left in ((["KAZ"], ["XKK", "XCA", "XWO"]), (["UZB"], ["XCA", "XWO"])):
        assert observations.own(frame, frame, AREAS, countries, NAMES)["area"].tolist() == left


def test_notes_that_name_another_country_are_empty():
    english = rows({"area": "KAZ"}, {"area": "KAZ"}).assign(note=["Like Kyrgyz goods.", "A target."])
    russian = english.assign(note=["Как товары Кыргызстана.", "Цель."])
    own = observations.own(russian, english, AREAS, ["KAZ"], NAMES)
    assert own["note"].tolist() == ["", "Цель."]
    both = observations.own(russian, english, AREAS, ["KAZ", "KGZ"], NAMES)
    assert both["note"].tolist() == russian["note"].tolist()


def test_countries_side_by_side():
    told = observations.told(
        rows(
            {"area": "KAZ", "value": 36.5, "unit": "percent", "rounding": 0.1},
            {"area": "KGZ", "value": 40.5, "unit": "percent", "rounding": 0.1, "year": 2023},
            {"area": "KGZ", "value": 96.0, "unit": "rank", "indicator": "rank", "year": 2023},
        )
    )
    table = observations.side_by_side(told, ["KAZ", "KGZ"])
    assert table["KAZ"][0] == "36.5%"
    assert pd.isna(table["KAZ"][1])
    assert table["KGZ"].tolist() == ["40.5% (2023)", "96"]  # the year stands once where it is one
    assert table["when"].tolist() == ["", "2023"]


def test_only_the_areas_asked_for_in_their_order():
    frame = rows({"area": "KGZ"}, {"area": "XCA"}, {"area": "UZB"}, {"area": "KAZ"})
    chosen = observations.concerning(frame, ["KAZ", "KGZ"], ["XCA"])
    assert chosen["area"].tolist() == ["KAZ", "KGZ", "XCA"]


def test_every_real_range_has_both_ends():
    table = data.open_package().table("observations")
    told = observations.told(table)
    assert len(table) - len(told) == (table["qualifier"] == "to").sum()
    assert not told["qualifier"].eq("to").any()
