"""What a reader's browser fetches when it opens a page for the first time."""

from __future__ import annotations

import functools
import shutil
import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def browser() -> str | None:
    """Return the path of a browser on this machine."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def first_load(folder: Path, path: str) -> dict[str, int]:
    """Return the bytes that a real browser fetches for a page, uncompressed, by kind of file.

    Parameters
    ----------
    folder
        The site.
    path
        The page, relative to it.
    """
    from playwright.sync_api import Request, sync_playwright

    fetched: list[Request] = []
    sizes: Counter[str] = Counter()
    with _served(folder) as address, sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox", "--disable-gpu"])
        page = opened.new_page(viewport={"width": 1280, "height": 900})
        page.on("requestfinished", lambda request: fetched.append(request))
        page.goto(address + path, wait_until="networkidle")
        for request in fetched:
            sizes[request.resource_type] += request.sizes()["responseBodySize"]
        opened.close()
    return dict(sizes)


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def _served(folder: Path) -> Generator[str]:
    bound: Any = functools.partial(_Silent, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), bound) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
