"""Time the reconciliation of a cube of 40 countries, 30 years and 2 directions: conflicts and bounds.

Run ``python benchmarks/reconcile.py``. The trade is invented; what is printed of it is drawn at random and
rounded as sources round, and some figures are corrupted on purpose.
"""

from __future__ import annotations

import random
import time

import pandas as pd

from corridor.reconcile.bounds import bounds
from corridor.reconcile.conflicts import conflicts
from corridor.reconcile.statements import read
from corridor.reconcile.system import DIRECTIONS, without

COUNTRIES = [f"C{number:02}" for number in range(40)]
YEARS = range(1995, 2025)
GROUPS = {"REG": COUNTRIES}


def rounded(value: float, digits: int = 3) -> tuple[float, float]:
    """Return a value with so many digits, and the place value of the last."""
    place = 10.0 ** (len(str(int(abs(value)))) - digits)
    return round(value / place) * place, place


def tables(seed: int, corrupted: int) -> tuple[pd.DataFrame, pd.DataFrame, set[str]]:
    """Return flows and rates of an invented source, and the keys of the corrupted amounts."""
    draw = random.Random(seed)
    truth: dict[tuple[str, int, str], float] = {}
    for country in COUNTRIES:
        for direction in ("export", "import"):
            level = draw.lognormvariate(22, 1.2)
            for year in YEARS:
                level *= draw.lognormvariate(0.06, 0.15)
                truth[country, year, direction] = level
    for year in YEARS:
        for direction in ("export", "import"):
            truth["REG", year, direction] = sum(truth[country, year, direction] for country in COUNTRIES)

    def amount(area: str, year: int, flow: str) -> float:
        return sum(factor * truth[area, year, name] for name, factor in DIRECTIONS[flow].items())

    flows, rates = [], []
    likely = {"export": 0.5, "import": 0.35, "balance": 0.2, "turnover": 0.15}
    for year in YEARS:
        for area in ["REG", *COUNTRIES]:
            for flow, chance in likely.items():
                if draw.random() < (1 if area == "REG" and flow in ("export", "import") else chance):
                    value, place = rounded(amount(area, year, flow))
                    flows.append((f"one.{area}.{flow}_{year}", area, flow, year, value, place))
            if area != "REG" and draw.random() < 0.1:
                share = amount(area, year, "export") / amount("REG", year, "export") * 100
                rates.append(("share", f"one.{area}.share_{year}", area, "export", "REG", year, share))
            if year > YEARS[0] and draw.random() < 0.1:
                growth = (amount(area, year, "turnover") / amount(area, year - 1, "turnover") - 1) * 100
                rates.append(
                    ("growth", f"one.{area}.growth_{year}", area, "turnover", str(year - 1), year, growth)
                )
    wrong = set()
    for place in draw.sample(range(len(flows)), corrupted):
        key, area, flow, year, value, step = flows[place]
        flows[place] = (key, area, flow, year, value * 1.3 + 40 * step, step)
        wrong.add(key)
    common = {
        "reporter": "CHN",
        "product": "all",
        "period": "",
        "qualifier": "",
        "status": "reported",
        "source": "one",
        "locator": "table",
    }
    flow_table = pd.DataFrame(flows, columns=["key", "partner", "flow", "year", "value", "rounding"]).assign(
        unit="USD", **common
    )
    rate_table = pd.DataFrame(
        rates, columns=["indicator", "key", "partner", "flow", "base", "year", "value"]
    ).assign(unit="percent", rounding=0.1, **common)
    rate_table["value"] = rate_table["value"].round(1)
    return flow_table, rate_table, wrong


def main() -> None:
    """Print what was read, found and bounded, and how long each step took."""
    flows, rates, wrong = tables(seed=20, corrupted=12)
    start = time.perf_counter()
    rows = read(flows, rates, groups=GROUPS).rows
    print(f"{len(flows)} amounts and {len(rates)} rates, read in {time.perf_counter() - start:.1f} s")

    start = time.perf_counter()
    found = conflicts(rows, groups=GROUPS)
    named = {key for conflict in found for key in conflict.keys}
    print(
        f"{len(found)} conflicts in {time.perf_counter() - start:.1f} s; {len(wrong & named)} of the "
        f"{len(wrong)} corrupted amounts are in them"
    )

    start = time.perf_counter()
    kept = without(rows, {conflict.suspect for conflict in found})
    cube = bounds(kept, reporter="CHN", partners=["REG", *COUNTRIES], years=YEARS, groups=GROUPS)
    print(
        f"bounds of {len(cube)} flows in {time.perf_counter() - start:.1f} s: "
        + ", ".join(f"{count} {state}" for state, count in cube["state"].value_counts().items())
    )


if __name__ == "__main__":
    main()
