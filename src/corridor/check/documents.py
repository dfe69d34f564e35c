"""Data that are no tables: SWOT analyses, recommendations, interviews, the ledger of conflicts.

Each is checked against its JSON Schema first; references are looked at only where that holds.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from corridor.check.memory import remembered
from corridor.data import Package
from corridor.errors import Fault, PaperError
from corridor.files import read_text
from corridor.mentions import rows
from corridor.nearest import nearest
from corridor.settings import Settings, parse_settings
from corridor.store import Store

DOCUMENTS = ("swot", "recommendations", "interviews", "conflicts")
"""Resources of these names have a schema in ``corridor/schemas``."""

_Keys = tuple[str | int, ...]


def check_documents(
    package: Package, root: Path, store: Store, *, works: set[str] | None, areas: Collection[str]
) -> list[Fault]:
    """Return what is wrong with the documents of a package.

    Parameters
    ----------
    package
        The data package.
    root
        The paper's root, to which the faults name their files.
    store
        Keeps how each document follows its schema.
    works
        Keys of the bibliography; ``None`` where it cannot be read.
    areas
        Codes of the areas that the tables know.
    """
    faults: list[Fault] = []
    sound: dict[str, Settings] = {}
    for name in DOCUMENTS:
        if name not in package.resources:
            continue
        try:
            text = read_text(package.path(name), root)
            document = parse_settings(text, package.path(name).relative_to(root).as_posix())
        except PaperError as error:
            faults += error.faults
            continue
        check = partial(_schema_faults, document, name)
        found = remembered(store, "document", [name, document.file, text], check)
        faults += found
        if not found:
            sound[name] = document
            if "source" in document.values:
                faults += _source_faults(document, works)
    swot = sound.get("swot")
    if swot is not None:
        faults += _swot_faults(swot, areas)
        faults += _evidence_faults(swot, _keys(package))
    if "recommendations" in sound:
        expected = "swot" in package.resources
        items = _identifiers(swot, "items") if swot is not None else None if expected else set()
        faults += _recommendation_faults(sound["recommendations"], areas, items)
    if "interviews" in sound:
        faults += _number_faults(sound["interviews"], "questionnaire")
    return sorted(faults, key=lambda f: (f.file, f.line or 0, f.what))


def _keys(package: Package) -> set[str]:
    """Return the keys of all figures in a package's tables."""
    keyed = [
        name
        for name, resource in package.resources.items()
        if resource.is_table
        and {"key", "value"} <= {column["name"] for column in resource.schema.get("fields", [])}
    ]
    return {row["key"] for name in keyed for row in rows(package, name) if row.get("key")}


def _schema_faults(document: Settings, name: str) -> Iterator[Fault]:
    from jsonschema import Draft202012Validator

    schema = json.loads(files("corridor").joinpath("schemas", f"{name}.json").read_text(encoding="utf-8"))
    errors = Draft202012Validator(schema).iter_errors(document.values)
    for error in sorted(errors, key=lambda e: document.lines.get(tuple(e.absolute_path), 0)):
        keys = tuple(error.absolute_path)
        yield from (document.fault(*at, what=what, mend=mend) for at, what, mend in _said(error, keys))


def _said(error: Any, keys: _Keys) -> Iterator[tuple[_Keys, str, str]]:
    """Say in our words what a validator found."""
    place = _place(keys)
    match error.validator:
        case "additionalProperties":
            known = list(error.schema["properties"])
            for key in error.instance:
                if key not in known:
                    mend = nearest(str(key), known, f"the keys are {', '.join(known)}")
                    yield (*keys, key), f'{place}: unknown key "{key}"', mend
        case "required":
            for key in error.validator_value:
                if key not in error.instance:
                    yield keys, f'{place}: the key "{key}" is missing', "add it"
        case "enum":
            known = list(error.validator_value)
            mend = nearest(str(error.instance), known, f"write one of {', '.join(known)}")
            yield keys, f'{place}: "{error.instance}" is not one of the values allowed', mend
        case "pattern" if not error.instance.strip():
            yield keys, f"{place}: it is empty", "fill it in, or take it out with what it belongs to"
        case "pattern":
            mend = f"write {error.schema.get('description', error.validator_value)}"
            yield keys, f'{place}: "{error.instance}" is not of the right form', mend
        case "type":
            kinds = {"string": "text", "integer": "a whole number", "array": "a list", "object": "a mapping"}
            wanted = kinds.get(error.validator_value, error.validator_value)
            if error.instance is None:
                yield keys, f"{place}: it is empty", f"write {wanted}"
            elif isinstance(error.instance, dict | list):
                yield keys, f"{place}: it is not {wanted}", f"write {wanted}"
            else:
                mend = "put quotation marks around it" if wanted == "text" else f"write {wanted}"
                yield keys, f'{place}: "{error.instance}" is not {wanted}', mend
        case "minItems" | "minProperties":
            yield keys, f"{place}: it is empty", "fill it in, or take it out with what it belongs to"
        case "uniqueItems":
            yield keys, f"{place}: an entry stands twice", "delete one"
        case _:
            yield keys, f"{place}: {error.message}", "mend it as the schema asks"


def _place(keys: _Keys) -> str:
    """Return the way to a value as a reader counts: items 3, codes 1."""
    parts = [str(key + 1) if isinstance(key, int) else key for key in keys]
    return " ".join(parts) or "the file"


def _identifiers(document: Settings, listed: str) -> set[str]:
    return {entry["id"] for entry in document.values[listed]}


def _source_faults(document: Settings, works: set[str] | None) -> Iterator[Fault]:
    key = document.values["source"]
    if works is not None and key not in works:
        mend = nearest(key, works, "add the work to references.bib")
        yield document.fault("source", what=f'"{key}" is not a key of the bibliography', mend=mend)


def _twice(document: Settings, listed: str) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for number, entry in enumerate(document.values[listed]):
        before = first.setdefault(entry["id"], number)
        if before != number:
            line = document.lines.get((listed, before))
            what = f'{listed}: the id "{entry["id"]}" stands twice, first in line {line}'
            yield document.fault(listed, number, "id", what=what, mend="rename one of them")


def _number_faults(document: Settings, listed: str) -> Iterator[Fault]:
    for place, entry in enumerate(document.values[listed]):
        if entry["number"] != place + 1:
            what = f"{listed}: number {entry['number']} stands in place {place + 1}"
            yield document.fault(listed, place, "number", what=what, mend="number the entries from 1 on")


def _unknown(
    document: Settings, keys: _Keys, name: str, known: Collection[str], where: str
) -> Iterator[Fault]:
    if name not in known:
        what = f'{_place(keys)}: "{name}" is not {where}'
        yield document.fault(*keys, what=what, mend=nearest(name, known, "add it there first, or mend it"))


def _swot_faults(document: Settings, areas: Collection[str]) -> Iterator[Fault]:
    values = document.values
    for listed in ("themes", "codes", "strategies", "items"):
        yield from _twice(document, listed)
    yield from _number_faults(document, "strategies")
    themes, codes, strategies, items = (
        _identifiers(document, listed) for listed in ("themes", "codes", "strategies", "items")
    )
    for number, code in enumerate(values["codes"]):
        yield from _unknown(document, ("codes", number, "theme"), code["theme"], themes, "a theme")
    used = set()
    filled = set()
    for number, item in enumerate(values["items"]):
        here = ("items", number)
        country, strategy, quadrant, _ = item["id"].split(".")
        filled.add((country.upper(), strategy))
        yield from _unknown(document, (*here, "id"), country.upper(), areas, "an area")
        yield from _unknown(document, (*here, "id"), strategy, strategies, "a strategy")
        if quadrant != item["quadrant"]:
            what = f'the id says "{quadrant}", the quadrant is "{item["quadrant"]}"'
            yield document.fault(*here, "quadrant", what=f"{_place(here)}: {what}", mend="make them agree")
        for place, code in enumerate(item["codes"]):
            used.add(code)
            yield from _unknown(document, (*here, "codes", place), code, codes, "a code")
        for place, other in enumerate(item.get("refers", [])):
            yield from _unknown(document, (*here, "refers", place), other, items, "an item")
            if other == item["id"]:
                what = f"{_place(here)}: the item refers to itself"
                yield document.fault(*here, "refers", place, what=what, mend="take the reference out")
    for number, code in enumerate(values["codes"]):
        if code["id"] not in used:
            what = f'the code "{code["id"]}" is used by no item'
            yield document.fault("codes", number, "id", what=what, mend="code an item with it or take it out")
    told: set[tuple[str, str]] = set()
    for number, gap in enumerate(values.get("missing", [])):
        here = ("missing", number)
        if (gap["country"], gap["strategy"]) in told:
            what = f"{_place(here)}: {gap['country']} and {gap['strategy']} stand there twice"
            yield document.fault(*here, what=what, mend="delete one")
        told.add((gap["country"], gap["strategy"]))
        yield from _unknown(document, (*here, "country"), gap["country"], areas, "an area")
        yield from _unknown(document, (*here, "strategy"), gap["strategy"], strategies, "a strategy")
        if (gap["country"], gap["strategy"]) in filled:
            what = f"{_place(here)}: {gap['country']} has items for {gap['strategy']}"
            yield document.fault(*here, what=what, mend="take the entry out, or the items")
    countries = {country for country, _ in filled}
    for country in sorted(countries):
        for strategy in sorted(strategies - {s for c, s in filled | told if c == country}):
            what = f"{country} has no item for the strategy {strategy}, and nothing says why"
            mend = 'add the items, or an entry under "missing" with the reason'
            yield document.fault("items", what=what, mend=mend)


def _evidence_faults(document: Settings, known: Collection[str]) -> Iterator[Fault]:
    """Yield what is wrong with the evidence of the items; `known` are the keys of all data rows."""
    items = document.values["items"]
    holders: dict[str, int] = {}
    for number, item in enumerate(items):
        voice = item.get("voice", {}).get("id")
        if voice and holders.setdefault(voice, number) != number:
            here = ("items", number, "voice", "id")
            line = document.lines.get(("items", holders[voice], "voice", "id"))
            what = f'{_place(here)}: the id "{voice}" stands twice, first in line {line}'
            yield document.fault(*here, what=what, mend="rename one of them")
    used = set()
    for number, item in enumerate(items):
        here = ("items", number, "evidence")
        evidence = item["evidence"]
        if "stated" in evidence and len(evidence) > 1:
            what = f"{_place(here)}: there is more than the source's own sentence"
            yield document.fault(*here, "stated", what=what, mend='take "stated" out, or the rest')
        for place, fact in enumerate(evidence.get("facts", [])):
            yield from _unknown(
                document, (*here, "facts", place, "key"), fact["key"], known, "a key of the data"
            )
        for place, voice in enumerate(evidence.get("voices", [])):
            used.add(voice)
            yield from _unknown(document, (*here, "voices", place), voice, holders, "a voice")
            if voice in holders and _country(items[holders[voice]]) != _country(item):
                what = f'{_place((*here, "voices", place))}: "{voice}" is a voice from another country'
                yield document.fault(*here, "voices", place, what=what, mend="take it out")
    for voice, number in holders.items():
        if voice not in used:
            what = f'the voice "{voice}" is evidence of no item'
            yield document.fault(
                "items", number, "voice", "id", what=what, mend="name it in an item's evidence"
            )


def _country(item: Mapping[str, Any]) -> str:
    return item["id"].split(".")[0]


def _recommendation_faults(
    document: Settings, areas: Collection[str], items: set[str] | None
) -> Iterator[Fault]:
    for listed in ("actors", "recommendations"):
        yield from _twice(document, listed)
    yield from _number_faults(document, "recommendations")
    actors = _identifiers(document, "actors")
    used = set()
    for number, entry in enumerate(document.values["recommendations"]):
        here = ("recommendations", number)
        for place, country in enumerate(entry["countries"]):
            yield from _unknown(document, (*here, "countries", place), country, areas, "an area")
        for place, actor in enumerate(entry["actors"]):
            used.add(actor)
            yield from _unknown(document, (*here, "actors", place), actor, actors, "an actor")
        seen = set()
        for place, answer in enumerate(entry["answers"]):
            keys = (*here, "answers", place, "item")
            item = answer["item"]
            if items is not None:
                yield from _unknown(document, keys, item, items, "an item of the SWOT analyses")
            country, _, quadrant, _ = item.split(".")
            if item in seen:
                yield document.fault(*keys, what=f'{_place(keys)}: "{item}" stands twice', mend="delete one")
            seen.add(item)
            if quadrant not in ("weakness", "threat"):
                what = f'{_place(keys)}: "{item}" is no weakness or threat'
                yield document.fault(*keys, what=what, mend="answer those only")
            if country.upper() not in entry["countries"]:
                what = f'{_place(keys)}: "{item}" is of a country that the recommendation is not made to'
                yield document.fault(*keys, what=what, mend="add the country, or take the item out")
    for number, actor in enumerate(document.values["actors"]):
        if actor["id"] not in used:
            what = f'the actor "{actor["id"]}" appears in no recommendation'
            yield document.fault("actors", number, "id", what=what, mend="name it in one or take it out")
