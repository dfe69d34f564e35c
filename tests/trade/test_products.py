import json
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from corridor.trade import charts, dependence, products

ROOT = Path(__file__).parents[2]
CIRCLE = ["CHN", "KAZ", "KGZ", "TJK"]
YEARS = range(2003, 2006)
PAIRS: dict[str, Any] = {"exporters": CIRCLE, "importers": CIRCLE, "years": YEARS}

TABLES = {
    "shares": lambda flows: products.shares(flows, **PAIRS),
    "largest": lambda flows: products.shares(flows, **PAIRS, digits=products.SUBHEADING, most=3),
    "concentration": lambda flows: products.concentration(flows, **PAIRS, digits=products.HEADING),
    "exports": lambda flows: products.partners(flows, areas=CIRCLE, years=YEARS, flow="export", most=4),
    "imports": lambda flows: products.partners(flows, areas=CIRCLE, years=YEARS, flow="import"),
    "growth": lambda flows: products.growth(flows, **PAIRS),
    "advantage": lambda flows: products.advantage(flows, exporters=CIRCLE, years=YEARS),
    "totals": lambda flows: products.totals(flows, reporter="CHN", partners=CIRCLE[1:], years=YEARS),
}


def generated(folder, rows, *options):
    command = [sys.executable, "-m", "benchmarks.baci", str(folder), "--rows", str(rows), *options]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return sorted(folder.glob("*.parquet"))


def opened(files, threads=2):
    return duckdb.connect(config={"threads": threads}).read_parquet([str(file) for file in files])


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return generated(tmp_path_factory.mktemp("baci"), 400_000)


@pytest.fixture(scope="module")
def frame(files):
    # In another order, and the amounts as binary fractions: what a CSV file gives.
    whole = opened(files).df()
    order = random.Random(1).sample(range(len(whole)), len(whole))
    return whole.iloc[order].reset_index(drop=True).astype({"value": "float64", "year": "Int64"})


def small(*rows):
    """Flows of exporter, importer, year, product and value."""
    return pd.DataFrame(rows, columns=["exporter", "importer", "year", "product", "value"])


@pytest.mark.parametrize("name", TABLES)
def test_a_relation_and_a_frame_give_the_same(name, files, frame):
    found = TABLES[name](opened(files))
    assert len(found) > 5
    assert_frame_equal(found, TABLES[name](frame), check_exact=True)


@pytest.mark.parametrize("name", TABLES)
def test_threads_and_the_order_of_files_change_nothing(name, files):
    first = TABLES[name](opened(files, threads=1)).to_csv()
    assert TABLES[name](opened(files[::-1], threads=2)).to_csv() == first


def test_shares_are_those_of_exact_arithmetic(files, frame):
    rows = frame[frame["exporter"].eq("CHN") & frame["importer"].eq("KAZ") & frame["year"].eq(2004)].assign(
        product=lambda one: one["product"].str[:2]
    )
    sums: dict[str, Fraction] = {}
    for product, value in zip(rows["product"], rows["value"], strict=True):
        sums[product] = sums.get(product, Fraction(0)) + Fraction(f"{value:.3f}") * 1000
    ranked = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
    whole = sum(sums.values())

    found = products.shares(opened(files), exporters=["CHN"], importers=["KAZ"], years=[2004])
    assert found["product"].tolist() == [product for product, _ in ranked]
    assert found["rank"].tolist() == list(range(1, len(ranked) + 1))
    assert found["value"].tolist() == [float(value) for _, value in ranked]
    assert found["share"].tolist() == pytest.approx([float(100 * value / whole) for _, value in ranked])

    hhi = float(sum((100 * value / whole) ** 2 for value in sums.values()))
    top = float(sum(100 * value / whole for _, value in ranked[:5]))
    about = products.concentration(opened(files), exporters=["CHN"], importers=["KAZ"], years=[2004])
    expected = ["CHN", "KAZ", 2004, len(ranked), ranked[0][0], pytest.approx(top), pytest.approx(hhi)]
    assert about.values.tolist() == [expected]


def test_equal_products_stand_in_the_order_of_their_codes():
    flows = small(*[("AAA", "BBB", 2020, code, 1.5) for code in ("300000", "100000", "200000")])
    found = products.shares(flows, exporters=["AAA"], importers=["BBB"], years=[2020], most=2)
    assert found["product"].tolist() == ["10", "20"]
    assert found["value"].tolist() == [1500.0, 1500.0]
    about = products.concentration(flows, exporters=["AAA"], importers=["BBB"], years=[2020])
    assert about["largest"].tolist() == ["10"]
    assert about["hhi"].tolist() == [pytest.approx(10_000 / 3)]


def test_sums_of_many_amounts_are_exact():
    # 0.1 thousand dollars, of which binary fractions know only an approximation, beside a large amount.
    flows = small(("AAA", "BBB", 2020, "100000", 9e11), *[("AAA", "BBB", 2020, "100000", 0.1)] * 30_001)
    found = products.shares(flows, exporters=["AAA"], importers=["BBB"], years=[2020])
    assert found["value"].tolist() == [900_000_003_000_100.0]


def test_years_may_have_gaps(files, frame):
    years = [2003, 2005, 2010]
    found = products.partners(opened(files), areas=CIRCLE, years=years, flow="export")
    assert sorted(set(found["year"])) == years
    one = products.partners(
        frame[frame["year"].isin(years)], areas=CIRCLE, years=range(1900, 2100), flow="export"
    )
    assert_frame_equal(found, one)
    assert (
        sorted(set(products.growth(frame, exporters=CIRCLE, importers=CIRCLE, years=years)["year"])) == years
    )


def test_partners_share_out_the_trade_with_the_world():
    flows = small(
        ("AAA", "BBB", 2020, "100000", 1.0),
        ("AAA", "BBB", 2020, "200000", 2.0),
        ("AAA", "CCC", 2020, "100000", 9.0),
        ("DDD", "CCC", 2020, "100000", 1.0),
    )
    exports = products.partners(flows, areas=["AAA"], years=[2020], flow="export")
    assert exports[["partner", "value", "share"]].values.tolist() == [
        ["CCC", 9000.0, 75.0],
        ["BBB", 3000.0, 25.0],
    ]
    imports = products.partners(flows, areas=["CCC"], years=[2020], flow="import", most=1)
    assert imports[["partner", "rank", "share"]].values.tolist() == [["AAA", 1, 90.0]]


def test_growth_knows_what_began_and_what_ended():
    flows = small(
        ("AAA", "BBB", 2019, "100000", 4.0),
        ("AAA", "BBB", 2019, "200000", 1.0),
        ("AAA", "BBB", 2020, "100000", 6.0),
        ("AAA", "BBB", 2020, "300000", 3.0),
        ("AAA", "BBB", 2021, "300000", 3.0),
    )
    found = products.growth(flows, exporters=["AAA"], importers=["BBB"], years=[2020])
    assert found["product"].tolist() == ["10", "20", "30"]
    assert found["value"].tolist() == [6000.0, 0.0, 3000.0]
    assert found["before"].tolist() == [4000.0, 1000.0, 0.0]
    assert found["growth"].tolist()[:2] == [50.0, -100.0]
    assert found["growth"].isna().tolist() == [False, False, True]
    assert found["contribution"].tolist() == [40.0, -20.0, 60.0]
    assert found["contribution"].sum() == pytest.approx(100 * (9 / 5 - 1))
    first = products.growth(flows, exporters=["AAA"], importers=["BBB"], years=[2019])
    assert first[["growth", "contribution"]].isna().all(axis=None)


def test_advantage_by_hand():
    # AAA exports 6 of 8 in 10, the world 10 of 20: 0.75 / 0.5.
    flows = small(
        ("AAA", "BBB", 2020, "100000", 6.0),
        ("AAA", "BBB", 2020, "200000", 2.0),
        ("BBB", "AAA", 2020, "100000", 4.0),
        ("BBB", "AAA", 2020, "200000", 8.0),
        ("BBB", "AAA", 2021, "200000", 100.0),
    )
    found = products.advantage(flows, exporters=["AAA"], years=[2020, 2021])
    assert found["year"].tolist() == [2020, 2020]
    assert found["advantage"].tolist() == [1.5, 0.5]
    assert found["share"].tolist() == [75.0, 25.0]
    assert found["world_share"].tolist() == [50.0, 50.0]
    assert set(found["exporter"]) == {"AAA"}


def test_totals_feed_the_indicators_of_dependence():
    flows = small(
        ("AAA", "BBB", 2020, "100000", 5.0),
        ("AAA", "BBB", 2020, "200000", 3.0),
        ("BBB", "AAA", 2020, "100000", 2.0),
        ("AAA", "CCC", 2020, "100000", 1.0),
    )
    found = products.totals(flows, reporter="AAA", partners=["BBB", "CCC", "DDD"], years=[2020])
    assert found["partner"].tolist() == ["BBB", "CCC", "DDD"]
    assert found.loc[0, ["export", "import", "balance", "turnover"]].tolist() == [8000, 2000, 6000, 10_000]
    assert found["import"].isna().tolist() == [False, True, True]
    assert found["balance"].isna().tolist() == [False, True, True]
    assert dependence.table(found, ["BBB"])["coverage"].tolist() == [25.0]


def test_shares_feed_the_chart_of_products(files):
    found = products.shares(opened(files), exporters=["CHN"], importers=["KAZ", "KGZ"], years=[2004], most=5)
    drawn = charts.products(found.assign(flow=found["importer"], value=found["share"])).to_dict()
    assert len(drawn["concat"]) == 2


@pytest.mark.parametrize("name", TABLES)
def test_nothing_asked_for_gives_an_empty_table(name, frame):
    nothing = TABLES[name](frame.iloc[:0])
    assert list(nothing.columns) == list(TABLES[name](frame).columns)
    assert name == "totals" or nothing.empty
    assert products.shares(frame, exporters=[], importers=CIRCLE, years=YEARS).empty


def test_unknown_values_are_no_trade():
    flows = small(("AAA", "BBB", 2020, "100000", None), ("AAA", "BBB", 2020, "200000", 1.0))
    found = products.shares(flows, exporters=["AAA"], importers=["BBB"], years=[2020])
    assert found["product"].tolist() == ["20"]


def test_codes_are_never_taken_as_sql():
    flows = small(("A'A", "BBB", 2020, "100000", 1.0))
    assert len(products.shares(flows, exporters=["A'A"], importers=["BBB"], years=[2020])) == 1
    assert products.shares(flows, exporters=["x') OR ('' = '"], importers=["BBB"], years=[2020]).empty


def damaged(source, target, keep):
    """Write a file with zeros in place of all columns of all row groups that are not kept."""
    content = bytearray(source.read_bytes())
    rows = duckdb.execute(
        "SELECT path_in_schema, stats_min_value, stats_max_value, row_group_id, row_group_num_rows,"
        " coalesce(dictionary_page_offset, data_page_offset), total_compressed_size"
        f" FROM parquet_metadata('{source}')"
    ).fetchall()
    spans = {one[3]: one[1:3] for one in rows if one[0] == "exporter"}
    for column, _, _, group, _, start, size in rows:
        if not keep(column, *spans[group]):
            content[start : start + size] = bytes(size)
    target.write_bytes(content)


@pytest.fixture(scope="module")
def grouped(files, tmp_path_factory):
    """All years in one file, in the generator's order, with small row groups."""
    path = tmp_path_factory.mktemp("grouped") / "flows.parquet"
    opened(files).order("year, exporter, importer").write_parquet(str(path), row_group_size=2048)
    return path


def test_only_the_columns_needed_are_read(grouped, tmp_path):
    path = tmp_path / "flows.parquet"
    damaged(grouped, path, keep=lambda column, first, last: column != "quantity")
    for name, table in TABLES.items():
        assert_frame_equal(table(opened([path])), TABLES[name](opened([grouped])))
    with pytest.raises(duckdb.Error):
        opened([path]).aggregate("sum(quantity)").fetchall()


def test_only_the_row_groups_needed_are_read(grouped, tmp_path):
    path = tmp_path / "flows.parquet"
    # Row groups without any of these exporters are unreadable.
    wanted = ["CHN", "KAZ"]
    damaged(grouped, path, keep=lambda _, first, last: any(first <= one <= last for one in wanted))
    pairs: dict[str, Any] = {"exporters": wanted, "importers": CIRCLE, "years": YEARS}
    for table in (products.shares, products.concentration, products.growth):
        assert_frame_equal(table(opened([path]), **pairs), table(opened([grouped]), **pairs))
    found, whole = (
        products.partners(opened([one]), areas=wanted, years=YEARS, flow="export") for one in (path, grouped)
    )
    assert_frame_equal(found, whole)
    with pytest.raises(duckdb.Error):
        products.shares(opened([path]), exporters=["USA"], importers=CIRCLE, years=YEARS)


def test_the_generator_keeps_its_word(files, tmp_path):
    flows = opened(files)
    assert flows.aggregate("count(*), count(DISTINCT (year, exporter, importer, product))").fetchall() == [
        (400_000, 400_000)
    ]
    assert flows.aggregate("min(length(product)), max(length(product)), min(value) > 0").fetchall() == [
        (6, 6, True)
    ]
    for file in files[:2]:
        keys = opened([file], threads=1).project("exporter, importer").fetchall()
        assert keys == sorted(keys)
    same, other = tmp_path / "same", tmp_path / "other"
    assert [file.read_bytes() for file in generated(same, 400_000)] == [file.read_bytes() for file in files]
    assert (
        opened(generated(other, 400_000, "--seed", "1")).sum("value").fetchall()
        != flows.sum("value").fetchall()
    )


def test_the_benchmark_gets_the_same_tables_by_hand():
    command = [sys.executable, "-m", "benchmarks.products", "--rows", "60000", "--runs", "1"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout)
    assert found["rows"] == 60_000
    assert found["ratio"] == found["seconds"] / found["hand_seconds"]
    assert found["peak_rss"] < 4 << 30
