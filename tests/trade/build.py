"""Tables for the tests: short rows, everything else filled in."""

import pandas as pd

DEFAULTS = {
    "reporter": "AAA",
    "partner": "BBB",
    "flow": "export",
    "product": "all",
    "year": 2020,
    "period": "",
    "value": 0.0,
    "unit": "USD",
    "rounding": 0.1,
    "qualifier": "",
    "printed": "",
    "status": "reported",
    "compiler": "",
    "source": "one",
    "locator": "para. 1",
    "flag": "",
    "note": "",
}


def flows_table(*rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame([DEFAULTS | row for row in rows], columns=list(DEFAULTS))
    return frame.astype({"year": "Int64", "value": "float64", "rounding": "float64"})


def rates_table(*rows: dict) -> pd.DataFrame:
    defaults = {"indicator": "share", "base": "world"} | DEFAULTS | {"unit": "percent", "rounding": 0.01}
    frame = pd.DataFrame([defaults | row for row in rows], columns=list(defaults))
    return frame.astype({"year": "Int64", "value": "float64", "rounding": "float64"})
