"""The processes that a build keeps ready: one from which kernels are forked, one that draws charts.

Both are reached by sockets in a folder that nobody else can open, and end with the process that started them,
however it ends. Processes that a build starts find them through the environment.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from corridor.files import hashed, tree

KERNELS = "CORRIDOR_FORKSERVER"
"""Names the socket of the server of kernels."""

CHARTS = "CORRIDOR_CHARTS"
"""Names the socket of the process that draws."""

SETTINGS = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
"""What kernels are started with and cannot be given afterwards; the kernelspec says the same."""

_MODULES = {KERNELS: "forkserver", CHARTS: "drawer"}

# The folder in which a process starts is no place to import from.
_START = "import sys; sys.path = list(filter(None, sys.path)); from corridor.compute.{0} import main; main()"

# What a process or its libraries read of the environment only when they start.
_READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "OPENBLAS_", "OMP_", "MKL_", "ARROW_", "PANDAS_", "NUMPY_")


@dataclass(frozen=True, kw_only=True)
class _Servers:
    folder: Path
    processes: Mapping[str, subprocess.Popen[bytes]]
    earlier: list[subprocess.Popen[bytes]]
    signature: str
    owner: int


_own: _Servers | None = None


@contextmanager
def serving() -> Generator[None]:
    """Keep both processes ready for the block, for this process and all that it starts.

    They get ready while the block already runs. A block inside such a block uses the same ones, started anew
    if the framework has changed meanwhile.
    """
    outermost = CHARTS not in os.environ
    serve()
    try:
        yield
    finally:
        if outermost:
            stop()


def serve() -> None:
    """Have both processes ready until this one ends; they get ready while it goes on.

    Those that are there already are used, unless the framework has changed meanwhile.
    """
    if CHARTS not in os.environ or (_own is not None and _own.signature != signature(_environment())):
        with suppress(OSError):  # the first kernel says what is in the way, and does without
            start(KERNELS, CHARTS)


def kernels() -> str:
    """Return the address of the server of kernels; if there is none, one is started for this process."""
    if KERNELS not in os.environ:
        start(KERNELS)
    return os.environ[KERNELS]


def restart() -> None:
    """Start anew what does not answer, or has loaded what has changed since; kernels that run go on."""
    start(*(_own.processes if _own else [KERNELS]))


def start(*names: str) -> None:
    """Start processes by the variables that name their sockets, in place of those started before.

    Raises
    ------
    OSError
        If they cannot be had here.
    """
    global _own
    if sys.platform != "linux":
        raise OSError("only Linux forks a process that has loaded its libraries safely")
    earlier: list[subprocess.Popen[bytes]] = []
    if _own is not None and _own.owner == os.getpid():
        earlier = [one for one in [*_own.earlier, *_own.processes.values()] if one.poll() is None]
        for process in earlier:
            process.terminate()
        shutil.rmtree(_own.folder, ignore_errors=True)  # nobody is to come any more
    at_start = signature(_environment())
    folder = Path(tempfile.mkdtemp(prefix="corridor-"))
    try:
        processes = {name: _launch(_MODULES[name], folder) for name in names}
    except OSError:
        shutil.rmtree(folder)
        raise
    _own = _Servers(
        folder=folder, processes=processes, earlier=earlier, signature=at_start, owner=os.getpid()
    )
    os.environ.update({name: str(folder / _MODULES[name]) for name in names})


def stop() -> None:
    """End the processes that this one started, and the kernels that run."""
    global _own
    if _own is None or _own.owner != os.getpid():
        return
    for name in _own.processes:
        os.environ.pop(name, None)
    running = [*_own.earlier, *_own.processes.values()]
    for process in running:
        process.terminate()  # it may still be loading
    for process in running:
        process.communicate()
    shutil.rmtree(_own.folder, ignore_errors=True)
    _own = None


atexit.register(stop)


def signature(environment: Mapping[str, str]) -> str:
    """Return a digest of what is settled once a process has started: code, packages, some of its environment.

    Parameters
    ----------
    environment
        The process's environment.
    """
    files = {name: path.stat() for name, path in tree(Path(__file__).parents[1]).items()}
    return hashed(
        [
            sys.executable,
            {name: [stat.st_size, stat.st_mtime_ns] for name, stat in files.items()},
            Path(sysconfig.get_path("purelib")).stat().st_mtime_ns,  # changes when a package does
            {name: value for name, value in environment.items() if name.startswith(_READ_AT_START)},
        ]
    )


def _environment() -> dict[str, str]:
    return {**os.environ, **SETTINGS}


def _launch(module: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start a process that listens already: those who connect wait until it has got ready, or failed to."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / module))
        listener.listen(64)
        # It ends when the other end of its standard input does.
        return subprocess.Popen(
            [sys.executable, "-c", _START.format(module), str(listener.fileno()), str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[listener.fileno()],
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for the build
        )
