"""SWOT analyses: what is counted and compared, and that the data hold what the source's tables hold."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import yaml

from corridor import swot
from corridor.data import open_package
from corridor.swot import Swot

DATA = Path(__file__).parents[1] / "data"


def frame(*rows: tuple[str, str, str] | tuple[str, str, str, str]) -> pd.DataFrame:
    """Return items from ids, codes, themes and, where there are any, the items referred to."""
    items = []
    for name, codes, themes, *refers in rows:
        country, strategy, quadrant, _ = name.split(".")
        items.append(
            {
                "id": name,
                "country": country.upper(),
                "strategy": strategy,
                "quadrant": quadrant,
                "codes": codes.split(),
                "themes": themes.split(),
                "refers": refers[0].split() if refers else [],
            }
        )
    return pd.DataFrame(items)


# --- counts


def test_counts_in_the_order_of_the_items() -> None:
    items = frame(
        ("kgz.south.threat.a", "x", "t"),
        ("kgz.north.strength.a", "x", "t"),
        ("kaz.south.weakness.a", "x", "t"),
        ("kgz.south.threat.b", "x", "t"),
        ("kgz.south.opportunity.a", "x", "t"),
    )
    table = swot.counts(items)
    assert list(table) == ["country", "strategy", "strength", "weakness", "opportunity", "threat", "all"]
    assert table.to_numpy().tolist() == [
        ["KGZ", "south", 0, 0, 1, 2, 3],
        ["KGZ", "north", 1, 0, 0, 0, 1],
        ["KAZ", "south", 0, 1, 0, 0, 1],
    ]


def test_theme_counts() -> None:
    # An item with two themes counts in both; strengths and opportunities help, the others harm.
    items = frame(
        ("kgz.south.strength.a", "x", "t u"),
        ("kgz.south.opportunity.a", "x", "t"),
        ("kgz.south.threat.a", "x", "u"),
        ("kgz.north.weakness.a", "x", "t"),
    )
    table = swot.theme_counts(items)
    assert list(table) == ["country", "strategy", "theme", "helpful", "harmful"]
    assert table.to_numpy().tolist() == [
        ["KGZ", "south", "t", 2, 0],
        ["KGZ", "south", "u", 1, 1],
        ["KGZ", "north", "t", 0, 1],
    ]


# --- compare


def compared(items: pd.DataFrame) -> list[list]:
    table = swot.compare(items, "KGZ", "KAZ")
    assert list(table) == ["strategy", "code", "first", "second", "verdict"]
    return table.to_numpy().tolist()


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("strength", "strength", "shared"),
        ("strength", "opportunity", "shared"),
        ("weakness", "threat", "shared"),
        ("weakness", "strength", "opposed"),
        ("opportunity", "threat", "opposed"),
    ],
)
def test_compare_two_items(one: str, other: str, verdict: str) -> None:
    items = frame((f"kgz.s.{one}.a", "visa", "t"), (f"kaz.s.{other}.b", "visa", "t"))
    assert compared(items) == [["s", "visa", [f"kgz.s.{one}.a"], [f"kaz.s.{other}.b"], verdict]]


def test_compare_where_one_country_has_both_sides() -> None:
    items = frame(
        ("kgz.s.strength.a", "visa", "t"), ("kgz.s.threat.b", "visa", "t"), ("kaz.s.threat.c", "visa", "t")
    )
    both = ["kgz.s.strength.a", "kgz.s.threat.b"]
    assert compared(items) == [["s", "visa", both, ["kaz.s.threat.c"], "mixed"]]


def test_the_same_items_are_compared_once() -> None:
    items = frame(
        ("kgz.s.strength.a", "visa travel", "t"),
        ("kaz.s.strength.b", "travel visa", "t"),
        ("kaz.s.strength.c", "price", "t"),
    )
    assert compared(items) == [["s", "visa", ["kgz.s.strength.a"], ["kaz.s.strength.b"], "shared"]]


def test_other_strategies_codes_and_countries_are_not_compared() -> None:
    items = frame(
        ("kgz.s.strength.a", "visa", "t"),
        ("kgz.s.strength.b", "visa", "t"),
        ("kaz.s.strength.c", "price", "t"),
        ("kaz.other.strength.d", "visa", "t"),
        ("uzb.s.strength.e", "visa", "t"),
    )
    assert compared(items) == []


def test_compare_by_reference() -> None:
    items = frame(
        ("kgz.s.strength.a", "visa", "t"),
        ("kgz.s.threat.b", "price", "t"),
        # Back to the first country, from another strategy and quadrant; the country's own is passed over.
        ("kaz.other.threat.c", "rules", "t", "kgz.s.strength.a kaz.other.threat.d"),
        ("kaz.other.threat.d", "duty", "t"),
    )
    assert compared(items) == [["", "", ["kgz.s.strength.a"], ["kaz.other.threat.c"], "opposed"]]


def test_a_reference_from_the_first_country() -> None:
    items = frame(("kgz.s.threat.b", "price", "t", "kaz.o.weakness.c"), ("kaz.o.weakness.c", "rules", "t"))
    assert compared(items) == [["", "", ["kgz.s.threat.b"], ["kaz.o.weakness.c"], "shared"]]


def test_what_a_code_has_matched_no_reference_matches_again() -> None:
    items = frame(
        ("kgz.s.threat.a", "cargo", "t"),
        ("kgz.s.threat.b", "cargo", "t"),
        ("kaz.s.threat.c", "cargo", "t", "kgz.s.threat.b"),
    )
    assert compared(items) == [
        ["s", "cargo", ["kgz.s.threat.a", "kgz.s.threat.b"], ["kaz.s.threat.c"], "shared"]
    ]


def test_a_reference_to_an_item_left_out() -> None:
    items = frame(("kgz.s.threat.a", "x", "t"), ("kaz.s.threat.c", "y", "t", "uzb.s.threat.d"))
    assert compared(items) == []


# --- pairs


def test_pairs() -> None:
    items = frame(
        ("kgz.s.strength.late", "x", "t u"),
        ("kgz.s.opportunity.two", "x", "u"),
        ("kgz.s.strength.one", "x", "u"),
        ("kgz.s.opportunity.both", "x", "u t"),
        ("kgz.s.threat.no", "x", "t"),  # another quadrant
        ("kgz.o.opportunity.no", "x", "t"),  # another strategy
        ("kaz.s.opportunity.no", "x", "t"),  # another country
        ("kgz.s.opportunity.no", "x", "v"),  # another theme
    )
    table = swot.pairs(items, "strength", "opportunity")
    assert table.to_numpy().tolist() == [
        ["KGZ", "s", "kgz.s.strength.late", "kgz.s.opportunity.two", ["u"]],
        ["KGZ", "s", "kgz.s.strength.late", "kgz.s.opportunity.both", ["t", "u"]],
        ["KGZ", "s", "kgz.s.strength.one", "kgz.s.opportunity.two", ["u"]],
        ["KGZ", "s", "kgz.s.strength.one", "kgz.s.opportunity.both", ["u"]],
    ]


def test_nothing_to_pair() -> None:
    table = swot.pairs(frame(("kgz.s.strength.a", "x", "t")), "strength", "threat")
    assert table.empty
    assert list(table) == ["country", "strategy", "inside", "outside", "themes"]


def test_select() -> None:
    items = frame(("kgz.s.strength.a", "x", "t"), ("kaz.s.strength.b", "x", "t"))
    chosen = swot.select(items, ["KAZ"])
    assert (chosen["id"].tolist(), chosen.index.tolist()) == (["kaz.s.strength.b"], [0])


# --- the real data


@pytest.fixture(scope="module")
def study() -> Swot:
    return swot.read_swot(open_package(DATA).document("swot"))


def test_the_analyses_of_one_country(study: Swot) -> None:
    part = swot.limited(study, ["KAZ"])
    assert part.items["country"].unique().tolist() == ["KAZ"]
    assert len(part.items) == 46
    assert set(part.evidence["item"]) == set(part.items["id"])
    assert not any("kgz" in name for found in part.items["refers"] for name in found)
    assert any("kgz" in name for found in study.items["refers"] for name in found)
    # This threat rests on a figure of the other country alone: what is left is that the source says so.
    second = "kaz.khorgos.threat.second-khorgos"
    assert study.evidence.loc[study.evidence["item"] == second, "kind"].tolist() == ["fact"]
    [left] = part.evidence[part.evidence["item"] == second].to_dict("records")
    assert (left["kind"], left["reference"], left["source"]) == ("stated", "", "enikeeva2025")
    assert left["locator"] == study.items.set_index("id").loc[second, "locator"]
    # The other country's part, and all, lose nothing.
    assert len(swot.limited(study, ["KGZ"]).missing) == 1
    assert part.missing.empty
    everything = swot.limited(study, ["KAZ", "KGZ"])
    assert everything.evidence.to_numpy().tolist() == study.evidence.to_numpy().tolist()


def test_the_analyses_of_a_country_without_any(study: Swot) -> None:
    part = swot.limited(study, ["TJK"])
    assert (len(part.items), len(part.evidence), len(part.missing)) == (0, 0, 0)
    assert list(part.evidence) == list(study.evidence)


# Strengths, weaknesses, opportunities and threats, counted in the source's tables: sections 5.1 and 5.2.
COUNTED = {
    ("KGZ", "xinjiang"): (2, 4, 3, 2),
    ("KGZ", "south"): (1, 3, 3, 3),
    ("KGZ", "marketplaces"): (5, 5, 3, 1),
    ("KGZ", "repurchase"): (1, 1, 1, 1),
    ("KAZ", "xinjiang"): (3, 1, 2, 2),
    ("KAZ", "south"): (4, 3, 1, 1),
    ("KAZ", "marketplaces"): (2, 3, 3, 4),
    ("KAZ", "repurchase"): (2, 3, 2, 2),
    ("KAZ", "khorgos"): (2, 3, 1, 2),
}


def test_items_are_those_of_the_source(study: Swot) -> None:
    table = swot.counts(study.items).set_index(["country", "strategy"])
    assert {key: tuple(row) for key, *row in table[list(swot.QUADRANTS)].itertuples()} == COUNTED
    assert table.groupby("country")["all"].sum().to_dict() == {"KGZ": 39, "KAZ": 46}
    assert len(study.items) == 85


def test_the_gap_is_told(study: Swot) -> None:
    [gap] = study.missing.to_dict("records")
    assert (gap["country"], gap["strategy"]) == ("KGZ", "khorgos")
    assert gap["reason"].startswith("The source has a paragraph and no table")
    assert gap["source"] == "enikeeva2025"


def test_what_is_read(study: Swot) -> None:
    assert study.strategies["id"].tolist() == ["xinjiang", "south", "marketplaces", "repurchase", "khorgos"]
    assert study.items["source"].unique().tolist() == ["enikeeva2025"]
    item = study.items.set_index("id").loc["kgz.xinjiang.weakness.low-quality"]
    assert item["codes"] == ["product-quality", "factories"]
    assert item["themes"] == ["quality", "suppliers"]
    assert item["role"] == "owners of sewing warehouses"
    assert item["refers"] == ["kgz.south.strength.profitability", "kgz.south.weakness.low-order-volumes"]
    # Two codes of one theme make the theme once.
    item = study.items.set_index("id").loc["kgz.xinjiang.opportunity.affordability"]
    assert (item["codes"], item["themes"]) == (["small-firms", "order-size"], ["scale"])
    silent = study.items.set_index("id").loc["kgz.south.strength.profitability"]
    assert (silent["role"], silent["says"], silent["refers"]) == ("", "", [])


# What begins with a capital in a voice and in the role, besides sentences: places, peoples, languages.
NAMES = {
    "Bishkek", "Central", "Asia", "China", "Chinese", "Dungans", "Han", "Kazakh", "Kazakhs", "Kazakhstan",
    "Khorgos", "Kyrgyz", "Madina", "Urumqi", "Uyghurs", "Xinjiang",
}  # fmt: skip


def capitals(text: str) -> set[str]:
    """Return the words with a capital that do not begin a sentence."""
    return set(re.findall(r"(?<![.!?:;] )(?<!^)\b[A-Z][\w’-]*", text))


def test_capitals() -> None:
    assert capitals("They met Aigul. Then Bek left; Osh") == {"Aigul", "Bek"}


def test_voices_have_a_role_and_no_name(study: Swot) -> None:
    voices = study.items[study.items["says"].ne("") | study.items["role"].ne("")]
    assert len(voices) == 19
    for voice in voices.to_dict("records"):
        assert voice["role"], voice["id"]
        assert voice["says"], voice["id"]
        assert voice["role"][0].islower(), f"{voice['id']}: a role, not a name"
        assert capitals(f"x {voice['role']}") <= NAMES, voice["id"]
        first, *_ = voice["says"].split()
        assert first in {
            "Trade", "Trouble", "Translation", "Transport", "Fabrics", "They", "Since", "Kyrgyz", "Only",
            "Imports", "Their", "Chinese", "Warehouses", "Many", "The",
        }, voice["id"]  # fmt: skip
        assert capitals(voice["says"]) <= NAMES, voice["id"]


# --- against the source


@pytest.fixture(scope="module")
def source() -> str:
    folder = os.environ.get("CORRIDOR_SOURCES")
    if not folder:
        pytest.skip("CORRIDOR_SOURCES does not name the folder of the source texts")
    [file] = Path(folder).glob("enikeeva*.txt")
    return file.read_text(encoding="utf-8")


def numbers(text: str) -> set[str]:
    """Return the numbers in digits, without separators of thousands."""
    return {number.replace(",", "") for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}


def test_numbers() -> None:
    found = numbers("In 2024, $10,000 to 20–25 kg, 1.5%; 1688.")
    assert found == {"2024", "10000", "20", "25", "1.5", "1688"}


def texts(content: object) -> Iterator[str]:
    """Yield what a reader is told; numbers that order the entries, ids and places are not texts."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key not in ("id", "number", "locator", "note", "item", "source"):
                yield from texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from texts(value)
    else:
        yield str(content)


@pytest.mark.parametrize("name", ["swot", "recommendations", "interviews"])
def test_every_number_stands_in_the_source(name: str, source: str) -> None:
    printed = numbers(source)
    content = yaml.safe_load((DATA / f"{name}.yml").read_text(encoding="utf-8"))
    told = {number: text for text in texts(content) for number in numbers(text)}
    assert {number: text for number, text in told.items() if number not in printed} == {}
    if name == "swot":
        assert len(told) > 15


def test_numbers_of_an_item_stand_close_together_in_the_source(source: str, study: Swot) -> None:
    # An invented number that happens to stand elsewhere in the source is found here.
    flat = " ".join(source.split())
    places: dict[str, list[int]] = {}
    for match in re.finditer(r"\d+(?:,\d{3})*(?:\.\d+)?", flat):
        places.setdefault(match[0].replace(",", ""), []).append(match.start())
    for item in study.items.to_dict("records"):
        wanted = numbers(f"{item['text']} {item['says']}")
        if wanted:
            rare = min(wanted, key=lambda number: len(places[number]))
            assert any(
                all(any(abs(at - here) < 3000 for at in places[number]) for number in wanted)
                for here in places[rare]
            ), f"{item['id']}: {wanted}"


def test_the_five_recommendations(source: str) -> None:
    content = yaml.safe_load((DATA / "recommendations.yml").read_text(encoding="utf-8"))
    assert len(content["recommendations"]) == 5
    *_, section = source.split("\n7. Policy Recommendations\n")
    section = section.split("\nReferences\n")[0]
    for number, word in enumerate(("visa", "data", "awareness", "marketplaces", "e-commerce"), start=1):
        [row] = [entry for entry in content["recommendations"] if entry["number"] == number]
        assert row["locator"] == f"sec. 7, row {number}"
        assert word in section.lower()
    # Names of firms and services in the steps are the source's.
    steps = " ".join(step for entry in content["recommendations"] for step in entry["steps"])
    brands = {"Alibaba", "JD.com", "Kaspi.kz", "MBank", "WeChat Pay", "Alipay", "UnionPay", "Xinjiang"}
    assert brands == {brand for brand in brands if brand in steps}
    assert brands == {brand for brand in brands if brand in section}
