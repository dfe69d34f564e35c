"""Which files of the paper a kernel reads, kept up to date in a file while it runs.

Loaded as an extension of IPython, it does nothing unless the environment names that file (``CORRIDOR_READS``)
and the paper's root (``CORRIDOR_ROOT``). The file is a JSON list of paths; that of a folder whose names were
listed ends with a slash. Python tells of what it opens and lists; what reads files by itself, such as DuckDB,
says so with `note`. Whether a file exists can be asked unheard.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
from importlib.util import source_from_cache
from pathlib import Path
from types import FrameType
from typing import Any

TARGET, ROOT = "CORRIDOR_READS", "CORRIDOR_ROOT"

# What builds make of the paper is not a part of it.
_MADE = ("_build", "site")

_read: dict[str, None] = {}
_roots: tuple[str, ...] = ()


def note(path: str | os.PathLike[str]) -> None:
    """Note that a file is read; outside the paper, or where nobody wants to know, nothing happens."""
    _note(os.path.abspath(path))


def _note(path: str) -> None:
    for root in _roots:
        if path.startswith(root):
            name = path.removeprefix(root).replace(os.sep, "/") or "./"
            if name.endswith(".pyc"):
                name = _source(name)
            parts = name.removeprefix("./").split("/")
            if parts[0] not in _MADE and not any(part.startswith(".") for part in parts):
                _read[name] = None
            return


def _source(name: str) -> str:
    try:
        return source_from_cache(name)
    except ValueError:
        return name


def load_ipython_extension(shell: Any) -> None:
    """Begin to listen, if the environment says for whom."""
    target, root = os.environ.get(TARGET), os.environ.get(ROOT)
    if not target or not root:
        return
    global _roots
    # Names may be relative, and the current folder has no symbolic links in its name.
    _roots = tuple({os.path.join(base, "") for base in (os.path.abspath(root), os.path.realpath(root))})
    sys.addaudithook(_hear)

    def write(*_: Any) -> None:
        temporary = Path(f"{target}.{os.getpid()}")
        temporary.write_text(json.dumps(list(_read)), encoding="utf-8")
        temporary.replace(target)

    shell.events.register("post_run_cell", write)
    atexit.register(write)


def _hear(event: str, details: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = details
        if isinstance(path, str | bytes) and not flags & (os.O_WRONLY | os.O_TRUNC):
            note(os.fsdecode(path))
    elif event in ("os.listdir", "os.scandir") and not _is_import(sys._getframe(1)):
        path = "." if details[0] is None else details[0]
        if isinstance(path, str | bytes):
            _note(os.path.join(os.path.abspath(os.fsdecode(path)), ""))


def _is_import(frame: FrameType) -> bool:
    """Return whether Python looks for a module or package in a folder; it opens what it finds."""
    return "importlib" in frame.f_code.co_filename
