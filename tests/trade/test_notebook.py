"""The notebook `analysis/trade.ipynb`."""

from pathlib import Path

import nbformat
import papermill
import pytest

from corridor import description, exhibits

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "analysis" / "trade.ipynb"

LABELS = [
    *["region", "countries", "volume", "balance", "shares", "products", "products-table", "concentration"],
    *["partners", "dependence", "target", "sources", "map", "flags", "coverage"],
]


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


def test_it_is_stored_without_outputs(notebook):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_every_exhibit_is_labelled_once(notebook):
    labels = [exhibits.cell_label(c.source) for c in notebook.cells if c.cell_type == "code"]
    assert [label for label in labels if label] == LABELS
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)


def test_it_starts_with_typed_parameters():
    parameters = papermill.inspect_notebook(str(NOTEBOOK))
    assert {name: entry["inferred_type_name"] for name, entry in parameters.items()} == {
        "countries": "list[str]",
        "partner": "str",
        "first_year": "int",
        "last_year": "int",
        "language": "str",
    }


# Turkmenistan has the fewest figures; two years leave most exhibits empty.
@pytest.mark.parametrize(
    "parameters",
    [{"countries": ["TKM"]}, {"countries": ["UZB", "KGZ"], "first_year": 2014, "last_year": 2015}],
)
def test_every_exhibit_is_made_for_any_edition(parameters, tmp_path):
    done = papermill.execute_notebook(
        str(NOTEBOOK), str(tmp_path / "done.ipynb"), parameters=parameters, cwd=str(ROOT), progress_bar=False
    )
    found = exhibits.collect(done)
    assert list(found) == LABELS
    for exhibit in found.values():
        assert len(exhibit.alt) <= description.LIMIT
        assert not any("'" in text for text in (exhibit.alt, *exhibit.notes))
        assert exhibit.rows or exhibit.notes or exhibit.alt
        assert exhibit.kind == "table" or exhibit.alt
        if exhibit.label not in ("map", "sources"):
            others = {"KAZ", "KGZ", "TJK", "TKM", "UZB"} - set(parameters["countries"])
            places = [exhibit.columns.index(c) for c in ("reporter", "partner") if c in exhibit.columns]
            if exhibit.label != "partners":
                assert not others & {row[place] for row in exhibit.rows for place in places}
