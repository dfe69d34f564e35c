"""`corridor preview`, as a process of its own, with a browser open on it."""

import contextlib
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Generator, Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Browser, expect

from browsing import open_browser
from conftest import Corridor, edit

FAULTS = "#corridor-faults"
SECONDS = 60
PATIENCE = 1000 * SECONDS  # of the browser, in milliseconds


class Preview:
    """A preview at work in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.process = subprocess.Popen(
            [sys.executable, "-m", "corridor", "preview", "--port", "0", "--engine", "pandoc"],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            # A shell's background jobs ignore Ctrl-C and hand that on.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        found = re.search(r"http://127\.0\.0\.1:\d+/", self.wait_for("preview at http://"))
        assert found
        self.address = found[0]

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line)

    def wait_for(self, words: str) -> str:
        """Return the next line that holds some words."""
        while True:
            try:
                line = self._lines.get(timeout=SECONDS)
            except queue.Empty:
                raise AssertionError(f"it never said {words!r}, but: {self.said}") from None
            self.said.append(line)
            if words in line:
                return line

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=SECONDS) as answer:
            return answer.read().decode()


@contextlib.contextmanager
def preview_of(root: Path) -> Generator[Preview]:
    preview = Preview(root)
    try:
        yield preview
    finally:
        preview.process.kill()
        preview.process.wait()


@pytest.fixture
def good(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "paper"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


def at_work_in(root: Path) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == root and (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


@pytest.mark.browser
def test_open_page_follows_the_paper(good: Path, browser: Browser) -> None:
    with preview_of(good) as preview:
        page = browser.new_page()
        page.goto(preview.address)
        page.wait_for_url("**/region/en/index.html")

        page.goto(f"{preview.address}region/en/chapters/trade.html")
        edit(good / "chapters" / "trade.qmd", "Exports rose", "Exports soared")
        expect(page.locator(".prose")).to_contain_text("Exports soared", timeout=PATIENCE)

        # A fault is shown on the old page, also to who opens it later; mended, it goes.
        edit(good / "chapters" / "trade.qmd", "@fig-volume draws", "@fig-volum draws")
        expect(page.locator(FAULTS)).to_contain_text(
            'chapters/trade.qmd:3: there is no label "fig-volum"', timeout=PATIENCE
        )
        expect(page.locator(".prose")).to_contain_text("Exports soared", timeout=PATIENCE)
        page.reload()
        expect(page.locator(FAULTS)).to_contain_text("fig-volum", timeout=PATIENCE)
        edit(good / "chapters" / "trade.qmd", "@fig-volum draws", "@fig-volume draws")
        expect(page.locator(FAULTS)).to_have_count(0, timeout=PATIENCE)

        # Many editors save by putting a new file in the old one's place, and do so again and again.
        page.goto(f"{preview.address}region/en/index.html")
        for word in ("tiny", "short"):
            fresh = good / "index.qmd.new"
            text = (good / "index.qmd").read_text(encoding="utf-8")
            fresh.write_text(
                re.sub(r"^A .*paper on", f"A {word} paper on", text, flags=re.M), encoding="utf-8"
            )
            fresh.replace(good / "index.qmd")
            expect(page.locator(".prose")).to_contain_text(f"A {word} paper on", timeout=PATIENCE)
        page.close()
    assert "EventSource" not in (good / "site/region/en/index.html").read_text(encoding="utf-8")


@pytest.mark.browser
def test_paper_that_is_broken_at_first(good: Path, browser: Browser) -> None:
    shutil.rmtree(good / "site")
    edit(good / "index.qmd", "years.span", "years.spam")
    with preview_of(good) as preview:
        page = browser.new_page()
        page.goto(preview.address)
        expect(page.locator(FAULTS)).to_contain_text("years.spam", timeout=PATIENCE)
        edit(good / "index.qmd", "years.spam", "years.span")
        page.wait_for_url("**/region/en/index.html", timeout=PATIENCE)
        page.close()


def test_the_site_is_completed_after_the_pages(good: Path, corridor: Corridor) -> None:
    index = good / "site" / "region" / "en" / "pagefind"
    before = {file.name for file in index.rglob("*.pf_fragment")}
    with preview_of(good) as preview:
        edit(good / "chapters" / "trade.qmd", "Exports rose", "Exports soared")
        end = time.monotonic() + SECONDS
        while "Exports soared" not in preview.get("region/en/chapters/trade.html"):
            assert time.monotonic() < end
            time.sleep(0.01)
        while before == {file.name for file in index.rglob("*.pf_fragment")} or not index.is_dir():
            assert time.monotonic() < end, "the search does not know the new text"
            time.sleep(0.01)
        done = corridor(good, "build", "--format", "html", "--engine", "pandoc", expect=0)
        assert "up to date" in done.stdout


def test_serves_only_the_site_and_only_here(good: Path) -> None:
    with preview_of(good) as preview:
        assert "EventSource" in preview.get("region/en/index.html")
        assert "EventSource" in preview.get("region/en/chapters/trade.html?x=1#y")
        assert preview.get("region/en/exhibits/flows.csv").startswith("reporter,")
        for path in ("../_quarto.yml", "%2e%2e/_quarto.yml", "no.html"):
            with pytest.raises(HTTPError, match="404"):
                preview.get(path)
        port = int(preview.address.split(":")[2].rstrip("/"))
        with socket.socket() as other:
            other.settimeout(5)
            with pytest.raises(OSError, match="refused"):
                other.connect(("127.0.0.2", port))


def test_ends_on_ctrl_c(good: Path) -> None:
    with preview_of(good) as preview:
        preview.get("region/en/index.html")
        preview.process.send_signal(signal.SIGINT)
        assert preview.process.wait(timeout=SECONDS) == 0
        assert at_work_in(good) == []
        assert "Traceback" not in "".join(preview.said)


def test_ends_on_ctrl_c_while_a_notebook_runs(good: Path) -> None:
    with preview_of(good) as preview:
        marker = good / "running"
        notebook = good / "analysis" / "trade.ipynb"
        text = notebook.read_text(encoding="utf-8")
        sleep = r"open('running', 'w'); import time; time.sleep(99)\nexhibits.table("
        notebook.write_text(text.replace("exhibits.table(", sleep), encoding="utf-8")
        end = time.monotonic() + SECONDS
        while not marker.exists():
            assert time.monotonic() < end
            time.sleep(0.01)
        preview.process.send_signal(signal.SIGINT)
        preview.process.wait(timeout=SECONDS)
        while at_work_in(good):
            assert time.monotonic() < end, "the kernel still runs"
            time.sleep(0.05)


def test_port_that_is_taken(paper: Path, corridor: Corridor) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = corridor(paper, "preview", "--port", port, expect=1).stderr
    assert f"port {port} cannot be opened: Address already in use" in said
    assert not (paper / "site").exists()
