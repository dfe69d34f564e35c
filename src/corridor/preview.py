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

from corridor.build import build, open_store
from corridor.edition import Rendition, open_edition
from corridor.errors import Fault, PaperError, raise_any
from corridor.paper import open_paper
from corridor.progress import Progress
from corridor.workers import Here

HOST = "127.0.0.1"
_EVENTS = "/_corridor/events"

# Editors write several files at once: milliseconds without a further change before a save counts as done,
# and how many it may take in all.
_SETTLED, _LONGEST = 10, 40

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


# Shown where there is no page yet, until a build makes it.
_NOTHING = "<!doctype html><html lang='en'><title>No page</title><body><p>No page here.</p></body></html>"


class _Readers:
    """The pages that are open, each with a queue of what it has to be told."""

    def __init__(self) -> None:
        self._faults = ""
        self._queues: set[queue.Queue[tuple[str, str]]] = set()
        self._lock = threading.Lock()

    def join(self) -> queue.Queue[tuple[str, str]]:
        mailbox: queue.Queue[tuple[str, str]] = queue.Queue()
        with self._lock:
            self._queues.add(mailbox)
            if self._faults:
                mailbox.put(("faults", self._faults))
        return mailbox

    def leave(self, mailbox: queue.Queue[tuple[str, str]]) -> None:
        with self._lock:
            self._queues.discard(mailbox)

    def built(self, *, fresh: bool) -> None:
        """Tell of a build that ended well: of new pages, or that the faults are mended."""
        with self._lock:
            if fresh or self._faults:
                self._tell("reload", "")
            self._faults = ""

    def failed(self, faults: str) -> None:
        with self._lock:
            self._faults = faults
            self._tell("faults", faults)

    def _tell(self, event: str, data: str) -> None:
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
        if page.suffix == ".html":
            found = page.is_file()
            text = page.read_text(encoding="utf-8") if found else _NOTHING
            body = text.replace("</body>", f"{_SCRIPT}</body>").encode()
            self.send_response(200 if found else 404)
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


def serve(
    root: Path, which: tuple[str, str], port: int, engine: str, cache: str | None, progress: Progress
) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    root
        The paper's root.
    which
        Slug of the edition, and the language.
    port
        Port on the loopback interface; 0 takes a free one.
    engine
        Name of the engine, or ``auto``.
    cache
        Address of the cache; by default the paper's own.
    progress
        Where to report.
    """
    from corridor.compute.servers import serving

    readers = _Readers()
    handler = partial(_Handler, readers=readers, directory=str(root / "site"))
    try:
        server = ThreadingHTTPServer((HOST, port), handler)
    except OSError as error:
        what = f"port {port} cannot be opened: {error.strerror}"
        raise PaperError(
            Fault(file="preview", what=what, mend="name another with --port; 0 takes a free one")
        ) from None
    server.daemon_threads = True
    stop = threading.Event()
    try:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        changed = _watch(root, stop)
        with serving():
            _rebuild(root, which, engine, cache, progress, readers)
            place = f"http://{HOST}:{server.server_port}/{'/'.join(which)}/"
            print(f"preview at {place} - Ctrl-C ends it", flush=True)
            while True:
                names = changed.get()
                while not changed.empty():
                    names |= changed.get()
                progress.say(f"{time.strftime('%H:%M:%S')} changed: {', '.join(sorted(names))}")
                _rebuild(root, which, engine, cache, progress, readers)
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        server.shutdown()
        server.server_close()


def _watch(root: Path, stop: threading.Event) -> queue.Queue[set[str]]:
    """Return a queue of the files that change together, by path relative to the root.

    Folders are watched, never single files: many editors save by putting a new file in the old one's place.
    """
    import watchfiles

    changed: queue.Queue[set[str]] = queue.Queue()

    def watch(*folders: Path, recursive: bool) -> None:
        for changes in watchfiles.watch(
            *folders, recursive=recursive, debounce=_LONGEST, step=_SETTLED, stop_event=stop
        ):
            paths = {Path(name) for _, name in changes}
            # Of the root itself only files: the folders in it that matter are watched besides.
            names = {p.relative_to(root).as_posix() for p in paths if recursive or not p.is_dir()}
            if names:
                changed.put(names)

    below = [p for n in ("chapters", "analysis", "data", "editions", "locales") if (p := root / n).is_dir()]
    threading.Thread(target=watch, args=below, kwargs={"recursive": True}, daemon=True).start()
    threading.Thread(target=watch, args=[root], kwargs={"recursive": False}, daemon=True).start()
    return changed


def _rebuild(
    root: Path,
    which: tuple[str, str],
    engine: str,
    cache: str | None,
    progress: Progress,
    readers: _Readers,
) -> None:
    """Show the pages as soon as they are there, then complete the site."""
    progress.steps.clear()
    slug, language = which
    try:
        paper = open_paper(root)
        rendition = Rendition(edition=open_edition(paper, slug), language=language)
        store = open_store(paper, cache)
        bring = partial(build, paper, [rendition], ["html"], engine, store=store, workers=Here())
        (drafted,) = bring(progress, draft=True)
        raise_any(drafted.faults)
        readers.built(fresh=drafted.fresh)
        (completed,) = bring(Progress(quiet=True))
        raise_any(completed.faults)
        readers.built(fresh=completed.fresh and not drafted.fresh)
    except PaperError as error:
        print(error, flush=True)
        readers.failed(str(error))
