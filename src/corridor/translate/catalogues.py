"""Catalogues on disk: where they lie, what they say and on which line."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from corridor.errors import Fault, PaperError
from corridor.files import read_text
from corridor.messages import FOLDER, SETTINGS, SPOKEN_IN_RUNTIME
from corridor.translate.syntax import previous, strings_line, syntax_faults

if TYPE_CHECKING:
    from babel.messages import Catalog

TEMPLATES = "templates"
"""Folder beside those of the languages: what is to be translated."""


PROSE = "md-text"
"""Flag of messages of chapters, as Weblate names it."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A text that wants translation.

    Parameters
    ----------
    id
        The English text.
    plural
        The English plural, where a number decides.
    context
        What tells the text from its likes.
    file
        Where it stands, relative to the root.
    comments
        What translators should know.
    flags
        What the text is: ``python-brace-format``, or `PROSE`.
    """

    id: str
    plural: str | None = None
    context: str | None = None
    file: str
    comments: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A message of a catalogue.

    Parameters
    ----------
    id, plural, context
        As in `Source`.
    strings
        The translation: one text, or one for each plural form; empty texts where there is none.
    line
        Line of the first ``msgstr``, counted from 1.
    stale
        Whether the English text has changed since it was translated ("fuzzy" in gettext).
    previous
        The English text that was translated, where it is stale.
    flags
        Other flags.
    comments
        Those extracted from the source.
    """

    id: str
    plural: str | None
    context: str | None
    strings: tuple[str, ...]
    line: int
    stale: bool
    previous: str | None = None
    flags: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        return all(self.strings)


def domain(file: str) -> str:
    """Return the name of the catalogue of a file of the paper, without its suffix.

    Examples
    --------
    >>> domain("chapters/trade.qmd"), domain("analysis/trade.ipynb")
    ('chapters/trade', 'analysis/trade')
    """
    return PurePosixPath(file).with_suffix("").as_posix()


def is_prose(name: str) -> bool:
    """Tell whether a catalogue holds paragraphs of chapters, and not texts that code fills."""
    return name.partition("/")[0] not in (*SPOKEN_IN_RUNTIME, domain(SETTINGS))


def place(root: Path, language: str, name: str) -> Path:
    """Return where a catalogue of a language lies."""
    return root / FOLDER / language / f"{name}.po"


def template(root: Path, name: str) -> Path:
    """Return where the template of a catalogue lies."""
    return root / FOLDER / TEMPLATES / f"{name}.pot"


def languages(root: Path) -> list[str]:
    """Return the languages that a paper has catalogues of."""
    folder = root / FOLDER
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name != TEMPLATES)


def domains(root: Path, language: str) -> list[str]:
    """Return the names of a language's catalogues."""
    folder = root / FOLDER / language
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.po"))


def templates(root: Path) -> list[str]:
    """Return the names of all templates."""
    folder = root / FOLDER / TEMPLATES
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.pot"))


def read_entries(path: Path, root: Path) -> list[Entry]:
    """Read the messages of a catalogue or template, those that are no longer used left out.

    Raises
    ------
    PaperError
        If the file is missing, is not UTF-8, or is not what gettext reads.
    """
    return list(_read_entries(path, root, read_text(path, root)))


@lru_cache(maxsize=256)
def _read_entries(path: Path, root: Path, text: str) -> tuple[Entry, ...]:
    """Read a catalogue's messages, once for all editions that a process makes."""
    catalogue = _read_catalogue(path, root, text)
    lines = text.split("\n")
    entries = []
    for message in catalogue:
        if not message.id:
            continue
        identifier, *plurals = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
        entries.append(
            Entry(
                id=identifier,
                plural=plurals[0] if plurals else None,
                context=message.context,
                strings=tuple(one or "" for one in strings),
                line=strings_line(lines, message.lineno or 1),
                stale=message.fuzzy,
                previous="".join(message.previous_id[:1]) or None,
                flags=tuple(sorted(message.flags - {"fuzzy"})),
                comments=tuple(message.auto_comments),
            )
        )
    return tuple(entries)


def read_catalogue(path: Path, root: Path) -> Catalog:
    """Read a catalogue with everything in it.

    Raises
    ------
    PaperError
        As `read_entries`.
    """
    return _read_catalogue(path, root, read_text(path, root))


def _read_catalogue(path: Path, root: Path, text: str) -> Catalog:
    from babel.messages.pofile import read_po

    name = path.relative_to(root).as_posix()
    if faults := syntax_faults(text, name):
        raise PaperError(*faults)
    try:
        catalogue = read_po(io.StringIO(text), locale=_locale(path), abort_invalid=True)
    except Exception as error:  # Babel lets pass whatever its reading of a header or of plurals meets
        what = f"the header or a plural cannot be read: {re.sub(r' on [0-9]+$', '', str(error))}"
        mend = "take the header from another catalogue of the language, and as many plurals as it says"
        raise PaperError(
            Fault(file=name, line=getattr(error, "lineno", 0) + 1, what=what, mend=mend)
        ) from None
    lines = text.split("\n")
    if not any(line.startswith("msgid") for line in lines):
        catalogue.header_comment = ""  # Babel's own, which names the year
    for message in catalogue:
        if message.id:  # Babel writes the text before, but reads it as a translator's comment
            message.previous_id = previous(lines, message.lineno or 1)
            message.user_comments = [one for one in message.user_comments if not one.startswith("|")]
    return catalogue


def _locale(path: Path) -> str | None:
    """Return the language of a catalogue: its folder below ``locales``, or its own name."""
    if path.suffix != ".po":
        return None
    folders = path.with_suffix("").parts
    return folders[len(folders) - 1 - folders[::-1].index(FOLDER) + 1].replace("-", "_")
