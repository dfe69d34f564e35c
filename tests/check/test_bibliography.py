"""Faults in ``references.bib``: the whole message, and nothing that follows from it."""

from pathlib import Path

import pytest

from conftest import edit
from corridor.check import check, check_sources
from corridor.check.bibliography import read_keys
from corridor.edition import Rendition, default_edition
from corridor.errors import PaperError
from corridor.paper import open_paper
from corridor.progress import Progress
from corridor.store import Store

BIBLIOGRAPHY = "references.bib"
BROKEN = "the entry is not BibTeX; look for an unclosed brace or a missing comma just above"
NONE = "there is no entry in the bibliography; write one, such as @article{key, ...}"
TWICE = "rename one of them or merge the two"


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        # Pandoc notices some lines below.
        ("{On Flows}", "{On Flows", [f":8: {BROKEN}"]),
        ("{On Flows},", "{On Flows}", [f":4: {BROKEN}"]),
        ("@book{beta2021,", "@book{beta2021", [f":9: {BROKEN}"]),
        ("@book{beta2021,", "@book{", [f":9: {BROKEN}"]),
        ("year = {2021}\n}", "year = {2021}\n", [f":15: {BROKEN}"]),
        (
            "@book{beta2021,",
            "@book{alpha2020,",
            [f':8: the key "alpha2020" stands twice, first in line 1; {TWICE}'],
        ),
        (
            "@book{beta2021,",
            "@misc{a, title = {A}}\n\n @Misc {a, title = {B}}\n@book{alpha2020,",
            [
                f':10: the key "a" stands twice, first in line 8; {TWICE}',
                f':11: the key "alpha2020" stands twice, first in line 1; {TWICE}',
            ],
        ),
    ],
)
def test_fault(paper: Path, old: str, new: str, messages: list[str]) -> None:
    edit(paper / BIBLIOGRAPHY, old, new)
    with pytest.raises(PaperError) as caught:
        read_keys(paper / BIBLIOGRAPHY, paper, Store(paper / "store"))
    assert [str(fault) for fault in caught.value.faults] == [BIBLIOGRAPHY + message for message in messages]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, ": the file is missing; restore it, or remove what refers to it"),
        (b"", f":1: {NONE}"),
        (b"No entries, but text.\n", f":1: {NONE}"),
        ("@book{a,\n title = {Über}}".encode("latin-1"), ":2: the text is not UTF-8; save the file as UTF-8"),
    ],
)
def test_file(paper: Path, content: bytes | None, message: str) -> None:
    (paper / BIBLIOGRAPHY).unlink()
    if content is not None:
        (paper / BIBLIOGRAPHY).write_bytes(content)
    opened = open_paper(paper)
    rendition = Rendition(edition=default_edition(opened), language="en")
    # Neither the tables' sources nor the citations in chapters become faults as well.
    store = Store(paper / "store")
    shared = check_sources(opened, store)
    found = [*shared.faults, *check(opened, rendition, shared, Progress(quiet=True), store)]
    assert [str(fault) for fault in found] == [BIBLIOGRAPHY + message]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@book{beta2021,", "@Comment{alpha2020, old}\n% @book{alpha2020,\n@book{beta2021,"),
        ("@book{beta2021,", '@string{alpha2020 = "x"}\n@book{beta2021,'),
        ("@book{beta2021,", "  @BOOK { beta2021 ,"),
        ("On Rates", "Über қазақ ставкалары"),
        ("\n", "\r\n"),
    ],
)
def test_no_fault(paper: Path, old: str, new: str) -> None:
    file = paper / BIBLIOGRAPHY
    file.write_bytes(file.read_text(encoding="utf-8").replace(old, new).encode())
    assert read_keys(file, paper, Store(paper / "store")) == {"alpha2020", "beta2021"}
