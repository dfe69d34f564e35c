"""Where the words of a chapter's syntax tree stand in its source, which pandoc does not tell."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from corridor.chapter import without_code
from corridor.check.numbers.passages import FACT, Passage

_WORD = re.compile(r"[^\W_]+")
_RUN = 5
"""With how many of its words in a row the beginning of a passage is looked for."""
_NEAR, _FAR = 12, 60
"""How many words of the source a word may be away: alone, and with the word behind it."""

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_ATTRIBUTES = re.compile(r"\{\{<.*?>\}\}|(?<=[\])`])\{[^{}]*\}|\{[#.=][^{}]*\}|^[ \t>]*:{3,}.*$", re.M)
_TARGET = re.compile(
    r"(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)"
    # Definitions of links stand behind an empty line; within a paragraph the same is a citation and a colon.
    r"|(?:(?<=\n\n)|\A)(?: {0,3}\[[^\]\n^]+\]:.*(?:\n|\Z))+"
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_CITATION = re.compile(
    r"\[[^\[\]]*(?<![\w])-?@[^\[\]]*\]|(?<![\w@])-?@\w[\w:.#$%&+?~/-]*\w(?:\s*\[[^\[\]]*\])?"
)
_NOTE = re.compile(
    r"^ {0,3}\[\^([^\]\s]+)\]:"
    r"(.*(?:\n(?![ \t]*\n|\[\^).*)*(?:\n(?:[ \t]*\n)+(?: {4}|\t).*(?:\n(?![ \t]*\n).*)*)*)",
    re.M,
)
_REFERENCE = re.compile(r"(?<!\\)\[\^([^\]\s]+)\](?!:)|(?<!\\)\^\[")
_CAPTION = re.compile(r"^[ \t>]*(?:(?:[Tt]able)?:)[ \t]+", re.M)


def offsets(passages: Sequence[Passage], text: str) -> list[list[int]]:
    """Return where in the source each character run of each passage begins, as offsets of its words.

    Parameters
    ----------
    passages
        The passages of the chapter, all of them, in order.
    text
        The source.

    Returns
    -------
    list of lists
        For each passage the offset in the source of each of its words, where a word is a run of letters
        and digits. A passage without words has one offset, of the place where it would stand.
    """
    source = _Source.read(text)
    main = _Cursor(source.main)
    places: list[list[int]] = []
    starts: list[int] = []
    attribute = 0
    for passage in passages:
        words = _WORD.findall(passage.text)
        starts.append(main.position)
        match passage.kind:
            case "note":
                area = source.note(passage.index, text)
                cursor = source.cursors.setdefault(passage.index, _Cursor(area))
                places.append(cursor.place(words))
            case "attribute":
                attribute = _attribute(passage.text, text, attribute)
                places.append(_Cursor(_words_of(text, attribute, len(text))).place(words))
                attribute += 1
            case "meta":
                places.append(_Cursor(source.setting(passage.key, text)).place(words))
            case "caption":
                first = starts[passage.index] if passage.index < len(starts) else main.position
                places.append(_caption(source.main, first, words, text))
            case _:
                places.append(main.place(words))
    return places


def offset(passage: Passage, places: list[int], start: int) -> int:
    """Return where in the source a character of a passage stands, by the word that it belongs to.

    What is no word, such as a sign or a citation, stands where the next word does.
    """
    ends = [match.end() for match in _WORD.finditer(passage.text)]
    return places[min(bisect_right(ends, start), len(places) - 1)]


def line(text: str, place: int) -> int:
    """Return the line of an offset, counted from 1."""
    return text.count("\n", 0, place) + 1


@dataclass(frozen=True)
class _Word:
    text: str
    start: int


def _words_of(text: str, start: int, end: int) -> list[_Word]:
    return [_Word(match[0], match.start()) for match in _WORD.finditer(text, start, end)]


@dataclass
class _Source:
    """The words of a chapter's source, those of notes apart."""

    main: list[_Word]
    notes: list[tuple[int, int]]
    masked: str
    settings: tuple[int, int]
    cursors: dict[int, _Cursor] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> _Source:
        masked = without_code(text)
        front = _FRONT_MATTER.match(text)
        settings = (0, front.end()) if front else (0, 0)
        masked = _blank(masked, *settings)
        for pattern in (_ATTRIBUTES, _TARGET, _TAG, _CITATION):
            masked = pattern.sub(lambda match: _dots(match[0]), masked)
        bodies: dict[str, tuple[int, int]] = {}
        main = masked
        for body in _NOTE.finditer(masked):
            bodies.setdefault(body[1], body.span(2))
            main = _blank(main, *body.span())
        notes = []
        for reference in _REFERENCE.finditer(masked):
            if reference[1] is None:
                span = reference.end(), _closing(masked, reference.end())
                notes.append(span)
                main = _blank(main, reference.start(), span[1])
            elif reference[1] in bodies and main[reference.start()] != " ":
                notes.append(bodies[reference[1]])
                main = _blank(main, *reference.span())
        return cls(_words_of(main, 0, len(main)), notes, masked, settings)

    def note(self, index: int, text: str) -> list[_Word]:
        start, end = self.notes[index] if index < len(self.notes) else (0, 0)
        return _words_of(self.masked, start, end)

    def setting(self, key: str, text: str) -> list[_Word]:
        start, end = self.settings
        name = re.compile(rf"^{key}[ \t]*:", re.M).search(text, start, end)
        return _words_of(text, name.end() if name else start, end)


def _dots(text: str) -> str:
    """Return markup as signs that are no words: blanks at the start of a line would indent what follows."""
    return _blanks(text) if text.lstrip(" \t>").startswith(":::") else re.sub(r"[^\n]", "·", text)


def _blanks(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + _blanks(text[start:end]) + text[end:]


def _closing(text: str, start: int) -> int:
    """Return where the bracket closes that opens before a place."""
    depth = 1
    for place in range(start, len(text)):
        if text[place - 1] == "\\":
            continue
        depth += {"[": 1, "]": -1}.get(text[place], 0)
        if not depth:
            return place
    return len(text)


class _Cursor:
    """Finds the words of one passage after another in the words of the source, never going back."""

    def __init__(self, words: list[_Word]) -> None:
        self.words = words
        self.position = 0
        self.index: dict[str, list[int]] = {}
        for number, word in enumerate(words):
            self.index.setdefault(word.text, []).append(number)

    def place(self, words: list[str]) -> list[int]:
        """Return the offset of each word of the next passage."""
        position = self.begin(words)
        found = []
        for number, word in enumerate(words):
            following = words[number + 1] if number + 1 < len(words) else None
            match = self.near(position, word, following)
            if match is not None:
                found.append(self.words[match[0]].start)
                position = match[1]
            else:
                found.append(self.at(position))
        self.position = position
        return found or [self.at(position)]

    def at(self, position: int) -> int:
        if not self.words:
            return 0
        return self.words[min(position, len(self.words) - 1)].start

    def begin(self, words: list[str]) -> int:
        """Return where a passage begins: as many as possible of its first words stand there in a row."""
        if not words:
            return self.position
        for length in range(min(_RUN, len(words)), 0, -1):
            known = self.index.get(words[0], [])
            for place in known[bisect_left(known, self.position) :]:
                # A few common words are no reason to go far.
                if length < min(3, len(words)) and place > self.position + _FAR:
                    break
                if [word.text for word in self.words[place : place + length]] == words[:length]:
                    return place
        return self.position

    def near(self, position: int, word: str, following: str | None) -> tuple[int, int] | None:
        """Return which word of the source a word is, and which stands behind it."""
        alone = None
        for place in range(position, min(position + _FAR, len(self.words))):
            end = self.match(place, word)
            if end is None:
                continue
            if following is None or place == position or self.match(end, following) is not None:
                return place, end
            if alone is None and place < position + _NEAR:
                alone = place, end
        return alone

    def match(self, place: int, word: str) -> int | None:
        """Return the place behind a word, which may stand in pieces: "**1**,234" but also CO~2~."""
        for end in range(place, min(place + 4, len(self.words))):
            if not word.startswith(self.words[end].text):
                return None
            word = word[len(self.words[end].text) :]
            if not word:
                return end + 1
        return None


def _attribute(value: str, text: str, after: int) -> int:
    """Return where an attribute's value stands; facts in it are shortcodes in the source."""
    pattern = re.compile(r"\{\{<.*?>\}\}".join(re.escape(part) for part in value.split(FACT)))
    match = pattern.search(text, after) or pattern.search(text)
    return match.start() if match else after


def _caption(source: list[_Word], first: int, words: list[str], text: str) -> list[int]:
    """Return where the words of a table's caption stand, which is below or above the table."""
    begin = source[min(first, len(source) - 1)].start if source else 0
    for mark in [*_CAPTION.finditer(text, begin), *_CAPTION.finditer(text)]:
        cursor = _Cursor([word for word in source if word.start >= mark.end()])
        length = min(_RUN, len(words))
        if [word.text for word in cursor.words[:length]] == words[:length]:
            return cursor.place(words)
    return _Cursor(source).place(words)
