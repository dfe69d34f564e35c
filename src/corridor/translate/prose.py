"""The messages of a chapter, and the chapter with translated messages in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corridor.manuscript import Line, Text
from corridor.messages import N_, SOURCE, chain, translate
from corridor.translate.blocks import Block, blocks, front_matter
from corridor.translate.catalogues import domain, place, read_entries
from corridor.translate.placeholders import decode, encode, usable, words

_LETTER = re.compile(r"[^\W\d_]")
_SHORTCODE = re.compile(r"\{\{<.*?>\}\}")
# What would begin another block than a paragraph at the start of a line.
_BLOCK_MARK = re.compile(r"(?:\d{1,9}|[a-z])(?=[.)]\s)|(?=[-+*:~]\s|#{1,6}\s|>|\||%\s|:::|```)")


@dataclass(frozen=True, kw_only=True)
class Message:
    """A paragraph as translators see it.

    Parameters
    ----------
    id
        Its Markdown on one line with placeholders.
    line
        Its first line in the text, counted from 1.
    kind
        What it is: see `corridor.translate.blocks.Kind`.
    comments
        What its numbered placeholders stand for.
    """

    id: str
    line: int
    kind: str
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Translation:
    """A message's translation: its text, its line in the catalogue, whether the source has changed since."""

    text: str
    line: int
    stale: bool = False


@dataclass(frozen=True, kw_only=True)
class Prose:
    """What a catalogue says in one language.

    Parameters
    ----------
    language
        A CLDR locale.
    file
        The catalogue, relative to the paper's root.
    messages
        Translations by message.
    """

    language: str
    file: str
    messages: Mapping[str, Translation]


def messages(text: Text) -> list[Message]:
    """Return the messages of a chapter in order; what stands there twice is there twice."""
    found = []
    for block in _worded(text):
        identifier, attributes = encode(block.text)
        comments = [f"{{{number}}} = {one[1:-1].strip()}" for number, one in enumerate(attributes, start=1)]
        found.append(
            Message(id=identifier, line=block.start[0] + 1, kind=block.kind, comments=tuple(comments))
        )
    return found


def catalogues(root: Path, text: Text, language: str) -> list[Prose]:
    """Return what there is to translate a text with, in the order of the language's chain.

    Parameters
    ----------
    root
        Folder of the paper.
    text
        The text, whose lines may come from several files.
    language
        The wanted language.

    Raises
    ------
    PaperError
        If a catalogue cannot be read.
    """
    files = dict.fromkeys([text.chapter, *(line.file for line in text.lines)])
    return [read_prose(root, file, one) for one in chain(language) if one != SOURCE for file in files]


def read_prose(root: Path, file: str, language: str) -> Prose:
    """Return the translations of a file's prose; none where there is no catalogue.

    Raises
    ------
    PaperError
        If the catalogue cannot be read.
    """
    path = place(root, language, domain(file))
    found: dict[str, Translation] = {}
    if path.is_file():
        for entry in read_entries(path, root):
            found[entry.id] = Translation(text=entry.strings[0], line=entry.line, stale=entry.stale)
    return Prose(language=language, file=path.relative_to(root).as_posix(), messages=found)


def translated(text: Text, catalogues: Sequence[Prose]) -> Text:
    """Return a chapter in another language.

    Parameters
    ----------
    text
        The chapter as written.
    catalogues
        Translations in the wanted language first, then in those that take its place, in the order of
        `corridor.messages.chain`. Without any the text stays as it is.

    Returns
    -------
    Text
        Each message on one line that comes from the line of its translation. What the wanted language lacks
        stands in the next, or as written, within ``<span lang="...">``; a note below the first heading says
        so.
    """
    if not catalogues:
        return text
    wanted = catalogues[0].language
    lines: list[Line] = []
    done = 0
    fallbacks: set[str] = set()
    for start, end, pieces in _rows(_worded(text)):
        lines += text.lines[done:start]
        source = origin = text.lines[start]
        built, column = "", 0
        for block in pieces:
            language, markdown, said_at = _said(block, catalogues)
            if language != wanted:
                fallbacks.add(language)
            if block is pieces[0] and said_at:
                origin = Line(source.text, *said_at)
            lasting = _lasting(block, markdown, None if language == wanted else language)
            built += source.text[column : block.start[1]] + block.written(lasting)
            column = block.end[1]
        built += text.lines[end].text[column:]
        first, *more = built.split("\n")
        indent = re.sub(r"[^>\s]", " ", source.text[: pieces[0].start[1]])
        lines += [
            Line(line, origin.file, origin.number) for line in (first, *(indent + line for line in more))
        ]
        done = end + 1
    result = text.with_lines([*lines, *text.lines[done:]])
    return _with_note(result, wanted, fallbacks) if fallbacks else result


def _worded(text: Text) -> list[Block]:
    """Return the blocks that have words: an embed alone has none, nor has a fact."""
    found = blocks([line.text for line in text.lines])
    return [block for block in found if _LETTER.search(words(encode(_SHORTCODE.sub(" ", block.text))[0]))]


def _rows(found: Sequence[Block]) -> list[tuple[int, int, list[Block]]]:
    """Group blocks that share lines: cells of a row, attributes of a div."""
    rows: list[tuple[int, int, list[Block]]] = []
    for block in found:
        if rows and block.start[0] <= rows[-1][1]:
            start, end, pieces = rows[-1]
            rows[-1] = (start, max(end, block.end[0]), [*pieces, block])
        else:
            rows.append((block.start[0], block.end[0], [block]))
    return rows


def _said(block: Block, catalogues: Sequence[Prose]) -> tuple[str, str, tuple[str, int] | None]:
    """Return the language in which a block is said, its Markdown, and file and line of the translation."""
    identifier, attributes = encode(block.text)
    for catalogue in catalogues:
        translation = catalogue.messages.get(identifier)
        if translation and usable(translation.text, identifier, stale=translation.stale):
            return (
                catalogue.language,
                decode(translation.text, attributes),
                (catalogue.file, translation.line),
            )
    return SOURCE, block.text, None


def _lasting(block: Block, markdown: str, language: str | None) -> str:
    """Return Markdown that is what the block was: in its language, and no other kind of block."""
    if block.kind in ("attribute", "setting"):
        return markdown
    markdown = "\\\n".join(" ".join(part.split("\n")).strip() for part in markdown.split("\\\n"))
    if language:
        # No bracketed span: with a citation among the words pandoc would read a citation.
        return f'<span lang="{language}">{markdown}</span>'
    if block.kind in ("cell", "line", "heading"):
        return markdown
    return (
        _BLOCK_MARK.sub(lambda mark: mark[0] + "\\", markdown, count=1)
        if _BLOCK_MARK.match(markdown)
        else markdown
    )


def _with_note(text: Text, wanted: str, fallbacks: set[str]) -> Text:
    if "ru" in fallbacks and SOURCE in fallbacks:
        sentence = N_(
            "Parts of this chapter are not translated yet; they are shown in Russian and in English."
        )
    elif "ru" in fallbacks:
        sentence = N_("Parts of this chapter are not translated yet; they are shown in Russian.")
    else:
        sentence = N_("Parts of this chapter are not translated yet; they are shown in English.")
    lines = [line.text for line in text.lines]
    headings = (block.end[0] + 1 for block in blocks(lines) if block.kind == "heading")
    at = next(headings, front_matter(lines))
    if at < len(lines) and re.fullmatch(r"[ \t]*(?:=+|-+)[ \t]*", lines[at]):
        at += 1
    origin = text.lines[max(at - 1, 0)]
    note = ("", "::: {.callout-note .untranslated}", translate(sentence, wanted, None), ":::", "")
    added = [Line(line, origin.file, origin.number) for line in note]
    return text.with_lines([*text.lines[:at], *added, *text.lines[at:]])
