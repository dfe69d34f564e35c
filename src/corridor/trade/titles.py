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
    titles = []
    for row in rows.to_dict("records"):
        amount = _amount(row, names)
        base = str(row["base"])
        area = names.get("XWO" if base == "world" else base, "")
        whole = (
            _amount({**row, "partner": "XWO" if base in ("world", "all") else base}, names)
            if area
            else amount
        )
        since = f" since {base[:4]}" if base[:4].isdigit() else ""
        text = _RATES[row["indicator"]].format(
            partner=names[row["partner"]], of=_lower(whole), amount=amount, since=since
        )
        titles.append(text if text.startswith(amount) else text.replace(amount, _lower(amount)))
    return titles


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
