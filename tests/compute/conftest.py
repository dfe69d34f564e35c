"""Kernels as Jupyter starts them, and notebooks to run in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel

from corridor.compute import servers


class Kernel:
    """A kernel, and what it prints."""

    def __init__(self, name: str) -> None:
        manager, client = start_new_kernel(startup_timeout=300, kernel_name=name)
        self.manager: KernelManager = manager
        self.client: BlockingKernelClient = client

    def say(self, code: str, *, fails: str = "") -> str:
        """Run code and return what it prints; `fails` names the exception that it ends with."""
        said: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            if message["msg_type"] == "stream":
                said.append(message["content"]["text"])

        reply = self.client.execute_interactive(code, timeout=120, output_hook=hear)["content"]
        assert reply.get("ename", "") == fails, reply
        return "".join(said).strip()

    def pid(self) -> int:
        return int(self.say("import os; print(os.getpid())"))

    def parent(self) -> int:
        return int(self.say("import os; print(os.getppid())"))

    def end(self) -> None:
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


@pytest.fixture(scope="session")
def served() -> Generator[None]:
    """Keep the servers for all tests that do not harm them."""
    with servers.serving():
        yield


@pytest.fixture
def kernel() -> Generator[Callable[..., Kernel]]:
    """Return a function that starts a kernel."""
    kernels: list[Kernel] = []

    def start(name: str = "corridor") -> Kernel:
        kernels.append(Kernel(name))
        return kernels[-1]

    yield start
    for one in kernels:
        one.end()


@pytest.fixture
def own_servers(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Let the test start, and end, servers of its own."""
    others = servers._own
    for name in (servers.KERNELS, servers.CHARTS):
        monkeypatch.delenv(name, raising=False)
    servers._own = None
    yield
    servers.stop()
    servers._own = others


def notebook(file: Path, *cells: str) -> Path:
    """Write a notebook whose first cell sets parameters."""
    made = [nbformat.v4.new_code_cell(source, id=f"c{number}") for number, source in enumerate(cells)]
    made[0].metadata["tags"] = ["parameters"]
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": spec}), file)
    return file


def runs(pid: int) -> bool:
    """Return whether a process is there, and not only waiting to be buried."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def server() -> int:
    """Return the process that kernels are forked from."""
    assert servers._own is not None
    return servers._own.processes[servers.KERNELS].pid


def sockets(pid: int) -> set[str]:
    """Return the sockets that a process holds."""
    held = set()
    for number in os.listdir(f"/proc/{pid}/fd"):
        with suppress(OSError):
            held.add(os.readlink(f"/proc/{pid}/fd/{number}"))
    return {name for name in held if name.startswith("socket:")}
