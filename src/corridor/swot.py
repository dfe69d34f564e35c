"""SWOT analyses: coded items by country, strategy and quadrant, and what follows from them.

An item is what a study says of one strategy in one country: a strength or weakness (inside the firms), an
opportunity or threat (outside). Codes say what items are about, themes group codes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

QUADRANTS = ("strength", "weakness", "opportunity", "threat")

HELPFUL = ("strength", "opportunity")

HARMFUL = ("weakness", "threat")


@dataclass(frozen=True, kw_only=True)
class Swot:
    """The SWOT analyses of a study.

    Parameters
    ----------
    items
        One item a row, in the order of the source: ``id``, ``country``, ``strategy``, ``quadrant``,
        ``title``, ``text``, ``voice`` (id), ``role`` and ``says`` (the respondent's, "" without one),
        ``codes`` and ``themes`` (lists), ``refers`` (list of ids), ``source``, ``locator``.
    evidence
        What the items rest on, one piece a row: ``item``; ``kind``: ``fact``, ``voice``, or ``stated`` where
        the source's own sentence is all there is; ``reference``: the fact's key or the voice's id, "" for
        a statement; ``value``: the fact's text when the item was last reviewed, "" for others; ``source`` and
        ``locator``, "" for facts, which have their own.
    strategies
        ``id``, ``number``, ``title``, ``short`` (title where room is scarce), ``summary``, ``source``,
        ``locator``.
    codes
        The codebook: ``id``, ``theme``, ``title``, ``definition``.
    themes
        ``id``, ``title``.
    missing
        Countries and strategies without items: ``country``, ``strategy``, ``reason``, ``source``,
        ``locator``.
    """

    items: pd.DataFrame
    evidence: pd.DataFrame
    strategies: pd.DataFrame
    codes: pd.DataFrame
    themes: pd.DataFrame
    missing: pd.DataFrame


def read_swot(content: Mapping[str, Any]) -> Swot:
    """Arrange the document ``swot`` of a data package, which `corridor check` has checked."""
    source = content["source"]
    theme_of = {code["id"]: code["theme"] for code in content["codes"]}
    rows = []
    for item in content["items"]:
        country, strategy, _, _ = item["id"].split(".")
        voice = item.get("voice", {})
        rows.append(
            {
                "id": item["id"],
                "country": country.upper(),
                "strategy": strategy,
                "quadrant": item["quadrant"],
                "title": item["title"],
                "text": item["text"],
                "voice": voice.get("id", ""),
                "role": voice.get("role", ""),
                "says": voice.get("says", ""),
                "codes": item["codes"],
                "themes": list(dict.fromkeys(theme_of[code] for code in item["codes"])),
                "refers": item.get("refers", []),
                "source": source,
                "locator": item["locator"],
            }
        )
    return Swot(
        items=pd.DataFrame(rows),
        evidence=pd.DataFrame(
            _evidence(content["items"], source),
            columns=["item", "kind", "reference", "value", "source", "locator"],
        ),
        strategies=pd.DataFrame(content["strategies"]).assign(source=source),
        codes=pd.DataFrame(content["codes"]),
        themes=pd.DataFrame(content["themes"]),
        missing=pd.DataFrame(
            content.get("missing", []), columns=["country", "strategy", "reason", "locator"]
        ).assign(source=source),
    )


def _evidence(items: Sequence[Mapping[str, Any]], source: str) -> Iterator[list[str]]:
    places = {item["voice"]["id"]: item["locator"] for item in items if "voice" in item}
    for item in items:
        evidence = item["evidence"]
        for fact in evidence.get("facts", []):
            yield [item["id"], "fact", fact["key"], fact["value"], "", ""]
        for voice in evidence.get("voices", []):
            yield [item["id"], "voice", voice, "", source, places[voice]]
        if "stated" in evidence:
            yield [item["id"], "stated", "", "", source, evidence["stated"]]


def limited(study: Swot, countries: Collection[str]) -> Swot:
    """Return the analyses of some countries of a study.

    Returns
    -------
    Swot
        Items refer to each other only within these countries, and figures on another country of the study,
        as voices from there, are no evidence: where an item rests on nothing else, the source's own sentence
        is left.
    """
    others = {code.lower() for code in study.items["country"]} - {code.lower() for code in countries}
    items = select(study.items, countries)
    here = set(items["id"])
    items["refers"] = [[name for name in found if name in here] for found in items["refers"]]
    evidence = study.evidence[study.evidence["item"].isin(here)]
    # The second part of a key says what area it is on: terms.kgz.cargo_rate, trade.cn_xj_kaz.turnover_2023.
    areas = evidence["reference"].where(evidence["kind"] == "fact", "").str.split(".").str[1].fillna("")
    away = areas.map(lambda area: not others.isdisjoint(area.split("_"))).astype(bool)
    away |= evidence["kind"].eq("voice") & ~evidence["reference"].isin(items["voice"])
    kept = evidence[~away]
    bare = items.loc[~items["id"].isin(kept["item"]), ["id", "source", "locator"]]
    stated = bare.rename(columns={"id": "item"}).assign(kind="stated", reference="", value="")
    return replace(
        study,
        items=items,
        evidence=pd.concat([kept, stated[list(kept.columns)]], ignore_index=True),
        missing=study.missing[study.missing["country"].isin(countries)].reset_index(drop=True),
    )


def counts(items: pd.DataFrame) -> pd.DataFrame:
    """Count items by country, strategy and quadrant.

    Returns
    -------
    DataFrame
        One row a country and strategy, in the order of the items; the columns `QUADRANTS` and ``all``.
    """
    table = pd.crosstab([items["country"], items["strategy"]], items["quadrant"])
    order = items[["country", "strategy"]].drop_duplicates()
    table = table.reindex(index=pd.MultiIndex.from_frame(order), columns=list(QUADRANTS), fill_value=0)
    return table.assign(all=table.sum(axis=1)).reset_index().rename_axis(columns=None)


def theme_counts(items: pd.DataFrame) -> pd.DataFrame:
    """Count the items that touch each theme, by country, strategy and side.

    Returns
    -------
    DataFrame
        ``country``, ``strategy``, ``theme``, ``helpful`` and ``harmful``: numbers of items. An item with
        two themes counts in both.
    """
    long = items.explode("themes").rename(columns={"themes": "theme"})
    sides = long.assign(
        helpful=long["quadrant"].isin(HELPFUL).astype(int), harmful=long["quadrant"].isin(HARMFUL).astype(int)
    )
    keys = ["country", "strategy", "theme"]
    return sides.groupby(keys, sort=False)[["helpful", "harmful"]].sum().reset_index()


def compare(items: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Compare two countries matter by matter: what is coded alike in the same strategy.

    Parameters
    ----------
    items
        Items of `Swot`.
    first, second
        Codes of the countries.

    Returns
    -------
    DataFrame
        One row a matter that both countries have, because items of the same strategy share a code or an
        item of one country refers to one of the other: ``strategy`` ("" where they differ), ``code`` ("" for
        references); ``first`` and ``second`` (lists of item ids); ``verdict``: ``shared`` where all items
        lie on one side (strengths and opportunities, or weaknesses and threats), ``opposed`` where each
        country has its own side, ``mixed`` otherwise. The same items appear once, under their first code.
    """
    helpful = dict(zip(items["id"], items["quadrant"].isin(HELPFUL), strict=True))
    country = dict(zip(items["id"], items["country"], strict=True))
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, str]] = {}
    for _, group in items.explode("codes").groupby(["strategy", "codes"], sort=False):
        one, other = (tuple(group.loc[group["country"] == code, "id"]) for code in (first, second))
        if one and other:
            found.setdefault((one, other), (group["strategy"].iloc[0], group["codes"].iloc[0]))
    for item, referred in items.explode("refers").dropna(subset="refers")[["id", "refers"]].to_numpy():
        ends = {country[item]: item, country.get(referred): referred}
        if set(ends) == {first, second}:
            pair = ((ends[first],), (ends[second],))
            if not any(set(pair[0]) <= set(one) and set(pair[1]) <= set(other) for one, other in found):
                ways = {item.split(".")[1], referred.split(".")[1]}
                found[pair] = (ways.pop() if len(ways) == 1 else "", "")
    rows = []
    for (one, other), (strategy, code) in found.items():
        sides = [{helpful[name] for name in names} for names in (one, other)]
        mixed = any(len(side) > 1 for side in sides)
        verdict = "mixed" if mixed else "shared" if sides[0] == sides[1] else "opposed"
        rows.append([strategy, code, list(one), list(other), verdict])
    return pd.DataFrame(rows, columns=["strategy", "code", "first", "second", "verdict"])


def pairs(items: pd.DataFrame, inside: str, outside: str) -> pd.DataFrame:
    """Match what lies inside the firms with what lies outside, as the TOWS matrix does.

    Parameters
    ----------
    items
        Items of `Swot`.
    inside
        ``strength`` or ``weakness``.
    outside
        ``opportunity`` or ``threat``.

    Returns
    -------
    DataFrame
        One row a pair of items of one country and strategy that touch a common theme: ``country``,
        ``strategy``, ``inside``, ``outside`` (ids), ``themes`` (list of the common ones).

    Notes
    -----
    The matrix is Weihrich's (1982), who pairs by judgement; here the coding stands for the judgement.
    """
    keys = ["country", "strategy", "themes"]
    long = items.explode("themes")
    met = (
        long.loc[long["quadrant"] == inside, [*keys, "id"]]
        .rename(columns={"id": "inside"})
        .merge(
            long.loc[long["quadrant"] == outside, [*keys, "id"]].rename(columns={"id": "outside"}), on=keys
        )
    )
    grouped = met.groupby(["country", "strategy", "inside", "outside"], sort=False)["themes"].agg(list)
    place = {name: number for number, name in enumerate(items["id"])}
    found = grouped.reset_index()
    return found.sort_values(["inside", "outside"], key=lambda ids: ids.map(place)).reset_index(drop=True)


def select(items: pd.DataFrame, countries: Collection[str]) -> pd.DataFrame:
    """Return the items of some countries."""
    return items[items["country"].isin(countries)].reset_index(drop=True)
