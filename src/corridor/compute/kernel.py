"""The kernel in which a notebook runs."""

from __future__ import annotations

import subprocess
from collections.abc import Awaitable, Callable
from typing import Any

from jupyter_client.manager import AsyncKernelManager


class QuietKernelManager(AsyncKernelManager):
    """Keeps off the terminal what the kernel's process itself writes, such as complaints while it ends.

    What cells write travels as messages and is not touched.
    """

    async def _async_start_kernel(self, **options: Any) -> None:
        await super()._async_start_kernel(stderr=subprocess.DEVNULL, **options)

    start_kernel: Callable[..., Awaitable[Any]] = _async_start_kernel
