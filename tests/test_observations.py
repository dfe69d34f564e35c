import pandas as pd
import pytest

from corridor import data, observations

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
