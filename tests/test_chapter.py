"""Shortcodes, code and lines in the text of a chapter."""

import pytest

from corridor.chapter import (
    Shortcode,
    cross_reference,
    executable_cells,
    line_of,
    parse_embed,
    replace_shortcodes,
    resolve,
    shortcodes,
    unclosed,
    without_code,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{< var years.span >}}", [Shortcode("var", "years.span", 1, alone=True)]),
        ("{{<var years.span>}}", [Shortcode("var", "years.span", 1, alone=True)]),
        (
            "a {{< var  x >}}\n\n{{< var y >}}.",
            [
                Shortcode("var", "x", 1, alone=False),
                Shortcode("var", "y", 3, alone=False),
            ],
        ),
        (
            "{{< var x >}}{{< var y >}}",
            [
                Shortcode("var", "x", 1, alone=False),
                Shortcode("var", "y", 1, alone=False),
            ],
        ),
        ("a\n\n  {{< embed a b.ipynb#c >}}  \n", [Shortcode("embed", "a b.ipynb#c", 3, alone=True)]),
        ("{{< >}}", [Shortcode("", "", 1, alone=True)]),
        ("{{< meta >}}", [Shortcode("meta", "", 1, alone=True)]),
        ("{{ var x }} {< var x >} {{< var x >}", []),
        (
            "`{{< var x >}}` <!-- {{< var x >}} -->\n```\n{{< var x >}}\n```\n{{< var y >}}",
            [Shortcode("var", "y", 5, alone=True)],
        ),
    ],
)
def test_shortcodes(text: str, found: list[Shortcode]) -> None:
    assert shortcodes(text) == found


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("a {{< var x >}}, {{< var y >}}.", "a <x>, <y>."),
        ("{{< var x >}}\n\n{{< embed y >}}\n", "<x>\n\n<y>\n"),
        ("no shortcode", "no shortcode"),
        ("", ""),
        ("`{{< var x >}}` {{< var y >}}", "`{{< var x >}}` <y>"),
        ("```\n{{< var x >}}\n```\n{{< var y >}}", "```\n{{< var x >}}\n```\n<y>"),
        ("<!-- {{< var x >}} --> {{< var y >}}", "<!-- {{< var x >}} --> <y>"),
        # What is put in is not read again.
        ("{{< var {{< >}}", "<{{<>"),
    ],
)
def test_replace_shortcodes(text: str, replaced: str) -> None:
    assert replace_shortcodes(text, lambda code: f"<{code.argument}>") == replaced


def test_replacement_is_taken_literally() -> None:
    assert replace_shortcodes("{{< var x >}}", lambda _: r"\1 \g<name> {{< var y >}}") == (
        r"\1 \g<name> {{< var y >}}"
    )


# Code is marked with x, text with t.
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("t `x` t", "t     t"),
        ("t ``x ` x`` t", "t           t"),
        ("t `x\nx` t", "t   \n   t"),
        ("t ` t\n\nt ` t", "t ` t\n\nt ` t"),
        (r"t \` t ` x ` t", r"t \` t       t"),
        ("t <!-- x\n\nx --> t", "t       \n\n      t"),
        ("t <!-- t", "t <!-- t"),
        ("t `<!--` t `-->` t", "t        t       t"),
        ("t\n```\nx\n```\nt", "t\n   \n \n   \nt"),
        ("~~~~\nx\n~~~\nx\n~~~~\nt", "    \n \n   \n \n    \nt"),
        ("````\n```\nx\n````\nt", "    \n   \n \n    \nt"),
        ("- t\n\n      ```\n      x\n      ```\nt", "- t\n\n         \n       \n         \nt"),
        ("> ```\n> x\n> ```\n> t", "     \n   \n     \n> t"),
        ("```\n<!--\n```\nt -->", "   \n    \n   \nt -->"),
        ("<!--\n```\nx\n-->\nt", "    \n   \n \n   \nt"),
        ("t\n```{.python #lst-t}\nx\n```\n", "t\n   {.python #lst-t}\n \n   \n"),
        ("```x``` t", "        t"),
    ],
)
def test_without_code(text: str, left: str) -> None:
    assert without_code(text) == left


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("t\n```{python}\n1\n```\n", [(2, "python")]),
        ("t `{r} 1` t\n\n```{julia echo=false}\n1\n```", [(1, "r"), (3, "julia")]),
        ("```python\n1\n```", []),
        ("```{.python}\n1\n```", []),
        ("```{=html}\n<b>\n```", []),
        ("```{{python}}\n1\n```", []),
        ("`` `{python} 1` `` and `{python}`", []),
        ("````\n```{python}\n1\n```\n````", []),
    ],
)
def test_executable_cells(text: str, cells: list[tuple[int, str]]) -> None:
    assert list(executable_cells(text)) == cells


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("::: {.a}\nt\n:::\n", []),
        ("::: a\nt\n:::\n", []),
        (":::: {.a}\n::: {.b}\nt\n:::\n::::\n", []),
        ("::: {.a} :::\nt\n:::::\n", []),
        ("t\n::: {.a}\n::: {.b}\nt\n:::\n", [(2, ":::")]),
        ("::: {.a}\nt\n:::\n\n:::\n", [(5, "")]),
        ("```\n::: {.a}\n```\n", []),
        ("t\n~~~~ x\nt\n~~~\n", [(2, "~~~~")]),
    ],
)
def test_unclosed(text: str, found: list[tuple[int, str]]) -> None:
    assert list(unclosed(text)) == found


@pytest.mark.parametrize(("occurrence", "line"), [(0, 1), (1, 5), (2, None)])
def test_line_of(occurrence: int, line: int | None) -> None:
    assert line_of("@a\n`@a`\n<!--\n@a -->\n@a", "@a", occurrence) == line


@pytest.mark.parametrize(
    ("chapter", "argument", "target"),
    [
        ("index.qmd", "analysis/trade.ipynb#balance", ("analysis/trade.ipynb", "balance")),
        ("chapters/a.qmd", "../analysis/my trade.ipynb#b-1", ("analysis/my trade.ipynb", "b-1")),
        ("chapters/a.qmd", "../analysis/trade.ipynb", None),
        ("chapters/a.qmd", "../analysis/trade.py#a", None),
        ("chapters/a.qmd", "../analysis/trade.ipynb#a b", None),
    ],
)
def test_parse_embed(chapter: str, argument: str, target: tuple[str, str] | None) -> None:
    assert parse_embed(chapter, argument) == target


@pytest.mark.parametrize(
    ("chapter", "target", "path"),
    [
        ("index.qmd", "chapters/a.qmd", "chapters/a.qmd"),
        ("chapters/a.qmd", "b.qmd", "chapters/b.qmd"),
        ("chapters/a.qmd", "./../index.qmd", "index.qmd"),
        ("chapters/глава 1.qmd", "рис 1.svg", "chapters/рис 1.svg"),
        ("chapters/a.qmd", "../../b.qmd", "../b.qmd"),
    ],
)
def test_resolve(chapter: str, target: str, path: str) -> None:
    assert resolve(chapter, target) == path


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("tbl-a", "tbl"),
        ("Fig-a", "fig"),
        ("sec-a-b", "sec"),
        ("eq-a", None),
        ("tbl", None),
        ("zhang2025", None),
    ],
)
def test_cross_reference(key: str, kind: str | None) -> None:
    assert cross_reference(key) == kind
