"""Digests of files, and what a build tells of their changes."""

import json
import os
import time
from pathlib import Path

import pytest

from corridor.digests import Digests
from corridor.explain import reasons


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    root = tmp_path / "paper"
    (root / "data").mkdir(parents=True)
    (root / "data" / "flows.csv").write_text('year,note\n2013,"one\nline"\n2014,\n', encoding="utf-8")
    (root / "index.qmd").write_text("# Title\n", encoding="utf-8")
    for file in root.rglob("*.*"):
        os.utime(file, ns=(10**18, 10**18))
    return root


def test_state_of_a_table_has_its_rows(paper: Path) -> None:
    digests = Digests(paper, None)
    digest, _, rows = digests.file("data/flows.csv").partition(" ")
    assert (len(digest), rows) == (64, "2")
    assert " " not in digests.file("index.qmd")
    assert digests.file("data/none.csv") == ""
    assert set(digests.below("data")) == {"data/flows.csv"}


def test_a_folder_is_its_names(paper: Path) -> None:
    before = Digests(paper, None).read("data/")
    (paper / "data" / "flows.csv").write_text("other", encoding="utf-8")
    (paper / "data" / ".hidden").write_text("", encoding="utf-8")
    assert Digests(paper, None).read("data/") == before
    (paper / "data" / "more.csv").write_text("", encoding="utf-8")
    assert Digests(paper, None).read("data/") != before
    assert Digests(paper, None).read("none/") == ""


def test_kept_digests_are_used_until_a_file_changes(paper: Path, tmp_path: Path) -> None:
    kept = tmp_path / "digests.json"
    time.sleep(0.3)  # what was written just now is read again
    first = Digests(paper, kept)
    state = first.file("index.qmd")
    first.save()
    known = json.loads(kept.read_text(encoding="utf-8"))
    known["index.qmd"][4] = "kept"
    kept.write_text(json.dumps(known), encoding="utf-8")
    assert Digests(paper, kept).file("index.qmd") == "kept"
    # The same size and the same time of writing: the time of the change itself tells.
    (paper / "index.qmd").write_text("# Titel\n", encoding="utf-8")
    os.utime(paper / "index.qmd", ns=(10**18, 10**18))
    assert Digests(paper, kept).file("index.qmd") not in ("kept", state)


def test_what_was_written_just_now_is_not_kept(paper: Path, tmp_path: Path) -> None:
    (paper / "index.qmd").write_text("# New\n", encoding="utf-8")
    digests = Digests(paper, tmp_path / "digests.json")
    digests.file("index.qmd")
    digests.save()
    assert not (tmp_path / "digests.json").exists()


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_damaged_digests_are_made_anew(paper: Path, tmp_path: Path, content: str) -> None:
    kept = tmp_path / "digests.json"
    kept.write_text(content, encoding="utf-8")
    assert len(Digests(paper, kept).file("index.qmd")) == 64


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({"file data/a.csv": "x 3"}, {"file data/a.csv": "y 4"}, "data/a.csv has 4 rows instead of 3"),
        ({"file data/a.csv": "x 3"}, {"file data/a.csv": "y 3"}, "data/a.csv has changed (3 rows)"),
        ({"file b.qmd": "x"}, {"file b.qmd": "y"}, "b.qmd has changed"),
        ({"file b.qmd": ""}, {"file b.qmd": "y"}, "b.qmd is new"),
        ({"file b.qmd": "x"}, {"file b.qmd": ""}, "b.qmd is gone"),
        ({"file locales/": "x"}, {"file locales/": "y"}, "locales/ holds other files"),
        (
            {"parameter year": "2024"},
            {"parameter year": "2025"},
            "the parameter year is 2025 instead of 2024",
        ),
        (
            {"parameter countries": '["KAZ"]'},
            {"parameter countries": '["KAZ", "KGZ"]'},
            "the parameter countries is KAZ, KGZ instead of KAZ",
        ),
        ({}, {"parameter year": "1"}, "the parameter year is new"),
        ({"code": "x"}, {"code": "y"}, "its code has changed"),
        ({"result a.ipynb": "x"}, {"result a.ipynb": "y"}, "a.ipynb gave another result"),
        ({"packages": "x"}, {"packages": "y"}, "the installed packages have changed"),
        ({"engine": "pandoc 1"}, {"engine": "quarto 2"}, "the engine is quarto 2 instead of pandoc 1"),
        ({"pdf": ""}, {"pdf": "yes"}, "there is a PDF to link now"),
    ],
)
def test_what_is_said_of_a_change(before: dict[str, str], now: dict[str, str], said: str) -> None:
    assert reasons(before, now) == [said]


def test_packages_are_named() -> None:
    then, now = {"pandas": "2.3", "numpy": "2.0", "old": "1"}, {"pandas": "2.4", "numpy": "2.0", "fresh": "3"}
    assert reasons({"packages": "x"}, {"packages": "y"}, (then, now)) == [
        "the package fresh 3 is new",
        "the package old is gone",
        "pandas is 2.4 instead of 2.3",
    ]


def test_nothing_has_changed() -> None:
    assert reasons({"code": "x"}, {"code": "x"}) == []
    assert reasons(None, {"code": "x"}) == ["it has not run before"]
