"""The kernel in which a notebook runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

_WARM = "corridor"

# The address of a socket in the file system is at most 107 bytes long.
_LONGEST = 90

_PAUSE = 0.005
"""Seconds between two looks at whether a kernel has ended."""

_FIRST = 0.02
"""Seconds to wait for a kernel's status before it is asked for again: it may have come too early."""


def kernel_name() -> str:
    """Return the kernelspec for notebooks: ours, or Jupyter's own where ours is not installed."""
    return _WARM if _WARM in KernelSpecManager().find_kernel_specs() else "python3"


def described() -> str:
    """Return in words how notebooks come by their kernels here."""
    if sys.platform != "linux":
        return "plain (only Linux forks safely)"
    if kernel_name() != _WARM:
        return f'plain (the kernelspec "{_WARM}" is not installed: install Corridor again)'
    return f'warm, forked (kernelspec "{_WARM}")'


class PromptClient(AsyncKernelClient):
    """Knows at once that a kernel is ready; Jupyter's own client waits for messages that do not come."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        end = time.monotonic() + (timeout or float("inf"))
        patience = _FIRST
        while True:
            asked = self.kernel_info()
            try:
                reply = await self._answer(self.get_shell_msg, 1, asked, "kernel_info_reply")
                self._handle_kernel_info_reply(reply)
                await self._answer(self.get_iopub_msg, patience, asked, "status")
                return
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("the kernel died before it was ready") from None
            patience = min(2 * patience, 1)
            if time.monotonic() > end:
                raise RuntimeError(f"the kernel was not ready within {timeout} s")

    @staticmethod
    async def _answer(get: Callable[..., Any], timeout: float, asked: str, kind: str) -> dict[str, Any]:
        while True:
            message = await get(timeout=timeout)
            if message["parent_header"].get("msg_id") == asked and message["msg_type"] == kind:
                return message

    wait_for_ready = _async_wait_for_ready


class QuietKernelManager(AsyncKernelManager):
    """Keeps off the terminal what the kernel's process itself writes, such as complaints while it ends.

    What cells write travels as messages and is not touched. Kernels are reached by sockets in the run's own
    folder, not by ports, which two runs at the same time could both take.
    """

    def __init__(self, **options: Any) -> None:
        address = os.path.join(os.environ["IPYTHONDIR"], "kernel")
        if len(os.fsencode(address)) <= _LONGEST:
            options |= {"transport": "ipc", "ip": address}
        super().__init__(**options, client_factory=PromptClient)

    async def _async_start_kernel(self, **options: Any) -> None:
        await super()._async_start_kernel(stderr=subprocess.DEVNULL, **options)

    start_kernel: Callable[..., Awaitable[Any]] = _async_start_kernel

    async def _async_wait(self, pollinterval: float = _PAUSE) -> None:
        await super()._async_wait(pollinterval=_PAUSE)
