"""Shares: what part of a flow falls to an area."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from corridor.trade.flows import select

COLUMNS = ["partner", "flow", "year", "share", "derived", "source", "locator"]


def printed(rates: pd.DataFrame, *, reporter: str, base: str) -> pd.DataFrame:
    """Return the shares that the sources print themselves.

    Parameters
    ----------
    rates
        One observation a row, as in ``data/trade_rates.csv``, under the rulings of the ledger.
    reporter
        Area whose flows are shared out.
    base
        What the share is of: ``world``, or the code of an area.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, share in percent; one row per partner, flow and whole calendar year, the most
        finely rounded. Shares of a single product are left out.
    """
    keep = (
        (rates["indicator"] == "share")
        & (rates["reporter"] == reporter)
        & (rates["base"] == base)
        & (rates["product"] == "all")
        & (rates["period"] == "")
        & (rates["qualifier"] == "")
    )
    rows = rates[keep].sort_values("rounding", kind="stable").drop_duplicates(["partner", "flow", "year"])
    rows = rows.assign(share=rows["value"].astype("float64"), derived=False)
    return rows.sort_values(["partner", "flow", "year"])[COLUMNS].reset_index(drop=True)


def computed(figures: pd.DataFrame, *, reporter: str, partners: Iterable[str], region: str) -> pd.DataFrame:
    """Compute the shares of partners in the reporter's same flow with a region.

    Part and whole come from the same source, so that differing methods do not enter.

    Parameters
    ----------
    figures
        Rows of `corridor.trade.flows.complete`; qualified ones ("over 50 billion") are not used.
    reporter, partners, region
        Codes of areas; the partners lie in the region.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, share in percent, ``derived`` True. No shares of balances, which may be
        negative and then add up to anything.

    Examples
    --------
    Exports of 11.63 billion to Kazakhstan out of 21.46 billion to Central Asia are 54.19 %.
    """
    keys = ["flow", "year", "source"]
    exact = figures[(figures["flow"] != "balance") & (figures["qualifier"] == "")]
    mine = select(exact[exact["reporter"] == reporter], within=["source"])
    whole = mine.loc[mine["partner"] == region, [*keys, "value", "locator"]]
    parts = mine[mine["partner"].isin(list(partners))]
    rows = parts.merge(whole, on=keys, suffixes=("", "_whole"))
    rows = rows[rows["value_whole"] > 0]
    # The most exact part decides where two sources allow the computation.
    rows = rows.sort_values(["derived", "error"], kind="stable").drop_duplicates(["partner", "flow", "year"])
    rows = rows.assign(
        share=rows["value"] / rows["value_whole"] * 100,
        derived=True,
        locator=rows["locator"].str.cat(rows["locator_whole"], sep="; "),
    )
    return rows.sort_values(["partner", "flow", "year"])[COLUMNS].reset_index(drop=True)


def combined(printed: pd.DataFrame, computed: pd.DataFrame) -> pd.DataFrame:
    """Return the printed shares and, where none is printed, the computed ones."""
    both = pd.concat([frame for frame in (printed, computed) if len(frame)] or [printed], ignore_index=True)
    rows = both.drop_duplicates(["partner", "flow", "year"])
    return rows.sort_values(["partner", "flow", "year"]).reset_index(drop=True)
