import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.trade import agreement, flows

from .build import flows_table


def spans(*rows):
    return agreement.intervals(flows.complete(flows.usable(flows_table(*rows))))


@pytest.mark.parametrize(
    ("qualifier", "expected"),
    [
        ("", (39.5, 40.5)),
        ("about", (39, 41)),
        ("nearly", (39, 40)),
        ("over", (40, math.inf)),
        ("under", (-math.inf, 40)),
    ],
)
def test_intervals_of_printed_figures(qualifier, expected):
    assert agreement.interval(40, 1, qualifier) == expected


def test_an_unknown_qualifier_is_refused():
    with pytest.raises(ValueError, match="roughly"):
        agreement.interval(40, 1, "roughly")


def test_two_sources_within_rounding():
    # Exports to Kyrgyzstan 2020: huang2025 2.86 (2.855 to 2.865), zhang2025 2.9 (2.85 to 2.95): overlap;
    # 2.9 / 2.86 - 1 = 1.3986 percent.
    found = agreement.pairs(
        spans(
            {"value": 2.9, "rounding": 0.1, "source": "zhang2025"},
            {"value": 2.86, "rounding": 0.01, "source": "huang2025"},
        )
    )
    assert len(found) == 1
    row = found.iloc[0]
    assert (row["source_a"], row["source_b"]) == ("huang2025", "zhang2025")
    assert row["difference"] == pytest.approx(1.3986, abs=1e-4)
    assert row["agree"]
    assert row["gap"] == 0


def test_two_sources_that_differ_in_2019():
    # huang2025: 2 x 26.06 - 16.07 = 36.05 +- 0.015; zhang2025: 46.3 +- 0.05.
    # Gap (46.3 - 0.05) - (36.05 + 0.015) = 10.185; difference 46.3 / 36.05 - 1 = 28.43 percent.
    found = agreement.pairs(
        spans(
            {"flow": "export", "value": 26.06, "rounding": 0.01, "source": "huang2025"},
            {"flow": "balance", "value": 16.07, "rounding": 0.01, "source": "huang2025"},
            {"flow": "turnover", "value": 46.3, "rounding": 0.1, "source": "zhang2025"},
        )
    )
    row = found.iloc[0]
    assert len(found) == 1
    assert row["derived_a"]
    assert not row["derived_b"]
    assert row["gap"] == pytest.approx(10.185)
    assert row["difference"] == pytest.approx(28.43, abs=0.005)
    assert not row["agree"]


def test_inside_one_source_only_different_figures_are_compared():
    found = agreement.pairs(
        spans(
            {"value": 50.3},
            {"value": 50.3, "locator": "again"},
            {"value": 50, "rounding": 1, "qualifier": "over"},
        )
    )
    assert found[["value_a", "value_b", "agree"]].values.tolist() == [[50.3, 50.0, True]]


def test_figures_that_touch_agree():
    # 2.85 as the upper end of 2.8 and the lower end of 2.9.
    found = agreement.pairs(spans({"value": 2.8, "source": "one"}, {"value": 2.9, "source": "two"}))
    assert found["agree"].tolist() == [True]


def test_mirror_statistics_of_kazakhstan_2023():
    # zhang2025: China with Kazakhstan 41.02; rferl2024: Kazakhstan with China 31.5;
    # 31.5 / 41.02 - 1 = -23.21 percent.
    found = agreement.mirrors(
        spans(
            {"reporter": "CHN", "partner": "KAZ", "flow": "turnover", "value": 41.02, "rounding": 0.01},
            {"reporter": "KAZ", "partner": "CHN", "flow": "turnover", "value": 31.5, "source": "two"},
        )
    )
    assert found["difference"].tolist() == [pytest.approx(-23.21, abs=0.005)]
    assert not found["agree"].any()


def test_mirrored_swaps_sides_and_signs():
    rows = spans({"flow": "export", "value": 5.0}, {"flow": "balance", "value": 3.0, "source": "two"})
    seen = agreement.mirrored(rows)
    assert seen["flow"].tolist() == ["import", "balance"]
    assert seen["value"].tolist() == [5, -3]
    assert seen[["low", "high"]].iloc[1].tolist() == pytest.approx([-3.05, -2.95])
    again = agreement.mirrored(seen)
    assert again[list(rows.columns)].equals(rows)


def test_balances_of_2017_add_up():
    # huang2025: 5.29 + 5.28 + 1.29 + 1.28 - 6.21 = 6.93, as printed for the region.
    parts = {"KAZ": 5.29, "KGZ": 5.28, "UZB": 1.29, "TJK": 1.28, "TKM": -6.21}
    rows = [{"partner": p, "flow": "balance", "value": v, "rounding": 0.01} for p, v in parts.items()]
    whole = {"partner": "XCA", "flow": "balance", "value": 6.93, "rounding": 0.01}
    found = agreement.sums(spans(*rows, whole), region="XCA", members=parts)
    assert found["sum"].tolist() == [pytest.approx(6.93)]
    assert found["agree"].tolist() == [True]
    wrong = agreement.sums(spans(*rows, whole | {"value": 7.93}), region="XCA", members=parts)
    # 1 apart, less 0.005 of the region and 5 x 0.005 of the countries.
    assert wrong["gap"].tolist() == [pytest.approx(0.97)]
    assert agreement.sums(spans(*rows[1:], whole), region="XCA", members=parts).empty


def test_everything_works_on_nothing():
    rows = spans()
    assert agreement.pairs(rows).empty
    assert agreement.mirrors(rows).empty
    assert agreement.sums(rows, region="XCA", members=["KAZ"]).empty


@given(st.floats(-1e6, 1e6), st.integers(0, 3), st.integers(0, 3))
def test_roundings_of_one_truth_always_agree(truth, first, second):
    rows = [
        {"value": round(truth, places), "rounding": 10.0**-places, "source": str(index)}
        for index, places in enumerate((first, second))
    ]
    assert agreement.pairs(spans(*rows))["agree"].all()


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e3), st.floats(0.001, 1e3))
def test_figures_farther_apart_than_their_roundings_never_agree(value, rounding, apart):
    other = value + rounding + apart
    found = agreement.pairs(
        spans({"value": value, "rounding": rounding}, {"value": other, "rounding": rounding, "source": "two"})
    )
    assert not found["agree"].any()
    assert found["gap"].iloc[0] == pytest.approx(apart, rel=1e-3, abs=1e-6)
