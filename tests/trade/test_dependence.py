import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.growth import cagr
from corridor.trade import dependence, flows

from .build import flows_table

amounts = st.floats(0.001, 1e6)


def test_kazakhstan_2024():
    # huang2025: China exports 28.11, imports 15.86; from Kazakhstan's side coverage 15.86 / 28.11 = 56.42
    # percent and balance (15.86 - 28.11) / (15.86 + 28.11) = -12.25 / 43.97 = -0.2786.
    assert dependence.coverage(15.86, 28.11) == pytest.approx(56.42, abs=0.005)
    assert dependence.normalised_balance(15.86, 28.11) == pytest.approx(-0.2786, abs=5e-5)


def test_no_ratio_without_trade():
    assert math.isnan(dependence.coverage(5, 0))
    assert math.isnan(dependence.normalised_balance(0, 0))
    with pytest.raises(ValueError, match="negative"):
        dependence.normalised_balance(-1, 2)


@given(amounts, amounts)
def test_the_normalised_balance_is_bounded_and_antisymmetric(exports, imports):
    value = dependence.normalised_balance(exports, imports)
    assert -1 <= value <= 1
    assert dependence.normalised_balance(imports, exports) == pytest.approx(-value)
    assert (dependence.coverage(exports, imports) > 100) == (exports / imports * 100 > 100)


def test_volatility_by_hand():
    # 1, 2, 1, 2: changes +ln 2, -ln 2, +ln 2; mean ln 2 / 3; squared distances (2/3)^2, (4/3)^2, (2/3)^2 of
    # ln^2 2, together 24/9; sample variance 24/18 = 4/3; deviation 2 / sqrt 3 x ln 2 = 0.80037.
    series = pd.Series({2017: 1.0, 2018: 2.0, 2019: 1.0, 2020: 2.0})
    assert dependence.volatility(series) == pytest.approx(80.037, abs=0.001)


def test_volatility_bridges_no_gap():
    assert math.isnan(dependence.volatility(pd.Series({2017: 1.0, 2018: 2.0, 2020: 1.0, 2021: 3.0})))
    assert math.isnan(dependence.volatility(pd.Series({2017: 1.0})))
    assert math.isnan(dependence.volatility(pd.Series(dtype="float64")))


@given(amounts, st.floats(0.5, 2))
def test_steady_growth_is_not_volatile(start, factor):
    series = pd.Series({2000 + i: start * factor**i for i in range(6)})
    assert dependence.volatility(series) == pytest.approx(0, abs=1e-6)


def trade(*rows):
    figures = flows.best(flows_table(*rows))
    return flows.wide(figures, reporter="AAA", partners=["BBB", "CCC"], years=range(2017, 2025))


def test_table_takes_the_partners_side():
    table = dependence.table(
        trade(
            {"flow": "export", "year": 2017, "value": 11.63},
            {"flow": "import", "year": 2017, "value": 6.34},
            {"flow": "export", "year": 2024, "value": 28.11},
            {"flow": "import", "year": 2024, "value": 15.86},
        ),
        ["BBB", "CCC"],
    )
    first = table.iloc[0]
    assert (first["first"], first["last"]) == (2017, 2024)
    assert first["coverage"] == pytest.approx(56.42, abs=0.005)
    assert first["normalised"] < 0
    assert first["imports_cagr"] == pytest.approx(cagr(11.63, 28.11, 7))
    assert first["exports_cagr"] == pytest.approx(cagr(6.34, 15.86, 7))
    assert table.iloc[1].drop("partner").isna().all()


def test_table_of_a_single_year_and_of_nobody():
    table = dependence.table(trade({"flow": "export", "value": 2}, {"flow": "import", "value": 1}), ["BBB"])
    assert table["coverage"].tolist() == [50]
    assert table["imports_cagr"].isna().all()
    assert dependence.table(trade(), []).empty
