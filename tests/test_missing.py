"""What an edition does not have, and what becomes of the sentences about it."""

from dataclasses import replace

import nbformat
import pytest

from corridor.compute.results import Results
from corridor.edition import Book, Edition, Rendition
from corridor.errors import PaperError
from corridor.exhibits import MIME
from corridor.facts import MIME as FACTS
from corridor.facts import Fact, as_json
from corridor.manuscript import Manuscript, Text
from corridor.missing import settled

EDITION = Edition(
    slug="one",
    title="One",
    book=Book(title="A paper"),
    countries=("KAZ",),
    partner="CHN",
    first_year=2019,
    last_year=2021,
    languages=("en",),
)
WHY = "No source prints them."
FLOAT = "::: {#tbl-flows}\n\n{{< embed ../analysis/trade.ipynb#flows >}}\n\nFlows\n\n:::"
CALL = "{{< var trade.kaz.exports >}}"


def results() -> Results:
    content = {"kind": "missing", "columns": [], "rows": [], "sources": [], "notes": [WHY]}
    output = nbformat.v4.new_output("display_data", data={MIME: content, "text/markdown": f"*{WHY}*"})
    cell = nbformat.v4.new_code_cell("#| label: flows\n", outputs=[output])
    return Results(notebooks={"analysis/trade.ipynb": nbformat.v4.new_notebook(cells=[cell])})


def manuscript(*texts: str, policy: str = "leave-out") -> Manuscript:
    edition = replace(EDITION, missing_data=policy)
    files = [f"chapters/{number}.qmd" for number in range(len(texts))]
    return Manuscript(
        rendition=Rendition(edition=edition, language="en"),
        texts={file: Text.of(file, text) for file, text in zip(files, texts, strict=True)},
        appendices=(),
        through_home=frozenset({"trade.kaz.exports"}),
    )


def left(*texts: str, policy: str = "leave-out") -> str:
    found = settled(manuscript(*texts, policy=policy), results()).manuscript
    return "\n---\n".join("\n".join(line for line in t.split("\n") if line) for t in found.markdown.values())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"One. Two is {CALL} [@a, sec. 2]. Three.", "One. Three."),
        (f"One.\nTwo is {CALL}\nof e.g. many. Three\nends.", "One.\nThree\nends."),
        (f"Only {CALL}.", ""),
        (f"- One.\n- Two {CALL}.\n- Three.", "- One.\n- Three."),
        (f"1. **A head.** With {CALL}. And more.", "1. **A head.** And more."),
        ('Kept. It [rose]{.claim if="trade.kaz.exports > 2"}. Kept too.', "Kept. Kept too."),
        ("See @tbl-flows. Nothing else.", "Nothing else."),
        ("It is so (@tbl-flows). Nothing else (@tbl-other).", "Nothing else (@tbl-other)."),
        (
            "A stop. *Emphasis.* Then @tbl-flows. [Linked.](a.qmd) End.",
            "A stop. *Emphasis.* [Linked.](a.qmd) End.",
        ),
    ],
)
def test_sentences_are_left_out(text: str, kept: str) -> None:
    assert left(f"# A\n\n{text}\n\n{FLOAT}") == f"# A\n{kept}".strip()


def test_exhibit_goes_with_the_div_around_it() -> None:
    assert left(f"# A\n\n:::: {{.landscape}}\n\n{FLOAT}\n\n::::\n\nEnd.") == "# A\nEnd."


def test_section_that_is_empty_then_goes_and_what_refers_to_it() -> None:
    text = f"# A\n\n## Flows {{#sec-flows}}\n\nSee @tbl-flows.\n\n{FLOAT}\n\n## Other\n\nText."
    assert left(text, "# B\n\nText. As @sec-flows says. End.") == "# A\n## Other\nText.\n---\n# B\nText. End."


def test_what_is_there_stays() -> None:
    text = '# A\n\nExports of {{< var trade.xca.exports >}} [rose]{.claim if="trade.xca.exports > 1"}.'
    assert left(text) == text.replace("\n\n", "\n")


def test_shown_as_not_available() -> None:
    text = f'# A\n\nOne. Two is {CALL}, and [rose]{{.claim if="trade.kaz.exports > 2"}}.\n\n{FLOAT}'
    assert left(text, policy="show") == (
        "# A\nOne. Two is [not available: no source prints it]{.missing}, and [rose]{.unbound}.\n"
        + FLOAT.replace("\n\n", "\n")
    )


def test_what_is_told() -> None:
    found = settled(manuscript(f"# A\n\nTwo is {CALL}.\n\n{FLOAT}"), results()).left_out
    assert [(one.name, one.file, one.line, one.why) for one in found] == [
        ("tbl-flows", "chapters/0.qmd", 5, WHY),
        ("trade.kaz.exports", "chapters/0.qmd", 3, ""),
    ]


def stated(*keys: str) -> Results:
    facts = [
        Fact(key=k, title="A", value=1, unit="USD", rounding=1, status="reported", sources=()) for k in keys
    ]
    output = nbformat.v4.new_output(
        "display_data", data={FACTS: {"facts": [as_json(fact) for fact in facts]}}
    )
    cell = nbformat.v4.new_code_cell("#| label: facts\n", outputs=[output])
    return Results(notebooks={"analysis/facts.ipynb": nbformat.v4.new_notebook(cells=[cell])})


@pytest.mark.parametrize(
    "key", ["trade.kaz.export", "trade.kaz.exportts", "trade.kaz.exprots", "trade.kaz.exparts"]
)
def test_misspelt_fact_is_no_missing_one(key: str) -> None:
    text = CALL.replace("trade.kaz.exports", key)
    wrong = replace(manuscript(f"Kept.\n\nTwo is {text}."), home="kaz", through_home=frozenset({key}))
    with pytest.raises(PaperError) as raised:
        settled(wrong, stated("trade.kaz.exports"))
    meant = f'there is no fact "{key.replace("kaz", "home")}"; did you mean "trade.home.exports"?'
    assert [str(fault) for fault in raised.value.faults] == [f"chapters/0.qmd:3: {meant}"]


@pytest.mark.parametrize(
    "other", ["trade.kgz.exports_2023", "trade.kaz.exports_2022", "trade.kaz.imports_2023"]
)
def test_what_others_have_is_missing_and_not_misspelt(other: str) -> None:
    text = CALL.replace("exports", "exports_2023")
    lacking = replace(
        manuscript(f"Kept. Two is {text}."), home="kaz", through_home=frozenset({"trade.kaz.exports_2023"})
    )
    assert settled(lacking, stated(other)).manuscript.markdown["chapters/0.qmd"].strip() == "Kept."
