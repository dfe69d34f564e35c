"""What runs the steps of a build: this process, processes of this machine, or a Dask cluster."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from corridor.errors import Fault, PaperError
from corridor.steps import Outcome, Step, attempt

LIMIT = 900.0
"""Seconds that a step may take."""

# A notebook ends by itself when its time is over, and says where it was; only then its worker is ended.
_GRACE = 60.0

# What the workers' steps need; it is imported once, in the process that they are forked from.
_PRELOADED = ["corridor.preload"]


class Workers(Executor):
    """Workers for the steps of a build, as an executor of `concurrent.futures`.

    Parameters
    ----------
    limit
        Seconds that a step may take.
    """

    local = True
    """Whether they see the folders of this machine."""

    size = 1
    """How many steps run at the same time."""

    def __init__(self, limit: float = LIMIT) -> None:
        self.limit = limit

    def is_loss(self, error: BaseException) -> bool:
        """Return whether a step failed because its worker ended; another may do it."""
        return isinstance(error, BrokenExecutor)

    def kill(self) -> None:
        """End whatever is at work."""


class Here(Workers):
    """This process: each step is done when it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Processes(Workers):
    """Processes of this machine: one pool for each, so that the end of one concerns its own step alone."""

    def __init__(self, size: int, limit: float = LIMIT) -> None:
        super().__init__(limit)
        self.size = size
        self._idle: list[ProcessPoolExecutor] = []
        self._busy: dict[Future[Any], ProcessPoolExecutor] = {}
        # Forked from a process without threads, which has imported what they need.
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        pool = self._idle.pop() if self._idle else self._pool()
        try:
            future = pool.submit(_within, self.limit, partial(fn, *args, **kwargs))
        except BrokenExecutor:  # its process was killed while it had nothing to do
            pool = self._pool()
            future = pool.submit(_within, self.limit, partial(fn, *args, **kwargs))
        self._busy[future] = pool
        future.add_done_callback(self._done)
        return future

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=self._context, initializer=_follow)

    def _done(self, future: Future[Any]) -> None:
        pool = self._busy.pop(future, None)
        if pool is None:
            return
        if future.cancelled() or isinstance(future.exception(), BrokenExecutor):
            pool.shutdown(wait=False)
        else:
            self._idle.append(pool)

    def kill(self) -> None:
        for process in multiprocessing.active_children():
            with suppress(OSError, ValueError):
                process.kill()
        self.shutdown(wait=False, cancel_futures=True)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        for pool in [*self._busy.values(), *self._idle]:
            pool.shutdown(wait=wait, cancel_futures=cancel_futures)
        self._idle.clear()


class Cluster(Workers):
    """The workers of a Dask cluster.

    Parameters
    ----------
    scheduler
        Address of its scheduler.
    limit
        Seconds that a step may take.

    Raises
    ------
    PaperError
        If Dask is not installed, or the scheduler does not answer or has no workers.
    """

    local = False

    def __init__(self, scheduler: str, limit: float = LIMIT) -> None:
        super().__init__(limit)
        try:
            from distributed import Client
        except ImportError:
            mend = 'install it with: pip install "corridor[cluster]"'
            raise PaperError(Fault(file="scheduler", what="Dask is not installed", mend=mend)) from None
        try:
            self._client = Client(scheduler, timeout="10s", set_as_default=False)
            self._client.wait_for_workers(1, timeout=60)
        except (OSError, TimeoutError, ValueError) as error:
            what = f"no workers at {scheduler}: {error}"
            mend = "start a scheduler and workers there, or leave --scheduler out"
            raise PaperError(Fault(file="scheduler", what=what, mend=mend)) from None
        # Steps change their process's environment: a worker does one at a time, however many threads it has.
        self.size = len(self._client.nthreads())
        self._executor = self._client.get_executor(pure=False, retries=0)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self._executor.submit(_within, self.limit, partial(fn, *args, **kwargs))

    def is_loss(self, error: BaseException) -> bool:
        from distributed import KilledWorker

        return isinstance(error, KilledWorker) or super().is_loss(error)

    def kill(self) -> None:
        self.shutdown(wait=False)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._executor.shutdown(wait=False)
        self._client.close(timeout=5)


def open_workers(jobs: int, scheduler: str | None, limit: float = LIMIT) -> Workers:
    """Return the workers that options ask for."""
    if scheduler:
        return Cluster(scheduler, limit)
    return Here(limit) if jobs == 1 else Processes(jobs, limit)


def perform(step: Step) -> Outcome:
    """Do a step in a worker."""
    return attempt(step)


_one_at_a_time = threading.Lock()


def _within(limit: float, work: Callable[[], Any]) -> Any:
    """Do some work; a process in which it takes longer than it may is ended."""
    with _one_at_a_time, open(os.devnull, "w") as nowhere:
        # The watchdog is a thread of C: it also ends what hangs in compiled code.
        faulthandler.dump_traceback_later(limit + _GRACE, exit=True, file=nowhere)
        try:
            return work()
        finally:
            faulthandler.cancel_dump_traceback_later()


def _follow() -> None:
    """Let a worker end with the build that it works for, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build ends its workers
    build = multiprocessing.parent_process()

    def wait() -> None:
        if build is not None:
            build.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
