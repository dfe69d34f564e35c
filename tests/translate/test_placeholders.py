"""Markdown as messages and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.translate.placeholders import decode, encode, tokens, words

CASES = {
    "Sales are {{< var trade.xca.exports_2025-number >}}.": "Sales are {trade.xca.exports_2025-number}.",
    "So [@huang2025, sec. 4; @zhang2025].": "So {[@huang2025, sec. 4; @zhang2025]}.",
    "[see @huang2025] and [-@tbl-x]": "{[see @huang2025]} and {[-@tbl-x]}",
    "@huang2025 says, @tbl-region shows.": "{@huang2025} says, {@tbl-region} shows.",
    "@huang2025 [p. 3] says": "{@huang2025 [p. 3]} says",
    '[rose]{.claim if="a > b"} [fell]{.unchecked reason="a {b}"}': "[rose]{1} [fell]{2}",
    '[rose @x *much*]{.claim if="a > b"}': "[rose {@x} *much*]{1}",
    "[text](a.qmd#sec-x){.link} `x`{.r}": "[text](a.qmd#sec-x){1} `x`{2}",
    "A note^[See @x, p. 3.] and[^n]": "A note^[See {@x}, p. 3.] and[^n]",
    "`{x} @y [@z]` and $x_{1} @y$": "`{x} @y [@z]` and $x_{1} @y$",
    "A {brace} and \\{ and \\@x": "A {{brace}} and \\{ and \\@x",
    "a@b.org <https://c.org/@d>": "a@b.org <https://c.org/@d>",
}


@pytest.mark.parametrize(("markdown", "message"), CASES.items())
def test_there_and_back(markdown: str, message: str) -> None:
    found, attributes = encode(markdown)
    assert found == message
    assert decode(found, attributes) == markdown


@given(
    st.lists(
        st.sampled_from(
            ["word", " ", "{", "}", "[", "]", "(", ")", "@a", "`", "$", "\\", "^", "!", "*",
             "{{< var a.b >}}", "[@a]", '[x]{.claim if="a > 1"}', "[t](u.qmd)", "[^n]", "{1}", "é"]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_any_text_comes_back(pieces: list[str]) -> None:
    markdown = "".join(pieces)
    assert decode(*encode(markdown)) == markdown


def test_numbers_follow_the_words() -> None:
    message, attributes = encode('[a]{.claim if="x > 1"} and [b]{.claim if="y > 1"}')
    assert decode("[B]{2} und [A]{1}", attributes) == '[B]{.claim if="y > 1"} und [A]{.claim if="x > 1"}'
    assert decode("[A]{7}", attributes) == "[A]{7}"
    assert message == "[a]{1} and [b]{2}"


def test_tokens() -> None:
    found = tokens("{a.b-words} of {[@x, sec. 2]}, {@tbl-y}: [c]{1} [d](e.qmd) `f` [^n] {{g}} {open")
    assert [(token.kind, token.text) for token in found] == [
        ("fact", "a.b-words"),
        ("cited", "[@x, sec. 2]"),
        ("named", "@tbl-y"),
        ("attributes", "1"),
        ("target", "e.qmd"),
        ("code", "`f`"),
        ("footnote", "[^n]"),
        ("brace", "{"),
    ]
    assert [token.written for token in found[:4]] == ["{a.b-words}", "{[@x, sec. 2]}", "{@tbl-y}", "{1}"]


def test_words() -> None:
    assert words("{a.b} {[@x, sec. 2]} {@y} [w]{1}").split() == ["[w]"]
