"""Recommendations: what they answer, and their ranking against sums done by hand."""

import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor import policy, swot
from corridor.data import open_package
from corridor.policy import Policy

DATA = Path(__file__).parents[1] / "data"
CRITERIA = ["answered", "reach", "actors", "cost"]


def measured(**rows: list[int]) -> pd.DataFrame:
    """Return a table of criteria: recommendations with their values, in the order of `CRITERIA`."""
    return pd.DataFrame.from_dict(rows, orient="index", columns=CRITERIA)


def weights(*values: float) -> dict[str, float]:
    return dict(zip(CRITERIA, values, strict=True))


# --- the real file


@pytest.fixture(scope="module")
def study() -> Policy:
    return policy.read_policy(open_package(DATA).document("recommendations"))


@pytest.fixture(scope="module")
def items() -> pd.DataFrame:
    return swot.read_swot(open_package(DATA).document("swot")).items


def test_read_policy(study: Policy) -> None:
    heads = study.recommendations
    assert heads["id"].tolist() == ["visa", "data", "awareness", "marketplaces", "payments"]
    assert heads["number"].tolist() == [1, 2, 3, 4, 5]
    assert heads["cost"].tolist() == ["low", "medium", "low", "high", "medium"]
    assert heads["countries"].tolist() == [["KGZ"]] + [["KAZ", "KGZ"]] * 4
    assert heads["note"].ne("").tolist() == [True, False, False, True, True]
    assert heads["source"].unique().tolist() == ["enikeeva2025"]

    def sizes(frame: pd.DataFrame) -> list[int]:
        return [int((frame["recommendation"] == name).sum()) for name in heads["id"]]

    assert sizes(study.steps) == [1, 3, 3, 3, 1]
    assert sizes(study.actors) == [2, 2, 3, 4, 4]
    assert sizes(study.answers) == [3, 4, 9, 9, 4]
    assert study.steps.loc[study.steps["recommendation"] == "data", "number"].tolist() == [1, 2, 3]
    assert study.actors.iloc[0].tolist() == ["visa", "foreign-ministries", "Foreign ministries"]
    assert study.answers.iloc[0].to_dict() == {
        "recommendation": "visa",
        "item": "kgz.xinjiang.weakness.visa-regime",
        "because": "It removes the invitation letter, the agency fee and the detour to the south.",
    }


def test_criteria_of_the_real_recommendations(study: Policy, items: pd.DataFrame) -> None:
    # Counted in data/recommendations.yml: answers by country, the strategies in their ids, actors, cost.
    assert policy.criteria(study, items, "KGZ").T.to_dict("list") == {
        "visa": [3, 3, 2, 1],
        "data": [1, 1, 2, 2],
        "awareness": [6, 3, 3, 1],
        "marketplaces": [4, 3, 4, 3],
        "payments": [3, 2, 4, 2],
    }
    assert policy.criteria(study, items, "KAZ").T.to_dict("list") == {
        "data": [3, 1, 2, 2],
        "awareness": [3, 3, 3, 1],
        "marketplaces": [5, 3, 4, 3],
        "payments": [1, 1, 4, 2],
    }


# --- small frames


@pytest.fixture
def small() -> Policy:
    recommendations = pd.DataFrame(
        {
            "id": ["one", "two", "three"],
            "countries": [["AAA"], ["AAA", "BBB"], ["BBB"]],
            "cost": ["high", "low", "medium"],
        }
    )
    answers = pd.DataFrame(
        [
            ("one", "aaa.s.weakness.x"),
            ("one", "aaa.t.threat.y"),
            ("two", "aaa.s.weakness.x"),
            ("two", "bbb.s.weakness.x"),
            ("three", "aaa.s.threat.z"),  # of a country that it is not made to
        ],
        columns=["recommendation", "item"],
    )
    actors = pd.DataFrame({"recommendation": ["one", "two", "two", "two", "three"], "actor": list("pqrst")})
    return Policy(recommendations=recommendations, steps=pd.DataFrame(), actors=actors, answers=answers)


@pytest.fixture
def few() -> pd.DataFrame:
    names = ["aaa.t.threat.y", "aaa.s.strength.w", "aaa.s.weakness.x", "aaa.s.threat.z", "bbb.s.weakness.x"]
    parts = [name.split(".") for name in names]
    return pd.DataFrame(
        {
            "id": names,
            "country": [part[0].upper() for part in parts],
            "strategy": [part[1] for part in parts],
            "quadrant": [part[2] for part in parts],
        }
    )


def test_answered(small: Policy, few: pd.DataFrame) -> None:
    table = policy.answered(small, few, "AAA")
    assert table[["id", "answered_by"]].to_numpy().tolist() == [
        ["aaa.t.threat.y", ["one"]],
        ["aaa.s.weakness.x", ["one", "two"]],
        ["aaa.s.threat.z", []],
    ]
    assert table.index.tolist() == [0, 1, 2]
    assert policy.answered(small, few, "BBB")["answered_by"].tolist() == [["two"]]
    assert policy.answered(small, few, "CCC").empty


def test_criteria(small: Policy, few: pd.DataFrame) -> None:
    # one answers two items in two strategies; two answers one here, its other is the other country's.
    table = policy.criteria(small, few, "AAA")
    assert list(table) == CRITERIA
    assert table.T.to_dict("list") == {"one": [2, 2, 1, 3], "two": [1, 1, 3, 1]}
    # three is made to BBB and answers nothing of it.
    assert policy.criteria(small, few, "BBB").T.to_dict("list") == {
        "two": [1, 1, 3, 1],
        "three": [0, 0, 1, 2],
    }


# --- rank


def test_rank_by_hand() -> None:
    # Stretched to 0 for the worst and 1 for the best; of actors and cost less is better:
    #     answered  reach  actors  cost        answered  reach  actors  cost
    # a      4        2      1      3             1        1      1      0
    # b      2        1      3      1             0        0      0      1
    # c      3        2      3      2            1/2       1      0     1/2
    # Weights 4 : 1 : 2 : 3 are 0.4, 0.1, 0.2, 0.3.
    # a = 0.4 + 0.1 + 0.2 = 0.7; b = 0.3; c = 0.2 + 0.1 + 0.15 = 0.45.
    table = measured(a=[4, 2, 1, 3], b=[2, 1, 3, 1], c=[3, 2, 3, 2])
    ranked = policy.rank(table, weights(4, 1, 2, 3))
    assert ranked["score"].to_dict() == pytest.approx({"a": 0.7, "b": 0.3, "c": 0.45})
    assert ranked["rank"].to_dict() == {"a": 1, "b": 3, "c": 2}
    # Only the proportions count, and not the order in which the weights are given.
    again = policy.rank(table, {"cost": 0.3, "answered": 0.4, "actors": 0.2, "reach": 0.1})
    pd.testing.assert_frame_equal(again, ranked)


def test_ties_and_a_criterion_that_does_not_tell() -> None:
    # Reach and actors are the same for all and count nothing, whatever they weigh:
    # a = 1/8 x 1 = 0.125; b = 1/8 x 1 = 0.125; c = 0. Two share the first rank, the next is third.
    table = measured(a=[2, 5, 1, 3], b=[1, 5, 1, 1], c=[1, 5, 1, 3])
    ranked = policy.rank(table, weights(1, 2, 4, 1))
    assert ranked["score"].to_dict() == pytest.approx({"a": 0.125, "b": 0.125, "c": 0})
    assert ranked["rank"].to_dict() == {"a": 1, "b": 1, "c": 3}


def test_sums_that_floating_point_parts_are_ties() -> None:
    # a is best in answered and reach, b in actors: 0.1 + 0.2 and 0.3, which a computer takes for different.
    table = measured(a=[2, 2, 2, 1], b=[1, 1, 1, 1], c=[1, 1, 2, 1])
    assert 0.1 + 0.2 != 0.3
    ranked = policy.rank(table, weights(0.1, 0.2, 0.3, 0.4))
    assert ranked["rank"].to_dict() == {"a": 1, "b": 1, "c": 3}


def test_weights_of_nothing() -> None:
    # Without a weight on the rest the order is that of reach: b, then a and c.
    table = measured(a=[9, 1, 1, 1], b=[1, 2, 3, 3], c=[5, 1, 2, 2])
    ranked = policy.rank(table, weights(0, 1, 0, 0))
    assert ranked["score"].to_dict() == {"a": 0, "b": 1, "c": 0}
    assert ranked["rank"].to_dict() == {"a": 2, "b": 1, "c": 2}


@pytest.mark.parametrize(
    ("table", "given"),
    [
        (measured(a=[1, 1, 1, 1], b=[1, 1, 1, 1]), weights(1, 1, 1, 1)),
        (measured(a=[1, 1, 1, 1], b=[2, 1, 1, 1]), weights(0, 1, 1, 1)),  # what tells has no weight
        (measured(a=[3, 2, 1, 1]), weights(1, 1, 1, 1)),
    ],
)
def test_nothing_tells_them_apart(table: pd.DataFrame, given: dict[str, float]) -> None:
    ranked = policy.rank(table, given)
    assert ranked["score"].tolist() == [0] * len(table)
    assert ranked["rank"].tolist() == [1] * len(table)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"answered": 1, "reach": 1, "actors": 1},
            "weights are needed for answered, reach, actors, cost, not for answered, reach, actors",
        ),
        ({**weights(1, 1, 1, 1), "colour": 1}, "weights are needed for .* cost, colour"),
        ({}, "weights are needed"),
        (weights(1, -1, 1, 1), "0 or more, and not all of them 0"),
        (weights(0, 0, 0, 0), "0 or more, and not all of them 0"),
    ],
)
def test_weights_that_make_no_sense(given: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        policy.rank(measured(a=[1, 2, 3, 1], b=[2, 1, 3, 1]), given)


numbers = st.integers(0, 6)


@settings(deadline=None)
@given(st.lists(st.tuples(numbers, numbers, numbers, st.integers(1, 3)), min_size=1, max_size=6))
def test_all_weight_on_one_criterion_ranks_by_it(rows: list[tuple[int, ...]]) -> None:
    table = pd.DataFrame(rows, columns=CRITERIA)
    for name in CRITERIA:
        ranked = policy.rank(table, {other: float(other == name) for other in CRITERIA})
        more_is_better = name in ("answered", "reach")
        # A rank is one more than the number of those that are strictly better.
        expected = [
            1 + sum((other > value) if more_is_better else (other < value) for other in table[name])
            for value in table[name]
        ]
        assert ranked["rank"].tolist() == expected


@settings(deadline=None)
@given(
    st.lists(st.tuples(numbers, numbers, numbers, st.integers(1, 3)), min_size=2, max_size=5),
    st.tuples(*[st.integers(0, 5)] * 4).filter(any),
)
def test_scores_by_the_formula(rows: list[tuple[int, ...]], given: tuple[int, ...]) -> None:
    table = pd.DataFrame(rows, columns=CRITERIA)
    ranked = policy.rank(table, weights(*given))
    for number, row in enumerate(rows):
        score = 0.0
        for place, value in enumerate(row):
            column = [other[place] for other in rows]
            least, most = min(column), max(column)
            if most > least:
                part = (value - least) / (most - least)
                score += given[place] / sum(given) * (part if place < 2 else 1 - part)
        assert ranked["score"].iloc[number] == pytest.approx(score, abs=1e-9)


# --- weightings and acceptability


@pytest.mark.parametrize(("count", "steps"), [(1, 3), (2, 2), (3, 4), (4, 10), (4, 1)])
def test_weightings(count: int, steps: int) -> None:
    names = CRITERIA[:count]
    found = policy.weightings(names, steps)
    assert len(found) == math.comb(steps + count - 1, count - 1)
    assert all(list(weighting) == names for weighting in found)
    assert all(sum(weighting.values()) == pytest.approx(1) for weighting in found)
    assert all(round(w * steps, 9) == round(w * steps) for one in found for w in one.values())
    assert len({tuple(weighting.values()) for weighting in found}) == len(found)


def test_acceptability_counts_the_ranks_of_all_weightings() -> None:
    table = measured(a=[3, 2, 4, 1], b=[3, 1, 2, 2], c=[5, 2, 4, 3], d=[1, 1, 1, 1])
    ranks = [policy.rank(table, one)["rank"] for one in policy.weightings(CRITERIA, 5)]
    expected = pd.DataFrame(ranks).apply(lambda column: column.value_counts(normalize=True)) * 100
    shares = policy.acceptability(table, steps=5).pivot(
        index="rank", columns="recommendation", values="share"
    )
    assert shares.to_numpy() == pytest.approx(expected.fillna(0.0).sort_index().to_numpy())


def test_acceptability_by_hand() -> None:
    # Two criteria, two parts of weight to share out: all on cost, half and half, all on answered.
    #     answered  cost      stretched     cost only   half and half   answered only
    # a      3       3         1    0        0  (2nd)    0.5  (1st)      1    (1st)
    # b      1       1         0    1        1  (1st)    0.5  (1st)      0    (3rd)
    # c      2       3        1/2   0        0  (2nd)    0.25 (3rd)      0.5  (2nd)
    table = pd.DataFrame({"answered": [3, 1, 2], "cost": [3, 1, 3]}, index=["a", "b", "c"])
    shares = policy.acceptability(table, steps=2)
    assert list(shares) == ["recommendation", "rank", "share"]
    found = {(name, rank): share for name, rank, share in shares.to_numpy().tolist()}
    third = 100 / 3
    assert found == pytest.approx(
        {
            ("a", 1): 2 * third, ("a", 2): third, ("a", 3): 0,
            ("b", 1): 2 * third, ("b", 2): 0, ("b", 3): third,
            ("c", 1): 0, ("c", 2): 2 * third, ("c", 3): third,
        }
    )  # fmt: skip


def test_shares_of_each_recommendation_make_a_hundred(study: Policy, items: pd.DataFrame) -> None:
    table = policy.criteria(study, items, "KAZ")
    shares = policy.acceptability(table, steps=4)
    assert len(shares) == len(table) ** 2
    assert shares["rank"].tolist() == [1, 2, 3, 4] * 4
    assert shares.groupby("recommendation")["share"].sum().tolist() == pytest.approx([100] * 4)
    # Awareness reaches as far as any and costs least, and more actors than data's must act: whoever weighs
    # reach and cost alone puts it first, so it is first more often than payments, which is first never.
    first = shares[shares["rank"] == 1].set_index("recommendation")["share"]
    assert first["payments"] == 0
    assert first["awareness"] > 50


def test_whether_the_first_place_hangs_on_one_judgement(small: Policy, few: pd.DataFrame) -> None:
    # Weights 1 : 0 : 0 : 2. For AAA one answers 2 items at cost 3, two answers 1 at cost 1: one has 1/3, two
    # has 2/3. Without an answer of one, both answer 1, and cost alone decides; without that of two no
    # stretched value changes. Where all cost alike, one comes first with its answers.
    tried = policy.challenge(small, few, "AAA", weights(1, 0, 0, 2))
    assert tried.to_numpy().tolist() == [
        ["answer", "aaa.s.weakness.x", ["two"]],
        ["answer", "aaa.t.threat.y", ["two"]],
        ["answer", "aaa.s.weakness.x", ["two"]],
        ["costs", "", ["one"]],
    ]
