"""What a paper is built with: this framework and the packages around it."""

from __future__ import annotations

import os
import platform
import sys
from functools import cache
from pathlib import Path

from corridor.files import digest, hashed, tree


@cache
def framework() -> str:
    """Return a digest of the framework's own files."""
    return hashed(digest(tree(Path(__file__).parent)))


@cache
def environment() -> dict[str, str]:
    """Return the versions of Python and of all installed packages by name.

    They are read off the names of folders: reading each package's metadata takes longer than a build in
    which nothing has changed.
    """
    found = {"python": platform.python_version()}
    for folder in reversed(sys.path):  # the first on the path wins
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in sorted(names):
            stem, dot, kind = name.rpartition(".")
            if dot and kind in ("dist-info", "egg-info"):
                package, _, version = stem.partition("-")
                found[package.replace("_", "-").lower()] = version
    return dict(sorted(found.items()))


@cache
def signature() -> str:
    """Return a digest of framework and environment."""
    return hashed([framework(), environment()])
