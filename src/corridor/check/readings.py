"""What the chapters say, read once: a chapter whose text has not changed is not read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from corridor.check.numbers import (
    Claim,
    Exempted,
    Prose,
    check_numbers,
    claims,
    read_chapter,
    read_chapters,
)
from corridor.check.outline import Mention, Outline, outline, unread
from corridor.errors import Fault
from corridor.manuscript import Manuscript
from corridor.pandoc import PandocError
from corridor.store import Store


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a chapter says, whatever else the paper holds.

    Parameters
    ----------
    outline
        What in it cannot be rendered, and what it names.
    typed
        Its numbers that are typed by hand.
    exempted
        What is exempt by its author's word.
    claims
        Its statements that are bound to conditions.
    """

    outline: Outline
    typed: tuple[Fault, ...] = ()
    exempted: tuple[Exempted, ...] = ()
    claims: tuple[Claim, ...] = ()


def readings(manuscript: Manuscript, store: Store) -> dict[str, Reading]:
    """Return what each chapter of a manuscript says, by file."""

    def make(missing: list[tuple[str, str, str]]) -> list[dict[str, Any]]:
        read = _prose([text for _, text, _ in missing])
        return [asdict(_reading(*one, prose)) for one, prose in zip(missing, read, strict=True)]

    texts = manuscript.markdown
    made_of = [(chapter, text, manuscript.language) for chapter, text in texts.items()]
    records = store.remembered_all("chapter", made_of, make)
    return dict(zip(texts, map(_restored, records), strict=True))


def read(chapter: str, text: str, language: str) -> Reading:
    """Return what a chapter says in a language, one of `corridor.check.numbers.rules.LANGUAGES`."""
    return _reading(chapter, text, language, _prose_of(text))


def _prose(texts: Sequence[str]) -> Sequence[Prose | PandocError]:
    """Return what texts say, or why pandoc refuses one."""
    try:
        return read_chapters(texts)
    except PandocError:  # it does not tell which of them
        return [_prose_of(text) for text in texts]


def _prose_of(text: str) -> Prose | PandocError:
    try:
        return read_chapter(text)
    except PandocError as error:
        return error


def _reading(chapter: str, text: str, language: str, prose: Prose | PandocError) -> Reading:
    if isinstance(prose, PandocError):
        return Reading(outline=unread(chapter, text, str(prose)))
    typed, exempted = check_numbers(chapter, prose, language)
    return Reading(
        outline=outline(chapter, text, prose.document),
        typed=tuple(typed),
        exempted=tuple(exempted),
        claims=tuple(claims(prose)),
    )


def _restored(record: dict[str, Any]) -> Reading:
    said = record["outline"]
    findings = tuple(Mention(**one) if "kind" in one else Fault(**one) for one in said["findings"])
    return Reading(
        outline=Outline(findings=findings, anchors=tuple(said["anchors"]), whole=said["whole"]),
        typed=tuple(Fault(**one) for one in record["typed"]),
        exempted=tuple(Exempted(**one) for one in record["exempted"]),
        claims=tuple(Claim(**one) for one in record["claims"]),
    )
