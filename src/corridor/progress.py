"""What a long command says while it works: a live table on a terminal, lines elsewhere, a log on request."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from corridor.errors import Fault, PaperError

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

Outcome = Literal["done", "reused", "failed"]

_STEP = 44
"""Columns for the name of a step."""


class Progress:
    """Reports what is done and what it took.

    All methods are called from one thread.

    Parameters
    ----------
    quiet
        Say nothing but faults.
    verbose
        Say also what is reused, and in the lines of several renditions on a terminal every step.
    explaining
        Say of each step why it runs or why not.
    log
        File that gets a line of JSON for each event, as it comes; what it held before is lost.

    Raises
    ------
    PaperError
        If the log cannot be written.
    """

    def __init__(
        self,
        *,
        quiet: bool = False,
        verbose: bool = False,
        explaining: bool = False,
        log: Path | None = None,
    ) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.explaining = explaining
        self.log = log and log.absolute()  # steps in this process may change the folder
        self.steps: list[tuple[str, float]] = []
        """What was done, and its seconds."""
        self._start = time.monotonic()
        self._names: tuple[str, ...] = ()
        self._outcomes: Counter[Outcome] = Counter()
        self._told: set[str] = set()
        self._table: _Table | None = None
        self._live: Live | None = None
        if log is not None:
            try:
                log.write_bytes(b"")
            except OSError as error:
                what = f"the log cannot be written: {error.strerror}"
                mend = "name a file in a folder where you may write"
                raise PaperError(Fault(file=str(log), what=what, mend=mend)) from None

    @contextmanager
    def renditions(self, names: Sequence[str]) -> Generator[None]:
        """Show what becomes of these renditions while a build works on them.

        A terminal shows a table from the first step that begins; elsewhere nothing is added to the lines.
        """
        self._names = tuple(names)
        self._outcomes.clear()
        self._told.clear()
        self._record("build", state="begun", renditions=self._names)
        state = "stopped"
        try:
            with self._display():
                yield
            state = "ended"
        finally:
            counts = {outcome: self._outcomes[outcome] for outcome in ("done", "reused", "failed")}
            self._record("build", state=state, **counts)
            self._names = ()

    def begin(self, rendition: str, step: str) -> None:
        """Tell that a step begins, here or in another process; a step that all share has no rendition."""
        self._record("begin", rendition=rendition, step=step)
        if self._table is not None:
            self._table.begin(rendition, step, time.monotonic())
            if self._live is None:
                self._live = _live(self._table)
                self._live.start()

    def end(self, rendition: str, step: str, seconds: float, *, outcome: Outcome, why: str = "") -> None:
        """Tell that a step has ended; one that is reused need not have begun.

        Parameters
        ----------
        rendition, step
            As for `begin`.
        seconds
            What it took.
        outcome
            What became of it.
        why
            What to add to "reused" or "failed".
        """
        self._record(
            "end", rendition=rendition, step=step, seconds=round(float(seconds), 3), outcome=outcome, why=why
        )
        self._outcomes[outcome] += 1
        if self._table is not None:
            self._table.end(rendition, step, seconds, outcome)
        if outcome == "done":
            self.steps.append((f"{rendition} {step}".lstrip(), seconds))
        tabled = self._table is not None and len(self._names) > 1 and bool(rendition)
        told = {"done": self.verbose or not tabled, "reused": self.verbose and not self.explaining}
        if not told.get(outcome, True):
            return
        took = f"{seconds:6.1f} s" if outcome == "done" else f"{outcome}: {why}" if why else outcome
        width = max(map(len, self._names), default=0)
        named = f"{rendition:<{width}}  " if rendition and self._names != (rendition,) else ""
        self._print(f"{named}{step:<{_STEP}} {took}")

    @contextmanager
    def step(self, name: str) -> Generator[None]:
        """Time a step of this process and report it."""
        with self._display():
            self.begin("", name)
            start = time.perf_counter()
            try:
                yield
            except Exception:
                self.end("", name, time.perf_counter() - start, outcome="failed")
                raise
            self.end("", name, time.perf_counter() - start, outcome="done")

    def explain(self, rendition: str, step: str, reasons: Sequence[str], runs: bool) -> None:
        """Tell why a step runs, or why not."""
        self._record("explain", rendition=rendition, step=step, runs=runs, reasons=list(reasons))
        if self.explaining:
            verdict = "runs" if runs else "reused"
            if reasons:
                verdict += f": {'; '.join(reasons)}"
            self._print("  ".join(filter(None, (rendition, step, verdict))))

    def say(self, line: str) -> None:
        """Say something, unless quiet."""
        self._record("say", text=line)
        self._print(line)

    def detail(self, line: str) -> None:
        """Say something that only a verbose command says."""
        self._record("say", text=line)
        if self.verbose:
            self._print(line)

    def fault(self, rendition: str, text: str) -> None:
        """Tell a fault, quiet or not; what several renditions have in common is printed once a build."""
        self._record("fault", rendition=rendition, text=text)
        if text in self._told:
            return
        self._told.add(text)
        if self._live is not None and sys.stderr.isatty():
            self._print(text)
        else:
            print(text, file=sys.stderr, flush=True)

    @contextmanager
    def _display(self) -> Generator[None]:
        """Have a table on a terminal; within another this is that one."""
        if self.quiet or self._table is not None or not _on_terminal():
            yield
            return
        self._table = _Table(self._names, time.monotonic())
        try:
            yield
        finally:
            self._table.close()
            if self._live is not None:
                self._live.stop()
            self._table = self._live = None

    def _print(self, line: str) -> None:
        if self.quiet:
            return
        if self._live is None:
            print(line, flush=True)
        else:
            self._live.refresh()  # what has ended does not stand below its own line
            # The terminal breaks long lines, so that they can be copied whole.
            self._live.console.print(line, markup=False, highlight=False, emoji=False, soft_wrap=True)

    def _record(self, event: str, **fields: Any) -> None:
        if self.log is None:
            return
        line = {"event": event, "at": round(time.monotonic() - self._start, 3), **fields}
        with self.log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


@dataclass
class _Row:
    """What is known of a rendition: what runs since when, how many steps ended well, their seconds."""

    running: dict[str, float] = field(default_factory=dict)
    ended: int = 0
    seconds: float = 0.0
    failed: str = ""

    @property
    def begun(self) -> bool:
        return bool(self.running or self.ended or self.failed)

    @property
    def style(self) -> str:
        return "red" if self.failed else "" if self.running else "dim"

    def text(self, now: float, room: int) -> str:
        what = ", ".join(self.running) or (f"failed: {self.failed}" if self.failed else "")
        seconds = self.seconds + sum(now - since for since in self.running.values())
        return f"{what[:room]:<{room}} {self.ended:>4} done {seconds:7.1f} s"


class _Table:
    """The state of a build, as lines for a terminal.

    Parameters
    ----------
    names
        The renditions. For several of them there is a row for each; for one, only what runs.
    start
        When the build began, on the clock of `begin` and `lines`.
    """

    def __init__(self, names: Sequence[str], start: float) -> None:
        self.several = len(names) > 1
        self._rows = {name: _Row() for name in names}
        self._start = start
        self._closed = False
        self._lock = threading.Lock()  # the terminal is drawn by a thread of its own

    def begin(self, rendition: str, step: str, now: float) -> None:
        with self._lock:
            row = self._rows.setdefault(rendition, _Row())
            row.running[step] = now
            if row.failed == step:  # tried again
                row.failed = ""

    def end(self, rendition: str, step: str, seconds: float, outcome: Outcome) -> None:
        with self._lock:
            row = self._rows.setdefault(rendition, _Row())
            row.running.pop(step, None)
            row.seconds += seconds
            if outcome == "failed":
                row.failed = step
            else:
                row.ended += 1

    def close(self) -> None:
        """Tell that nothing runs any more."""
        with self._lock:
            self._closed = True
            for row in self._rows.values():
                row.running.clear()

    def lines(self, now: float, width: int, height: int) -> list[tuple[str, str]]:
        """Return lines that fit a terminal, each with its style."""
        with self._lock:
            if self.several:
                return self._rendition_lines(now, width, height)
            return self._step_lines(now, width)

    def _step_lines(self, now: float, width: int) -> list[tuple[str, str]]:
        room = max(0, min(_STEP, width - len(" 9999.9 s")))
        running = [one for row in self._rows.values() for one in row.running.items()]
        return [(f"{step[:room]:<{room}} {now - since:6.1f} s", "") for step, since in running]

    def _rendition_lines(self, now: float, width: int, height: int) -> list[tuple[str, str]]:
        shared = self._rows.get("", _Row()).running
        rows = {name: row for name, row in self._rows.items() if name}
        column = max(map(len, rows))
        room = max(0, min(_STEP, width - column - len("   9999 done  99999.9 s")))
        found = []
        rest = height - len(shared) - 2  # the counts, and where the cursor stands
        for name, row in _most_telling(rows, rest):
            text = row.text(now, room) if row.begun else "" if self._closed else "waiting"
            found.append((f"{name:<{column}}  {text}".rstrip(), row.style))
        found += [(f"{'':<{column}}  {step}", "") for step in shared]
        found.append((f"{self._counts(rows)}   {now - self._start:.1f} s", ""))
        return found

    def _counts(self, rows: dict[str, _Row]) -> str:
        counts = {
            "at work": sum(bool(row.running) for row in rows.values()),
            "waiting": 0 if self._closed else sum(not row.begun for row in rows.values()),
            "failed": sum(bool(row.failed) for row in rows.values()),
        }
        told = [f"{count} {what}" for what, count in counts.items() if count]
        ended = sum(row.ended for row in rows.values())
        return ", ".join([f"{len(rows)} renditions", *told, f"steps done: {ended}"])


def _most_telling(rows: dict[str, _Row], room: int) -> list[tuple[str, _Row]]:
    """Return all rows if there is room for them, otherwise those that run or failed."""
    if len(rows) <= room:
        return list(rows.items())
    telling = [(name, row) for name, row in rows.items() if row.running or row.failed]
    return sorted(telling, key=lambda one: not one[1].running)[: max(room, 0)]


def _on_terminal() -> bool:
    """Return whether lines that stand on the screen can be written over."""
    return sys.stdout.isatty() and os.environ.get("TERM", "").lower() not in ("dumb", "unknown")


def _live(table: _Table) -> Live:
    """Return a display that draws a table again and again; it is to be started and stopped."""
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console()

    def draw() -> Text:
        lines = table.lines(time.monotonic(), console.width, console.height)
        return Text("\n", no_wrap=True, overflow="crop").join(
            Text(line, style=style) for line, style in lines
        )

    return Live(
        get_renderable=draw,
        console=console,
        transient=not table.several,
        vertical_overflow="crop",
        redirect_stderr=sys.stderr.isatty(),  # faults that go to a file stay out of the table
    )
