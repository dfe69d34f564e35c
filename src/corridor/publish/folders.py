"""Folders of files: telling that one is still what it was, and taking it over without copying."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath

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
    return dict(sorted(_marks(str(folder), "")))


def _marks(folder: str, prefix: str) -> Iterator[tuple[str, tuple[int, int, int]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                yield from _marks(entry.path, f"{prefix}{entry.name}/")
            else:
                state = entry.stat()
                yield prefix + entry.name, (state.st_size, state.st_mtime_ns, state.st_ino)


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


def exchange(fresh: Path, folder: Path, parts: Collection[str]) -> None:
    """Let what is in one folder take its place in another, each part and each file by a rename.

    Parameters
    ----------
    fresh
        New parts and files; the old ones are found in it afterwards.
    folder
        Where they go. What is there of other parts and files is taken out.
    parts
        Paths of all folders that belong there, whether or not there is a new one.
    """
    folder.mkdir(exist_ok=True)
    old = fresh / ".old"
    made = [part for part in parts if (fresh / part).is_dir()]
    files = [path.name for path in fresh.iterdir() if path.is_file()]
    for name in [*made, *_strange(folder, parts, files)]:
        (old / name).parent.mkdir(parents=True, exist_ok=True)
        if (folder / name).exists():
            (folder / name).rename(old / name)
        if name in made:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).rename(folder / name)
    for name in files:
        (fresh / name).replace(folder / name)


def _strange(folder: Path, parts: Collection[str], files: Collection[str]) -> list[str]:
    """Return the paths of what is in a folder besides parts and files."""
    wanted = {*parts, *files}
    around = {str(parent) for part in parts for parent in PurePosixPath(part).parents}
    found = []
    for base, folders, names in os.walk(folder):
        here = Path(base).relative_to(folder)
        paths = {name: (here / name).as_posix() for name in [*folders, *names]}
        found += [path for path in paths.values() if path not in wanted and path not in around]
        folders[:] = [name for name in folders if paths[name] in around]
    return found
