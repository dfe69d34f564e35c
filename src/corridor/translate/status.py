"""How much of a paper is translated, and what is stale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from corridor.edition import Edition
from corridor.messages import SOURCE
from corridor.paper import CONFIG, Paper, open_paper
from corridor.translate.catalogues import Entry, Source, domain, is_prose, place, read_entries
from corridor.translate.extract import edition_files, extract, prose_files


@dataclass(frozen=True, kw_only=True)
class Status:
    """The state of one catalogue in one language, set against the paper as it is.

    Parameters
    ----------
    language, catalogue
        Which.
    file
        The catalogue's file relative to the paper's root.
    translated, stale, missing
        Numbers of messages: those translated, those translated from a text that has changed since, the rest.
    stale_lines
        Lines of the stale translations.
    """

    language: str
    catalogue: str
    file: str
    translated: int
    stale: int
    missing: int
    stale_lines: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        return self.translated + self.stale + self.missing


def status(paper: Paper, languages: Iterable[str]) -> list[Status]:
    """Return the state of every catalogue in languages.

    Raises
    ------
    PaperError
        If a file of the paper or a catalogue cannot be read.
    """
    found = extract(paper)
    return [_state(paper, language, name, found[name]) for language in languages for name in sorted(found)]


def counts(paper: Paper, edition: Edition, language: str) -> tuple[int, int, int]:
    """Return how many messages of an edition are translated, how many stale, and how many there are.

    The source language has nothing to translate: all zeros.
    """
    from corridor.compose import sources

    if language == SOURCE:
        return 0, 0, 0
    own = {domain(file) for file in sources(paper, edition)}
    everything = _extracted(paper.root, _stamp(paper))
    found = {name: texts for name, texts in everything.items() if not is_prose(name) or name in own}
    states = [_state(paper, language, name, texts) for name, texts in found.items()]
    return (
        sum(state.translated for state in states),
        sum(state.stale for state in states),
        sum(state.total for state in states),
    )


@cache
def _extracted(root: Path, stamp: tuple[tuple[str, int], ...]) -> dict[str, list[Source]]:
    """Return the texts of a paper, read again only where a file has changed: editions share nearly all."""
    del stamp
    return extract(open_paper(root))


def _stamp(paper: Paper) -> tuple[tuple[str, int], ...]:
    files = [CONFIG, *prose_files(paper), *paper.notebooks]
    paths = [paper.root / file for file in files] + edition_files(paper) + sorted(paper.data.glob("*"))
    return tuple((path.as_posix(), path.stat().st_mtime_ns) for path in paths)


def _state(paper: Paper, language: str, name: str, texts: Sequence[Source]) -> Status:
    path = place(paper.root, language, name)
    entries = read_entries(path, paper.root) if path.is_file() else []
    said: Mapping[tuple[str | None, str], Entry] = {(e.context, e.id): e for e in entries if e.done}
    wanted = dict.fromkeys((text.context, text.id) for text in texts)
    known = [said[key] for key in wanted if key in said]
    stale = [entry for entry in known if entry.stale]
    return Status(
        language=language,
        catalogue=name,
        file=path.relative_to(paper.root).as_posix(),
        translated=len(known) - len(stale),
        stale=len(stale),
        missing=len(wanted) - len(known),
        stale_lines=tuple(entry.line for entry in stale),
    )
