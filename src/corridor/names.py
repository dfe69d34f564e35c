"""Names of countries and other areas with the grammar that a language needs, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.messages import SOURCE, chain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.data import Package

RESOURCE = "names"
"""Table of the data package with the columns ``code``, ``language``, ``form`` and ``text``."""

FORMS = {
    "en": ("definite", "genitive", "adjective"),
    "ru": (
        "short", "genitive", "dative", "accusative", "instrumental", "locative",
        "adjective", "adjective_genitive", "adjective_plural", "adjective_plural_genitive",
        "adjective_feminine",
    ),
    "kk": ("short", "genitive", "dative", "accusative", "locative", "ablative", "instrumental", "adjective"),
    "ky": ("short", "genitive", "dative", "accusative", "locative", "ablative", "adjective"),
}  # fmt: skip
"""The forms besides the bare name that sentences of a language need; ``definite`` has the article."""


def forms_of(language: str) -> tuple[str, ...]:
    """Return the forms that the table must have of a name; the bare English one stands in ``areas``.

    Examples
    --------
    >>> forms_of("en")
    ('definite', 'genitive', 'adjective')
    """
    bare = () if language == SOURCE else ("name",)
    return bare + FORMS.get(language, ())


class Name(str):
    """A name, which is text, with its other forms as attributes.

    Examples
    --------
    >>> kyrgyz = Name("Кыргызстан", {"genitive": "Кыргызстана"})
    >>> "Экспорт {of.genitive}".format(of=kyrgyz), f"{kyrgyz}", f"{kyrgyz.dative}"
    ('Экспорт Кыргызстана', 'Кыргызстан', 'Кыргызстан')
    """

    _forms: Mapping[str, str]

    def __new__(cls, text: str, forms: Mapping[str, str] | None = None) -> Name:
        made = super().__new__(cls, text)
        made._forms = dict(forms or {})
        return made

    def __getattr__(self, form: str) -> str:
        if form.startswith("_") or not any(form in forms for forms in FORMS.values()):
            raise AttributeError(f'a name has no form "{form}"')
        return self._forms.get(form, str(self))


def read_names(package: Package, language: str) -> dict[str, Name]:
    """Return the names of all areas in a language, by code; in the next of its chain where one is missing."""
    areas = package.table("areas")
    english = dict(zip(areas["code"], areas["name"], strict=True))
    shorts = dict(zip(areas["code"], areas.get("short_name", areas["name"]), strict=True))
    found: dict[str, dict[str, dict[str, str]]] = {}
    if RESOURCE in package.resources:
        table = package.table(RESOURCE)
        columns = (table[name] for name in ("language", "code", "form", "text"))
        for spoken, code, form, text in zip(*columns, strict=True):
            found.setdefault(spoken, {}).setdefault(code, {})[form] = text
    names = {}
    for code, name in english.items():
        forms: dict[str, str] = {}
        for one in chain(language):
            forms = found.get(one, {}).get(code, {})
            if one == SOURCE:
                forms = {"name": name, "short": shorts[code], **forms}
            if "name" in forms:
                break
        names[code] = Name(forms["name"], forms)
    return names
