"""What a figure on trade is, in words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

_AMOUNTS = {
    "export": "Exports of {reporter} to {partner}",
    "import": "Imports of {reporter} from {partner}",
    "balance": "Trade balance of {reporter} with {partner}",
    "turnover": "Trade of {reporter} with {partner}",
}

_RATES = {
    "share": "Share of {partner} in {of}",
    "growth": "Growth of {amount}{since}",
    "multiple": "{amount}{since}, as a multiple",
    "rank": "Rank of {partner} in {of}",
    "run": "Years in a row of {amount}",
}


def amounts(rows: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return what each amount is.

    Parameters
    ----------
    rows
        Observations with ``reporter``, ``partner``, ``flow`` and perhaps ``product``.
    names
        Names of areas by code.

    Examples
    --------
    >>> amounts(pd.DataFrame([{"reporter": "CHN", "partner": "KAZ", "flow": "export"}]),
    ...         {"CHN": "China", "KAZ": "Kazakhstan"})
    ['Exports of China to Kazakhstan']
    """
    return [_amount(row, names) for row in rows.to_dict("records")]


def rates(rows: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return what each rate is: share, growth, multiple, rank or run, of ``data/trade_rates.csv``."""
    return [_rate(row, names) for row in rows.to_dict("records")]


def _rate(row: Mapping[str, object], names: Mapping[str, str]) -> str:
    amount, base = _amount(row, names), str(row["base"])
    whole, part = amount, names[str(row["partner"])]
    if base in ("world", "all"):
        whole = _amount({**row, "partner": "XWO"}, names)
    elif base in names and base.startswith("X"):
        whole = _amount({**row, "partner": base}, names)
    elif base in names:  # the reporter is a part of that country
        whole, part = _amount({**row, "reporter": base}, names), names[str(row["reporter"])]
    since = f" since {base[:4]}" if base[:4].isdigit() else ""
    title = _RATES[str(row["indicator"])].format(partner=part, of=_lower(whole), amount=amount, since=since)
    return title if title.startswith(amount) else title.replace(amount, _lower(amount))


def shares(rows: pd.DataFrame, names: Mapping[str, str]) -> list[str]:
    """Return what each product's or destination's share in exports is."""
    return [
        f"Share of {row.get('product') or names[row['partner']]} in exports of {names[row['reporter']]}"
        + (f" to {names[row['partner']]}" if row.get("product") else "")
        for row in rows.to_dict("records")
    ]


def _amount(row: Mapping[str, object], names: Mapping[str, str]) -> str:
    text = _AMOUNTS[str(row["flow"])].format(
        reporter=names[str(row["reporter"])], partner=names[str(row["partner"])]
    )
    product = row.get("product") or "all"
    return text if product == "all" else f"{text}: {product}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
