import pandas as pd
import pytest

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
