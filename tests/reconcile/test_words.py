from corridor.names import Name
from corridor.reconcile import words
from corridor.reconcile.ledger import ledger

from .build import amounts, rates

NAMES = {
    "CHN": Name("China"),
    "AAA": Name("Aland"),
    "BBB": Name("Bland"),
    "REG": Name("Region"),
    "XWO": Name("World", {"definite": "the world"}),
}
AUTHORS = {"one": "One (2001)", "two": "Two (2002)"}


def entry(*figures, scope="source", identities=("balance",)):
    return {
        "id": "some-id",
        "kind": "shift",
        "scope": scope,
        "identities": list(identities),
        "figures": list(figures),
        "reason": "It fits.",
        "depends": ["this", "that"],
    }


def known(flows, others=None):
    flows = flows.assign(printed=[f"{value / 1e9:g} bn" for value in flows["value"]], note="")
    others = rates() if others is None else others
    return words.figures(flows, others.assign(printed=others["value"].astype(str) + "%", note=""), NAMES)


FLOWS = amounts(
    a={"year": 2019, "value": 5},
    b={"year": 2020, "value": 6},
    c={"partner": "BBB", "year": 2019, "value": 7},
    d={"partner": "BBB", "year": 2020, "value": 8},
    e={"year": 2021, "value": 9},
    f={"year": 2022, "value": 10},
)


def told(*figures, **more):
    (row,) = words.table(
        ledger({"conflicts": [entry(*figures, **more)]}), known(FLOWS), NAMES, AUTHORS
    ).to_dict("records")
    return row


def test_figures_of_one_series_stand_together():
    row = told(
        {"key": "e", "ruling": "corrected", "as": {"year": 2023}, "size": 2.345e9},
        {"key": "f", "ruling": "corrected", "as": {"year": 2023}, "size": 1e9},
        {"key": "a", "ruling": "used"},
        {"key": "b", "ruling": "used"},
        {"key": "c", "ruling": "used"},
        {"key": "d", "ruling": "used"},
    )
    assert row["fault"] == "Wrong year"
    assert row["said"].head == "One (2001)"
    assert row["said"].items == [("", "Exports of China to Aland: 2021 9 bn; 2022 10 bn")]
    assert row["against"].items == [
        ("One (2001)", "Exports of China to Aland and Bland, 2019 and 2020"),
        ("Rule", "exports less imports make the balance"),
        ("Off by", "up to USD\u00a02.3\u00a0billion"),
    ]
    assert row["ruling"].head == (
        "Read as the figure of 2023, not of 2021; Read as the figure of 2023, not of 2022"
    )
    assert row["ruling"].items == [("Why", "It fits."), ("What depends on it", "this; that")]


def test_figures_that_are_not_shown_are_counted():
    (row,) = words.table(
        ledger(
            {
                "conflicts": [
                    entry({"key": "a", "ruling": "set aside"}, {"key": "c", "ruling": "used"}, identities=())
                ]
            }
        ),
        known(FLOWS[FLOWS["partner"] == "AAA"]),
        NAMES,
        AUTHORS,
    ).to_dict("records")
    assert row["against"].items == [
        ("And", "1 figure of other years"),
        ("Rule", "both are about one quantity"),
    ]
    assert row["ruling"].head == "Not used"


def test_what_becomes_of_each_figure():
    found = ledger(
        {
            "conflicts": [
                entry({"key": "a", "ruling": "corrected", "as": {"partner": "REG"}}),
                entry({"key": "b", "ruling": "set aside"}, {"key": "c", "ruling": "used"}),
                entry({"key": "a", "ruling": "set aside"}, scope="sources"),
                entry({"key": "elsewhere", "ruling": "set aside"}),
                entry({"key": "r", "ruling": "corrected", "as": {"period": ""}}),
            ]
        }
    )
    others = rates(r={"indicator": "rank", "period": "2017/2020"})
    assert words.remarks(found, known(FLOWS, others), NAMES) == {
        "a": "Read as that of Region. Not used where sources are combined.",
        "b": "Not used.",
        "r": "Read as told of 2020 alone.",
    }


def test_a_share_of_another_whole():
    share = rates(s={"flow": "balance", "base": "world"})
    found = ledger(
        {"conflicts": [entry({"key": "s", "ruling": "corrected", "as": {"base": "world"}, "size": 1.25})]}
    )
    assert words.remarks(found, known(FLOWS, share), NAMES) == {
        "s": "Read as a share of the same trade balance with the world."
    }
    (row,) = words.table(found, known(FLOWS, share), NAMES, AUTHORS).to_dict("records")
    assert row["against"].items[-1] == ("Off by", "1.3\u00a0percentage points")
