"""Policy recommendations: what each answers, who must act, and which come first under stated criteria."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd

from corridor.swot import HARMFUL

COSTS = ("low", "medium", "high")

CRITERIA = {"answered": 1, "reach": 1, "actors": -1, "cost": -1}
"""The criteria of the ranking: 1 where more is better, -1 where less is."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The recommendations of a study, and our reading of them.

    Parameters
    ----------
    recommendations
        ``id``, ``number``, ``title``, ``summary``, ``countries`` (list), ``cost`` (one of `COSTS`) and
        ``cost_because`` (ours), ``note``, ``source``, ``locator``; in the order of the source.
    steps
        One step a row: ``recommendation``, ``number``, ``text``.
    actors
        Who is to act: ``recommendation``, ``actor`` (id), ``title``.
    answers
        The SWOT items that a recommendation answers, by our judgement: ``recommendation``, ``item``,
        ``because``.
    """

    recommendations: pd.DataFrame
    steps: pd.DataFrame
    actors: pd.DataFrame
    answers: pd.DataFrame


def read_policy(content: Mapping[str, Any]) -> Policy:
    """Arrange the document ``recommendations`` of a data package, which `corridor check` has checked."""
    names = {actor["id"]: actor["title"] for actor in content["actors"]}
    heads, steps, actors, answers = [], [], [], []
    for entry in content["recommendations"]:
        key = {"recommendation": entry["id"]}
        cost = {"cost": entry["cost"]["class"], "cost_because": entry["cost"]["because"]}
        plain = {name: entry[name] for name in ("id", "number", "title", "summary", "countries", "locator")}
        heads.append({**plain, **cost, "note": entry.get("note", ""), "source": content["source"]})
        steps += [{**key, "number": n, "text": text} for n, text in enumerate(entry["steps"], start=1)]
        actors += [{**key, "actor": actor, "title": names[actor]} for actor in entry["actors"]]
        answers += [{**key, **answer} for answer in entry["answers"]]
    return Policy(
        recommendations=pd.DataFrame(heads),
        steps=pd.DataFrame(steps),
        actors=pd.DataFrame(actors),
        answers=pd.DataFrame(answers),
    )


def answered(policy: Policy, items: pd.DataFrame, country: str) -> pd.DataFrame:
    """Say of each weakness and threat of a country which recommendations answer it.

    Parameters
    ----------
    policy
        The recommendations.
    items
        Items of `corridor.swot.Swot`.
    country
        Code of the country.

    Returns
    -------
    DataFrame
        The country's weaknesses and threats in the order of `items`, with ``answered_by``: a list of ids of
        recommendations made to the country, empty where none answers.
    """
    harmful = _harmful(items, country)
    links = policy.answers[policy.answers["recommendation"].isin(_made_to(policy, country))]
    by_item = links.groupby("item", sort=False)["recommendation"].agg(list)
    return harmful.assign(
        answered_by=[by_item.get(item, []) for item in harmful["id"]],
    ).reset_index(drop=True)


def _harmful(items: pd.DataFrame, country: str) -> pd.DataFrame:
    return items[items["country"].eq(country) & items["quadrant"].isin(HARMFUL)]


def _made_to(policy: Policy, country: str) -> set[str]:
    made = policy.recommendations.explode("countries")
    return set(made.loc[made["countries"] == country, "id"])


def criteria(policy: Policy, items: pd.DataFrame, country: str) -> pd.DataFrame:
    """Measure the recommendations made to a country by the criteria of the ranking.

    Returns
    -------
    DataFrame
        Indexed by recommendation: ``answered``, how many of the country's weaknesses and threats it
        answers; ``reach``, in how many of the country's strategies there is one of them; ``actors``, how
        many kinds of actors must act; ``cost``, its class from 1 (low) to 3 (high).
    """
    strategy = dict(_harmful(items, country)[["id", "strategy"]].itertuples(index=False))
    reached: dict[str, list[str]] = {}
    for recommendation, item in zip(policy.answers["recommendation"], policy.answers["item"], strict=True):
        if item in strategy:
            reached.setdefault(recommendation, []).append(strategy[item])
    acting = Counter(policy.actors["recommendation"])
    made = policy.recommendations
    rows = {
        name: {
            "answered": len(reached.get(name, [])),
            "reach": len(set(reached.get(name, []))),
            "actors": acting[name],
            "cost": COSTS.index(cost) + 1,
        }
        for name, countries, cost in zip(made["id"], made["countries"], made["cost"], strict=True)
        if country in countries
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(CRITERIA))


def rank(table: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Rank recommendations by the weighted sum of their criteria.

    Parameters
    ----------
    table
        A table of `criteria`.
    weights
        Weight of each criterion, 0 or more; only their proportions count.

    Returns
    -------
    DataFrame
        Indexed like `table`: ``score`` from 0 to 1 and ``rank`` from 1; equal scores share a rank.

    Raises
    ------
    ValueError
        If a weight is missing, unknown or negative, or all are zero.

    Notes
    -----
    Each criterion is stretched to 0 for its worst and 1 for its best value among the recommendations;
    one on which all are equal counts nothing. The weighted sum model is Fishburn's (1967), as pymcdm
    computes it.
    """
    _check_weights(table, weights)
    scores = pd.Series(_scores(table, [weights])[0], index=table.index)
    return pd.DataFrame({"score": scores, "rank": scores.rank(ascending=False, method="min").astype(int)})


def _scores(table: pd.DataFrame, weightings: Sequence[Mapping[str, float]]) -> np.ndarray:
    """Return the scores under several weightings: a line each, a column for each recommendation."""
    scores = np.zeros((len(weightings), len(table)))
    if table.empty:
        return scores
    from pymcdm.methods import WSM
    from pymcdm.normalizations import minmax_normalization

    model = WSM(normalization_function=minmax_normalization)
    values = table.to_numpy(dtype=float)
    kinds = np.array([CRITERIA[name] for name in table.columns])
    differing = values.min(axis=0) < values.max(axis=0)
    for line, weights in enumerate(weightings):
        given = np.array([weights[name] for name in table.columns], dtype=float)
        telling = differing & (given > 0)
        if telling.any():
            share = given[telling] / given.sum()
            # pymcdm wants weights that add up to one; what the other criteria weigh is lost to all alike.
            # Its own checks warn of every dominated alternative.
            score = model(values[:, telling], share / share.sum(), kinds[telling], validation=False)
            scores[line] = score * share.sum()
    # Sums of the same parts in another order must not decide a rank.
    return scores.round(12)


def _check_weights(table: pd.DataFrame, weights: Mapping[str, float]) -> None:
    if set(weights) != set(table.columns):
        raise ValueError(f"weights are needed for {', '.join(table.columns)}, not for {', '.join(weights)}")
    if min(weights.values()) < 0 or not sum(weights.values()) > 0:
        raise ValueError("weights must be 0 or more, and not all of them 0")


def weightings(names: list[str], steps: int) -> list[dict[str, float]]:
    """Return all weightings in equal steps: every way to share out ``steps`` equal parts.

    Examples
    --------
    >>> weightings(["a", "b"], 2)
    [{'a': 0.0, 'b': 1.0}, {'a': 0.5, 'b': 0.5}, {'a': 1.0, 'b': 0.0}]
    """
    found = []
    for bars in combinations(range(steps + len(names) - 1), len(names) - 1):
        ends = (-1, *bars, steps + len(names) - 1)
        parts = [right - left - 1 for left, right in pairwise(ends)]
        found.append({name: part / steps for name, part in zip(names, parts, strict=True)})
    return found


def acceptability(table: pd.DataFrame, steps: int = 10) -> pd.DataFrame:
    """Say how often each recommendation takes each rank, over all weightings.

    Parameters
    ----------
    table
        A table of `criteria`.
    steps
        Into how many parts the weight is shared out; 10 gives steps of ten percent.

    Returns
    -------
    DataFrame
        One row a recommendation and rank: ``recommendation``, ``rank``, ``share`` (percent).

    Notes
    -----
    The rank acceptability index of stochastic multicriteria acceptability analysis (Lahdelma, Hokkanen and
    Salminen 1998), with a regular grid in the place of random weights: the same table gives the same shares.
    """
    if table.empty:
        return pd.DataFrame(columns=["recommendation", "rank", "share"])
    scores = _scores(table, weightings(list(table), steps))
    ranks = 1 + (scores[:, None, :] > scores[:, :, None]).sum(axis=2)
    places = range(1, len(table) + 1)
    shares = pd.DataFrame(
        [(ranks == place).mean(axis=0) for place in places], index=places, columns=table.index
    )
    long = (shares * 100).rename_axis(index="rank", columns="recommendation").T.stack()
    return long.rename("share").reset_index()


def challenge(
    policy: Policy, items: pd.DataFrame, country: str, weights: Mapping[str, float]
) -> pd.DataFrame:
    """Try whether the first place of a country hangs on a single judgement.

    Parameters
    ----------
    policy
        The recommendations.
    items
        Items of `corridor.swot.Swot`.
    country
        Code of the country.
    weights
        Weight of each criterion, as for `rank`.

    Returns
    -------
    DataFrame
        One row a change: ``change``, ``answer`` where one answer is left out and ``costs`` where all cost
        alike; ``item``, the answer's; ``first``, the recommendations that then come first (list of ids).
    """

    def first(changed: Policy) -> list[str]:
        ranked = rank(criteria(changed, items, country), weights)
        return list(ranked.index[ranked["rank"] == 1])

    ours = policy.answers["item"].isin(items.loc[items["country"] == country, "id"])
    ours &= policy.answers["recommendation"].isin(_made_to(policy, country))
    rows = [
        {
            "change": "answer",
            "item": policy.answers.loc[place, "item"],
            "first": first(replace(policy, answers=policy.answers.drop(index=place))),
        }
        for place in policy.answers.index[ours]
    ]
    alike = replace(policy, recommendations=policy.recommendations.assign(cost=COSTS[0]))
    rows.append({"change": "costs", "item": "", "first": first(alike)})
    return pd.DataFrame(rows)
