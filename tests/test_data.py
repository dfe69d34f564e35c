"""Tables as notebooks get them: typed by their schema."""

import json
from pathlib import Path

import pytest

from corridor.data import open_package


def test_types(tmp_path: Path) -> None:
    types = {"name": "string", "year": "year", "rank": "integer", "value": "number", "final": "boolean"}
    fields = [{"name": name, "type": kind} for name, kind in types.items()]
    resource = {"name": "flows", "path": "flows.csv", "schema": {"fields": fields}}
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": [resource]}))
    (tmp_path / "flows.csv").write_text("name,year,rank,value,final\nNA,2018,3,1.5,true\n,,,,\n")
    table = open_package(tmp_path).table("flows")
    assert table["name"].tolist() == ["NA", ""]  # text stays text, also where it looks like a gap
    assert table.dtypes.astype(str).tolist()[1:] == ["Int64", "Int64", "float64", "boolean"]
    assert table.loc[0].tolist() == ["NA", 2018, 3, 1.5, True]
    assert table.loc[1].isna().tolist() == [False, True, True, True, True]


def test_a_table_is_read_again_once_it_was_written(paper: Path) -> None:
    package = open_package(paper / "data")
    file = package.path("flows")
    first = package.table("flows")
    first["value"] = 0.0  # whoever changes a table changes their own
    assert package.table("flows")["value"].ne(0).all()
    file.write_text(file.read_text().splitlines()[0] + "\n")
    assert package.table("flows").empty


def test_found_from_a_folder_below(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(paper / "analysis")
    assert open_package().folder == paper / "data"


def test_unknown_resource(paper: Path) -> None:
    with pytest.raises(KeyError, match='no resource "flow"; it has: areas, flows'):
        open_package(paper / "data").table("flow")
