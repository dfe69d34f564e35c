"""The notebooks on trade in editions of one country, and in another language."""

import re
import shutil
from pathlib import Path

import nbformat
import papermill
import pytest

from corridor import exhibits, facts

ROOT = Path(__file__).parents[2]

COUNTRIES = ["KAZ", "KGZ", "TJK", "TKM", "UZB"]

STEMS = {"KAZ": "kazakh", "KGZ": "kyrgyz", "TJK": "tajik", "TKM": "turkmen", "UZB": "uzbek"}

RUSSIAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Year"
msgstr "Год"

msgid "Exports"
msgstr "Экспорт"

msgid "{flow}, USD billion"
msgstr "{flow}, млрд долл. США"

msgid "agree"
msgstr "согласуются"

msgid "{place.genitive} trade with {area.definite}, as {place.definite} reports it."
msgstr "Торговля {place.genitive} с {area.instrumental} по данным {place.genitive}."

msgid "Exports of {reporter.definite} to {partner.definite}"
msgstr "Экспорт {reporter.genitive} в {partner.accusative}"

msgid "Wrong year"
msgstr "Неверный год"

msgid "Contradictions: {kind}"
msgstr "Противоречия: {kind}"
"""


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Return a function that runs a notebook once for each country, or as the parameters say."""
    done: dict[str, nbformat.NotebookNode] = {}

    def run(name: str, root: Path = ROOT, **parameters: object) -> nbformat.NotebookNode:
        key = f"{name} {root} {parameters}"
        if key not in done:
            target = tmp_path_factory.mktemp("run") / "done.ipynb"
            source = str(root / "analysis" / f"{name}.ipynb")
            done[key] = papermill.execute_notebook(
                source, str(target), parameters=parameters, cwd=str(root), progress_bar=False
            )
        return done[key]

    return run


def figures(exhibit: exhibits.Exhibit) -> list[dict[str, object]]:
    return [dict(zip(exhibit.columns, row, strict=True)) for row in exhibit.rows]


def names_another(text: str, country: str) -> bool:
    """Whether a text names another country; the key of a figure does so by a part of it."""
    codes = [code for code in COUNTRIES if code != country]
    words = [STEMS[code] for code in codes] + [rf"{code.lower()}\b" for code in codes]
    # Quotation marks hold a source's own words, which say where a figure stands.
    plain = re.sub(r'"[^"]*"|“[^”]*”', "", text)
    return bool(re.search(rf"\b(?:{'|'.join(words)})", re.sub(r"[._]", " ", plain.lower())))


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("name", ["trade", "reconciliation"])
def test_an_edition_of_one_country_speaks_of_no_other(executed, name, country):
    notebook = executed(name, countries=[country])
    found = exhibits.collect(notebook)
    assert found
    for label, exhibit in found.items():
        told = [exhibit.alt, *exhibit.notes, *(str(value) for row in exhibit.rows for value in row)]
        assert [text for text in told if names_another(text, country)] == [], label
    for key, fact in facts.collect({name: notebook}).items():
        told = [key, fact.title, fact.note, fact.how, fact.formula, *fact.inputs]
        assert not any(names_another(text, country) for text in told), fact
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for form in ("text/markdown", "image/svg+xml"):
                text = output.get("data", {}).get(form, "")
                assert not names_another(text.replace("\\", ""), country), cell["id"]


@pytest.mark.parametrize("country", ["TJK", "TKM", "UZB"])
def test_what_no_source_prints_is_said_to_be_missing(executed, country):
    found = exhibits.collect(executed("trade", countries=[country]))
    for label in ("products", "products-table", "concentration"):
        assert found[label].kind == "missing"
        assert "No source prints the products" in found[label].notes[0]
    assert found["countries"].kind == "table"
    assert found["volume"].kind == "figure"


def test_every_area_has_the_same_facts(executed):
    notebook = executed("trade", countries=COUNTRIES)
    known = facts.collect({"trade": notebook})
    for code in [*COUNTRIES, "XCA"]:
        area = f"trade.{code.lower()}"
        for flow in ("exports", "imports", "turnover"):
            first, last = known[f"{area}.{flow}_2017"].value, known[f"{area}.{flow}_2024"].value
            assert known[f"{area}.{flow}_growth_2017_2024"].value == pytest.approx(100 * (last / first - 1))
            assert known[f"{area}.{flow}_ratio_2017_2024"].value == pytest.approx(last / first)
            yearly = known[f"{area}.{flow}_cagr_2017_2024"].value
            assert first * (1 + yearly / 100) ** 7 == pytest.approx(last)
    for flow in ("exports", "imports", "turnover"):
        parts = [known[f"trade.{code.lower()}.{flow}_share_2024"].value for code in COUNTRIES]
        assert sum(parts) == pytest.approx(100, abs=0.2)
    ranks = [known[f"trade.{code.lower()}.turnover_rank_2023"].value for code in COUNTRIES]
    assert sorted(ranks) == [1, 2, 3, 4, 5]


def test_extremes_leave_out_what_another_source_contradicts(executed):
    known = facts.collect({"trade": executed("trade", countries=["TKM"])})
    assert known["trade.tkm.balance_highest"].value == -6.21e9
    assert known["trade.tkm.balance_highest_year"].text() == "2017"
    assert "trade.tkm.balance_2021" not in known["trade.tkm.balance_highest"].inputs


def test_growth_stays_within_one_source(executed):
    known = facts.collect({"trade": executed("trade", countries=["TJK"])})
    # Another source prints the turnover of 2023.
    assert known["trade.tjk.turnover_previous_year"].value == 2017
    assert known["trade.tjk.turnover_growth_last"].inputs == (
        "trade.tjk.turnover_2024",
        "trade.tjk.turnover_2017",
    )


@pytest.fixture(scope="module")
def translated(tmp_path_factory) -> Path:
    """Return the root of a copy of the paper with a small Russian catalogue."""
    root = tmp_path_factory.mktemp("paper")
    for folder in ("analysis", "data"):
        shutil.copytree(ROOT / folder, root / folder)
    catalogue = root / "locales" / "ru" / "analysis" / "trade.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(RUSSIAN.lstrip(), encoding="utf-8")
    return root


def html_of(notebook: nbformat.NotebookNode, label: str) -> str:
    for cell in notebook.cells:
        if exhibits.cell_label(cell.source) == label:
            return "".join(o.data.get("text/html", "") for o in cell.outputs if "data" in o)
    raise AssertionError(label)


def test_a_translated_run_has_the_words_of_the_language_and_the_same_figures(executed, translated):
    english = executed("trade", countries=["KGZ"])
    russian = executed("trade", translated, countries=["KGZ"], language="ru")
    table = html_of(russian, "region")
    assert ">Год</th>" in table
    assert "Экспорт, млрд долл. США" in table
    assert "71,20" in table
    assert "71.20" in html_of(english, "region")
    note = exhibits.collect(russian)["countries"].notes[0]
    assert note == "Торговля Китая с Кыргызской Республикой по данным Китая."
    ours, theirs = (facts.collect({"trade": notebook}) for notebook in (russian, english))
    assert {key: fact.value for key, fact in ours.items()} == {
        key: fact.value for key, fact in theirs.items()
    }
    title = ours["trade.kgz.exports_2024"].title
    assert title == "Экспорт Китая в Кыргызскую Республику"
    assert "согласуются" in html_of(russian, "sources")
    for label, exhibit in exhibits.collect(russian).items():
        told = exhibits.collect(english)[label]
        assert [row.get("value") for row in figures(exhibit)] == [row.get("value") for row in figures(told)]


def test_a_translated_ledger(executed, translated):
    russian = executed("reconciliation", translated, countries=["TKM"], language="ru")
    assert "Неверный год" in html_of(russian, "ledger")
    known = facts.collect({"reconciliation": russian})
    assert known["reconciliation.contradictions.shift"].title == "Противоречия: неверный год"
    assert known["reconciliation.tkm.cells_all"].value == 13 * 4
