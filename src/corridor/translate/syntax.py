"""The lines of a PO file, read more strictly than Babel does, which passes over what it cannot use."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corridor.errors import Fault

_LINE = re.compile(
    r"(?P<keyword>msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)?[ \t]*"
    r'"(?P<text>(?:[^"\\]|\\[abfnrtv"\\])*)"[ \t]*'
)
_PREVIOUS = re.compile(r'#\|[ \t]*(?P<keyword>msgctxt|msgid_plural|msgid)?[ \t]*"(?P<text>(?:[^"\\]|\\.)*)"')
_MERGE = re.compile(r"(?:<{7}|={7}|>{7})(?: .*)?")
# What may stand before each keyword; the empty one is the beginning of the file.
_BEFORE = {
    "msgctxt": ("", "msgstr", "msgstr[]"),
    "msgid": ("", "msgctxt", "msgstr", "msgstr[]"),
    "msgid_plural": ("msgid",),
    "msgstr": ("msgid",),
    "msgstr[]": ("msgid_plural", "msgstr[]"),
}


def syntax_faults(text: str, name: str) -> list[Fault]:
    """Return what is wrong with the lines of a PO file.

    Parameters
    ----------
    text
        Its content.
    name
        Its path for the faults.
    """
    faults = []
    before, context, identifier, begun = "", "", "", 0
    first: dict[tuple[str, str], int] = {}
    for number, line in enumerate(text.split("\n"), start=1):

        def fault(what: str, mend: str, number: int = number) -> None:
            faults.append(Fault(file=name, line=number, what=what, mend=mend))

        line = line.rstrip("\r")
        if not line.strip() or line.startswith("#"):
            continue
        if _MERGE.fullmatch(line):
            fault(f'"{line[:7]}" is a mark of an unfinished merge', "keep one of the two versions")
            continue
        match = _LINE.fullmatch(line)
        if match is None or not (match["keyword"] or before):
            mend = 'write msgid "..." and msgstr "...", with \\" for a quotation mark inside'
            fault(f"not a line of a catalogue: {line.strip()[:60]}", mend)
            return faults  # what follows may only follow from it
        if not match["keyword"]:
            context += match["text"] if before == "msgctxt" else ""
            identifier += match["text"] if before == "msgid" else ""
            continue
        keyword = re.sub(r"\d+", "", match["keyword"])
        if before not in _BEFORE[keyword]:
            fault(
                f"{match['keyword']} stands in the wrong place", "let a msgstr follow each msgid, and only it"
            )
        if keyword in ("msgctxt", "msgid") and before != "msgctxt":
            context, begun = "", number
        if keyword == "msgctxt":
            context = f"\0{match['text']}"
        elif keyword == "msgid":
            identifier = match["text"]
        elif before in ("msgid", "msgid_plural") and keyword in ("msgstr", "msgstr[]"):
            if (context, identifier) in first:
                fault(
                    f"the message of line {first[context, identifier]} stands here again",
                    "keep one of the two",
                )
                faults[-1] = Fault(file=name, line=begun, what=faults[-1].what, mend=faults[-1].mend)
            first.setdefault((context, identifier), begun)
        before = keyword
    if before not in ("", "msgstr", "msgstr[]"):
        faults.append(Fault(file=name, line=begun, what="the last message has no msgstr", mend="add one"))
    return faults


def strings_line(lines: Sequence[str], line: int) -> int:
    """Return the line of the ``msgstr`` of the message that begins at a line, both counted from 1."""
    return next((n + 1 for n in range(line - 1, len(lines)) if lines[n].startswith("msgstr")), line)


def previous(lines: Sequence[str], line: int) -> list[str]:
    """Return the text, and its plural if it has one, that a stale message was translated from."""
    start = line - 1
    while start > 0 and re.match(r"#|msgctxt|\"", lines[start - 1]):
        start -= 1
    found: dict[str, str] = {}
    keyword = ""
    for one in lines[start : line - 1]:
        if match := _PREVIOUS.match(one):
            keyword = match["keyword"] or keyword
            found[keyword] = found.get(keyword, "") + match["text"]
    texts = [found[key] for key in ("msgid", "msgid_plural") if key in found]
    escapes = {"n": "\n", "t": "\t", "r": "\r"}
    return [re.sub(r"\\(.)", lambda sign: escapes.get(sign[1], sign[1]), text) for text in texts]
