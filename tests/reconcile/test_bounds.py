import math

import pandas as pd
import pytest

from corridor.reconcile.bounds import bounds, mirrored
from corridor.reconcile.system import BILLION

from .build import GROUPS, amounts, rates, stated


def table(flows, others=None, partners=("AAA",), years=(2020,), reporter="CHN"):
    found = bounds(stated(flows, others), reporter=reporter, partners=partners, years=years, groups=GROUPS)
    return {
        (row["partner"], row["flow"], row["year"]): (
            row["low"] / BILLION,
            row["high"] / BILLION,
            row["state"],
        )
        for row in found.to_dict("records")
    }


def test_what_follows_from_two_flows():
    found = table(amounts(a=5, b={"flow": "balance", "value": 2}))
    assert found["AAA", "export", 2020] == (pytest.approx(4.95), pytest.approx(5.05), "printed")
    # 5 - 2, both 0.05 off at most.
    assert found["AAA", "import", 2020] == (pytest.approx(2.9), pytest.approx(3.1), "exact")
    assert found["AAA", "turnover", 2020] == (pytest.approx(7.85), pytest.approx(8.15), "exact")


def test_what_is_left_of_a_region():
    flows = amounts(a=5, r={"partner": "REG", "value": 9})
    found = table(flows, partners=("REG", *GROUPS["REG"]))
    assert found["BBB", "export", 2020] == (0, pytest.approx(4.1), "bounded")
    flows = amounts(a=5, b={"partner": "BBB", "value": 1}, r={"partner": "REG", "value": 9})
    assert table(flows, partners=["CCC"])["CCC", "export", 2020] == (
        pytest.approx(2.85),
        pytest.approx(3.15),
        "exact",
    )


def test_what_has_no_end_is_open():
    found = table(amounts(a=5))
    assert found["AAA", "import", 2020] == (0, math.inf, "open")
    assert found["AAA", "balance", 2020] == (-math.inf, pytest.approx(5.05), "open")
    assert found["AAA", "turnover", 2020] == (pytest.approx(4.95), math.inf, "open")


def test_a_mere_bound_is_not_printed():
    assert table(amounts(a={"value": 5, "qualifier": "over"}))["AAA", "export", 2020] == (5, math.inf, "open")


def test_a_year_before_that_growth_tells():
    growth = {"indicator": "growth", "base": "2019", "value": 10}
    low, high, state = table(amounts(a=11), rates(g=growth), years=[2019])["AAA", "export", 2019]
    assert (low, high) == pytest.approx((10.95 / 1.105, 11.05 / 1.095))
    assert state == "exact"


def test_a_range_of_growth_only_bounds():
    growth = {"indicator": "growth", "base": "2019", "value": 40, "qualifier": "over"}
    low, high, state = table(amounts(a=14), rates(g=growth), years=[2019])["AAA", "export", 2019]
    assert (low, high) == pytest.approx((0.001, 14.05 / 1.4))
    assert state == "bounded"


def test_other_figures_narrow_a_printed_one():
    flows = amounts(
        a={"value": 5, "rounding": 1}, b={"flow": "import", "value": 2}, c={"flow": "balance", "value": 3.2}
    )
    # Printed 4.5 to 5.5, but 3.2 + 2 is 5.1 to 5.3.
    assert table(flows)["AAA", "export", 2020] == (pytest.approx(5.1), pytest.approx(5.3), "printed")


def test_mirrors_are_compared():
    flows = amounts(
        a={"partner": "KAZ", "value": 8},
        b={"reporter": "KAZ", "partner": "CHN", "flow": "import", "value": 5},
        c={"partner": "KAZ", "flow": "balance", "value": 2},
        d={"reporter": "KAZ", "partner": "CHN", "flow": "balance", "value": 1},
    )
    sides = pd.concat(
        bounds(stated(flows), reporter=one, partners=[other], years=[2020], groups=GROUPS)
        for one, other in (("CHN", "KAZ"), ("KAZ", "CHN"))
    )
    found = mirrored(sides).set_index("flow")
    assert found["reporter"].eq("CHN").all()
    # 7.95 to 8.05 against 4.95 to 5.05.
    assert found.loc["export", "gap"] == pytest.approx(2.9 * BILLION)
    # Imports of 6 against exports of 6: 5.9 to 6.1 on both sides.
    assert found.loc["import", "gap"] == 0
    # A surplus of 2 against a surplus of 1 of the other side, that is a deficit.
    assert found.loc["balance", ["low_mirror", "high_mirror"]].tolist() == pytest.approx([-1.05e9, -0.95e9])
    assert found.loc["balance", "gap"] == pytest.approx(2.9 * BILLION)
