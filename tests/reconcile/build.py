"""Tables for the tests: short rows, everything else filled in. Amounts are in billions here."""

from typing import Any

import pandas as pd

from corridor.reconcile.statements import read
from corridor.reconcile.system import BILLION

GROUPS = {"REG": ["AAA", "BBB", "CCC"]}

DEFAULTS = {
    "reporter": "CHN",
    "partner": "AAA",
    "flow": "export",
    "product": "all",
    "year": 2020,
    "period": "",
    "value": 0.0,
    "rounding": 0.1,
    "qualifier": "",
    "status": "reported",
    "source": "one",
    "locator": "para. 1",
    "unit": "USD",
    "flag": "",
}


def amounts(**rows: dict | float) -> pd.DataFrame:
    """Return a table of flows; the names of the arguments are the keys, a number is the value."""
    records = []
    for key, row in rows.items():
        record: dict[str, Any] = {"key": key} | DEFAULTS | (row if isinstance(row, dict) else {"value": row})
        records.append(record | {name: record[name] * BILLION for name in ("value", "rounding")})
    return _frame(records, ["key", *DEFAULTS])


def rates(**rows: dict) -> pd.DataFrame:
    """Return a table of rates; the names of the arguments are the keys."""
    defaults = {"indicator": "share", "base": "REG"} | DEFAULTS | {"unit": "percent", "rounding": 1.0}
    records = [{"key": key} | defaults | row for key, row in rows.items()]
    return _frame(records, ["key", *defaults])


def rank(partner: str, value: int, **more: object) -> dict:
    return {"indicator": "rank", "partner": partner, "value": value, "unit": "rank"} | more


def stated(flows: pd.DataFrame | None = None, others: pd.DataFrame | None = None) -> list:
    """Return the rows that two tables state."""
    flows, others = (amounts() if flows is None else flows), (rates() if others is None else others)
    return list(read(flows, others, groups=GROUPS).rows)


def _frame(records: list[dict], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(records, columns=columns)
    return frame.astype({"year": "Int64", "value": "float64", "rounding": "float64"})
