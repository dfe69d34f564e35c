"""Drawing charts: by the process that a build keeps for it, as starting the renderer takes long, or here.

A request is a Vega-Lite specification as a line of JSON, the answer its SVG document as a line of JSON; each
has a connection of its own. Whoever gets no answer draws for himself.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import sys
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from threading import Thread

from corridor.compute.servers import CHARTS

_FONTS = Path(__file__).parents[1] / "fonts"

_KEPT = 256
"""How many charts the process remembers: editions have some in common."""

_PATIENCE = 60
"""Seconds to wait for a chart."""


def svg(spec: str) -> str:
    """Draw a chart.

    Parameters
    ----------
    spec
        Its Vega-Lite specification as JSON, in one line.

    Returns
    -------
    str
        The SVG document, ended by a line end.
    """
    if address := os.environ.get(CHARTS):
        with suppress(OSError, ValueError), socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_PATIENCE)
            connection.connect(address)
            connection.sendall(spec.encode() + b"\n")
            with connection.makefile("rb") as answer:
                return json.loads(answer.readline())
    return _draw(spec)


def main() -> None:
    """Draw for others until standard input ends. Arguments: the listening socket and the servers' folder."""
    number, folder = sys.argv[1:]
    Thread(target=_serve, args=[socket.socket(fileno=int(number))], daemon=True).start()
    sys.stdin.read()
    shutil.rmtree(folder, ignore_errors=True)  # its owner may have been killed


def _serve(listener: socket.socket) -> None:
    # The renderer draws one chart at a time, in a thread of its own, however many ask.
    draw = lru_cache(_KEPT)(_draw)
    draw('{"data": {"values": []}, "mark": "bar"}')  # starts the renderer

    def attend(client: socket.socket) -> None:
        # A chart that cannot be drawn fails again where it is asked for, and is explained there.
        with suppress(OSError, ValueError), client, client.makefile("rb") as request:
            client.sendall(json.dumps(draw(request.readline().decode())).encode() + b"\n")

    while True:
        Thread(target=attend, args=[listener.accept()[0]], daemon=True).start()


def _draw(spec: str) -> str:
    import vl_convert

    _register_fonts()
    return _stable_ids(vl_convert.vegalite_to_svg(json.loads(spec))) + "\n"


@cache
def _register_fonts() -> None:
    import vl_convert

    if _FONTS.is_dir():
        vl_convert.register_font_directory(str(_FONTS))


def _stable_ids(drawn: str) -> str:
    # Vega counts ids up over the life of the process.
    ids = list(dict.fromkeys(re.findall(r'\bid="([^"]+)"', drawn)))
    numbered = drawn
    if ids:
        names = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
        pattern = re.compile(rf'(id="|href="#|url\(#)({names})(?=["\)])')
        numbered = pattern.sub(lambda match: f"{match[1]}@{ids.index(match[2])}@", drawn)
        mark = hashlib.sha256(numbered.encode()).hexdigest()[:10]
        numbered = re.sub(r"@(\d+)@", rf"c{mark}-\1", numbered)
    return numbered.strip()
