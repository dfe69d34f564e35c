"""Exchanging the parts of a folder, each by a rename."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath


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
    files = [path.name for path in fresh.iterdir() if path.is_file()]
    replace(fresh, folder, [part for part in parts if (fresh / part).is_dir()])
    replace(fresh, folder, _strange(folder, parts, files))
    for name in files:
        (fresh / name).replace(folder / name)


def replace(fresh: Path, folder: Path, parts: Iterable[str]) -> None:
    """Let parts of one folder take the places of those in another; a part that is not new is taken out."""
    old = fresh / ".old"
    for name in parts:
        (old / name).parent.mkdir(parents=True, exist_ok=True)
        if (folder / name).exists():
            (folder / name).rename(old / name)
        if (fresh / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).rename(folder / name)


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
