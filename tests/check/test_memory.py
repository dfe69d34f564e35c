"""What was checked before: it is told again from the store, and only what has changed is checked anew."""

from pathlib import Path

import pytest

from conftest import edit
from corridor.check import check_manuscript, check_sources
from corridor.compose import compose
from corridor.edition import Rendition, default_edition
from corridor.errors import Fault
from corridor.paper import open_paper
from corridor.store import Store

FLOWS = "data/flows.csv"
AREAS = "data/areas.csv"
METHOD = "chapters/method.qmd"
NOTEBOOK = "analysis/trade.ipynb"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def faults(root: Path, store: Store) -> list[str]:
    """Return the faults of a paper's sources and texts."""
    paper = open_paper(root)
    shared = check_sources(paper, store)
    found: list[Fault] = [*shared.faults]
    if shared.package:
        rendition = Rendition(edition=default_edition(paper), language="en")
        manuscript = compose(paper, rendition, shared.package)
        found += check_manuscript(paper, manuscript, shared, store)
    return [str(fault) for fault in found]


def known(store: Store, kind: str) -> int:
    return len(store.records(kind))


def test_faults_are_told_from_the_store_as_they_were_found(paper: Path, store: Store) -> None:
    edit(paper / FLOWS, "CHN,KGZ,export,2021,310000000", "CHN,KGZ,export,20l8,300000000")
    edit(paper / METHOD, "@tbl-flows", "@tbl-flaws")
    edit(paper / NOTEBOOK, "#| label: flows", "#| label: fig-flows")
    (paper / METHOD).write_text(
        (paper / METHOD).read_text(encoding="utf-8") + "\nIt was 7.\n", encoding="utf-8"
    )
    first = faults(paper, store)
    assert {fault.split(":")[0] for fault in first} >= {FLOWS, METHOD, NOTEBOOK}
    assert faults(paper, store) == first
    assert faults(paper, Store(paper / "another")) == first


def test_only_a_chapter_that_has_changed_is_read_again(paper: Path, store: Store) -> None:
    assert faults(paper, store) == []
    before = known(store, "chapter")
    assert before == len(open_paper(paper).chapters)
    edit(paper / METHOD, "# ", "# On the ")
    assert faults(paper, store) == []
    assert known(store, "chapter") == before + 1


def test_only_a_table_that_has_changed_is_read_again(paper: Path, store: Store) -> None:
    assert faults(paper, store) == []
    tables, chapters = known(store, "table"), known(store, "chapter")
    edit(paper / AREAS, "Kyrgyz Republic", "Kyrgyzstan")
    assert faults(paper, store) == []
    assert (known(store, "table"), known(store, "chapter")) == (tables + 1, chapters)


def test_rows_that_refer_to_a_changed_table_are_checked_again(paper: Path, store: Store) -> None:
    assert faults(paper, store) == []
    edit(paper / AREAS, "KGZ,", "KGS,")
    told = faults(paper, store)
    assert told
    assert all(f'"KGZ" is not in {AREAS}' in fault for fault in told)


def test_sources_of_rows_are_checked_again_when_the_bibliography_changes(paper: Path, store: Store) -> None:
    assert faults(paper, store) == []
    edit(paper / "references.bib", "@book{beta2021,", "@book{beta2022,")
    told = [fault for fault in faults(paper, store) if fault.startswith(FLOWS)]
    assert told
    assert all('"beta2021" is not a key of the bibliography' in fault for fault in told)


def test_a_file_that_disappears_is_missed(paper: Path, store: Store) -> None:
    assert faults(paper, store) == []
    (paper / AREAS).unlink()
    told = check_sources(open_paper(paper), store).faults
    assert [str(fault) for fault in told] == [
        f"{AREAS}: the file is missing; restore it, or remove what refers to it"
    ]


def test_images_and_labels_elsewhere_are_looked_for_each_time(paper: Path, store: Store) -> None:
    image = paper / "chapters/map.svg"
    image.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    (paper / METHOD).write_text(
        (paper / METHOD).read_text(encoding="utf-8") + "\n![A map](map.svg)\n", encoding="utf-8"
    )
    assert faults(paper, store) == []
    image.unlink()
    assert [fault.partition(": ")[2] for fault in faults(paper, store)] == [
        'the image "map.svg" is missing; add the file or mend the path'
    ]
