"""Faults in chapters: one whole message each, at the right line."""

from pathlib import Path

import pytest

from conftest import edit, run_corridor
from corridor.check.chapters import check_chapters
from corridor.check.readings import read
from corridor.paper import open_paper

METHOD = "chapters/method.qmd"
TRADE = "chapters/trade.qmd"

CELL = (
    "an executable cell ({}): chapters only speak, notebooks compute; "
    "move the code to a notebook in analysis/ and embed its cell"
)
VARIABLES = {
    "paper.version": "1.2.3",
    "edition.title": "Two Lands",
    "years.first": "2019",
    "years.last": "2021",
    "years.span": "2019–2021",
}
ALL_VARIABLES = f"the variables are {', '.join(VARIABLES)}"
UNLABELLED = 'a heading with a variable has no label of its own; add one behind it, such as "{#sec-name}"'
NO_CELL_NAMED = 'write it as "../analysis/trade.ipynb#label-of-the-cell"'
NO_LABEL = "label a heading, figure or table with it"
CLASS = (
    'the class "{}" is outside the supported subset of Quarto; '
    "use plain paragraphs, callouts, or fig- and tbl- divs"
)
ATTRIBUTE = 'the attribute "{}" is outside the supported subset of Quarto; take it out'
LABEL = 'the label "{}" is of a kind outside the supported subset of Quarto; use fig-, tbl-, sec-'
REFERENCE = '"@{}" refers to a kind outside the supported subset of Quarto; refer to fig-, tbl-, sec-'
NO_CAPTION = "has no caption; write the caption as the last paragraph of the div, behind what it shows"
ON_DIV = 'put it on a div around it: "::: {{#{}}}", the caption as its last paragraph'
NO_ALT = 'the image "{}" has no alt text; say between the brackets what it shows'
NO_IMAGE = 'the image "{}" is missing; add the file or mend the path'
OUTSIDE = (
    'the image "{}" lies outside the paper; '
    "save it in the paper, and name it from the chapter on: nothing is fetched from elsewhere"
)
NOTHING_OPEN = "there is no open block that this line could end; delete it"
ON_HEADING = 'labels of headings begin with "sec-"'
NOT_CLOSED = 'the block that begins here is never closed; end it with a line "{}"'


def faults(root: Path) -> list[str]:
    paper = open_paper(root)
    texts = {name: (root / name).read_text(encoding="utf-8") for name in paper.chapters}
    found = check_chapters(
        paper,
        {name: read(name, text, "en").outline for name, text in texts.items()},
        variables=VARIABLES,
        cells={"analysis/trade.ipynb": {"flows", "volume"}},
        works={"alpha2020", "beta2021"},
    )
    return [str(fault) for fault in found]


def add(root: Path, text: str) -> None:
    """Add text to the chapter on method; its first line is line 21."""
    file = root / METHOD
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")


@pytest.fixture
def illustrated(paper: Path) -> Path:
    """Return the small paper with an image beside its chapters."""
    (paper / "chapters" / "map.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    return paper


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        # Code that runs.
        ("```{python}\n1 + 1\n```", [f"21: {CELL.format('python')}"]),
        ("~~~ {r}\n1 + 1\n~~~", [f"21: {CELL.format('r')}"]),
        ("```{mermaid}\na --> b\n```", [f"21: {CELL.format('mermaid')}"]),
        ("- a\n\n    ```{python}\n    1 + 1\n    ```", [f"23: {CELL.format('python')}"]),
        ("> ```{python}\n> 1 + 1\n> ```", [f"21: {CELL.format('python')}"]),
        ("It is\n`{python} 1 + 1`.", [f"22: {CELL.format('python')}"]),
        ("```\nx\n```\n\nIt is `{python} 1 + 1`.", [f"25: {CELL.format('python')}"]),
        # Shortcodes.
        ("{{< video a.mp4 >}}", ['21: unknown shortcode "video"; the supported ones are var and embed']),
        ("{{< include a.qmd >}}", ['21: unknown shortcode "include"; the supported ones are var and embed']),
        ("{{< >}}", ['21: unknown shortcode ""; the supported ones are var and embed']),
        ("a\n{{< var years.spam >}}", ['22: unknown variable "years.spam"; did you mean "years.span"?']),
        ("{{< var x >}}", [f'21: unknown variable "x"; {ALL_VARIABLES}']),
        ("{{< var >}}", [f'21: unknown variable ""; {ALL_VARIABLES}']),
        ("## In {{< var years.span >}}", [f"21: {UNLABELLED}"]),
        ("In {{< var years.span >}}\n-----", [f"21: {UNLABELLED}"]),
        # Embeds.
        (
            "::: {#tbl-a}\n\nSee {{< embed ../analysis/trade.ipynb#flow >}}\n\nCaption\n\n:::",
            [
                "23: an embed stands inside a line; give it a line of its own",
                '23: the notebook analysis/trade.ipynb has no cell "flow"; did you mean "flows"?',
            ],
        ),
        (
            "{{< embed ../analysis/trade.ipynb#zz >}}",
            [
                '21: the notebook analysis/trade.ipynb has no cell "zz"; label a cell with "#| label: zz"',
            ],
        ),
        (
            "{{< embed analysis/trade.ipynb#flows >}}",
            [
                '21: there is no notebook "chapters/analysis/trade.ipynb"; '
                'did you mean "analysis/trade.ipynb"?'
            ],
        ),
        (
            "{{< embed ../notes.ipynb#flows >}}",
            ['21: there is no notebook "notes.ipynb"; the notebooks are analysis/trade.ipynb'],
        ),
        (
            "{{< embed ../analysis/trade.ipynb >}}",
            [f'21: "../analysis/trade.ipynb" does not name a cell; {NO_CELL_NAMED}'],
        ),
        ("{{< embed >}}", [f'21: "" does not name a cell; {NO_CELL_NAMED}']),
        (
            "{{< embed ../analysis/trade.ipynb#flows echo=true >}}",
            [f'21: "../analysis/trade.ipynb#flows echo=true" does not name a cell; {NO_CELL_NAMED}'],
        ),
        (
            "{{< embed ../analysis/trade.ipynb#flows >}}",
            ['21: the cell "flows" is embedded twice, first in chapters/trade.qmd:10; refer to it instead'],
        ),
        # Labels and references.
        ("See @tbl-flow.", ['21: there is no label "tbl-flow"; did you mean "tbl-flows"?']),
        (
            "See @Fig-nothing, see\n@fig-nothing, see @fig-nothing.",
            [
                f'21: there is no label "fig-nothing"; {NO_LABEL}',
                f'22: there is no label "fig-nothing"; {NO_LABEL}',
            ],
        ),
        (
            "## A {#sec-a}\n\n## B {#sec-a}",
            ['23: the label "sec-a" stands twice, first in chapters/method.qmd:21; rename one of them'],
        ),
        (
            "## A {#sec-trade}",
            ['21: the label "sec-trade" stands twice, first in chapters/trade.qmd:1; rename one of them'],
        ),
        # A link to a label is not the place of the label.
        (
            "[a](#sec-a)\n\n## A {#sec-a}\n\n## B {#sec-a}",
            ['25: the label "sec-a" stands twice, first in chapters/method.qmd:23; rename one of them'],
        ),
        ("## A {#thm-a}", [f"21: {LABEL.format('thm-a')}"]),
        ("$$x$$ {#eq-a}", [f"21: {LABEL.format('eq-a')}"]),
        ("```{.python #lst-a}\nx\n```", [f"21: {LABEL.format('lst-a')}"]),
        ("See @eq-a.", [f"21: {REFERENCE.format('eq-a')}"]),
        (
            "## A {#fig-a}",
            [f'21: the label "fig-a" stands on a heading; {ON_HEADING}'],
        ),
        ("![A](map.svg){#fig-a}", [f'21: the label "fig-a" stands on an image; {ON_DIV.format("fig-a")}']),
        ("[A]{#tbl-a}", [f'21: the label "tbl-a" stands on a span; {ON_DIV.format("tbl-a")}']),
        (
            "| a |\n|---|\n| b |\n\n: A {#tbl-a}",
            [f'25: the label "tbl-a" stands on a table; {ON_DIV.format("tbl-a")}'],
        ),
        ("```{#fig-a}\nx\n```", [f'21: the label "fig-a" stands on a code block; {ON_DIV.format("fig-a")}']),
        ("::: {#sec-a}\nA\n:::", ['21: the label "sec-a" stands on a div; put it on a heading']),
        ("::: {#tbl-a}\n\n| a |\n|---|\n| b |\n\n:::", [f'21: "tbl-a" {NO_CAPTION}']),
        ("::: {#fig-a}\n\nOnly a caption.\n\n:::", [f'21: "fig-a" {NO_CAPTION}']),
        # Citations.
        ("As @alpha202 says", ['21: unknown citation "@alpha202"; did you mean "alpha2020"?']),
        (
            "a [see @zhang, p. 3]\n\nb [-@zhang].",
            [
                '21: unknown citation "@zhang"; add the work to references.bib',
                '23: unknown citation "@zhang"; add the work to references.bib',
            ],
        ),
        (
            "a[^n]\n\n@zhang\n\n[^n]: @wang",
            [
                '23: unknown citation "@zhang"; add the work to references.bib',
                '25: unknown citation "@wang"; add the work to references.bib',
            ],
        ),
        # A code span, a comment and an address come before the fault.
        (
            "`@zhang` <!-- @zhang --> a@zhang\n\n@zhang",
            ['23: unknown citation "@zhang"; add the work to references.bib'],
        ),
        # What Quarto has and the embedded engine has not.
        ("::: {.panel-tabset}\n## A\n:::", [f"21: {CLASS.format('panel-tabset')}"]),
        ("::: {.callout-danger}\nA\n:::", [f"21: {CLASS.format('callout-danger')}"]),
        ("::: {.content-shown}\nA\n:::", [f"21: {CLASS.format('content-shown')}"]),
        ("[A]{.aside}", [f"21: {CLASS.format('aside')}"]),
        ('<div class="panel-tabset">A</div>', [f"21: {CLASS.format('panel-tabset')}"]),
        (
            "::: columns\n::: {.column}\nA\n:::\n::: {.column}\nB\n:::\n:::",
            [
                f"21: {CLASS.format('columns')}",
                f"22: {CLASS.format('column')}",
                f"25: {CLASS.format('column')}",
            ],
        ),
        (
            "::: {#fig-a layout-ncol=2}\n\n![A](map.svg)\n\nA\n\n:::",
            [f"21: {ATTRIBUTE.format('layout-ncol')}"],
        ),
        ('```{.python code-fold="true"}\nx\n```', [f"21: {ATTRIBUTE.format('code-fold')}"]),
        # Images.
        ("![](map.svg)", [f"21: {NO_ALT.format('map.svg')}"]),
        ("A\n![B](mat.svg)", [f"22: {NO_IMAGE.format('mat.svg')}"]),
        (
            "![B](a%20b.svg) ![B](<c d.svg>)",
            [
                f"21: {NO_IMAGE.format('a b.svg')}",
                f"21: {NO_IMAGE.format('c d.svg')}",
            ],
        ),
        ("![B][m]\n\n[m]: mat.svg", [f"23: {NO_IMAGE.format('mat.svg')}"]),
        ("![B](../chapters)", [f"21: {NO_IMAGE.format('../chapters')}"]),
        ("![](mat.svg)", [f"21: {NO_ALT.format('mat.svg')}", f"21: {NO_IMAGE.format('mat.svg')}"]),
        ("![B](https://example.org/map.svg)", [f"21: {OUTSIDE.format('https://example.org/map.svg')}"]),
        ("![B](//example.org/map.svg)", [f"21: {OUTSIDE.format('//example.org/map.svg')}"]),
        ("![B](../../map.svg)", [f"21: {OUTSIDE.format('../../map.svg')}"]),
        ("![B](/chapters/map.svg)", [f"21: {OUTSIDE.format('/chapters/map.svg')}"]),
        # Links.
        (
            "A\n[B](trad.qmd#sec-trade)",
            ['22: the link leads to "trad.qmd", which is no chapter; did you mean "trade.qmd"?'],
        ),
        (
            "[A](xyz.qmd)",
            ['21: the link leads to "xyz.qmd", which is no chapter; list the chapter in _quarto.yml'],
        ),
        (
            "[A](<my trade.qmd>)",
            ['21: the link leads to "my trade.qmd", which is no chapter; did you mean "trade.qmd"?'],
        ),
        (
            "[A](trade.qmd#sec-smal)",
            [
                '21: the link leads to "#sec-smal", which is no place in chapters/trade.qmd; '
                'did you mean "sec-small"?'
            ],
        ),
        (
            "[A](#nowhere)",
            [
                '21: the link leads to "#nowhere", which is no place in chapters/method.qmd; '
                "label the heading there with it"
            ],
        ),
        (
            "[A](../data/flows.csv)",
            [
                '21: the link leads to "../data/flows.csv", which is not on the site; '
                "link to a chapter, or to an address on the web"
            ],
        ),
        ("[A](https://example.org/paper.qmd#x) <mailto:a@example.org>", []),
        ("[A](#method-of-work)\n\n## Method of work", []),
        # HTML.
        (
            'A <img src="https://example.org/a.png" alt="b">',
            [
                '21: the HTML fetches "https://example.org/a.png" from another host; '
                "save it in the paper: nothing is fetched when a page is read"
            ],
        ),
        (
            "A\n\n<script src=//example.org/a.js></script>",
            [
                '23: the HTML fetches "//example.org/a.js" from another host; '
                "save it in the paper: nothing is fetched when a page is read"
            ],
        ),
        ('<a href="https://example.org/">B</a> `<img src="https://example.org/a.png">`', []),
        # Blocks.
        ("```\nA", [f"21: {NOT_CLOSED.format('```')}"]),
        ("::: {.callout-note}\n::: {.callout-tip}\nA\n:::", [f"21: {NOT_CLOSED.format(':::')}"]),
        (
            "::: {.callout-note}\nA\n:::\n:::",
            [f"24: {NOTHING_OPEN}"],
        ),
    ],
)
def test_fault(illustrated: Path, text: str, messages: list[str]) -> None:
    add(illustrated, text)
    assert faults(illustrated) == [f"{METHOD}:{message}" for message in messages]


NEVER = (
    "{{< var nothing >}} {{< video a >}} @nobody @fig-nothing ![](nothing.png) [a](nothing.qmd) "
    "[b]{.aside #fig-b}\n## {{< var years.span >}}\n::: {.panel-tabset}\n"
)


@pytest.mark.parametrize(
    "text",
    [
        f"```\n{NEVER}```",
        f"~~~~ markdown\n{NEVER}~~~\n~~~~",
        f"````\n```{{python}}\n1\n```\n{NEVER}````",
        f"```\n<!--\n{NEVER}```",
        f"<!--\n{NEVER}-->",
        f"<!-- `{{python}} 1`\n\n```{{python}}\n{NEVER}```\n\n-->",
        "`{{< var nothing >}}` and `` `{python} 1` @nobody ![](nothing.png) ``",
        "`<!--` and {{< var years.span >}} and `-->`",
    ],
)
def test_no_fault_inside_code_and_comments(paper: Path, text: str) -> None:
    add(paper, text)
    assert faults(paper) == []


@pytest.mark.parametrize(
    "text",
    [
        "In {{< var years.first >}} to\n{{< var years.last >}}, {{<var edition.title>}}.",
        "## In {{< var years.span >}} {#sec-span}\n\nSee @sec-span and [there](#sec-span).",
        "## Twice\n\n## Twice",
        "{{< var years.span >}} | a\n\n---",
        '::: {.callout-warning collapse="true"}\n## Mind\n\n> quoted\n:::',
        ':::: {.content-hidden unless-format="html"}\n::: {.callout-tip}\nA\n:::\n::::',
        '::: {.content-visible when-meta="corridor.name"}\nA\n:::',
        "[@alpha2020; @beta2021, pp. 1-3] and @alpha2020 [p. 2] and @{beta2021}",
        "@Tbl-flows, @tbl-flows, [-@fig-volume], [@sec-trade; @sec-method]",
        "Write to a@b.org, on 3 @ 4, \\@nobody.",
        '![A map](map.svg) and ![](map.svg){fig-alt="A map"}',
        "[a](trade.qmd) [b](../index.qmd) [c](trade.qmd#sec-small) [d](https://example.org) [e](#sec-method)",
        '[a][t]\n\n[t]: trade.qmd "Trade"',
        "$x^2$ and $$y_i$$ and `code` and ``a ` b``",
        "```python\nx = {1}\n```",
        "a[^n]\n\n[^n]: With\n\n    ::: {.callout-note}\n    A\n    :::",
        "| a | b |\n|---|--:|\n| c | d |\n\n1. e\n2. f\n\n---\n\n> g",
        "қазақша, кыргызча, тоҷикӣ, o‘zbekcha, türkmençe, 中文",
    ],
)
def test_supported_syntax_has_no_fault(illustrated: Path, text: str) -> None:
    add(illustrated, text)
    assert faults(illustrated) == []


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("Text only.\n", [':1: the chapter has no title; begin it with "# Title"']),
        ("", [':1: the chapter has no title; begin it with "# Title"']),
        ("## Too low\n", [':1: the chapter has no title; begin it with "# Title"']),
        ("---\ntitle: In {{< var years.span >}}\n---\n\n@sec-trade\n", []),
        (
            "---\nsubtitle: a\ntitle: A: B\n---\n",
            [
                ":3: not YAML: mapping values are not allowed here; "
                "mend the indentation, quotation marks or brackets there"
            ],
        ),
        (
            "---\ntitle: A\n\n# A\n",
            [
                ":1: the settings at the top are not closed or empty; "
                'write "key: value" lines, and "---" on a line below them'
            ],
        ),
    ],
)
def test_top_of_a_chapter(paper: Path, text: str, messages: list[str]) -> None:
    edit(paper / TRADE, "[the next chapter](method.qmd#sec-method)", "the next chapter")
    (paper / METHOD).write_text(text, encoding="utf-8")
    assert faults(paper) == [METHOD + message for message in messages]


def test_unreadable_chapter(paper: Path) -> None:
    (paper / METHOD).write_bytes("# Méthode\n".encode("latin-1"))
    edit(paper / TRADE, "[@alpha2020, sec. 2]", "[@alpha202] @sec-method")
    done = run_corridor(paper, "check", expect=1)
    assert done.stderr.splitlines()[:-1] == [f"{METHOD}:1: the text is not UTF-8; save the file as UTF-8"]


def test_chapter_that_pandoc_refuses_hides_no_fault_of_another(paper: Path) -> None:
    (paper / METHOD).write_text("---\nsubtitle: a\ntitle: A: B\n---\n", encoding="utf-8")
    edit(paper / TRADE, "[@alpha2020, sec. 2]", "[@alpha202]")
    edit(paper / TRADE, "[the next chapter](method.qmd#sec-method)", "the next chapter")
    done = run_corridor(paper, "check", expect=1)
    assert done.stderr.splitlines()[:-1] == [
        f'{TRADE}:3: unknown citation "@alpha202"; did you mean "alpha2020"?',
        f"{METHOD}:3: not YAML: mapping values are not allowed here; "
        "mend the indentation, quotation marks or brackets there",
    ]


def test_names_with_spaces_and_other_letters(paper: Path) -> None:
    name = "chapters/мой метод қ.qmd"
    (paper / METHOD).rename(paper / name)
    edit(paper / "_quarto.yml", METHOD, name)
    edit(paper / TRADE, "(method.qmd#sec-method)", "(<мой метод қ.qmd#sec-method>)")
    assert faults(paper) == []
    edit(paper / TRADE, "мой метод қ", "мой%20метод%20қ")
    assert faults(paper) == []
    edit(paper / name, "@tbl-flows", "@tbl-flaws")
    assert faults(paper) == [f'{name}:19: there is no label "tbl-flaws"; did you mean "tbl-flows"?']


def test_all_faults_in_order_of_chapter_and_line(paper: Path) -> None:
    edit(paper / METHOD, "@tbl-flows", "@tbl-flaws")
    edit(paper / TRADE, "[@alpha2020, sec. 2]", "[@alpha202]")
    edit(paper / TRADE, "edition.title", "edition.titel")
    edit(paper / "index.qmd", "@sec-trade", "@sec-trad")
    done = run_corridor(paper, "check", expect=1)
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        'index.qmd:3: there is no label "sec-trad"; did you mean "sec-trade"?',
        f'{TRADE}:3: unknown citation "@alpha202"; did you mean "alpha2020"?',
        f'{TRADE}:12: unknown variable "edition.titel"; did you mean "edition.title"?',
        f'{METHOD}:19: there is no label "tbl-flaws"; did you mean "tbl-flows"?',
        "4 faults in the paper",
    ]
