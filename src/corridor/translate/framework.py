"""Catalogues of the framework's own words: ``python -m corridor.translate.framework`` in a checkout."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corridor import __version__
from corridor.files import read_text
from corridor.messages import FOLDER
from corridor.translate.calls import has_fields, messages_of_code
from corridor.translate.catalogues import Source, read_catalogue
from corridor.translate.merging import merged, write, written_template
from corridor.words import ENGLISH

LANGUAGES = ("kk", "ky", "ru")

_FRAMEWORK = Path(__file__).parents[1]
_WORDS = "corridor/words.py"


def texts(package: Path = _FRAMEWORK) -> list[Source]:
    """Return the texts that the framework's code passes through gettext, and the words of its interface."""
    root = package.parent
    found = []
    for path in sorted(package.rglob("*.py")):
        file = path.relative_to(root).as_posix()
        found += messages_of_code(read_text(path, root), file)
    return [*found, *_interface()]


def _interface() -> Iterator[Source]:
    for key, text in sorted(ENGLISH.items()):
        flags = ("python-brace-format",) if has_fields(text) else ()
        yield Source(id=text, context=key, file=_WORDS, flags=flags)


def update(package: Path = _FRAMEWORK) -> list[Path]:
    """Write the template and the catalogues of the framework; return those that changed."""
    folder = package / FOLDER
    made = written_template(texts(package), "corridor", __version__)
    changed = [path for path in (folder / "corridor.pot",) if write(made, path)]
    template = read_catalogue(folder / "corridor.pot", package.parent)
    for language in LANGUAGES:
        path = folder / f"{language}.po"
        existing = read_catalogue(path, package.parent) if path.is_file() else None
        if write(merged(template, existing, language, "corridor", __version__), path):
            changed.append(path)
    return changed


if __name__ == "__main__":
    for one in update():
        print(one.relative_to(_FRAMEWORK))
