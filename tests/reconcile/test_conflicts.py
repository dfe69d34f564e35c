import math
import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.reconcile.conflicts import conflicts, fits, survey
from corridor.reconcile.statements import identities
from corridor.reconcile.system import BILLION, DIRECTIONS, stating

from .build import GROUPS, amounts, rank, rates, stated
from .test_solve import drawn


def found(flows=None, others=None):
    return conflicts(stated(flows, others), groups=GROUPS)


def test_two_figures_of_one_quantity():
    (conflict,) = found(amounts(a=5, b=6, c={"partner": "BBB"}))
    assert set(conflict.keys) == {"a", "b"}
    assert conflict.identities == ()
    # 1 apart, less half a rounding each.
    assert conflict.size == pytest.approx(0.9 * BILLION)
    assert conflict.changes == pytest.approx({"a": 0.9 * BILLION, "b": 0.9 * BILLION})


def test_the_figure_that_contradicts_all_others_is_the_suspect():
    (conflict,) = found(
        amounts(
            a=5,
            b={"flow": "import", "value": 3},
            c={"flow": "balance", "value": 2},
            d={"flow": "turnover", "value": 9},
        )
    )
    assert conflict.suspect == "d"
    assert conflict.others == ()


def test_a_balance_that_does_not_fit():
    (conflict,) = found(amounts(a=5, b={"flow": "import", "value": 3}, c={"flow": "balance", "value": 1}))
    assert conflict.identities == ("balance",)
    assert set(conflict.keys) == {"a", "b", "c"}
    assert {conflict.suspect, *conflict.others} == {"a", "b", "c"}
    assert conflict.size == pytest.approx(0.85 * BILLION)


def test_members_that_exceed_their_region():
    (conflict,) = found(amounts(a=5, b={"partner": "BBB", "value": 6}, r={"partner": "REG", "value": 10}))
    assert conflict.identities == ("region", "sign")
    # 11 - 10 less three half roundings.
    assert conflict.size == pytest.approx(0.85 * BILLION)


def test_a_share_and_its_amounts():
    (conflict,) = found(amounts(a=5, r={"partner": "REG", "value": 10}), rates(s={"value": 40}))
    assert conflict.identities == ("share",)
    # 4.95 / 10.05 is 49.25 percent, the printed share at most 40.5.
    assert conflict.changes["s"] == pytest.approx(4.95 / 10.05 * 100 - 40.5)
    # 0.405 x 10.05 is 4.07, the amount at least 4.95.
    assert conflict.changes["a"] == pytest.approx((4.95 - 0.405 * 10.05) * BILLION)


def test_growth_and_its_amounts():
    growth = {"indicator": "growth", "base": "2019", "value": 10}
    (conflict,) = found(amounts(a={"year": 2019, "value": 10}, b=12), rates(g=growth))
    assert conflict.identities == ("growth",)
    # 11.95 / 10.05 - 1 is 18.9 percent, the printed rate at most 10.5.
    assert conflict.changes["g"] == pytest.approx((11.95 / 10.05 - 1) * 100 - 10.5)


def test_a_rank_that_the_amounts_refute():
    (conflict,) = found(
        amounts(a=5, b={"partner": "BBB", "value": 6}), rates(r=rank("AAA", 1, period="2019/2020"))
    )
    assert conflict.identities == ("order",)
    assert conflict.changes["r"] == pytest.approx(0.9 * BILLION)


def test_one_rank_rather_than_an_amount_for_every_year():
    flows = {}
    for year in (2018, 2019, 2020):
        flows |= {
            f"a{year}": {"year": year, "value": 5},
            f"b{year}": {"partner": "BBB", "year": year, "value": 6},
        }
    (conflict,) = found(amounts(**flows), rates(r=rank("AAA", 1, period="2018/2020")))
    assert conflict.suspect == "r"


def test_shares_alone_have_no_size_in_money():
    shares = rates(a={"value": 40}, b={"flow": "import", "value": 60}, c={"flow": "turnover", "value": 70})
    (conflict,) = found(others=shares)
    assert math.isnan(conflict.size)
    assert "c" in {conflict.suspect, *conflict.others}


def test_conflicts_apart_are_found_apart():
    all_found = found(amounts(a=5, b=6, c={"year": 2021, "value": 5}, d={"year": 2021, "value": 7}))
    assert [set(conflict.keys) for conflict in all_found] == [{"a", "b"}, {"c", "d"}]


def test_sources_are_reconciled_alone_first_and_then_together():
    flows = amounts(
        a={"year": 2019, "value": 5},
        b={"year": 2019, "value": 6},
        c=5,
        d={"source": "two", "value": 6},
    )
    inside, between = survey(flows, rates(), groups=GROUPS)
    assert set(inside.keys) == {"a", "b"}
    assert not inside.across
    assert set(between.keys) == {"c", "d"}
    assert between.sources == ("one", "two")
    assert between.across


def test_mirrors_are_not_set_equal():
    mirror = {"reporter": "AAA", "partner": "CHN", "flow": "import", "value": 50}
    assert survey(amounts(a=5, m=mirror), rates(), groups=GROUPS) == []


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_rounding_makes_no_conflict(seed):
    rows, _ = drawn(random.Random(seed))
    assert conflicts(rows, groups=GROUPS) == []


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_a_corrupted_figure_among_redundant_ones_is_the_suspect(seed):
    draw = random.Random(seed)
    flows = {}
    for partner in GROUPS["REG"]:
        sold, bought = draw.uniform(1, 20), draw.uniform(1, 20)
        for name, times in DIRECTIONS.items():
            value = times.get("export", 0) * sold + times.get("import", 0) * bought
            flows[f"{partner}_{name}"] = {
                "partner": partner,
                "flow": name,
                "value": round(value, 2),
                "rounding": 0.01,
            }
    wrong = draw.choice(list(flows))
    flows[wrong] = flows[wrong] | {"value": flows[wrong]["value"] + draw.choice([-0.9, 0.5, 4])}
    (conflict,) = found(amounts(**flows))
    assert conflict.suspect == wrong
    assert conflict.others == ()


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
def test_every_conflict_is_irreducible(seed):
    draw = random.Random(seed)
    rows, _ = drawn(draw)
    keys = sorted({key for row in rows for key in row.keys})
    for key in draw.sample(keys, 3):
        rows = [
            row
            if row.keys != (key,) or row.kind == "base"
            else type(row)(
                **{
                    name: getattr(row, name)
                    for name in ("name", "keys", "part", "whole", "unit", "kind", "source")
                },
                low=row.low * 1.5 + 0.3,
                high=row.high * 1.5 + 0.3,
            )
            for row in rows
        ]
    for conflict in conflicts(rows, groups=GROUPS):

        def possible(chosen):
            some = stating(rows, set(chosen))
            return fits([*some, *identities(rows, groups=GROUPS)])

        assert not possible(conflict.keys)
        assert all(possible(fewer) for fewer in combinations(conflict.keys, len(conflict.keys) - 1))
