"""Areas: which countries a region holds, and which rows of a table concern them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd


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


def concerning(rows: pd.DataFrame, countries: Iterable[str], among: Iterable[str]) -> pd.DataFrame:
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
    """
    others = set(among) - set(countries)
    return rows[~(rows["reporter"].isin(others) | rows["partner"].isin(others))].reset_index(drop=True)
