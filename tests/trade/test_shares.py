import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.trade import flows, shares

from .build import flows_table, rates_table


def completed(*rows):
    return flows.complete(flows.usable(flows_table(*rows)))


def test_kazakhstan_in_exports_to_the_region_2017():
    # huang2025: 11.63 of 21.46 billion; by hand 11.63 / 21.46 = 54.19 percent.
    figures = completed({"partner": "BBB", "value": 11.63}, {"partner": "REG", "value": 21.46})
    found = shares.computed(figures, reporter="AAA", partners=["BBB"], region="REG")
    assert found["share"].tolist() == [pytest.approx(54.194, abs=1e-3)]
    assert found["derived"].all()


def test_part_and_whole_come_from_one_source():
    figures = completed(
        {"partner": "BBB", "value": 11.63, "source": "one"},
        {"partner": "REG", "value": 21.46, "source": "two"},
    )
    assert shares.computed(figures, reporter="AAA", partners=["BBB"], region="REG").empty


def test_no_share_of_a_balance_a_bound_or_nothing():
    figures = completed(
        {"partner": "BBB", "flow": "balance", "value": 5.0},
        {"partner": "REG", "flow": "balance", "value": -1.0},
        {"partner": "BBB", "value": 5.0},
        {"partner": "REG", "value": 9.0, "qualifier": "over"},
        {"partner": "BBB", "flow": "import", "value": 0.0},
        {"partner": "REG", "flow": "import", "value": 0.0},
    )
    found = shares.computed(figures, reporter="AAA", partners=["BBB"], region="REG")
    assert found["flow"].tolist() == []


def test_printed_shares_are_the_finest_of_all_goods():
    rates = rates_table(
        {"value": 1.0, "rounding": 1, "year": 2017},
        {"value": 0.94, "rounding": 0.01, "year": 2017},
        {"value": 9.9, "year": 2022, "indicator": "growth"},
        {"value": 9.9, "year": 2022, "product": "sme"},
    )
    found = shares.printed(rates, reporter="AAA", base="world")
    assert found["share"].tolist() == [0.94]
    assert not found["derived"].any()


def test_printed_go_before_computed():
    printed = shares.printed(rates_table({"value": 25.03, "base": "REG"}), reporter="AAA", base="REG")
    figures = completed({"partner": "BBB", "value": 5.37}, {"partner": "REG", "value": 21.46})
    computed = shares.computed(figures, reporter="AAA", partners=["BBB"], region="REG")
    assert shares.combined(printed, computed)["share"].tolist() == [25.03]
    assert shares.combined(printed.iloc[:0], computed)["derived"].tolist() == [True]
    assert shares.combined(printed.iloc[:0], computed.iloc[:0]).empty


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=5), st.integers(0, 10_000))
def test_shares_of_parts_add_up_to_at_most_100(parts, rest):
    rows = [{"partner": f"P{i}", "value": value} for i, value in enumerate(parts)]
    figures = completed(*rows, {"partner": "REG", "value": sum(parts) + rest})
    found = shares.computed(figures, reporter="AAA", partners=[r["partner"] for r in rows], region="REG")
    assert len(found) == len(parts)
    assert found["share"].between(0, 100 + 1e-9).all()
    assert found["share"].sum() <= 100 + 1e-6
    assert found["share"].sum() == pytest.approx(100 * sum(parts) / (sum(parts) + rest))
