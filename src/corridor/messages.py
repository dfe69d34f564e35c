"""Words in the language of a rendition: gettext for notebooks, data, exhibits and the interface.

A notebook calls `use` once; whatever speaks after that, in the notebook or below it, passes its English
text through `gettext`, `ngettext` or `pgettext`. Catalogues are standard PO files: those of the framework lie
beside this module, those of a paper in its folder ``locales/<language>/``. What a language lacks is said in
the next of its `chain`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = "locales"
"""Folder of a paper's catalogues; below it one for each language."""

SOURCE = "en"
"""The language that papers are written in, as is the framework."""

SPOKEN_IN_RUNTIME = ("analysis", "data")
"""The parts of a paper whose catalogues notebooks need; chapters are translated in staging."""

SETTINGS = "settings.po"
"""Catalogue of what ``_quarto.yml`` and the editions' files say."""

_FRAMEWORK = Path(__file__).parent / FOLDER
# A reader of the first is likelier to read the second than English.
_NEXT = {"kk": "ru", "ky": "ru", "tg": "ru", "uz": "ru", "tk": "ru"}


def chain(language: str) -> tuple[str, ...]:
    """Return the languages in which a text is looked for, the wanted one first, the source last.

    Examples
    --------
    >>> chain("kk"), chain("ru"), chain("en")
    (('kk', 'ru', 'en'), ('ru', 'en'), ('en',))
    """
    found = [language]
    if following := _NEXT.get(language):
        found.append(following)
    return tuple(dict.fromkeys([*found, SOURCE]))


def cited_in(language: str) -> str:
    """Return the language of the words around citations: citation styles know none of Central Asia's."""
    return next((one for one in chain(language) if one not in _NEXT), language)


@dataclass(frozen=True)
class Catalogue:
    """The messages of one language.

    Parameters
    ----------
    language
        A CLDR locale.
    singular
        Translations by context (or ``None``) and English text.
    plural
        Translations of plurals by English singular, one for each plural form of the language.
    rule
        Which plural form a number takes: a C expression, as PO files have it.
    """

    language: str
    singular: Mapping[tuple[str | None, str], str] = field(default_factory=dict)
    plural: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rule: str = "(n != 1)"

    def form(self, number: int) -> int:
        """Return the number of the plural form that a count takes."""
        from gettext import c2py

        return c2py(self.rule)(number)


def read_catalogue(language: str, root: Path | None) -> Catalogue:
    """Read what the framework, and the paper in a folder, say in a language; fuzzy messages do not count."""
    return _read(language, tuple((file, file.stat().st_mtime_ns) for file in files(language, root)))


@cache
def _read(language: str, files: tuple[tuple[Path, int], ...]) -> Catalogue:
    """Read catalogues, again where one has been written since."""
    from babel.messages.plurals import get_plural
    from babel.messages.pofile import read_po

    singular: dict[tuple[str | None, str], str] = {}
    plural: dict[str, tuple[str, ...]] = {}
    for file, _ in files:
        with file.open(encoding="utf-8") as stream:
            for message in read_po(stream, locale=language.replace("-", "_")):
                if not message.id or message.fuzzy:
                    continue
                if isinstance(message.id, tuple | list):
                    forms = tuple(message.string or ())
                    if all(forms):
                        plural[message.id[0]] = forms
                elif message.string:
                    singular[message.context, message.id] = str(message.string)
    return Catalogue(language, singular, plural, get_plural(language.replace("-", "_")).plural_expr)


def files(language: str, root: Path | None) -> list[Path]:
    """Return the catalogues that speak where notebooks run: the framework's, then the paper's, by path."""
    found = [_FRAMEWORK / f"{language}.po"]
    if root is not None:
        own = root / FOLDER / language
        found += [own / SETTINGS]
        for part in SPOKEN_IN_RUNTIME:
            found += sorted((own / part).rglob("*.po"))
    return [file for file in found if file.is_file()]


_spoken: list[Catalogue] = []
"""The catalogues of this process in the order of the language's chain."""

_in_use = [SOURCE]


def use(language: str, root: Path | None = None) -> None:
    """Speak a language from now on.

    Parameters
    ----------
    language
        A CLDR locale.
    root
        Folder of the paper; by default the working directory or the nearest folder above with catalogues.
    """
    if root is None:
        here = Path.cwd()
        root = next((f for f in (here, *here.parents) if (f / FOLDER).is_dir()), None)
    _in_use[0] = language
    _spoken[:] = [read_catalogue(one, root) for one in chain(language) if one != SOURCE]


def language() -> str:
    """Return the language in use, the source's until `use` is called."""
    return _in_use[0]


def translate(text: str, language: str, root: Path | None) -> str:
    """Return a text in a language that need not be the one in use."""
    found = (read_catalogue(one, root).singular.get((None, text)) for one in chain(language) if one != SOURCE)
    return next((said for said in found if said), text)


def gettext(text: str) -> str:
    """Return a text in the language in use; as it is where no catalogue has it."""
    return pgettext(None, text)


def pgettext(context: str | None, text: str) -> str:
    """Return a text in the language in use where the context, a word or two, tells it from its likes."""
    return next((c.singular[context, text] for c in _spoken if (context, text) in c.singular), text)


def ngettext(one: str, many: str, number: float) -> str:
    """Return the one of two texts, or its translation, that goes with a number."""
    count = abs(int(number))
    for catalogue in _spoken:
        if forms := catalogue.plural.get(one):
            return forms[catalogue.form(count)]
    return one if count == 1 else many


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a text for the catalogues that is looked up elsewhere, such as one of a table of texts."""
    return text
