"""The process from which kernels are forked: it has imported what notebooks use, and has a single thread.

A request is a line of JSON with the server's ``signature`` and the kernel's ``argv``, ``env`` and ``cwd``; it
carries the files that become standard input, output and error. The answer is a line with its ``pid``,
or with why there is none: ``stale`` or ``plain``. A later line tells the ``status`` with which the kernel
ended. A kernel is killed when its client goes, and all of them when the server's standard input ends. A
server that is asked to end (SIGTERM) does so after its last kernel.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import selectors
import shutil
import signal
import socket
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from corridor.compute.servers import signature

_LIBRARIES = (
    *(
        "ipykernel.kernelapp",
        "ipykernel.zmqshell",
        "ipykernel.debugger",
        "tornado.platform.asyncio",
        "psutil",
    ),
    *("IPython.core.completerlib", "IPython.core.debugger", "IPython.extensions.storemagic"),
    *("pandas", "altair", "babel.dates", "yaml", "scipy.optimize", "pymcdm"),
)

_OURS = (
    *("charts", "compute.reads", "data", "description", "ecommerce", "exhibits", "expressions", "facts"),
    *("locators", "messages", "names", "observations", "plots", "policy", "quantities", "reconcile", "swot"),
    *("trace", "trade", "words"),
)

_PATIENCE = 10
"""Seconds in which a client must have sent its request."""


@dataclass(frozen=True, kw_only=True)
class _Request:
    argv: list[str]
    env: dict[str, str]
    cwd: str
    files: list[int]


def main() -> None:
    """Serve; in a forked process, be a kernel. Arguments: the listening socket and the servers' folder."""
    number, folder = sys.argv[1:]
    atexit.register(_leave)
    loaded = signature(os.environ)
    gc.disable()
    preload()
    gc.freeze()  # a collection in a kernel would touch, and so copy, all that kernels share
    server = _Server(socket.socket(fileno=int(number)), loaded)
    request = server.serve()
    if request is None:
        shutil.rmtree(folder, ignore_errors=True)  # its owner may have been killed
    else:
        gc.enable()
        _be_kernel(request)


def _leave() -> None:
    """End a process, after all else that it does in the end, without taking apart what others share."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def preload() -> None:
    """Import what notebooks use."""
    for name in _LIBRARIES:
        importlib.import_module(name)
    # The kernelspec offers no debugger, and each kernel would begin by preparing one.
    vars(sys.modules["ipykernel.debugger"])["_is_debugpy_available"] = False
    for catalogue in (Path(__file__).parents[1] / "locales").glob("*.po"):
        vars(sys.modules["babel.localedata"])["load"](catalogue.stem)  # how the languages write numbers
    vars(sys.modules["babel.localedata"])["load"]("en")
    for name in _OURS:
        module = importlib.import_module(f"corridor.{name}")
        for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
            importlib.import_module(f"{module.__name__}.{found.name}")
    # What the first chart and the first unit of a process make ready, all others use.
    vars(sys.modules["corridor.charts"])["empty"]("").to_dict()
    vars(sys.modules["corridor.quantities"])["has_unit"]("ton", "ru")


class _Server:
    def __init__(self, listener: socket.socket, loaded: str) -> None:
        self._listener = listener
        self._loaded = loaded
        self._kernels: dict[int, socket.socket] = {}
        self._signalled, self._signal = socket.socketpair()
        self._signal.setblocking(False)
        self._retired = False
        self._ready = selectors.DefaultSelector()
        for file in (sys.stdin, listener, self._signalled):
            self._ready.register(file, selectors.EVENT_READ)

    def serve(self) -> _Request | None:
        """Answer until the owner is gone; in a forked process, return what it was forked for."""
        process = os.getpid()
        signal.set_wakeup_fd(self._signal.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._retire)
        try:
            while self._kernels or not self._retired:
                for key, _ in self._ready.select():
                    if key.fileobj is sys.stdin:
                        return None
                    if key.fileobj is self._signalled:
                        self._reap()
                    elif key.fileobj is self._listener and not self._retired:
                        if (request := self._fork()) is not None:
                            return request
                    elif key.data in self._kernels:  # its client is gone
                        self._kill(key.data)
            return None
        finally:
            if os.getpid() == process:
                for pid in list(self._kernels):
                    self._kill(pid)
            else:
                signal.set_wakeup_fd(-1)
                for used in (
                    *self._kernels.values(),
                    self._listener,
                    self._signalled,
                    self._signal,
                    self._ready,
                ):
                    used.close()

    def _retire(self, *_: Any) -> None:
        """Fork no more, and end with the last kernel."""
        if not self._retired:
            self._retired = True
            self._ready.unregister(self._listener)
            self._listener.close()

    def _fork(self) -> _Request | None:
        """Fork a kernel for the next client; return its request in the kernel only."""
        connection, _ = self._listener.accept()
        files: list[int] = []
        pid: int | None = None
        try:
            connection.settimeout(_PATIENCE)
            asked, files = _received(connection)
            if refusal := self._refusal(asked):
                _tell(connection, refusal)
                return None
            pid = os.fork()
            if pid == 0:
                fields = {name: asked[name] for name in ("argv", "env", "cwd")}
                return _Request(files=files, **fields)
            self._kernels[pid] = connection
            self._ready.register(connection, selectors.EVENT_READ, pid)
            _tell(connection, {"pid": pid})
        except (OSError, ValueError) as error:  # it left, or sent something else; or there is no memory
            _tell(connection, {"plain": str(error)})
        finally:
            if pid != 0:
                for number in files:
                    os.close(number)
            if not pid:
                connection.close()
        return None

    def _refusal(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["signature"] != self._loaded:
            return {"stale": True}
        # A fork has no copy of the threads, but of the locks that they hold.
        if len(os.listdir("/proc/self/task")) > 1:
            return {"plain": "a library that is loaded has started a thread"}
        return {}

    def _reap(self) -> None:
        self._signalled.recv(4096)
        for pid in list(self._kernels):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._forget(pid, status)

    def _kill(self, pid: int) -> None:
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:  # it has not got as far as to lead a group of its own
            os.kill(pid, signal.SIGKILL)
        self._forget(pid, os.waitpid(pid, 0)[1])

    def _forget(self, pid: int, status: int) -> None:
        connection = self._kernels.pop(pid)
        self._ready.unregister(connection)
        _tell(connection, {"status": os.waitstatus_to_exitcode(status)})
        connection.close()


def _received(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    part, files, _, _ = socket.recv_fds(connection, 65536, 3)
    line = part
    while part and not line.endswith(b"\n"):
        part = connection.recv(65536)
        line += part
    return json.loads(line), files


def _tell(connection: socket.socket, answer: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # whoever asked may be gone
        connection.sendall(json.dumps(answer).encode() + b"\n")


def _be_kernel(request: _Request) -> None:
    """Become what the command line of a plain kernel would have become."""
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, file in enumerate(request.files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(request.env)
    time.tzset()
    os.chdir(request.cwd)
    launcher = find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin), *request.argv]
    if drawn := sys.modules.get("numpy.random"):
        drawn.seed()  # Python's own generator sees to itself
    from ipykernel.kernelapp import IPKernelApp

    server = os.getppid()
    os.environ["JPY_PARENT_PID"] = str(server)
    IPKernelApp.launch_instance(request.argv, parent_handle=server)  # ends when the server does
