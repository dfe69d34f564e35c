"""Reading and writing files so that a fault has a place and a kill loses nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from corridor.errors import Fault, PaperError


def read_text(path: Path, root: Path) -> str:
    """Read UTF-8 text of the paper.

    Raises
    ------
    PaperError
        If the file is missing or is not UTF-8.
    """
    name = path.relative_to(root).as_posix()
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        fault = Fault(file=name, what="the file is missing", mend="restore it, or remove what refers to it")
    except OSError as error:
        fault = Fault(file=name, what=f"cannot be read: {error.strerror}", mend="put a readable file there")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        fault = Fault(file=name, line=line, what="the text is not UTF-8", mend="save the file as UTF-8")
    raise PaperError(fault)


def write_text(path: Path, text: str) -> None:
    """Write text under a temporary name, then rename it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(path)


@contextmanager
def replacing(folder: Path) -> Generator[Path]:
    """Yield an empty folder that takes the place of `folder` when the block ends well.

    A kill or an error inside the block leaves the old folder as it was; `restore` mends the one
    moment between the two renames.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    restore(folder)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.new-", dir=folder.parent))
    fresh.chmod(0o755)
    try:
        yield fresh
        if folder.exists():
            folder.rename(_old(folder))
        fresh.rename(folder)
    finally:
        restore(folder)


def restore(folder: Path) -> None:
    """Put back what a kill between the two renames of `replacing` left aside; drop half-made copies."""
    if folder.exists():
        shutil.rmtree(_old(folder), ignore_errors=True)
    elif _old(folder).exists():
        _old(folder).rename(folder)
    for stale in folder.parent.glob(f".{folder.name}.new-*"):
        shutil.rmtree(stale, ignore_errors=True)


def _old(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def digest(paths: dict[str, Path]) -> dict[str, str]:
    """Return the SHA-256 of files by name; a missing file has none."""
    return {name: sha256(path) for name, path in sorted(paths.items()) if path.is_file()}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, which may be larger than memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree(folder: Path) -> dict[str, Path]:
    """Return every file below a folder by its path in it, hidden files and byte code left out."""
    return {name: Path(entry.path) for name, entry in _entries(str(folder), "")}


def _entries(folder: str, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield the files of a folder, then those of the folders in it, each in the order of their names."""
    try:
        with os.scandir(folder) as found:
            entries = sorted((one for one in found if not one.name.startswith(".")), key=lambda one: one.name)
    except OSError:  # none, or removed meanwhile
        return
    below = [one for one in entries if one.is_dir(follow_symlinks=False)]
    yield from ((prefix + one.name, one) for one in entries if not one.is_dir())
    for one in below:
        if one.name != "__pycache__":
            yield from _entries(one.path, f"{prefix}{one.name}/")


def hashed(value: object) -> str:
    """Return the SHA-256 of a value that JSON can hold; the order of keys does not count."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


Marks = dict[str, tuple[int, int, int]]
"""Size, time of change and number of each file below a folder, by its path in it."""


def marks(folder: Path) -> Marks:
    """Return the marks of a folder, hidden files left out.

    A file that was written anew has others: where the marks are the same, so are the contents.

    Raises
    ------
    FileNotFoundError
        If the folder is not there.
    """
    os.stat(folder)
    states = ((name, entry.stat()) for name, entry in _entries(str(folder), ""))
    return dict(sorted((name, (state.st_size, state.st_mtime_ns, state.st_ino)) for name, state in states))


def stamp(folder: Path) -> str:
    """Return a digest of which files lie in a folder, how large they are and when they were written.

    It tells within milliseconds whether a folder is as it was left, also after the paper was moved. Empty
    where there is none.
    """
    found = marks(folder) if folder.is_dir() else {}
    return hashed({name: state[:2] for name, state in found.items()}) if found else ""


def share(names: Iterable[str], source: Path, target: Path) -> None:
    """Let files stand in a second folder too, as hard links; as copies where the disk does not allow that.

    Whoever changes such a file puts a new one in its place: written over, it would change in both folders.

    Parameters
    ----------
    names
        Their paths in both folders.
    source
        Where they are.
    target
        Where none of them is yet.
    """
    made: set[str] = set()
    for name in names:
        parent = name.rpartition("/")[0]
        if parent not in made:
            (target / parent).mkdir(parents=True, exist_ok=True)
            made.add(parent)
        try:
            os.link(f"{source}/{name}", f"{target}/{name}")
        except FileExistsError:
            raise
        except OSError:
            shutil.copyfile(source / name, target / name)
