"""What a command says while it works: on a terminal, elsewhere, and in its log."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

from corridor.errors import PaperError
from corridor.progress import Progress

TRADE, SWOT = "run analysis/trade.ipynb", "run analysis/swot.ipynb"
Events = Callable[[], list[dict[str, Any]]]

FAULT = 'chapters/trade.qmd:3: "14,5" is typed; show a fact'

# What a terminal may be told: colours and the like, lines up, erase a line, hide or show the cursor.
TOLD = re.compile(
    r"\x1b\[(?:(?P<up>\d+)A|(?P<erase>2K)|\?25(?P<cursor>[lh])|(?P<look>[\d;]*)m)|\r|\n|[^\x1b]"
)


class Terminal:
    """A Python program on a terminal of its own; it waits at each ``input()`` for `go`."""

    def __init__(
        self,
        program: str,
        *,
        width: int = 100,
        height: int = 24,
        cwd: Path | None = None,
        stderr: IO[bytes] | None = None,
        **env: str,
    ) -> None:
        self.width = width
        self.said = ""
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        settings = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")
        here = {name: value for name, value in os.environ.items() if name not in settings}
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"from corridor.progress import Progress\n{program}"],
            stdin=subprocess.PIPE,
            stdout=theirs,
            stderr=stderr or theirs,
            cwd=cwd,
            env=here | {"TERM": "xterm-256color"} | env,
        )
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.communicate()
        os.close(self._ours)

    def go(self) -> None:
        assert self.process.stdin
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def until(self, pattern: str) -> list[str]:
        """Return the screen as soon as it ends with lines of this pattern and of seconds."""
        last = time.monotonic() + 30
        while not re.search(rf"{pattern} +\d+\.\d s\Z", "\n".join(screen := self.screen())):
            more = time.monotonic() < last and self._read()
            assert more, f"never shown: {pattern}\n" + "\n".join(screen)
        return screen

    def to_the_end(self, code: int = 0) -> list[str]:
        """Return what stands on the screen when the program has ended."""
        while self._read():
            pass
        assert self.process.wait(60) == code, self.said
        return self.screen()

    def _read(self) -> bool:
        if not select.select([self._ours], [], [], 60)[0]:
            return False
        try:
            new = os.read(self._ours, 65536)
        except OSError:  # nobody has the other end any more
            return False
        self.said += new.decode()
        return bool(new)

    def screen(self) -> list[str]:
        """Return the lines as they stand down to the cursor's, those that were rolled up too."""
        lines, row, column = [""], 0, 0
        end = 0
        for told in TOLD.finditer(self.said):
            assert told.start() == end, f"told to a terminal: {self.said[end : end + 20]!r}"
            end = told.end()
            if told["up"]:
                row -= int(told["up"])
                assert row >= 0
            elif told["erase"]:
                lines[row] = ""
            elif told[0] == "\r":
                column = 0
            elif told[0] == "\n" or (len(told[0]) == 1 and column == self.width):
                row, column = row + 1, 0
                lines += [""] * (row == len(lines))
            if len(told[0]) == 1 and told[0] not in "\r\n":
                lines[row] = lines[row][:column].ljust(column) + told[0] + lines[row][column + 1 :]
                column += 1
        while len(lines) > row + 1 and not lines[-1].strip():
            lines.pop()
        return [line.rstrip() for line in lines]

    def shows_cursor(self) -> bool:
        told = [one["cursor"] for one in TOLD.finditer(self.said) if one["cursor"]]
        return not told or told[-1] == "h"

    def looks(self) -> set[str]:
        """Return the colours and the like that were told, as the numbers of their codes."""
        return {one["look"] for one in TOLD.finditer(self.said) if one["look"]}


def without_seconds(lines: list[str]) -> list[str]:
    return [re.sub(r" +\d+\.\d s$", " s", line) for line in lines]


@pytest.fixture
def events(tmp_path: Path) -> Events:
    """Return a function that reads the log ``log.jsonl``."""

    def read() -> list[dict[str, Any]]:
        text = (tmp_path / "log.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    return read


def work(progress: Progress, *names: str) -> None:
    """Do two steps for each rendition, one of them reused, and one for all."""
    with progress.renditions(names):
        with progress.step("check data and notebooks"):
            pass
        for name in names:
            progress.explain(name, TRADE, ["data/flows.csv has 144 rows instead of 143", "years"], runs=True)
            progress.explain(name, SWOT, [], runs=False)
            progress.end(name, SWOT, 0, outcome="reused", why="nothing has changed")
            progress.begin(name, TRADE)
            progress.end(name, TRADE, 4.12, outcome="done")


def test_lines_of_one_rendition(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    work(progress, "kazakhstan/en")
    check, trade = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"check data and notebooks {20} {4}\d\.\d s", check)
    assert trade == f"{TRADE:<44}    4.1 s"
    assert [name for name, _ in progress.steps] == ["check data and notebooks", f"kazakhstan/en {TRADE}"]
    assert progress.steps[1][1] == 4.12


def test_lines_of_several_renditions(capsys: pytest.CaptureFixture[str]) -> None:
    work(Progress(), "kyrgyz-republic/ky", "kazakhstan/en")
    assert without_seconds(capsys.readouterr().out.splitlines()) == [
        "check data and notebooks s",
        f"kyrgyz-republic/ky  {TRADE} s",
        f"kazakhstan/en       {TRADE} s",
    ]


def test_verbose(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress(verbose=True)
    work(progress, "kazakhstan/en")
    progress.detail("a detail")
    said = capsys.readouterr().out.splitlines()
    assert said[1] == f"{SWOT:<44} reused: nothing has changed"
    assert said[3:] == ["a detail"]
    Progress().detail("a detail")
    assert capsys.readouterr().out == ""


def test_explaining(capsys: pytest.CaptureFixture[str]) -> None:
    for verbose in (False, True):
        work(Progress(explaining=True, verbose=verbose), "kazakhstan/en")
        assert capsys.readouterr().out.splitlines()[1:] == [
            f"kazakhstan/en  {TRADE}  runs: data/flows.csv has 144 rows instead of 143; years",
            f"kazakhstan/en  {SWOT}  reused",
            f"{TRADE:<44}    4.1 s",
        ]


def test_quiet_says_faults_only(tmp_path: Path, capsys: pytest.CaptureFixture[str], events: Events) -> None:
    progress = Progress(quiet=True, verbose=True, explaining=True, log=tmp_path / "log.jsonl")
    work(progress, "kazakhstan/en", "kazakhstan/ru")
    progress.say("something")
    progress.fault("kazakhstan/en", FAULT)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"{FAULT}\n")
    assert [event["event"] for event in events()].count("explain") == 4


def test_a_fault_is_printed_once_a_build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], events: Events
) -> None:
    progress = Progress(log=tmp_path / "log.jsonl")
    for _ in range(2):
        with progress.renditions(["kazakhstan/en", "kazakhstan/ru"]):
            progress.fault("kazakhstan/en", FAULT)
            progress.fault("kazakhstan/ru", FAULT)
        assert capsys.readouterr().err == f"{FAULT}\n"
    told = [event["rendition"] for event in events() if event["event"] == "fault"]
    assert told == ["kazakhstan/en", "kazakhstan/ru"] * 2


def test_a_step_that_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str], events: Events) -> None:
    progress = Progress(log=tmp_path / "log.jsonl")
    with (
        pytest.raises(ValueError, match="oh"),
        progress.renditions(["kazakhstan/en"]),
        progress.step("publish"),
    ):
        raise ValueError("oh")
    progress.end("kazakhstan/en", TRADE, 900, outcome="failed", why="its worker died")
    assert capsys.readouterr().out.splitlines() == [
        f"{'publish':<44} failed",
        f"kazakhstan/en  {TRADE:<44} failed: its worker died",
    ]
    assert progress.steps == []
    assert events()[3].items() >= {"event": "build", "state": "stopped", "failed": 1}.items()
    work(progress, "kazakhstan/en")
    assert events()[-1].items() >= {"event": "build", "state": "ended", "failed": 0}.items()


def test_log(tmp_path: Path, events: Events, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text("of another build\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    progress = Progress(quiet=True, log=Path("log.jsonl"))
    monkeypatch.chdir("/")
    assert events() == []
    progress.say("сказано")
    assert len(events()) == 1  # as it comes
    assert "сказано" in log.read_text(encoding="utf-8")
    work(progress, "kazakhstan/en")
    progress.fault("kazakhstan/en", FAULT)
    found = events()
    times = [event.pop("at") for event in found]
    assert times == sorted(times)
    assert 0 <= times[0] < 60
    assert found[3].pop("seconds") < 60
    trade = {"rendition": "kazakhstan/en", "step": TRADE}
    swot = {"rendition": "kazakhstan/en", "step": SWOT}
    check = {"rendition": "", "step": "check data and notebooks"}
    reasons = ["data/flows.csv has 144 rows instead of 143", "years"]
    unchanged = {"seconds": 0.0, "outcome": "reused", "why": "nothing has changed"}
    assert found == [
        {"event": "say", "text": "сказано"},
        {"event": "build", "state": "begun", "renditions": ["kazakhstan/en"]},
        {"event": "begin", **check},
        {"event": "end", **check, "outcome": "done", "why": ""},
        {"event": "explain", **trade, "runs": True, "reasons": reasons},
        {"event": "explain", **swot, "runs": False, "reasons": []},
        {"event": "end", **swot, **unchanged},
        {"event": "begin", **trade},
        {"event": "end", **trade, "seconds": 4.12, "outcome": "done", "why": ""},
        {"event": "build", "state": "ended", "done": 2, "reused": 1, "failed": 0},
        {"event": "fault", "rendition": "kazakhstan/en", "text": FAULT},
    ]


def test_log_that_cannot_be_written(tmp_path: Path) -> None:
    log = tmp_path / "none" / "log.jsonl"
    with pytest.raises(PaperError, match="the log cannot be written: No such file or directory; name a file"):
        Progress(log=log)


SAID = "[bold] was said " * 9  # longer than a line

SEVERAL = f"""
progress = Progress()
with progress.step("check data and notebooks"):
    input()
with progress.renditions(["kazakhstan/en", "kazakhstan/ru", "kyrgyz-republic/ky"]):
    progress.end("kazakhstan/en", "{SWOT}", 0, outcome="reused")
    progress.begin("kazakhstan/en", "{TRADE}")
    progress.begin("kazakhstan/ru", "{SWOT}")
    input()
    progress.end("kazakhstan/en", "{TRADE}", 4.1, outcome="done")
    progress.end("kazakhstan/ru", "{SWOT}", 2, outcome="failed")
    print("printed by a library [bold]")
    progress.say({SAID!r})
    progress.fault("kazakhstan/ru", {FAULT!r})
    with progress.step("publish"):
        input()
progress.say("site site/index.html")
"""


def test_table_of_several_renditions() -> None:
    with Terminal(SEVERAL) as terminal:
        assert without_seconds(terminal.until("check data and notebooks")) == ["check data and notebooks s"]
        assert not terminal.shows_cursor()
        terminal.go()
        assert without_seconds(terminal.until("steps done: 1")) == [
            "check data and notebooks s",
            f"kazakhstan/en       {TRADE:<44}    1 done s",
            f"kazakhstan/ru       {SWOT:<44}    0 done s",
            "kyrgyz-republic/ky  waiting",
            "3 renditions, 2 at work, 1 waiting, steps done: 1 s",
        ]
        terminal.go()
        said = [
            "check data and notebooks s",
            f"kazakhstan/ru       {SWOT:<44} failed",
            "printed by a library [bold]",
            SAID[:100],
            SAID[100:].rstrip(),
            FAULT,
        ]
        table = [
            f"kazakhstan/en       {'':<44}    2 done s",
            f"kazakhstan/ru       {f'failed: {SWOT}':<44}    0 done s",
        ]
        assert without_seconds(terminal.until(r"publish\n.*steps done: 2")) == [
            *said,
            *table,
            "kyrgyz-republic/ky  waiting",
            "                    publish",
            "3 renditions, 1 waiting, 1 failed, steps done: 2 s",
        ]
        terminal.go()
        assert without_seconds(terminal.to_the_end()) == [
            *said,
            "publish s",
            *table,
            "kyrgyz-republic/ky",
            "3 renditions, 1 failed, steps done: 2 s",
            "site site/index.html",
            "",
        ]
        assert [line.split()[-2] for line in terminal.screen()[-6:-4]] == ["4.1", "2.0"]
        assert terminal.shows_cursor()
        assert {"2", "31"} <= terminal.looks()


def test_quiet_on_a_terminal() -> None:
    with Terminal(SEVERAL.replace("Progress()", "Progress(quiet=True)")) as terminal:
        for _ in range(3):
            terminal.go()
        assert terminal.to_the_end() == ["printed by a library [bold]", FAULT, ""]
    assert "\x1b" not in terminal.said


def test_one_rendition_leaves_lines_only() -> None:
    program = f"""
progress = Progress()
with progress.renditions(["kazakhstan/en"]):
    progress.begin("kazakhstan/en", "{TRADE}")
    progress.begin("kazakhstan/en", "{SWOT}")
    input()
    progress.end("kazakhstan/en", "{SWOT}", 2, outcome="done")
    input()
    progress.end("kazakhstan/en", "{TRADE}", 4.1, outcome="done")
"""
    with Terminal(program) as terminal:
        assert without_seconds(terminal.until(SWOT)) == [f"{TRADE} s", f"{SWOT} s"]
        terminal.go()
        assert without_seconds(terminal.until(rf"2\.0 s\n{TRADE}")) == [f"{SWOT} s", f"{TRADE} s"]
        terminal.go()
        done = [f"{SWOT:<44}    2.0 s", f"{TRADE:<44}    4.1 s"]
        assert [line for line in terminal.to_the_end() if line] == done
        assert SWOT not in terminal.said.rpartition(done[0])[2]  # what has ended is not drawn again
        assert terminal.shows_cursor()


def test_more_renditions_than_lines() -> None:
    program = f"""
progress = Progress()
names = [f"edition-{{number:03}}/en" for number in range(200)]
with progress.renditions(names):
    for name in names[:150]:
        progress.end(name, "{SWOT}", 0, outcome="reused")
    for name in names[7:9]:
        progress.end(name, "{SWOT}", 1, outcome="failed")
    progress.begin(names[8], "{SWOT}")  # tried again
    progress.end(names[8], "{SWOT}", 1, outcome="done")
    progress.begin(names[160], "{TRADE}")
    input()
    progress.end(names[160], "{TRADE}", 1, outcome="done")
    for name in names:
        progress.begin(name, "{TRADE}")
    input()
"""
    with Terminal(program, height=12) as terminal:
        counts = "200 renditions, 1 at work, 49 waiting, 1 failed, steps done: 151"
        assert without_seconds(terminal.until(counts))[2:] == [
            f"edition-160/en  {TRADE:<44}    0 done s",
            f"edition-007/en  {f'failed: {SWOT}':<44}    1 done s",
            f"{counts} s",
        ]
        terminal.go()
        shown = terminal.until("200 renditions, 200 at work, 1 failed, steps done: 152")[2:]
        assert [line[:14] for line in shown[:-1]] == [f"edition-{number:03}/en" for number in range(10)]
        terminal.go()
        shown = without_seconds(terminal.to_the_end())[2:]
        assert shown == [
            f"edition-007/en  {f'failed: {SWOT}':<44}    1 done s",
            "200 renditions, 1 failed, steps done: 152 s",
            "",
        ]


def test_narrow_terminal() -> None:
    with Terminal(SEVERAL, width=60) as terminal:
        assert without_seconds(terminal.until("check data and notebooks")) == ["check data and notebooks s"]
        terminal.go()
        assert without_seconds(terminal.until(r"0 done +\d\.\d s\n.*waiting\n3 renditions.*"))[-4:] == [
            "kazakhstan/en       run analysis/trade.    1 done s",
            "kazakhstan/ru       run analysis/swot.i    0 done s",
            "kyrgyz-republic/ky  waiting",
            "3 renditions, 2 at work, 1 waiting, steps done: 1 s",
        ]


def test_interrupted(tmp_path: Path, events: Events) -> None:
    program = f"""
import time
from pathlib import Path
with (progress := Progress(log=Path("log.jsonl"))).renditions(["kazakhstan/en", "kazakhstan/ru"]):
    progress.begin("kazakhstan/en", "{TRADE}")
    with progress.step("publish"):
        time.sleep(600)
"""
    with Terminal(program, cwd=tmp_path) as terminal:
        terminal.until(r"publish\n.*")
        terminal.process.send_signal(signal.SIGINT)
        left = terminal.to_the_end(-signal.SIGINT)
    assert without_seconds(left[:3]) == ["kazakhstan/en", "kazakhstan/ru", "2 renditions, steps done: 0 s"]
    assert left[3].startswith("Traceback")  # the command line catches it
    assert terminal.shows_cursor()
    assert events()[-1].items() >= {"event": "build", "state": "stopped"}.items()


def test_no_colour() -> None:
    with Terminal(SEVERAL, NO_COLOR="1") as terminal:
        for _ in range(3):
            terminal.go()
        assert "steps done" in terminal.to_the_end()[-3]
    assert terminal.looks() <= {"0", "2"}  # dim is no colour


@pytest.mark.parametrize("kind", ["dumb", "unknown"])
def test_terminal_that_writes_on_only(kind: str) -> None:
    with Terminal(SEVERAL, TERM=kind) as terminal:
        for _ in range(3):
            terminal.go()
        terminal.to_the_end()
    assert "\x1b" not in terminal.said
    assert f"kazakhstan/en       {TRADE:<44}    4.1 s\r\n" in terminal.said


def test_faults_to_a_file_stay_out_of_the_table(tmp_path: Path) -> None:
    with (tmp_path / "faults").open("wb") as faults, Terminal(SEVERAL, stderr=faults) as terminal:
        for _ in range(3):
            terminal.go()
        terminal.to_the_end()
    assert FAULT not in terminal.said
    assert (tmp_path / "faults").read_text(encoding="utf-8") == f"{FAULT}\n"


def test_rich_is_imported_for_a_table_only() -> None:
    program = """
import sys
progress = Progress(verbose=True)
with progress.renditions(["kazakhstan/en"]):
    progress.end("kazakhstan/en", "publish", 0, outcome="reused")
    print("before:", "rich" in sys.modules)
    progress.begin("kazakhstan/en", "publish")
    print("after:", "rich" in sys.modules)
"""
    with Terminal(program) as terminal:
        said = terminal.to_the_end()
    assert [line for line in said if line.startswith(("before", "after"))] == ["before: False", "after: True"]
    with Terminal(program, TERM="dumb") as terminal:
        assert "after: False" in terminal.to_the_end()
