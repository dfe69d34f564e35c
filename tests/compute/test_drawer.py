"""Charts drawn by the process that a build keeps for it."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corridor import charts
from corridor.compute import servers


def chart(number: int) -> object:
    rows = [{"year": f"{2000 + one}", "value": one * number, "name": "Өзбекстан"} for one in range(9)]
    return charts.plot(rows).mark_bar().encode(x="year:O", y="value:Q", color="name:N")


def processor_time() -> int:
    """Return how long the process that draws has been at work, in ticks."""
    assert servers._own is not None
    state = Path(f"/proc/{servers._own.processes[servers.CHARTS].pid}/stat").read_text()
    return sum(map(int, state.rpartition(")")[2].split()[11:13]))


def test_the_same_bytes_as_drawn_here(served: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(4) as threads:
        charts.svg(chart(1))
        before = processor_time()
        drawn = list(threads.map(charts.svg, [chart(number) for number in (1, 2, 3, 4, 5, 6, 2, 3)]))
        assert processor_time() > before
    monkeypatch.delenv(servers.CHARTS)
    assert drawn == [charts.svg(chart(number)) for number in (1, 2, 3, 4, 5, 6, 2, 3)]
    assert len(set(drawn)) == 6


def test_what_cannot_be_drawn_is_explained_here(served: None, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = charts.plot([{"a": 1}]).mark_bar().encode(x="a:Q").transform_filter("datum.a ==")
    with pytest.raises(ValueError, match=r"(?i)parse|token|expression") as there:
        charts.svg(wrong)
    monkeypatch.delenv(servers.CHARTS)
    with pytest.raises(ValueError, match=r"(?i)parse|token|expression") as here:
        charts.svg(wrong)
    assert str(there.value).splitlines()[0] == str(here.value).splitlines()[0]


@pytest.mark.usefixtures("own_servers")
def test_without_it_charts_are_drawn_here() -> None:
    with servers.serving():
        assert servers._own is not None
        first = charts.svg(chart(2))
        os.kill(servers._own.processes[servers.CHARTS].pid, signal.SIGKILL)
        servers._own.processes[servers.CHARTS].wait()
        assert charts.svg(chart(2)) == first
