"""How long the preview takes until it serves a saved edit."""

from __future__ import annotations

import re
import subprocess
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.papers import Subject
from benchmarks.processes import corridor

_INTERVAL = 0.01
_PATIENCE = 120
# An author stops for a moment after saving; what changes at once counts as one change.
_PAUSE = 1.0


def edits(subject: Subject, root: Path, cache: Path, count: int) -> tuple[float, ...]:
    """Return the seconds from the saving of each edit to the page that shows it, read over HTTP.

    Parameters
    ----------
    subject, root
        The paper, and the copy of it that is edited.
    cache
        Where builds keep what they made.
    count
        How many edits.
    """
    found = []
    with _previewed(root, cache) as address:
        for number in range(count):
            time.sleep(_PAUSE)
            shown = subject.word.text(number)
            start = time.perf_counter()
            subject.word.make(subject.source, root, number)
            while shown not in _text(address + subject.page):
                if time.perf_counter() - start > _PATIENCE:
                    raise RuntimeError(f"the preview does not show a saved edit after {_PATIENCE} s")
                time.sleep(_INTERVAL)
            found.append(time.perf_counter() - start)
    return tuple(found)


@contextmanager
def _previewed(root: Path, cache: Path) -> Generator[str]:
    """Preview a paper; yield the address of the default rendition."""
    command = corridor(root, "preview", "--quiet", "--port", "0", cache=cache)
    with command.start(subprocess.PIPE) as process:
        assert process.stdout
        try:
            said = ""
            for line in process.stdout:
                said += line
                if found := re.search(r"http://\S+/", line):
                    yield found[0]
                    break
            else:
                raise RuntimeError(f"the preview ended:\n{said}")
        finally:
            process.terminate()


def _text(address: str) -> str:
    with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:
        return " ".join(answer.read().decode().split())
