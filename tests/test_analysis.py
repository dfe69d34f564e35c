"""The notebooks of the reference paper, and where their exhibits stand."""

import re
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat import NotebookNode

from corridor import description, exhibits
from corridor.exhibits import Exhibit

ROOT = Path(__file__).parents[1]

STRATEGIES = ["xinjiang", "south", "marketplaces", "repurchase"]

LABELS = {
    "swot": [
        *[f"matrix-kaz-{strategy}" for strategy in [*STRATEGIES, "khorgos"]],
        *[f"matrix-kgz-{strategy}" for strategy in STRATEGIES],
        *["missing", "counts", "themes", "shared", "opposed", "tows-so", "tows-wt"],
        *["voices", "codebook", "profile", "sectors", "questionnaire"],
    ],
    "policy": [
        *[
            "recommendations",
            "stakeholders",
            "answers",
            "unanswered",
            "traceability",
            "criteria",
            "ranking",
            "sensitivity",
        ],
        "challenge",
    ],
    "ecommerce": [
        *["readiness", "standing", "forecast", "categories", "platforms", "firms", "terms", "gaps"],
    ],
    "trade": [
        *["region", "countries", "volume", "balance", "shares", "products", "products-table"],
        *["concentration", "partners", "dependence", "target", "sources", "flags", "coverage"],
    ],
    "reconciliation": ["ledger", "bounds"],
    "routes": ["map", "transport", "railway", "rules", "partnerships", "chronology"],
}

NOTEBOOKS = list(LABELS)

WHOLE = ["KAZ", "KGZ", "TJK"]


def path(name: str) -> Path:
    return ROOT / "analysis" / f"{name}.ipynb"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory):
    """Return a function that runs a notebook with parameters, each pair only once."""
    done: dict[str, NotebookNode] = {}

    def run(name: str, **parameters: object) -> dict[str, Exhibit]:
        key = f"{name} {parameters}"
        if key not in done:
            target = tmp_path_factory.mktemp("run") / "done.ipynb"
            done[key] = papermill.execute_notebook(
                str(path(name)), str(target), parameters=parameters, cwd=str(ROOT), progress_bar=False
            )
        return exhibits.collect(done[key])

    return run


def records(exhibit: Exhibit) -> list[dict[str, object]]:
    return [dict(zip(exhibit.columns, row, strict=True)) for row in exhibit.rows]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_is_stored_without_outputs(name):
    notebook = nbformat.read(path(name), as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def exhibit_labels(file: Path) -> list[str]:
    """Return the labels of a notebook's cells, those left out that only state facts."""
    cells = [cell for cell in nbformat.read(file, as_version=4).cells if cell.cell_type == "code"]
    labels = [exhibits.cell_label(cell.source) or "" for cell in cells]
    return [label for label in labels if label and not label.startswith(("facts-", "printed-", "best-"))]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_exhibit_is_labelled_once(name):
    assert exhibit_labels(path(name)) == LABELS[name]


def test_every_exhibit_stands_in_a_chapter():
    made = {
        f"{file.name}#{label}"
        for file in (ROOT / "analysis").glob("*.ipynb")
        for label in exhibit_labels(file)
    }
    prose = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "chapters").glob("*.qmd"))
    assert set(re.findall(r"embed \.\./analysis/(\S+)", prose)) == made


def test_no_label_stands_in_two_notebooks():
    found = [
        label
        for file in sorted((ROOT / "analysis").glob("*.ipynb"))
        for cell in nbformat.read(file, as_version=4).cells
        if cell.cell_type == "code" and (label := exhibits.cell_label(cell.source))
    ]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_starts_with_typed_parameters(name):
    parameters = papermill.inspect_notebook(str(path(name)))
    kinds = {key: entry["inferred_type_name"] for key, entry in parameters.items()}
    weights = {key: kind for key, kind in kinds.items() if key.startswith("weight_")}
    assert {key: kinds[key] for key in kinds if key not in weights} == {
        "countries": "list[str]",
        "partner": "str",
        "first_year": "int",
        "last_year": "int",
        "language": "str",
    }
    assert set(weights.values()) == ({"float"} if name == "policy" else set())


# Tajikistan has neither items nor recommendations; one country has nothing to be compared with.
@pytest.mark.parametrize(
    ("name", "countries"),
    [(name, countries) for name in NOTEBOOKS for countries in (WHOLE, ["TJK"])]
    + [("swot", ["KGZ"]), ("policy", ["KGZ"])],
)
def test_every_exhibit_is_made_for_any_edition(shown, name, countries):
    found = shown(name, countries=countries)
    assert list(found) == LABELS[name]
    for label, exhibit in found.items():
        assert len(exhibit.alt) <= description.LIMIT
        assert not any("'" in text for text in (exhibit.alt, *exhibit.notes))
        assert exhibit.rows or exhibit.notes
        assert exhibit.kind == "table" or exhibit.alt
        assert {"source", "locator"} <= set(exhibit.columns)
        assert not any(isinstance(value, (list, dict)) for row in exhibit.rows for value in row)
        if label != "map":  # places of the whole region lie on it
            told = {code for record in records(exhibit) if (code := record.get("country"))}
            assert told <= set(countries)


# Turkmenistan has the fewest figures; two years leave most exhibits empty.
@pytest.mark.parametrize(
    "parameters",
    [{"countries": ["TKM"]}, {"countries": ["UZB", "KGZ"], "first_year": 2014, "last_year": 2015}],
)
@pytest.mark.parametrize("name", ["trade", "reconciliation"])
def test_no_figure_of_another_country_is_shown(shown, name, parameters):
    others = {"KAZ", "KGZ", "TJK", "TKM", "UZB"} - set(parameters["countries"])
    for label, exhibit in shown(name, **parameters).items():
        if label not in ("sources", "partners"):  # sums of the region, and a country's exports elsewhere
            sides = {record.get(side) for record in records(exhibit) for side in ("reporter", "partner")}
            assert not others & sides


def test_the_ledger_shows_what_concerns_the_edition(shown):
    whole = {record["entry"] for record in records(shown("reconciliation", countries=WHOLE)["ledger"])}
    assert {"kgz-balances-fig-9", "balance-shares-fig-7", "kaz-imports-rank", "gas-2019"} <= whole
    assert "turkmen-imports-2022" not in whole
    told = records(shown("reconciliation", countries=["TKM"])["ledger"])
    assert "turkmen-imports-2022" in {record["entry"] for record in told}
    assert "kgz-balances-fig-9" not in {record["entry"] for record in told}


def test_a_corrected_figure_is_used_as_it_is_read(shown):
    found = shown("trade", countries=["TKM"])
    amounts = {
        (record["flow"], record["year"]): record["value"]
        for record in records(found["countries"])
        if record["reporter"] == "CHN"
    }
    assert amounts["import", 2022] == 10.31e9
    assert ("import", 2021) not in amounts
    assert amounts["export", 2022] == pytest.approx(0.86e9)
    assert any("read as the figure of 2022, not of 2021" in note for note in found["countries"].notes)


def test_bounds_stand_in_charts_and_tables(shown):
    found = shown("trade", countries=["TKM"])
    bars = [record for record in records(found["balance"]) if record.get("low") is not None]
    # The customs totals leave Turkmenistan a surplus that its printed balances of these years deny.
    assert [record["year"] for record in bars] == [2019, 2020, 2021]
    assert all(float(str(record["high"])) < -7e9 for record in bars)
    assert "Bounds: Turkmenistan 2019–2021." in found["balance"].alt
    assert any("do not agree" in note for note in found["countries"].notes)
    cells = records(shown("reconciliation", countries=["TKM"])["bounds"])
    states = {(cell["partner"], cell["flow"], cell["year"]): cell["state"] for cell in cells if cell["state"]}
    assert states["TKM", "balance", 2019] == "exact"
    assert states["TKM", "import", 2019] == "bounded"
    assert states["TKM", "import", 2022] == "printed"
    assert states["TKM", "export", 2014] == "open"


def test_an_edition_without_items_says_so(shown):
    found = shown("swot", countries=["TJK"])
    assert found["matrix-kaz-south"].notes == ["Kazakhstan is not part of this edition."]
    assert found["counts"].notes == ["The source has no items on Tajikistan."]
    assert not found["themes"].rows
    assert shown("policy", countries=["TJK"])["ranking"].notes == [
        "The source recommends nothing to Tajikistan."
    ]


def test_one_country_has_nothing_to_be_compared_with(shown):
    found = shown("swot", countries=["KGZ"])
    for label in ("shared", "opposed"):
        assert not found[label].rows
        assert "nothing to compare" in found[label].notes[0]


def test_shared_and_opposed_matters_are_all_that_both_countries_have(shown):
    found = shown("swot", countries=WHOLE)
    assert "21 of 31 matters that both countries have are shared." in found["shared"].notes
    assert "6 matters are opposed, 4 mixed." in found["opposed"].notes


def test_the_forecast_and_what_it_implies(shown):
    forecast = shown("ecommerce", countries=WHOLE)["forecast"]
    assert "33.3 percent a year" in forecast.alt
    assert any("USD 15.8 billion in 2024, 42 percent more than in 2023" in note for note in forecast.notes)


def test_parcels_a_year_before(shown):
    # 4.5 million after growth of 67 percent: 4.5 / 1.67 = 2.69.
    notes = " ".join(shown("ecommerce", countries=WHOLE)["platforms"].notes)
    assert "about 2.7 million in the same months a year before" in notes


def test_partnerships_are_those_of_the_table(shown):
    ties = records(shown("routes", countries=WHOLE)["partnerships"])
    years = {(tie["area"], str(tie["kind"]).split("-")[0]): tie["date"] for tie in ties}
    assert years == {
        ("KAZ", "strategic"): "2005",
        ("KAZ", "comprehensive"): "2011",
        ("KAZ", "deepened"): "2019",
        ("KGZ", "strategic"): "2013",
        ("KGZ", "comprehensive"): "2018",
        ("KGZ", "deepened"): "2023",
        ("TJK", "strategic"): "2013",
        ("TJK", "comprehensive"): "2017",
        ("TJK", "deepened"): "2024",
    }


def test_a_distance_that_cannot_be_is_said(shown):
    notes = " ".join(shown("routes", countries=WHOLE)["transport"].notes)
    assert "Bedel to Karakol: in a straight line it is already about 120 km" in notes
    assert "Bedel to Almaty" not in notes


def test_every_weakness_and_threat_is_answered_or_left_open(shown):
    found = shown("policy", countries=WHOLE)
    harmful = {
        record["id"]
        for record in records(shown("swot", countries=WHOLE)["counts"])
        if record["quadrant"] in ("weakness", "threat")
    }
    answered = {record["item"] for record in records(found["answers"])}
    left = {record["id"] for record in records(found["unanswered"])}
    assert not answered & left
    assert answered | left == harmful


def test_weights_decide_the_ranking(shown):
    def first(found: dict[str, Exhibit]) -> set[object]:
        ranked = [record for record in records(found["ranking"]) if record["country"] == "KAZ"]
        return {record["recommendation"] for record in ranked if record["rank"] == 1}

    assert first(shown("policy", countries=WHOLE)) == {"awareness"}
    given = {"weight_answered": 0.0, "weight_reach": 0.0, "weight_actors": 2.0, "weight_cost": 0.0}
    assert first(shown("policy", countries=["KAZ"], **given)) == {"data"}


def test_a_recommendation_takes_each_rank_in_a_share_of_all_weightings(shown):
    shares: dict[tuple[object, object], float] = {}
    for record in records(shown("policy", countries=WHOLE)["sensitivity"]):
        key = (record["country"], record["recommendation"])
        shares[key] = shares.get(key, 0.0) + float(str(record["share"]))
    assert len(shares) == 9
    assert list(shares.values()) == pytest.approx([100.0] * 9)
