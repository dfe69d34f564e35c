"""The data package: tidy tables and other resources, described by ``data/datapackage.json``."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor import parquet
from corridor.compute import reads
from corridor.documents import parsed
from corridor.errors import Fault, PaperError
from corridor.messages import SOURCE, Catalogue, chain, read_catalogue

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyRelation

DESCRIPTOR = "datapackage.json"

BY_NOTEBOOK = "by-notebook"
"""Value of a field's property ``translate`` where code compares the texts, and notebooks translate them."""

# Frictionless field types as nullable pandas types; text stays text, so an empty cell is "".
_DTYPES = {"integer": "Int64", "year": "Int64", "number": "float64"}


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One file of the package.

    Parameters
    ----------
    name
        Name by which notebooks ask for it.
    path
        Where the file is; in Parquet perhaps several that match a pattern, such as ``customs/*.parquet``.
    schema
        Frictionless table schema; empty where the file is no table.
    title
        What readers call it.
    """

    name: str
    path: Path
    schema: dict[str, Any]
    title: str = ""

    @property
    def is_parquet(self) -> bool:
        return self.path.suffix == parquet.SUFFIX

    @property
    def is_table(self) -> bool:
        """Whether it is a table of text, which can be read as a whole."""
        return bool(self.schema) and not self.is_parquet

    @property
    def shown(self) -> dict[str, bool]:
        """The fields of a table whose texts readers see, and whether the table comes with them translated.

        They are marked ``"translate": true``, or ``"by-notebook"`` where code compares the texts: then the
        notebook passes them through gettext when it shows them.
        """
        fields = self.schema.get("fields", [])
        return {field["name"]: field["translate"] is True for field in fields if field.get("translate")}


@dataclass(frozen=True, kw_only=True)
class Package:
    """A Frictionless data package on disk.

    Parameters
    ----------
    folder
        The folder that holds ``datapackage.json``.
    resources
        Its resources by name.
    language
        The language of the texts that readers see, in tables and documents.
    """

    folder: Path
    resources: dict[str, Resource]
    language: str = SOURCE
    _tables: dict[str, tuple[tuple[int, int], pd.DataFrame]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def path(self, name: str) -> Path:
        """Return where a resource lies.

        Raises
        ------
        KeyError
            If the package has no resource of that name.
        """
        resource = self._resource(name)
        if resource.is_parquet:
            # Whoever asks may read them past Python, which then does not tell.
            for part in parquet.parts(resource.path, self.folder.parent):
                reads.note(part)
        return resource.path

    def _resource(self, name: str) -> Resource:
        if name not in self.resources:
            known = ", ".join(sorted(self.resources))
            raise KeyError(f'the data package has no resource "{name}"; it has: {known}')
        return self.resources[name]

    def table(self, name: str) -> pd.DataFrame:
        """Read a table, typed by its schema.

        Returns
        -------
        DataFrame
            One row a record, columns as in the schema. Integers and years are ``Int64`` (missing:
            ``NA``), numbers ``float64`` (missing: NaN), everything else text (missing: ``""``). Texts that
            readers see are in the package's language.

        Raises
        ------
        KeyError
            If the package has no resource of that name.
        ValueError
            If it is in Parquet, and may be larger than memory.
        """
        if self._resource(name).is_parquet:
            raise ValueError(f'"{name}" is in Parquet; ask relation("{name}") for the rows that you need')
        state = self.path(name).stat()
        written = state.st_mtime_ns, state.st_size
        before, frame = self._tables.get(name, (None, None))
        if frame is None or before != written:
            frame = self._read(name)
            self._tables[name] = written, frame
        return frame.copy()

    def _read(self, name: str) -> pd.DataFrame:
        import pandas as pd

        frame = pd.read_csv(self.path(name), dtype=str, keep_default_na=False, encoding="utf-8")
        for column in self.resources[name].schema["fields"]:
            values = frame[column["name"]]
            if dtype := _DTYPES.get(column["type"]):
                frame[column["name"]] = pd.to_numeric(values.replace("", None)).astype(dtype)
            elif column["type"] == "boolean":
                truth = {"true": True, "false": False}
                frame[column["name"]] = values.str.lower().map(truth).astype("boolean")
            elif self.language != SOURCE and self.resources[name].shown.get(column["name"]):
                frame[column["name"]] = values.map(self._said)
        return frame

    def relation(self, name: str) -> DuckDBPyRelation:
        """Open a table in Parquet without reading it.

        Returns
        -------
        DuckDBPyRelation
            The columns of the schema in its order, see `corridor.parquet.relation`.

        Raises
        ------
        KeyError
            If the package has no resource of that name.
        ValueError
            If it is not in Parquet.
        PaperError
            If its files are missing or are not as the schema says.
        """
        resource = self._resource(name)
        if not resource.is_parquet:
            raise ValueError(f'"{name}" is not in Parquet; table("{name}") reads it')
        return parquet.relation(resource, self.folder.parent)

    def title(self, name: str) -> str:
        """Return what readers call a resource, in the package's language; its name where it has no title."""
        return self._said(self.resources[name].title) or name.replace("_", " ")

    def document(self, name: str) -> Any:
        """Read a YAML document, its texts that readers see in the package's language.

        Raises
        ------
        KeyError
            If the package has no resource of that name.
        """
        content = parsed(self.path(name).read_text(encoding="utf-8-sig"))
        if self.language == SOURCE:
            return content
        return _changed(content, _document_schema(self.path(name)), lambda _, text: self._said(text))

    @cached_property
    def _catalogues(self) -> list[Catalogue]:
        return [read_catalogue(one, self.folder.parent) for one in chain(self.language) if one != SOURCE]

    def _said(self, text: str) -> str:
        found = (catalogue.singular.get((None, text)) for catalogue in self._catalogues)
        return next(filter(None, found), text)


def find_package(start: Path) -> Path:
    """Return the folder of the data package of the paper that ``start`` lies in."""
    for folder in (start, *start.parents):
        if (folder / "data" / DESCRIPTOR).is_file():
            return folder / "data"
    raise PaperError(
        Fault(
            file=f"data/{DESCRIPTOR}",
            what="there is no data package here or in any folder above",
            mend="describe the tables in data/datapackage.json",
        )
    )


def translatable(package: Package, name: str) -> Iterator[tuple[str, str]]:
    """Yield the texts of a resource that readers see, in order, each with where it stands.

    Parameters
    ----------
    package
        The package in the language that it is written in.
    name
        A table or a YAML document; other files have none.
    """
    resource = package.resources[name]
    if resource.is_table:
        shown = list(resource.shown)
        if not shown:
            return
        with resource.path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield from ((column, row[column]) for column in shown if row[column].strip())
    elif resource.path.suffix in (".yml", ".yaml"):
        found: list[tuple[str, str]] = []
        _changed(package.document(name), _document_schema(resource.path), lambda *one: found.append(one))
        yield from found


@cache
def _document_schema(path: Path) -> dict[str, Any]:
    """Return the schema of a document, which has its name; empty where the framework has none."""
    schema = files("corridor").joinpath("schemas", f"{path.stem}.json")
    return json.loads(schema.read_text(encoding="utf-8")) if schema.is_file() else {}


def _changed(content: Any, schema: dict[str, Any], change: Callable[[str, str], Any], where: str = "") -> Any:
    """Return a document with the texts changed that its schema marks ``"translate": true``."""
    if isinstance(content, str) and schema.get("translate") and content.strip():
        return change(where, content)
    if isinstance(content, list) and "items" in schema:
        return [_changed(one, schema["items"], change, where) for one in content]
    if isinstance(content, dict):
        properties, other = schema.get("properties", {}), schema.get("additionalProperties")
        other = other if isinstance(other, dict) else {}
        return {
            key: _changed(value, properties.get(key, other), change, f"{where}.{key}".lstrip("."))
            for key, value in content.items()
        }
    return content


def open_package(folder: Path | None = None, language: str = SOURCE) -> Package:
    """Open the data package of a paper.

    Parameters
    ----------
    folder
        The folder that holds ``datapackage.json``. By default the paper's own, found from the
        working directory upward, so that notebooks run from the root and from ``analysis/`` alike.
    language
        The language for texts that readers see; where a catalogue lacks one, the next of its chain.

    Raises
    ------
    PaperError
        If the descriptor is missing, is not JSON, or describes a resource without name or path.
    """
    folder = folder or find_package(Path.cwd())
    name = f"{folder.name}/{DESCRIPTOR}"
    try:
        descriptor = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    except FileNotFoundError:
        fault = Fault(file=name, what="the file is missing", mend="describe the paper's tables in it")
        raise PaperError(fault) from None
    except UnicodeDecodeError:
        fault = Fault(file=name, what="the file is not UTF-8 text", mend="save it as UTF-8")
        raise PaperError(fault) from None
    except json.JSONDecodeError as error:
        fault = Fault(file=name, line=error.lineno, what=f"not JSON: {error.msg}", mend="mend the JSON there")
        raise PaperError(fault) from None

    resources = {}
    for index, entry in enumerate(descriptor.get("resources", []), start=1):
        if not isinstance(entry, dict) or not {"name", "path"} <= entry.keys():
            raise PaperError(
                Fault(
                    file=name,
                    what=f"resource {index} has no name or no path",
                    mend='give it both, such as "name": "trade_flows", "path": "trade_flows.csv"',
                )
            )
        resources[entry["name"]] = Resource(
            name=entry["name"],
            path=folder / entry["path"],
            schema=entry.get("schema", {}),
            title=entry.get("title", ""),
        )
    return Package(folder=folder, resources=resources, language=language)
