import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.growth import before, cagr

amounts = st.floats(0.001, 1e6)


def test_growth_of_exports_to_the_region():
    # huang2025: 21.46 in 2017, 64.35 in 2024; by hand (64.35 / 21.46) ** (1 / 7) - 1 = 2.99860 ** 0.142857
    # - 1 = exp(1.098147 / 7) - 1 = exp(0.156878) - 1 = 16.985 percent.
    assert cagr(21.46, 64.35, 7) == pytest.approx(16.985, abs=0.002)


@pytest.mark.parametrize(
    ("first", "last", "years"), [(0, 5, 2), (5, 0, 2), (-1, 5, 2), (5, 6, 0), (math.nan, 1, 1)]
)
def test_no_growth_rate_without_two_positive_ends(first, last, years):
    assert math.isnan(cagr(first, last, years))


@given(amounts, st.floats(-50, 200), st.integers(1, 20))
def test_cagr_undoes_compounding(first, rate, years):
    assert cagr(first, first * (1 + rate / 100) ** years, years) == pytest.approx(rate, abs=1e-6)


def test_the_parcels_of_a_year_earlier():
    # 4.5 million after growth of 67 percent: 4.5 / 1.67 = 2.6946 million.
    assert before(4.5, 67.0) == pytest.approx(2.6946, abs=5e-5)


def test_the_start_of_a_forecast():
    # 147.4 after eight years of 32.2 percent: 1.322 ** 8 = exp(8 x 0.279146) = exp(2.233168) = 9.32939;
    # 147.4 / 9.32939 = 15.7995.
    assert before(147.4, 32.2, 8) == pytest.approx(15.7995, abs=5e-4)


@given(amounts, st.floats(-50, 200), st.integers(1, 20))
def test_before_undoes_growth(last, rate, years):
    assert cagr(before(last, rate, years), last, years) == pytest.approx(rate, abs=1e-6)


def test_no_start_where_nothing_is_left():
    with pytest.raises(ValueError, match="nothing to start from"):
        before(5, -100)
