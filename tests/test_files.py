"""Files that survive an error or a kill in the middle of writing."""

from pathlib import Path

import pytest

from corridor.errors import PaperError
from corridor.files import digest, read_text, replacing, restore, tree, write_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that holds something."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "page.html").write_text("old", encoding="utf-8")
    return folder


def fill(folder: Path) -> None:
    with replacing(folder) as fresh:
        assert list(fresh.iterdir()) == []
        (fresh / "page.html").write_text("new", encoding="utf-8")


def content(folder: Path) -> str:
    return (folder / "page.html").read_text(encoding="utf-8")


def siblings(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir())


def test_replacing(folder: Path) -> None:
    fill(folder)
    assert (content(folder), siblings(folder)) == ("new", ["site"])


def test_replacing_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "deep" / "site")
    assert content(tmp_path / "deep" / "site") == "new"


def test_old_folder_is_there_until_the_end(folder: Path) -> None:
    with replacing(folder) as fresh:
        (fresh / "page.html").write_text("new", encoding="utf-8")
        assert content(folder) == "old"


def test_new_folder_can_be_read_by_others(folder: Path) -> None:
    fill(folder)
    assert folder.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_error_inside_leaves_the_old_folder(folder: Path, error: type[BaseException]) -> None:
    def fail() -> None:
        with replacing(folder) as fresh:
            (fresh / "page.html").write_text("half", encoding="utf-8")
            raise error

    with pytest.raises(error):
        fail()
    assert (content(folder), siblings(folder)) == ("old", ["site"])


def killed_between_the_renames(folder: Path) -> None:
    folder.rename(folder.with_name(".site.old"))
    (folder.parent / ".site.new-abc").mkdir()


def killed_after_the_renames(folder: Path) -> None:
    (folder.parent / ".site.old").mkdir()
    (folder.parent / ".site.old" / "page.html").write_text("older", encoding="utf-8")


def killed_before_the_renames(folder: Path) -> None:
    (folder.parent / ".site.new-abc").mkdir()


KILLS = pytest.mark.parametrize(
    "kill", [killed_before_the_renames, killed_between_the_renames, killed_after_the_renames]
)


@KILLS
def test_restore_after_a_kill(folder: Path, kill) -> None:
    kill(folder)
    restore(folder)
    assert (content(folder), siblings(folder)) == ("old", ["site"])


@KILLS
def test_replacing_after_a_kill(folder: Path, kill) -> None:
    kill(folder)
    fill(folder)
    assert (content(folder), siblings(folder)) == ("new", ["site"])


@KILLS
def test_error_after_a_kill(folder: Path, kill) -> None:
    kill(folder)
    with pytest.raises(ValueError, match="no"), replacing(folder):
        raise ValueError("no")
    assert (content(folder), siblings(folder)) == ("old", ["site"])


def test_restore_leaves_others_alone(folder: Path) -> None:
    (folder.parent / ".other.new-abc").mkdir()
    (folder.parent / ".other.old").mkdir()
    restore(folder)
    assert siblings(folder) == [".other.new-abc", ".other.old", "site"]


def test_restore_nothing(tmp_path: Path) -> None:
    restore(tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


def test_write_text(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "қазақша.txt"
    write_text(file, "one\ntwo\n")
    write_text(file, "ұзын\n")
    assert file.read_bytes() == "ұзын\n".encode()
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_write_text_that_fails_leaves_the_old_text(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    write_text(file, "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(file, "half \ud800")
    assert file.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "a/b.txt: the file is missing; restore it, or remove what refers to it"),
        (b"one\ntw\xff\n", "a/b.txt:2: the text is not UTF-8; save the file as UTF-8"),
        ("folder", "a/b.txt: cannot be read: Is a directory; put a readable file there"),
    ],
)
def test_read_text_fault(tmp_path: Path, data: bytes | str | None, message: str) -> None:
    file = tmp_path / "a" / "b.txt"
    if data == "folder":
        file.mkdir(parents=True)
    elif isinstance(data, bytes):
        file.parent.mkdir()
        file.write_bytes(data)
    with pytest.raises(PaperError) as caught:
        read_text(file, tmp_path)
    assert str(caught.value) == message


def test_read_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree")
    assert read_text(tmp_path / "a.txt", tmp_path) == "one\ntwo\nthree"


def test_tree_and_digest(folder: Path) -> None:
    (folder / ".hidden").write_text("x", encoding="utf-8")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "a.pyc").write_text("x", encoding="utf-8")
    (folder / "deep").mkdir()
    (folder / "deep" / "b.txt").write_text("x", encoding="utf-8")
    found = tree(folder)
    assert list(found) == ["page.html", "deep/b.txt"]
    before = digest(found)
    assert digest({**found, "missing": folder / "missing"}) == before
    (folder / "deep" / "b.txt").write_text("y", encoding="utf-8")
    after = digest(found)
    assert [name for name in found if before[name] != after[name]] == ["deep/b.txt"]
