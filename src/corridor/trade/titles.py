"""What a figure on trade is, in words."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from corridor.messages import N_, gettext
from corridor.names import Name

_AMOUNTS = {
    "export": N_("Exports of {reporter.definite} to {partner.definite}"),
    "import": N_("Imports of {reporter.definite} from {partner.definite}"),
    "balance": N_("Trade balance of {reporter.definite} with {partner.definite}"),
    "turnover": N_("Trade of {reporter.definite} with {partner.definite}"),
}

_RATES = {
    ("share", "export"): N_(
        "Share of {part.definite} in exports of {reporter.definite} to {partner.definite}"
    ),
    ("share", "import"): N_(
        "Share of {part.definite} in imports of {reporter.definite} from {partner.definite}"
    ),
    ("share", "balance"): N_(
        "Share of {part.definite} in trade balance of {reporter.definite} with {partner.definite}"
    ),
    ("share", "turnover"): N_(
        "Share of {part.definite} in trade of {reporter.definite} with {partner.definite}"
    ),
    ("growth", "export"): N_("Growth of exports of {reporter.definite} to {partner.definite} since {year}"),
    ("growth", "import"): N_("Growth of imports of {reporter.definite} from {partner.definite} since {year}"),
    ("growth", "balance"): N_(
        "Growth of trade balance of {reporter.definite} with {partner.definite} since {year}"
    ),
    ("growth", "turnover"): N_("Growth of trade of {reporter.definite} with {partner.definite} since {year}"),
    ("multiple", "export"): N_(
        "Exports of {reporter.definite} to {partner.definite} since {year}, as a multiple"
    ),
    ("multiple", "import"): N_(
        "Imports of {reporter.definite} from {partner.definite} since {year}, as a multiple"
    ),
    ("multiple", "balance"): N_(
        "Trade balance of {reporter.definite} with {partner.definite} since {year}, as a multiple"
    ),
    ("multiple", "turnover"): N_(
        "Trade of {reporter.definite} with {partner.definite} since {year}, as a multiple"
    ),
    ("rank", "export"): N_("Rank of {part.definite} in exports of {reporter.definite} to {partner.definite}"),
    ("rank", "import"): N_(
        "Rank of {part.definite} in imports of {reporter.definite} from {partner.definite}"
    ),
    ("rank", "balance"): N_(
        "Rank of {part.definite} in trade balance of {reporter.definite} with {partner.definite}"
    ),
    ("rank", "turnover"): N_(
        "Rank of {part.definite} in trade of {reporter.definite} with {partner.definite}"
    ),
    ("run", "export"): N_("Years in a row of exports of {reporter.definite} to {partner.definite}"),
    ("run", "import"): N_("Years in a row of imports of {reporter.definite} from {partner.definite}"),
    ("run", "balance"): N_("Years in a row of trade balance of {reporter.definite} with {partner.definite}"),
    ("run", "turnover"): N_("Years in a row of trade of {reporter.definite} with {partner.definite}"),
}

_OF_PRODUCTS = {
    "export": N_("Share of {product} in exports of {reporter.definite} to {partner.definite}"),
    "import": N_("Share of {product} in imports of {reporter.definite} from {partner.definite}"),
    "balance": N_("Share of {product} in trade balance of {reporter.definite} with {partner.definite}"),
    "turnover": N_("Share of {product} in trade of {reporter.definite} with {partner.definite}"),
}

PRODUCTS = {
    "energy": N_("energy"),
    "goods": N_("goods"),
    "services": N_("services"),
    "sme": N_("small and medium-sized enterprises"),
}
"""What the codes of products, and of those who trade them, are called."""


def amounts(rows: pd.DataFrame, names: Mapping[str, Name]) -> list[str]:
    """Return what each amount is, in the language in use.

    Parameters
    ----------
    rows
        Observations with ``reporter``, ``partner``, ``flow`` and perhaps ``product``.
    names
        Names of areas by code.

    Examples
    --------
    >>> amounts(pd.DataFrame([{"reporter": "CHN", "partner": "KAZ", "flow": "export"}]),
    ...         {"CHN": Name("China"), "KAZ": Name("Kazakhstan")})
    ['Exports of China to Kazakhstan']
    """
    return [_amount(row, names) for row in rows.to_dict("records")]


def _amount(row: Mapping[str, object], names: Mapping[str, Name]) -> str:
    text = gettext(_AMOUNTS[str(row["flow"])])
    reporter, partner = names[str(row["reporter"])], names[str(row["partner"])]
    return _with_product(text.format(reporter=reporter, partner=partner), row)


def rates(rows: pd.DataFrame, names: Mapping[str, Name]) -> list[str]:
    """Return what each rate is: share, growth, multiple, rank or run, of ``data/trade_rates.csv``."""
    return [_rate(row, names) for row in rows.to_dict("records")]


def _rate(row: Mapping[str, object], names: Mapping[str, Name]) -> str:
    base, indicator = str(row["base"]), str(row["indicator"])
    reporter, partner = str(row["reporter"]), str(row["partner"])
    part = partner
    if indicator == "share" and base == "all":
        return _of_product(row, names)
    if indicator in ("share", "rank"):
        if base in ("world", "all"):
            partner = "XWO"
        elif base in names and base.startswith("X"):
            partner = base
        elif base in names:  # the reporter is a part of that country
            reporter, part = base, reporter
    text = gettext(_RATES[indicator, str(row["flow"])])
    return _with_product(
        text.format(part=names[part], reporter=names[reporter], partner=names[partner], year=base[:4]), row
    )


def shares(rows: pd.DataFrame, names: Mapping[str, Name]) -> list[str]:
    """Return what each product's or destination's share in exports is."""
    return [_share(row, names) for row in rows.to_dict("records")]


def _share(row: Mapping[str, object], names: Mapping[str, Name]) -> str:
    if row.get("product"):
        return _of_product({**row, "flow": "export"}, names)
    text = gettext("Share of {partner.definite} in exports of {reporter.definite}")
    return text.format(partner=names[str(row["partner"])], reporter=names[str(row["reporter"])])


def _of_product(row: Mapping[str, object], names: Mapping[str, Name]) -> str:
    text = gettext(_OF_PRODUCTS[str(row["flow"])])
    reporter, partner = names[str(row["reporter"])], names[str(row["partner"])]
    return text.format(product=_product(row), reporter=reporter, partner=partner)


def _with_product(text: str, row: Mapping[str, object]) -> str:
    if (row.get("product") or "all") == "all":
        return text
    return gettext("{amount}: {product}").format(amount=text, product=_product(row))


def _product(row: Mapping[str, object]) -> str:
    code = str(row["product"])
    return gettext(PRODUCTS[code]) if code in PRODUCTS else code
