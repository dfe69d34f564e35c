"""The manuscript of a rendition: its own chapters and blocks, its home, its language."""

from dataclasses import replace
from pathlib import Path

import pytest

from conftest import edit, run_corridor
from corridor.compose import compose
from corridor.data import open_package
from corridor.edition import Rendition, open_edition
from corridor.errors import Fault, PaperError
from corridor.manuscript import Line, Manuscript
from corridor.paper import open_paper

LAND = """title: A Land
countries: [KAZ]
partner: CHN
years: {first: 2019, last: 2021}
languages: [en]
"""
CATALOGUE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: ru\\n"

msgid "Signs and letters"
msgstr "Знаки и буквы"
"""


@pytest.fixture
def land(paper: Path) -> Path:
    """Return the small paper with a second edition, of one country."""
    (paper / "editions" / "land.yml").write_text(LAND, encoding="utf-8")
    return paper


def composed(root: Path, slug: str = "land", language: str = "en") -> Manuscript:
    paper = open_paper(root)
    rendition = Rendition(edition=open_edition(paper, slug), language=language)
    return compose(paper, rendition, open_package(paper.data))


def add(root: Path, text: str, chapter: str = "chapters/method.qmd") -> int:
    """Add text to a chapter; return its first line."""
    file = root / chapter
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\n{text}\n", encoding="utf-8")
    return before.count("\n") + 2


def faults(root: Path, slug: str = "land") -> list[str]:
    with pytest.raises(PaperError) as raised:
        composed(root, slug)
    return [str(fault) for fault in raised.value.faults]


def test_blocks_of_other_editions_are_in_no_text(land: Path) -> None:
    add(land, '::: {.content-visible when-meta="edition.region"}\nOn both.\n:::')
    add(land, '::: {.content-visible when-profile="land"}\nOn the land.\n:::')
    assert "On both." in composed(land, "region").markdown["chapters/method.qmd"]
    assert "On the land." not in composed(land, "region").markdown["chapters/method.qmd"]
    own = composed(land).markdown["chapters/method.qmd"]
    assert "On the land." in own
    assert "On both." not in own
    assert "when-" not in own.replace("when-format", "")


def test_home(land: Path) -> None:
    add(
        land,
        "{{< var trade.home.exports-digits >}} of {{< var name.home-genitive >}}"
        ' [rose]{.claim if="trade.home.exports > trade.home.imports"}; `{{< var a.home.b >}}`.',
    )
    found = composed(land)
    assert found.markdown["chapters/method.qmd"].strip().split("\n")[-1] == (
        "{{< var trade.kaz.exports-digits >}} of {{< var name.kaz-genitive >}}"
        ' [rose]{.claim if="trade.kaz.exports > trade.kaz.imports"}; `{{< var a.home.b >}}`.'
    )
    assert found.through_home >= {"trade.kaz.exports", "trade.kaz.imports"}


def test_home_of_countries_that_are_no_group(land: Path) -> None:
    line = add(land, "It is {{< var trade.home.exports >}}.")
    assert faults(land, "region") == [
        f'chapters/method.qmd:{line}: "trade.home.exports": the countries of this edition are no group of '
        "data/areas.csv; name an area, or put the sentence into a block that only other editions show"
    ]


def test_chapters_of_its_own(land: Path) -> None:
    (land / "editions" / "land").mkdir()
    (land / "editions" / "land" / "own.qmd").write_text("# Own {#sec-own}\n\nText.\n", encoding="utf-8")
    settings = (
        "chapters:\n  leave-out: [chapters/method.qmd]\n"
        "  add:\n    - {file: editions/land/own.qmd, after: index.qmd}\n"
    )
    (land / "editions" / "land.yml").write_text(LAND + settings, encoding="utf-8")
    assert composed(land).chapters == (
        "index.qmd",
        "editions/land/own.qmd",
        "chapters/trade.qmd",
        "references.qmd",
    )
    assert "editions/land/own.qmd" not in composed(land, "region").chapters


def test_block_of_its_own(land: Path) -> None:
    line = add(land, "::: {#foreword}\n\nOf all.\n\n:::\n\nAfter.")
    (land / "editions" / "own.md").write_text("Of the\nland.\n", encoding="utf-8")
    (land / "editions" / "land.yml").write_text(
        LAND + "blocks: {foreword: editions/own.md}\n", encoding="utf-8"
    )
    text = composed(land).texts["chapters/method.qmd"]
    assert "::: {#foreword}\nOf the\nland.\n:::\n\nAfter." in text.text
    rows = text.text.split("\n")
    assert text.place(rows.index("land.") + 1) == ("editions/own.md", 2)
    assert text.place(rows.index("After.") + 1) == ("chapters/method.qmd", line + 6)
    assert "Of all." in composed(land, "region").markdown["chapters/method.qmd"]


def test_language_keeps_identifiers_and_places(land: Path) -> None:
    catalogue = land / "locales" / "ru" / "chapters" / "trade.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(CATALOGUE, encoding="utf-8")
    edit(land / "editions" / "land.yml", "[en]", "[en, ru]")
    text = composed(land, language="ru").texts["chapters/trade.qmd"]
    # Without one of its own in the source, the heading keeps what pandoc makes of the English words.
    assert "## Знаки и буквы {#signs-and-letters}" in text.text
    row = text.text.split("\n").index("## Знаки и буквы {#signs-and-letters}") + 1
    assert text.place(row) == ("locales/ru/chapters/trade.po", 7)
    assert '<span lang="en">' in text.text


def test_catalogue_of_another_encoding(land: Path) -> None:
    folder = land / "locales" / "ru"
    folder.mkdir(parents=True)
    (folder / "settings.po").write_bytes(CATALOGUE.encode("cp1251"))
    edit(land / "editions" / "land.yml", "[en]", "[en, ru]")
    with pytest.raises(PaperError) as raised:
        composed(land, language="ru")
    assert [str(fault) for fault in raised.value.faults] == [
        "locales/ru/settings.po:7: the text is not UTF-8; save the file as UTF-8"
    ]
    assert composed(land, language="en").texts


def test_faults_say_what_the_author_wrote(land: Path) -> None:
    line = add(land, "Of {{< var name.home-definit >}}.")
    manuscript = composed(land)
    manuscript = replace(
        manuscript,
        texts={
            chapter: text.with_lines([Line("", chapter, 1), *text.lines])
            for chapter, text in manuscript.texts.items()
        },
    )
    told = Fault(
        file="chapters/method.qmd",
        line=line + 1,
        what='unknown "name.kaz-definit", first in chapters/trade.qmd:8',
        mend='did you mean "name.kaz-definite"?',
    )
    assert [str(fault) for fault in manuscript.relocated([told])] == [
        f'chapters/method.qmd:{line}: unknown "name.home-definit", first in chapters/trade.qmd:7; '
        'did you mean "name.home-definite"?'
    ]


def test_a_translator_who_adds_a_number(land: Path) -> None:
    catalogue = land / "locales" / "ru" / "chapters" / "trade.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(CATALOGUE.replace("Знаки и буквы", "Знаки и 32 буквы"), encoding="utf-8")
    edit(land / "editions" / "land.yml", "[en]", "[en, ru]")
    done = run_corridor(land, "check", "--edition", "land", "--language", "ru", expect=1)
    assert done.stderr.splitlines() == [
        'locales/ru/chapters/trade.po:7: the number "32" is typed by hand: "Знаки и 32 буквы"; '
        "say it by a placeholder of the English text, or take the number out",
        "1 fault in the paper",
    ]
