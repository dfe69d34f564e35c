from pathlib import Path

import pytest
import yaml

from corridor.data import open_package
from corridor.reconcile.check import check_ledger
from corridor.reconcile.conflicts import survey
from corridor.reconcile.ledger import (
    as_printed,
    as_ruled,
    findings,
    ledger,
    outdated,
    read_ledger,
    stale,
    unruled,
)
from corridor.settings import parse_settings, read_settings

from .build import GROUPS, amounts, rates

ROOT = Path(__file__).parents[2]

FLOWS = amounts(
    region={"partner": "REG", "value": 9},
    right={"value": 2},
    wrong={"value": 9, "flag": "mislabelled"},
    theirs={"source": "two", "value": 4},
)

WRONG = {
    "id": "wrong-country",
    "kind": "mislabelled",
    "scope": "source",
    "identities": [],
    "figures": [
        {"key": "right", "ruling": "used"},
        {"key": "wrong", "ruling": "corrected", "as": {"partner": "REG"}, "size": 6.9e9},
    ],
    "reason": "It is the region's.",
    "depends": ["the balance"],
}

THEIRS = {
    "id": "other-method",
    "kind": "disagreement",
    "scope": "sources",
    "identities": [],
    "figures": [{"key": "right", "ruling": "used"}, {"key": "theirs", "ruling": "set aside", "size": 1.9e9}],
    "reason": "They count otherwise.",
    "depends": ["nothing"],
}


def faults(*entries, flows=FLOWS):
    text = yaml.safe_dump({"conflicts": list(entries)}, sort_keys=False)
    return [
        str(fault)
        for fault in check_ledger(parse_settings(text, "data/conflicts.yml"), flows, rates(), groups=GROUPS)
    ]


def entries(*some):
    return ledger({"conflicts": list(some)})


def test_a_ledger_that_rules_on_everything():
    assert faults(WRONG, THEIRS) == []


def test_a_corrected_figure_is_read_anew_and_one_set_aside_is_gone():
    both = entries(WRONG, THEIRS)
    alone, together = (as_ruled(FLOWS, both, across=across).set_index("key") for across in (False, True))
    assert alone["partner"].to_dict() == {"region": "REG", "right": "AAA", "wrong": "REG", "theirs": "AAA"}
    assert list(together.index) == ["region", "right", "wrong"]


def test_a_contradiction_without_a_ruling_is_a_fault():
    (conflict,) = unruled(FLOWS, rates(), entries(WRONG), groups=GROUPS)
    assert set(conflict.keys) == {"right", "theirs"}
    (fault,) = faults(WRONG)
    assert "right, theirs cannot all be true" in fault
    assert len(faults(flows=FLOWS.assign(flag=""))) == 2


def test_an_entry_that_corresponds_to_nothing_is_a_fault():
    flows = FLOWS.assign(value=FLOWS["value"].where(FLOWS["key"] != "wrong", 2e9))
    entry = WRONG | {"figures": [WRONG["figures"][0], {"key": "wrong", "ruling": "set aside", "size": 6.9e9}]}
    found = findings(flows, rates(), entries(entry, THEIRS), groups=GROUPS)
    assert [gone.id for gone in stale(found)] == ["wrong-country"]
    (fault,) = faults(entry, THEIRS, flows=flows)
    assert "do not contradict each other" in fault


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"figures": [WRONG["figures"][0], WRONG["figures"][1] | {"size": 5e9}]},
            "the size of wrong is 6900000000",
        ),
        ({"identities": ["balance"]}, "the identities are none"),
    ],
)
def test_a_record_that_differs_from_the_computation_is_a_fault(changes, message):
    found = findings(FLOWS, rates(), entries(WRONG | changes), groups=GROUPS)
    assert [what for _, what in outdated(found)] == [message]
    (fault,) = faults(WRONG | changes, THEIRS)
    assert message in fault


@pytest.mark.parametrize(
    ("figure", "message"),
    [
        ({"key": "wrnog", "ruling": "set aside"}, 'there is no figure "wrnog"; did you mean "wrong"?'),
        ({"key": "wrong", "ruling": "corrected"}, 'has no "as"'),
        ({"key": "wrong", "ruling": "set aside", "as": {"partner": "REG"}}, 'has "as"'),
        (
            {"key": "wrong", "ruling": "corrected", "as": {"partnr": "REG"}},
            'no column "partnr"; did you mean "partner"?',
        ),
        ({"key": "wrong", "ruling": "used"}, "uses all its figures"),
    ],
)
def test_names_and_rulings_are_checked(figure, message):
    found = faults(WRONG | {"figures": [WRONG["figures"][0], figure]}, THEIRS)
    assert any(message in fault for fault in found)


def test_flags_and_rulings_agree():
    (fault,) = faults(WRONG, THEIRS, flows=FLOWS.assign(flag=""))
    assert '"wrong" is corrected, but bears no flag' in fault
    (fault,) = faults(THEIRS)
    assert '"wrong" is flagged as mislabelled, but no entry' in fault


def test_a_figure_is_ruled_on_once():
    (fault,) = faults(WRONG, WRONG | {"id": "again"}, THEIRS)
    assert "ruled on twice" in fault


def test_an_id_stands_once():
    again = WRONG | {
        "figures": [{"key": "right", "ruling": "used"}, {"key": "region", "ruling": "set aside"}]
    }
    assert any('the id "wrong-country" stands twice' in fault for fault in faults(WRONG, again, THEIRS))


def test_the_words_of_a_source_may_differ_from_the_table():
    entry = WRONG | {
        "figures": [
            {"key": "wrong", "ruling": "corrected", "printed": {"partner": "BBB"}, "as": {"partner": "REG"}}
        ]
    }
    assert as_printed(FLOWS, entries(entry)).set_index("key")["partner"]["wrong"] == "BBB"


def test_figures_that_fail_only_together():
    flows = amounts(
        a=5,
        b={"partner": "BBB", "value": 3},
        c={"partner": "CCC", "value": 3},
        r={"partner": "REG", "value": 10},
    )
    entry = WRONG | {
        "figures": [{"key": key, "ruling": "set aside"} for key in "bc"]
        + [{"key": key, "ruling": "used"} for key in "ar"]
    }
    (finding,) = findings(flows, rates(), entries(entry), groups=GROUPS)
    assert finding.sizes == {"b": 0, "c": 0}
    assert [set(conflict.keys) for conflict in finding.conflicts] == [set("abcr")]
    assert finding.identities == ("region",)


# The paper's own ledger.


@pytest.fixture(scope="module")
def paper():
    package = open_package(ROOT / "data")
    areas = package.table("areas")
    groups = {code: held.split() for code, held in zip(areas["code"], areas["members"], strict=True) if held}
    return package.table("trade_flows"), package.table("trade_rates"), groups


def test_the_ledger_of_the_paper_rules_on_every_contradiction(paper):
    flows, others, groups = paper
    document = read_settings(ROOT / "data" / "conflicts.yml", ROOT)
    assert check_ledger(document, flows, others, groups=groups) == []


def test_the_arithmetic_finds_what_was_flagged_by_hand(paper):
    flows, others, groups = paper
    held = read_ledger(ROOT / "data" / "conflicts.yml")
    found = survey(flows, as_printed(others, held), groups=groups)
    in_conflict = {key for conflict in found for key in conflict.keys}
    for table in (flows, others):
        flagged = set(table.loc[table["flag"].isin(["mislabelled", "contradicted"]), "key"])
        assert flagged <= in_conflict
    assert flagged
    # Every figure that is suspected stands in the ledger.
    ruled = {figure.key for entry in held for figure in entry.figures}
    assert {conflict.suspect for conflict in found} <= ruled


def test_an_unruled_contradiction_is_told_with_the_reading_that_fits(paper) -> None:
    flows, others, groups = paper
    document = read_settings(ROOT / "data" / "conflicts.yml", ROOT)
    kept = [entry for entry in document.values["conflicts"] if entry["id"] != "kgz-balances-fig-9"]
    text = yaml.safe_dump({"conflicts": kept})
    bare = flows.assign(flag=flows["flag"].where(~flows["key"].str.startswith("huang2025.kgz.balance"), ""))
    faults = check_ledger(parse_settings(text, "data/conflicts.yml"), bare, others, groups=groups)
    told = "huang2025.kgz.balance_2019_b would fit if read with partner XCA"
    assert sum(told in fault.what for fault in faults) == 1
