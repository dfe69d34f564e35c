import pandas as pd
import pytest

from corridor.trade import description


def test_a_fall_between_rises():
    series = pd.Series({2017: 21.46, 2018: 22.56, 2020: 21.17, 2024: 64.35})
    assert description.trend("Exports", series, 2) == (
        "Exports: up from 21.46 in 2017 to 64.35 in 2024; lowest 21.17 in 2020."
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "X: no figure."),
        ({2020: 1.0}, "X: 1.0 in 2020."),
        ({2020: None, 2021: 2.0}, "X: 2.0 in 2021."),
        ({2020: 2.0, 2021: 1.0}, "X: down from 2.0 in 2020 to 1.0 in 2021."),
        ({2020: 1.0, 2021: 1.0}, "X: unchanged from 1.0 in 2020 to 1.0 in 2021."),
        (
            {2021: 1.0, 2020: 2.0, 2022: 9.0},
            "X: up from 2.0 in 2020 to 9.0 in 2022; lowest 1.0 in 2021.",
        ),
    ],
)
def test_edges(values, expected):
    assert description.trend("X", pd.Series(values, dtype="float64")) == expected


def test_numbers():
    assert description.number(-0.437) == "−0.4"
    assert description.number(-0.0004) == "0.0"
    assert description.number(12345.678, 0) == "12,346"


def test_listing():
    assert [description.listing(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]
