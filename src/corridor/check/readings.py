"""What the chapters say, read once: a chapter whose text has not changed is not read again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from corridor.check.numbers import Claim, Exempted, check_numbers, claims, read_chapter
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
    return {
        chapter: _remembered(chapter, text, manuscript.language, store)
        for chapter, text in manuscript.markdown.items()
    }


def _remembered(chapter: str, text: str, language: str, store: Store) -> Reading:
    made_of = [chapter, text, language]
    record = store.remembered("chapter", made_of, lambda: asdict(read(chapter, text, language)))
    return _restored(record)


def read(chapter: str, text: str, language: str) -> Reading:
    """Return what a chapter says in a language, one of `corridor.check.numbers.rules.LANGUAGES`."""
    try:
        document = read_chapter(text)
    except PandocError as error:
        return Reading(outline=unread(chapter, text, str(error)))
    typed, exempted = check_numbers(chapter, document, text, language)
    return Reading(
        outline=outline(chapter, text, document),
        typed=tuple(typed),
        exempted=tuple(exempted),
        claims=tuple(claims(document, text)),
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
