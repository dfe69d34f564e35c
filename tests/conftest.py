"""The small paper of the tests, and the command line run on it as a user would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PAPER = Path(__file__).parent / "paper"

Corridor = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """Return the root of a fresh copy of the small paper."""
    return copy_paper(tmp_path)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the root of the small paper, built once for all tests that only look at it."""
    root = copy_paper(tmp_path_factory.mktemp("built"))
    run_corridor(root, "build", "--engine", "pandoc", "--quiet", expect=0)
    return root


@pytest.fixture
def corridor() -> Corridor:
    """Return a function that runs ``corridor`` in a folder and checks its exit code."""
    return run_corridor


def copy_paper(folder: Path) -> Path:
    root = folder / "paper"
    shutil.copytree(PAPER, root)
    return root


def run_corridor(root: Path, *arguments: str, expect: int | None = None) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "corridor", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )
    if expect is not None:
        assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done


def edit(file: Path, old: str, new: str) -> None:
    """Replace the one place where a text stands in a file."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8")
