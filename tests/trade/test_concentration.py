import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.trade import concentration

KYRGYZ_TO_CHINA = [58.83, 30.27, 2.1, 1.94, 1.91]


def test_top_share_of_kyrgyz_exports_to_china():
    # enikeeva2025, Table 1: 58.83 + 30.27 + 2.1 + 1.94 + 1.91 = 95.05.
    assert concentration.top(KYRGYZ_TO_CHINA, 5) == pytest.approx(95.05)
    assert concentration.top(KYRGYZ_TO_CHINA, 1) == 58.83
    assert math.isnan(concentration.top(KYRGYZ_TO_CHINA, 6))


def test_bounds_of_kyrgyz_exports_to_china():
    # By hand: 58.83^2 + 30.27^2 + 2.1^2 + 1.94^2 + 1.91^2
    #   = 3460.9689 + 916.2729 + 4.41 + 3.7636 + 3.6481 = 4389.0635.
    # Left are 100 - 95.05 = 4.95. Spread over 11 groups: 11 x 0.45^2 = 2.2275, together 4391.291.
    # Packed: 1.91 + 1.91 + 1.13: 3.6481 + 3.6481 + 1.2769 = 8.5731, together 4397.6366.
    low, high = concentration.herfindahl_bounds(KYRGYZ_TO_CHINA, 16)
    assert low == pytest.approx(4391.291)
    assert high == pytest.approx(4397.6366)
    assert concentration.herfindahl_bounds(KYRGYZ_TO_CHINA)[0] == pytest.approx(4389.0635)


def test_complete_lists_have_one_index():
    assert concentration.herfindahl([100]) == 10_000
    assert concentration.herfindahl_bounds([100]) == (10_000, 10_000)
    assert concentration.herfindahl_bounds([25] * 4, groups=4) == (2500, 2500)


@pytest.mark.parametrize(
    ("shares", "groups", "message"),
    [
        ([], None, "no shares"),
        ([60, 60], None, "more than 100"),
        ([50, -1], None, "negative"),
        ([50, 30, 20], 2, "only 2 groups"),
        ([50, 10], 4, "too much"),
        ([50, 0], None, "do not add up"),
    ],
)
def test_impossible_lists_are_refused(shares, groups, message):
    with pytest.raises(ValueError, match=message):
        concentration.herfindahl_bounds(shares, groups)


def test_shares_may_exceed_100_by_their_rounding():
    low, high = concentration.herfindahl_bounds([33.34, 33.34, 33.33])
    assert low == high == pytest.approx(3334, abs=1)


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=16), st.data())
def test_bounds_hold_every_complete_list(weights, data):
    complete = sorted((100 * weight / sum(weights) for weight in weights), reverse=True)
    printed = complete[: data.draw(st.integers(1, len(complete)))]
    truth = concentration.herfindahl(complete)
    for groups in (None, len(complete), 16):
        low, high = concentration.herfindahl_bounds(printed, groups)
        assert low - 1e-6 <= truth <= high + 1e-6
        assert 0 <= low <= high + 1e-9
        assert high <= 10_000 + 1e-6


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=8))
def test_both_bounds_are_reached(weights):
    printed = [60 * weight / sum(weights) for weight in weights]
    smallest, rest = min(printed), 40.0
    full = int(rest / smallest + 1e-9)
    packed = [*printed, *[smallest] * full, max(rest - full * smallest, 0)]
    groups = len(packed)
    low, high = concentration.herfindahl_bounds(printed, groups)
    assert high == pytest.approx(concentration.herfindahl(packed))
    even = rest / (groups - len(printed))
    assert low == pytest.approx(concentration.herfindahl([*printed, *[even] * (groups - len(printed))]))


def test_table_has_a_row_a_flow_in_the_order_of_the_data():
    products = pd.DataFrame(
        {"flow": ["b", "b", "a"], "product": ["x", "y", "z"], "value": [30.0, 60.0, 100.0]}
    )
    table = concentration.table(products, by=["flow"], groups=16)
    assert table["flow"].tolist() == ["b", "a"]
    assert table["largest"].tolist() == ["y", "z"]
    assert table["top5"].isna().all()
    assert concentration.table(products.iloc[:0], by=["flow"]).empty
