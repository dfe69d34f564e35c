import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.trade import target

TURNOVER = pd.Series({2019: 46.3, 2020: 38.6, 2021: 50.0, 2022: 70.2, 2023: 89.4})


def test_the_target_of_2030_was_reached_in_2022():
    # zhang2025: 70 by 2030; 70.2 in 2022; 89.4 / 70 = 1.2771.
    progress = target.progress(TURNOVER, target=70, due=2030)
    assert progress.reached == 2022
    assert (progress.year, progress.value) == (2023, 89.4)
    assert progress.ratio == pytest.approx(1.2771, abs=5e-5)
    assert progress.required == 0


def test_growth_still_required_in_2021():
    # (70 / 50) ** (1 / 9) - 1 = exp(0.336472 / 9) - 1 = exp(0.0373858) - 1 = 3.809 percent.
    progress = target.progress(TURNOVER.loc[:2021], target=70, due=2030)
    assert progress.reached is None
    assert progress.required == pytest.approx(3.809, abs=0.001)


def test_a_target_reached_and_lost_again():
    progress = target.progress(pd.Series({2020: 80.0, 2021: 60.0}), target=70, due=2022)
    assert progress.reached == 2020
    assert progress.required == pytest.approx(100 * (70 / 60 - 1))


@pytest.mark.parametrize("value", [0.0, -5.0, 60.0])
def test_no_growth_rate_meets_a_missed_target(value):
    assert math.isnan(target.progress(pd.Series({2030: value}), target=70, due=2030).required)


def test_empty_years_are_skipped_and_nothing_is_refused():
    gaps = pd.Series({2021: 50.0, 2022: math.nan})
    assert target.progress(gaps, target=70, due=2030).year == 2021
    with pytest.raises(ValueError, match="no figure"):
        target.progress(gaps[[2022]], target=70, due=2030)
    with pytest.raises(ValueError, match="positive"):
        target.progress(gaps, target=0, due=2030)


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.integers(1, 30))
def test_the_required_growth_just_meets_the_target(value, goal, years):
    progress = target.progress(pd.Series({2000: value}), target=goal, due=2000 + years)
    assert (progress.reached == 2000) == (value >= goal)
    assert max(value, goal) == pytest.approx(value * (1 + progress.required / 100) ** years)
