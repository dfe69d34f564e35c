"""Faults in SWOT analyses, recommendations and interviews: the whole message, at the right line."""

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import edit, run_corridor
from corridor.cli import main

SWOT = "data/swot.yml"
POLICY = "data/recommendations.yml"
TALKS = "data/interviews.yml"
PACKAGE = "data/datapackage.json"

SMALL = {
    SWOT: """\
source: alpha2020
themes:
  - id: travel
    title: Travel
  - id: money
    title: Money
codes:
  - id: visa
    theme: travel
    title: Visas
    definition: Who needs one.
  - id: prices
    theme: money
    title: Prices
    definition: What goods cost.
strategies:
  - id: direct
    number: 1
    title: Direct trade
    short: Direct
    summary: Buying from makers.
    locator: sec. 1
  - id: online
    number: 2
    title: Online trade
    short: Online
    summary: Buying from home.
    locator: sec. 2
missing:
  - country: KGZ
    strategy: online
    reason: The source has nothing on it.
    locator: sec. 3
items:
  - id: kaz.direct.strength.no-visa
    quadrant: strength
    title: No visa
    text: None is needed.
    codes: [visa]
    voice:
      id: trader
      role: trader
      says: It is easy.
    evidence: {voices: [trader]}
    locator: p. 1
  - id: kaz.online.weakness.margins
    quadrant: weakness
    title: Small margins
    text: Little remains.
    codes: [prices]
    evidence: {facts: [{key: terms.kaz.margin, value: 5 percent}]}
    locator: p. 2
  - id: kgz.direct.threat.closed-border
    quadrant: threat
    title: A closed border
    text: It may close.
    codes: [visa, prices]
    refers: [kaz.direct.strength.no-visa]
    evidence: {stated: p. 3}
    locator: p. 3
""",
    POLICY: """\
source: beta2021
actors:
  - id: ministry
    title: Ministry
  - id: customs
    title: Customs
recommendations:
  - id: margins
    number: 1
    title: Better margins
    summary: Raise them.
    countries: [KAZ]
    steps:
      - Raise them.
    actors: [ministry]
    cost:
      class: low
      because: It costs words only.
    answers:
      - item: kaz.online.weakness.margins
        because: It raises them.
    locator: p. 4
  - id: border
    number: 2
    title: An open border
    summary: Keep it open.
    countries: [KGZ]
    steps:
      - Keep it open.
    actors: [customs, ministry]
    cost:
      class: high
      because: Guards are dear.
    answers:
      - item: kgz.direct.threat.closed-border
        because: It stays open.
    locator: p. 5
    note: A note.
""",
    TALKS: """\
source: alpha2020
locator: sec. 4
sectors:
  - title: Cargo
    note: By road.
branches: [Osh]
limitations:
  - Few answered.
ethics:
  - All agreed.
questionnaire:
  - number: 1
    topic: Sector
    asks: In which sector the firm is.
    locator: question 1
  - number: 2
    topic: Year
    asks: Since when.
    locator: question 2
""",
}

FIGURES = "data/figures.csv"
ROWS = """\
key,year,value,unit,rounding,qualifier,printed,status,source,locator
terms.kaz.margin,2020,5,percent,1,,5%,reported,alpha2020,p. 2
"""
KINDS = {"year": "year", "value": "number", "rounding": "number"}

THIRD = """\
  - id: kgz.direct.threat.closed-border
    quadrant: threat
    title: A closed border
    text: It may close.
    codes: [visa, prices]
    refers: [kaz.direct.strength.no-visa]
    evidence: {stated: p. 3}
    locator: p. 3
"""
GAP = """\
missing:
  - country: KGZ
    strategy: online
    reason: The source has nothing on it.
    locator: sec. 3
"""
ID = "write country.strategy.quadrant.name, such as kgz.xinjiang.weakness.visa-regime"
SLUG = "write lower-case letters, digits and hyphens, such as visa-regime"
ISO = "write the ISO 3166-1 alpha-3 code, such as KAZ"
THERE = "add it there first, or mend it"
EMPTY = "it is empty; fill it in, or take it out with what it belongs to"
NUMBERS = "number the entries from 1 on"
NO_ITEM = (
    '{} has no item for the strategy {}, and nothing says why; add the items, or an entry under "missing" '
    "with the reason"
)


@pytest.fixture
def documented(paper: Path) -> Path:
    """Return the small paper with the three documents beside its tables."""
    package = json.loads((paper / PACKAGE).read_text(encoding="utf-8"))
    for name, text in SMALL.items():
        (paper / name).write_text(text, encoding="utf-8")
        path = Path(name)
        package["resources"].append({"name": path.stem, "path": path.name, "format": "yaml"})
    (paper / FIGURES).write_text(ROWS, encoding="utf-8")
    fields = [{"name": name, "type": KINDS.get(name, "string")} for name in ROWS.split("\n")[0].split(",")]
    figures = {"name": "figures", "path": "figures.csv", "format": "csv", "schema": {"fields": fields}}
    package["resources"].append(figures)
    (paper / PACKAGE).write_text(json.dumps(package, indent=2), encoding="utf-8")
    return paper


def faults(root: Path) -> list[str]:
    """Return what `corridor check` says, the last line with their number left out."""
    done = CliRunner().invoke(main, ["check", "--root", str(root)])  # one process: a second a test less
    assert done.exit_code == (1 if done.stderr else 0), done.exception
    return done.stderr.splitlines()[:-1]


def line_of(file: Path, text: str) -> int:
    """Return the line of a text that begins one line only."""
    found = [
        number
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if line.removeprefix("  - ").lstrip().startswith(text)
    ]
    assert len(found) == 1, f"{text!r} begins the lines {found}"
    return found[0]


def test_sound_documents_have_no_fault(documented: Path) -> None:
    done = run_corridor(documented, "check", expect=0)
    assert (done.stdout.splitlines()[-1], done.stderr) == ("region/en: no faults", "")


# What is changed into what, the line of the fault (its number, or how it begins), and the fault's words.
SWOT_FAULTS = [
    # Against the schema.
    pytest.param(
        "    title: No visa\n",
        "    titel: No visa\n    title: No visa\n",
        "titel:",
        'items 1: unknown key "titel"; did you mean "title"?',
        id="unknown key",
    ),
    pytest.param(
        "themes:\n",
        "zzz: 1\nthemes:\n",
        "zzz:",
        'the file: unknown key "zzz"; the keys are source, themes, codes, strategies, items, missing',
        id="unknown key of the file",
    ),
    pytest.param(
        "      role: trader\n",
        "      role: trader\n      age: 40\n",
        "age:",
        'items 1 voice: unknown key "age"; the keys are id, role, says',
        id="unknown key of a voice",
    ),
    pytest.param(
        "    text: Little remains.\n",
        "",
        "id: kaz.online.weakness.margins",
        'items 2: the key "text" is missing; add it',
        id="missing key",
    ),
    pytest.param(
        "source: alpha2020\n", "", "themes:", 'the file: the key "source" is missing; add it', id="no source"
    ),
    pytest.param(
        "title: Small margins",
        "title: 2024",
        "title: 2024",
        'items 2 title: "2024" is not text; put quotation marks around it',
        id="number for text",
    ),
    pytest.param(
        "codes: [prices]",
        "codes: prices",
        "codes: prices",
        'items 2 codes: "prices" is not a list; write a list',
        id="text for a list",
    ),
    pytest.param(
        "    voice:\n      id: trader\n      role: trader\n      says: It is easy.\n",
        "    voice: It is easy.\n",
        "voice:",
        'items 1 voice: "It is easy." is not a mapping; write a mapping',
        id="text for a mapping",
    ),
    pytest.param(
        "number: 2",
        'number: "2"',
        'number: "2"',
        'strategies 2 number: "2" is not a whole number; write a whole number',
        id="text for a number",
    ),
    pytest.param(
        "kaz.online.weakness.margins",
        "kaz.online.Weakness.margins",
        "id: kaz.online.Weakness",
        f'items 2 id: "kaz.online.Weakness.margins" is not of the right form; {ID}',
        id="form of an item's id",
    ),
    pytest.param(
        "kaz.online.weakness.margins",
        "kaz.online.margins",
        "id: kaz.online.margins",
        f'items 2 id: "kaz.online.margins" is not of the right form; {ID}',
        id="too few parts",
    ),
    pytest.param(
        "  - id: prices",
        "  - id: Prices",
        "id: Prices",
        f'codes 2 id: "Prices" is not of the right form; {SLUG}',
        id="form of a code's id",
    ),
    pytest.param(
        "country: KGZ",
        "country: kgz",
        "country: kgz",
        f'missing 1 country: "kgz" is not of the right form; {ISO}',
        id="form of a country",
    ),
    pytest.param(
        "quadrant: weakness",
        "quadrant: weaknes",
        "quadrant: weaknes",
        'items 2 quadrant: "weaknes" is not one of the values allowed; did you mean "weakness"?',
        id="unknown quadrant",
    ),
    pytest.param(
        "quadrant: weakness",
        "quadrant: minus",
        "quadrant: minus",
        'items 2 quadrant: "minus" is not one of the values allowed; '
        "write one of strength, weakness, opportunity, threat",
        id="quadrant far from any",
    ),
    pytest.param("codes: [prices]", "codes: []", "codes: []", f"items 2 codes: {EMPTY}", id="empty list"),
    pytest.param("text: Little remains.", 'text: ""', 'text: ""', f"items 2 text: {EMPTY}", id="empty text"),
    pytest.param(
        "codes: [visa, prices]",
        "codes: [visa, prices, visa]",
        "codes: [visa, prices, visa]",
        "items 3 codes: an entry stands twice; delete one",
        id="entry twice",
    ),
    pytest.param(
        "number: 2",
        "number: 0",
        "number: 0",
        "strategies 2 number: 0 is less than the minimum of 1; mend it as the schema asks",
        id="number too small",
    ),
    # References.
    pytest.param(
        "source: alpha2020",
        "source: alpha2002",
        "source:",
        '"alpha2002" is not a key of the bibliography; did you mean "alpha2020"?',
        id="unknown source",
    ),
    pytest.param(
        "source: alpha2020",
        "source: zhang",
        "source:",
        '"zhang" is not a key of the bibliography; add the work to references.bib',
        id="source far from any",
    ),
    pytest.param(
        "  - id: money\n    title: Money\n",
        "  - id: money\n    title: Money\n  - id: travel\n    title: Trips\n",
        7,
        'themes: the id "travel" stands twice, first in line 3; rename one of them',
        id="theme twice",
    ),
    pytest.param(
        "codes:\n  - id: visa\n",
        "codes:\n  - id: visa\n    theme: travel\n    title: V\n    definition: D.\n  - id: visa\n",
        12,
        'codes: the id "visa" stands twice, first in line 8; rename one of them',
        id="code twice",
    ),
    pytest.param(
        THIRD,
        THIRD + THIRD.replace("refers: [kaz.direct.strength.no-visa]\n    ", ""),
        61,
        'items: the id "kgz.direct.threat.closed-border" stands twice, first in line 53; rename one of them',
        id="item twice",
    ),
    pytest.param(
        "theme: money",
        "theme: monye",
        "theme: monye",
        'codes 2 theme: "monye" is not a theme; did you mean "money"?',
        id="unknown theme",
    ),
    pytest.param(
        "codes: [prices]",
        "codes: [prices, price]",
        "codes: [prices, price]",
        'items 2 codes 2: "price" is not a code; did you mean "prices"?',
        id="unknown code",
    ),
    pytest.param(
        "codes: [prices]",
        "codes:\n      - prices\n      - qqq",
        "- qqq",
        f'items 2 codes 2: "qqq" is not a code; {THERE}',
        id="code far from any, on its line",
    ),
    pytest.param(
        "refers: [kaz.direct.strength.no-visa]",
        "refers: [kaz.direct.strength.no-vise]",
        "refers:",
        'items 3 refers 1: "kaz.direct.strength.no-vise" is not an item; '
        'did you mean "kaz.direct.strength.no-visa"?',
        id="unknown item",
    ),
    pytest.param(
        "refers: [kaz.direct.strength.no-visa]",
        "refers: [kgz.direct.threat.closed-border]",
        "refers:",
        "items 3: the item refers to itself; take the reference out",
        id="item refers to itself",
    ),
    # Evidence.
    pytest.param(
        "    evidence: {stated: p. 3}\n",
        "",
        "id: kgz.direct",
        'items 3: the key "evidence" is missing; add it',
        id="no evidence",
    ),
    pytest.param(
        "evidence: {stated: p. 3}", "evidence: {}", "evidence: {}", f"items 3 evidence: {EMPTY}", id="empty"
    ),
    pytest.param(
        "terms.kaz.margin,",
        "terms.kaz.margins,",
        "evidence: {facts",
        'items 2 evidence facts 1 key: "terms.kaz.margins" is not a key of the data; '
        'did you mean "terms.kaz.margin"?',
        id="unknown key of a figure",
    ),
    pytest.param(
        "terms.kaz.margin,",
        "margin,",
        "evidence: {facts",
        'items 2 evidence facts 1 key: "margin" is not of the right form; '
        "write the key of a data row, such as terms.kgz.visa_agency_fee",
        id="form of a key",
    ),
    pytest.param(
        ", value: 5 percent}",
        "}",
        "evidence: {facts",
        'items 2 evidence facts 1: the key "value" is missing; add it',
        id="no recorded value",
    ),
    pytest.param(
        "evidence: {voices: [trader]}",
        "evidence: {voices: [trader, trade]}",
        "evidence: {voices",
        'items 1 evidence voices 2: "trade" is not a voice; did you mean "trader"?',
        id="unknown voice",
    ),
    pytest.param(
        "evidence: {stated: p. 3}",
        "evidence: {voices: [trader]}",
        59,
        'items 3 evidence voices 1: "trader" is a voice from another country; take it out',
        id="voice from another country",
    ),
    pytest.param(
        "evidence: {voices: [trader]}",
        "evidence: {stated: p. 1}",
        "id: trader",
        'the voice "trader" is evidence of no item; name it in an item\'s evidence',
        id="voice that nothing rests on",
    ),
    pytest.param(
        "    codes: [prices]\n",
        "    codes: [prices]\n    voice: {id: trader, role: buyer, says: Yes.}\n",
        "voice: {id",
        'items 2 voice id: the id "trader" stands twice, first in line 41; rename one of them',
        id="voice twice",
    ),
    pytest.param(
        "      id: trader\n",
        "",
        "voice:",
        'items 1 voice: the key "id" is missing; add it',
        id="voice without an id",
    ),
    pytest.param(
        "evidence: {voices: [trader]}",
        "evidence: {voices: [trader], stated: p. 1}",
        "evidence: {voices",
        'items 1 evidence: there is more than the source\'s own sentence; take "stated" out, or the rest',
        id="stated beside a voice",
    ),
    # What an item's id says.
    pytest.param(
        "quadrant: threat",
        "quadrant: weakness # not the id's",
        "quadrant: weakness #",
        'items 3: the id says "threat", the quadrant is "weakness"; make them agree',
        id="quadrant not as in the id",
    ),
    pytest.param(
        "    definition: What goods cost.\n",
        "    definition: What goods cost.\n"
        "  - id: duties\n    theme: money\n    title: Duties\n    definition: D.\n",
        "id: duties",
        'the code "duties" is used by no item; code an item with it or take it out',
        id="unused code",
    ),
    pytest.param(GAP, "", "items:", NO_ITEM.format("KGZ", "online"), id="a gap without a reason"),
    pytest.param(
        "    number: 2\n",
        "    number: 3\n",
        "number: 3",
        f"strategies: number 3 stands in place 2; {NUMBERS}",
        id="numbers out of order",
    ),
    # Files.
    pytest.param(
        "codes: [prices]",
        "codes: [prices",
        "evidence: {facts",
        "not YAML: expected ',' or ']', but got ':'; mend the indentation, quotation marks or brackets there",
        id="not YAML",
    ),
    pytest.param(
        "    locator: p. 2\n",
        "    locator: p. 2\n    title: Again\n",
        "title: Again",
        'the key "title" stands twice; keep one of them',
        id="key twice",
    ),
]

POLICY_FAULTS = [
    pytest.param(
        "    note: A note.\n",
        "    remark: A note.\n",
        "remark:",
        'recommendations 2: unknown key "remark"; the keys are id, number, title, summary, countries, steps, '
        "actors, cost, answers, locator, note",
        id="unknown key",
    ),
    pytest.param(
        "      because: Guards are dear.\n",
        "",
        31,
        'recommendations 2 cost: the key "because" is missing; add it',
        id="missing key",
    ),
    pytest.param(
        "class: high",
        "class: hihg",
        "class: hihg",
        'recommendations 2 cost class: "hihg" is not one of the values allowed; did you mean "high"?',
        id="unknown cost",
    ),
    pytest.param(
        "    steps:\n      - Keep it open.\n",
        "    steps: []\n",
        "steps: []",
        f"recommendations 2 steps: {EMPTY}",
        id="no steps",
    ),
    pytest.param(
        "    answers:\n      - item: kgz.direct.threat.closed-border\n        because: It stays open.\n",
        "    answers: []\n",
        "answers: []",
        f"recommendations 2 answers: {EMPTY}",
        id="no answers",
    ),
    pytest.param(
        "countries: [KGZ]",
        "countries: [KGZ, KGZ]",
        "countries: [KGZ, KGZ]",
        "recommendations 2 countries: an entry stands twice; delete one",
        id="country twice",
    ),
    pytest.param(
        "source: beta2021",
        "source: beta2012",
        "source:",
        '"beta2012" is not a key of the bibliography; did you mean "beta2021"?',
        id="unknown source",
    ),
    pytest.param(
        "  - id: border\n",
        "  - id: margins\n",
        23,
        'recommendations: the id "margins" stands twice, first in line 8; rename one of them',
        id="recommendation twice",
    ),
    pytest.param(
        "  - id: customs\n    title: Customs\n",
        "  - id: customs\n    title: Customs\n  - id: customs\n    title: Guards\n",
        7,
        'actors: the id "customs" stands twice, first in line 5; rename one of them',
        id="actor twice",
    ),
    pytest.param(
        "number: 2",
        "number: 1 # again",
        "number: 1 #",
        f"recommendations: number 1 stands in place 2; {NUMBERS}",
        id="numbers out of order",
    ),
    pytest.param(
        "countries: [KGZ]",
        "countries: [KGZ, KZG]",
        "countries: [KGZ, KZG]",
        'recommendations 2 countries 2: "KZG" is not an area; did you mean "KGZ"?',
        id="unknown area",
    ),
    pytest.param(
        "actors: [customs, ministry]",
        "actors: [customs, ministery]",
        "actors: [customs, ministery]",
        'recommendations 2 actors 2: "ministery" is not an actor; did you mean "ministry"?',
        id="unknown actor",
    ),
    pytest.param(
        "actors: [customs, ministry]",
        "actors: [ministry]",
        "id: customs",
        'the actor "customs" appears in no recommendation; name it in one or take it out',
        id="unused actor",
    ),
    pytest.param(
        "      - item: kaz.online.weakness.margins\n",
        "      - item: kaz.online.weakness.margin\n",
        "- item: kaz",
        'recommendations 1 answers 1 item: "kaz.online.weakness.margin" is not an item of the SWOT analyses; '
        'did you mean "kaz.online.weakness.margins"?',
        id="unknown item",
    ),
    pytest.param(
        "        because: It raises them.\n",
        "        because: It raises them.\n"
        "      - item: kaz.online.weakness.margins\n        because: Once more.\n",
        22,
        'recommendations 1 answers 2 item: "kaz.online.weakness.margins" stands twice; delete one',
        id="answer twice",
    ),
    pytest.param(
        "item: kaz.online.weakness.margins",
        "item: kaz.direct.strength.no-visa",
        "- item: kaz",
        'recommendations 1 answers 1 item: "kaz.direct.strength.no-visa" is no weakness or threat; '
        "answer those only",
        id="answers a strength",
    ),
    pytest.param(
        "countries: [KAZ]",
        "countries: [KGZ] # not KAZ",
        "- item: kaz",
        'recommendations 1 answers 1 item: "kaz.online.weakness.margins" is of a country that the '
        "recommendation is not made to; add the country, or take the item out",
        id="answers for another country",
    ),
    pytest.param(
        "item: kaz.online.weakness.margins",
        "item: margins",
        "- item: margins",
        f'recommendations 1 answers 1 item: "margins" is not of the right form; {ID}',
        id="form of an item's id",
    ),
    pytest.param(
        "title: Ministry",
        "title: [Ministry",
        "id: customs",
        "not YAML: expected ',' or ']', but got ':'; mend the indentation, quotation marks or brackets there",
        id="not YAML",
    ),
]

TALKS_FAULTS = [
    pytest.param(
        "number: 2", "number: 4", "number: 4", f"questionnaire: number 4 stands in place 2; {NUMBERS}", id="4"
    ),
    pytest.param(
        "branches: [Osh]",
        "branches: [1]",
        "branches:",
        'branches 1: "1" is not text; put quotation marks around it',
        id="number for text",
    ),
    pytest.param(
        "source: alpha2020",
        "source: alpha",
        "source:",
        '"alpha" is not a key of the bibliography; did you mean "alpha2020"?',
        id="unknown source",
    ),
    pytest.param(
        "ethics:\n  - All agreed.\n",
        "",
        "source:",
        'the file: the key "ethics" is missing; add it',
        id="missing key",
    ),
]


def check_fault(root: Path, name: str, old: str, new: str, at: str | int, what: str) -> None:
    edit(root / name, old, new)
    number = at if isinstance(at, int) else line_of(root / name, at)
    assert faults(root) == [f"{name}:{number}: {what}"]


@pytest.mark.parametrize(("old", "new", "at", "what"), SWOT_FAULTS)
def test_swot(documented: Path, old: str, new: str, at: str | int, what: str) -> None:
    check_fault(documented, SWOT, old, new, at, what)


@pytest.mark.parametrize(("old", "new", "at", "what"), POLICY_FAULTS)
def test_recommendations(documented: Path, old: str, new: str, at: str | int, what: str) -> None:
    check_fault(documented, POLICY, old, new, at, what)


@pytest.mark.parametrize(("old", "new", "at", "what"), TALKS_FAULTS)
def test_interviews(documented: Path, old: str, new: str, at: str | int, what: str) -> None:
    check_fault(documented, TALKS, old, new, at, what)


def test_a_value_that_has_changed_is_no_fault(documented: Path) -> None:
    edit(documented / SWOT, "value: 5 percent", "value: 4 percent")
    assert faults(documented) == []


def test_keys_are_those_of_the_data(documented: Path) -> None:
    edit(documented / FIGURES, "terms.kaz.margin", "terms.kaz.margin_2020")
    assert faults(documented) == [
        f'{SWOT}:51: items 2 evidence facts 1 key: "terms.kaz.margin" is not a key of the data; '
        'did you mean "terms.kaz.margin_2020"?'
    ]


def test_gap_of_an_unknown_strategy(documented: Path) -> None:
    edit(documented / SWOT, "strategy: online", "strategy: onlin")
    assert sorted(faults(documented)) == [
        f'{SWOT}:31: missing 1 strategy: "onlin" is not a strategy; did you mean "online"?',
        f"{SWOT}:34: {NO_ITEM.format('KGZ', 'online')}",
    ]


def test_gap_of_an_unknown_area(documented: Path) -> None:
    edit(documented / SWOT, "country: KGZ", "country: QQQ")
    assert sorted(faults(documented)) == [
        f'{SWOT}:30: missing 1 country: "QQQ" is not an area; {THERE}',
        f"{SWOT}:34: {NO_ITEM.format('KGZ', 'online')}",
    ]


def test_gap_that_is_none(documented: Path) -> None:
    edit(documented / SWOT, "strategy: online", "strategy: direct")
    assert sorted(faults(documented)) == [
        f"{SWOT}:30: missing 1: KGZ has items for direct; take the entry out, or the items",
        f"{SWOT}:34: {NO_ITEM.format('KGZ', 'online')}",
    ]


def test_item_of_an_unknown_strategy(documented: Path) -> None:
    edit(documented / SWOT, "kaz.online.weakness.margins", "kaz.onlin.weakness.margins")
    edit(documented / POLICY, "kaz.online.weakness.margins", "kaz.onlin.weakness.margins")
    assert sorted(faults(documented)) == [
        f"{SWOT}:34: {NO_ITEM.format('KAZ', 'online')}",
        f'{SWOT}:46: items 2 id: "onlin" is not a strategy; did you mean "online"?',
    ]


def test_item_of_an_unknown_area(documented: Path) -> None:
    edit(documented / SWOT, "kgz.direct.threat.closed-border", "kgx.direct.threat.closed-border")
    edit(documented / POLICY, "kgz.direct.threat.closed-border", "kgx.direct.threat.closed-border")
    edit(documented / POLICY, "countries: [KGZ]", "countries: [KGX]")
    assert sorted(faults(documented)) == [
        f'{POLICY}:27: recommendations 2 countries 1: "KGX" is not an area; did you mean "KGZ"?',
        f"{SWOT}:34: {NO_ITEM.format('KGX', 'online')}",
        f'{SWOT}:53: items 3 id: "KGX" is not an area; did you mean "KGZ"?',
    ]


def test_answers_need_swot_analyses(documented: Path) -> None:
    leave_out(documented, "swot")
    assert faults(documented) == [
        f'{POLICY}:20: recommendations 1 answers 1 item: "kaz.online.weakness.margins" is not an item of the '
        f"SWOT analyses; {THERE}",
        f'{POLICY}:35: recommendations 2 answers 1 item: "kgz.direct.threat.closed-border" is not an item of '
        f"the SWOT analyses; {THERE}",
    ]


def test_what_faulty_analyses_make_of_answers_is_no_fault_of_theirs(documented: Path) -> None:
    edit(documented / SWOT, "    text: Little remains.\n", "")
    edit(documented / POLICY, "item: kgz.direct.threat.closed-border", "item: kgz.direct.threat.unknown")
    edit(documented / POLICY, "  - id: border\n", "  - id: margins\n")
    assert sorted(faults(documented)) == [
        f'{POLICY}:23: recommendations: the id "margins" stands twice, first in line 8; rename one of them',
        f'{SWOT}:46: items 2: the key "text" is missing; add it',
    ]


def test_a_document_that_is_no_resource_is_not_read(documented: Path) -> None:
    leave_out(documented, "recommendations")
    edit(documented / POLICY, "source: beta2021", "[")
    assert faults(documented) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, ": the file is missing; restore it, or take it out of data/datapackage.json"),
        (b"", ':1: the file is empty; write "key: value" lines'),
        (b"- source: a\n", ':1: the file does not hold a mapping; write "key: value" lines'),
        ("source: caf\xe9\n".encode("latin-1"), ":1: the text is not UTF-8; save the file as UTF-8"),
    ],
)
@pytest.mark.parametrize("name", [SWOT, TALKS])
def test_file(documented: Path, name: str, content: bytes | None, message: str) -> None:
    (documented / name).unlink()
    if content is not None:
        (documented / name).write_bytes(content)
    assert faults(documented) == [f"{name}{message}"]


# Tables are sorted in check_tables; documents are not yet.
def test_all_faults_in_order_of_file_and_line(documented: Path) -> None:
    assert spoilt(documented).stderr.splitlines() == [*SPOILT, "6 faults in the paper"]


def test_all_faults_at_once(documented: Path) -> None:
    done = spoilt(documented)
    assert done.stdout == ""
    *found, last = done.stderr.splitlines()
    assert (sorted(found), last) == (sorted(SPOILT), "6 faults in the paper")


SPOILT = [
    f'{TALKS}:1: "alpha" is not a key of the bibliography; did you mean "alpha2020"?',
    f'{POLICY}:15: recommendations 1 actors 1: "minister" is not an actor; did you mean "ministry"?',
    f'{SWOT}:9: codes 1 theme: "travle" is not a theme; did you mean "travel"?',
    f'{SWOT}:50: items 2 codes 1: "price" is not a code; did you mean "prices"?',
    f'{SWOT}:54: items 3: the id says "threat", the quadrant is "weakness"; make them agree',
    'chapters/method.qmd:19: there is no label "tbl-flow"; did you mean "tbl-flows"?',
]


def spoilt(root: Path) -> subprocess.CompletedProcess[str]:
    edit(root / TALKS, "source: alpha2020", "source: alpha")
    edit(root / SWOT, "theme: travel", "theme: travle")
    edit(root / SWOT, "codes: [prices]", "codes: [price]")
    edit(root / SWOT, "quadrant: threat", "quadrant: weakness")
    edit(root / POLICY, "    actors: [ministry]", "    actors: [minister]")
    edit(root / "chapters/method.qmd", "@tbl-flows", "@tbl-flow")
    return run_corridor(root, "check", expect=1)


def leave_out(root: Path, name: str) -> None:
    package = json.loads((root / PACKAGE).read_text(encoding="utf-8"))
    package["resources"] = [entry for entry in package["resources"] if entry["name"] != name]
    (root / PACKAGE).write_text(json.dumps(package), encoding="utf-8")
