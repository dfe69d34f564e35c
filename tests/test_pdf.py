"""The PDF of the small paper, read back; and what is said when there can be none."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
import typst

from conftest import Corridor, edit
from corridor.errors import PaperError
from corridor.render.embedded.pdf import write_pdf
from corridor.stage import open_project
from corridor.store import Store


@pytest.fixture(scope="module")
def file(built: Path) -> Path:
    return built / "site" / "region" / "en" / "small-region-en.pdf"


@pytest.fixture(scope="module")
def pdf(file: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(file) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(file: Path) -> list[str]:
    """Return the text of each page on one line."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pypdf.PdfReader(file).pages]


@pytest.fixture(scope="module")
def tags(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """Return the elements of the structure tree in reading order."""
    found = []

    def visit(node: pikepdf.Object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                visit(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                visit(node.K)

    visit(pdf.Root.StructTreeRoot.K)
    return found


def kinds(tags: list[pikepdf.Dictionary]) -> list[str]:
    return [str(tag.S) for tag in tags]


def test_metadata(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.docinfo["/Title"]) == "A small paper"
    assert str(pdf.docinfo["/Author"]) == "Corridor"
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20240501")
    assert str(pdf.docinfo["/ModDate"]).startswith("D:20240501")
    assert str(pdf.Root.Lang) == "en"
    with pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == "A small paper"
        assert xmp["pdfuaid:part"] == "1"
        assert "en" in xmp["dc:language"]


def test_tagged(pdf: pikepdf.Pdf) -> None:
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert "/ParentTree" in pdf.Root.StructTreeRoot
    assert all(page.get("/StructParents") is not None for page in pdf.pages)


def outline(pdf: pikepdf.Pdf) -> list[tuple[int, str, int]]:
    """Return level, title and page of each entry."""
    numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(pdf.pages)}
    found = []

    def visit(items: list[pikepdf.OutlineItem], level: int) -> None:
        for item in items:
            target = item.destination
            assert isinstance(target, pikepdf.Array)
            found.append((level, item.title, numbers[target[0].objgen]))
            visit(item.children, level + 1)

    with pdf.open_outline() as opened:
        visit(opened.root, 1)
    return found


def test_outline(pdf: pikepdf.Pdf, pages: list[str]) -> None:
    entries = outline(pdf)
    assert [entry[:2] for entry in entries] == [
        (1, "Summary"),
        (1, "1 Trade"),
        (2, "1.1 A section"),
        (2, "1.2 Signs and letters"),
        (1, "2 Method"),
        (1, "References"),
    ]
    for _, title, page in entries:
        assert title in pages[page]


def test_headings(tags: list[pikepdf.Dictionary]) -> None:
    headings = [(str(t.S), str(t.get("/T", ""))) for t in tags if re.fullmatch(r"/H\d", str(t.S))]
    assert headings == [
        ("/H1", "Contents"),
        ("/H1", "Figures"),
        ("/H1", "Tables"),
        ("/H1", "Summary"),
        ("/H1", "Trade"),
        ("/H2", "A section"),
        ("/H2", "Signs and letters"),
        ("/H1", "Method"),
        ("/H1", "References"),
    ]


def test_links_resolve(pdf: pikepdf.Pdf) -> None:
    names = set(pikepdf.NameTree(pdf.Root.Names.Dests)) if "/Names" in pdf.Root else set()
    pages = {page.objgen for page in pdf.pages}
    links = [a for page in pdf.pages for a in page.get("/Annots", []) if a.Subtype == "/Link"]
    assert len(links) > 15
    for link in links:
        assert "/A" not in link, "a link out of the small paper"
        assert str(link.Contents), "a link that says nothing to those who do not see it"
        if isinstance(link.Dest, pikepdf.Array):
            assert link.Dest[0].objgen in pages
        else:
            assert str(link.Dest) in names


def test_figures_have_alt_texts(tags: list[pikepdf.Dictionary]) -> None:
    figures = [str(tag.get("/Alt", "")) for tag in tags if tag.S == "/Figure"]
    assert figures == ['Bars of exports in 3 years, "with quotes" & <signs>']


def test_table_heads(tags: list[pikepdf.Dictionary]) -> None:
    found = kinds(tags)
    assert found.count("/Table") == 2
    assert found.count("/THead") == 2
    assert found.count("/TH") == 5 + 2
    assert found.count("/TD") == 6 * 5 + 2
    heads = [tag for tag in tags if tag.S == "/TH"]
    assert all(any(a.get("/Scope") == "/Column" for a in tag.A) for tag in heads)


def test_captions_notes_lists_and_references_are_tagged(tags: list[pikepdf.Dictionary]) -> None:
    found = kinds(tags)
    assert found.count("/Caption") == 2
    assert found.count("/Note") == 1
    assert found.count("/BibEntry") == 2
    assert "/TOC" in found


def test_text(pages: list[str]) -> None:
    text = " ".join(pages)
    for expected in (
        "A paper on 2019–2021, version 1.2.3. The figures are in Chapter 1.",
        "Exports rose (Alpha 2020, sec. 2), as Table 1.1 shows and Figure 1.1 draws.",
        "see also Section 1.1 and 1.1.",
        "A footnote with a citation (Beta 2021).",
        "Text with < > & # $ @ @ and 50 % of it; қазақша, кыргызча, тоҷикӣ.",
        "with a comma, and *stars*",
        "Sources: Alpha (2020), Beta (2021).",
        "Notes: As printed.",
        "Mind this A note.",
        "Only in print.",
        "It follows from Table 1.1.",
        "Alpha, Ann. 2020. “On Flows.”",
    ):
        assert expected in text
    assert "Only on the site." not in text
    assert "Data (CSV)" not in text


def test_title_page(pages: list[str]) -> None:
    for expected in ("A small paper", "Built by the tests", "Two Lands", "Version 1.2.3", "1 May 2024"):
        assert expected in pages[0]


def test_lists_of_figures_and_tables(pages: list[str]) -> None:
    assert re.search(r"Figures Figure 1\.1 Exports by year[ .]+4", pages[1])
    assert re.search(r"Tables Table 1\.1 Exports and imports in Two Lands, 2019–2021[ .]+4", pages[1])
    assert "Table 1.1" in pages[3]
    assert "Figure 1.1" in pages[3]


def test_fonts_are_embedded(pdf: pikepdf.Pdf) -> None:
    fonts = [
        o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
    ]
    assert fonts
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)
    assert {"NotoSans", "LibertinusSerif"} <= {str(f.FontName).split("+")[1].split("-")[0] for f in fonts}


# --- where exhibits stand

PROSE = "\n\n".join(f"Paragraph {number}. " + "Some words. " * 60 for number in range(1, 9))


def table(name: str, rows: int, cell: str) -> str:
    body = "".join(f"| {name} {row} | {cell} |\n" for row in range(rows))
    return f"\n::: {{#tbl-{name}}}\n\n| Row | Value |\n|-----|-------|\n{body}\nThe table {name}\n\n:::\n\n"


def last_chapter(text: str, built: Path, root: Path) -> tuple[list[str], list[str]]:
    """Return the text of its pages, if the last chapter has this text, and what Typst warns of."""
    staged = Path(shutil.copytree(built / "_build" / "region" / "en", root / "staged"))
    chapter = staged / "chapters" / "method.qmd"
    chapter.write_text(f"# Method {{#sec-method}}\n\nAn opening.\n{text}", encoding="utf-8")
    write_pdf(open_project(staged), root / "out.pdf", Store(root / "store"))
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in pypdf.PdfReader(root / "out.pdf").pages]
    start = next(number for number, page in enumerate(pages) if "An opening." in page)
    _, warnings = typst.compile_with_warnings(
        staged / "out.typ", root=staged, font_paths=[staged / "fonts"], ignore_system_fonts=True
    )
    return pages[start:-1], [warning.message for warning in warnings]


def rows_by_page(name: str, pages: list[str]) -> list[list[int]]:
    found = [[int(row) for row in re.findall(rf"\b{name} (\d+) ", page)] for page in pages]
    return [rows for rows in found if rows]


def test_exhibits_find_their_places(built: Path, tmp_path: Path) -> None:
    text = table("first", 5, "value") + PROSE + table("second", 20, "value") + "After it.\n\n" + PROSE
    text += table("tall", 28, "Some words. " * 12) + "The end.\n"
    pages, warnings = last_chapter(text, built, tmp_path)

    assert pages[0].index("An opening.") < pages[0].index("The table first") < pages[0].index("Paragraph 1.")

    (page,) = [page for page in pages if "The table second" in page]
    assert page.index("The table second") < page.index("Some words.")
    assert any("Paragraph 8." in earlier for earlier in pages[: pages.index(page)])

    first, second = rows_by_page("tall", pages)
    assert first + second == list(range(28))
    assert first
    assert second

    assert warnings == []


def test_an_exhibit_that_only_citations_make_higher_than_a_page(built: Path, tmp_path: Path) -> None:
    text = table("tall", 28, "As @alpha2020 and @beta2021 say. " * 4)
    pages, _ = last_chapter(text, built, tmp_path)
    first, second = rows_by_page("tall", pages)
    assert first + second == list(range(28))


# --- no PDF


@pytest.fixture
def good(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "paper"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("```{=typst}\n#nonsense(1)\n```", 'unknown variable: nonsense, at "#nonsense(1)"'),
        ("## Upper\n\n#### Lower", "PDF/UA-1 error: skipped from heading level 2 to 4"),
    ],
)
def test_content_that_cannot_be_set(text: str, said: str, good: Path, corridor: Corridor) -> None:
    chapter = good / "chapters" / "method.qmd"
    chapter.write_text(f"{chapter.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")
    before = {p: p.read_bytes() for p in (good / "site").rglob("*") if p.is_file()}
    done = corridor(good, "build", "--engine", "pandoc", expect=1)
    assert f"small-region-en.pdf: the PDF cannot be set: {said}" in done.stderr
    assert done.stderr.endswith("1 fault in the paper\n")
    assert {p: p.read_bytes() for p in (good / "site").rglob("*") if p.is_file()} == before


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("typst-template.typ", "#let accent =", "#let accent = missing +", "unknown variable: missing"),
        ("typst-show.typ", "#show:", "$if(title)$ #show:", "pandoc cannot write the PDF's source"),
    ],
)
def test_template_that_cannot_be_set(file: str, old: str, new: str, said: str, good: Path) -> None:
    staged = good / "_build" / "region" / "en"
    edit(staged / "typst" / file, old, new)
    with pytest.raises(PaperError, match=said):
        write_pdf(open_project(staged), good / "out.pdf", Store(good / "store"))
    assert not (good / "out.pdf").exists()
