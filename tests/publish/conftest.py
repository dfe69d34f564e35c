"""The site of two editions in two languages, made once for all tests that only look at it."""

from pathlib import Path

import pytest

from corridor.paper import Paper
from corridor.publish import Published
from corridor.store import Store

from .build import published, render_all, small_paper


@pytest.fixture(scope="package")
def paper(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Paper:
    return small_paper(built, tmp_path_factory.mktemp("site") / "paper")


@pytest.fixture(scope="package")
def renditions(built: Path, paper: Paper) -> list[Published]:
    return render_all(built, paper)


@pytest.fixture(scope="package")
def site(paper: Paper, renditions: list[Published]) -> Path:
    assert published(paper, renditions) == []
    return paper.site


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")
