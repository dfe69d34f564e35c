"""Faults in ``_quarto.yml``: the whole message, at the right line."""

from pathlib import Path

import pytest

from conftest import edit, run_corridor
from corridor.errors import PaperError
from corridor.paper import find_root, open_paper

CONFIG = "_quarto.yml"
CHAPTERS = "\n    - index.qmd\n    - chapters/trade.qmd\n    - chapters/method.qmd\n    - references.qmd\n"
NOT_YAML = "mend the indentation, quotation marks or brackets there"
LIST = 'chapters is not a list of files; list them in reading order, "- index.qmd" first'
NO_BOOK = 'there is no book; add "book:" with title, author and chapters'
NO_FILE = "is not a .qmd file of the paper; list chapters only"


def faults(root: Path) -> list[str]:
    try:
        open_paper(root)
    except PaperError as error:
        return [str(fault) for fault in error.faults]
    return []


def test_small_paper_opens(paper: Path) -> None:
    assert faults(paper) == []
    opened = open_paper(paper)
    assert opened.chapters == ("index.qmd", "chapters/trade.qmd", "chapters/method.qmd", "references.qmd")
    assert (opened.version, opened.bibliography) == ("1.2.3", "references.bib")
    assert opened.notebooks == ("analysis/trade.ipynb",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # Not YAML.
        ("A small paper", "A small: paper", f":5: not YAML: mapping values are not allowed here; {NOT_YAML}"),
        ("book:\n", "book\n", f":5: not YAML: could not find expected ':'; {NOT_YAML}"),
        (
            "  title",
            "\ttitle",
            f":5: not YAML: found character '\\t' that cannot start any token; {NOT_YAML}",
        ),
        ("true", "*yes", f":21: not YAML: found undefined alias 'yes'; {NOT_YAML}"),
        ("A small", "A \x01 small", ":5: not YAML: the control character U+0001; delete it"),
        (
            "2024-05-01",
            "2024-13-01",
            ':8: not a value: "2024-13-01"; mend it, or put quotation marks around it',
        ),
        ("  author", "  title: B\n  author", ':7: the key "title" stands twice; keep one of them'),
        ("bibliography:", "book:", ':20: the key "book" stands twice; keep one of them'),
        # The book.
        ("book:", "boook:", f":1: {NO_BOOK}"),
        ("  title: A small paper\n", "", ':4: the book has no title; add "title:" to it'),
        ("title: A small paper", "title:", ':4: the book has no title; add "title:" to it'),
        ("  author: Corridor\n", "", ':4: the book has no author; add "author:" to it'),
        ("  date: 2024-05-01\n", "", ':4: the book has no date; add "date:" to it'),
        ("A small paper", "1984", ":5: the title is not text; put quotation marks around it"),
        ("Built by the tests", "[a, b]", ":6: the subtitle is not text; put quotation marks around it"),
        (
            "author: Corridor",
            "author: {name: Ann}",
            ":7: the author is not a name or a list of names; "
            'write a name, or several as "[Ann Alpha, Bob Beta]"',
        ),
        ("2024-05-01", "May 2024", ':8: the date "May 2024" is not a day; write it as 2018-12-31'),
        ("2024-05-01", "2024", ':8: the date "2024" is not a day; write it as 2018-12-31'),
        ("2024-05-01", "today", ':8: the date "today" is not a day; write it as 2018-12-31'),
        # Its chapters.
        (f"  chapters:{CHAPTERS}", "", f":4: {LIST}"),
        (f"chapters:{CHAPTERS}", "chapters: index.qmd\n", f":9: {LIST}"),
        (f"chapters:{CHAPTERS}", "chapters: []\n", f":9: {LIST}"),
        (
            "method.qmd",
            "methods.qmd",
            ':12: the chapter "chapters/methods.qmd" is missing; write the file or take the line out',
        ),
        (
            "    - index.qmd\n",
            "",
            ':10: the first chapter is "chapters/trade.qmd"; '
            "begin with index.qmd, the page that opens the site",
        ),
        ("method.qmd", "trade.qmd", ':12: the chapter "chapters/trade.qmd" is listed twice; take one out'),
        (
            "- chapters/method.qmd",
            "- part: Method\n      chapters: [chapters/method.qmd]",
            ":12: chapter 3 is not a file; list files only: parts are not supported",
        ),
        ("chapters/method.qmd", "analysis/trade.ipynb", f':12: "analysis/trade.ipynb" {NO_FILE}'),
        ("chapters/method.qmd", "../other.qmd", f':12: "../other.qmd" {NO_FILE}'),
        ("chapters/method.qmd", "/other.qmd", f':12: "/other.qmd" {NO_FILE}'),
        # Ours.
        (
            "corridor:\n  name: small\n  version: 1.2.3\n  edition: region",
            "corridor: region",
            ':15: corridor does not hold settings; write "edition:" and others below it, indented',
        ),
        (
            "1.2.3",
            "1.10",
            ":17: the version is a number: 1.10 would become 1.1; put quotation marks around it",
        ),
        (
            "references.bib",
            "[references.bib]",
            ':20: the bibliography is not a file; write the name of one file, such as "references.bib"',
        ),
        (
            "references.bib",
            "../references.bib",
            ':20: the bibliography "../references.bib" lies outside the paper; '
            "move it into the paper's folder",
        ),
    ],
)
def test_fault(paper: Path, old: str, new: str, message: str) -> None:
    edit(paper / CONFIG, old, new)
    assert faults(paper) == [CONFIG + message]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", ':1: the file is empty; write "key: value" lines'),
        (b"# Only a comment\n", ':1: the file is empty; write "key: value" lines'),
        (b"- book\n", ':1: the file does not hold a mapping; write "key: value" lines'),
        (b"book: a\n", f":1: {NO_BOOK}"),
        ("book:\n  title: \xdcber\n".encode("latin-1"), ":2: the text is not UTF-8; save the file as UTF-8"),
    ],
)
def test_whole_file(paper: Path, content: bytes, message: str) -> None:
    (paper / CONFIG).write_bytes(content)
    assert faults(paper) == [CONFIG + message]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("author: Corridor", "author: [Ann Alpha, Bob Beta]"),
        ("date: 2024-05-01", 'date: "2024-05-01"'),
        ("A small paper", '"1984: қазақша"'),
        ("number-sections: true", "x: &x [*x]"),
        ("\n", "\r\n"),
    ],
)
def test_no_fault(paper: Path, old: str, new: str) -> None:
    file = paper / CONFIG
    file.write_bytes(file.read_text(encoding="utf-8").replace(old, new).encode())
    assert faults(paper) == []


def test_several_faults_at_once(paper: Path) -> None:
    edit(paper / CONFIG, "  author: Corridor\n", "")
    edit(paper / CONFIG, "2024-05-01", "yesterday")
    edit(paper / CONFIG, "method.qmd", "methods.qmd")
    done = run_corridor(paper, "check", expect=1)
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        '_quarto.yml:4: the book has no author; add "author:" to it',
        '_quarto.yml:7: the date "yesterday" is not a day; write it as 2018-12-31',
        '_quarto.yml:11: the chapter "chapters/methods.qmd" is missing; write the file or take the line out',
        "3 faults in the paper",
    ]


def test_root_is_found_from_within(paper: Path) -> None:
    assert find_root(paper / "chapters") == paper.resolve()


def test_not_in_a_paper(tmp_path: Path) -> None:
    done = run_corridor(tmp_path, "check", expect=1)
    assert done.stderr.splitlines() == [
        f"_quarto.yml: there is no paper in {tmp_path.name} or in any folder above; "
        "go to the folder of a paper, or name it with --root",
        "1 fault in the paper",
    ]
