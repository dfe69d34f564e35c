"""How Jupyter comes by a kernel of the kernelspec "corridor": forked, or plain where that cannot be."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

from corridor.compute import servers

log = logging.getLogger("corridor.kernels")

_PATIENCE = 120
"""Seconds that the server may take to load what notebooks use, even where all cores are busy."""


_ENDED = "the process to fork from has ended"


class ForkProvisioner(LocalProvisioner):
    """Forks kernels from a process that has imported what notebooks use."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Launch a kernel; where it cannot be forked, a plain one, and a warning says why."""
        try:
            self.process = _forked(cmd, **self._scrub_kwargs(kwargs))
        except OSError as error:
            log.warning("plain kernel: %s", error)
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info


class Forked:
    """A kernel's process, to be used as a `subprocess.Popen`; it is the server's child.

    Parameters
    ----------
    request
        What the server is to fork.
    files
        Its standard input, output and error, as file descriptors.

    Raises
    ------
    FileNotFoundError, ConnectionRefusedError
        If there is no server any more, or it has loaded what has changed since.
    OSError
        If the server does not fork, saying why.
    """

    stdin = stdout = stderr = None

    def __init__(self, request: Mapping[str, Any], files: list[int]) -> None:
        self.returncode: int | None = None
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.settimeout(_PATIENCE)
        self._answers = self._connection.makefile("rb")
        try:
            self._connection.connect(servers.kernels())
            line = json.dumps(request).encode() + b"\n"
            sent = socket.send_fds(self._connection, [line], files)
            if rest := line[sent:]:  # even to send nothing fails once the server has answered and left
                self._connection.sendall(rest)
            answer = json.loads(self._answers.readline() or b"{}")
            if "stale" in answer:
                raise ConnectionRefusedError("the framework or its packages are being changed")
            if "pid" not in answer:
                raise OSError(answer.get("plain", _ENDED))
        except ConnectionResetError:
            self._close()
            raise OSError(_ENDED) from None
        except BaseException:
            self._close()
            raise
        self.pid: int = answer["pid"]
        self._connection.settimeout(None)

    def poll(self) -> int | None:
        """Return the status with which the kernel ended; ``None`` while it runs."""
        if self.returncode is None and wait([self._connection], timeout=0):
            self.wait()
        return self.returncode

    def wait(self) -> int:
        """Wait for the kernel's end, and return its status."""
        if self.returncode is None:
            line = self._answers.readline()
            if not line:  # the server is gone, and its kernels are nobody's
                with suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
            self.returncode = json.loads(line)["status"] if line else -signal.SIGKILL
            self._close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)

    def _close(self) -> None:
        self._answers.close()
        self._connection.close()


def _forked(
    cmd: list[str],
    *,
    env: dict[str, str],
    cwd: str | None = None,
    stdin: Any = None,
    stdout: Any = None,
    stderr: Any = None,
    independent: bool = False,
    **others: Any,
) -> Forked:
    """Fork what a command line would start; the parameters are those of `subprocess.Popen`."""
    if cmd[:3] != [sys.executable, "-m", "ipykernel_launcher"]:
        raise OSError("the kernelspec starts another program")
    if independent or others or subprocess.PIPE in (stdout, stderr):
        raise OSError("a process of its own is asked for")
    with ExitStack() as stack:
        nothing = stack.enter_context(open(os.devnull, "r+b"))
        asked = [nothing if stdin is None else stdin, 1 if stdout is None else stdout]
        asked += [2 if stderr is None else asked[1] if stderr == subprocess.STDOUT else stderr]
        files = [
            _number(nothing if file in (subprocess.DEVNULL, subprocess.PIPE) else file) for file in asked
        ]
        request = {
            "signature": servers.signature(env),
            "argv": cmd[3:],
            "env": env,
            "cwd": os.path.abspath(cwd or "."),
        }
        try:
            return Forked(request, files)
        except (FileNotFoundError, ConnectionRefusedError):
            servers.restart()
            return Forked(request, files)


def _number(file: Any) -> int:
    return file if isinstance(file, int) else file.fileno()
