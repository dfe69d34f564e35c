"""Whole processes: how long they take and how much memory they need."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_INTERVAL = 0.05


@dataclass(frozen=True, kw_only=True)
class Command:
    """A command, the folder in which it runs, and what its environment has besides that of this process."""

    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    def start(self, output: int) -> subprocess.Popen[str]:
        """Start it, what it says going to ``output`` as in `subprocess`."""
        return subprocess.Popen(
            self.arguments,
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )


def program(name: str) -> str:
    """Return the path of a program of this Python environment."""
    return str(Path(sys.executable).with_name(name))


def corridor(root: Path, *arguments: str, cache: Path | None = None) -> Command:
    """Return a call of the command line on a paper.

    The embedded engine renders, also where there is a Quarto, which the stock way uses.
    """
    engine = ("--engine", "pandoc") if arguments[0] in ("build", "preview") else ()
    environment = {"CORRIDOR_CACHE": str(cache)} if cache else {}
    return Command(arguments=(program("corridor"), *arguments, *engine), folder=root, environment=environment)


def seconds(commands: Iterable[Command]) -> float:
    """Run commands one after the other; return the seconds that they took.

    Raises
    ------
    RuntimeError
        If one fails, with what it said.
    """
    start = time.perf_counter()
    for command in commands:
        with command.start(subprocess.PIPE) as process:
            said, _ = process.communicate()
        if process.returncode:
            shown = " ".join([Path(command.arguments[0]).name, *command.arguments[1:]])
            raise RuntimeError(f"{shown} ended with {process.returncode}:\n{_end(said)}")
    return time.perf_counter() - start


def _end(said: str) -> str:
    return "\n".join(said.splitlines()[-10:])


def memory(work: Callable[[], object], beside: Collection[int] = ()) -> int:
    """Do some work; return the most memory, in bytes, that all processes started for it had at one time.

    Parameters
    ----------
    work
        What starts the processes and waits for them.
    beside
        Processes that take part in it, though started before.

    Notes
    -----
    Kernels that are forked share most of their memory: what several processes share counts once (proportional
    set size). Where the system does not tell that, it counts in each.
    """
    most = 0
    done = threading.Event()
    others = {*_below(os.getpid())}

    def watch() -> None:
        nonlocal most
        while not done.wait(_INTERVAL):
            started = {*_below(os.getpid())} - others
            most = max(most, _memory_of({*started, *(one for number in beside for one in _family(number))}))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return most


def _memory_of(processes: Iterable[psutil.Process]) -> int:
    total = 0
    for process in processes:
        # It may have just ended.
        with suppress(psutil.Error):
            used = process.memory_full_info()
            total += getattr(used, "pss", used.rss)
    return total


def _family(number: int) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return [psutil.Process(number), *_below(number)]
    return []


def _below(number: int) -> list[psutil.Process]:
    with suppress(psutil.Error):
        return psutil.Process(number).children(recursive=True)
    return []
