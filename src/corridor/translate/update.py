"""Templates from the paper, catalogues from the templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from corridor.errors import Fault, PaperError, raise_any
from corridor.messages import FOLDER
from corridor.paper import Paper
from corridor.translate.catalogues import (
    TEMPLATES,
    domains,
    place,
    read_catalogue,
    template,
    templates,
)
from corridor.translate.extract import extract
from corridor.translate.merging import merged, write, written_template


def write_templates(paper: Paper) -> list[Path]:
    """Write the templates of all texts of a paper; return those that changed."""
    found = extract(paper)
    changed = []
    for name, texts in found.items():
        path = template(paper.root, name)
        if write(written_template(texts, _project(paper), paper.version), path):
            changed.append(path)
    for name in templates(paper.root):
        if name not in found:
            template(paper.root, name).unlink()
            changed.append(template(paper.root, name))
    return changed


def merge(paper: Paper, languages: Sequence[str]) -> list[Path]:
    """Bring the catalogues of languages up to the templates; return those that changed.

    Raises
    ------
    PaperError
        If a language is none, there are no templates, or a catalogue or template cannot be read; nothing is
        written then.
    """
    root = paper.root
    raise_any(_unknown(languages))
    if not templates(root):
        mend = 'run "corridor translate extract" first'
        raise PaperError(Fault(file=f"{FOLDER}/{TEMPLATES}", what="there are no templates", mend=mend))
    fresh = []
    for language in languages:
        wanted = templates(root)
        for name in wanted:
            path = place(root, language, name)
            existing = read_catalogue(path, root) if path.is_file() else None
            source = read_catalogue(template(root, name), root)
            fresh.append((path, merged(source, existing, language, _project(paper), paper.version)))
        for name in sorted(set(domains(root, language)) - set(wanted)):
            # Its file is gone; what was translated stays as unused, for it may come back.
            path = place(root, language, name)
            gone = written_template([], _project(paper), paper.version)
            existing = read_catalogue(path, root)
            fresh.append((path, merged(gone, existing, language, _project(paper), paper.version)))
    return [path for path, catalogue in fresh if write(catalogue, path)]


def _unknown(languages: Sequence[str]) -> Iterator[Fault]:
    from babel import Locale, UnknownLocaleError

    for language in languages:
        try:
            Locale.parse(language, sep="-")
        except (ValueError, UnknownLocaleError):
            what = f'"{language}" is not a language'
            yield Fault(file=f"{FOLDER}/{language}", what=what, mend="write a code such as ru, kk or ky")


def _project(paper: Paper) -> str:
    return str(paper.corridor.get("name", "paper"))
