import json
import os
import subprocess
import sys

import duckdb
import pytest

from corridor import parquet
from corridor.data import Resource
from corridor.errors import PaperError

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
    found = parquet.parts(tmp_path / "data" / "flows-*.parquet")
    assert [path.name for path in found] == ["flows-2020.parquet", "flows-2021.parquet"]
    assert parquet.check(customs(tmp_path, "flows-*.parquet"), tmp_path) == []


def test_a_kernel_is_told_which_files_are_read(tmp_path):
    written(tmp_path, "flows-1.parquet", f"SELECT {ROW}")
    written(tmp_path, "flows-2.parquet", f"SELECT {ROW}")
    code = f"""
import json, os
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "corridor.compute.reads")
from corridor import parquet
from corridor.data import Resource
root = Path({str(tmp_path)!r})
fields = [{{"name": "year", "type": "year"}}]
resource = Resource(name="customs", path=root / "data" / "flows-*.parquet", schema={{"fields": fields}})
parquet.relation(resource, root)
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
