import math

from corridor.reconcile.diagnose import readings, series
from corridor.reconcile.system import without

from .build import GROUPS, amounts, rank, rates, stated


def near(flows, others, key, *taken):
    found = readings(flows, others, key, without(stated(flows, others), {key, *taken}), groups=GROUPS)
    return {reading.label: reading for reading in found if reading.near}


def test_a_figure_of_the_region_given_to_a_country():
    flows = amounts(
        a=5,
        b={"partner": "BBB", "value": 3},
        c={"partner": "CCC", "value": 1},
        wrong={"partner": "CCC", "value": 9},
    )
    found = near(flows, rates(), "wrong")
    assert set(found) == {"partner REG"}
    assert found["partner REG"].changes == {"partner": "REG"}
    # 5 + 3 + 1, each 0.05 off at most.
    assert found["partner REG"].low < 9e9 < found["partner REG"].high
    assert math.isclose(found["partner REG"].high - found["partner REG"].low, 0.3e9)


def test_a_year_too_early():
    flows = amounts(
        a={"year": 2020, "value": 2}, b={"year": 2021, "value": 7}, wrong={"year": 2020, "value": 7}
    )
    assert near(flows, rates(), "wrong")["year +1"].changes == {"year": 2021}


def test_another_flow():
    flows = amounts(a=9, b={"flow": "import", "value": 2}, wrong={"flow": "turnover", "value": 7})
    assert set(near(flows, rates(), "wrong")) == {"flow balance"}


def test_a_share_of_another_whole():
    flows = amounts(
        a=9,
        b={"flow": "import", "value": 7},
        c={"partner": "REG", "value": 30},
        d={"partner": "REG", "flow": "import", "value": 26},
    )
    # (9 - 7) / (30 - 26) is 50 percent, (9 - 7) / 30 is 7.
    others = rates(wrong={"flow": "balance", "base": "REG.export", "value": 50})
    assert "base REG.balance" in near(flows, others, "wrong")


def test_a_rank_of_the_opposite_flow():
    flows = amounts(
        a=1,
        b={"partner": "BBB", "value": 5},
        c={"partner": "CCC", "value": 2},
        d={"flow": "import", "value": 8},
        e={"flow": "import", "partner": "BBB", "value": 3},
        f={"flow": "import", "partner": "CCC", "value": 4},
    )
    others = rates(wrong=rank("AAA", 1))
    assert set(near(flows, others, "wrong")) == {"flow import"} or "flow import" in near(
        flows, others, "wrong"
    )


def test_growth_of_the_next_year():
    flows = amounts(
        a={"year": 2019, "value": 10}, b={"year": 2020, "value": 10}, c={"year": 2021, "value": 15}
    )
    others = rates(wrong={"indicator": "growth", "base": "2019", "value": 50})
    assert near(flows, others, "wrong")["year +1"].changes == {"year": 2021, "base": "2020"}


def test_what_is_only_possible_is_not_near():
    flows = amounts(a=5, b={"partner": "REG", "value": 30}, wrong=9)
    found = readings(flows, rates(), "wrong", without(stated(flows), {"wrong"}), groups=GROUPS)
    assert {reading.label for reading in found if not reading.near} >= {"partner BBB", "year +1"}
    assert not any(reading.near for reading in found)


def test_a_mislabelled_series():
    flows = {}
    for year in (2018, 2019, 2020):
        flows[f"region{year}"] = {"partner": "REG", "year": year, "value": year - 2000.0}
        flows[f"right{year}"] = {"year": year, "value": 3}
        flows[f"wrong{year}"] = {"year": year, "value": year - 2000.0}
    table = amounts(**flows)
    wrong = [key for key in flows if key.startswith("wrong")]
    kept = without(stated(table), set(wrong))
    found = [r for key in wrong for r in readings(table, rates(), key, kept, groups=GROUPS)]
    assert series(found, [table, rates()]) == {tuple(wrong): "partner REG"}
