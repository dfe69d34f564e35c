"""`corridor build`, end to end through the command line."""

import contextlib
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdf
import pytest
from lxml import html as lxml_html

from conftest import Corridor, copy_paper, edit, run_corridor

BUILD = ("build", "--engine", "pandoc")
PAGES = Path("site/region/en")
PDF = PAGES / "small-region-en.pdf"

# Everything that one of the three languages in play could take for syntax.
HOSTILE = (
    r"<script>alert(1)</script> <b>x</b> &amp; #strong[no] $x^2$ *a* _b_ `c` [d](e.html) @alpha2020 "
    r'<!-- f --> {{< var years.span >}} {g} ~h~ ^i^ \j // k /* l */ "m" \'n\' -- | 100 % = + -'
)


@pytest.fixture
def good(built: Path, tmp_path: Path) -> Path:
    """Return a copy of the built paper, as up to date as the original."""
    return Path(shutil.copytree(built, tmp_path / "paper"))


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def times(folder: Path) -> dict[str, int]:
    return {p.relative_to(folder).as_posix(): p.stat().st_mtime_ns for p in folder.rglob("*")}


def pdf_text(file: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(file).pages)


def letters(text: str) -> str:
    """Return a text without spaces, as lines are broken anywhere in print."""
    return re.sub(r"\s", "", text)


def edit_notebook(root: Path, old: str, new: str) -> None:
    file = root / "analysis" / "trade.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    found = [cell for cell in notebook["cells"] if old in cell["source"]]
    assert len(found) == 1
    found[0]["source"] = found[0]["source"].replace(old, new)
    file.write_text(json.dumps(notebook), encoding="utf-8")


def start(root: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "corridor", *BUILD, *options],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )


def wait_for(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.002)


def at_work_in(root: Path) -> list[int]:
    """Return the processes that have a folder as their working directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == root and (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


# --- what is built, and when


def test_first_build(built: Path) -> None:
    assert (built / "site" / "index.html").is_file()
    assert {p.name for p in (built / PAGES).iterdir()} == {
        "chapters", "exhibits", "index.html", "pagefind", "references.html", PDF.name,
    }  # fmt: skip
    assert not [name for name in files(built / "site") if Path(name).name.startswith(".")]


def test_second_build_changes_nothing(good: Path, corridor: Corridor) -> None:
    corridor(good, *BUILD, expect=0)  # the digests of the copied files are noted
    before, stamps = files(good), times(good / "site") | times(good / "_build")
    done = corridor(good, *BUILD, expect=0)
    assert "up to date" in done.stdout
    assert "run analysis" not in done.stdout
    assert files(good) == before
    assert times(good / "site") | times(good / "_build") == stamps


def test_edited_sentence_runs_no_notebook(good: Path, corridor: Corridor) -> None:
    edit(good / "chapters" / "trade.qmd", "Exports rose", "Exports soared")
    done = corridor(good, *BUILD, "--verbose", expect=0)
    assert re.search(r"analysis/trade.ipynb +reused", done.stdout)
    assert "render pdf" in done.stdout
    assert str(good / PDF) in done.stdout
    assert "run analysis" not in done.stdout
    assert "Exports soared" in (good / PAGES / "chapters" / "trade.html").read_text(encoding="utf-8")
    assert "Exports soared" in pdf_text(good / PDF)


def test_formats_one_by_one(good: Path, built: Path, corridor: Corridor) -> None:
    shutil.rmtree(good / "site")
    shutil.rmtree(good / "_build" / "region" / "en-rendered")
    corridor(good, *BUILD, "--format", "html", expect=0)
    page = good / PAGES / "index.html"
    assert not (good / PDF).exists()
    assert PDF.name not in page.read_text(encoding="utf-8")
    pages = files(good / PAGES)
    corridor(good, *BUILD, "--format", "pdf", expect=0)
    assert files(good / PAGES) == pages | {PDF.name: (good / PDF).read_bytes()}
    corridor(good, *BUILD, expect=0)
    assert files(good / "site") == files(built / "site"), "the pages do not link the PDF that came later"


def test_renamed_paper_leaves_no_dead_link(good: Path, corridor: Corridor) -> None:
    edit(good / "_quarto.yml", "name: small", "name: tiny")
    corridor(good, *BUILD, "--format", "html", expect=0)
    assert not list((good / PAGES).glob("*.pdf"))
    assert ".pdf" not in (good / PAGES / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "lost",
    [
        ["index.html"],
        ["assets/paper.css", "region/en/references.html", "region/en/small-region-en.pdf"],
    ],
)
def test_lost_files_are_rebuilt(lost: list[str], good: Path, built: Path, corridor: Corridor) -> None:
    for name in lost:
        (good / "site" / name).unlink()
    done = corridor(good, *BUILD, "--quiet", expect=0)
    assert (done.stdout, done.stderr) == ("", "")
    assert files(good / "site") == files(built / "site")


def test_only_changed_files_are_written(good: Path, corridor: Corridor) -> None:
    rendered = good / "_build" / "region" / "en-rendered"
    corridor(good, *BUILD, expect=0)
    before = times(rendered)
    edit(good / "chapters" / "method.qmd", "Only on the site.", "Only on this site.")
    corridor(good, *BUILD, expect=0)
    after = times(rendered)
    written = {name for name in after if after[name] != before.get(name)}
    assert "chapters/method.html" in written
    assert not {name for name in written if name.startswith(("exhibits/", "chapters/trade"))}


def test_files_that_others_have_changed_are_written_again(good: Path, corridor: Corridor) -> None:
    corridor(good, *BUILD, expect=0)
    rendered = good / "_build" / "region" / "en-rendered"
    table, *_ = sorted(rendered.glob("exhibits/*.csv"))
    before = table.read_bytes()
    table.write_bytes(b"of somebody else\n")
    edit(good / "chapters" / "method.qmd", "Only on the site.", "Only on this site.")
    corridor(good, *BUILD, expect=0)
    assert table.read_bytes() == before
    assert (good / PAGES / "exhibits" / table.name).read_bytes() == before


def test_damaged_record(good: Path, corridor: Corridor) -> None:
    [record] = (good / "_build").glob("region/*.json")
    content = json.loads(record.read_text(encoding="utf-8"))
    (good / "chapters" / "method.qmd").write_text("No title\n")
    for damaged in ("{", "\x00", json.dumps(content | {"steps": None}), json.dumps(content | {"a": 1})):
        record.write_text(damaged)
        assert "method.qmd:1: the chapter has no title" in corridor(good, *BUILD, expect=1).stderr


def test_damaged_record_and_results(good: Path, built: Path, corridor: Corridor) -> None:
    """Neither a record that says nothing nor a notebook that is not the one that ran is used."""
    for content in ("", '{"cells": ['):
        (good / "_build" / "region" / "en.json").unlink()
        for kept in (good / "_build" / "store").rglob("*"):
            if kept.is_file():
                kept.write_text(content)
        done = corridor(good, *BUILD, expect=0)
        assert "run analysis/trade.ipynb" in done.stdout
        assert files(good / "site") == files(built / "site")


# --- what it says


@pytest.mark.parametrize(
    "arguments", [["bild"], ["build", "--format", "docx"], ["build", "--colour"], ["build", "now"]]
)
def test_wrong_usage(arguments: list[str], paper: Path, corridor: Corridor) -> None:
    done = corridor(paper, *arguments, expect=2)
    assert "Usage:" in done.stderr
    assert not (paper / "_build").exists()


def test_no_quarto(paper: Path, tmp_path: Path, corridor: Corridor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = corridor(paper, "build", "--engine", "quarto", expect=1)
    assert "no Quarto on PATH" in done.stderr
    assert "--engine pandoc" in done.stderr


def test_no_paper(tmp_path: Path, corridor: Corridor) -> None:
    assert "--root" in corridor(tmp_path, *BUILD, expect=1).stderr


def test_from_a_folder_within_and_by_root(good: Path, tmp_path: Path, corridor: Corridor) -> None:
    assert "up to date" in corridor(good / "chapters", *BUILD, expect=0).stdout
    assert "up to date" in corridor(tmp_path, *BUILD, "--root", "paper", expect=0).stdout


def test_date_that_is_no_day(good: Path, corridor: Corridor) -> None:
    edit(good / "_quarto.yml", "date: 2024-05-01", "date: May 2024")
    assert '_quarto.yml:8: the date "May 2024" is not a day' in corridor(good, *BUILD, expect=1).stderr


# --- what goes wrong leaves the last good site


def test_failing_cell(good: Path, built: Path, corridor: Corridor) -> None:
    edit_notebook(good, "exhibits.figure(", "1 / 0\nexhibits.figure(")
    done = corridor(good, *BUILD, expect=1)
    assert 'analysis/trade.ipynb: cell "volume" failed: ZeroDivisionError' in done.stderr
    assert files(good / "site") == files(built / "site")


def test_broken_chapter(good: Path, built: Path, corridor: Corridor) -> None:
    chapter = good / "chapters" / "trade.qmd"
    edit(chapter, "@fig-volume draws", "@fig-volumes draws")
    edit(chapter, "[@alpha2020, sec. 2]", "[@alpha202, sec. 2]")
    edit(chapter, "var edition.title", "var edition.titel")
    said = corridor(good, *BUILD, expect=1).stderr
    for place in (
        'trade.qmd:3: there is no label "fig-volumes"',
        'trade.qmd:3: unknown citation "@alpha202"',
        'trade.qmd:12: unknown variable "edition.titel"',
        "3 faults in the paper",
    ):
        assert place in said
    assert files(good / "site") == files(built / "site")


def test_missing_data(good: Path, built: Path, corridor: Corridor) -> None:
    (good / "data" / "flows.csv").unlink()
    assert "data/flows.csv: the file is missing" in corridor(good, *BUILD, expect=1).stderr
    assert files(good / "site") == files(built / "site")


def test_edited_data_and_a_kill_while_the_notebook_runs(good: Path, built: Path, corridor: Corridor) -> None:
    edit(good / "data" / "flows.csv", "rounding is coarse", "rounding is fine")
    notebook = (good / "analysis" / "trade.ipynb").read_bytes()
    edit_notebook(
        good, "exhibits.table(", "open('running', 'w'); import time; time.sleep(99)\nexhibits.table("
    )
    build = start(good)
    wait_for((good / "running").exists, "the notebook to run")
    build.send_signal(signal.SIGKILL)
    build.communicate()
    assert files(good / "site") == files(built / "site")
    wait_for(lambda: not at_work_in(good), "the kernel to end")
    (good / "analysis" / "trade.ipynb").write_bytes(notebook)
    done = corridor(good, *BUILD, expect=0)
    assert "run analysis/trade.ipynb" in done.stdout
    for file in ("chapters/trade.html", "exhibits/flows.csv"):
        assert "rounding is fine" in (good / PAGES / file).read_text(encoding="utf-8")
    assert "rounding is fine" in pdf_text(good / PDF)


def test_killed_while_rendering(good: Path, built: Path, corridor: Corridor) -> None:
    edit(good / "chapters" / "trade.qmd", "Exports rose", "Exports soared")
    build = start(good)
    wait_for(lambda: list((good / "_build").glob("*/rendering-*/html/*.html")), "a page")
    build.send_signal(signal.SIGKILL)
    build.communicate()
    assert list((good / "_build").glob("*/rendering-*")), "the build had ended"
    assert files(good / "site") == files(built / "site")
    done = corridor(good, *BUILD, expect=0)
    assert "run analysis" not in done.stdout
    assert "Exports soared" in (good / PAGES / "chapters" / "trade.html").read_text(encoding="utf-8")
    assert not list((good / "_build").glob("*/rendering-*"))


def test_killed_while_publishing(good: Path, built: Path, corridor: Corridor) -> None:
    # What a kill between the two renames leaves: the old pages aside, the new ones not yet in place.
    (good / PAGES).rename(good / "site" / "region" / ".en.old")
    shutil.copytree(good / "site" / "region" / ".en.old", good / "site" / "region" / ".en.new-x")
    assert "up to date" in corridor(good, *BUILD, expect=0).stdout
    assert files(good / "site") == files(built / "site")


def test_two_builds_at_once(good: Path, corridor: Corridor) -> None:
    edit(good / "chapters" / "trade.qmd", "Exports rose", "Exports soared")
    builds = [start(good), start(good)]
    said = [build.communicate()[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], said
    assert sum("render html" in text for text in said) == 1
    assert sum("up to date" in text for text in said) == 1
    assert "Exports soared" in (good / PAGES / "chapters" / "trade.html").read_text(encoding="utf-8")
    assert "up to date" in corridor(good, *BUILD, expect=0).stdout


# --- several editions


@pytest.fixture(scope="module")
def several_once(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a paper with three editions, one of them in two languages, built for the web."""
    root = Path(shutil.copytree(built, tmp_path_factory.mktemp("several") / "paper"))
    region = (root / "editions" / "region.yml").read_text(encoding="utf-8")
    (root / "editions" / "one.yml").write_text(region.replace("KAZ, KGZ", "KAZ"), encoding="utf-8")
    run_corridor(root, "translate", "extract", "--quiet", expect=0)
    run_corridor(root, "translate", "merge", "ru", "--quiet", expect=0)
    two = region.replace("KAZ, KGZ", "KGZ").replace("[en]", "[en, ru]")
    (root / "editions" / "two.yml").write_text(two, encoding="utf-8")
    run_corridor(root, *BUILD, "--all", "--format", "html", "--quiet", expect=0)
    return root


@pytest.fixture
def several(several_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(several_once, tmp_path / "paper"))


@pytest.mark.parametrize("broken", ["partnr: CHN", "partner: [", "countries: [QQQ]"])
def test_broken_edition_keeps_its_last_pages(broken: str, several: Path, corridor: Corridor) -> None:
    edition = several / "editions" / "two.yml"
    text = edition.read_text(encoding="utf-8")
    edition.write_text(re.sub(rf"(?m)^{broken[:4]}.*$", broken, text), encoding="utf-8")
    edit(several / "chapters" / "trade.qmd", "Exports rose", "Exports soared")
    done = corridor(several, *BUILD, "--all", "--format", "html", expect=1)
    assert done.stderr.count("editions/two.yml:") == 1
    assert "1 fault in the paper" in done.stderr
    for pages, said in (
        ("one/en", "soared"),
        ("region/en", "soared"),
        ("two/en", "rose"),
        ("two/ru", "rose"),
    ):
        assert f"Exports {said}" in (several / "site" / pages / "chapters/trade.html").read_text(
            encoding="utf-8"
        )
    states = lxml_html.parse(several / "site" / "editions.html").getroot().text_content()
    assert states.count("older than its sources") == 2
    assert "editions/two.yml:" in corridor(several, "edition", "list").stderr or broken.startswith(
        "countries"
    )
    edition.write_text(text, encoding="utf-8")
    corridor(several, *BUILD, "--all", "--format", "html", expect=0)
    assert "soared" in (several / "site/two/ru/chapters/trade.html").read_text(encoding="utf-8")
    edition.unlink()
    corridor(several, *BUILD, "--all", "--format", "html", expect=0)
    assert sorted(path.name for path in (several / "site").iterdir() if path.is_dir()) == [
        "assets",
        "one",
        "region",
    ]


def test_broken_catalogue_stops_no_other_rendition(several: Path, corridor: Corridor) -> None:
    with (several / "locales" / "ru" / "index.po").open("a", encoding="utf-8") as stream:
        stream.write('\nmsgid "broken\n')
    edit(several / "chapters" / "trade.qmd", "Exports rose", "Exports soared")
    done = corridor(several, *BUILD, "--all", "--format", "html", expect=1)
    assert done.stderr.count("locales/ru/index.po:") == 1
    assert "1 fault in the paper" in done.stderr
    assert "Exports soared" in (several / "site/two/en/chapters/trade.html").read_text(encoding="utf-8")
    assert "Exports rose" in (several / "site/two/ru/chapters/trade.html").read_text(encoding="utf-8")
    listed = corridor(several, "edition", "list", expect=1)
    assert len(listed.stdout.splitlines()) == 5
    assert "locales/ru/index.po:" in listed.stderr


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopped_build_of_several_leaves_no_process(sign: signal.Signals, several: Path) -> None:
    before = files(several / "site")
    edit_notebook(
        several,
        "exhibits.table(",
        "open(f'running-{len(countries)}', 'w'); import time; time.sleep(99)\nexhibits.table(",
    )
    build = start(several, "--all", "--jobs", "2", "--format", "html")
    wait_for(lambda: list(several.glob("running-*")), "a notebook to run")
    build.send_signal(sign)
    said = build.communicate(timeout=30)[0]
    assert build.returncode != 0
    assert "Traceback" not in said
    wait_for(lambda: not at_work_in(several), "the workers and their kernels to end", 30)
    assert files(several / "site") == before


@pytest.mark.parametrize(
    "address", ["example.org", "https://", "https://a b.org", "https://example.org/a?b=c"]
)
def test_address_that_is_none(address: str, good: Path, built: Path, corridor: Corridor) -> None:
    edit(good / "_quarto.yml", "book:\n", f"book:\n  site-url: {address}\n")
    done = corridor(good, *BUILD, expect=1)
    assert f'_quarto.yml:5: the site-url "{address}" is no address of the web' in done.stderr
    assert "render" not in done.stdout
    assert files(good / "site") == files(built / "site")


# --- same inputs, same bytes


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small paper built in another folder, time zone, language and home."""
    folder = tmp_path_factory.mktemp("another place") / "deeper"
    folder.mkdir()
    startup = folder / "home" / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00-mine.py").write_text("import pandas\npandas.DataFrame.to_dict = None\n")
    root = copy_paper(folder)
    with pytest.MonkeyPatch.context() as patch:
        for key, value in {
            "TZ": "Asia/Almaty", "LANG": "ru_RU.UTF-8", "LC_ALL": "C", "HOME": str(folder / "home"),
            "PYTHONHASHSEED": "7", "USER": "somebody", "COLUMNS": "40",
        }.items():  # fmt: skip
            patch.setenv(key, value)
        run_corridor(root, *BUILD, "--quiet", expect=0)
    return root


def test_same_bytes_in_another_folder(built: Path, elsewhere: Path) -> None:
    assert files(elsewhere / "site") == files(built / "site")


def test_same_staged_project_in_another_folder(built: Path, elsewhere: Path) -> None:
    assert files(elsewhere / "_build" / "region") == files(built / "_build" / "region")


def test_no_path_of_the_machine(built: Path, elsewhere: Path) -> None:
    homes = [str(Path.home()), str(Path(__file__).parents[1]), sys.prefix, "/tmp/", "ipykernel_"]
    for root in (built, elsewhere):
        marks = [mark.encode() for mark in {*homes, str(root)} if len(mark) > 4]
        for name, content in (files(root / "site") | files(root / "_build")).items():
            assert not [mark for mark in marks if mark in content], name
        with pikepdf.open(root / PDF) as pdf:
            for number, item in enumerate(pdf.objects):
                if isinstance(item, pikepdf.Stream):
                    assert not [mark for mark in marks if mark in item.read_bytes()], f"PDF object {number}"


def test_source_date_epoch(good: Path, corridor: Corridor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    corridor(good, *BUILD, "--format", "pdf", expect=0)
    with pikepdf.open(good / PDF) as pdf:
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20010909")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert 'SOURCE_DATE_EPOCH is "yesterday"' in corridor(good, *BUILD, expect=1).stderr


# --- odd names and hostile text


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small paper with odd file names, and with syntax wherever plain text is meant."""
    root = copy_paper(tmp_path_factory.mktemp("odd"))
    (root / "chapters" / "method.qmd").rename(root / "chapters" / "Усули кор 2.qmd")
    edit(root / "_quarto.yml", "chapters/method.qmd", "chapters/Усули кор 2.qmd")
    edit(root / "chapters" / "trade.qmd", "(method.qmd#sec-method)", "(<Усули кор 2.qmd#sec-method>)")
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="9" height="9"/></svg>'
    )
    (root / "chapters" / "харита 1.svg").write_text(drawing, encoding="utf-8")
    (root / "pictures").mkdir()
    (root / "pictures" / "logo.svg").write_text(drawing, encoding="utf-8")
    with (root / "chapters" / "Усули кор 2.qmd").open("a", encoding="utf-8") as chapter:
        chapter.write("\n![A map](<харита 1.svg>)\n\n![A logo](../pictures/logo.svg)\n")
    quoted = HOSTILE.replace("'", "''")
    for key, old in {
        "title": "A small paper",
        "subtitle": "Built by the tests",
        "author": "Corridor",
    }.items():
        edit(root / "_quarto.yml", f"{key}: {old}", f"{key}: '{key} {quoted}'")
    edit(
        root / "_quarto.yml", "version: 1.2.3", f"version: 'version {quoted}'\n  publisher: 'house {quoted}'"
    )
    edit(root / "editions" / "region.yml", "title: Two Lands", f"title: 'edition {quoted}'")
    in_csv = HOSTILE.replace('"', '""')
    edit(root / "data" / "flows.csv", "rounding is coarse", f'"data {in_csv}"')
    edit_notebook(
        root, 'exhibits.Column("note", "Remark")', f"exhibits.Column('note', {'head ' + HOSTILE!r})"
    )
    edit_notebook(
        root,
        '["As *printed*."]',
        f"[__import__('corridor.markup').markup.escape_markdown({'note ' + HOSTILE!r})]",
    )
    edit_notebook(root, "exhibits.table(", "import warnings; warnings.warn('careful')\nexhibits.table(")
    edit_notebook(root, "chart,\n", f"chart.properties(title={'chart ' + HOSTILE!r}),\n")
    edit_notebook(root, 'alt=f"Bars', f'alt={"alt " + HOSTILE!r} f"Bars')
    run_corridor(root, *BUILD, "--quiet", expect=0)
    return root


def test_odd_file_names(odd: Path) -> None:
    page = odd / PAGES / "chapters" / "Усули кор 2.html"
    tree = lxml_html.fromstring(page.read_text(encoding="utf-8"))
    assert tree.xpath("//h1")[0].text_content() == "2 Method"
    for target in ("харита 1.svg", "../pictures/logo.svg"):
        assert (page.parent / target).is_file()
    trade = lxml_html.fromstring((page.parent / "trade.html").read_text(encoding="utf-8"))
    [link] = trade.xpath("//a[text()='the next chapter']/@href")
    assert link.startswith("../chapters/%D0%A3")
    assert link.endswith("2.html#sec-method")
    assert "Figure" in pdf_text(odd / PDF)


@pytest.mark.parametrize(
    ("word", "page", "where"),
    [
        ("title", "index.html", "//h1"),
        ("title", "chapters/trade.html", "//p[@class='brand']"),
        ("subtitle", "index.html", "//p[@class='subtitle']"),
        ("version", "index.html", "//dl"),
        ("version", "index.html", "//div[@class='prose']"),
        ("edition", "index.html", "//dl"),
        ("house", "index.html", "//p[@class='publisher']"),
        ("edition", "chapters/trade.html", "//figcaption"),
        ("data", "chapters/trade.html", "//td"),
        ("head", "chapters/trade.html", "//th"),
        ("note", "chapters/trade.html", "//div[@class='exhibit-note']"),
    ],
)
def test_hostile_text_on_the_site(word: str, page: str, where: str, odd: Path) -> None:
    tree = lxml_html.fromstring((odd / PAGES / page).read_text(encoding="utf-8"))
    texts = [re.sub(r"\s+", " ", element.text_content()) for element in tree.xpath(where)]
    assert [text for text in texts if f"{word} {HOSTILE}" in text], texts


def test_hostile_alt_text(odd: Path) -> None:
    tree = lxml_html.fromstring((odd / PAGES / "chapters" / "trade.html").read_text(encoding="utf-8"))
    assert tree.xpath("//img/@alt")[0].startswith(f"alt {HOSTILE}")
    with pikepdf.open(odd / PDF) as pdf:
        alts = [str(o["/Alt"]) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
    assert [alt for alt in alts if alt.startswith(f"alt {HOSTILE}")], alts


def test_warnings_of_a_cell_stay_out(odd: Path) -> None:
    everything = b"".join((files(odd / "site") | files(odd / "_build")).values())
    assert b"UserWarning" not in everything
    assert b"ipykernel_" not in everything, "the place of a warning names a temporary file"


def test_hostile_text_runs_nothing(odd: Path) -> None:
    for page in (odd / "site").rglob("*.html"):
        tree = lxml_html.fromstring(page.read_text(encoding="utf-8"))
        assert not [s for s in tree.xpath("//script") if "alert" in s.text_content()], page.name
        assert not tree.xpath("//b | //a[@href='e.html'] | //strong"), page.name
    redirect = (odd / "site" / "index.html").read_text(encoding="utf-8")
    assert f"<title>{html.escape('title ' + HOSTILE, quote=True)}"[:60] in redirect


@pytest.mark.parametrize(
    "word", ["title", "subtitle", "author", "version", "edition", "house", "data", "head", "note"]
)
def test_hostile_text_in_print(word: str, odd: Path) -> None:
    text = letters(pdf_text(odd / PDF)).replace("-", "")  # cells may be hyphenated
    assert letters(f"{word} {HOSTILE}").replace("-", "") in text


def test_hostile_metadata_in_print(odd: Path) -> None:
    with pikepdf.open(odd / PDF) as pdf:
        assert str(pdf.docinfo["/Title"]) == f"title {HOSTILE}"
        assert str(pdf.docinfo["/Author"]) == f"author {HOSTILE}"
