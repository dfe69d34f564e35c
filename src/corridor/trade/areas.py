"""Areas: which countries a region holds, and which rows of a table concern them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import takewhile

import pandas as pd

from corridor.names import FORMS, Name

_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-zа-яё])")


def members(areas: pd.DataFrame, region: str) -> list[str]:
    """Return the codes of a region's countries, in the order of the table.

    Parameters
    ----------
    areas
        One area a row: ``code``, and ``members``, codes separated by spaces.
    region
        Code of a region.

    Raises
    ------
    KeyError
        If there is no such area.
    """
    rows = areas.loc[areas["code"] == region, "members"]
    if rows.empty:
        raise KeyError(f'no area has the code "{region}"')
    return str(rows.iloc[0]).split()


def groups(areas: pd.DataFrame) -> dict[str, list[str]]:
    """Return the codes of the countries of each group of areas; none where the table names no members."""
    if "members" not in areas.columns:
        return {}
    return {code: held.split() for code, held in zip(areas["code"], areas["members"], strict=True) if held}


def region_of(areas: pd.DataFrame, countries: Iterable[str]) -> str:
    """Return the code of the first region that holds all the countries.

    Raises
    ------
    ValueError
        If there is none.
    """
    wanted = set(countries)
    for code, held in zip(areas["code"], areas["members"], strict=True):
        if held and wanted <= set(held.split()):
            return code
    raise ValueError(f"no region holds all of: {', '.join(sorted(wanted))}")


def concerning(
    rows: pd.DataFrame,
    countries: Iterable[str],
    among: Iterable[str],
    groups: Mapping[str, Iterable[str]] | None = None,
) -> pd.DataFrame:
    """Leave out the rows about other countries of a region.

    Parameters
    ----------
    rows
        Observations with the columns ``reporter`` and ``partner``.
    countries
        The countries whose rows stay.
    among
        All countries of the region. Rows about none of them (the region as a whole, the rest of the
        world) stay.
    groups
        Codes of the members of groups, as of `groups`: rows about a group of other countries only go too.
    """
    others = set(among) - set(countries)
    others |= {code for code, held in (groups or {}).items() if held and set(held) <= others}
    return rows[~(rows["reporter"].isin(others) | rows["partner"].isin(others))].reset_index(drop=True)


def stem(name: Name) -> str:
    """Return what all forms of a name begin with, in small letters.

    Examples
    --------
    >>> stem(Name("Kyrgyz Republic", {"genitive": "the Kyrgyz Republic’s", "adjective": "Kyrgyz"}))
    'kyrgyz'
    """
    forms = dict.fromkeys(form for known in FORMS.values() for form in known)
    texts = [text.lower().removeprefix("the ") for text in (str(name), *(getattr(name, f) for f in forms))]
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*texts, strict=False))
    return "".join(letters[0] for letters in alike)


def silent_on(text: str, stems: Iterable[str]) -> str:
    """Return a text without its sentences that name an area.

    Parameters
    ----------
    text
        Sentences.
    stems
        What the names of the areas begin with, see `stem`.

    Examples
    --------
    >>> silent_on("Said of every year. In 2017 Turkmenistan is higher.", ["turkmen"])
    'Said of every year.'
    """
    sentences = _SENTENCES.split(text)
    return " ".join(one for one in sentences if not any(stem in one.lower() for stem in stems))
