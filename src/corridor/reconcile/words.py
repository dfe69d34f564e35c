"""Words: how the rulings of the ledger are told to a reader."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from corridor import description, quantities
from corridor.exhibits import Entries
from corridor.reconcile.ledger import Entry, Ledger, Ruling
from corridor.trade import titles

KINDS = {
    "mislabelled": "Wrong label",
    "shift": "Wrong year",
    "contradicted": "Contradicted",
    "misworded": "Wrong word",
    "coverage": "Different coverage",
    "disagreement": "Different figures",
}
"""What is wrong, by kind of entry."""

CONNECTIONS = {
    "balance": "exports less imports make the balance",
    "turnover": "exports plus imports make the turnover",
    "share": "a part is its share times the whole",
    "growth": "a year is the year before times its growth",
    "order": "who ranks higher trades more",
    "region": "the countries add up to the region",
    "part": "no part exceeds its whole",
    "sign": "no flow is below zero",
}
"""What connects figures, by identity."""

_FLOWS = {"export": "exports", "import": "imports", "balance": "trade balance", "turnover": "trade"}
_UNITS = {"share": "points", "growth": "points", "multiple": "times"}
_SERIES = ["source", "indicator", "reporter", "partner", "flow", "product", "base"]


def figures(flows: pd.DataFrame, rates: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return all figures of two tables with a ``title`` that says what each is.

    Parameters
    ----------
    flows, rates
        ``data/trade_flows.csv`` and ``data/trade_rates.csv``, or rows of them.
    names
        Names of areas by code.

    Returns
    -------
    DataFrame
        The columns of both tables and ``title``, by ``key``; amounts have no ``indicator`` and ``base``.
    """
    told = [
        flows.assign(title=titles.amounts(flows, names), indicator="", base=""),
        rates.assign(title=titles.rates(rates, names)),
    ]
    return pd.concat(told, ignore_index=True).set_index("key", drop=False)


def remarks(entries: Ledger, known: pd.DataFrame, names: Mapping[str, str]) -> dict[str, str]:
    """Return by key how each figure is used that is not used as its source prints it.

    Parameters
    ----------
    entries
        The ledger.
    known
        Rows of `figures`.
    names
        Names of areas by code.
    """
    found: dict[str, str] = {}
    for entry in entries:
        for figure in entry.rejected:
            if figure.key in known.index:
                said = _ruled(entry, figure, known.loc[figure.key], names)
                found[figure.key] = " ".join(filter(None, [found.get(figure.key), f"{said}."]))
    return found


def table(
    entries: Sequence[Entry], known: pd.DataFrame, names: Mapping[str, str], authors: Mapping[str, str]
) -> pd.DataFrame:
    """Return the ledger as a reader sees it.

    Parameters
    ----------
    entries
        The entries shown.
    known
        Rows of `figures`; those of an entry that are not among them are counted, not shown.
    names, authors
        Names of areas by code and of works by key.

    Returns
    -------
    DataFrame
        One row an entry: ``fault`` (one of `KINDS`), and as `Entries` ``said`` (the figures not used as
        printed), ``against`` (the figures that are used, what connects them, and the size) and ``ruling``.
    """
    rows = []
    for entry in entries:
        rejected = [figure for figure in entry.rejected if figure.key in known.index]
        out = {figure.key for figure in entry.rejected}
        mine = known.loc[[figure.key for figure in rejected]]
        works = description.listing([authors[source] for source in mine["source"].unique()])
        used = [figure.key for figure in entry.figures if figure.key not in out]
        linked = [CONNECTIONS[name] for name in entry.identities] or ["both are about one quantity"]
        verdicts = dict.fromkeys(_ruled(entry, f, known.loc[f.key], names) for f in rejected)
        against = [*_against(used, known, names, authors), ("Rule", "; ".join(linked))]
        if sizes := _sizes(rejected, known):
            against.append(("Off by", sizes))
        rows.append(
            {
                "fault": KINDS[entry.kind],
                "said": Entries([("", text) for text in _said(mine)], head=works),
                "against": Entries(against),
                "ruling": Entries(
                    [("Why", entry.reason), ("What depends on it", "; ".join(entry.depends))],
                    head="; ".join(verdicts),
                ),
            }
        )
    return pd.DataFrame(rows, columns=["fault", "said", "against", "ruling"])


def _ruled(entry: Entry, figure: Ruling, row: pd.Series, names: Mapping[str, str]) -> str:
    """Say what becomes of a figure."""
    if figure.ruling == "corrected":
        return f"Read as {_reading(figure, row, names)}"
    return "Not used" if entry.scope == "source" else "Not used where sources are combined"


def _reading(figure: Ruling, row: pd.Series, names: Mapping[str, str]) -> str:
    said = []
    for column, value in figure.read.items():
        match column:
            case "year":
                said.append(f"the figure of {value}, not of {row['year']}")
            case "partner":
                said.append(f"that of {names[value]}")
            case "period":
                said.append(f"told of {row['year']} alone")
            case "base":
                said.append(f"a share of the same {_FLOWS[row['flow']]} with the {names['XWO'].lower()}")
            case _:
                said.append(f"{column} {value}")
    return ", ".join(said)


def _said(rows: pd.DataFrame) -> list[str]:
    """Write figures as printed, each behind its year, those together that differ in their year only."""
    return [
        f"{group['title'].iloc[0]}: "
        + "; ".join(f"{_when(row)} {row['printed']}" for row in group.to_dict("records"))
        for _, group in rows.groupby(_SERIES, sort=False)
    ]


def _against(
    keys: Sequence[str], known: pd.DataFrame, names: Mapping[str, str], authors: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Name the figures used, by work: what they are, and of which years."""
    present = known.loc[[key for key in keys if key in known.index]]
    found: dict[str, dict[tuple[str, str], list[str]]] = {}
    for _, group in present.groupby(_SERIES, sort=False):
        first = group.iloc[0]
        name = names[first["partner"]]
        # Figures of the same kind and years on several partners are named together.
        what = (
            first["title"].replace(name, "{}", 1),
            _years([_when(row) for row in group.to_dict("records")]),
        )
        found.setdefault(first["source"], {}).setdefault(what, []).append(name)
    told = []
    for source, series in found.items():
        text = [
            f"{title.format(description.listing(areas))}, {when}" for (title, when), areas in series.items()
        ]
        told.append((authors[source], "; ".join(text)))
    if others := len(keys) - len(present):
        told.append(("And", f"{others} figure{'s' * (others > 1)} on other countries"))
    return told


def _when(row: Mapping) -> str:
    return row["period"].replace("/", "–") if row["period"] else str(row["year"])


def _years(years: Sequence[str]) -> str:
    """Write years and periods, a run of years as a span."""
    if all(year.isdigit() for year in years):
        return description.span([int(year) for year in years])
    return description.listing(list(years))


def _sizes(rejected: Sequence[Ruling], known: pd.DataFrame) -> str:
    """Write by how much the figures would have to change, the most in each unit."""
    sizes: dict[str, list[float]] = {}
    for figure in rejected:
        if figure.size:
            unit = _UNITS.get(known.loc[figure.key, "indicator"], "USD")
            sizes.setdefault(unit, []).append(figure.size)
    told = []
    for unit, found in sizes.items():
        most = max(found)
        text = quantities.written(most, unit, 10.0 ** (math.floor(math.log10(most)) - 1))
        told.append(f"up to {text}" if len(found) > 1 else text)
    return " and ".join(told)
