"""What the last build of each rendition was made of, kept below ``_build/``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corridor.edition import Rendition
from corridor.files import write_text
from corridor.paper import Paper


@dataclass(frozen=True, kw_only=True)
class Made:
    """The last result of a step.

    Parameters
    ----------
    inputs
        Everything that made it.
    output
        Its digest in the store.
    """

    inputs: dict[str, str]
    output: str


@dataclass(kw_only=True)
class Record:
    """The last build of a rendition.

    Parameters
    ----------
    steps
        Results by step: the path of a notebook, ``stage``, ``html``, ``pdf``.
    missing
        Names of the facts and exhibits that the edition does not have.
    shown
        Images of the paper that its text shows.
    edition
        The edition as it was then: its file may have faults now.
    """

    steps: dict[str, Made] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    edition: dict[str, Any] = field(default_factory=dict)

    def output(self, step: str) -> str | None:
        """Return the last result of a step, if there is one."""
        made = self.steps.get(step)
        return made.output if made else None


def record_file(paper: Paper, slug: str, language: str) -> Path:
    return paper.build / slug / f"{language}.json"


def read_record(paper: Paper, rendition: Rendition) -> Record:
    """Return what is known of the last build; nothing where there was none, or the record is damaged."""
    return open_record(record_file(paper, rendition.edition.slug, rendition.language))


def open_record(file: Path) -> Record:
    """Read a record's file."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        steps = {name: Made(**made) for name, made in content.pop("steps").items()}
        return Record(steps=steps, **content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Record()


def write_record(paper: Paper, rendition: Rendition, record: Record) -> None:
    """Keep a record."""
    file = record_file(paper, rendition.edition.slug, rendition.language)
    text = json.dumps(asdict(record), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        write_text(file, text)
