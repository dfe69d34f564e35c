"""Blocks that only some editions show."""

import pytest

from corridor.conditions import resolve_conditions
from corridor.errors import PaperError
from corridor.manuscript import Text

PROFILE = {"country": True, "region": False, "covers-kaz": True, "covers-kgz": False}


def resolved(markdown: str) -> str:
    text = Text.of("chapters/a.qmd", markdown)
    found = resolve_conditions(text, slug="kazakhstan", slugs=["kazakhstan", "all"], profile=PROFILE)
    # Each line still knows where it stands.
    assert all(not line.text or line.text in markdown.split("\n")[line.number - 1] or "{" in line.text
               for line in found.lines)  # fmt: skip
    return "\n".join(line for line in found.text.split("\n") if line)


def block(attributes: str, inside: str = "Inside.") -> str:
    return f"Before.\n\n::: {{{attributes}}}\n{inside}\n:::\n\nAfter."


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ('.content-visible when-profile="kazakhstan"', True),
        ('.content-visible when-profile="all"', False),
        ('.content-visible unless-profile="all"', True),
        ('.content-hidden when-profile="kazakhstan"', False),
        ('.content-hidden unless-profile="kazakhstan"', True),
        ('.content-visible when-meta="edition.covers-kaz"', True),
        ('.content-visible when-meta="edition.covers-kgz"', False),
        ('.content-visible unless-meta="edition.covers-kgz"', True),
        ('.content-visible when-meta="edition.country" when-profile="all"', False),
        ('.content-visible when-meta="edition.country" unless-profile="all"', True),
    ],
)
def test_condition(attributes: str, shown: bool) -> None:
    assert resolved(block(attributes)) == ("Before.\nInside.\nAfter." if shown else "Before.\nAfter.")


def test_conditions_of_the_format_stay() -> None:
    text = block('.content-visible when-format="html" when-meta="edition.country"')
    assert resolved(text) == 'Before.\n::: {.content-visible when-format="html"}\nInside.\n:::\nAfter.'
    other = block('.content-visible when-meta="own.key"')
    assert resolved(other) == "\n".join(line for line in other.split("\n") if line)


def test_other_attributes_keep_their_div() -> None:
    text = block('#sums .callout-note .content-visible when-meta="edition.country" title="A"')
    assert resolved(text) == 'Before.\n::: {#sums .callout-note title="A"}\nInside.\n:::\nAfter.'


def test_nested() -> None:
    inner = block('.content-visible when-meta="edition.covers-kgz"', "Kyrgyz.")
    assert resolved(block('.content-visible when-meta="edition.country"', inner)) == (
        "Before.\nBefore.\nAfter.\nAfter."
    )
    gone = block('.content-visible when-meta="edition.region"', inner)
    assert resolved(gone) == "Before.\nAfter."


def test_code_is_no_condition() -> None:
    text = "```\n" + block('.content-visible when-profile="all"') + "\n```"
    assert resolved(text) == "\n".join(line for line in text.split("\n") if line)


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        (
            '.content-visible when-profile="kazahkstan"',
            'chapters/a.qmd:3: there is no edition "kazahkstan"; did you mean "kazakhstan"?',
        ),
        (
            '.content-visible when-meta="edition.covers-kzg"',
            'chapters/a.qmd:3: no edition has the metadata "edition.covers-kzg"; '
            'did you mean "edition.covers-kgz"?',
        ),
        (
            '.content-visible when-meta="editon.country"',
            'chapters/a.qmd:3: no edition has the metadata "editon.country"; did you mean "edition.country"?',
        ),
        (
            '.content-visible when-meta="country"',
            'chapters/a.qmd:3: no edition has the metadata "country"; did you mean "edition.country"?',
        ),
        (
            '.content-visible when-mta="edition.country"',
            'chapters/a.qmd:3: "when-mta" is no condition; did you mean "when-meta"?',
        ),
        (
            '.content-visible when-meta = "edition.country"',
            "chapters/a.qmd:3: a condition has no value; "
            'write one such as when-profile="kazakhstan", without spaces at "="',
        ),
    ],
)
def test_faults(attributes: str, message: str) -> None:
    with pytest.raises(PaperError) as raised:
        resolved(block(attributes))
    assert [str(fault) for fault in raised.value.faults] == [message]


@pytest.mark.parametrize(
    "text",
    ['Some [words]{.content-visible when-profile="all"}.', '## A {#sec-a .x when-meta="edition.region"}'],
)
def test_only_blocks_are_conditional(text: str) -> None:
    with pytest.raises(PaperError) as raised:
        resolved(f"Before.\n\n{text}")
    assert [str(fault) for fault in raised.value.faults] == [
        "chapters/a.qmd:3: a condition on the edition stands on something that is no block; "
        'put ":::: {.content-visible when-...}" and "::::" around the whole, on lines of their own'
    ]
    assert resolved(f"`{text}`") == f"`{text}`"


def test_metadata_of_the_paper_is_left_to_the_engine() -> None:
    text = block('.content-visible when-meta="print.bound"')
    assert 'when-meta="print.bound"' in resolved(text)
