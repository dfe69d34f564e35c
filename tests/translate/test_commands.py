"""``corridor translate`` on a paper."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import add_cell, edit, run_corridor
from corridor.edition import open_edition
from corridor.paper import open_paper
from corridor.store import Store
from corridor.translate.status import Tally

CELL = (
    '#| label: said\nfrom corridor.messages import gettext as _\n\n_("Exports of {place}").format(place="x")'
)


def words(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").split("\n")
    return [line[7:-1] for line in lines if line.startswith("msgid ") and line != 'msgid ""']


def fill(file: Path, text: str, said: str) -> None:
    edit(file, f'msgid "{text}"\nmsgstr ""\n', f'msgid "{text}"\nmsgstr "{said}"\n')


@pytest.fixture
def spoken(paper: Path) -> Path:
    """Return a paper with texts of every kind, its templates and empty Russian catalogues."""
    add_cell(paper, "said", CELL)
    described = paper / "data" / "datapackage.json"
    package = json.loads(described.read_text(encoding="utf-8"))
    [flows] = [r["schema"] for r in package["resources"] if r["name"] == "flows"]
    [note] = [field for field in flows["fields"] if field["name"] == "note"]
    note["translate"] = True
    described.write_text(json.dumps(package), encoding="utf-8")
    run_corridor(paper, "translate", "extract", expect=0)
    run_corridor(paper, "translate", "merge", "ru", "--quiet", expect=0)
    return paper


def test_what_there_is_to_translate(spoken: Path) -> None:
    ru = spoken / "locales" / "ru"
    found = {path.relative_to(ru).as_posix(): words(path) for path in ru.rglob("*.po")}
    assert sorted(found) == [
        "analysis/trade.po",
        "chapters/method.po",
        "chapters/trade.po",
        "data/flows.po",
        "index.po",
        "references.po",
        "settings.po",
    ]
    assert found["analysis/trade.po"] == ["Exports of {place}"]
    assert found["data/flows.po"] == ["with a comma, and *stars*", "rounding is coarse"]
    assert found["settings.po"] == ["A small paper", "Built by the tests", "Two Lands"]
    assert found["index.po"] == [
        "Summary",
        "A paper on {years.span}, version {paper.version}. The figures are in {@sec-trade}.",
    ]
    assert "Mind *this*" in found["chapters/method.po"]


def test_chapters_and_blocks_of_editions(spoken: Path) -> None:
    own = spoken / "editions" / "region"
    own.mkdir()
    (own / "own.qmd").write_text("# Of our own {#sec-own}\n\nA word.\n", encoding="utf-8")
    (own / "block.md").write_text("Another word.\n", encoding="utf-8")
    edition = spoken / "editions" / "region.yml"
    added = (
        "chapters:\n  add: [{file: editions/region/own.qmd, after: index.qmd}]\n"
        "blocks:\n  b: editions/region/block.md\n"
    )
    edition.write_text(edition.read_text(encoding="utf-8") + added, encoding="utf-8")
    done = run_corridor(spoken, "translate", "extract", expect=0)
    templates = "locales/templates/editions/region"
    assert done.stdout.split("\n")[:3] == [
        f"{templates}/own.pot",
        f"{templates}/block.pot",
        "files changed: 2",
    ]
    assert words(spoken / templates / "own.pot") == ["Of our own", "A word."]
    assert words(spoken / templates / "block.pot") == ["Another word."]


def test_nothing_changes_twice(spoken: Path) -> None:
    assert run_corridor(spoken, "translate", "extract", expect=0).stdout == "files changed: 0\n"
    assert run_corridor(spoken, "translate", "merge", expect=0).stdout == "files changed: 0\n"


def test_a_change_of_the_text_and_the_state(spoken: Path) -> None:
    fill(spoken / "locales/ru/index.po", "Summary", "Краткое содержание")
    chapter = "A paper on {years.span}, version {paper.version}. The figures are in {@sec-trade}."
    fill(spoken / "locales/ru/index.po", chapter, "О {years.span}: {paper.version}, {@sec-trade}.")
    assert state(spoken, "index") == (2, 0, 0, [])

    edit(spoken / "index.qmd", "The figures are in", "All figures stand in")
    assert state(spoken, "index") == (1, 0, 1, [])  # the text counts as it is, merged or not
    run_corridor(spoken, "translate", "extract", expect=0)
    run_corridor(spoken, "translate", "merge", expect=0)
    *counts, [line] = state(spoken, "index")
    assert counts == [1, 1, 0]
    lines = (spoken / "locales/ru/index.po").read_text(encoding="utf-8").split("\n")
    assert lines[line - 1] == 'msgstr "О {years.span}: {paper.version}, {@sec-trade}."'
    assert "#, fuzzy, md-text" in lines
    stale = run_corridor(spoken, "translate", "status", "--stale", expect=0).stdout
    assert stale.startswith(
        f"locales/ru/index.po:{line}: the English has changed since this was translated: "
    )
    table = run_corridor(spoken, "translate", "status", expect=0).stdout.split("\n")
    assert [row.split() for row in table if " index " in row] == [["ru", "index", "1", "1", "0"]]
    assert table[-2].split()[:2] == ["ru", "all"]


def state(paper: Path, name: str) -> tuple[int, int, int, list[int]]:
    states = json.loads(run_corridor(paper, "translate", "status", "--json", expect=0).stdout)
    [one] = [one for one in states if one["catalogue"] == name]
    return one["translated"], one["stale"], one["missing"], one["stale_lines"]


def test_counts_of_an_edition(spoken: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    paper = open_paper(spoken)
    edition = replace(open_edition(paper, "region"), left_out=("chapters/method.qmd",))
    translated, stale, total = Tally(paper, store).of(edition, "ru")
    assert (translated, stale) == (0, 0)
    assert total == len([word for path in spoken.glob("locales/ru/**/*.po") for word in words(path)]) - len(
        words(spoken / "locales/ru/chapters/method.po")
    )
    fill(spoken / "locales/ru/index.po", "Summary", "Краткое содержание")
    fill(spoken / "locales/ru/chapters/method.po", "Method", "Метод")
    assert Tally(paper, store).of(edition, "ru") == (1, 0, total)
    assert Tally(paper, store).of(edition, "en") == (0, 0, 0)


def test_a_chapter_that_is_gone_leaves_its_translation(spoken: Path) -> None:
    fill(spoken / "locales/ru/chapters/method.po", "Method", "Метод")
    (spoken / "chapters/method.qmd").unlink()
    edit(spoken / "_quarto.yml", "    - chapters/method.qmd\n", "")
    assert (
        "locales/templates/chapters/method.pot"
        in run_corridor(spoken, "translate", "extract", expect=0).stdout
    )
    run_corridor(spoken, "translate", "merge", expect=0)
    assert not (spoken / "locales/templates/chapters/method.pot").exists()
    kept = (spoken / "locales/ru/chapters/method.po").read_text(encoding="utf-8")
    assert kept.endswith('#~ msgid "Method"\n#~ msgstr "Метод"\n')


def test_a_new_language(spoken: Path) -> None:
    run_corridor(spoken, "translate", "merge", "kk", expect=0)
    ru, kk = spoken / "locales/ru", spoken / "locales/kk"
    assert sorted(p.relative_to(kk) for p in kk.rglob("*")) == sorted(
        p.relative_to(ru) for p in ru.rglob("*")
    )
    assert '"Language: kk\\n"' in (kk / "index.po").read_text(encoding="utf-8")


def test_a_language_that_is_none(spoken: Path) -> None:
    done = run_corridor(spoken, "translate", "merge", "xx", expect=1)
    assert done.stderr.startswith('locales/xx: "xx" is not a language; ')
    assert not (spoken / "locales/xx").exists()


def test_placeholders_are_checked(spoken: Path) -> None:
    assert run_corridor(spoken, "translate", "check", expect=0).stdout == "no faults in the catalogues\n"
    fill(spoken / "locales/ru/analysis/trade.po", "Exports of {place}", "Экспорт {plase}")
    done = run_corridor(spoken, "translate", "check", expect=1)
    assert done.stderr == (
        'locales/ru/analysis/trade.po:14: {plase} is not in the English; did you mean "place"?\n'
        "locales/ru/analysis/trade.po:14: {place} is missing; put it where it belongs in the translation\n"
        "2 faults in the paper\n"
    )


def test_a_damaged_catalogue_is_left_alone(spoken: Path) -> None:
    file = spoken / "locales/ru/index.po"
    damaged = file.read_text(encoding="utf-8") + "junk\n"
    file.write_text(damaged, encoding="utf-8")
    shutil.rmtree(spoken / "locales/ru/chapters")
    done = run_corridor(spoken, "translate", "merge", expect=1)
    assert "not a line of a catalogue: junk" in done.stderr
    assert file.read_text(encoding="utf-8") == damaged
    assert not (spoken / "locales/ru/chapters").exists()


def test_code_that_cannot_be_read(spoken: Path) -> None:
    add_cell(spoken, "said", 'from corridor.messages import gettext as _\n\n_(f"In {year}")')
    done = run_corridor(spoken, "translate", "extract", expect=1)
    assert done.stderr.startswith(
        "analysis/trade.ipynb: a cell, line 3: _(...) has a text that is put together: "
    )


def test_merge_without_templates(paper: Path) -> None:
    done = run_corridor(paper, "translate", "merge", "ru", expect=1)
    assert 'locales/templates: there are no templates; run "corridor translate extract" first' in done.stderr
    assert not (paper / "locales").exists()


def test_files_outside_the_paper_are_not_extracted(paper: Path) -> None:
    outside = paper.parent / "outside.qmd"
    outside.write_text("# A secret {#sec-secret}\n", encoding="utf-8")
    (paper / "linked.qmd").symlink_to(outside)
    edition = paper / "editions" / "region.yml"
    listed = "".join(
        f"    - {{file: {file}, after: index.qmd}}\n" for file in (outside, "../outside.qmd", "linked.qmd")
    )
    edition.write_text(edition.read_text(encoding="utf-8") + f"chapters:\n  add:\n{listed}", encoding="utf-8")
    run_corridor(paper, "translate", "extract", expect=0)
    templates = [path.read_text(encoding="utf-8") for path in (paper / "locales").rglob("*.pot")]
    assert len(templates) > 3
    assert not any("secret" in text for text in templates)
