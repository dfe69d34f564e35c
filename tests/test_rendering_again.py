"""Rendering with a store: the same bytes, and only what changed is made again."""

import io
import shutil
from pathlib import Path

import pypdf
import pytest

from conftest import edit
from corridor.render.embedded.html import write_site
from corridor.render.embedded.pdf import write_pdf
from corridor.stage import StagedProject, open_project
from corridor.store import Store


@pytest.fixture
def project(built: Path, tmp_path: Path) -> StagedProject:
    return open_project(shutil.copytree(built / "_build" / "region" / "en", tmp_path / "staged"))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def pages(project: StagedProject, store: Store, folder: Path) -> dict[str, bytes]:
    write_site(project, folder, store, has_pdf=True)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def pdf(project: StagedProject, store: Store, file: Path) -> bytes:
    write_pdf(project, file, store)
    return file.read_bytes()


def kept(store: Store) -> dict[str, int]:
    folder = Path(store.address) / "records"
    return {one.name: len(list(one.iterdir())) for one in sorted(folder.iterdir())}


def new(store: Store, before: dict[str, int]) -> dict[str, int]:
    return {kind: n - before.get(kind, 0) for kind, n in kept(store).items() if n != before.get(kind, 0)}


def test_the_same_pages_again(project: StagedProject, store: Store, tmp_path: Path) -> None:
    first = pages(project, store, tmp_path / "first")
    before = kept(store)
    assert pages(project, store, tmp_path / "second") == first
    assert new(store, before) == {}


def test_a_word_changed(project: StagedProject, store: Store, tmp_path: Path) -> None:
    first = pages(project, store, tmp_path / "first")
    before = kept(store)
    chapter = project.root / "chapters" / "method.qmd"
    chapter.write_text(chapter.read_text(encoding="utf-8") + "\nOneNewWord.\n", encoding="utf-8")
    second = pages(project, store, tmp_path / "second")
    assert new(store, before) == {"syntax": 1, "outline": 1, "page": 1}
    changed = {name for name in first if second.get(name) != first[name] and name.endswith(".html")}
    assert changed == {"chapters/method.html"}
    assert b"OneNewWord" in second["chapters/method.html"]
    assert pages(project, Store(tmp_path / "other"), tmp_path / "anew") == second


_MORE = "::: {#tbl-more}\n\n| A |\n|---|\n| b |\n\nMore\n\n:::\n\n"


@pytest.mark.parametrize(
    ("file", "old", "new", "made"),
    [
        # Where a number or a name changes, so do the pages that say it, and no other is made again.
        ("chapters/trade.qmd", "::: {#tbl-flows}", f"{_MORE}::: {{#tbl-flows}}", 2),
        ("chapters/trade.qmd", "# Trade {#sec-trade}", "# Commerce {#sec-trade}", 1),
        ("chapters/trade.qmd", "# Trade {#sec-trade}", "# Trade {#sec-trade .unnumbered}", 3),
        ("index.qmd", "# Summary {.unnumbered}", "# Summary", 3),
        ("chapters/method.qmd", "It follows", "It follows [@beta2021]", 1),
        ("references.qmd", "::: {#refs}\n:::", "", 1),
    ],
)
def test_what_chapters_say_of_each_other(
    file: str, old: str, new: str, made: int, project: StagedProject, store: Store, tmp_path: Path
) -> None:
    pages(project, store, tmp_path / "first")
    before = kept(store)
    edit(project.root / file, old, new)
    second = pages(project, store, tmp_path / "second")
    assert pages(project, Store(tmp_path / "other"), tmp_path / "anew") == second
    assert kept(store)["page"] - before["page"] == made


def test_a_work_corrected(project: StagedProject, store: Store, tmp_path: Path) -> None:
    first = pages(project, store, tmp_path / "first")
    edit(project.root / project.config["bibliography"], "On Flows", "On Rivers")
    second = pages(project, store, tmp_path / "second")
    assert b"On Rivers" not in first["references.html"]
    assert b"On Rivers" in second["references.html"]


def test_the_same_pdf_again(project: StagedProject, store: Store, tmp_path: Path) -> None:
    first = pdf(project, store, tmp_path / "a.pdf")
    before = kept(store)
    # What only the site shows.
    chapter = project.root / "chapters" / "method.qmd"
    text = chapter.read_text(encoding="utf-8")
    only = '::: {.content-visible when-format="html"}\nOnly here.\n:::'
    chapter.write_text(f"{text}\n{only}\n", encoding="utf-8")
    assert pdf(project, store, tmp_path / "a.pdf") == first
    assert "pdf" not in new(store, before)
    chapter.write_text(f"{text}\nAlso in print.\n", encoding="utf-8")
    assert pdf(project, store, tmp_path / "a.pdf") != first


def test_a_link_back_in_print(project: StagedProject, store: Store, tmp_path: Path) -> None:
    # The summary's heading has no identifier of its own.
    edit(
        project.root / "chapters" / "method.qmd", "It follows", "After [the summary](../index.qmd) it follows"
    )
    found = pypdf.PdfReader(io.BytesIO(pdf(project, store, tmp_path / "a.pdf")))
    assert any("After the summary it follows" in page.extract_text() for page in found.pages)


@pytest.mark.parametrize("pattern", ["exhibits/*.svg", "*.bib", "fonts/NotoSans-Bold.ttf"])
def test_a_pdf_hangs_on_what_it_shows(
    pattern: str, project: StagedProject, store: Store, tmp_path: Path
) -> None:
    pdf(project, store, tmp_path / "a.pdf")
    before = kept(store)
    file = sorted(project.root.glob(pattern))[0]
    file.write_bytes(file.read_bytes() + b"\n")
    pdf(project, store, tmp_path / "a.pdf")
    assert new(store, before) == {"pdf": 1}


def test_time_of_the_pdf(
    project: StagedProject, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pdf(project, store, tmp_path / "a.pdf")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert pdf(project, store, tmp_path / "a.pdf") != first


@pytest.mark.parametrize("damage", [lambda file: file.write_bytes(b"x"), Path.unlink])
def test_damaged_store(damage: object, project: StagedProject, store: Store, tmp_path: Path) -> None:
    assert callable(damage)
    first = pages(project, store, tmp_path / "first"), pdf(project, store, tmp_path / "a.pdf")
    whole = kept(store)
    objects = [path for path in Path(store.address).rglob("*") if path.is_file()]
    for file in [path for path in objects if "blobs" in path.parts] + objects[::2]:
        if file.exists():
            damage(file)
    assert (pages(project, store, tmp_path / "second"), pdf(project, store, tmp_path / "a.pdf")) == first
    assert kept(store) == whole
