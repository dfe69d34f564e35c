"""Where facts are used: in the text, in exhibits, in other facts."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.expressions import Expression, ExpressionError
from corridor.facts import Fact, as_json, split_form
from corridor.messages import translate
from corridor.qualifiers import qualified

if TYPE_CHECKING:
    from corridor.check.numbers import Claim
    from corridor.compute.results import Results


@dataclass(frozen=True, kw_only=True)
class Use:
    """A fact and where it is used.

    Parameters
    ----------
    fact
        The fact.
    text
        File and line of each place where the text shows it, or is bound to it.
    exhibits
        Labels of the exhibits whose data hold it, or something that it is computed from.
    """

    fact: Fact
    text: tuple[tuple[str, int], ...]
    exhibits: tuple[str, ...]


def uses(
    results: Results,
    shown: Mapping[str, Iterable[tuple[str, int]]],
    claims: Iterable[tuple[str, Claim]] = (),
) -> list[Use]:
    """Return all facts with their uses, by key.

    Parameters
    ----------
    results
        The executed notebooks.
    shown
        What the text shows, with places, as `corridor.stage.variables.shown` returns it.
    claims
        The bound statements of the text, each with its chapter.
    """
    facts = results.facts
    places: dict[str, list[tuple[str, int]]] = {}
    for name, found in shown.items():
        places.setdefault(split_form(name)[0], []).extend(found)
    for chapter, claim in claims:
        for name in _named(claim.condition):
            places.setdefault(name, []).append((chapter, claim.line))
    held = _held(results)
    return [
        Use(
            fact=facts[key],
            text=tuple(dict.fromkeys(places.get(key, ()))),
            exhibits=tuple(
                dict.fromkeys(label for name in roots(key, facts) for label in held.get(name, ()))
            ),
        )
        for key in sorted(facts)
    ]


def roots(key: str, facts: Mapping[str, Fact]) -> list[str]:
    """Return a fact's key and those of all facts that it is computed from."""
    found = [key]
    for name in found:
        found += [part for part in facts[name].inputs if part in facts and part not in found]
    return found


def _named(condition: str) -> tuple[str, ...]:
    try:
        return Expression(condition).names
    except ExpressionError:
        return ()  # "corridor check" tells of it


def matching(found: Iterable[Use], pattern: str) -> list[Use]:
    """Return the uses whose key matches a pattern: part of it, or with ``*`` and ``?`` the whole."""
    pattern = split_form(pattern.lower())[0] if "[" not in pattern else pattern.lower()
    if any(sign in pattern for sign in "*?["):
        return [use for use in found if fnmatch.fnmatchcase(use.fact.key, pattern)]
    return [use for use in found if pattern in use.fact.key]


def listed(use: Use, language: str) -> str:
    """Return a fact and its uses as lines of text."""
    fact = use.fact
    sources = "; ".join(f"{s.key}, {s.locator}" if s.locator else s.key for s in fact.sources)
    value = qualified(
        fact.qualifier, fact.text("", language) or "", lambda text: translate(text, language, None)
    )
    lines = [
        f"{fact.key}  {value}",
        f"  {fact.title}" + (f", {fact.period or fact.year}" if fact.period or fact.year else ""),
        f"  {fact.status}" + (f" from {fact.basis} figures" if fact.basis else "") + f": {sources}",
        f"  = {fact.formula}" if fact.formula else f"  {fact.how}" if fact.how else "",
        f"  {fact.notebook}#{fact.cell}" + (f", data row in {fact.resource}" if fact.resource else ""),
        f"  exhibits: {', '.join(use.exhibits)}" if use.exhibits else "",
        f"  text: {', '.join(f'{file}:{line}' for file, line in use.text)}" if use.text else "",
    ]
    return "\n".join(filter(None, lines))


def as_record(use: Use, language: str) -> dict[str, Any]:
    """Return a fact and its uses as JSON."""
    places = [{"file": file, "line": line} for file, line in use.text]
    text = use.fact.text("", language)
    return {**as_json(use.fact), "text": text, "used": places, "exhibits": list(use.exhibits)}


def _held(results: Results) -> dict[str, list[str]]:
    """Return the exhibits whose data rows bear each key."""
    from corridor.exhibits import collect

    held: dict[str, list[str]] = {}
    for notebook in results.notebooks.values():
        for label, exhibit in collect(notebook).items():
            for row in exhibit.rows:
                cells = dict(zip(exhibit.columns, row, strict=True))
                # A computed row has no key of its own; its formula names those that it comes from.
                for name in Expression(cells.get("formula") or cells.get("key") or "0").names:
                    held.setdefault(name, []).append(label)
    return held
