"""The list of facts: the page, the files, the data rows, the appendix in print."""

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import lxml.html
import pikepdf
import pypdf
import pytest

from corridor.chapter import resolve
from corridor.data import open_package
from corridor.facts import Fact, anchor
from corridor.render.embedded.html import write_site
from corridor.render.embedded.pdf import write_pdf
from corridor.stage import StagedProject
from corridor.stage.entries import Listing, exact, filled, name_works, precision, status, when
from corridor.stage.facts import find_uses, list_facts, tell, with_facts
from corridor.store import Store
from facts_paper import ALPHA, FACTS, METHOD, TRADE, package, small_facts, stage_facts

TEXTS = {"chapters/trade.qmd": TRADE, "chapters/method.qmd": METHOD}
KEYS = (
    "trade.aaa.exports_2023",
    "trade.aaa.exports_2021",
    "survey.delays",
    "trade.aaa.exports_ratio",
    "survey.firms",
)


@pytest.fixture(scope="module")
def staged(built: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[StagedProject, Listing]:
    return stage_facts(built, tmp_path_factory.mktemp("facts") / "staged", small_facts(), TEXTS)


@pytest.fixture(scope="module")
def project(staged: tuple[StagedProject, Listing]) -> StagedProject:
    return staged[0]


@pytest.fixture(scope="module")
def listing(staged: tuple[StagedProject, Listing]) -> Listing:
    return staged[1]


@pytest.fixture(scope="module")
def site(project: StagedProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_site(project, folder, Store(tmp_path_factory.mktemp("store")), has_pdf=False)
    return folder


@pytest.fixture(scope="module")
def pdf(project: StagedProject, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pdf") / "paper.pdf"
    write_pdf(project, file, Store(file.parent / "store"))
    return file


def tree(file: Path) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(file.read_text(encoding="utf-8"))


# --- in words


def one(**values: object) -> Fact:
    return replace(small_facts()["trade.aaa.exports_2023"], **values)


@pytest.mark.parametrize(
    ("fact", "value", "rounded"),
    [
        (one(), "USD 19,720,000,000", "rounded to 10 million"),
        (one(qualifier="over"), "over USD 19,720,000,000", "rounded to 10 million"),
        (one(value=3.0, upper=5.5, unit="days", rounding=0.5), "3.0–5.5 days", "rounded to 0.5"),
        (one(value=24.0, unit="firms", rounding=1.0), "24 firms", ""),
        (one(value=24.0, unit="percent", rounding=1.0), "24 percent", "rounded to 1"),
        (one(value=-1 / 3, unit="points", rounding=0.1), "−0.333333333333 percentage points", "nearest 0.1"),
    ],
)
def test_value_in_full(fact: Fact, value: str, rounded: str) -> None:
    assert exact(fact, "en").replace("\u00a0", " ") == value
    said = precision(fact, "en").replace("\u00a0", " ")
    assert said.endswith(rounded)
    assert bool(said) == bool(rounded)


def test_year_and_status() -> None:
    assert when(one(), "en") == "2023"
    assert when(one(period="2017/2021"), "en") == "2017–2021"
    assert when(one(period="2023-01/2023-06"), "en") == "January 2023 – June 2023"
    assert when(one(year=None), "en") == ""
    assert status(one(), "en") == "estimated"
    assert status(one(status="derived", basis="projected"), "en") == "derived from projected figures"
    assert status(one(status="derived", basis=""), "en") == "derived"


def test_formula_with_values(listing: Listing) -> None:
    facts = {
        "a.b": one(key="a.b", value=4.0, unit="times", rounding=1.0),
        "a.b_2": one(key="a.b_2", value=2.0, unit="times", rounding=1.0),
    }
    sums = one(key="c.d", formula="(a.b_2 - a.b) * 2 / a.b ** 2", inputs=("a.b_2", "a.b"))
    both = replace(listing, facts=facts)
    assert filled(sums, both).replace("\u00a0", " ") == "(2 times − 4 times) × 2 ÷ 4 times ^ 2"
    assert filled(one(formula="a.b", inputs=("a.b",)), both) == ""


def test_names_of_works(built: Path, tmp_path: Path) -> None:
    assert name_works(built / "references.bib", "en") == {
        "alpha2020": "Alpha (2020)",
        "beta2021": "Beta (2021)",
    }
    many = tmp_path / "many.bib"
    many.write_text(
        "@misc{x1, author={{A & B_c}}, title={One}, year={2024}}\n"
        "@article{y, author={Huang, W. and Muk, I. and Leu, J. and Four, F.}, title={T}, year={2025}}\n",
        encoding="utf-8",
    )
    assert name_works(many, "en") == {"x1": "A & B_c (2024)", "y": "Huang et al. (2025)"}


def test_uses(tmp_path: Path) -> None:
    texts = {
        "a.qmd": "---\ntitle: 'First *one*'\n---\n\n{{< var x.y-digits >}} `{{< var x.z >}}` {{< var a.b >}}",
        "b.qmd": "# Second {#sec-b}\n\n{{< var x.z >}} {{< var x.y >}} {{< var x.y >}}",
        "c.qmd": "# Third\n",
    }
    found = find_uses(texts, {"x.y": one(), "x.z": one()}, Store(tmp_path))
    assert [(use.chapter, use.title, use.keys) for use in found] == [
        ("a.qmd", "First one", ("x.y",)),
        ("b.qmd", "Second", ("x.z", "x.y")),
    ]


def test_place_of_the_list(built: Path, listing: Listing, tmp_path: Path) -> None:
    assert listing.used == KEYS
    assert listing.chapter == "chapters/facts.qmd"
    assert listing.references == "references.qmd"
    bibliography = built / "references.bib"
    only_code = {"a.qmd": "# A\n\n```\n::: {#facts}\n:::\n```\n"}
    data, store = open_package(built / "data"), Store(tmp_path / "store")
    assert list_facts(only_code, small_facts(), bibliography, data, store) is None
    text = with_facts(FACTS, listing, tell(listing, package(tmp_path / "data"), store))
    assert "{#facts}" not in text
    assert text.startswith("# Facts {#sec-facts}\n\nEvery figure of the text.\n")


def test_what_is_told_follows_facts_and_rows(listing: Listing, tmp_path: Path) -> None:
    data, store = package(tmp_path / "data"), Store(tmp_path / "store")
    before = tell(listing, data, store)
    assert tell(listing, data, store) == before
    table = data.path("flows")
    table.write_text(table.read_text(encoding="utf-8").replace("alpha2020", "beta2021"), encoding="utf-8")
    rows = tell(listing, data, store)
    assert rows.entries == before.entries
    assert {name for name in rows.files if rows.files[name] != before.files[name]} == {
        "rows/flows.csv",
        "rows/flows.html",
    }
    key = "trade.aaa.exports_2023"
    facts = {**listing.facts, key: replace(listing.facts[key], title="Another title")}
    told = tell(replace(listing, facts=facts), data, store)
    assert "Another title" in told.entries[key]
    assert "Another title" in told.files["facts.json"]
    named = tell(replace(listing, works={**listing.works, "alpha2020": "Somebody (2020)"}), data, store)
    assert "Somebody (2020)" in named.entries[key]


# --- the page


def test_facts_in_the_text(site: Path) -> None:
    links = tree(site / "chapters" / "trade.html").xpath("//a[contains(@class, 'fact')]")
    assert [link.text_content().replace("\u00a0", " ") for link in links] == [
        "USD 19.72 billion",
        "USD 19.72 billion",
        "19.72",
        "USD 9 billion",
        "USD 9 billion",
        "2.2 times",
        "3–5 days",
    ]
    assert {link.get("href") for link in links} == {
        f"../chapters/facts.html#{anchor(key)}" for key in KEYS[:4]
    }
    assert [link.get("id") for link in links] == [
        "use-trade-aaa-exports_2023",
        None,
        None,
        "use-trade-aaa-exports_2021",
        None,
        "use-trade-aaa-exports_ratio",
        "use-survey-delays",
    ]


def test_marks_for_the_checks_are_not_shown(site: Path) -> None:
    page = (site / "chapters" / "trade.html").read_text(encoding="utf-8")
    assert "which more than doubled them" in re.sub(r"\s+", " ", page)
    for mark in ("claim", "unchecked", "an example", "2 * trade"):
        assert mark not in page


def test_links_from_the_root(site: Path) -> None:
    targets = tree(site / "chapters" / "trade.html").xpath("//p//a/@href")
    assert "../chapters/method.html#sec-method" in targets
    assert "../chapters/facts.html" in targets
    assert resolve("chapters/trade.qmd", "/index.qmd") == "index.qmd"


def test_entries(site: Path) -> None:
    page = tree(site / "chapters" / "facts.html")
    entries = {entry.get("id"): entry for entry in page.xpath("//article")}
    assert list(entries) == [anchor(key) for key in sorted(small_facts())]
    ratio = re.sub(r"\s+", " ", entries["fact-trade-aaa-exports_ratio"].text_content())
    for said in (
        "Exports in 2023 as a multiple of those in 2021",
        "2.19111111111 times",
        "derived from projected figures",
        "Alpha (2020), sec. 2, para. beginning “Exports <rose>”",
        "USD 19.72 billion ÷ USD 9 billion",
        "Exports of Aland to China, 2021, January 2021 – June 2021: over USD 9 billion",
        "Used in Trade",
    ):
        assert said in ratio
    reported = entries["fact-trade-aaa-exports_2021"].text_content().replace("\u00a0", " ")
    for said in (
        "over USD 9,000,000,000",
        "January 2021 – June 2021 · projected",
        "analysis/trade.ipynb, cell “flows”",
        "row in flows",
    ):
        assert said in reported
    counted = entries["fact-survey-firms"].text_content()
    assert 'Firms asked in "Two Lands" & beyond' in counted
    assert "Annex <b>1</b>" in counted
    assert "Counted over the rows" in counted
    assert "Same as" in entries["fact-summary-exports"].text_content()
    assert "Used in" not in entries["fact-summary-exports"].text_content()


def test_links_lead_somewhere(site: Path) -> None:
    pages = [*site.glob("chapters/*.html"), *site.glob("facts/rows/*.html")]
    seen = 0
    for page in pages:
        for link in tree(page).xpath("//a[@href]"):
            path, _, fragment = urljoin(page.as_uri(), link.get("href")).partition("#")
            target = Path(unquote(path.removeprefix("file://")))
            assert target.exists(), (page, link.get("href"))
            if fragment and target.suffix == ".html":
                assert tree(target).xpath("//*[@id=$name]", name=unquote(fragment)), (page, link.get("href"))
                seen += 1
    assert seen > 60


def test_cards_are_the_entries_of_what_is_used(site: Path) -> None:
    script = (site / "facts" / "cards.js").read_text(encoding="utf-8")
    content = json.loads(script.removeprefix("corridorCards(").removesuffix(");\n"))
    assert set(content["cards"]) == set(KEYS)
    page = (site / "chapters" / "facts.html").read_text(encoding="utf-8")
    for fragment in content["cards"].values():
        assert fragment in page


# --- files


def test_json(site: Path) -> None:
    listed: list[dict[str, Any]] = json.loads((site / "facts" / "facts.json").read_text(encoding="utf-8"))
    names = [field.name for field in fields(Fact)]
    assert all(list(fact) == names for fact in listed)
    facts = small_facts()
    assert listed == json.loads(json.dumps([asdict(facts[key]) for key in sorted(facts)]))
    assert listed[-2]["sources"] == [asdict(source) for source in ALPHA]


def test_csv(site: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((site / "facts" / "facts.csv").read_text(encoding="utf-8"))))
    assert [row["key"] for row in rows] == sorted(small_facts())
    assert list(rows[0]) == [field.name for field in fields(Fact)]
    by_key = {row["key"]: row for row in rows}
    assert by_key["trade.aaa.exports_2023"]["value"] == "19720000000"
    assert by_key["trade.aaa.exports_2023"]["upper"] == ""
    assert by_key["trade.aaa.exports_ratio"]["inputs"] == "trade.aaa.exports_2023 | trade.aaa.exports_2021"
    assert by_key["survey.delays"]["sources"] == "beta2021: Table 1"


def test_rows_of_this_edition_alone(site: Path) -> None:
    assert sorted(p.name for p in (site / "facts" / "rows").iterdir()) == ["flows.csv", "flows.html"]
    rows = list(csv.DictReader((site / "facts" / "rows" / "flows.csv").open(encoding="utf-8")))
    assert [(row["key"], row["value"]) for row in rows] == [
        ("trade.aaa.exports_2023", "19720000000"),
        ("trade.aaa.exports_2021", "9000000000"),
        ("survey.delays", "3"),
        ("", "5"),
    ]
    page = (site / "facts" / "rows" / "flows.html").read_text(encoding="utf-8")
    assert "<script>" not in page
    for other in ("77777", "88888", "trade.bbb", "another edition"):
        for file in (site / "facts").rglob("*"):
            assert file.is_dir() or other not in file.read_text(encoding="utf-8")


def test_nothing_without_the_page(built: Path) -> None:
    assert not (built / "_build" / "region" / "en" / "facts").exists()
    site = built / "site" / "region" / "en"
    assert not (site / "facts").exists()
    assert "facts.js" not in (site / "chapters" / "trade.html").read_text(encoding="utf-8")


# --- many facts


def many(count: int) -> dict[str, Fact]:
    """Return as many facts as a long paper has, a quarter of them derived."""
    facts = {}
    for number in range(count):
        key = f"trade{number % 7}.country.exports_of_something_{number}"
        formula = number % 4 == 0 and number > 8
        parts = tuple(list(facts)[-2:])
        facts[key] = one(
            key=key,
            title=f"Exports of a country with a longer name to China, in the year {number}",
            value=1e9 + number * 1e7,
            status="derived" if formula else "reported",
            basis="reported" if formula else "",
            formula=f"{parts[0]} / {parts[1]}" if formula else "",
            inputs=parts if formula else (),
            resource="" if formula else "flows",
            note="",
        )
    return facts


@pytest.fixture(scope="module")
def big(built: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[StagedProject, Path]:
    facts = many(800)
    shown = " ".join(f"{{{{< var {key} >}}}}" for key in list(facts)[:300])
    folder = tmp_path_factory.mktemp("big")
    project, _ = stage_facts(built, folder / "staged", facts, {"chapters/trade.qmd": f"\n{shown}\n"})
    write_site(project, folder / "site", Store(folder / "store"), has_pdf=False)
    return project, folder / "site"


def test_page_of_many_facts_is_light(big: tuple[StagedProject, Path]) -> None:
    page = big[1] / "chapters" / "facts.html"
    assert len(tree(page).xpath("//article")) == 800
    assert page.stat().st_size < 700_000
    assert (big[1] / "facts" / "cards.js").stat().st_size < 400_000


def test_appendix_of_many_facts(big: tuple[StagedProject, Path], tmp_path: Path) -> None:
    write_pdf(big[0], tmp_path / "big.pdf", Store(tmp_path / "store"))
    pages = appendix(tmp_path / "big.pdf")
    assert sum(text.count("a longer name") for text in pages) >= 300
    assert len(pages) < 16


# --- in print


def texts(file: Path) -> list[str]:
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pypdf.PdfReader(file).pages]


def appendix(file: Path) -> list[str]:
    pages = texts(file)
    first = next(number for number, text in enumerate(pages) if "A Facts" in text and number > 1)
    last = next(
        number
        for number, text in enumerate(pages)
        if text.startswith("References") or "B References" in text[:40]
    )
    return pages[first : max(last, first + 1)]


def test_appendix(pdf: Path) -> None:
    text = " ".join(appendix(pdf))
    assert "pages 5, 6" in text
    for said in (
        "USD 19.72 billion – Exports of Aland to China, 2023. page",
        "2023, estimated; Alpha (2020, sec. 2, para. beginning “Exports <rose>”). Printed as “19.72”.",
        "over USD 9 billion – Exports of Aland to China, 2021. page 5",
        "3–5 days – Days that goods wait at the border. page 5",
        "= USD 19.72 billion ÷ USD 9 billion",
        '24 firms – Firms asked in "Two Lands" & beyond. page 6',
        "Counted over the rows of the survey that name a firm.",
        "Beta (2021, Table 1)",
    ):
        assert said in text.replace("\u00a0", " ").replace("pages 5, 6", "page 5, 6"), said
    values = ["USD 19.72 billion –", "over USD 9 billion –", "3–5 days –", "2.2 times –", "24 firms –"]
    places = [text.replace("\u00a0", " ").index(value) for value in values]
    assert places == sorted(places)
    assert "summary" not in text


@pytest.fixture(scope="module")
def opened(pdf: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(pdf) as file:
        yield file


def links(file: pikepdf.Pdf) -> list[tuple[int, int, float]]:
    """Return page, target's page and height on it of each link to a place."""
    numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(file.pages, start=1)}
    return [
        (number, numbers[link.Dest[0].objgen], float(link.Dest[3]))
        for number, page in enumerate(file.pages, start=1)
        for link in page.get("/Annots", [])
        if link.Subtype == "/Link" and isinstance(link.Dest, pikepdf.Array)
    ]


def test_linked_both_ways(opened: pikepdf.Pdf) -> None:
    there = [(page, height) for page, target, height in links(opened) if target == 7 and page < 7]
    # the heading, its text, caption, table and note on one page; the other chapter on the next
    assert [page for page, _ in there] == [5] * 7 + [6] * 2
    assert len({height for _, height in there}) == len(KEYS)
    back = [target for page, target, _ in links(opened) if page == 7 and target < 7]
    assert sorted(back) == [5, 5, 5, 5, 6, 6]
    contents = [target for page, target, _ in links(opened) if page == 2]
    assert 7 not in contents[8:], "a list of contents leads to the facts in its titles"


def test_print_looks_as_without_facts(opened: pikepdf.Pdf, pdf: Path) -> None:
    with opened.open_outline() as outline:
        titles = [item.title for chapter in outline.root for item in chapter.children]
    assert "1.3 Beyond USD 19.72 billion" in [title.replace("\u00a0", " ") for title in titles]
    found = texts(pdf)
    assert "1.3 Beyond USD 19.72 billion" in found[1].replace("\u00a0", " ")
    assert "Table 1.2 Growth from USD 9 billion" in found[1].replace("\u00a0", " ")
    with opened.open_metadata() as xmp:
        assert xmp["pdfuaid:part"] == "1"


def test_fact_without_entry_is_text(project: StagedProject, tmp_path: Path) -> None:
    folder = tmp_path / "staged"
    shutil.copytree(project.root, folder)
    (folder / "chapters" / "facts.qmd").write_text("# Facts {#sec-facts}\n", encoding="utf-8")
    write_pdf(replace(project, root=folder), tmp_path / "paper.pdf", Store(tmp_path / "store"))
    assert "Exports were USD 19.72 billion" in " ".join(texts(tmp_path / "paper.pdf")).replace("\u00a0", " ")


def test_quarto_renders_it(project: StagedProject, tmp_path: Path) -> None:
    if shutil.which("quarto") is None:
        pytest.skip("no quarto on PATH")
    shutil.copytree(project.root, tmp_path / "staged")
    for target in ("html", "typst"):
        subprocess.run(
            ["quarto", "render", ".", "--to", target],
            cwd=tmp_path / "staged",
            check=True,
            capture_output=True,
        )
        if target == "html":
            page = tree(tmp_path / "staged" / "_output" / "chapters" / "trade.html")
            assert page.xpath("//a[@id='use-survey-delays']")
    files = list((tmp_path / "staged" / "_output").rglob("*.pdf"))
    assert "= USD 19.72 billion ÷ USD 9 billion" in " ".join(texts(files[0])).replace("\u00a0", " ")
