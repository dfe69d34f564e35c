import math

import pytest

from corridor.reconcile.solve import elastic
from corridor.reconcile.statements import amended, identities, read
from corridor.reconcile.system import flow

from .build import GROUPS, amounts, rank, rates, stated


def test_an_amount_is_its_interval_in_billions():
    (row,) = stated(amounts(a={"value": 2.0, "rounding": 0.1, "flow": "turnover"}))
    assert row.part == flow("CHN", "AAA", "turnover", "2020")
    assert (row.low, row.high, row.unit) == pytest.approx((1.95, 2.05, 0.05))


def test_a_qualified_amount_is_open_on_one_side():
    (row,) = stated(amounts(a={"value": 2.0, "qualifier": "over"}))
    assert (row.low, row.high) == (2.0, math.inf)


def test_a_share_is_part_by_whole():
    row, base = stated(others=rates(s={"value": 25.0, "rounding": 1.0}))
    assert row.part == flow("CHN", "AAA", "export", "2020")
    assert row.whole == flow("CHN", "REG", "export", "2020")
    assert (row.low, row.high) == pytest.approx((0.245, 0.255))
    # Nothing is a quarter of nothing, so the whole is something.
    assert base.part == row.whole
    assert base.low > 0


@pytest.mark.parametrize(
    ("changes", "whole"),
    [
        ({"base": "world"}, flow("CHN", "XWO", "export", "2020")),
        ({"base": "world.export", "flow": "balance"}, flow("CHN", "XWO", "export", "2020")),
        ({"base": "world", "partner": "XWO"}, flow("XWO", "XWO", "export", "2020")),
        ({"base": "all", "product": "energy"}, flow("CHN", "AAA", "export", "2020")),
        ({"base": "REG", "product": "goods"}, flow("CHN", "REG", "export", "2020")),
    ],
)
def test_the_whole_of_a_share(changes, whole):
    row, _ = stated(others=rates(s={"value": 25.0} | changes))
    assert row.whole == whole


def test_growth_and_multiples_compare_with_a_year():
    growth = {"indicator": "growth", "base": "2019", "value": 10.0}
    multiple = {"indicator": "multiple", "base": "2019", "value": 2.0, "qualifier": "nearly"}
    grown, _, times, _ = stated(others=rates(g=growth, m=multiple))
    assert grown.whole == flow("CHN", "AAA", "export", "2019")
    assert (grown.low, grown.high) == pytest.approx((1.095, 1.105))
    assert (times.low, times.high) == (1.0, 2.0)


def sides(rows):
    """Return (larger, smaller, year) for each order."""
    found = set()
    for row in rows:
        smaller, larger = sorted(row.part, key=row.part.__getitem__)
        found.add((larger.partner, smaller.partner, larger.period))
    return found


def test_first_and_last_of_a_group():
    assert sides(stated(others=rates(r=rank("AAA", 1)))) == {("AAA", "BBB", "2020"), ("AAA", "CCC", "2020")}
    assert sides(stated(others=rates(r=rank("CCC", 3)))) == {("AAA", "CCC", "2020"), ("BBB", "CCC", "2020")}


def test_a_second_place_behind_a_named_first():
    rows = stated(others=rates(r=rank("AAA", 1), s=rank("BBB", 2)))
    assert sides(row for row in rows if row.keys == ("s",)) == {("BBB", "CCC", "2020")}


def test_a_second_place_alone_says_only_that_the_others_together_are_as_large():
    (row,) = stated(others=rates(s=rank("BBB", 2)))
    mine, *_ = flow("CHN", "BBB", "export", "2020")
    assert row.part[mine] == -1
    assert sorted(row.part.values()) == [-1, 1, 1]


def test_a_rank_over_years_is_said_of_each():
    rows = stated(others=rates(r=rank("AAA", 1, period="2018/2020")))
    assert {next(iter(row.part)).period for row in rows} == {"2018", "2019", "2020"}
    assert {row.keys for row in rows} == {("r",)}


def test_a_run_of_growth():
    rows = stated(others=rates(r={"indicator": "run", "base": "", "period": "2019/2020", "unit": "years"}))
    later, earlier = (flow("CHN", "AAA", "export", year) for year in ("2019", "2018"))
    assert rows[0].part == later | dict.fromkeys(earlier, -1)
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"base": "gdp"}, "gross domestic product"),
        ({"year": None}, "no year"),
        ({"period": "2013/2020"}, "several years"),
        ({"indicator": "growth", "base": "2019", "flow": "balance"}, "sign"),
        ({"indicator": "rank", "base": "world", "value": 1}, "no source lists"),
        ({"indicator": "run", "base": "", "partner": "XWO"}, "first places"),
        ({"indicator": "volume"}, "indicator volume"),
    ],
)
def test_what_the_identities_cannot_test_is_named(row, why):
    found = read(amounts(), rates(s=row), groups=GROUPS)
    assert found.rows == ()
    assert why in found.silent["s"]


def test_an_aim_is_no_amount():
    assert "aim" in read(amounts(a={"status": "target"}), rates(), groups=GROUPS).silent["a"]


def test_a_group_is_the_sum_of_its_members():
    rows = stated(amounts(a={"partner": "REG"}))
    (law,) = [law for law in identities(rows, groups=GROUPS) if law.kind == "region"]
    assert sorted(law.part.values()) == [-1, -1, -1, 1]
    assert (law.low, law.high) == (0, 0)


@pytest.mark.parametrize(
    "part",
    [
        {"partner": "AAA"},
        {"partner": "XWO", "product": "energy"},
        {"partner": "XWO", "period": "2020-01/2020-03"},
    ],
)
def test_a_part_is_no_larger_than_its_whole(part):
    rows = stated(amounts(whole={"partner": "XWO", "value": 1.0}, part={"value": 1.2} | part))
    laws = identities(rows, groups=GROUPS)
    assert elastic(rows).fits
    assert not elastic([*rows, *laws]).fits


def test_readings_change_columns_of_one_figure():
    table = amended(amounts(a=1, b=2), {"a": {"partner": "BBB", "base": "world"}, "z": {"year": 1}})
    assert table["partner"].tolist() == ["BBB", "AAA"]
