"""Plain text put into Markdown stays plain text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corridor import pandoc
from corridor.markup import escape_markdown

PUNCTUATION = r"* _ ` [ ]( { } < > # + - -- --- ... 1. (a) (@x) @x a@b.c $ ^ ~ | \ &amp; ::: : = ! http://a.b"
SYNTAX = [*PUNCTUATION.split(), '"', "'", "- ", "1. ", "# ", ": ", "{{< x >}}", "\n\n", "    "]
TEXT = st.lists(st.one_of(st.sampled_from(SYNTAX), st.text(max_size=5)), max_size=8).map("".join)


def read(markdown: str) -> str:
    """Return the words of Markdown that is one paragraph of plain text."""
    blocks = pandoc.read(markdown)["blocks"]
    if not blocks:
        return ""
    assert [block["t"] for block in blocks] == ["Para"]
    assert {inline["t"] for inline in blocks[0]["c"]} <= {"Str", "Space"}
    return pandoc.text_of(blocks[0]["c"])


def flat(text: str) -> str:
    return " ".join(text.split())


@settings(max_examples=120, deadline=None)
@given(TEXT)
@example("1. a")
@example("12) a")
@example("i. a")
@example("A. a")
@example("iv. a")
@example("Mr. Smith, p. 3")
@example("% a")
@example("a\n\n    b")
@example("50 % of $5 & more <b>")
def test_pandoc_reads_escaped_text_as_the_same_text(text: str) -> None:
    assert read(escape_markdown(text)) == flat(text)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXT.filter(flat), min_size=2, max_size=3))
def test_in_the_cells_of_a_table(words: list[str]) -> None:
    line = "| " + " | ".join(map(escape_markdown, words)) + " |"
    rule = "|" + "---|" * len(words)
    blocks = pandoc.read(f"{line}\n{rule}\n{line}\n")["blocks"]
    assert [block["t"] for block in blocks] == ["Table"]
    cells = [node["c"] for node in pandoc.elements(blocks[0]["c"]) if node["t"] == "Plain"]
    assert [pandoc.text_of(cell) for cell in cells] == [flat(word) for word in words] * 2


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Kazakhstan", "Kazakhstan"),
        ("қазақша, кыргызча", "қазақша, кыргызча"),
        ("a *b* <i> @c", r"a \*b\* \<i\> \@c"),
        (" a\n\n b\t", "a b"),
        ("2024. Then", r"2024\. Then"),
        ("", ""),
    ],
)
def test_escape(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped
