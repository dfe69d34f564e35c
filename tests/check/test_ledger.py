"""Faults in the ledger of conflicts, as `corridor check` tells them: the whole message, at the right line."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import edit
from corridor.check.ledger import check_conflicts
from corridor.cli import main
from corridor.data import open_package
from corridor.errors import Fault
from corridor.store import Store

LEDGER = "data/conflicts.yml"
FLOWS = "data/trade_flows.csv"
AREAS = "data/areas.csv"
PACKAGE = "data/datapackage.json"
OURS = Path(__file__).parents[2] / PACKAGE

ENTRY = """\
conflicts:
  - id: balance-2020
    kind: mislabelled
    scope: source
    identities: [balance]
    figures:
      - {key: alpha.kaz.exports, ruling: used}
      - {key: alpha.kaz.imports, ruling: used}
      - {key: alpha.kaz.balance, ruling: set aside, size: 850000000}
    reason: Exports less imports make three.
    depends:
      - "nothing: the balance is computed"
"""

COLUMNS = (
    "key,reporter,partner,flow,product,year,period,value,unit,rounding,qualifier,printed,status,compiler,"
    "source,locator,flag,note"
)
ROW = (
    "{key},CHN,{partner},{flow},all,2020,,{value}00000000,USD,100000000,,${digits} billion,reported,,"
    "alpha2020,{place},{flag},"
)
RATES = """\
key,indicator,reporter,partner,flow,product,base,year,period,value,unit,rounding,qualifier,printed,status,\
compiler,source,locator,flag,note
alpha.kgz.growth,growth,CHN,KGZ,export,all,2019,2020,,10,percent,1,,10%,reported,,alpha2020,p. 6,,
"""


def row(name: str, flow: str, digits: str, place: str, flag: str = "", partner: str = "KAZ") -> str:
    value = digits.replace(".", "")
    key = f"alpha.{partner.lower()}.{name}"
    return ROW.format(**locals())


@pytest.fixture
def reconciled(paper: Path) -> Path:
    """Return the small paper with figures on trade, one of which is wrong, and a ledger that says so."""
    package = json.loads((paper / PACKAGE).read_text(encoding="utf-8"))
    ours = json.loads(OURS.read_text(encoding="utf-8"))["resources"]
    package["resources"] += [entry for entry in ours if entry["name"] in ("trade_flows", "trade_rates")]
    package["resources"].append({"name": "conflicts", "path": "conflicts.yml", "format": "yaml"})
    (paper / PACKAGE).write_text(json.dumps(package, indent=2), encoding="utf-8")
    rows = [
        row("exports", "export", "5.0", "p. 1"),
        row("imports", "import", "2.0", "p. 2"),
        row("balance", "balance", "4.0", "p. 3", "mislabelled"),
        row("exports", "export", "1.0", "p. 4", partner="KGZ"),
    ]
    (paper / FLOWS).write_text("\n".join([COLUMNS, *rows, ""]), encoding="utf-8")
    (paper / "data/trade_rates.csv").write_text(RATES, encoding="utf-8")
    (paper / LEDGER).write_text(ENTRY, encoding="utf-8")
    return paper


def faults(root: Path) -> list[str]:
    """Return what `corridor check` says, the last line with their number left out."""
    done = CliRunner().invoke(main, ["check", "--root", str(root)])
    assert done.exit_code == (1 if done.stderr else 0), done.exception
    return done.stderr.splitlines()[:-1]


def test_a_ledger_that_rules_on_all_has_no_fault(reconciled: Path) -> None:
    assert faults(reconciled) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        pytest.param(
            FLOWS,
            row("exports", "export", "1.0", "p. 4", partner="KGZ"),
            "\n".join(
                [
                    row("exports", "export", "1.0", "p. 4", partner="KGZ"),
                    row("exports_b", "export", "3.0", "p. 5", partner="KGZ"),
                ]
            ),
            f"{LEDGER}:1: no ruling on a contradiction: alpha.kgz.exports, alpha.kgz.exports_b cannot all be "
            "true; check their digits against the sources; if they stand, add an entry that corrects one "
            "of them or sets it aside, with the reason",
            id="a contradiction without a ruling",
        ),
        pytest.param(
            FLOWS,
            row("balance", "balance", "4.0", "p. 3", "mislabelled"),
            row("balance", "balance", "3.0", "p. 3", "mislabelled"),
            f'{LEDGER}:2: the figures of the entry "balance-2020" do not contradict each other; '
            "take the entry out, or name the figures that do",
            id="a changed figure makes an entry stale",
        ),
        pytest.param(
            FLOWS,
            row("balance", "balance", "4.0", "p. 3", "mislabelled"),
            row("balance", "balance", "5.0", "p. 3", "mislabelled"),
            f'{LEDGER}:2: the entry "balance-2020" does not record what is computed; '
            "record that the size of alpha.kaz.balance is 1850000000",
            id="a changed figure changes the size",
        ),
        pytest.param(
            FLOWS,
            row("balance", "balance", "4.0", "p. 3", "mislabelled"),
            row("balance", "balance", "4.0", "p. 3"),
            f'{LEDGER}:9: "alpha.kaz.balance" is set aside, but bears no flag in its table; '
            "flag it there and say in its note why, or use it",
            id="a rejected figure without a flag",
        ),
        pytest.param(
            FLOWS,
            row("imports", "import", "2.0", "p. 2"),
            row("imports", "import", "2.0", "p. 2", "contradicted"),
            f'{LEDGER}:1: "alpha.kaz.imports" is flagged as contradicted, but no entry corrects it or sets '
            "it aside; rule on it, or take the flag out",
            id="a flag without a ruling",
        ),
        pytest.param(
            LEDGER,
            "alpha.kaz.balance,",
            "alpha.kaz.balanec,",
            f'{LEDGER}:9: there is no figure "alpha.kaz.balanec"; did you mean "alpha.kaz.balance"?',
            id="an unknown figure",
        ),
        pytest.param(
            LEDGER,
            "    reason:",
            "    raeson:",
            f'{LEDGER}:10: conflicts 1: unknown key "raeson"; did you mean "reason"?',
            id="an unknown key",
        ),
        pytest.param(
            LEDGER,
            "kind: mislabelled",
            "kind: wrong",
            f'{LEDGER}:3: conflicts 1 kind: "wrong" is not one of the values allowed; write one of '
            "mislabelled, shift, contradicted, misworded, coverage, disagreement",
            id="an unknown kind",
        ),
    ],
)
def test_fault(reconciled: Path, file: str, old: str, new: str, expected: str) -> None:
    edit(reconciled / file, old, new)
    assert expected in faults(reconciled)


def test_it_is_not_solved_again_before_something_changes(reconciled: Path) -> None:
    store = Store(reconciled / "store")

    def check() -> list[Fault]:
        return check_conflicts(open_package(reconciled / "data"), reconciled, store)

    assert check() == []
    [kept] = (reconciled / "store/records/conflicts").iterdir()
    told = Fault(file=LEDGER, what="this is what the store says", mend="believe it")
    store.write("conflicts", kept.name, [asdict(told)])
    assert check() == [told]
    edit(reconciled / AREAS, "Kyrgyz Republic", "Kyrgyzstan")
    assert check() == []


def test_a_fault_is_told_each_time(reconciled: Path) -> None:
    edit(reconciled / LEDGER, "size: 850000000", "size: 840000000000")
    first = faults(reconciled)
    assert len(first) == 1
    assert faults(reconciled) == first
