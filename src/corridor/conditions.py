"""Text that only some editions show: divs with ``when-profile`` and ``when-meta``, as Quarto has them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from corridor.chapter import without_code
from corridor.errors import Fault, PaperError
from corridor.manuscript import Line, Text
from corridor.nearest import closest, nearest

EDITION = "edition."
"""Beginning of the metadata that Corridor computes for each edition; other keys are left to the engine."""

_OPENING = re.compile(r"(?P<indent>[ \t>]*)(?P<colons>:{3,})[ \t]*\{(?P<attributes>.*)\}[ \t:]*")
_CLOSING = re.compile(r"[ \t>]*:{3,}[ \t]*")
_DIV = re.compile(r"[ \t>]*:{3,}[ \t]*(?:\{.*\}|[^\s:{}]+)[ \t:]*")
_ATTRIBUTE = re.compile(r"""[^\s="']+(?:=(?:"[^"]*"|'[^']*'|[^\s"']+))?""")
_HINT = re.compile(r"\{[^{}]*\b(?:when|unless)-(?:profile|meta)\b")
_KEYS = tuple(f"{sense}-{kind}" for sense in ("when", "unless") for kind in ("format", "meta", "profile"))
_CONDITION = re.compile(r"""(?P<sense>when|unless)-(?P<kind>profile|meta)=["']?(?P<value>[^"']*)["']?""")


def resolve_conditions(text: Text, *, slug: str, slugs: Collection[str], profile: Mapping[str, bool]) -> Text:
    """Return a chapter's text without the blocks of other editions.

    Parameters
    ----------
    text
        The chapter.
    slug
        The edition's, which is its Quarto profile.
    slugs
        Those of all editions.
    profile
        Metadata of the edition by key, without `EDITION`.

    Returns
    -------
    Text
        Conditions on the format stay for the engine.

    Raises
    ------
    PaperError
        If a condition names no edition, or metadata that no edition has, or stands where none can.
    """
    lines = text.lines
    plain = without_code(text.text).split("\n")
    kept: list[Line] = []
    faults: list[Fault] = []
    spans = dict(divs(text))
    closing: set[int] = set()
    skip = 0
    for number, line in enumerate(lines):
        if number < skip:
            continue
        if number in closing:
            kept.append(Line("", line.file, line.number))
            continue
        opening = _OPENING.fullmatch(line.text) if number in spans else None
        attributes = _ATTRIBUTE.findall(opening["attributes"]) if opening else []
        parsed = [c for a in attributes if (c := _CONDITION.fullmatch(a))]
        conditions = [c for c in parsed if _is_ours(c, profile)]
        if told := _misplaced(plain[number], attributes, parsed):
            faults.append(Fault(file=line.file, line=line.number, what=told[0], mend=told[1]))
            continue
        if not opening or not conditions:
            kept.append(line)
            continue
        held = []
        for condition in conditions:
            known, holds = _test(condition, slug, slugs, profile)
            if known is None:
                held.append(holds == (condition["sense"] == "when"))
            else:
                faults.append(Fault(file=line.file, line=line.number, what=known[0], mend=known[1]))
        visible = all(held) != (".content-hidden" in attributes)
        end = spans[number]
        if not visible:
            kept.append(Line("", line.file, line.number))
            skip = end + 1
            continue
        rest = [a for a in attributes if a not in {c[0] for c in conditions}]
        left = [a for a in rest if a not in (".content-visible", ".content-hidden")]
        if not left:
            kept.append(Line("", line.file, line.number))
            closing.add(end)
            continue
        # A condition on the format needs its class; other attributes keep the div.
        needs = any(re.match(r"(?:when|unless)-", a) for a in left)
        attributes_left = " ".join([".content-visible", *left] if needs else left)
        kept.append(
            Line(f"{opening['indent']}{opening['colons']} {{{attributes_left}}}", line.file, line.number)
        )
    if faults:
        raise PaperError(*faults)
    return text.with_lines(kept)


def divs(text: Text) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each div that is closed, counted from 0, by their ends."""
    opened: list[int] = []
    for number, line in enumerate(without_code(text.text).split("\n")):
        if _DIV.fullmatch(line):
            opened.append(number)
        elif _CLOSING.fullmatch(line) and opened:
            yield opened.pop(), number


def div_with(text: Text, identifier: str) -> tuple[int, int] | None:
    """Return the first and the last line, counted from 0, of the div that has an identifier."""
    for start, end in divs(text):
        opening = _OPENING.fullmatch(text.lines[start].text)
        if opening and f"#{identifier}" in _ATTRIBUTE.findall(opening["attributes"]):
            return start, end
    return None


def identifier_of(line: str) -> str | None:
    """Return the identifier of the div that a line opens."""
    opening = _OPENING.fullmatch(line)
    found = [a for a in _ATTRIBUTE.findall(opening["attributes"]) if a.startswith("#")] if opening else []
    return found[0][1:] if found else None


def _is_ours(condition: re.Match[str], profile: Collection[str]) -> bool:
    """Tell whether a condition hangs on the edition, perhaps with a slip in its name."""
    value = condition["value"]
    if condition["kind"] == "profile" or value.startswith(EDITION) or value in profile:
        return True
    head, stop, _ = value.partition(".")
    return bool(stop and closest(head, [EDITION[:-1]]))


def _misplaced(line: str, attributes: Collection[str], parsed: Collection[object]) -> tuple[str, str] | None:
    """Return what is wrong with a line that looks as if it had a condition, which would not be tried."""
    if ".content-visible" in attributes or ".content-hidden" in attributes:
        for attribute in attributes:
            key, equals, _ = attribute.partition("=")
            if equals and key not in _KEYS and (meant := closest(key, _KEYS)):
                return f'"{key}" is no condition', f'did you mean "{meant}"?'
    if parsed or not _HINT.search(line):
        return None
    if _OPENING.fullmatch(line):
        if not attributes:
            return None  # a div that is never closed is told elsewhere
        return (
            "a condition has no value",
            'write one such as when-profile="kazakhstan", without spaces at "="',
        )
    what = "a condition on the edition stands on something that is no block"
    return what, 'put ":::: {.content-visible when-...}" and "::::" around the whole, on lines of their own'


def _test(
    condition: re.Match[str], slug: str, slugs: Collection[str], profile: Mapping[str, bool]
) -> tuple[tuple[str, str] | None, bool]:
    """Return what is wrong with a condition, if anything, and whether its value applies."""
    value = condition["value"]
    if condition["kind"] == "profile":
        if value in slugs:
            return None, value == slug
        mend = nearest(value, slugs, f"the editions are {', '.join(sorted(slugs))}")
        return (f'there is no edition "{value}"', mend), False
    key = value.removeprefix(EDITION)
    if key in profile and value != key:
        return None, profile[key]
    known = [EDITION + one for one in sorted(profile)]
    return (
        f'no edition has the metadata "{value}"',
        f'did you mean "{EDITION}{value}"?'
        if key == value and key in profile
        else nearest(value, known, f"write {', '.join(known)}"),
    ), False
