"""Facts: stated in a kernel, collected from the executed notebook, listed by the command line."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from conftest import FACTS_CELL, Corridor, add_cell, edit
from corridor import facts
from corridor.facts import Fact

ROW = {
    "key": "a.kaz.export_2020",
    "value": 2.5e9,
    "unit": "USD",
    "rounding": 1e8,
    "qualifier": "",
    "year": 2020,
    "status": "reported",
    "source": "alpha2020",
    "locator": "Table 1",
    "note": "",
}


def quoted(**changes: object) -> Fact:
    return facts.quoted(pd.DataFrame([ROW | changes]), "flows", ["Exports"])[0]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("", "USD 2.5 billion"),
        ("number", "2.5 billion"),
        ("digits", "2.5"),
        ("unit", "USD"),
        ("size", "USD 2.5 billion"),
        ("change", "USD +2.5 billion"),
        ("rounded", "USD 3 billion"),
        ("words", None),
        ("ordinal", None),
    ],
)
def test_forms(form: str, text: str | None) -> None:
    shown = quoted().text(form)
    assert (shown and shown.replace("\u00a0", " ")) == text


def test_forms_of_other_facts() -> None:
    assert quoted(value=9, unit="firms", rounding=1).text("words") == "nine"
    assert quoted(value=60, unit="rank", rounding=1).text("ordinal") == "60th"
    assert quoted(value=-8.5, unit="percent", rounding=0.1).text("size") == "8.5\u00a0percent"
    assert quoted(value=-8.5, unit="percent", rounding=0.1).text("change") == "−8.5\u00a0percent"
    assert quoted(value=-8.5, unit="percent", rounding=0.1).text("digits", "ru") == "−8,5"
    assert replace(quoted(value=437e6, rounding=1e6), scale=10**9).text("digits") == "0.437"
    with pytest.raises(ValueError, match="unknown form"):
        quoted().text("loud")


def test_a_range_is_one_fact() -> None:
    rows = pd.DataFrame(
        [
            ROW | {"value": 380, "rounding": 1, "qualifier": "from"},
            ROW | {"value": 500, "rounding": 1, "qualifier": "to", "key": ""},
        ]
    )
    [one] = facts.quoted(rows, "flows", ["Fee", "Fee"])
    assert (one.text(), one.upper, one.qualifier) == ("USD\u00a0380–500", 500, "")
    with pytest.raises(ValueError, match="no key"):
        facts.quoted(rows.iloc[1:], "flows", ["Fee"])


def test_derived() -> None:
    known = {
        "a.now": replace(quoted(), key="a.now"),
        "a.before": replace(
            quoted(value=1.5e9, status="projected", source="beta2021", year=2019), key="a.before"
        ),
    }
    one = facts.derived("a.change", "a.now - a.before", known, title="Change")
    assert (one.value, one.unit, one.rounding, one.year) == (1e9, "USD", 1e8, None)
    assert (one.status, one.basis, one.inputs) == ("derived", "projected", ("a.now", "a.before"))
    assert [source.key for source in one.sources] == ["alpha2020", "beta2021"]
    same = facts.derived("a.best", "a.now", known)
    assert (same.value, same.status, same.formula, same.resource) == (2.5e9, "reported", "a.now", "")
    for formula, title, message in [
        ("a.now / a.before", "Ratio", "give unit and rounding"),
        ("a.now - a.later", "Change", '"a.later", which is not stated'),
        ("a.now - a.before", "", "say in title"),
        ("2 * 3", "Six", "names no fact"),
    ]:
        with pytest.raises(ValueError, match=message):
            facts.derived("a.x", formula, known, title=title)


def test_another_name_may_be_of_another_year() -> None:
    known = {"a.now": replace(quoted(year=2021), key="a.now")}
    assert facts.derived("a.x", "a.now", known).year == 2021
    read = facts.derived("a.x", "a.now", known, year=2022)
    assert (read.year, read.formula) == (2022, "a.now")


def test_a_condition_is_no_value() -> None:
    known = {"a.now": replace(quoted(), key="a.now")}
    with pytest.raises(ValueError, match="condition"):
        facts.derived("a.x", "a.now > 1", known, title="More", unit="times", rounding=0.1)


def test_sums_of_decimal_fractions_leave_no_dust() -> None:
    known = {"a.x": quoted(value=0.1, unit="percent", rounding=0.1), "a.y": quoted(value=0.2, unit="percent")}
    known = {key: replace(one, key=key) for key, one in known.items()}
    assert facts.derived("a.z", "a.x + a.y", known, title="Sum", rounding=0.1).value == 0.3


# --- in a real kernel


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (
            FACTS_CELL + 'facts.derive("growth.kaz.exports", "a.kaz.export_2020")\n',
            'the fact "growth.kaz.exports" is stated already, in this cell',
        ),
        (FACTS_CELL.replace("rows=rows", "rows=rows.head(0)"), 'the fact "count.years" has no source'),
        (FACTS_CELL.replace('rows["year"].nunique()', 'float("nan")'), 'the fact "count.years" has no value'),
        (FACTS_CELL.replace("count.years", "Count years"), '"Count years" is no key of a fact'),
        (FACTS_CELL.removeprefix("#| label: stated"), "needs a label"),
    ],
)
def test_fault_at_the_cell(fact_paper: Path, corridor: Corridor, cell: str, message: str) -> None:
    add_cell(fact_paper, "stated", cell)
    done = corridor(fact_paper, "check", "--quiet", expect=1)
    assert "analysis/trade.ipynb: cell" in done.stderr or "analysis/trade.ipynb: code cell" in done.stderr
    assert "failed: ValueError: " in done.stderr
    assert message in done.stderr


def test_key_of_another_cell(fact_paper: Path, corridor: Corridor) -> None:
    add_cell(fact_paper, "again", '#| label: again\nfacts.derive("count.years", "a.kaz.export_2020")')
    done = corridor(fact_paper, "check", "--quiet", expect=1)
    assert 'cell "again" failed' in done.stderr
    assert 'is stated already, in the cell "stated"' in done.stderr


def test_key_of_another_notebook(fact_paper: Path, corridor: Corridor) -> None:
    analysis = fact_paper / "analysis"
    notebook = json.loads((analysis / "trade.ipynb").read_text(encoding="utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] not in ("flows", "volume")]
    (analysis / "again.ipynb").write_text(
        json.dumps(notebook).replace("label: stated", "label: too"), encoding="utf-8"
    )
    done = corridor(fact_paper, "check", "--quiet", expect=1)
    assert 'analysis/trade.ipynb: the fact "count.years" is stated in analysis/again.ipynb (cell "too")' in (
        done.stderr
    )


def test_listing(fact_paper: Path, corridor: Corridor) -> None:
    table = corridor(fact_paper, "facts", expect=0)
    assert "growth.kaz.exports  67\u00a0percent\n" in table.stdout
    assert "= 100 * (a.kaz.export_2020 / a.kaz.export_2019 - 1)" in table.stdout
    assert table.stderr.strip().startswith("8 of 8 facts")
    [one] = json.loads(corridor(fact_paper, "facts", "--json", "growth", expect=0).stdout)
    assert one["value"] == pytest.approx(66.67, abs=0.01)
    assert one["text"] == "67\u00a0percent"
    assert one["sources"] == [{"key": "alpha2020", "locator": "Table 1"}]
    assert (one["notebook"], one["cell"]) == ("analysis/trade.ipynb", "stated")
    line = (
        (fact_paper / "chapters" / "trade.qmd")
        .read_text(encoding="utf-8")
        .splitlines()
        .index("## Facts {#sec-of-facts}")
    )
    places = [
        {"file": "chapters/trade.qmd", "line": line + 3},
        {"file": "chapters/trade.qmd", "line": line + 4},
    ]
    assert one["used"] == places
    assert one["exhibits"] == ["flows", "volume"]  # through the figures that it is computed from
    keys = [use["key"] for use in json.loads(corridor(fact_paper, "facts", "--json", "--unused").stdout)]
    assert "a.kaz.import_2019" in keys
    assert "growth.kaz.exports" not in keys
    lone = json.loads(corridor(fact_paper, "facts", "--json", "--unexhibited", "*").stdout)
    assert [use["key"] for use in lone] == ["count.years"]
    assert corridor(fact_paper, "facts", "a.k?z.export_20*").stderr.startswith("4 of 8")


def test_staged_facts_are_those_of_the_text(fact_paper: Path, corridor: Corridor) -> None:
    corridor(fact_paper, "build", "--engine", "pandoc", "--format", "html", "--quiet", expect=0)
    variables = (fact_paper / "_build" / "region" / "en" / "_variables.yml").read_text(encoding="utf-8")
    assert "data-key=growth.kaz.exports}" in variables
    assert "export_2021" not in variables
    page = (fact_paper / "site" / "region" / "en" / "chapters" / "trade.html").read_text(encoding="utf-8")
    assert 'data-key="count.years"' in page
    assert "USD\u00a02.5\u00a0billion" in page
    assert "three" in page


def test_results_are_reused_until_an_input_changes(fact_paper: Path, corridor: Corridor) -> None:
    assert "run analysis/trade.ipynb" in corridor(fact_paper, "check", expect=0).stdout
    assert "run" not in corridor(fact_paper, "check", expect=0).stdout
    edit(fact_paper / "chapters" / "method.qmd", "A note.", "Another note.")
    assert "run" not in corridor(fact_paper, "check", expect=0).stdout
    edit(
        fact_paper / "data" / "flows.csv",
        ",2500000000,100000000,$2.5 billion",
        ",2600000000,100000000,$2.6 billion",
    )
    assert "run analysis/trade.ipynb" in corridor(fact_paper, "check", expect=0).stdout
