"""The ledger of conflicts, held against the figures once one of them has changed."""

from __future__ import annotations

from pathlib import Path

from corridor.check.memory import contents, remembered
from corridor.data import Package
from corridor.errors import Fault
from corridor.settings import read_settings
from corridor.store import Store

RESOURCES = ("trade_flows", "trade_rates", "areas", "conflicts")
"""What a package must hold for its figures to be reconciled."""


def check_conflicts(package: Package, root: Path, store: Store) -> list[Fault]:
    """Return what is wrong with the ledger of a package; nothing where it has none.

    Parameters
    ----------
    package
        The data package; its tables and the ledger have no faults of their own.
    root
        The paper's root, to which the faults name their files.
    store
        Keeps the outcome: the linear programs take seconds.
    """
    if not set(RESOURCES) <= set(package.resources):
        return []

    def check() -> list[Fault]:
        from corridor.reconcile.check import check_ledger
        from corridor.trade.areas import groups

        return check_ledger(
            read_settings(package.path("conflicts"), root),
            package.table("trade_flows"),
            package.table("trade_rates"),
            groups=groups(package.table("areas")),
        )

    files = {path.relative_to(root).as_posix(): path for path in map(package.path, RESOURCES)}
    schemas = [package.resources[name].schema for name in RESOURCES]
    return remembered(store, "conflicts", [contents(files), schemas], check)
