"""From items to evidence, recommendations and actors, and back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.messages import gettext, ngettext

if TYPE_CHECKING:
    import pandas as pd

    from corridor.data import Package
    from corridor.facts import Fact
    from corridor.policy import Policy
    from corridor.swot import Swot

FILE = "traceability.json"

LINKS = ("item", "evidence", "recommendation", "actor")
"""The links of a chain, in order."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """A fact that is no longer what it was when an item was last reviewed.

    Parameters
    ----------
    item
        Id of the item.
    key
        Key of the fact.
    was, now
        Its text, recorded and present.
    """

    item: str
    key: str
    was: str
    now: str


def anchor(kind: str, item: str) -> str:
    """Return the id of an item's place in a chapter.

    Examples
    --------
    >>> anchor("swot", "kgz.xinjiang.weakness.visa-regime")
    'swot-kgz-xinjiang-weakness-visa-regime'
    """
    return f"{kind}-{item.replace('.', '-')}"


def chains(study: Swot, plan: Policy) -> pd.DataFrame:
    """Return every way from an item over its evidence and a recommendation to an actor.

    Parameters
    ----------
    study
        The SWOT analyses.
    plan
        The recommendations.

    Returns
    -------
    DataFrame
        One row a chain: ``country``, ``item``, ``kind`` (``fact``, ``voice`` or ``stated``), ``evidence`` (a
        key or an id, "" where the source states the item itself), ``recommendation``, ``actor``. Nothing is
        lost: what no recommendation answers stands with "" behind it, a recommendation that answers nothing
        with "" before it.
    """
    import pandas as pd

    evidence = study.evidence.rename(columns={"reference": "evidence"})[["item", "kind", "evidence"]]
    found = study.items[["country", "id"]].rename(columns={"id": "item"}).merge(evidence, how="left")
    found = found.merge(plan.answers[["recommendation", "item"]], on="item", how="left")
    idle = plan.recommendations.loc[~plan.recommendations["id"].isin(found["recommendation"]), "id"]
    found = pd.concat([found, idle.rename("recommendation").to_frame()])
    found = found.merge(plan.actors[["recommendation", "actor"]], on="recommendation", how="left")
    return found.fillna("")[["country", "item", "kind", "evidence", "recommendation", "actor"]]


def through(table: pd.DataFrame, link: str, name: str) -> pd.DataFrame:
    """Return the chains that pass through one of `LINKS`, whichever way one follows them.

    Examples
    --------
    ``through(table, "actor", "customs")["item"].unique()`` are the items that customs can act upon;
    ``through(table, "evidence", "terms.kgz.visa_agency_fee")["actor"].unique()`` are those whom a new fee
    concerns.
    """
    if link not in LINKS:
        raise ValueError(f'"{link}" is no link of a chain; there are {", ".join(LINKS)}')
    return table[table[link] == name].reset_index(drop=True)


def unanswered(study: Swot, plan: Policy) -> list[str]:
    """Return the ids of the weaknesses and threats that no recommendation to their country answers."""
    from corridor.policy import answered

    found: list[str] = []
    for country in study.items["country"].unique():
        table = answered(plan, study.items, country)
        found.extend(table.loc[table["answered_by"].map(len) == 0, "id"])
    return found


def changed(evidence: pd.DataFrame, facts: Mapping[str, Fact]) -> list[Change]:
    """Return where the recorded value of a fact differs from its present text.

    Parameters
    ----------
    evidence
        Evidence of `corridor.swot.Swot`.
    facts
        Facts by key; evidence on others is passed over.
    """
    found = []
    for row in evidence[evidence["kind"] == "fact"].itertuples():
        if row.reference in facts:
            now = _plain(facts[row.reference].text())
            if now != row.value:
                found.append(Change(item=row.item, key=row.reference, was=row.value, now=now))
    return found


def located(evidence: pd.DataFrame, facts: Mapping[str, Fact]) -> pd.DataFrame:
    """Return evidence with source and locator of the facts as well."""
    places = {key: fact.sources[0] for key, fact in facts.items()}
    is_fact = evidence["kind"] == "fact"
    found = evidence.copy()
    found.loc[is_fact, "source"] = [places[key].key for key in evidence.loc[is_fact, "reference"]]
    found.loc[is_fact, "locator"] = [places[key].locator for key in evidence.loc[is_fact, "reference"]]
    return found


def told(study: Swot, facts: Mapping[str, Fact], names: Mapping[str, str], language: str) -> dict[str, str]:
    """Tell the evidence of each item in short.

    Parameters
    ----------
    study
        The SWOT analyses.
    facts
        Facts by key.
    names
        Names of areas by code; that of the item's own country is left out behind a fact's title.
    language
        Language of the values.

    Returns
    -------
    dict of str
        By id of the item: its figures, with what they were when they have changed, and the roles of those
        whose voices support it.
    """
    from corridor.observations import moment
    from corridor.qualifiers import qualified

    roles = dict(zip(study.items["voice"], study.items["role"], strict=True))
    was = {(change.item, change.key): change.was for change in changed(study.evidence, facts)}
    found: dict[str, str] = {}
    given: dict[tuple[str, str], list[str]] = {}
    evidence = study.evidence
    for item, kind, reference in zip(evidence["item"], evidence["kind"], evidence["reference"], strict=True):
        given.setdefault((item, kind), []).append(reference)
    for item, country in zip(study.items["id"], study.items["country"], strict=True):
        parts = []
        for key in given.get((item, "fact"), []):
            fact = facts[key]
            when = moment(fact.year, fact.period, language)
            title = ", ".join(filter(None, [fact.title.removesuffix(f", {names[country]}"), when]))
            value = qualified(fact.qualifier, fact.text("", language) or "")
            text = gettext("{title}: {value}.")
            if (item, key) in was:
                text = gettext("{title}: {value} (evidence changed: it was {before}).")
            parts.append(text.format(title=title, value=value, before=was.get((item, key))))
        voices = [roles[name] for name in given.get((item, "voice"), [])]
        if voices:
            text = ngettext("Voice: {roles}.", "Voices: {roles}.", len(voices))
            parts.append(text.format(roles="; ".join(voices)))
        found[item] = " ".join(parts) or gettext("The source’s own sentence.")
    return found


def as_json(
    study: Swot, plan: Policy, facts: Mapping[str, Fact], countries: Collection[str]
) -> dict[str, Any]:
    """Return the graph of an edition: what leads to what, by id.

    Parameters
    ----------
    study, plan
        The SWOT analyses and the recommendations.
    facts
        Facts by key.
    countries
        Codes of the edition's countries; the rest is left out.

    Returns
    -------
    dict
        ``nodes``: ``id`` (its kind before a colon), ``kind``, ``title``, and where they apply ``countries``,
        ``source``, ``locator`` and more. ``edges``: ``from``, ``to``, ``kind``: evidence ``supports`` an
        item, which is ``answered_by`` a recommendation, which is ``carried_out_by`` an actor.
        ``unanswered``: ids of weaknesses and threats. ``changed``: facts that are no longer what they were
        at the last review.
    """
    from corridor.swot import limited

    part = limited(study, countries)
    items, evidence = part.items, part.evidence
    here = set(items["id"])
    made = [
        {**entry, "countries": [code for code in entry["countries"] if code in countries]}
        for entry in plan.recommendations.to_dict("records")
    ]
    made = [entry for entry in made if entry["countries"]]
    advice = {entry["id"] for entry in made}
    answers = plan.answers[plan.answers["item"].isin(here) & plan.answers["recommendation"].isin(advice)]
    acting = plan.actors[plan.actors["recommendation"].isin(advice)]
    nodes = [*_item_nodes(items), *_evidence_nodes(items, evidence, facts)]
    nodes += [_node("recommendation", entry, "countries", "source", "locator") for entry in made]
    actors = acting.drop_duplicates("actor").rename(columns={"actor": "id"}).to_dict("records")
    nodes += [_node("actor", entry) for entry in actors]
    edges = [
        {
            "from": _evidence_id(row),
            "to": f"item:{row['item']}",
            "kind": "supports",
            **({"recorded": row["value"]} if row["kind"] == "fact" else {}),
        }
        for row in evidence.to_dict("records")
    ]
    edges += [
        {
            "from": f"item:{row['item']}",
            "to": f"recommendation:{row['recommendation']}",
            "kind": "answered_by",
            "because": row["because"],
        }
        for row in answers.to_dict("records")
    ]
    edges += [
        {
            "from": f"recommendation:{row['recommendation']}",
            "to": f"actor:{row['actor']}",
            "kind": "carried_out_by",
        }
        for row in acting.to_dict("records")
    ]
    return {
        "nodes": nodes,
        "edges": edges,
        "unanswered": [f"item:{item}" for item in unanswered(study, plan) if item in here],
        "changed": [
            {
                "item": f"item:{change.item}",
                "fact": f"fact:{change.key}",
                "was": change.was,
                "now": change.now,
            }
            for change in changed(evidence, facts)
        ],
    }


def _item_nodes(items: pd.DataFrame) -> list[dict[str, Any]]:
    rows = items.assign(countries=items["country"].map(lambda code: [code])).to_dict("records")
    return [_node("item", row, "countries", "strategy", "quadrant", "source", "locator") for row in rows]


def _evidence_nodes(
    items: pd.DataFrame, evidence: pd.DataFrame, facts: Mapping[str, Fact]
) -> list[dict[str, Any]]:
    speakers = items[items["voice"] != ""].set_index("voice")
    found: dict[str, dict[str, Any]] = {}
    for row in located(evidence, facts).to_dict("records"):
        if row["kind"] == "fact":
            fact = facts[row["reference"]]
            content = {"title": fact.title, "value": _plain(fact.text()), "status": fact.status}
        elif row["kind"] == "voice":
            voice = speakers.loc[row["reference"]]
            content = {"title": voice["role"], "says": voice["says"], "countries": [voice["country"]]}
        else:
            content = {"title": gettext("The source’s own sentence")}
        name = _evidence_id(row)
        place = {"source": row["source"], "locator": row["locator"]}
        found.setdefault(name, {"id": name, "kind": row["kind"], **content, **place})
    return list(found.values())


def _evidence_id(row: Mapping[str, Any]) -> str:
    """Return the id of evidence; a statement has no name but that of its item."""
    return f"{row['kind']}:{row['reference'] or row['item']}"


def _node(kind: str, row: Mapping[str, Any], *kept: str) -> dict[str, Any]:
    """Return a node with its id and title and what else is kept of it."""
    content = {name: row[name] for name in ("title", *kept)}
    return {"id": f"{kind}:{row['id']}", "kind": kind, **content}


def keys(package: Package) -> set[str]:
    """Return the keys of all figures in a package's tables."""
    return {key for name in _keyed(package) for key in package.table(name)["key"] if key}


def printed(package: Package) -> dict[str, Fact]:
    """Return every figure of a package's tables as a fact, by key; nothing is computed for that."""
    from corridor.facts import quoted

    found = {}
    for name in _keyed(package):
        rows = package.table(name)
        found |= {fact.key: fact for fact in quoted(rows, name, _titles(package, name, rows))}
    return found


def _keyed(package: Package) -> list[str]:
    needed = {"key", "value", "unit", "rounding", "source", "locator"}
    return [
        name
        for name, resource in package.resources.items()
        if resource.is_table and needed <= {column["name"] for column in resource.schema["fields"]}
    ]


def _titles(package: Package, name: str, rows: pd.DataFrame) -> list[str]:
    from corridor import observations
    from corridor.names import read_names
    from corridor.trade import titles

    if "areas" not in package.resources:
        return list(rows["key"])
    names = read_names(package, package.language)
    match name:
        case "trade_flows":
            return titles.amounts(rows, names)
        case "trade_rates":
            return titles.rates(rows, names)
        case "product_shares" | "export_partners":
            return titles.shares(rows, names)
        case "observations":
            measures = package.table("indicators").set_index("indicator")["name"].to_dict()
            return observations.titles(rows, measures, names)
    return list(rows["key"])


def report(package: Package, facts: Mapping[str, Fact], countries: Collection[str]) -> list[str]:
    """Return notes on what changed under the items, and on what nothing answers; none is a fault.

    Parameters
    ----------
    package
        A data package whose documents have no faults.
    facts
        Facts by key, as `printed` returns them.
    countries
        Codes of the edition's countries, whose items it speaks of.
    """
    if "swot" not in package.resources:
        return []
    from corridor.swot import limited, read_swot

    study = limited(read_swot(package.document("swot")), countries)
    lines = [
        f"swot {change.item}: evidence changed: {change.key} was {change.was}, is {change.now}"
        for change in changed(study.evidence, facts)
    ]
    if "recommendations" in package.resources:
        from corridor.policy import read_policy

        plan = read_policy(package.document("recommendations"))
        lines += [f"swot {item}: no recommendation answers it" for item in unanswered(study, plan)]
    return lines


def write(folder: Path, package: Package, countries: Iterable[str]) -> None:
    """Write the graph of an edition as `FILE`, if the package has SWOT analyses and recommendations.

    Parameters
    ----------
    folder
        Where to write it: the folder of the exhibits' data.
    package
        The data package.
    countries
        Codes of the edition's countries.
    """
    if not {"swot", "recommendations"} <= package.resources.keys():
        return
    from corridor.policy import read_policy
    from corridor.swot import read_swot

    study, plan = read_swot(package.document("swot")), read_policy(package.document("recommendations"))
    content = as_json(study, plan, printed(package), list(countries))
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, indent=1, ensure_ascii=False)
    (folder / FILE).write_text(text + "\n", encoding="utf-8", newline="\n")


def _plain(text: str | None) -> str:
    """Return a text with ordinary spaces, as people type it."""
    return " ".join((text or "").split())
