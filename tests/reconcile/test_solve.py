import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.reconcile.extent import extent, extents, gap
from corridor.reconcile.solve import elastic, relaxation
from corridor.reconcile.statements import identities
from corridor.reconcile.system import DIRECTIONS, flow

from .build import GROUPS, amounts, rates, stated


def test_figures_within_their_roundings_fit():
    # 5 - 3 = 2, printed 2.1: 5.05 - 2.95 = 2.1.
    assert elastic(
        stated(amounts(a=5, b={"flow": "import", "value": 3}, c={"flow": "balance", "value": 2.1}))
    ).fits


def test_the_least_relaxation_is_counted_in_half_roundings():
    # 5 - 3 = 2, printed 1: 1 apart, less 3 half roundings of 0.05, is 0.85, that is 17 of them.
    found = elastic(stated(amounts(a=5, b={"flow": "import", "value": 3}, c={"flow": "balance", "value": 1})))
    assert found.total == pytest.approx(17)
    assert set(found.support) == {"a", "b", "c"}


def test_the_least_relaxation_in_money():
    rows = stated(amounts(a=5, b={"value": 6, "rounding": 1}))
    assert elastic(rows, money=True).total == pytest.approx(0.45)


def test_a_coarse_figure_gives_way_first():
    found = elastic(stated(amounts(fine={"value": 5, "rounding": 0.01}, coarse={"value": 7, "rounding": 1})))
    assert set(found.slack) == {"coarse"}


@pytest.mark.parametrize("ways", [{}, {"money": True}, {"signed": True}])
def test_the_relaxation_alone_is_the_same(ways):
    # The members exceed their region, which only an amount below zero would mend.
    rows = stated(amounts(a=5, b={"partner": "BBB", "value": 6}, r={"partner": "REG", "value": 10}))
    rows += identities(rows, groups=GROUPS)
    assert relaxation(rows, **ways) == pytest.approx(elastic(rows, **ways).total)


def test_the_gap_of_a_figure_is_its_way_to_what_the_others_allow():
    kept = stated(amounts(a=5, r={"partner": "REG", "value": 10}))
    share, base = stated(None, rates(s={"value": 40}))
    low, high = extent(kept, share.part, share.whole)
    assert gap(kept, share) == pytest.approx(low - share.high)
    assert high > low > share.high
    assert gap(kept, base) == 0
    (over,) = stated(amounts(b=7))
    assert gap(kept, over) == pytest.approx(6.95 - 5.05)


def test_a_share_of_what_is_never_positive_fits_nowhere():
    kept = stated(amounts(r={"partner": "REG", "value": 0, "qualifier": "under"}))
    share, _ = stated(None, rates(s={"value": 40}))
    assert gap(kept, share) == math.inf


def test_figures_that_touch_fit():
    assert elastic(stated(amounts(a=2.8, b=2.9))).fits
    assert extent(stated(amounts(a=2.8, b=2.9)), flow("CHN", "AAA", "export", "2020")) == pytest.approx(
        (2.85, 2.85)
    )


def test_a_gap_far_below_any_rounding_is_dust():
    # 2.85 and 2.850001: a fifty-thousandth of a half rounding apart.
    rows = stated(amounts(a=2.8, b=2.900001))
    assert elastic(rows).fits
    assert extent(rows, flow("CHN", "AAA", "export", "2020")) == pytest.approx((2.85, 2.85), abs=1e-5)


def test_tiny_figures_beside_large_ones():
    # 4.25 million to 10,000 dollars beside trillions: the contradiction is one rounding.
    small = {"value": 0.00425, "rounding": 0.00001}
    world = {"partner": "XWO", "value": 6000, "rounding": 10}
    assert elastic(stated(amounts(a=small, b=small | {"value": 0.00426}, w=world))).fits
    assert not elastic(stated(amounts(a=small, b=small | {"value": 0.00427}, w=world))).fits


def test_shares_alone_can_contradict():
    # Exports 40 and imports 60 percent of their wholes cannot be 70 percent of both together.
    shares = rates(
        a={"partner": "AAA", "value": 40},
        b={"partner": "AAA", "flow": "import", "value": 60},
        c={"partner": "AAA", "flow": "turnover", "value": 70},
    )
    found = elastic(stated(others=shares))
    # Wholes of 1 each have parts of 0.4 + 0.6, not 0.7 x 2: 0.4 less the half roundings of 0.005, 0.005 and
    # 2 x 0.005 is 0.38, that is 76 of them.
    assert found.total == pytest.approx(76)


def test_the_balance_of_exports_and_imports():
    rows = stated(
        amounts(
            a={"value": 5.37, "rounding": 0.01}, b={"flow": "import", "value": 0.08699, "rounding": 0.00001}
        )
    )
    # 5.365 - 0.086995 to 5.375 - 0.086985.
    assert extent(rows, flow("CHN", "AAA", "balance", "2020")) == pytest.approx((5.278005, 5.288015))


def test_exports_and_imports_of_balance_and_turnover():
    rows = stated(amounts(a={"flow": "balance", "value": 2}, b={"flow": "turnover", "value": 8}))
    # (8 + 2) / 2 and half of both roundings.
    assert extent(rows, flow("CHN", "AAA", "export", "2020")) == pytest.approx((4.95, 5.05))


def test_what_has_no_end():
    rows = stated(amounts(a={"flow": "balance", "value": 2}))
    assert extent(rows, flow("CHN", "AAA", "export", "2020")) == (pytest.approx(1.95), math.inf)
    assert extent(rows, flow("CHN", "BBB", "balance", "2020")) == (-math.inf, math.inf)
    assert extent(rows, flow("CHN", "AAA", "balance", "2020")) == pytest.approx((1.95, 2.05))


def test_ratios():
    rows = stated(amounts(a=2, b={"partner": "REG", "value": 8}))
    part, whole = (flow("CHN", partner, "export", "2020") for partner in ("AAA", "REG"))
    # 1.95 / 8.05 and 2.05 / 7.95.
    assert extent(rows, part, whole) == pytest.approx((1.95 / 8.05, 2.05 / 7.95))


def test_a_ratio_to_a_deficit_is_none():
    rows = stated(amounts(a=2, b={"flow": "balance", "value": -3}))
    found = extent(rows, flow("CHN", "AAA", "export", "2020"), flow("CHN", "AAA", "balance", "2020"))
    assert all(math.isnan(bound) for bound in found)


def test_contradictions_have_no_extent():
    with pytest.raises(ArithmeticError):
        extent(stated(amounts(a=2, b=3)), flow("CHN", "AAA", "export", "2020"))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_many_at_a_time_and_one_at_a_time_agree(seed):
    rows, targets = drawn(random.Random(seed))
    rows = [*rows, *identities(rows, groups=GROUPS)]
    together = extents(rows, targets)
    apart = [extents(rows, [target])[0] for target in targets]
    for found, expected in zip(together, apart, strict=True):
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


def drawn(draw):
    """Return rows of a consistent system of three countries and four years, and all its flows."""
    truth = {
        (partner, year, name): draw.uniform(0.1, 20)
        for partner in GROUPS["REG"]
        for year in range(2017, 2021)
        for name in ("export", "import")
    }
    for year in range(2017, 2021):
        for name in ("export", "import"):
            truth["REG", year, name] = sum(truth[partner, year, name] for partner in GROUPS["REG"])

    def amount(partner, year, name):
        return sum(times * truth[partner, year, side] for side, times in DIRECTIONS[name].items())

    cube = [(p, y, n) for p in ("REG", *GROUPS["REG"]) for y in range(2017, 2021) for n in DIRECTIONS]
    flows, others = {}, {}
    for number, (partner, year, name) in enumerate(draw.sample(cube, 24)):
        flows[f"f{number}"] = {
            "partner": partner,
            "year": year,
            "flow": name,
            "value": round(amount(partner, year, name), 1),
        }
    for number, (partner, year, name) in enumerate(draw.sample(cube, 16)):
        if name != "balance" and year > 2017:
            change = (amount(partner, year, name) / amount(partner, year - 1, name) - 1) * 100
            others[f"g{number}"] = {
                "indicator": "growth",
                "partner": partner,
                "year": year,
                "flow": name,
                "base": str(year - 1),
                "value": round(change),
            }
        elif name != "balance" and partner != "REG":
            others[f"s{number}"] = {
                "partner": partner,
                "year": year,
                "flow": name,
                "value": round(amount(partner, year, name) / amount("REG", year, name) * 100),
            }
    return stated(amounts(**flows), rates(**others)), [flow("CHN", p, n, str(y)) for p, y, n in cube]
