"""Words: how the rulings of the ledger are told to a reader, in the language in use."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from corridor import description, quantities
from corridor.exhibits import Entries
from corridor.messages import N_, gettext, language, ngettext
from corridor.names import Name
from corridor.reconcile.ledger import Entry, Ledger, Ruling
from corridor.trade import titles

KINDS = {
    "mislabelled": N_("Wrong label"),
    "shift": N_("Wrong year"),
    "contradicted": N_("Contradicted"),
    "misworded": N_("Wrong word"),
    "coverage": N_("Different coverage"),
    "disagreement": N_("Different figures"),
}
"""What is wrong, by kind of entry, in English."""

CONNECTIONS = {
    "balance": N_("exports less imports make the balance"),
    "turnover": N_("exports plus imports make the turnover"),
    "share": N_("a part is its share times the whole"),
    "growth": N_("a year is the year before times its growth"),
    "order": N_("who ranks higher trades more"),
    "region": N_("the countries add up to the region"),
    "part": N_("no part exceeds its whole"),
    "sign": N_("no flow is below zero"),
}
"""What connects figures, by identity, in English."""

_OF_WORLD = {
    "export": N_("Read as a share of the same exports with {area.definite}"),
    "import": N_("Read as a share of the same imports with {area.definite}"),
    "balance": N_("Read as a share of the same trade balance with {area.definite}"),
    "turnover": N_("Read as a share of the same trade with {area.definite}"),
}
_UNITS = {"share": "points", "growth": "points", "multiple": "times"}
_SERIES = ["source", "indicator", "reporter", "partner", "flow", "product", "base"]
_TOGETHER = "together"
"""Stands for the code of several partners."""


def figures(flows: pd.DataFrame, rates: pd.DataFrame, names: Mapping[str, Name]) -> pd.DataFrame:
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


def remarks(entries: Ledger, known: pd.DataFrame, names: Mapping[str, Name]) -> dict[str, str]:
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
    entries: Sequence[Entry], known: pd.DataFrame, names: Mapping[str, Name], authors: Mapping[str, str]
) -> pd.DataFrame:
    """Return the ledger as a reader sees it.

    Parameters
    ----------
    entries
        The entries shown; all their figures concern the edition's areas.
    known
        Rows of `figures`; those of an entry that are not among them lie outside the edition's years: they are
        counted, not shown.
    names, authors
        Names of areas by code and of works by key.

    Returns
    -------
    DataFrame
        One row an entry: ``fault`` (one of `KINDS`, translated), and as `Entries` ``said`` (the figures not
        used as printed), ``against`` (the figures that are used, what connects them, and the size) and
        ``ruling``.
    """
    rows = []
    for entry in entries:
        rejected = [figure for figure in entry.rejected if figure.key in known.index]
        out = {figure.key for figure in entry.rejected}
        mine = known.loc[[figure.key for figure in rejected]]
        works = description.listing([authors[source] for source in mine["source"].unique()])
        used = [figure.key for figure in entry.figures if figure.key not in out]
        linked = [gettext(CONNECTIONS[name]) for name in entry.identities]
        linked = linked or [gettext("both are about one quantity")]
        verdicts = dict.fromkeys(_ruled(entry, f, known.loc[f.key], names) for f in rejected)
        against = [*_against(used, known, names, authors), (gettext("Rule"), "; ".join(linked))]
        if sizes := _sizes(rejected, known):
            against.append((gettext("Off by"), sizes))
        rows.append(
            {
                "fault": gettext(KINDS[entry.kind]),
                "said": Entries([("", text) for text in _said(mine)], head=works),
                "against": Entries(against),
                "ruling": Entries(
                    [
                        (gettext("Why"), entry.reason),
                        (gettext("What depends on it"), "; ".join(entry.depends)),
                    ],
                    head="; ".join(verdicts),
                ),
            }
        )
    return pd.DataFrame(rows, columns=["fault", "said", "against", "ruling"])


def _ruled(entry: Entry, figure: Ruling, row: pd.Series, names: Mapping[str, Name]) -> str:
    """Say what becomes of a figure."""
    if figure.ruling == "corrected":
        return ", ".join(_reading(column, value, row, names) for column, value in figure.read.items())
    return gettext("Not used") if entry.scope == "source" else gettext("Not used where sources are combined")


def _reading(column: str, value: object, row: pd.Series, names: Mapping[str, Name]) -> str:
    match column:
        case "year":
            return gettext("Read as the figure of {year}, not of {printed}").format(
                year=value, printed=row["year"]
            )
        case "partner":
            return gettext("Read as that of {area.definite}").format(area=names[str(value)])
        case "period":
            return gettext("Read as told of {year} alone").format(year=row["year"])
        case "base":
            return gettext(_OF_WORLD[row["flow"]]).format(area=names["XWO"])
    return gettext("Read as {column} {value}").format(column=column, value=value)


def _said(rows: pd.DataFrame) -> list[str]:
    """Write figures as printed, each behind its year, those together that differ in their year only."""
    return [
        f"{group['title'].iloc[0]}: "
        + "; ".join(f"{_when(row)} {row['printed']}" for row in group.to_dict("records"))
        for _, group in rows.groupby(_SERIES, sort=False)
    ]


def _against(
    keys: Sequence[str], known: pd.DataFrame, names: Mapping[str, Name], authors: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Name the figures used, by work: what they are, and of which years."""
    present = known.loc[[key for key in keys if key in known.index]]
    found: dict[tuple, list[dict]] = {}
    for _, group in present.groupby(_SERIES, sort=False):
        first = group.iloc[0].to_dict()
        # Figures of the same kind and years on several partners are named together.
        alike = tuple(first[name] for name in _SERIES if name != "partner")
        when = _years([_when(row) for row in group.to_dict("records")])
        found.setdefault((*alike, when), []).append(first)
    told: dict[str, list[str]] = {}
    for (source, *_, when), rows in found.items():
        told.setdefault(source, []).append(f"{_title(rows, names)}, {when}")
    against = [(authors[source], "; ".join(texts)) for source, texts in told.items()]
    if others := len(keys) - len(present):
        text = ngettext("{number} figure of other years", "{number} figures of other years", others)
        against.append((gettext("And"), text.format(number=others)))
    return against


def _title(rows: Sequence[Mapping], names: Mapping[str, Name]) -> str:
    """Say what figures are that differ in their partner only."""
    together = description.together([names[row["partner"]] for row in rows])
    row = pd.DataFrame([{**rows[0], "partner": _TOGETHER}])
    tell = titles.rates if rows[0]["indicator"] else titles.amounts
    (title,) = tell(row, {**names, _TOGETHER: together})
    return title


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
        rounding = 10.0 ** (math.floor(math.log10(most)) - 1)
        text = quantities.written(most, unit, rounding, language=language())
        told.append(gettext("up to {size}").format(size=text) if len(found) > 1 else text)
    return description.listing(told)
