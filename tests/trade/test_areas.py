import pandas as pd
import pytest

from corridor.names import Name
from corridor.trade import areas

from .build import flows_table

AREAS = pd.DataFrame(
    {"code": ["KAZ", "XCA", "XEA"], "members": ["", "KAZ KGZ TJK", "KAZ KGZ ARM"]},
)


def test_members_and_regions():
    assert areas.members(AREAS, "XCA") == ["KAZ", "KGZ", "TJK"]
    assert areas.region_of(AREAS, ["KGZ", "KAZ"]) == "XCA"
    assert areas.region_of(AREAS, ["ARM"]) == "XEA"


def test_unknown_areas_are_refused():
    with pytest.raises(KeyError, match="XXX"):
        areas.members(AREAS, "XXX")
    with pytest.raises(ValueError, match="ARM, TJK"):
        areas.region_of(AREAS, ["TJK", "ARM"])


def test_rows_about_other_countries_are_left_out_on_both_sides():
    rows = flows_table(
        {"reporter": "CHN", "partner": "KAZ"},
        {"reporter": "CHN", "partner": "KGZ"},
        {"reporter": "TJK", "partner": "CHN"},
        {"reporter": "CHN", "partner": "XCA"},
    )
    kept = areas.concerning(rows, ["KAZ"], areas.members(AREAS, "XCA"))
    assert kept["partner"].tolist() == ["KAZ", "XCA"]


def test_rows_about_groups_of_other_countries_are_left_out():
    rows = flows_table(
        {"reporter": "CHN", "partner": "XKK"},
        {"reporter": "CHN", "partner": "XCA"},
        {"reporter": "CHN", "partner": "XWO"},
    )
    groups = {"XKK": ["KAZ", "KGZ"], "XCA": ["KAZ", "KGZ", "TJK"], "XWO": []}
    among = areas.members(AREAS, "XCA")
    assert areas.concerning(rows, ["TJK"], among, groups)["partner"].tolist() == ["XCA", "XWO"]
    assert areas.concerning(rows, ["KAZ"], among, groups)["partner"].tolist() == ["XKK", "XCA", "XWO"]


def test_sentences_that_name_another_country_are_left_out():
    tajik = areas.stem(Name("Таджикистан", {"genitive": "Таджикистана", "adjective": "таджикский"}))
    assert tajik == "таджик"
    text = "Сказано о всех годах (рис. 5). В 2017 г. таджикские поставки меньше: USD 46.7 million. Не то."
    assert areas.silent_on(text, [tajik]) == "Сказано о всех годах (рис. 5). Не то."
    assert areas.silent_on("Fits 5.49 / 3.45. Right.", [tajik]) == "Fits 5.49 / 3.45. Right."
    assert areas.silent_on(text, []) == text
