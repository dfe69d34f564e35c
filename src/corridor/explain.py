"""Why a step of a build runs: what of its inputs has changed since it ran last."""

from __future__ import annotations

import json
from collections.abc import Mapping

Inputs = Mapping[str, str]
"""Everything that a step's result hangs on, by what it is.

The names are ``code``, ``framework``, ``packages``, ``engine``, ``edition``, ``file <path>``,
``parameter <name>``, ``result <notebook>`` and the like. Values are digests, for a table with the number of
its rows behind it; those of parameters are JSON.
"""

_SAID = {
    "code": "its code has changed",
    "framework": "the framework has changed",
    "edition": "the edition's file has changed",
    "project": "the staged project has changed",
    "epoch": "SOURCE_DATE_EPOCH has changed",
}


def reasons(
    before: Inputs | None,
    now: Inputs,
    packages: tuple[Mapping[str, str], Mapping[str, str]] | None = None,
) -> list[str]:
    """Return what has changed, each a clause; nothing where nothing has.

    Parameters
    ----------
    before
        The inputs of the last run; ``None`` if there was none.
    now
        The inputs now.
    packages
        Versions by package then and now, where they are known.

    Examples
    --------
    >>> reasons({"file data/flows.csv": "a1 143"}, {"file data/flows.csv": "b2 144"})
    ['data/flows.csv has 144 rows instead of 143']
    """
    if before is None:
        return ["it has not run before"]
    found = []
    for name in sorted({*before, *now}):
        old, new = before.get(name), now.get(name)
        if old != new:
            found += _clauses(name, old, new, packages)
    return found


def _clauses(
    name: str,
    old: str | None,
    new: str | None,
    packages: tuple[Mapping[str, str], Mapping[str, str]] | None,
) -> list[str]:
    kind, _, which = name.partition(" ")
    match kind:
        case "file":
            return [_file(which, old, new)]
        case "parameter":
            if old is None or new is None:
                return [f"the parameter {which} is {'new' if old is None else 'gone'}"]
            return [f"the parameter {which} is {_plain(new)} instead of {_plain(old)}"]
        case "result":
            return [f"{which} gave another result"] if new else [f"{which} is gone"]
        case "packages":
            changed = _packages(*packages) if packages else []
            return changed or ["the installed packages have changed"]
        case "engine":
            return [f"the engine is {new} instead of {old}"]
        case "pdf":
            return ["there is a PDF to link now" if new else "there is no PDF to link any more"]
        case _:
            return [_SAID.get(name, f"{name} has changed")]


def _file(path: str, old: str | None, new: str | None) -> str:
    if path.endswith("/"):
        return f"{path} holds other files"
    if not old:
        return f"{path} is new"
    if not new:
        return f"{path} is gone"
    (_, _, rows_then), (_, _, rows_now) = old.partition(" "), new.partition(" ")
    if rows_then and rows_now and rows_then != rows_now:
        return f"{path} has {rows_now} rows instead of {rows_then}"
    return f"{path} has changed" + (f" ({rows_now} rows)" if rows_now else "")


def _plain(value: str) -> str:
    given = json.loads(value)
    return ", ".join(map(str, given)) if isinstance(given, list) else str(given)


def _packages(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    said = []
    for name in sorted({*then, *now}):
        if name not in then:
            said.append(f"the package {name} {now[name]} is new")
        elif name not in now:
            said.append(f"the package {name} is gone")
        elif then[name] != now[name]:
            said.append(f"{name} is {now[name]} instead of {then[name]}")
    return said
