"""Appendices are lettered, and a wide table lies across the page: on the site and in the PDF."""

import re
from pathlib import Path

import pikepdf
import pypdf
import pytest
from lxml import html as lxml_html

from conftest import copy_paper, edit, run_corridor
from corridor.errors import PaperError
from corridor.paper import open_paper

CONFIG = "_quarto.yml"
LISTED = """\
  appendices:
    - appendices/items.qmd
    - appendices/thanks.qmd
    - appendices/questions.qmd
    - references.qmd
"""
FILES = {
    "items.qmd": """\
# All items {#sec-items}

Here they are, in the order of @sec-trade.

::: {.landscape}

::: {#tbl-items}

| Sign | Word | Extent |
|------|------|--------|
| a   | b   | wide  |

Everything, across the page

:::

:::

## A part {#sec-part}

Upright again.

::: {#tbl-part}

| Word | Meaning |
|------|---------|
| b    | second  |

A part of it

:::
""",
    "thanks.qmd": "# Thanks {.unnumbered #sec-thanks}\n\nTo all.\n",
    "questions.qmd": """\
# Questions {#sec-questions}

As in @sec-part and @tbl-part.

::: {#tbl-questions}

| Number | Question |
|--------|----------|
| a      | Why?     |

What was asked

:::
""",
}
SEEN = (
    "See @sec-items, @tbl-items and @sec-part; @sec-questions, @tbl-questions and [-@sec-questions]; "
    "@sec-thanks; [all of it](../appendices/items.qmd#sec-part)."
)
# What a reader finds there, in print as on the site.
READ = "See Appendix A, Table A.1 and Section A.1; Appendix B, Table B.1 and B; Thanks; all of it."


def with_appendices(folder: Path) -> Path:
    root = copy_paper(folder)
    edit(root / CONFIG, "    - references.qmd\n", LISTED)
    (root / "appendices").mkdir()
    for name, text in FILES.items():
        (root / "appendices" / name).write_text(text, encoding="utf-8")
    edit(
        root / "chapters/method.qmd", "It follows from @tbl-flows.", f"It follows from @tbl-flows.\n\n{SEEN}"
    )
    return root


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = with_appendices(tmp_path_factory.mktemp("appendices"))
    run_corridor(root, "build", "--engine", "pandoc", "--quiet", expect=0)
    return root / "site" / "region" / "en"


def page(site: Path, name: str) -> lxml_html.HtmlElement:
    return lxml_html.fromstring((site / name).read_text(encoding="utf-8"))


def texts(site: Path, name: str, path: str) -> list[str]:
    return [re.sub(r"\s+", " ", found.text_content()).strip() for found in page(site, name).xpath(path)]


# --- the site


def test_letters_on_the_site(site: Path) -> None:
    assert texts(site, "appendices/items.html", "//main//h1 | //main//h2") == ["A All items", "A.1 A part"]
    assert texts(site, "appendices/questions.html", "//main//h1") == ["B Questions"]
    captions = texts(site, "appendices/items.html", "//figcaption")
    assert captions == ["Table A.1 Everything, across the page", "Table A.2 A part of it"]
    assert texts(site, "appendices/questions.html", "//figcaption") == ["Table B.1 What was asked"]
    # Chapters keep their numbers.
    assert texts(site, "chapters/method.html", "//main//h1") == ["2 Method"]
    assert texts(site, "chapters/trade.html", "//figcaption")[0].startswith("Table 1.1 ")


def test_unnumbered_appendices_keep_no_letter(site: Path) -> None:
    assert texts(site, "appendices/thanks.html", "//main//h1") == ["Thanks"]
    assert texts(site, "references.html", "//main//h1") == ["References"]


def test_appendices_in_the_menu(site: Path) -> None:
    menu = texts(site, "index.html", "(//ol[@class='chapters'])[1]//a")
    assert menu == ["Summary", "1 Trade", "2 Method", "A All items", "Thanks", "B Questions", "References"]
    found = page(site, "appendices/thanks.html").xpath("//head/link[@rel='prev' or @rel='next']/@href")
    assert found == ["../appendices/items.html", "../appendices/questions.html"]


def test_references_to_appendices_on_the_site(site: Path) -> None:
    assert READ in texts(site, "chapters/method.html", "//main//p")
    links = page(site, "chapters/method.html").xpath("//a[@class='cross-reference']/@href")
    assert links[1:] == [
        "../appendices/items.html#sec-items",
        "../appendices/items.html#tbl-items",
        "../appendices/items.html#sec-part",
        "../appendices/questions.html#sec-questions",
        "../appendices/questions.html#tbl-questions",
        "../appendices/questions.html#sec-questions",
        "../appendices/thanks.html#sec-thanks",
    ]
    assert "As in Section A.1 and Table A.2." in texts(site, "appendices/questions.html", "//main//p")
    assert "Here they are, in the order of Chapter 1." in texts(site, "appendices/items.html", "//main//p")


def test_landscape_is_plain_content_on_the_site(site: Path) -> None:
    [table] = page(site, "appendices/items.html").xpath("//figure[@id='tbl-items']//table")
    assert [cell.text_content() for cell in table.xpath(".//td")] == ["a", "b", "wide"]
    [around] = page(site, "appendices/items.html").xpath("//*[contains(@class, 'landscape')]")
    assert around.tag == "div"
    assert not around.get("style")
    assert len(around.xpath(".//figure[@id='tbl-items']")) == 1


# --- the PDF


@pytest.fixture(scope="module")
def pages(site: Path) -> list[str]:
    reader = pypdf.PdfReader(site / "small-region-en.pdf")
    return [re.sub(r"\s+", " ", page.extract_text()) for page in reader.pages]


def test_outline_of_the_pdf(site: Path) -> None:
    with pikepdf.open(site / "small-region-en.pdf") as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        children = {item.title: [child.title for child in item.children] for item in outline.root}
    assert titles == ["Summary", "1 Trade", "2 Method", "A All items", "Thanks", "B Questions", "References"]
    assert children["A All items"] == ["A.1 A part"]


def test_references_to_appendices_in_print(pages: list[str]) -> None:
    text = " ".join(pages)
    assert READ in text
    assert "As in Section A.1 and Table A.2." in text
    assert "Here they are, in the order of Chapter 1." in text
    for caption in ("Table A.1 Everything, across the page", "Table A.2 A part", "Table B.1 What was asked"):
        assert text.count(caption) == 2  # in the list of tables, and at its place


def test_landscape_pages(site: Path, pages: list[str]) -> None:
    with pikepdf.open(site / "small-region-en.pdf") as pdf:
        boxes = [[float(edge) for edge in page.mediabox] for page in pdf.pages]
    wide = [right - left > top - bottom for left, bottom, right, top in boxes]
    [number] = [n for n, is_wide in enumerate(wide) if is_wide]
    assert "Table A.1 Everything, across the page" in pages[number]
    assert "Here they are" in pages[number - 1]
    assert "Upright again." in pages[number + 1]
    left, bottom, right, top = boxes[number]
    assert (right - left, top - bottom) == pytest.approx((841.89, 595.28), abs=0.1)  # A4 across


def test_a_pdf_without_landscape_has_none(built: Path) -> None:
    with pikepdf.open(built / "site/region/en/small-region-en.pdf") as pdf:
        assert all(page.mediabox[2] < page.mediabox[3] for page in pdf.pages)


# --- faults


def faults(root: Path) -> list[str]:
    with pytest.raises(PaperError) as raised:
        open_paper(root)
    return [str(fault) for fault in raised.value.faults]


@pytest.fixture
def lettered(tmp_path: Path) -> Path:
    return with_appendices(tmp_path)


def test_appendices_are_chapters(lettered: Path) -> None:
    opened = open_paper(lettered)
    assert opened.appendices == (
        "appendices/items.qmd", "appendices/thanks.qmd", "appendices/questions.qmd", "references.qmd",
    )  # fmt: skip
    assert opened.chapters == ("index.qmd", "chapters/trade.qmd", "chapters/method.qmd", *opened.appendices)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "appendices/questions.qmd",
            "appendices/items.qmd",
            ':16: the chapter "appendices/items.qmd" is listed twice; take one out',
        ),
        (
            "appendices/questions.qmd",
            "chapters/trade.qmd",
            ':16: the chapter "chapters/trade.qmd" is listed twice; take one out',
        ),
        (
            "appendices/items.qmd",
            "appendices/item.qmd",
            ':14: the chapter "appendices/item.qmd" is missing; write the file or take the line out',
        ),
        (
            "appendices/items.qmd",
            "analysis/trade.ipynb",
            ':14: "analysis/trade.ipynb" is not a .qmd file of the paper; list chapters only',
        ),
        (
            "appendices/items.qmd",
            "../items.qmd",
            ':14: "../items.qmd" is not a .qmd file of the paper; list chapters only',
        ),
        (
            "- appendices/thanks.qmd",
            "- part: appendices/thanks.qmd",
            ":15: appendix 2 is not a file; list files only: parts are not supported",
        ),
        (
            LISTED.partition("\n")[2],
            "    items: 1\n",
            ":13: appendices is not a list of files; list them",
        ),
    ],
)
def test_fault(lettered: Path, old: str, new: str, message: str) -> None:
    edit(lettered / CONFIG, old, new)
    assert faults(lettered) == [CONFIG + message]


def test_an_empty_list_of_appendices_is_no_fault(lettered: Path) -> None:
    edit(lettered / CONFIG, LISTED, "    - references.qmd\n  appendices: []\n")
    assert open_paper(lettered).appendices == ()


def test_a_chapter_cannot_be_linked_to_an_appendix_that_is_not_listed(lettered: Path) -> None:
    edit(lettered / CONFIG, "    - appendices/items.qmd\n", "")
    done = run_corridor(lettered, "check", expect=1)
    assert (
        'chapters/method.qmd:21: the link leads to "../appendices/items.qmd", which is no chapter; '
        in done.stderr
    )
    assert 'there is no label "sec-items"' in done.stderr


def test_more_appendices_than_letters(paper: Path) -> None:
    names = [f"a{number}.qmd" for number in range(1, 28)]
    for name in names:
        (paper / name).write_text(f"# Appendix {name}\n\nText.\n", encoding="utf-8")
    listed = "".join(f"    - {name}\n" for name in names)
    edit(paper / CONFIG, "    - references.qmd\n", f"    - references.qmd\n  appendices:\n{listed}")
    done = run_corridor(paper, "build", "--engine", "pandoc", "--format", "html", "--quiet")
    assert done.returncode == 1 or "AA" in texts(paper / "site/region/en", "a27.html", "//main//h1")[0]
