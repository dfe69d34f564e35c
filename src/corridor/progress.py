"""What a long command says while it works."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Progress:
    """Reports steps and what each took; on a terminal with a spinner, elsewhere as plain lines.

    Parameters
    ----------
    quiet
        Say nothing but faults.
    verbose
        Say also what is reused and why.
    """

    quiet: bool = False
    verbose: bool = False
    steps: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(self, name: str) -> Generator[None]:
        """Time a step and report it when it has ended well."""
        start = time.perf_counter()
        if not self.quiet and sys.stdout.isatty():
            from rich.console import Console

            with Console().status(name):
                yield
        else:
            yield
        took = time.perf_counter() - start
        self.steps.append((name, took))
        self.say(f"{name:<44} {took:6.1f} s")

    def say(self, line: str) -> None:
        if not self.quiet:
            print(line, flush=True)

    def detail(self, line: str) -> None:
        if self.verbose:
            self.say(line)
