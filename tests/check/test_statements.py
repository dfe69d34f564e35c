"""Facts in the text: keys that do not exist, statements that do not hold."""

from pathlib import Path

import pytest

from conftest import Corridor, edit
from corridor.chapter import Shortcode, replace_shortcodes
from corridor.check.outline import could_be_fact
from corridor.check.readings import read
from corridor.paper import open_paper

TRADE = "chapters/trade.qmd"


def check(root: Path, corridor: Corridor) -> list[str]:
    return corridor(root, "check", "--quiet", expect=1).stderr.splitlines()[:-1]


@pytest.fixture
def line(fact_paper: Path) -> int:
    """Return the line of the first sentence with facts."""
    return (fact_paper / TRADE).read_text(encoding="utf-8").splitlines().index("## Facts {#sec-of-facts}") + 3


@pytest.mark.parametrize(
    ("old", "new", "below", "message"),
    [
        (
            "var growth.kaz.exports >",
            "var growth.kaz.export >",
            0,
            'there is no fact or variable "growth.kaz.export"; did you mean "growth.kaz.exports"',
        ),
        (
            "a.kaz.export_2020 >",
            "a.kaz.exports_2020-digits >",
            0,
            'there is no fact or variable "a.kaz.exports_2020"; did you mean "a.kaz.export_2020" or ',
        ),
        ("-words", "-word", 1, '"word" is no form of a fact; did you mean "words"?'),
        (
            "a.kaz.export_2020 >",
            "a.kaz.export_2020-words >",
            0,
            'the fact "a.kaz.export_2020" has no form "words": it is USD\u00a02.5\u00a0billion; use the fact',
        ),
        (
            "exports > 50",
            "exports > 70",
            1,
            'the text says "more than half", which holds if growth.kaz.exports > 70; '
            "but growth.kaz.exports is 67\u00a0percent; change the wording, or its condition",
        ),
        (
            "exports > 50",
            "export > 50",
            1,
            'the condition of "more than half" names no fact: "growth.kaz.export"',
        ),
        ("exports > 50", "exports", 1, 'the condition of "more than half" cannot be tried: '),
        ("exports > 50", "exports >", 1, 'the condition of "more than half" cannot be tried: '),
    ],
)
def test_fault(
    fact_paper: Path, corridor: Corridor, line: int, old: str, new: str, below: int, message: str
) -> None:
    edit(fact_paper / TRADE, old, new)
    [fault] = check(fact_paper, corridor)
    assert fault.startswith(f"{TRADE}:{line + below}: {message}")


def test_a_statement_without_condition(fact_paper: Path, corridor: Corridor, line: int) -> None:
    """The word is then a number like any other, and the mark is a fault of its own."""
    edit(fact_paper / TRADE, ' if="growth.kaz.exports > 50"', "")
    typed, unbound = check(fact_paper, corridor)
    assert typed.startswith(f'{TRADE}:{line + 1}: the number "half" is typed by hand')
    assert unbound.startswith(f'{TRADE}:{line + 1}: the statement "more than half" has no condition; bind it')


def test_a_changed_figure_refutes_a_statement(fact_paper: Path, corridor: Corridor, line: int) -> None:
    row = ",2500000000,100000000,$2.5 billion"
    edit(fact_paper / "data" / "flows.csv", row, ",2000000000,100000000,$2.0 billion")
    [fault] = check(fact_paper, corridor)
    assert fault.startswith(f'{TRADE}:{line + 1}: the text says "more than half", which holds if')
    assert "but growth.kaz.exports is 33\u00a0percent" in fault


def test_build_fails_as_check_does(fact_paper: Path, corridor: Corridor) -> None:
    edit(fact_paper / TRADE, "var growth.kaz.exports >", "var growth.kaz.exprots >")
    done = corridor(fact_paper, "build", "--engine", "pandoc", "--quiet", expect=1)
    assert 'did you mean "growth.kaz.exports"' in done.stderr
    assert not (fact_paper / "site").exists()


def test_keys_that_variables_cannot_hold(fact_paper: Path, corridor: Corridor) -> None:
    from conftest import FACTS_CELL, add_cell

    add_cell(fact_paper, "stated", FACTS_CELL.replace("count.years", "growth.kaz.exports.years"))
    edit(fact_paper / TRADE, "count.years-words", "growth.kaz.exports.years-words")
    [fault] = check(fact_paper, corridor)
    assert fault == (
        'analysis/trade.ipynb: the fact "growth.kaz.exports.years" lies below the fact "growth.kaz.exports"; '
        "give one of the two another key"
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "a.kaz.import_2019,",
            "a.kaz.export_2019,",
            'key: "a.kaz.export_2019" is the key of another figure, in data/flows.csv:2',
        ),
        ("a.kaz.import_2019,", ",", "key: the cell is empty"),
    ],
)
def test_keys_of_rows(fact_paper: Path, corridor: Corridor, old: str, new: str, message: str) -> None:
    edit(fact_paper / "data" / "flows.csv", old, new)
    [fault] = check(fact_paper, corridor)
    assert fault.startswith(f"data/flows.csv:3: {message}")


ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("chapter", open_paper(ROOT).chapters)
def test_a_typed_number_is_found_wherever_the_paper_shows_a_fact(chapter: str) -> None:
    text = (ROOT / chapter).read_text(encoding="utf-8")
    places = []

    def typed(code: Shortcode) -> str:
        if code.name == "var" and could_be_fact(code.argument):
            places.append(code.line)
            return "USD 12.34 billion"
        return f"{{{{< {code.name} {code.argument} >}}}}"

    faults = read(chapter, replace_shortcodes(text, typed), "en").typed
    assert [fault.line for fault in faults] == places
    assert {fault.what.split('"')[1] for fault in faults} <= {"12.34"}


def test_notes_of_a_check(fact_paper: Path, corridor: Corridor, line: int) -> None:
    edit(fact_paper / TRADE, "They rose by", "They grew further, first by")
    told = corridor(fact_paper, "check", "--verbose", expect=0).stdout.splitlines()
    assert "statements bound to conditions: 1; beside facts and not bound: 2" in told
    assert [words for words in told if words.startswith(f'  {TRADE}:{line}: "')] == [
        next(words for words in told if words.startswith(f'  {TRADE}:{line}: "grew')),
        next(words for words in told if words.startswith(f'  {TRADE}:{line}: "first')),
    ]
    assert "numbers exempt by their author: 1" in told
    assert any(words.startswith(f"  {TRADE}:28: 50 % (signs to be shown)") for words in told)
    brief = corridor(fact_paper, "check", expect=0).stdout
    assert "beside facts and not bound: 2" in brief
    assert '"grew' not in brief


SHOWN = "{{< var growth.kaz.exports >}}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"See [what {SHOWN} means](method.qmd).", "a fact stands inside a link, and is a link itself"),
        (f'::: {{#sec-x note="{SHOWN}"}}\nText.\n:::', 'a fact stands in the attribute "note"'),
        (
            '::: {.claim if="growth.kaz.exports > 1"}\nText.\n:::',
            'the mark ".claim" stands on more than words',
        ),
        ('[a link](method.qmd){.unchecked reason="x"}', 'the mark ".unchecked" stands on more than words'),
    ],
)
def test_where_facts_and_marks_cannot_stand(
    fact_paper: Path, corridor: Corridor, text: str, message: str
) -> None:
    chapter = fact_paper / "chapters" / "method.qmd"
    chapter.write_text(f"{chapter.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")
    assert any(message in fault for fault in check(fact_paper, corridor))


def test_facts_in_a_callout_title_and_in_front_matter(fact_paper: Path, corridor: Corridor) -> None:
    chapter = fact_paper / "chapters" / "method.qmd"
    text = chapter.read_text(encoding="utf-8").replace("Mind *this*", f"Mind {SHOWN}")
    chapter.write_text(f'---\nsubtitle: "With {SHOWN}"\n---\n\n{text}', encoding="utf-8")
    corridor(fact_paper, "build", "--engine", "pandoc", "--format", "html", "--quiet", expect=0)
    page = (fact_paper / "site" / "region" / "en" / "chapters" / "method.html").read_text(encoding="utf-8")
    assert "67\u00a0percent" in page
    assert "callout-note" in page
    assert ".fact" not in page


@pytest.mark.parametrize(
    "condition",
    [
        "1 == 1",
        "growth.kaz.exports or 1",
        "not growth.kaz.exports < 5 or 1",
        "abs() > 1",
        "about(growth.kaz.exports)",
        "(-growth.kaz.exports) ** 0.5 > 1",
        "growth.kaz.exports ** 1000 > 1",
        "9**9**9**9 > growth.kaz.exports",
        "-" * 5000 + "growth.kaz.exports > 1",
    ],
)
def test_conditions_that_cannot_be_tried(fact_paper: Path, corridor: Corridor, condition: str) -> None:
    edit(fact_paper / TRADE, "growth.kaz.exports > 50", condition)
    [fault] = check(fact_paper, corridor)
    assert 'the condition of "more than half" cannot be tried: ' in fault
    assert len(fault) < 500
    corridor(fact_paper, "facts", "KAZ", expect=0)


def test_a_range_must_fulfil_a_condition_at_both_ends(fact_paper: Path, corridor: Corridor) -> None:
    from conftest import FACTS_CELL, add_cell

    ranged = 'facts.fact("span.x", 40, upper=60, title="X", unit="percent", rounding=1, how="x", rows=rows)\n'
    add_cell(fact_paper, "stated", FACTS_CELL + ranged)
    edit(fact_paper / TRADE, "growth.kaz.exports > 50", "span.x > 30")
    corridor(fact_paper, "check", expect=0)
    edit(fact_paper / TRADE, "span.x > 30", "span.x < 50")
    [fault] = check(fact_paper, corridor)
    assert "but span.x is 40–60\u00a0percent" in fault


def test_an_unknown_source_of_a_fact(fact_paper: Path, corridor: Corridor) -> None:
    from conftest import FACTS_CELL, add_cell

    add_cell(fact_paper, "stated", FACTS_CELL.replace("rows=rows", 'sources=[facts.Source("gamma", "p. 1")]'))
    [fault] = check(fact_paper, corridor)
    assert fault.startswith(
        'analysis/trade.ipynb: the fact "count.years" has the source "gamma", which is not'
    )
