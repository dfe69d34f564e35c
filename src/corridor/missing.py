"""What an edition does not have: exhibits without data, facts that no source prints, and their sentences."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from corridor.chapter import Shortcode, parse_embed, replace_shortcodes, shortcodes, without_code
from corridor.check.numbers.passages import sentences
from corridor.check.numbers.rules import rules
from corridor.compute.results import Results
from corridor.conditions import divs, identifier_of
from corridor.errors import Fault, raise_any
from corridor.expressions import Expression, ExpressionError
from corridor.facts import split_form
from corridor.manuscript import Line, Manuscript, Text
from corridor.words import words

_ITEM = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+|:[ \t]+)?")
_ITEM_START = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+|:[ \t]+)\S")
_HEADING = re.compile(r"(#{1,6})[ \t]+.*?(?:\{[^{}]*#(?P<id>[\w-]+)[^{}]*\})?[ \t]*")
_FENCE = re.compile(r"[ \t>]*:{3,}.*")
_CLAIM = re.compile(r'\bif="([^"]*)"')
_REFERENCE = re.compile(r"(?<![\w\\])@((?:tbl|fig|sec)-[\w-]*\w)")
_CITATION = re.compile(r"\[(?=[^\[\]]*@)[^\[\]]*\]")
_ATTRIBUTES = re.compile(r"(?<=[\])])\{[^{}]*\}")


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Something that an edition lacks.

    Parameters
    ----------
    name
        The fact's key or the exhibit's label.
    file, line
        Where the text would have shown it.
    why
        Why it is not there; empty for a fact, which no source prints.
    """

    name: str
    file: str
    line: int | None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A manuscript that shows only what its edition has, and what that left out."""

    manuscript: Manuscript
    left_out: tuple[LeftOut, ...]


def settled(manuscript: Manuscript, results: Results) -> Settled:
    """Return a manuscript without what the edition's data do not hold.

    By the edition's policy an exhibit that its notebook calls unavailable goes with the sentences that refer
    to it, and a sentence with a fact through ``home`` that no notebook states goes too; or both are shown as
    not available.

    Raises
    ------
    PaperError
        If such a fact is only misspelt.
    """
    absent = unavailable(results)
    named = (name for name in manuscript.through_home if not name.startswith("name."))
    lacking = {name for name in named if name not in results.facts}
    raise_any(dict.fromkeys(_slips(manuscript, lacking, results.facts)))
    keeps = manuscript.rendition.edition.missing_data == "show"
    left_out: list[LeftOut] = []
    gone: set[str] = set()
    texts = dict(manuscript.texts)
    for chapter, text in texts.items():
        for start, _, label, why in _floats(text, absent):
            file, line = text.place(start + 1)
            left_out.append(LeftOut(name=label, file=file, line=line, why=why))
        for name, line in _lacking(text, lacking):
            file, number = text.place(line)
            left_out.append(LeftOut(name=name, file=file, line=number))
        if not keeps:
            texts[chapter], labels = _without_floats(text, absent)
            gone |= labels
    if left_out:
        before = None
        while before != gone:
            before = set(gone)
            for chapter, text in texts.items():
                if keeps:
                    texts[chapter] = _marked(text, lacking, manuscript.language)
                    continue
                shorter = _without_sentences(text, lacking, gone, manuscript.language)
                texts[chapter], labels = _without_bare_headings(text, shorter)
                gone |= labels
    return Settled(manuscript=replace(manuscript, texts=texts), left_out=tuple(dict.fromkeys(left_out)))


def _slips(manuscript: Manuscript, names: Collection[str], facts: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each key that is that of a fact but for a slip of the hand."""
    home = rf"(?<=\.){re.escape(manuscript.home)}(?=\.|$)" if manuscript.home else r"(?!)"
    meant = {name: key for name in names if (key := _meant(name, home, facts))}
    for text in manuscript.texts.values():
        for name, line in _lacking(text, meant):
            file, number = text.place(line)
            what = f'there is no fact "{re.sub(home, "home", name)}"'
            mend = f'did you mean "{re.sub(home, "home", meant[name])}"?'
            yield Fault(file=file, line=number, what=what, mend=mend)


def _meant(name: str, home: str, facts: Collection[str]) -> str | None:
    """Return the key that a name misses by a slip; none if another area or another year has such a fact."""
    kind = re.sub(r"\d+", r"\\d+", re.sub(home, r"\\w+", name).replace(".", r"\."))
    if any(re.fullmatch(kind, key) for key in facts):
        return None
    return min((key for key in facts if _one_slip(name, key)), default=None)


def _one_slip(one: str, other: str) -> bool:
    """Tell whether two words differ by one letter, which is wrong, too many or too few, or by two swapped."""
    start = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    one, other = one[start:], other[start:]
    end = next(
        (n for n, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=False)) if a != b),
        min(len(one), len(other)),
    )
    one, other = one[: len(one) - end], other[: len(other) - end]
    return one != other and (max(len(one), len(other)) == 1 or (len(one) == 2 and one == other[::-1]))


def unavailable(results: Results) -> dict[tuple[str, str], str]:
    """Return why an exhibit is not there, by notebook and label of its cell."""
    from corridor.exhibits import collect

    return {
        (name, label): " ".join(exhibit.notes)
        for name, notebook in results.notebooks.items()
        for label, exhibit in collect(notebook).items()
        if exhibit.kind == "missing"
    }


def _floats(text: Text, absent: Mapping[tuple[str, str], str]) -> Iterator[tuple[int, int, str, str]]:
    """Yield first and last line, label and reason of each float whose exhibit is not there."""
    embeds: dict[int, tuple[str, str]] = {}
    for code in shortcodes(text.text) if absent else ():
        target = parse_embed(text.chapter, code.argument) if code.name == "embed" else None
        if target is not None and target in absent:
            embeds[code.line - 1] = target
    spans = sorted(divs(text), key=lambda span: span[1] - span[0])
    for line, target in embeds.items():
        around = ((s, e) for s, e in spans if s < line < e and identifier_of(text.lines[s].text))
        start, end = next(around, (line, line))
        label = identifier_of(text.lines[start].text) or target[1]
        yield start, end, label, absent[target]


def _without_floats(text: Text, absent: Mapping[tuple[str, str], str]) -> tuple[Text, set[str]]:
    found = list(_floats(text, absent))
    dropped = {number for start, end, _, _ in found for number in range(start, end + 1)}
    # A div that held nothing else, such as the one that lays a table on its side, goes with it.
    for start, end in divs(text):
        inside = range(start + 1, end)
        if any(n in dropped for n in inside) and all(
            n in dropped or not text.lines[n].text.strip() for n in inside
        ):
            dropped |= {start, end}
    lines = [line for number, line in enumerate(text.lines) if number not in dropped]
    return text.with_lines(lines), {label for _, _, label, _ in found}


def _lacking(text: Text, names: Collection[str]) -> Iterator[tuple[str, int]]:
    for code in shortcodes(text.text) if names else ():
        if code.name == "var" and (key := split_form(code.argument)[0]) in names:
            yield key, code.line
    for number, line in enumerate(text.lines if names else (), start=1):
        for condition in _CLAIM.findall(line.text):
            yield from ((name, number) for name in _named(condition) if name in names)


def _named(condition: str) -> tuple[str, ...]:
    try:
        return Expression(condition).names
    except ExpressionError:
        return ()  # "corridor check" tells of it


def _without_sentences(text: Text, names: Collection[str], labels: Collection[str], language: str) -> Text:
    """Return a text without the sentences that name one of the facts or labels."""
    lines: list[Line] = []
    for block in _paragraphs(text):
        whole = "\n".join(line.text for line in block)
        if not _speaks_of(whole, names, labels):
            lines += block
            continue
        match = _ITEM.match(whole)
        begin = match.end() if match else 0
        spans = sentences(_masked(whole)[begin:], rules(language).abbreviations)
        ends = [(begin + start, begin + end) for start, end in spans]
        dropped = [span for span in ends if _speaks_of(whole[span[0] : span[1]], names, labels)]
        if len(dropped) == len(ends):
            continue
        offset = 0
        for line in block:
            kept = "".join(
                sign
                for place, sign in enumerate(line.text, start=offset)
                if not any(start <= place < end for start, end in dropped)
            )
            offset += len(line.text) + 1
            if kept.strip():
                lines.append(replace(line, text=kept))
    return text.with_lines(lines)


def _paragraphs(text: Text) -> Iterator[list[Line]]:
    """Yield the lines of each paragraph or item together, every other line alone."""
    block: list[Line] = []
    for line, plain in zip(text.lines, without_code(text.text).split("\n"), strict=True):
        alone = not plain.strip() or _FENCE.fullmatch(line.text) or plain.lstrip().startswith(("#", "|"))
        if alone or _ITEM_START.match(line.text):
            if block:
                yield block
            block = []
        if alone:
            yield [line]
        else:
            block.append(line)
    if block:
        yield block


def _speaks_of(text: str, names: Collection[str], labels: Collection[str]) -> bool:
    if any(code.name == "var" and split_form(code.argument)[0] in names for code in shortcodes(text)):
        return True
    if any(label in labels for label in _REFERENCE.findall(text)):
        return True
    return any(name in names for condition in _CLAIM.findall(text) for name in _named(condition))


def _masked(text: str) -> str:
    """Return a text of the same length in which only the stops that end sentences are left."""

    def blank(match: re.Match[str]) -> str:
        return "0" * len(match[0])

    found = re.sub(r"\{\{<.*?>\}\}", blank, text, flags=re.S)
    found = _CITATION.sub(blank, found)
    found = _ATTRIBUTES.sub(blank, found)
    # Emphasis around a sentence is no part of it.
    found = re.sub(r"(?<=\S)\*+", lambda m: "”" * len(m[0]), found)
    return found.replace("*", "“")


def _without_bare_headings(before: Text, after: Text) -> tuple[Text, set[str]]:
    """Return a text without the headings of sections that had content and have none left."""
    if len(before.lines) == len(after.lines):
        return after, set()
    bare_before = {(line.file, line.number) for line in _bare(before)}
    gone = [line for line in _bare(after) if (line.file, line.number) not in bare_before]
    labels = {found["id"] for line in gone if (found := _HEADING.fullmatch(line.text)) and found["id"]}
    return after.with_lines(line for line in after.lines if line not in gone), labels


def _bare(text: Text) -> Iterator[Line]:
    plain = without_code(text.text).split("\n")
    for number, line in enumerate(text.lines):
        heading = _HEADING.fullmatch(plain[number])
        if not heading or len(heading[1]) == 1:
            continue
        for following in plain[number + 1 :]:
            other = _HEADING.fullmatch(following)
            if other:
                if len(other[1]) <= len(heading[1]):
                    yield line
                break
            if following.strip():
                break
        else:
            yield line


def _marked(text: Text, names: Collection[str], language: str) -> Text:
    """Return a text that says of each lacking fact that it is not available."""
    word = words(language)["not_available"]

    def show(code: Shortcode) -> str:
        if code.name == "var" and split_form(code.argument)[0] in names:
            return f"[{word}]{{.missing}}"
        return f"{{{{< {code.name} {code.argument} >}}}}"

    lines = []
    for line, new in zip(text.lines, replace_shortcodes(text.text, show).split("\n"), strict=True):

        def free(match: re.Match[str]) -> str:
            return "{.unbound}" if any(name in names for name in _named(match[1])) else match[0]

        # A statement that nothing can test is a statement no more than its sentence says.
        lines.append(replace(line, text=re.sub(r'\{\.claim if="([^"]*)"\}', free, new)))
    return text.with_lines(lines)
