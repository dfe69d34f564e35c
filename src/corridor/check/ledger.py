"""The ledger of conflicts, held against the figures once one of them has changed."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from corridor.data import Package
from corridor.errors import Fault
from corridor.files import digest, tree, write_text
from corridor.settings import read_settings

RESOURCES = ("trade_flows", "trade_rates", "areas", "conflicts")
"""What a package must hold for its figures to be reconciled."""


def check_conflicts(package: Package, root: Path, *, kept: Path) -> list[Fault]:
    """Return what is wrong with the ledger of a package; nothing where it has none.

    Parameters
    ----------
    package
        The data package; its tables and the ledger have no faults of their own.
    root
        The paper's root, to which the faults name their files.
    kept
        Where to keep the digest of what had no fault. The linear programs take seconds, so they are not
        solved again before data or framework change.
    """
    if not set(RESOURCES) <= set(package.resources):
        return []
    state = _state(package)
    if kept.is_file() and kept.read_text(encoding="utf-8") == state:
        return []
    from corridor.reconcile.check import check_ledger
    from corridor.trade.areas import groups

    areas = package.table("areas")
    faults = check_ledger(
        read_settings(package.path("conflicts"), root),
        package.table("trade_flows"),
        package.table("trade_rates"),
        groups=groups(areas),
    )
    if not faults:
        write_text(kept, state)
    return faults


def _state(package: Package) -> str:
    """Return a digest of everything that the outcome depends on."""
    framework = Path(__file__).parents[1]
    files = {f"data/{name}": package.path(name) for name in RESOURCES}
    for part in ("reconcile", "trade"):
        files |= {f"{part}/{name}": path for name, path in tree(framework / part).items()}
    stated = json.dumps([digest(files), version("scipy")], sort_keys=True)
    return hashlib.sha256(stated.encode()).hexdigest() + "\n"
