import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.trade import flows

from .build import flows_table

amounts = st.decimals(0, 1000, places=2).map(float)


def one(figures, flow):
    rows = figures[figures["flow"] == flow]
    assert len(rows) == 1
    return rows.iloc[0]


def test_usable_leaves_out_what_stands_for_no_whole_year_of_all_goods():
    table = flows_table(
        {"value": 1, "locator": "kept"},
        {"value": 4, "period": "2020-01/2020-03"},
        {"value": 5, "product": "energy"},
        {"value": 6, "status": "target"},
    )
    assert flows.usable(table)["locator"].tolist() == ["kept"]


def test_usable_bounds_the_error_of_exact_figures_only():
    table = flows_table({"value": 46.3, "rounding": 0.1}, {"value": 50, "rounding": 1, "qualifier": "over"})
    errors = flows.usable(table)["error"]
    assert errors[0] == pytest.approx(0.05)
    assert pd.isna(errors[1])


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"rounding": 0.01}, {"rounding": 1}),
        ({"rounding": 1}, {"rounding": 0.01, "qualifier": "about"}),
        ({"rounding": 1}, {"rounding": 0.01, "status": "estimated"}),
        ({"rounding": 1, "status": "estimated"}, {"rounding": 0.01, "status": "projected"}),
        ({"qualifier": "about"}, {"qualifier": "over"}),
    ],
)
def test_select_prefers_exact_then_firm_then_finely_rounded(better, worse):
    for order in ((better, worse), (worse, better)):
        rows = flows.usable(flows_table(*[{"value": 1 if row is better else 2} | row for row in order]))
        assert flows.select(rows)["value"].tolist() == [1]


def test_select_takes_the_first_of_equals():
    rows = flows.usable(flows_table({"value": 1, "source": "one"}, {"value": 2, "source": "two"}))
    assert flows.select(rows)["source"].tolist() == ["one"]
    assert len(flows.select(rows, within=["source"])) == 2


def test_complete_kyrgyzstan_2017():
    # huang2025: exports 5.37 billion, imports 86.99 million; by hand
    # balance 5.37 - 0.08699 = 5.28301, turnover 5.37 + 0.08699 = 5.45699 billion,
    # error 0.005 + 0.000005 = 0.005005 billion.
    table = flows_table(
        {"flow": "export", "value": 5.37e9, "rounding": 1e7, "locator": "Fig. 5"},
        {"flow": "import", "value": 86.99e6, "rounding": 1e4, "locator": "Fig. 3"},
    )
    figures = flows.best(table)
    balance, turnover = one(figures, "balance"), one(figures, "turnover")
    assert balance["value"] == pytest.approx(5.28301e9)
    assert turnover["value"] == pytest.approx(5.45699e9)
    assert balance["error"] == turnover["error"] == pytest.approx(5.005e6)
    assert balance["derived"]
    assert balance["locator"] == "Fig. 5; Fig. 3"


def test_complete_the_region_in_2019():
    # huang2025: exports 26.06, balance 16.07; by hand imports 26.06 - 16.07 = 9.99, at most 0.01 off,
    # turnover 26.06 + 9.99 = 36.05 = 2 x 26.06 - 16.07, at most 2 x 0.005 + 0.005 = 0.015 off.
    table = flows_table(
        {"flow": "export", "value": 26.06, "rounding": 0.01},
        {"flow": "balance", "value": 16.07, "rounding": 0.01, "status": "projected"},
    )
    figures = flows.best(table)
    assert one(figures, "import")["value"] == pytest.approx(9.99)
    assert one(figures, "import")["error"] == pytest.approx(0.01)
    assert one(figures, "turnover")["value"] == pytest.approx(36.05)
    assert one(figures, "turnover")["error"] == pytest.approx(0.015)
    assert one(figures, "import")["status"] == "projected"


def test_complete_never_mixes_sources_years_or_reporters():
    table = flows_table(
        {"flow": "export", "value": 5, "source": "one"},
        {"flow": "import", "value": 2, "source": "two"},
        {"flow": "import", "value": 2, "year": 2021},
        {"flow": "import", "value": 2, "reporter": "CCC"},
    )
    assert not flows.complete(flows.usable(table))["derived"].any()


def test_complete_does_not_compute_with_bounds():
    table = flows_table({"flow": "export", "value": 5, "qualifier": "over"}, {"flow": "import", "value": 2})
    assert len(flows.complete(flows.usable(table))) == 2


def test_an_exact_derived_figure_replaces_a_bound_but_no_printed_figure():
    # peoplesdaily2026: exports 71.2, imports 35.1, turnover "over 100"; by hand 71.2 + 35.1 = 106.3.
    table = flows_table(
        {"flow": "turnover", "value": 100, "qualifier": "over"},
        {"flow": "export", "value": 71.2},
        {"flow": "import", "value": 35.1},
    )
    assert one(flows.best(table), "turnover")["value"] == pytest.approx(106.3)
    table.loc[0, "qualifier"] = ""
    assert one(flows.best(table), "turnover")["value"] == 100


@given(exports=amounts, imports=amounts, pair=st.sets(st.sampled_from(flows.FLOWS), min_size=2))
def test_any_two_flows_give_all_four(exports, imports, pair):
    truth = {
        "export": exports,
        "import": imports,
        "balance": exports - imports,
        "turnover": exports + imports,
    }
    table = flows_table(*[{"flow": flow, "value": truth[flow]} for flow in sorted(pair)])
    figures = flows.best(table).set_index("flow")["value"]
    assert set(figures.index) == set(flows.FLOWS)
    for flow, value in truth.items():
        assert figures[flow] == pytest.approx(value, abs=1e-6)


@given(
    exports=amounts, imports=amounts, pair=st.sampled_from([("export", "balance"), ("import", "turnover")])
)
def test_the_error_bound_holds_for_rounded_parts(exports, imports, pair):
    truth = {
        "export": exports,
        "import": imports,
        "balance": exports - imports,
        "turnover": exports + imports,
    }
    table = flows_table(*[{"flow": f, "value": round(truth[f]), "rounding": 1} for f in pair])
    for row in flows.best(table).to_dict("records"):
        assert abs(row["value"] - truth[row["flow"]]) <= row["error"] + 1e-9


def test_wide_keeps_empty_rows_and_the_order_asked_for():
    figures = flows.best(flows_table({"partner": "BBB", "year": 2020, "value": 3}))
    table = flows.wide(figures, reporter="AAA", partners=["CCC", "BBB"], years=[2020, 2021])
    assert table["partner"].tolist() == ["CCC", "CCC", "BBB", "BBB"]
    assert table["export"].tolist()[2] == 3
    assert table["export"].isna().tolist() == [True, True, False, True]
    assert table["import"].isna().all()
    assert table["export_derived"].dtype == bool


def test_everything_works_on_nothing():
    figures = flows.best(flows_table())
    assert figures.empty
    table = flows.wide(figures, reporter="AAA", partners=["BBB"], years=[2020])
    assert table[flows.FLOWS].isna().all(axis=None)
    assert flows.growth(table, "export").isna().all()
    assert flows.unbalanced(table).empty
    assert flows.wide(figures, reporter="AAA", partners=[], years=[]).empty


def series(*points, rounding=0.01):
    rows = [{"year": year, "value": value, "rounding": rounding} for year, value in points]
    figures = flows.best(flows_table(*rows))
    return flows.wide(figures, reporter="AAA", partners=["BBB"], years=range(2018, 2024))


def test_growth_of_the_region_in_2023():
    # huang2025: 42.37 in 2022, 61.44 in 2023; by hand 61.44 / 42.37 - 1 = 45.01 percent.
    grown = flows.growth(series((2022, 42.37), (2023, 61.44)), "export")
    assert grown.iloc[-1] == pytest.approx(45.0083, abs=1e-3)
    assert grown.iloc[:-1].isna().all()


def test_growth_only_over_consecutive_years():
    assert flows.growth(series((2019, 1.0), (2021, 2.0)), "export").isna().all()


@pytest.mark.parametrize("start", [0.0, -3.0])
def test_no_growth_on_nothing_or_less(start):
    assert flows.growth(series((2019, start), (2020, 2.0)), "export").isna().all()


def test_no_growth_where_roundings_leave_it_open():
    # zhang2025: "USD 2 billion" is 1.5 to 2.5, so growth to 2.76 is 10 to 84 percent.
    assert flows.growth(series((2019, 2.0), (2020, 2.76), rounding=1), "export").isna().all()
    # 70.2 after 50: (70.2 + 0.5) / (50 - 0.5) - 70.2 / 50 is 2.4 points, within the margin.
    assert flows.growth(series((2019, 50.0), (2020, 70.2), rounding=1), "export").notna().sum() == 1


def test_no_growth_across_sources():
    # zhang2025 ends with 89.4 in 2023, huang2025 has 94.99 in 2024: 6 percent of different things.
    table = flows_table(
        {"year": 2022, "value": 70.2, "source": "one"},
        {"year": 2023, "value": 89.4, "source": "one"},
        {"year": 2024, "value": 95.0, "source": "two"},
    )
    trade = flows.wide(flows.best(table), reporter="AAA", partners=["BBB"], years=[2022, 2023, 2024])
    assert flows.growth(trade, "export").round(2).tolist()[1] == 27.35
    assert flows.growth(trade, "export").notna().sum() == 1


def test_printed_growth_takes_exact_rates_on_the_year_before():
    trade = series((2022, 42.37), (2023, 61.44))
    common = {"reporter": "AAA", "partner": "BBB", "flow": "export", "product": "all", "period": ""}
    rate = {**common, "indicator": "growth", "qualifier": "", "flag": "", "rounding": 1.0}
    rates = pd.DataFrame(
        [
            {**rate, "year": 2023, "base": "2022", "value": 45},
            {**rate, "year": 2023, "base": "2021", "value": 99},
            {**rate, "year": 2022, "base": "2021", "value": 40, "qualifier": "over"},
            {**rate, "year": 2020, "base": "2019", "value": -19, "indicator": "share"},
        ]
    )
    printed = flows.printed_growth(trade, rates, reporter="AAA", flow="export")
    assert printed.dropna().tolist() == [45]
    assert trade.loc[printed.notna(), "year"].tolist() == [2023]


def test_leading_source_has_the_most_rows():
    rows = flows_table({"source": "one"}, {"source": "two"}, {"source": "two"})
    assert flows.leading_source(rows) == "two"
    assert flows.leading_source(rows.iloc[:0]) == ""


def test_unbalanced_names_the_year_whose_sources_differ():
    # huang2025 for 2019: 26.06 + 9.99 = 36.05; zhang2025: 46.3; gap 10.25, while the roundings
    # allow 0.005 + 0.01 + 0.05 = 0.065.
    table = flows_table(
        {"flow": "export", "value": 26.06, "rounding": 0.01},
        {"flow": "balance", "value": 16.07, "rounding": 0.01},
        {"flow": "turnover", "value": 46.3, "source": "two"},
        {"flow": "export", "value": 42.37, "rounding": 0.01, "year": 2022},
        {"flow": "balance", "value": 14.49, "rounding": 0.01, "year": 2022},
        {"flow": "turnover", "value": 70.2, "source": "two", "year": 2022},
    )
    trade = flows.wide(flows.best(table), reporter="AAA", partners=["BBB"], years=[2019, 2020, 2022])
    found = flows.unbalanced(trade)
    assert found["year"].tolist() == [2020]
    assert found["gap"].iloc[0] == pytest.approx(10.25)
    assert found["error"].iloc[0] == pytest.approx(0.065)
