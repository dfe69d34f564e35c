import json
import os
import subprocess
import sys

import duckdb
import nbformat
import pytest
from benchmarks.baci import generate

from conftest import run_corridor
from corridor import parquet
from corridor.build import open_store
from corridor.check.descriptor import check_descriptor
from corridor.check.tables import check_tables
from corridor.data import Resource, open_package
from corridor.errors import PaperError
from corridor.paper import open_paper
from corridor.store import Store

FIELDS = [
    {"name": "year", "type": "year", "constraints": {"required": True, "minimum": 1995}},
    {"name": "exporter", "type": "string", "constraints": {"required": True, "pattern": "[A-Z]{3}"}},
    {"name": "flow", "type": "string", "constraints": {"enum": ["export", "it's"]}},
    {"name": "value", "type": "number", "constraints": {"minimum": 0, "maximum": 1000}},
]
ROW = "2020::SMALLINT AS year, 'KAZ' AS exporter, 'it''s' AS flow, 1.5::DECIMAL(18, 3) AS value"


def written(folder, name, query):
    path = folder / "data" / name
    path.parent.mkdir(exist_ok=True)
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def customs(folder, path="customs.parquet"):
    return Resource(name="customs", path=folder / "data" / path, schema={"fields": FIELDS})


def faults(folder, path="customs.parquet"):
    with pytest.raises(PaperError) as caught:
        parquet.relation(customs(folder, path), folder)
    return [str(fault) for fault in caught.value.faults]


def test_several_files_are_one_table_with_the_columns_of_the_schema(tmp_path):
    written(tmp_path, "flows-2020.parquet", f"SELECT {ROW}, 7 AS other")
    # Other order, other width of a number.
    written(
        tmp_path,
        "flows-2021.parquet",
        "SELECT 2.0625::DOUBLE AS value, 2021 AS year, 'CHN' AS exporter, NULL::VARCHAR AS flow",
    )
    rows = parquet.relation(customs(tmp_path, "flows-*.parquet"), tmp_path)
    assert rows.columns == ["year", "exporter", "flow", "value"]
    assert rows.order("year").fetchall() == [(2020, "KAZ", "it's", 1.5), (2021, "CHN", None, 2.0625)]
    found = parquet.parts(tmp_path / "data" / "flows-*.parquet", tmp_path)
    assert [path.name for path in found] == ["flows-2020.parquet", "flows-2021.parquet"]
    assert parquet.check(customs(tmp_path, "flows-*.parquet"), tmp_path) == []


@pytest.mark.parametrize(
    "reading",
    [
        "parquet.relation(resource, root)",
        'Package(folder=root / "data", resources={"customs": resource}).path("customs")',
    ],
)
def test_a_kernel_is_told_which_files_are_read(tmp_path, reading):
    written(tmp_path, "flows-1.parquet", f"SELECT {ROW}")
    written(tmp_path, "flows-2.parquet", f"SELECT {ROW}")
    code = f"""
import json, os
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "corridor.compute.reads")
from corridor import parquet
from corridor.data import Package, Resource
root = Path({str(tmp_path)!r})
fields = [{{"name": "year", "type": "year"}}]
resource = Resource(name="customs", path=root / "data" / "flows-*.parquet", schema={{"fields": fields}})
{reading}
shell.run_cell("1")
"""
    target = tmp_path / "reads.json"
    environment = {**os.environ, "CORRIDOR_READS": str(target), "CORRIDOR_ROOT": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, stdout=subprocess.DEVNULL)
    # The folder too: another file there would be read as well.
    assert json.loads(target.read_text()) == ["data/", "data/flows-1.parquet", "data/flows-2.parquet"]


def test_relations_of_one_process_can_be_joined(tmp_path):
    written(tmp_path, "customs.parquet", f"SELECT {ROW}")
    one, other = (parquet.relation(customs(tmp_path), tmp_path).set_alias(name) for name in "ab")
    assert len(one.join(other, "year").fetchall()) == 1


def test_the_connection_is_bounded():
    settings = dict(
        parquet.connection()
        .sql(
            "SELECT name, value FROM duckdb_settings()"
            " WHERE name IN ('memory_limit', 'threads', 'temp_directory')"
        )
        .fetchall()
    )
    assert settings["memory_limit"] == "2.0 GiB"
    assert settings["threads"] == str(os.cpu_count())
    assert str(os.getpid()) in settings["temp_directory"]


def test_a_missing_file(tmp_path):
    (tmp_path / "data").mkdir()
    mend = 'restore it, or take "customs" out of datapackage.json'
    assert faults(tmp_path) == [f"data/customs.parquet: the file is missing; {mend}"]
    assert faults(tmp_path, "customs/*.parquet") == [f"data/customs/*.parquet: the file is missing; {mend}"]


def test_no_parquet(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "customs.parquet").write_text("year,exporter,flow,value\n2020,KAZ,export,1\n")
    (told,) = faults(tmp_path)
    assert told.startswith("data/customs.parquet: not a Parquet file: ")
    assert told.endswith("; write it as Parquet")


def test_a_file_cut_short(tmp_path):
    path = written(tmp_path, "customs.parquet", f"SELECT {ROW} FROM range(1000)")
    path.write_bytes(path.read_bytes()[:-20])
    assert "not a Parquet file" in faults(tmp_path)[0]


def test_columns_that_are_missing_or_of_another_type(tmp_path):
    written(tmp_path, "flows-1.parquet", f"SELECT {ROW}")
    written(tmp_path, "flows-2.parquet", "SELECT 2020 AS year, 398 AS exporter, 'export' AS flow")
    assert faults(tmp_path, "flows-*.parquet") == [
        "data/flows-2.parquet: exporter: has the type INTEGER, where the schema says string; "
        "write it as VARCHAR, or change the schema",
        'data/flows-2.parquet: there is no column "value"; '
        "write the file with it, or take it out of the schema",
    ]


def test_values_against_the_schema(tmp_path):
    rows = [
        "(2020, 'KAZ', 'export', 1.0)",
        "(1994, 'KAZ', 'export', 1.0)",
        "(NULL, 'KAZ1', 'export', -1.0)",
        "(2020, 'kaz', 'imports', 1001.0)",
        "(2020, NULL, NULL, NULL)",
    ]
    values = f"SELECT * FROM (VALUES {', '.join(rows)}) AS t(year, exporter, flow, value)"
    written(tmp_path, "customs.parquet", values)
    found = [
        str(fault).removeprefix("data/customs.parquet: ")
        for fault in parquet.check(customs(tmp_path), tmp_path)
    ]
    mend = "; mend the values, or the schema"
    assert found == [
        f"year: 1 of 5 rows have no value{mend}",
        f'year: 1 of 5 rows are below 1995, such as "1994"{mend}',
        f"exporter: 1 of 5 rows have no value{mend}",
        f'exporter: 2 of 5 rows do not match [A-Z]{{3}}, such as "KAZ1"{mend}',
        f'flow: 1 of 5 rows are none of the values in the schema, such as "imports"{mend}',
        f'value: 1 of 5 rows are below 0, such as "-1.0"{mend}',
        f'value: 1 of 5 rows are above 1000, such as "1001.0"{mend}',
    ]


def test_no_rows_and_damaged_pages(tmp_path):
    written(tmp_path, "customs.parquet", f"SELECT {ROW} LIMIT 0")
    assert [fault.what for fault in parquet.check(customs(tmp_path), tmp_path)] == ["the table has no rows"]
    path = written(tmp_path, "customs.parquet", f"SELECT {ROW} FROM range(1000)")
    content = bytearray(path.read_bytes())
    content[4:60] = bytes(56)
    path.write_bytes(content)
    (fault,) = parquet.check(customs(tmp_path), tmp_path)
    assert fault.what.startswith("cannot be read to its end: ")


def test_limits_of_dates_and_values_of_other_types(tmp_path):
    rows = "('2020-01-01'::DATE, true, 1.5::DECIMAL(18, 3)), ('2020-01-02', false, 2.5)"
    written(tmp_path, "customs.parquet", f"SELECT * FROM (VALUES {rows}) AS t(day, final, value)")
    fields = [
        {"name": "day", "type": "date", "constraints": {"minimum": "2020-01-02", "required": False}},
        {"name": "final", "type": "boolean", "constraints": {"enum": [True]}},
        {"name": "value", "type": "number", "constraints": {"enum": [1.5, "3"]}},
    ]
    resource = Resource(name="customs", path=tmp_path / "data" / "customs.parquet", schema={"fields": fields})
    assert [fault.what for fault in parquet.check(resource, tmp_path)] == [
        'day: 1 of 2 rows are below 2020-01-02, such as "2020-01-01"',
        'final: 1 of 2 rows are none of the values in the schema, such as "false"',
        'value: 1 of 2 rows are none of the values in the schema, such as "2.500"',
    ]


def test_a_root_whose_name_looks_like_a_pattern(tmp_path):
    root = tmp_path / "[draft] *"
    root.mkdir()
    path = written(root, "customs.parquet", f"SELECT {ROW}")
    (root / "data" / "folder.parquet").mkdir()
    assert parquet.parts(root / "data" / "*.parquet", root) == [path]
    assert len(parquet.relation(customs(root), root).fetchall()) == 1


FLOWS = {
    "fields": [
        {"name": "year", "type": "year", "constraints": {"required": True}},
        {"name": "exporter", "type": "string", "constraints": {"required": True, "pattern": "[A-Z]{3}"}},
        {"name": "importer", "type": "string", "constraints": {"required": True, "pattern": "[A-Z]{3}"}},
        {"name": "product", "type": "string", "constraints": {"required": True, "pattern": "[0-9]{6}"}},
        {"name": "value", "type": "number", "constraints": {"required": True, "minimum": 0}},
    ]
}


def described(root, **changes):
    """Add the resource customs to a paper's descriptor."""
    file = root / "data" / "datapackage.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    entry = {"name": "customs", "path": "customs/*.parquet", "title": "Trade by product", "schema": FLOWS}
    content["resources"].append(entry | changes)
    file.write_text(json.dumps(content, indent=2), encoding="utf-8")


def test_a_package_gives_a_relation_and_no_table(paper):
    generate(paper / "data" / "customs", 2000, years=(2019, 2020))
    described(paper)
    package = open_package(paper / "data")
    assert len(package.relation("customs").fetchall()) == 2000
    assert package.path("customs") == paper / "data" / "customs" / "*.parquet"
    with pytest.raises(ValueError, match=r'"customs" is in Parquet; ask relation\("customs"\)'):
        package.table("customs")
    with pytest.raises(ValueError, match=r'"flows" is not in Parquet; table\("flows"\) reads it'):
        package.relation("flows")
    with pytest.raises(KeyError, match="it has: areas, customs, flows"):
        package.relation("custom")


def test_the_check_of_tables_looks_again_when_a_file_has_changed(paper):
    generate(paper / "data" / "customs", 100, years=(2020,))
    described(paper)
    store = Store(paper / "store")

    def found():
        faults = check_tables(open_package(paper / "data"), paper, None, store)
        return [f"{fault.file}: {fault.what}" for fault in faults]

    assert found() == []
    flows = paper / "data" / "customs" / "baci-2020.parquet"
    whole, size = flows.stat().st_mtime_ns, flows.stat().st_size
    flows.rename(paper / "aside")
    assert found() == ["data/customs/*.parquet: the file is missing"]
    (paper / "aside").rename(flows)
    assert found() == []
    negative = f"SELECT * REPLACE (-value AS value) FROM '{flows}'"
    duckdb.connect().execute(f"COPY ({negative}) TO '{paper / 'aside'}' (FORMAT parquet)")
    (paper / "aside").replace(flows)
    (told,) = found()
    assert told.startswith("data/customs/*.parquet: value: 100 of 100 rows are below 0, such as ")
    # Nothing but size and time tells of a change: the files are not read for that.
    flows.write_bytes(bytes(size))
    os.utime(flows, ns=(whole, whole))
    assert found() == []
    os.utime(flows, ns=(whole, whole + 1))
    assert "not a Parquet file" in found()[0]


CONSTRAINED = {"name": "product", "type": "string", "constraints": {"unique": True, "minLength": 6}}
KEY = {"fields": ["exporter"], "reference": {"resource": "areas", "fields": ["code"]}}


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({"schema": {}}, ['the schema of "customs" has no fields']),
        ({"schema": FLOWS | {"primaryKey": ["year"]}}, ['where "primaryKey" is not checked']),
        ({"schema": FLOWS | {"foreignKeys": [KEY]}}, ['where "foreignKeys" is not checked']),
        (
            {"schema": {"fields": [CONSTRAINED]}},
            ['in Parquet, "unique" is not checked', 'in Parquet, "minLength" is not checked'],
        ),
        (
            {"schema": {"fields": [{"name": "product", "type": "string", "translate": True}]}},
            ['the field "product": texts in Parquet are not translated'],
        ),
    ],
)
def test_a_schema_that_asks_for_what_is_not_done(paper, changes, messages):
    described(paper, **changes)
    found = [fault.what for fault in check_descriptor(paper / "data", paper)]
    assert len(found) == len(messages)
    assert all(message in what for message, what in zip(messages, found, strict=True))


def test_a_key_that_refers_to_parquet_or_a_table_without_schema(paper):
    described(paper)
    file = paper / "data" / "datapackage.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["resources"][1]["schema"]["foreignKeys"][1]["reference"]["resource"] = "customs"
    del content["resources"][2]["schema"]
    file.write_text(json.dumps(content, indent=2), encoding="utf-8")
    assert [fault.what for fault in check_descriptor(paper / "data", paper)] == [
        '"customs" is in Parquet and has no schema',
        'there is no table "customs" of text',
    ]


CUSTOMS = """#| label: customs
from corridor import data, exhibits
from corridor.trade import products

flows = data.open_package().relation("customs")
top = products.shares(flows, exporters=["CHN"], importers=countries, years=[2020], most=3)
top = top.assign(source="alpha2020", locator="sec. 1")
exhibits.table(top, columns=[exhibits.Column("product", "Chapter")], data=top, language=language)
"""
BUILD = ("build", "--engine", "pandoc", "--format", "html")


def test_a_paper_with_customs_data(paper):
    flows = paper / "data" / "customs"
    generate(flows, 20_000, years=(2019, 2020))
    described(paper)
    notebook = nbformat.read(paper / "analysis" / "trade.ipynb", as_version=4)
    notebook.cells = [notebook.cells[0], nbformat.v4.new_code_cell(CUSTOMS, id="customs")]
    notebook.cells[0].source = 'countries: list[str] = ["KAZ"]\nlanguage: str = "en"'
    nbformat.write(notebook, paper / "analysis" / "customs.ipynb")
    text = paper / "chapters" / "trade.qmd"
    embed = "\n::: {#tbl-customs}\n\n{{< embed ../analysis/customs.ipynb#customs >}}\n\nChapters\n\n:::\n"
    text.write_text(text.read_text(encoding="utf-8") + embed, encoding="utf-8")

    run_corridor(paper, "check", expect=0)
    run_corridor(paper, *BUILD, "--quiet", expect=0)
    exhibit = paper / "_build" / "region" / "en" / "exhibits" / "customs.csv"
    before = exhibit.read_text(encoding="utf-8")
    assert before.count("CHN,KAZ,2020") == 3

    def explained():
        said = run_corridor(paper, *BUILD, "--explain", expect=0).stdout.splitlines()
        found = [line.removeprefix("region/en").split(maxsplit=1) for line in said if "region/en  " in line]
        return {one[0]: one[1] for one in found if one[0].endswith(".ipynb")}

    trade, customs = "analysis/trade.ipynb", "analysis/customs.ipynb"
    assert explained() == {trade: "reused", customs: "reused"}
    read = {path for run in open_store(open_paper(paper)).records("runs") for path in run["read"]}
    years = {f"data/customs/baci-{year}.parquet" for year in (2019, 2020)}
    assert {path for path in read if "customs" in path} == {"data/customs/", *years}

    generate(flows, 10_000, years=(2020,), seed=1)
    assert explained() == {trade: "reused", customs: "runs: data/customs/baci-2020.parquet has changed"}
    assert exhibit.read_text(encoding="utf-8") != before
    generate(flows, 100, years=(2021,))
    said = explained()
    assert said[trade] == "reused"
    assert said[customs] == "runs: data/customs/ holds other files"

    run_corridor(paper, "translate", "extract", expect=0)
    assert not (paper / "locales" / "templates" / "data" / "customs.pot").exists()
    run_corridor(paper, "edition", "new", "kyrgyz", "--countries", "KGZ", expect=0)
    run_corridor(paper, "check", "--edition", "kyrgyz", expect=0)
