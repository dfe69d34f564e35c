"""The data package: tidy tables and other resources, described by ``data/datapackage.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.errors import Fault, PaperError

if TYPE_CHECKING:
    import pandas as pd

DESCRIPTOR = "datapackage.json"

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
        Where the file is.
    schema
        Frictionless table schema; empty where the file is no table.
    """

    name: str
    path: Path
    schema: dict[str, Any]

    @property
    def is_table(self) -> bool:
        return bool(self.schema)


@dataclass(frozen=True, kw_only=True)
class Package:
    """A Frictionless data package on disk.

    Parameters
    ----------
    folder
        The folder that holds ``datapackage.json``.
    resources
        Its resources by name.
    """

    folder: Path
    resources: dict[str, Resource]

    def path(self, name: str) -> Path:
        """Return where a resource lies.

        Raises
        ------
        KeyError
            If the package has no resource of that name.
        """
        if name not in self.resources:
            known = ", ".join(sorted(self.resources))
            raise KeyError(f'the data package has no resource "{name}"; it has: {known}')
        return self.resources[name].path

    def table(self, name: str) -> pd.DataFrame:
        """Read a table, typed by its schema.

        Returns
        -------
        DataFrame
            One row a record, columns as in the schema. Integers and years are ``Int64`` (missing:
            ``NA``), numbers ``float64`` (missing: NaN), everything else text (missing: ``""``).
        """
        import pandas as pd

        path = self.path(name)
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
        for field in self.resources[name].schema["fields"]:
            if dtype := _DTYPES.get(field["type"]):
                column = frame[field["name"]].replace("", None)
                frame[field["name"]] = pd.to_numeric(column).astype(dtype)
            elif field["type"] == "boolean":
                truth = {"true": True, "false": False}
                frame[field["name"]] = frame[field["name"]].str.lower().map(truth).astype("boolean")
        return frame


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


def open_package(folder: Path | None = None) -> Package:
    """Open the data package of a paper.

    Parameters
    ----------
    folder
        The folder that holds ``datapackage.json``. By default the paper's own, found from the
        working directory upward, so that notebooks run from the root and from ``analysis/`` alike.

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
            name=entry["name"], path=folder / entry["path"], schema=entry.get("schema", {})
        )
    return Package(folder=folder, resources=resources)
