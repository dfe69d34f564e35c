"""What a figure on trade is, in words."""

import pandas as pd
import pytest

from corridor.names import Name
from corridor.trade import titles

NAMES = {
    "CHN": Name("China"),
    "KAZ": Name("Kazakhstan"),
    "XCA": Name("Central Asia"),
    "XWO": Name("World", {"definite": "the world"}),
    "CN-XJ": Name("Xinjiang"),
}


@pytest.mark.parametrize(
    ("indicator", "reporter", "partner", "base", "title"),
    [
        ("share", "CHN", "KAZ", "XCA", "Share of Kazakhstan in exports of China to Central Asia"),
        ("share", "CHN", "XCA", "world", "Share of Central Asia in exports of China to the world"),
        ("share", "CN-XJ", "KAZ", "CHN", "Share of Xinjiang in exports of China to Kazakhstan"),
        ("growth", "CHN", "KAZ", "2019", "Growth of exports of China to Kazakhstan since 2019"),
        ("multiple", "CHN", "KAZ", "2017", "Exports of China to Kazakhstan since 2017, as a multiple"),
        ("rank", "CHN", "KAZ", "XCA", "Rank of Kazakhstan in exports of China to Central Asia"),
        ("run", "CHN", "KAZ", "", "Years in a row of exports of China to Kazakhstan"),
    ],
)
def test_rates(indicator: str, reporter: str, partner: str, base: str, title: str) -> None:
    row = {"indicator": indicator, "reporter": reporter, "partner": partner, "flow": "export", "base": base}
    assert titles.rates(pd.DataFrame([row]), NAMES) == [title]


def test_shares() -> None:
    rows = pd.DataFrame(
        [
            {"reporter": "CHN", "partner": "KAZ", "product": "Fuels"},
            {"reporter": "CHN", "partner": "KAZ", "product": ""},
        ]
    )
    assert titles.shares(rows, NAMES) == [
        "Share of Fuels in exports of China to Kazakhstan",
        "Share of Kazakhstan in exports of China",
    ]
