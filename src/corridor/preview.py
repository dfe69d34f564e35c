"""Serve the site on this machine, rebuild on change, reload the page."""

from __future__ import annotations

import json
import queue
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from corridor.build import build
from corridor.edition import Rendition, default_edition
from corridor.errors import PaperError
from corridor.paper import CONFIG, open_paper
from corridor.progress import Progress

HOST = "127.0.0.1"
_EVENTS = "/_corridor/events"

# Only the preview adds this: the site itself stays as built.
_SCRIPT = """<script>
(() => {
  const events = new EventSource("/_corridor/events");
  events.addEventListener("reload", () => location.reload());
  events.addEventListener("faults", event => {
    let box = document.getElementById("corridor-faults");
    if (!box) {
      box = document.createElement("pre");
      box.id = "corridor-faults";
      box.setAttribute("role", "alert");
      box.style.cssText = "position:fixed;inset:auto 0 0 0;margin:0;padding:1rem;max-height:50vh;" +
        "overflow:auto;background:#7d2f2f;color:#fff;white-space:pre-wrap;z-index:9999;font-size:14px";
      document.body.append(box);
    }
    box.textContent = JSON.parse(event.data);
  });
})();
</script>"""


class _Readers:
    """The pages that are open, each with a queue of what it has to be told."""

    def __init__(self) -> None:
        self._queues: set[queue.Queue[tuple[str, str]]] = set()
        self._lock = threading.Lock()

    def join(self) -> queue.Queue[tuple[str, str]]:
        mailbox: queue.Queue[tuple[str, str]] = queue.Queue()
        with self._lock:
            self._queues.add(mailbox)
        return mailbox

    def leave(self, mailbox: queue.Queue[tuple[str, str]]) -> None:
        with self._lock:
            self._queues.discard(mailbox)

    def tell(self, event: str, data: str) -> None:
        with self._lock:
            for mailbox in self._queues:
                mailbox.put((event, data))


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args: Any, readers: _Readers, **kwargs: Any) -> None:
        self._readers = readers
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        if self.path == _EVENTS:
            self._stream()
            return
        page = Path(self.translate_path(self.path))
        if self.path.partition("?")[0].endswith("/"):
            page /= "index.html"
        if page.suffix == ".html" and page.is_file():
            body = page.read_text(encoding="utf-8").replace("</body>", f"{_SCRIPT}</body>").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        del format, args  # a line for each file would bury the faults

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        mailbox = self._readers.join()
        try:
            while True:
                try:
                    event, data = mailbox.get(timeout=15)
                    self.wfile.write(f"event: {event}\ndata: {json.dumps(data)}\n\n".encode())
                except queue.Empty:
                    self.wfile.write(b": still here\n\n")
                self.wfile.flush()
        except OSError:
            pass  # the page was closed
        finally:
            self._readers.leave(mailbox)


def serve(root: Path, port: int, engine: str, progress: Progress) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    root
        The paper's root.
    port
        Port on the loopback interface; 0 takes a free one.
    engine
        Name of the engine, or ``auto``.
    progress
        Where to report.
    """
    import watchfiles

    readers = _Readers()
    _rebuild(root, engine, progress, readers)
    site = root / "site"
    site.mkdir(exist_ok=True)
    handler = partial(_Handler, readers=readers, directory=str(site))
    server = ThreadingHTTPServer((HOST, port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"preview at http://{HOST}:{server.server_port}/ - Ctrl-C ends it", flush=True)
    watched = [p for n in ("chapters", "analysis", "data", "editions") if (p := root / n).is_dir()]
    single = {root / CONFIG, *root.glob("*.qmd"), *root.glob("*.bib")}
    try:
        for changes in watchfiles.watch(
            *watched, *single, debounce=300, raise_interrupt=True, yield_on_timeout=False
        ):
            names = sorted({Path(name).relative_to(root).as_posix() for _, name in changes})
            progress.say(f"{time.strftime('%H:%M:%S')} changed: {', '.join(names)}")
            _rebuild(root, engine, progress, readers)
    except KeyboardInterrupt:
        pass
    finally:
        server.shutdown()
        server.server_close()


def _rebuild(root: Path, engine: str, progress: Progress, readers: _Readers) -> None:
    progress.steps.clear()
    try:
        paper = open_paper(root)
        edition = default_edition(paper)
        rendition = Rendition(edition=edition, language=edition.languages[0])
        if build(paper, rendition, ["html"], engine, progress).fresh:
            readers.tell("reload", "")
    except PaperError as error:
        print(error, flush=True)
        readers.tell("faults", str(error))
