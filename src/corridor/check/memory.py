"""Faults in the store: what was checked before and has not changed is not checked again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corridor.errors import Fault
from corridor.files import sha256
from corridor.store import Store


def remembered(store: Store, kind: str, made_of: Any, check: Callable[[], Iterable[Fault]]) -> list[Fault]:
    """Return the faults that a check found, now or before.

    Parameters
    ----------
    store
        Where they are kept.
    kind
        Which check it is.
    made_of
        Everything that its outcome hangs on besides the framework; JSON can hold it.
    check
        Does it.
    """
    found = store.remembered(kind, made_of, lambda: [asdict(fault) for fault in check()])
    return [Fault(**fault) for fault in found]


def contents(files: Mapping[str, Path]) -> dict[str, str]:
    """Return digests of files by name; empty for a file that cannot be read, of which the check will tell."""
    return {name: _digest(path) for name, path in files.items()}


def _digest(path: Path) -> str:
    try:
        return sha256(path)
    except OSError:
        return ""
