"""Drive the courses of renditions: give their steps to workers, and them what came of the steps."""

from __future__ import annotations

import heapq
from collections.abc import Generator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

from corridor.edition import Rendition
from corridor.errors import Fault, PaperError
from corridor.progress import Progress
from corridor.steps import Outcome, RunNotebook, Step
from corridor.workers import Workers, perform

Course = Generator[list[Step], list[Outcome], None]
"""Yields steps that may run at the same time, is sent their outcomes in the same order, and ends."""

ATTEMPTS = 2
"""How often a step is given to a worker before it counts as failed."""


@dataclass
class _Batch:
    """Steps that a course waits for, and what came of them so far."""

    course: Course
    steps: list[Step] = field(default_factory=list)
    outcomes: list[Outcome | None] = field(default_factory=list)


@dataclass(order=True)
class _Waiting:
    """A step to be run: that of the course that began first comes first."""

    number: int
    order: int
    step: Step = field(compare=False)


def drive(
    courses: Mapping[Rendition, Course], workers: Workers, progress: Progress
) -> tuple[dict[Rendition, tuple[Fault, ...]], list[Exception]]:
    """Run the steps of all courses; one that fails leaves the others alone.

    Parameters
    ----------
    courses
        By rendition; those that come first end first.
    workers
        What runs the steps.
    progress
        Where to report.

    Returns
    -------
    tuple
        The faults of the renditions that could not be made, and the errors that are defects of ours.
    """
    return _Drive(workers, progress).run(courses)


class _Drive:
    def __init__(self, workers: Workers, progress: Progress) -> None:
        self._workers = workers
        self._progress = progress
        self._batches: dict[Rendition, _Batch] = {}
        self._numbers: dict[Rendition, int] = {}
        self._faults: dict[Rendition, tuple[Fault, ...]] = {}
        self._defects: list[Exception] = []
        self._queue: list[_Waiting] = []
        self._order = 0
        # The same step in two courses runs once.
        self._asked: dict[object, list[tuple[Rendition, int]]] = {}
        self._known: dict[object, Outcome] = {}
        self._running: dict[Future[Outcome], tuple[_Waiting, int]] = {}

    def run(
        self, courses: Mapping[Rendition, Course]
    ) -> tuple[dict[Rendition, tuple[Fault, ...]], list[Exception]]:
        try:
            for number, (rendition, course) in enumerate(courses.items()):
                self._numbers[rendition] = number
                self._batches[rendition] = _Batch(course)
                self._advance(rendition, None)
                self._submit()
            while self._running:
                done, _ = wait(self._running, return_when=FIRST_COMPLETED)
                for future in done:
                    self._take(future)
                self._submit()
        except BaseException:  # Ctrl-C too: what is at work ends
            self._workers.kill()
            raise
        finally:
            for batch in self._batches.values():  # one whose step had a defect has not ended
                batch.course.close()
        return self._faults, self._defects

    def _advance(self, rendition: Rendition, outcomes: list[Outcome] | None) -> None:
        """Let a course go on to its next steps."""
        batch = self._batches[rendition]
        while True:
            try:
                steps = next(batch.course) if outcomes is None else batch.course.send(outcomes)
            except StopIteration:
                return
            except PaperError as error:
                self._fail(rendition, error.faults)
                return
            except Exception as error:  # the others are finished before it shows
                self._defects.append(error)
                return
            batch.steps, batch.outcomes = steps, [None] * len(steps)
            for position, step in enumerate(steps):
                self._ask(rendition, position, step)
            if None in batch.outcomes:
                return
            outcomes = [one for one in batch.outcomes if one is not None]

    def _ask(self, rendition: Rendition, position: int, step: Step) -> None:
        if step.key in self._known:
            self._batches[rendition].outcomes[position] = self._known[step.key]
        elif step.key in self._asked:
            self._asked[step.key].append((rendition, position))
        else:
            self._asked[step.key] = [(rendition, position)]
            self._order += 1
            heapq.heappush(self._queue, _Waiting(self._numbers[rendition], self._order, step))

    def _submit(self) -> None:
        while self._queue and len(self._running) < self._workers.size:
            self._begin(heapq.heappop(self._queue), 1)

    def _begin(self, waiting: _Waiting, attempt: int) -> None:
        self._progress.begin(_whose(waiting.step), waiting.step.name)
        future = self._workers.submit(perform, waiting.step)
        self._running[future] = (waiting, attempt)

    def _take(self, future: Future[Outcome]) -> None:
        """Give what came of a step to the courses that wait for it."""
        waiting, attempt = self._running.pop(future)
        step = waiting.step
        error = future.exception()
        if error is None:
            outcome = future.result()
            lost = outcome.again
        elif self._workers.is_loss(error):
            outcome, lost = Outcome(faults=(_loss(step),)), True
        elif isinstance(error, Exception):
            self._defects.append(error)
            self._progress.end(_whose(step), step.name, 0, outcome="failed", why=repr(error))
            return
        else:
            raise error
        if lost and attempt < ATTEMPTS:
            why = "it is tried again: " + "; ".join(fault.what for fault in outcome.faults)
            self._progress.end(_whose(step), step.name, outcome.took, outcome="failed", why=why)
            self._begin(waiting, attempt + 1)
            return
        verdict = "failed" if outcome.faults or outcome.lost else "done"
        self._progress.end(_whose(step), step.name, outcome.took, outcome=verdict)
        if verdict == "done":
            self._known[step.key] = outcome
        for rendition, position in self._asked.pop(step.key):
            batch = self._batches[rendition]
            batch.outcomes[position] = outcome
            if None not in batch.outcomes:
                self._advance(rendition, [one for one in batch.outcomes if one is not None])

    def _fail(self, rendition: Rendition, faults: tuple[Fault, ...]) -> None:
        self._faults[rendition] = faults
        for fault in faults:
            self._progress.fault(str(rendition), str(fault))


def _whose(step: Step) -> str:
    return str(step.rendition) if step.rendition else ""


def _loss(step: Step) -> Fault:
    """Return the fault of a step whose worker has ended."""
    file = step.notebook if isinstance(step, RunNotebook) else _whose(step) or "data"
    return Fault(
        file=file,
        what=f"{_whose(step)}: the worker ended while it was to {step.name}".lstrip(": "),
        mend="look for what needs more memory or time than there is, or allow more time with --limit",
    )
