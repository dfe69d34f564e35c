"""The kernel in which a notebook runs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Awaitable, Callable
from typing import Any

from jupyter_client.manager import AsyncKernelManager

# The address of a socket in the file system is at most 107 bytes long.
_LONGEST = 90


class QuietKernelManager(AsyncKernelManager):
    """Keeps off the terminal what the kernel's process itself writes, such as complaints while it ends.

    What cells write travels as messages and is not touched. Kernels are reached by sockets in the run's own
    folder, not by ports, which two runs at the same time could both take.
    """

    def __init__(self, **options: Any) -> None:
        address = os.path.join(os.environ["IPYTHONDIR"], "kernel")
        if len(os.fsencode(address)) <= _LONGEST:
            options |= {"transport": "ipc", "ip": address}
        super().__init__(**options)

    async def _async_start_kernel(self, **options: Any) -> None:
        await super()._async_start_kernel(stderr=subprocess.DEVNULL, **options)

    start_kernel: Callable[..., Awaitable[Any]] = _async_start_kernel
