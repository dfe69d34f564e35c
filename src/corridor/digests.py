"""Digests of a paper's files, computed again only for files that have changed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import time
from pathlib import Path

from corridor.files import hashed, sha256, tree, write_text

# A file written in the same moment as it was read could change again without a later time of change.
_MOMENT = 100_000_000


class Digests:
    """Digests of the files of a paper.

    Parameters
    ----------
    root
        The paper's root, to which all paths are relative.
    kept
        The file that keeps them from one build to the next, if any.
    """

    def __init__(self, root: Path, kept: Path | None) -> None:
        self.root = root
        self._kept = kept
        self._known: dict[str, list] = {}
        self._fresh: dict[str, str] = {}
        self._changed = False
        if kept is None:
            return
        try:
            known = json.loads(kept.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return  # none yet, or damaged
        if isinstance(known, dict):
            self._known = known

    def file(self, path: str) -> str:
        """Return the state of a file: its SHA-256 and, for CSV, how many rows; empty if it is not there."""
        if path not in self._fresh:
            self._fresh[path] = self._state(path)
        return self._fresh[path]

    def folder(self, path: str) -> str:
        """Return a digest of the names in a folder; empty if it is not there."""
        key = f"{path}/"
        if key not in self._fresh:
            try:
                self._fresh[key] = hashed(sorted(n for n in os.listdir(self.root / path) if n[0] != "."))
            except OSError:
                self._fresh[key] = ""
        return self._fresh[key]

    def below(self, folder: str) -> dict[str, str]:
        """Return the states of all files below a folder by path."""
        return {f"{folder}/{name}": self.file(f"{folder}/{name}") for name in tree(self.root / folder)}

    def read(self, path: str) -> str:
        """Return the state of what a notebook has read: a file, or a folder if the path ends with a slash."""
        return self.folder(path.removesuffix("/")) if path.endswith("/") else self.file(path)

    def save(self) -> None:
        """Keep the digests for the next build."""
        if self._changed and self._kept:
            write_text(self._kept, json.dumps(self._known, separators=(",", ":")) + "\n")
            self._changed = False

    def _state(self, path: str) -> str:
        file = self.root / path
        try:
            found = file.stat()
            marks = [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
            known = self._known.get(path)
            if known and known[:4] == marks:
                return known[4]
            now = time.time_ns()
            state = _table(file.read_bytes()) if file.suffix == ".csv" else sha256(file)
        except OSError:
            return ""
        if max(found.st_mtime_ns, found.st_ctime_ns) < now - _MOMENT:
            self._known[path] = [*marks, state]
            self._changed = True
        return state


def _table(content: bytes) -> str:
    """Return the state of a table: its SHA-256, and the number of rows below its head."""
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig", errors="replace"), newline=""))
    return f"{hashlib.sha256(content).hexdigest()} {max(sum(1 for _ in lines) - 1, 0)}"
