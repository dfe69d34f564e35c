"""``data/datapackage.json``: resources, fields and keys that the tables are checked against."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from corridor import parquet
from corridor.check.columns import TYPES, unsound
from corridor.data import BY_NOTEBOOK, DESCRIPTOR
from corridor.errors import Fault, PaperError
from corridor.nearest import nearest
from corridor.settings import Settings, read_settings

# Resources are named in code and in conditions such as "edition.has-trade_flows".
_NAME = re.compile(r"[a-z0-9._/-]+")
# Properties of the standard that change what a cell says; the tables are plain, and notebooks read them so.
_NOT_READ = ("format", "missingValues", "decimalChar", "groupChar", "bareNumber", "trueValues", "falseValues")
_PLAIN = ("default", [""])

# Keys of the place in the descriptor, what is wrong there, how to mend it.
_Finding = tuple[tuple[str | int, ...], str, str]


def check_descriptor(folder: Path, root: Path) -> list[Fault]:
    """Return what is wrong with the structure of the descriptor in a folder.

    A descriptor that is missing or is not JSON has no structure: `corridor.data.open_package` says so.
    """
    path = folder / DESCRIPTOR
    name = path.relative_to(root).as_posix()
    try:
        content = path.read_bytes()
        descriptor = json.loads(content)
    except (OSError, ValueError):
        return []
    if content.startswith(codecs.BOM_UTF8):
        mend = "save it as UTF-8 without one"
        return [Fault(file=name, line=1, what="the file begins with a byte-order mark", mend=mend)]
    findings = list(_resource_findings(descriptor, folder.name)) or [
        *_parquet_findings(descriptor),
        *_key_findings(descriptor),
    ]
    if not findings:
        return []
    try:
        settings = read_settings(path, root)  # JSON is YAML, and YAML knows the lines
    except PaperError:
        settings = Settings(file=name, values={}, lines={})
    return [settings.fault(*keys, what=what, mend=mend) for keys, what, mend in findings]


def _resource_findings(descriptor: Any, folder: str) -> Iterator[_Finding]:
    resources = descriptor.get("resources") if isinstance(descriptor, dict) else None
    if not isinstance(resources, list):
        yield (), "there is no list of resources", 'add "resources": [...] with a name and a path for each'
        return
    seen: set[str] = set()
    for number, entry in enumerate(resources):
        keys = ("resources", number)
        if not isinstance(entry, dict) or not all(isinstance(entry.get(k), str) for k in ("name", "path")):
            mend = 'give it both, such as "name": "trade_flows", "path": "trade_flows.csv"'
            yield keys, f"resource {number + 1} has no name or no path", mend
            continue
        name, path = entry["name"], PurePosixPath(entry["path"])
        if name in seen:
            yield (*keys, "name"), f'two resources have the name "{name}"', "rename one"
        seen.add(name)
        if not _NAME.fullmatch(name):
            mend = 'write small letters, digits and "_", such as "trade_flows"'
            yield (*keys, "name"), f'the name "{name}" holds other signs than names have', mend
        if path.is_absolute() or ".." in path.parts:
            yield (*keys, "path"), f'the path "{path}" leads out of {folder}/', f"move the file to {folder}/"
        if "schema" in entry:
            for inner, what, mend in _field_findings(entry["schema"], name):
                yield (*keys, "schema", *inner), what, mend


def _field_findings(schema: Any, resource: str) -> Iterator[_Finding]:
    entries = schema.get("fields") if isinstance(schema, dict) else None
    if not isinstance(entries, list) or not entries:
        yield (), f'the schema of "{resource}" has no fields', "describe each column in it"
        return
    if schema.get("missingValues", [""]) != [""]:
        what = f'the schema of "{resource}" has other missing values than the empty cell'
        yield ("missingValues",), what, "leave cells without a value empty"
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        keys = ("fields", number)
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str):
            yield keys, f'field {number + 1} of "{resource}" has no name', "name the column that it describes"
            continue
        if name in seen:
            yield keys, f'"{resource}" has the field "{name}" twice', "delete one"
        seen.add(name)
        kind = entry.get("type")
        if kind not in TYPES:
            what = f'the field "{name}" has ' + (f'the unknown type "{kind}"' if kind else "no type")
            yield (*keys, "type"), what, nearest(str(kind), TYPES, f"the types are {', '.join(TYPES)}")
        elif not isinstance(entry.get("constraints", {}), dict):
            what = f'the constraints of the field "{name}" are no mapping'
            yield (*keys, "constraints"), what, 'write them as {"required": true}'
        else:
            for constraint, wrong in unsound(entry):
                mend = "mend it, or take it out"
                yield (*keys, "constraints", constraint), f'the field "{name}": {wrong}', mend
        for found in _NOT_READ:
            if entry.get(found, "default") not in _PLAIN:
                what = f'the field "{name}" has "{found}", by which notebooks do not read it'
                yield (*keys, found), what, "take it out, and write the cells plainly"
        if entry.get("translate", True) not in (True, BY_NOTEBOOK):
            what = f'the field "{name}" says "translate": {json.dumps(entry["translate"])}'
            yield (*keys, "translate"), what, f'write true or "{BY_NOTEBOOK}", or take it out'


def _parquet_findings(descriptor: dict[str, Any]) -> Iterator[_Finding]:
    """Yield what the schemas of tables in Parquet ask for that nothing would check or do."""
    mend = "take it out"
    for number, entry in enumerate(descriptor["resources"]):
        if not _is_parquet(entry):
            continue
        name, schema, keys = entry["name"], entry.get("schema"), ("resources", number, "schema")
        if not schema:
            yield keys[:2], f'"{name}" is in Parquet and has no schema', "describe each column in it"
            continue
        for key in ("primaryKey", "foreignKeys"):
            if schema.get(key):
                yield (*keys, key), f'"{name}" is in Parquet, where "{key}" is not checked', mend
        for place, field in enumerate(schema["fields"]):
            inner = (*keys, "fields", place)
            for constraint, wanted in field.get("constraints", {}).items():
                if constraint not in parquet.CONSTRAINTS and wanted is not False:
                    what = f'the field "{field["name"]}": in Parquet, "{constraint}" is not checked'
                    yield (*inner, "constraints", constraint), what, mend
            if "translate" in field:
                what = f'the field "{field["name"]}": texts in Parquet are not translated'
                yield (*inner, "translate"), what, mend


def _is_parquet(entry: dict[str, Any]) -> bool:
    return PurePosixPath(entry["path"]).suffix == parquet.SUFFIX


def _key_findings(descriptor: dict[str, Any]) -> Iterator[_Finding]:
    """Yield what is wrong with the primary and foreign keys of tables whose fields are sound."""
    # Nobody looks keys up in Parquet.
    schemas = {e["name"]: None if _is_parquet(e) else e.get("schema") for e in descriptor["resources"]}
    fields = {name: [f["name"] for f in schema["fields"]] for name, schema in schemas.items() if schema}

    def unknown(keys: tuple[str | int, ...], names: Any, resource: str) -> Iterator[_Finding]:
        for name in as_list(names):
            if name not in fields[resource]:
                mend = nearest(str(name), fields[resource], f"its fields are {', '.join(fields[resource])}")
                yield keys, f'"{resource}" has no field "{name}"', mend

    for number, (resource, schema) in enumerate(schemas.items()):
        if not schema:
            continue
        here = ("resources", number, "schema")
        yield from unknown((*here, "primaryKey"), schema.get("primaryKey", []), resource)
        for place, key in enumerate(schema.get("foreignKeys", [])):
            keys = (*here, "foreignKeys", place)
            reference = key.get("reference") if isinstance(key, dict) else None
            if not isinstance(reference, dict) or not {"resource", "fields"} <= reference.keys():
                yield keys, "the foreign key has no reference", 'name "resource" and "fields" in "reference"'
                continue
            yield from unknown((*keys, "fields"), key.get("fields", []), resource)
            target = reference["resource"] or resource
            if target in fields:
                yield from unknown((*keys, "reference", "fields"), reference["fields"], target)
            else:
                mend = nearest(str(target), fields, f"the tables are {', '.join(fields)}")
                what = f'there is no table "{target}"' + (" of text" if target in schemas else "")
                yield (*keys, "reference", "resource"), what, mend


def as_list(names: Any) -> list[str]:
    """Return field names of a key, which the standard writes as one name or a list of them."""
    return [names] if isinstance(names, str) else list(names)
