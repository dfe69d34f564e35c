"""A Dask cluster on this machine: a scheduler and workers, each a process."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import Command, program

_HOST = "127.0.0.1"
_PATIENCE = 120


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A cluster at work: the address of its scheduler, the ids of its processes."""

    address: str
    processes: tuple[int, ...]


@contextmanager
def cluster(workers: int, folder: Path) -> Generator[Cluster]:
    """Start a cluster, with files of its own in a folder; end it afterwards.

    Raises
    ------
    RuntimeError
        If its workers are not there after two minutes.
    """
    folder.mkdir(parents=True)
    contact = folder / "scheduler.json"
    with ExitStack() as running:

        def start(*arguments: str) -> int:
            command = Command(arguments=(program("dask"), *arguments), folder=folder)
            process = running.enter_context(_ended(command.start(subprocess.DEVNULL)))
            return process.pid

        common = ("--host", _HOST, "--no-dashboard")
        processes = [start("scheduler", *common, "--port", "0", "--scheduler-file", str(contact))]
        address = _address(contact)
        for number in range(workers):
            place = str(folder / f"worker-{number}")
            processes.append(start("worker", address, *common, "--nthreads", "1", "--local-directory", place))
        _wait_for_workers(address, workers)
        yield Cluster(address=address, processes=tuple(processes))


@contextmanager
def _ended(process: subprocess.Popen[str]) -> Generator[subprocess.Popen[str]]:
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _address(contact: Path) -> str:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            return json.loads(contact.read_text(encoding="utf-8"))["address"]
        except (FileNotFoundError, ValueError):  # not there yet, or half written
            time.sleep(0.05)
    raise RuntimeError("the scheduler of the cluster did not start")


def _wait_for_workers(address: str, workers: int) -> None:
    from distributed import Client

    with Client(address) as client:
        client.wait_for_workers(workers, timeout=_PATIENCE)
