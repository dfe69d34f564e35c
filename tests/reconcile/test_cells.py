import math

import pandas as pd
import pytest

from corridor.reconcile import cells


def cube(*rows):
    """Return bounds of China's exports to AAA, by year from 2017."""
    return pd.DataFrame(
        [("CHN", "AAA", "export", 2017 + n, float(low), float(high)) for n, (low, high) in enumerate(rows)],
        columns=["reporter", "partner", "flow", "year", "low", "high"],
    ).astype({"year": "Int64"})


@pytest.mark.parametrize(
    ("low", "high", "kept"),
    [
        *[(5, 10, True), (5, 10.1, False), (-10, -5, True), (-10.1, -5, False)],
        *[(-5, 10, False), (0, 1, False), (5, math.inf, False), (-math.inf, math.inf, False)],
    ],
)
def test_what_tells_something(low, high, kept):
    assert len(cells.telling(cube((low, high)))) == kept


def test_bounds_stand_beside_the_flows():
    table = pd.DataFrame({"partner": ["AAA", "AAA"], "year": pd.array([2017, 2030], dtype="Int64")})
    found = cells.beside(table, cube((5, 6)))
    assert found["export_low"].tolist()[0] == 5
    assert found["export_high"].tolist()[0] == 6
    assert found["export_low"].isna().tolist() == [False, True]
    assert found["import_low"].isna().all()
    assert len(found) == 2


def test_a_figure_tells_its_bounds_unless_it_lies_outside():
    bounds = cube((5, 6), (5, 6), (5, 6), (5, 6))
    figures = bounds.assign(value=[5.5, 6.4, 6.6, 4.0], error=[0.1, 0.5, 0.5, 0.5]).iloc[:3]
    assert cells.untold(bounds, figures)["year"].tolist() == [2019, 2020]
    # Printed with "over": nothing is said of its error.
    assert cells.untold(bounds, figures.assign(error=float("nan")))["year"].tolist() == [2018, 2019, 2020]
