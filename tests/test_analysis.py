"""The notebooks of the reference paper, and where their exhibits stand."""

import re
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat import NotebookNode

from corridor import description, exhibits, facts
from corridor.exhibits import Exhibit
from corridor.facts import Fact

ROOT = Path(__file__).parents[1]

STRATEGIES = ["xinjiang", "south", "marketplaces", "repurchase"]

LABELS = {
    "swot": [
        *[f"matrix-kaz-{strategy}" for strategy in [*STRATEGIES, "khorgos"]],
        *[f"matrix-kgz-{strategy}" for strategy in STRATEGIES],
        *[f"matrix-home-{strategy}" for strategy in [*STRATEGIES, "khorgos"]],
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

COUNTRIES = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]

MINE = ["swot", "policy", "ecommerce", "routes"]


def path(name: str) -> Path:
    return ROOT / "analysis" / f"{name}.ipynb"


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory):
    """Return a function that runs a notebook with parameters, each pair only once."""
    done: dict[str, NotebookNode] = {}

    def run(name: str, **parameters: object) -> NotebookNode:
        key = f"{name} {parameters}"
        if key not in done:
            target = tmp_path_factory.mktemp("run") / "done.ipynb"
            done[key] = papermill.execute_notebook(
                str(path(name)), str(target), parameters=parameters, cwd=str(ROOT), progress_bar=False
            )
        return done[key]

    return run


@pytest.fixture
def shown(executed):
    """Return a function that runs a notebook with parameters and returns its exhibits."""

    def run(name: str, **parameters: object) -> dict[str, Exhibit]:
        return exhibits.collect(executed(name, **parameters))

    return run


@pytest.fixture
def stated(executed):
    """Return a function that runs a notebook with parameters and returns its facts."""

    def run(name: str, **parameters: object) -> dict[str, Fact]:
        return facts.collect({name: executed(name, **parameters)})

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
    + [(name, [country]) for name in MINE for country in COUNTRIES if country != "TJK"],
)
def test_every_exhibit_is_made_for_any_edition(shown, name, countries):
    found = shown(name, countries=countries)
    assert list(found) == LABELS[name]
    for label, exhibit in found.items():
        assert len(exhibit.alt) <= description.LIMIT
        assert not any("'" in text for text in (exhibit.alt, *exhibit.notes))
        assert exhibit.rows or exhibit.notes
        assert exhibit.kind != "figure" or exhibit.alt
        assert exhibit.kind == "missing" or {"source", "locator"} <= set(exhibit.columns)
        assert not any(isinstance(value, (list, dict)) for row in exhibit.rows for value in row)
        if label != "map":  # places of the whole region lie on it
            told = {code for record in records(exhibit) if (code := record.get("country"))}
            assert told <= set(countries)


STEMS = {"KAZ": "Kazakh", "KGZ": "Kyrgyz", "TJK": "Tajik", "TKM": "Turkmen", "UZB": "Uzbek"}

# What names another country by right: the railway through two, the group of the interviews, what a source
# says of a country's own matter, and places in the sources.
OF_TWO = re.compile("China[–-]Kyrgyzstan[–-]Uzbekistan|Kazakhstan and the Kyrgyz Republic")
OWN_WORDS = {"locator", "printed", "text", "says", "summary", "note"}


def strangers(country: str) -> re.Pattern[str]:
    """Return a pattern for the names, adjectives and codes of the other countries."""
    names = [stem for code, stem in STEMS.items() if code != country]
    codes = [code for code in STEMS if code != country]
    return re.compile(rf"\b(?:{'|'.join(names)})|\b(?:{'|'.join(codes)})\b")


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("name", MINE)
def test_nothing_of_another_country_is_shown(executed, shown, name, country):
    stranger = strangers(country)
    for label, exhibit in shown(name, countries=[country]).items():
        told = [exhibit.alt, *exhibit.notes]
        for record in records(exhibit):
            place = {"country"} if label == "map" else set()  # its places may lie across a border
            told += [str(value) for column, value in record.items() if column not in OWN_WORDS | place]
        # A note on how a source prints a recommendation is the source's matter.
        told = [OF_TWO.sub("", text) for text in told if not text.startswith("1. Visa-free travel: ")]
        assert [text for text in told if stranger.search(text)] == [], label
    if name in ("ecommerce", "routes"):
        for cell in executed(name, countries=[country]).cells:
            for output in cell.get("outputs", []):
                text = OF_TWO.sub("", "".join(output.get("data", {}).get("text/markdown", "")))
                assert not stranger.search(text), exhibits.cell_label(cell.source)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("name", MINE)
def test_no_fact_is_on_another_country(stated, name, country):
    others = {code.lower() for code in COUNTRIES if code != country}
    for key, fact in stated(name, countries=[country]).items():
        assert others.isdisjoint(re.split(r"[._]", key))
        told = OF_TWO.sub("", f"{fact.title} {fact.how} {fact.note}")
        assert not strangers(country).search(told), key


def test_facts_have_the_same_names_for_each_country(stated):
    def of(country: str) -> set[str]:
        found = {key for name in MINE for key in stated(name, countries=[country])}
        mine = f".{country.lower()}."
        return {key.replace(mine, ".home.") for key in found if mine in key}

    kaz, kgz = of("KAZ"), of("KGZ")
    assert {
        *["swot.home.items", "swot.home.matrices", "swot.home.threats", "swot.home.pairs_so"],
        *["policy.home.recommendations", "policy.home.burdens", "policy.home.answered", "policy.home.actors"],
        *["policy.home.challenges_stay", "policy.home.rank_awareness", "study.home.interviews_firms"],
        *["ecommerce.home.behind_2020", "ecommerce.home.behind_2023", "ecommerce.home.measures"],
        *["routes.home.roads_open", "routes.home.crossings", "chronology.home.events"],
    } <= kaz & kgz
    # What one has and the other has not is of Khorgos, of Chinese sellers or of the visa.
    counted = {key for key in kaz ^ kgz if key.startswith(("swot.", "policy."))}
    assert all(re.search("khorgos|chinese_sellers|visa", key) for key in counted)
    assert all("partnerships.home.span" in of(country) for country in COUNTRIES)


def test_counts_of_a_country_are_those_of_the_region(stated):
    whole = {key: fact for name in MINE for key, fact in stated(name, countries=WHOLE).items()}
    for country in ("KAZ", "KGZ"):
        for name in MINE:
            for key, fact in stated(name, countries=[country]).items():
                if f".{country.lower()}." in key:
                    assert (whole[key].value, whole[key].upper) == (fact.value, fact.upper), key


def test_the_only_country_has_its_matrices(shown):
    found = shown("swot", countries=["KGZ"])
    for strategy in STRATEGIES:
        home, named = (found[f"matrix-{place}-{strategy}"] for place in ("home", "kgz"))
        assert home.rows == named.rows != []
    [why] = found["matrix-home-khorgos"].notes
    assert found["matrix-home-khorgos"].kind == "missing"
    assert why.startswith("The source has a paragraph and no table")
    assert shown("swot", countries=["KAZ"])["matrix-home-khorgos"].rows
    assert shown("swot", countries=WHOLE)["matrix-home-south"].kind == "missing"


def test_routes_of_a_country_are_those_that_stop_there_or_bear_its_name(shown):
    def lines(country: str) -> set[object]:
        exhibit = shown("routes", countries=[country])["map"]
        return {route for record in records(exhibit) if (route := record.get("route"))}

    assert lines("KAZ") == {"khorgos-road", "dostyk-rail"}
    assert lines("KGZ") == {"torugart-road", "irkeshtam-road", "bedel-road", "cku-railway"}
    assert lines("UZB") == {"cku-railway"}
    assert shown("routes", countries=["TJK"])["map"].notes == [
        "The sources name no crossing between China and Tajikistan, and no place on a route there."
    ]


@pytest.fixture
def translated(tmp_path: Path) -> Path:
    """Return the root of a paper like ours with a small Russian catalogue."""
    for name in ("data", "analysis"):
        (tmp_path / name).symlink_to(ROOT / name)
    file = tmp_path / "locales" / "ru" / "analysis" / "routes.po"
    file.parent.mkdir(parents=True)
    no_crossing = "The sources name no crossing between {partner} and {country.definite}"
    said = {
        "Measure": "Показатель",
        "Distance": "Расстояние",
        "about {figure}": "около {figure}",
        f"{no_crossing}, and no place on a route there.": (
            "Источники не описывают путей между {country.instrumental} и {partner.instrumental}."
        ),
    }
    file.write_text(
        "\n".join(f'msgid "{one}"\nmsgstr "{other}"\n' for one, other in said.items()), encoding="utf-8"
    )
    return tmp_path


def test_a_notebook_speaks_another_language(translated, shown, tmp_path):
    def run(country: str) -> tuple[dict[str, Exhibit], str]:
        target = tmp_path / f"{country}.ipynb"
        given = {"countries": [country], "language": "ru"}
        done = papermill.execute_notebook(
            str(path("routes")), str(target), parameters=given, cwd=str(translated), progress_bar=False
        )
        [text] = [
            output.data["text/html"]
            for cell in done.cells
            if cell.id == "transport"
            for output in cell.outputs
            if "text/html" in output.get("data", {})
        ] or [""]
        return exhibits.collect(done), " ".join(text.split())

    found, table = run("KGZ")
    assert '<th scope="col">Показатель</th>' in table
    assert "Расстояние" in table
    assert "около 70 км" in table
    english = shown("routes", countries=["KGZ"])["transport"]
    numbers = [[record["value"] for record in records(one)] for one in (found["transport"], english)]
    assert numbers[0] == numbers[1]
    assert run("TJK")[0]["map"].notes == ["Источники не описывают путей между Таджикистаном и Китаем."]


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
    all_five = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]
    whole = {record["entry"] for record in records(shown("reconciliation", countries=all_five)["ledger"])}
    assert {"kgz-balances-fig-9", "balance-shares-fig-7", "kaz-imports-rank", "gas-2019"} <= whole
    # An edition of one country tells of what is about it and the region alone.
    told = {record["entry"] for record in records(shown("reconciliation", countries=["KGZ"])["ledger"])}
    assert "kgz-balances-fig-9" in told
    assert "kaz-imports-rank" not in told


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
    assert {exhibit.kind for exhibit in found.values()} == {"missing"}
    assert found["matrix-kaz-south"].notes == ["The country of this matrix is not part of the edition."]
    assert found["counts"].notes == [
        "The source interviewed no firms of Tajikistan, so that there are no items on it."
    ]
    assert {exhibit.kind for exhibit in shown("policy", countries=["TJK"]).values()} == {"missing"}


def test_one_country_has_nothing_to_be_compared_with(shown):
    found = shown("swot", countries=["KGZ"])
    for label in ("shared", "opposed"):
        assert found[label].kind == "missing"
        assert "needs items on two countries" in found[label].notes[0]


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
