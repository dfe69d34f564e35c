"""A chapter's messages, and the chapter in another language."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor import messages as speech
from corridor import pandoc
from corridor.chapter import replace_shortcodes
from corridor.check.numbers.passages import passages
from corridor.manuscript import Text
from corridor.translate.prose import Prose, Translation, messages, translated

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted([ROOT / "index.qmd", *(ROOT / "chapters").glob("*.qmd")])

EVERYTHING = """\
---
title: "A title: with *signs*"
keywords: [one, two words]
---

Underlined
==========

# Heading with `code` {#sec-a .unnumbered}

A hard break\\
and another  
line.

<!-- a comment
over lines -->
After it <!-- inside --> goes
<!-- a line of it -->
on `not <!-- a comment -->` here.

- one
  going on
- two

  its second paragraph
  goes on

  - nested
    going on
    1. numbered
    2. again

          code in the list

- last
lazy line

No item.

    code with words

> Quoted over
> two lines
>
> - with an item
> - and another
>
> and a paragraph

Term
:   Defined
    so

    at length

Other *term*

:   First
:   Second

| A line
| of verse

| A | B |
|---|--:|
| `a|b` | two \\| words |
| [x]{.unchecked reason="a | b"} |  |
| *last* | [link](a.qmd#b) |

: Caption of *it* {#tbl-x tbl-colwidths="[10,20]"}

A | B
--|--
c | d

Table: Other caption

Note.[^n] And inline^[See @x, p. 3, and *more*]. A { brace } and \\{.

[^n]: The note
    goes on.

    Its second paragraph.

[^m]: Another[^n]

[ref]: https://example.org "Title"

::: {.callout-note title="Read \\"this\\"" collapse="true"}
In it.
:::

::: {#fig-a}
![](a.png){fig-alt="What it shows"}

Caption of the figure
:::

![A caption with *signs*](b.png){#fig-b fig-alt="Another" width=50%}

```{python}
# code
x = 1
```

:::: {.a}
::: {.b}
Deep
:::
::::

(1) Numbered so
(2) and so

<div class="x">

Inside

</div>

2013 was a year that began
with 1. and - and so on. @huang2025 [p. 3] says; see [see @a, p. 3; also -@b] and [-@tbl-x].

{{< var only.one >}}

{{< embed ../analysis/trade.ipynb#x >}}
"""


def tree(markdown: str) -> Any:
    """Return pandoc's reading of a chapter, in which a line break is a space and comments are nothing."""
    with_facts = replace_shortcodes(markdown, lambda code: f"[0]{{.fact data-key={code.argument[:12]}}}")
    return plain(pandoc.read(with_facts.replace("../", "")))


def plain(node: Any) -> Any:
    if isinstance(node, list):
        kept = [plain(one) for one in node if not is_comment(one)]
        space = {"t": "Space"}
        return [one for before, one in pairwise([None, *kept]) if not before == one == space]
    if isinstance(node, dict):
        if node.get("t") == "SoftBreak":
            return {"t": "Space"}
        return {key: plain(value) for key, value in node.items() if key != "citationNoteNum"}
    return node


def is_comment(node: Any) -> bool:
    return isinstance(node, dict) and str(node.get("t")).startswith("Raw") and node["c"][1].startswith("<!--")


def of(markdown: str) -> Text:
    return Text.of("chapters/x.qmd", markdown)


def prose(said: dict[str, str], language: str = "ru", stale: tuple[str, ...] = ()) -> Prose:
    entries = {
        key: Translation(text=text, line=100 + number, stale=key in stale)
        for number, (key, text) in enumerate(said.items())
    }
    return Prose(language=language, file=f"locales/{language}/chapters/x.po", messages=entries)


def identical(text: Text) -> Prose:
    return prose({message.id: message.id for message in messages(text)})


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_the_paper_comes_back(chapter: Path) -> None:
    text = of(chapter.read_text(encoding="utf-8"))
    assert tree(translated(text, [identical(text)]).text) == tree(text.text)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_passage_of_the_paper_is_a_message(chapter: Path) -> None:
    text = of(chapter.read_text(encoding="utf-8"))
    said = replace_shortcodes(text.text, lambda code: "[0]{.fact}" if code.name == "var" else "")
    worded = [one for one in passages(pandoc.read(said)) if re.search(r"[^\W\d_]", one.text)]
    assert len(messages(text)) == len(worded)


def test_everything_comes_back() -> None:
    text = of(EVERYTHING)
    assert tree(translated(text, [identical(text)]).text) == tree(text.text)


def test_everything_that_readers_see_changes() -> None:
    text = of(EVERYTHING)
    said = {
        m.id: re.sub(r"(?<![\w{@#./\[^-])[A-Za-z]+(?![\w}.]*[}\])\"(])", "ж", m.id) for m in messages(text)
    }
    found = [(message.kind, message.id) for message in messages(translated(text, [prose(said)]))]
    assert [kind for kind, _ in found] == [message.kind for message in messages(text)]
    assert sum("ж" in one for _, one in found) >= len(found) - 8  # some are nothing but links and code


BLOCKS = [
    "A paragraph\nover lines with [words]{.claim if=\"a > b\"} [@x].",
    "# Heading {#sec-x}",
    "- item\n  going on\n- [x]{.a}\n\n  second\n\n  1. nested\n     so\n  2. more",
    "1. one\n2. two\n\n   - deep\n     er",
    "> quoted\n> twice",
    "| a | b |\n|---|---|\n| c | `d|e` |\n\n: Caption",
    "Term\n:   meaning\n    of it",
    "::: {.callout-tip title=\"T\"}\nInside\n\n- item\n:::",
    "```\ncode\n\n# none\n```",
    "    indented code",
    "<!-- comment -->",
    "Text[^1]\n\n[^1]: Note\n    on",
    "{{< var a.b >}}",
    "***",
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=6, unique=True))
def test_blocks_in_any_order_come_back(parts: list[str]) -> None:
    text = of("\n\n".join(parts) + "\n")
    assert tree(translated(text, [identical(text)]).text) == tree(text.text)


def test_messages() -> None:
    text = of(
        '# Sales\n\nThey [rose]{.claim if="a > b"} to\n{{< var a >}} [@x].\n\n'
        "::: {#tbl-a}\n\n{{< embed a.ipynb#b >}}\n\nA caption\n\n:::\n\n"
        '::: {.callout-note title="Why"}\nSo.\n:::\n'
    )
    assert [(m.kind, m.id, m.line, m.comments) for m in messages(text)] == [
        ("heading", "Sales", 1, ()),
        ("paragraph", "They [rose]{1} to {a} {[@x]}.", 3, ('{1} = .claim if="a > b"',)),
        ("caption", "A caption", 10, ()),
        ("attribute", "Why", 14, ()),
        ("paragraph", "So.", 15, ()),
    ]


def test_a_comment_parts_no_paragraph() -> None:
    assert [m.id for m in messages(of("One\n<!-- so -->\ntwo.\n\n<!-- a\n\nb -->\nThree.\n"))] == [
        "One two.",
        "Three.",
    ]


def test_a_translation_stands_on_one_line_that_comes_from_the_catalogue() -> None:
    text = of("# Sales {#sec-a}\n\nThey rose\nto {{< var a >}}.\n\n```\ncode\n```\n")
    found = translated(text, [prose({"Sales": "Продажи", "They rose to {a}.": "До {a} они выросли."})])
    assert found.text == "# Продажи {#sec-a}\n\nДо {{< var a >}} они выросли.\n\n```\ncode\n```\n"
    assert found.place(1) == ("locales/ru/chapters/x.po", 100)
    assert found.place(3) == ("locales/ru/chapters/x.po", 101)
    assert found.place(6) == ("chapters/x.qmd", 7)


def test_cells_attributes_and_settings() -> None:
    text = of(
        '---\ntitle: A b\n---\n\n| A | B |\n|---|---|\n| c | 1 |\n\n::: {.callout-tip title="Why"}\n:::\n'
    )
    said = {"A b": 'А «б»: "в"', "A": "А", "B": "Б", "c": "ц", "Why": 'Что "это"'}
    assert translated(text, [prose(said)]).text == (
        '---\ntitle: "А «б»: \\"в\\""\n---\n\n| А | Б |\n|---|---|\n| ц | 1 |\n\n'
        '::: {.callout-tip title="Что \\"это\\""}\n:::\n'
    )


def test_what_lacks_falls_back_along_the_chain() -> None:
    text = of(
        '# Sales\n\nOne.\n\nTwo @x says.\n\nThree.\n\n| c | d |\n|---|---|\n\n::: {.note title="Why"}\n:::\n'
    )
    kazakh = prose({"Sales": "Сату", "One.": "Бір."}, "kk")
    russian = prose({"One.": "Один.", "Two {@x} says.": "Два: {@x}.", "c": "ц"})
    found = translated(text, [kazakh, russian])
    lines = found.text.split("\n")
    assert lines[0] == "# Сату"
    assert lines[2] == "::: {.callout-note .untranslated}"
    assert [line for line in lines[6:] if line][:6] == [
        "Бір.",
        '<span lang="ru">Два: @x.</span>',
        '<span lang="en">Three.</span>',
        '| <span lang="ru">ц</span> | <span lang="en">d</span> |',
        "|---|---|",
        '::: {.note title="Why"}',
    ]
    assert found.place(lines.index('<span lang="ru">Два: @x.</span>') + 1) == (
        "locales/ru/chapters/x.po",
        101,
    )
    assert found.place(lines.index('<span lang="en">Three.</span>') + 1) == ("chapters/x.qmd", 7)
    spans = [n for n in pandoc.elements(pandoc.read(found.text)) if n["t"] == "Span"]
    assert [pandoc.attributes(span)[2] for span in spans] == [
        {"lang": lang} for lang in ("ru", "en", "ru", "en")
    ]
    assert [n["t"] for n in pandoc.elements(spans[0]["c"][1]) if n["t"] == "Cite"] == ["Cite"]


def test_the_note_names_the_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "_FRAMEWORK", tmp_path)  # where nothing is translated
    text = of("# Sales\n\nOne.\n")
    [english] = re.findall("shown in .*", translated(text, [prose({"Sales": "Сату"}, "kk"), prose({})]).text)
    [russian] = re.findall("shown in .*", translated(text, [prose({}, "kk"), identical(text)]).text)
    [both] = re.findall("shown in .*", translated(text, [prose({}, "kk"), prose({"One.": "Один."})]).text)
    assert (english, russian) == ("shown in English.", "shown in Russian.")
    assert both == "shown in Russian and in English."
    assert "untranslated" not in translated(text, [identical(text)]).text


def test_without_catalogues_nothing_changes() -> None:
    text = of(EVERYTHING)
    assert translated(text, []) is text


def test_a_stale_translation_serves_while_its_placeholders_fit() -> None:
    text = of("Sales of {{< var a >}}.\n\nPurchases of {{< var b >}}.\n\nDone.\n")
    said = {"Sales of {a}.": "Продажи {a}.", "Purchases of {b}.": "Закупки {old}.", "Done.": "Готово."}
    found = translated(text, [prose(said, stale=("Sales of {a}.", "Purchases of {b}."))]).text
    assert "\nПродажи {{< var a >}}.\n" in found
    assert '<span lang="en">Purchases of {{< var b >}}.</span>' in found


@pytest.mark.parametrize("beginning", ["2013. год", "- черта", "# знак", "> знак", "+ плюс", ": двоеточие"])
def test_a_paragraph_stays_one(beginning: str) -> None:
    found = translated(of("A year.\n"), [prose({"A year.": beginning})])
    [block] = pandoc.read(found.text)["blocks"]
    assert block["t"] == "Para"
    assert pandoc.text_of(block["c"]) == beginning


def test_one_paragraph_of_many_lines() -> None:
    found = translated(of("- A year\n  or so.\n"), [prose({"A year or so.": "Год\nили\n\nоколо."})])
    assert json.dumps(pandoc.read(found.text)["blocks"]).count('"Plain"') == 1
