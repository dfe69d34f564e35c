"""Folders in a store: each is a blob that lists its files by path and digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from corridor.files import share, tree
from corridor.store import Store


class LostError(Exception):
    """The store does not hold what it should any more: it has to be made again."""


def keep(store: Store, folder: Path) -> str:
    """Put a folder into a store, and return the digest of its list of files."""
    return keep_files(store, tree(folder))


def keep_files(store: Store, files: Mapping[str, Path]) -> str:
    """Put files into a store by the paths that they are to have, and return the digest of their list."""
    listed = {name: store.put(path.read_bytes()) for name, path in sorted(files.items())}
    return store.put(json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode())


def listed(store: Store, name: str) -> dict[str, str]:
    """Return the files of a folder by path, each with its digest.

    Raises
    ------
    LostError
        If the list is not there any more.
    """
    content = store.get(name)
    if content is None:
        raise LostError(name)
    return json.loads(content)


def restore(
    store: Store,
    name: str,
    folder: Path,
    *,
    before: Path | None = None,
    held: Mapping[str, str] | None = None,
) -> None:
    """Write the files of a folder that was kept.

    Parameters
    ----------
    store, name
        Where it was kept, and its digest.
    folder
        Where its files go.
    before
        A folder that holds some of them; these are not written but stand in both folders.
    held
        The digests of the files there.

    Raises
    ------
    LostError
        If one is not there any more.
    """
    files = listed(store, name)
    there = [path for path, digest in files.items() if held and held.get(path) == digest]
    if before:
        share(there, before, folder)
    made: set[Path] = set()
    for path in files.keys() - set(there):
        content = store.get(files[path])
        if content is None:
            raise LostError(path)
        target = folder / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(content)
