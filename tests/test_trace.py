"""From evidence to action: chains, what changed under an item, what nothing answers, and the links."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pypdf
import pytest
import typst
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from lxml import html as lxml_html

from corridor import pandoc, policy, swot, trace
from corridor.data import Package, open_package
from corridor.exhibits import MIME, Column, Entries, Linked, table
from corridor.facts import Fact, Source
from corridor.policy import Policy
from corridor.swot import Swot

ROOT = Path(__file__).parents[1]

FEE = "terms.kgz.visa_agency_fee"
VISA = "kgz.xinjiang.weakness.visa-regime"


# --- small analyses


def fact(key: str, value: float, upper: float | None = None, **more: Any) -> Fact:
    where = (Source("one", "p. 7"),)
    return Fact(
        key=key, title="Fee, Aland", value=value, upper=upper, unit="USD", rounding=1, status="quoted",
        sources=where, **more,
    )  # fmt: skip


COUNTRIES = ["KAZ", "KGZ"]


@pytest.fixture
def study() -> Swot:
    names = ["aaa.s.weakness.x", "aaa.s.threat.y", "aaa.s.strength.w", "bbb.s.weakness.x"]
    parts = [name.split(".") for name in names]
    items = pd.DataFrame(
        {
            "id": names,
            "country": [part[0].upper() for part in parts],
            "strategy": [part[1] for part in parts],
            "quadrant": [part[2] for part in parts],
            "title": ["Ex", "Why", "Double", "Ex of B"],
            "voice": ["trader", "", "", ""],
            "role": ["a trader", "", "", ""],
            "says": ["Dear.", "", "", ""],
            "refers": [[], [], [], []],
            "source": "two",
            "locator": [f"p. {number}" for number in range(1, 5)],
        }
    )
    evidence = pd.DataFrame(
        [
            ["aaa.s.weakness.x", "fact", "a.fee", "USD 380–500", "", ""],
            ["aaa.s.weakness.x", "voice", "trader", "", "two", "p. 1"],
            ["aaa.s.threat.y", "stated", "", "", "two", "p. 2"],
            ["aaa.s.strength.w", "fact", "a.fee", "USD 380–500", "", ""],
            ["bbb.s.weakness.x", "fact", "b.days", "30 days", "", ""],
        ],
        columns=["item", "kind", "reference", "value", "source", "locator"],
    )
    empty, missing = pd.DataFrame(), pd.DataFrame(columns=["country"])
    return Swot(items=items, evidence=evidence, strategies=empty, codes=empty, themes=empty, missing=missing)


@pytest.fixture
def plan() -> Policy:
    recommendations = pd.DataFrame(
        {
            "id": ["one", "two", "idle"],
            "title": ["One", "Two", "Idle"],
            "countries": [["AAA"], ["AAA", "BBB"], ["BBB"]],
            "source": "two",
            "locator": ["row 1", "row 2", "row 3"],
        }
    )
    answers = pd.DataFrame(
        [
            ["one", "aaa.s.weakness.x", "It helps."],
            ["two", "aaa.s.weakness.x", "So does it."],
            ["two", "bbb.s.weakness.x", "There too."],
        ],
        columns=["recommendation", "item", "because"],
    )
    actors = pd.DataFrame(
        [["one", "p", "Pea"], ["two", "p", "Pea"], ["two", "q", "Queue"], ["idle", "r", "Are"]],
        columns=["recommendation", "actor", "title"],
    )
    return Policy(recommendations=recommendations, steps=pd.DataFrame(), actors=actors, answers=answers)


@pytest.fixture
def facts() -> dict[str, Fact]:
    days = replace(fact("b.days", 30), unit="days", title="Stay")
    return {"a.fee": fact("a.fee", 380, 500), "b.days": days}


def test_chains(study: Swot, plan: Policy) -> None:
    table = trace.chains(study, plan)
    assert list(table) == ["country", "item", "kind", "evidence", "recommendation", "actor"]
    x, y, w, b = study.items["id"]
    assert table.to_numpy().tolist() == [
        ["AAA", x, "fact", "a.fee", "one", "p"],
        ["AAA", x, "fact", "a.fee", "two", "p"],
        ["AAA", x, "fact", "a.fee", "two", "q"],
        ["AAA", x, "voice", "trader", "one", "p"],
        ["AAA", x, "voice", "trader", "two", "p"],
        ["AAA", x, "voice", "trader", "two", "q"],
        ["AAA", y, "stated", "", "", ""],  # nothing answers it
        ["AAA", w, "fact", "a.fee", "", ""],
        ["BBB", b, "fact", "b.days", "two", "p"],
        ["BBB", b, "fact", "b.days", "two", "q"],
        ["", "", "", "", "idle", "r"],  # it answers nothing
    ]


def test_chains_both_ways(study: Swot, plan: Policy) -> None:
    table = trace.chains(study, plan)
    assert set(trace.through(table, "evidence", "a.fee")["actor"]) == {"p", "q", ""}
    assert set(trace.through(table, "actor", "q")["evidence"]) == {"a.fee", "trader", "b.days"}
    assert set(trace.through(table, "recommendation", "one")["item"]) == {"aaa.s.weakness.x"}
    with pytest.raises(ValueError, match='"items" is no link of a chain; there are item, evidence,'):
        trace.through(table, "items", "x")


def test_unanswered(study: Swot, plan: Policy) -> None:
    assert trace.unanswered(study, plan) == ["aaa.s.threat.y"]
    # An answer by a recommendation that is not made to the country is none.
    only_b = plan.recommendations.assign(countries=[["BBB"]] * 3)
    found = trace.unanswered(study, replace(plan, recommendations=only_b))
    assert found == ["aaa.s.weakness.x", "aaa.s.threat.y"]


def test_nothing_has_changed(study: Swot, facts: dict[str, Fact]) -> None:
    assert trace.changed(study.evidence, facts) == []  # whatever spaces the fact's text has


def test_changed(study: Swot, facts: dict[str, Fact]) -> None:
    now = {**facts, "a.fee": fact("a.fee", 400, 500)}
    assert [(c.item, c.key, c.was, c.now) for c in trace.changed(study.evidence, now)] == [
        ("aaa.s.weakness.x", "a.fee", "USD 380–500", "USD 400–500"),
        ("aaa.s.strength.w", "a.fee", "USD 380–500", "USD 400–500"),
    ]
    assert trace.changed(study.evidence, {"b.days": now["b.days"]}) == []


def test_told(study: Swot, facts: dict[str, Fact]) -> None:
    names = {"AAA": "Aland", "BBB": "Bland"}
    now = {**facts, "a.fee": fact("a.fee", 400, 500, qualifier="about", year=2024)}
    text = {item: words.replace("\u00a0", " ") for item, words in trace.told(study, now, names, "en").items()}
    fee = "Fee, 2024: about USD 400–500 (evidence changed: it was USD 380–500)."
    assert text == {
        "aaa.s.weakness.x": f"{fee} Voice: a trader.",
        "aaa.s.threat.y": "The source’s own sentence.",
        "aaa.s.strength.w": fee,
        "bbb.s.weakness.x": "Stay: 30 days.",
    }


def test_located(study: Swot, facts: dict[str, Fact]) -> None:
    found = trace.located(study.evidence, facts)[["source", "locator"]].to_numpy().tolist()
    assert found == [["one", "p. 7"], ["two", "p. 1"], ["two", "p. 2"], ["one", "p. 7"], ["one", "p. 7"]]
    assert study.evidence["source"].tolist() == ["", "two", "two", "", ""]


def test_json_of_one_country(study: Swot, plan: Policy, facts: dict[str, Fact]) -> None:
    graph = trace.as_json(study, plan, facts, ["BBB"])
    assert json.loads(json.dumps(graph)) == {
        "nodes": [
            {
                "id": "item:bbb.s.weakness.x", "kind": "item", "title": "Ex of B", "countries": ["BBB"],
                "strategy": "s", "quadrant": "weakness", "source": "two", "locator": "p. 4",
            },
            {
                "id": "fact:b.days", "kind": "fact", "title": "Stay", "value": "30 days",
                "status": "quoted", "source": "one", "locator": "p. 7",
            },
            {
                "id": "recommendation:two", "kind": "recommendation", "title": "Two", "countries": ["BBB"],
                "source": "two", "locator": "row 2",
            },
            {
                "id": "recommendation:idle", "kind": "recommendation", "title": "Idle",
                "countries": ["BBB"], "source": "two", "locator": "row 3",
            },
            {"id": "actor:p", "kind": "actor", "title": "Pea"},
            {"id": "actor:q", "kind": "actor", "title": "Queue"},
            {"id": "actor:r", "kind": "actor", "title": "Are"},
        ],
        "edges": [
            {
                "from": "fact:b.days", "to": "item:bbb.s.weakness.x", "kind": "supports",
                "recorded": "30 days",
            },
            {
                "from": "item:bbb.s.weakness.x", "to": "recommendation:two", "kind": "answered_by",
                "because": "There too.",
            },
            {"from": "recommendation:two", "to": "actor:p", "kind": "carried_out_by"},
            {"from": "recommendation:two", "to": "actor:q", "kind": "carried_out_by"},
            {"from": "recommendation:idle", "to": "actor:r", "kind": "carried_out_by"},
        ],
        "unanswered": [],
        "changed": [],
    }  # fmt: skip


# --- the real data


@pytest.fixture
def package() -> Package:
    return open_package(ROOT / "data")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path / "data"


def test_every_item_has_evidence_of_its_own_country(package: Package) -> None:
    study = swot.read_swot(package.document("swot"))
    assert set(study.evidence["item"]) == set(study.items["id"])
    for row in study.evidence[study.evidence["kind"] == "fact"].to_dict("records"):
        own, other = ("kaz", "kgz") if row["item"].startswith("kaz") else ("kgz", "kaz")
        # What one country plans at Naryn is a threat to the other.
        if row["item"] != "kaz.khorgos.threat.second-khorgos":
            area = row["reference"].split(".")[1].split("_")
            assert own in area or other not in area, row
    voices = study.evidence[study.evidence["kind"] == "voice"]
    spoken = study.items[study.items["voice"] != ""].set_index("voice")
    assert set(voices["reference"]) == set(spoken.index)
    assert [spoken.loc[row.reference, "locator"] for row in voices.itertuples()] == voices["locator"].tolist()


def test_a_statement_stands_where_nothing_else_does(package: Package) -> None:
    study = swot.read_swot(package.document("swot"))
    kinds = study.evidence.groupby("item")["kind"].agg(set)
    assert all(found == {"stated"} or "stated" not in found for found in kinds)
    stated = study.evidence[study.evidence["kind"] == "stated"].merge(
        study.items[["id", "locator"]], left_on="item", right_on="id"
    )
    assert stated["locator_x"].tolist() == stated["locator_y"].tolist()


def test_keys_are_all_printed(package: Package) -> None:
    printed = trace.printed(package)
    assert trace.keys(package) == set(printed)
    assert printed[FEE].title == "Fee of visa agencies (full package of documents), Kyrgyz Republic"
    assert printed["huang2025.kaz.balance_2023"].title == "Trade balance of China with Kazakhstan"
    assert (
        printed["enikeeva2025.kgz_chn.export_share"].title
        == "Share of China in exports of the Kyrgyz Republic"
    )
    assert all(one.title != one.key for one in printed.values())


def test_report_of_a_new_vintage(copied: Path) -> None:
    before = trace.report(open_package(copied), trace.printed(open_package(copied)), COUNTRIES)
    rows = (copied / "observations.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    [at] = [place for place, row in enumerate(rows) if row.startswith(f"{FEE},")]
    assert rows[at].count(",380,") == 1
    rows[at] = rows[at].replace(",380,", ",400,")
    (copied / "observations.csv").write_text("".join(rows), encoding="utf-8")
    after = trace.report(open_package(copied), trace.printed(open_package(copied)), COUNTRIES)
    assert sorted(set(after) - set(before)) == [
        f"swot kgz.marketplaces.strength.no-travel: evidence changed: {FEE} was USD 380–500, is USD 400–500",
        f"swot {VISA}: evidence changed: {FEE} was USD 380–500, is USD 400–500",
    ]
    assert set(before) <= set(after)


def test_report_of_what_nothing_answers(package: Package) -> None:
    lines = trace.report(package, {}, COUNTRIES)
    assert len(lines) == 20  # 13 of Kazakhstan, 7 of the Kyrgyz Republic, as the chapter says
    assert sum(line.startswith("swot kaz.khorgos.") for line in lines) == 5
    assert "swot kgz.south.weakness.low-order-volumes: no recommendation answers it" in lines
    own = trace.report(package, {}, ["KGZ"])
    assert len(own) == 7
    assert not [line for line in own if ".kaz." in line or " kaz." in line]
    assert trace.report(package, {}, ["TJK"]) == []


def test_packages_without_documents(copied: Path, tmp_path: Path) -> None:
    descriptor = json.loads((copied / "datapackage.json").read_text(encoding="utf-8"))

    def without(*names: str) -> Package:
        kept = [entry for entry in descriptor["resources"] if entry["name"] not in names]
        (copied / "datapackage.json").write_text(json.dumps({"resources": kept}), encoding="utf-8")
        return open_package(copied)

    package = without("recommendations")
    assert trace.report(package, trace.printed(package), COUNTRIES) == []
    trace.write(tmp_path / "out", package, ["KAZ"])
    assert not (tmp_path / "out").exists()
    assert trace.report(without("swot", "recommendations"), {}, COUNTRIES) == []


@pytest.mark.parametrize("countries", [["KAZ", "KGZ"], ["KGZ"], ["TJK"]])
def test_write(package: Package, tmp_path: Path, countries: list[str]) -> None:
    trace.write(tmp_path / "exhibits", package, countries)
    graph = json.loads((tmp_path / "exhibits" / "traceability.json").read_text(encoding="utf-8"))
    names = [node["id"] for node in graph["nodes"]]
    assert len(set(names)) == len(names)
    ends = {end for edge in graph["edges"] for end in (edge["from"], edge["to"])}
    assert ends <= set(names)
    assert set(graph["unanswered"]) <= set(names)
    told = {code for node in graph["nodes"] for code in node.get("countries", [])}
    assert told == set(countries) - {"TJK"}
    assert all(node["title"] for node in graph["nodes"])
    items = [node for node in graph["nodes"] if node["kind"] == "item"]
    assert len(items) == sum({"KAZ": 46, "KGZ": 39}.get(code, 0) for code in countries)
    # Every item rests on something.
    assert {edge["to"] for edge in graph["edges"] if edge["kind"] == "supports"} == {n["id"] for n in items}


# --- the exhibits


@pytest.fixture(scope="module")
def shell() -> Iterator[None]:
    InteractiveShell.instance()
    yield
    InteractiveShell.clear_instance()


Run = Callable[[str, list[str], str], dict[str, Any]]


@pytest.fixture
def run(shell: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs cells of a notebook for some countries and returns the last exhibit."""
    monkeypatch.chdir(ROOT)

    def show(name: str, countries: list[str], last: str) -> dict[str, Any]:
        notebook = nbformat.read(ROOT / "analysis" / f"{name}.ipynb", as_version=4)
        cells = {cell.id: cell.source for cell in notebook.cells}
        scope: dict[str, Any] = {}
        exec(cells["parameters"], scope)
        scope["countries"] = countries
        exec(cells["setup"], scope)
        with capture_output() as captured:
            exec(cells["matrices"] if name == "swot" else "", scope)
            exec(cells[last], scope)
        return captured.outputs[0].data

    return show


def links(bundle: dict[str, Any]) -> dict[str, str]:
    """Return the targets of all links by the id of the place where they stand."""
    nodes = lxml_html.fromstring(bundle["text/html"]).xpath("//a")
    return {node.get("id"): node.get("href") for node in nodes}


def test_item_and_row_lead_to_each_other(run: Run) -> None:
    rows = links(run("policy", ["KAZ", "KGZ"], "traceability"))
    assert len(rows) == 44
    items: dict[str, str] = {}
    places: list[str] = []
    notebook = nbformat.read(ROOT / "analysis" / "swot.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.id.startswith(("matrix-kaz-", "matrix-kgz-")):
            bundle = run("swot", ["KAZ", "KGZ"], cell.id)
            items |= links(bundle)
            places += lxml_html.fromstring(bundle["text/html"]).xpath("//li//@id")
    assert len(set(places)) == len(places) == 85
    assert items == {name.replace("trace-", "swot-"): f"recommendations.html#{name}" for name in rows}
    assert rows == {name.replace("swot-", "trace-"): f"findings.html#{name}" for name in items}
    # The pages are those of the chapters that show the exhibits.
    findings, advice = (
        (ROOT / "chapters" / f"{name}.qmd").read_text(encoding="utf-8")
        for name in ("findings", "recommendations")
    )
    assert len(set(re.findall(r"swot\.ipynb#(matrix-k\S+)", findings))) == 9
    assert "policy.ipynb#traceability" in advice


def test_rows(run: Run) -> None:
    bundle = run("policy", ["KGZ"], "traceability")
    [shown] = lxml_html.fromstring(bundle["text/html"]).xpath("//table")
    heads = [th.text_content() for th in shown.xpath("thead//th")]
    assert heads == ["Strategy", "Weakness or threat", "Evidence", *"12345", "Answers"]
    assert shown.xpath("thead//abbr/@title")[0] == "1. Visa-free travel"
    rows = {
        tr.xpath("th[@scope='row']")[0].text_content(): [td.text_content() for td in tr.xpath("td")]
        for tr in shown.xpath("tbody/tr")
    }
    assert len(rows) == 20
    visa = rows["W1 Visa regime"]
    assert visa[0].replace("\u00a0", " ").startswith("Fee of visa agencies (full package of documents): USD")
    assert visa[1:] == ["●", "", "", "", "", "1"]
    assert rows["W3 Lack of Chinese language"] == ["The source’s own sentence.", *[""] * 5, "none"]
    assert sum(row[-1] == "none" for row in rows.values()) == 7
    data = bundle[MIME]
    assert {"huang2025", "enikeeva2025"} == set(data["sources"])
    place = {name: number for number, name in enumerate(data["columns"])}
    keys = [row[place["key"]] for row in data["rows"] if row[place["kind"]] == "fact"]
    assert FEE in keys
    assert all(keys)
    assert all(row[place["locator"]] for row in data["rows"])


def test_an_edition_without_items(run: Run) -> None:
    bundle = run("policy", ["TJK"], "traceability")
    assert bundle[MIME]["kind"] == "missing"
    assert bundle[MIME]["notes"] == ["The source makes no recommendations to Tajikistan."]
    assert "text/html" not in bundle


def test_matrices_of_the_only_country_lead_to_its_rows(run: Run) -> None:
    rows = links(run("policy", ["KGZ"], "traceability"))
    items: dict[str, str] = {}
    for strategy in ("xinjiang", "south", "marketplaces", "repurchase"):
        items |= links(run("swot", ["KGZ"], f"matrix-home-{strategy}"))
    assert len(rows) == 20
    assert rows == {name.replace("swot-", "trace-"): f"findings.html#{name}" for name in items}


def test_no_figure_of_another_country_is_evidence(run: Run) -> None:
    other, whole = (
        " ".join(
            str(value) for row in run("policy", countries, "traceability")[MIME]["rows"] for value in row
        )
        for countries in (["KAZ"], ["KAZ", "KGZ"])
    )
    assert "rules.kgz.duty_free_weight_naryn" in whole
    assert "kgz" not in other


# --- names that are places and links


@pytest.fixture
def linked(shell: None) -> dict[str, Any]:
    frame = pd.DataFrame(
        {
            "name": [
                Linked("A *b* <c>", anchor="here", target="other#there"),
                Linked("Gone", target="o#gone"),
            ],
            "list": [Entries([(Linked("There", anchor="there"), "told."), ("Plain", "")]), "text"],
        }
    )
    with capture_output() as captured:
        table(
            frame,
            columns=[Column("name", "Name"), Column("list", "List of all", short="L")],
            data=pd.DataFrame({"source": ["one"]}),
        )
    return captured.outputs[0].data


def test_links_in_html(linked: dict[str, Any]) -> None:
    tree = lxml_html.fromstring(linked["text/html"])
    assert [(a.text, a.get("id"), a.get("href")) for a in tree.xpath("//a")] == [
        ("A *b* <c>", "here", "other.html#there"),
        ("Gone", None, "o.html#gone"),
    ]
    [place] = tree.xpath("//strong/span[@id='there']")
    assert place.text == "There:"
    assert tree.xpath("//li")[1].text_content() == "Plain"
    assert tree.xpath("//th//abbr/@title") == ["List of all"]


def test_links_in_print(linked: dict[str, Any], tmp_path: Path) -> None:
    document = pandoc.read(linked["text/markdown"])
    source = tmp_path / "table.typ"
    text = "#set document(title: [T])\n" + pandoc.write(document, "typst", "--standalone")
    source.write_text(text, encoding="utf-8")
    typst.compile(str(source), output=str(tmp_path / "table.pdf"))
    [page] = pypdf.PdfReader(tmp_path / "table.pdf").pages
    shown = page.extract_text()
    for words in ("A *b* <c>", "Gone", "There:", "Plain"):
        assert words in shown
    # What leads nowhere is no link, and does not stop the typesetter.
    marks = [mark.get_object() for mark in page.annotations or []]
    assert [mark["/Subtype"] for mark in marks] == ["/Link"]


def test_analyses_are_read_with_their_evidence(package: Package) -> None:
    study = swot.read_swot(package.document("swot"))
    found = study.evidence[study.evidence["item"] == VISA].to_numpy().tolist()
    place = "sec. 5.1, Strategy 1, Weaknesses 1"
    online = "sec. 5.1, Strategy 3, Strengths 4"
    assert found == [
        [VISA, "fact", FEE, "USD 380–500", "", ""],
        [VISA, "voice", "madina-fabric-trader", "", "enikeeva2025", place],
        [VISA, "voice", "clothes-shop-owner", "", "enikeeva2025", online],
    ]
    plan = policy.read_policy(package.document("recommendations"))
    ways = trace.through(trace.chains(study, plan), "evidence", FEE)
    assert set(ways["actor"]) == {"foreign-ministries", "authorities", ""}
