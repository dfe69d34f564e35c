import pandas as pd
import pytest

from corridor.ecommerce import Forecast, behind

# zhang2025, sec. 4.3: USD 11.1 billion in 2023, 147.4 billion by 2032, 32.2 percent between 2024 and 2032.
CENTRAL_ASIA = Forecast(
    first_year=2023, last_year=2032, first=11.1, last=147.4, stated=32.2, stated_from=2024
)


@pytest.mark.parametrize(
    ("rank", "size", "expected"),
    # (152 - 60) / 151 = 60.93; (152 - 97) / 151 = 36.42; (196 - 65) / 195 = 67.18
    [(60, 152, 60.93), (97, 152, 36.42), (65, 196, 67.18), (1, 2, 100), (2, 2, 0)],
)
def test_economies_behind(rank, size, expected):
    assert behind(rank, size) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("rank", "size"), [(0, 10), (11, 10), (1, 1)])
def test_no_such_rank(rank, size):
    with pytest.raises(ValueError, match="no rank"):
        behind(rank, size)


def test_implied_growth():
    # 147.4 / 11.1 = 13.2793; ln 13.2793 = 2.58621; / 9 = 0.287357; e to that = 1.33290.
    assert CENTRAL_ASIA.implied == pytest.approx(33.290, abs=0.005)
    # (147.35 / 11.15) ** (1 / 9) = 13.2152 ** (1 / 9): 2.58137 / 9 = 0.286819, 1.33218;
    # (147.45 / 11.05) ** (1 / 9) = 13.3439 ** (1 / 9): 2.59106 / 9 = 0.287896, 1.33362.
    assert CENTRAL_ASIA.implied_bounds(0.1) == pytest.approx((33.218, 33.362), abs=0.005)


def test_what_the_stated_rate_leads_to():
    # 1.322 ** 9 = exp(9 x 0.279146) = exp(2.512314) = 12.3334; x 11.1 = 136.90.
    assert CENTRAL_ASIA.at_stated == pytest.approx(136.90, abs=0.01)
    # 147.4 / 1.322 ** 8 = 147.4 / 9.32939 = 15.7995; / 11.1 = 1.42338.
    assert CENTRAL_ASIA.start == pytest.approx(15.7995, abs=0.001)
    assert CENTRAL_ASIA.jump == pytest.approx(42.34, abs=0.01)


def test_both_paths_begin_at_the_first_amount():
    paths = CENTRAL_ASIA.paths().set_index(["name", "year"])["value"]
    assert paths["implied", 2023] == paths["stated", 2023] == 11.1
    assert paths["implied", 2032] == pytest.approx(147.4)
    assert paths["stated", 2032] == pytest.approx(136.90, abs=0.01)
    assert isinstance(paths, pd.Series)
    assert len(paths) == 20
