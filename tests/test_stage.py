"""The staged project: a plain Quarto book that anyone can render without Corridor."""

import csv
import json
import re
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
import yaml

from conftest import copy_paper, edit
from corridor import pandoc
from corridor.chapter import shortcodes
from corridor.compose import compose
from corridor.compute.results import Results
from corridor.data import open_package
from corridor.edition import Rendition, default_edition
from corridor.errors import PaperError
from corridor.exhibits import MIME
from corridor.paper import open_paper
from corridor.stage import StagedProject, flatten, illustrations, open_project, stage
from corridor.stage.variables import in_own_languages, language_of
from corridor.store import Store


@pytest.fixture(scope="module")
def staged(built: Path) -> Path:
    return built / "_build" / "region" / "en"


@pytest.fixture(scope="module")
def config(staged: Path) -> dict:
    return yaml.safe_load((staged / "_quarto.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def executed(staged: Path) -> nbformat.NotebookNode:
    return nbformat.read(staged / "analysis" / "trade.ipynb", as_version=4)


def test_config(config: dict) -> None:
    assert config["project"] == {"type": "book", "output-dir": "_output", "resources": ["exhibits"]}
    assert config["lang"] == "en"
    assert config["bibliography"] == "references.bib"
    assert config["number-sections"] is True
    assert config["book"] == {
        "title": "A small paper",
        "subtitle": "Built by the tests",
        "author": "Corridor",
        "date": "2024-05-01",
        "chapters": ["index.qmd", "chapters/trade.qmd", "chapters/method.qmd", "references.qmd"],
        "output-file": "small-region-en",
    }
    assert config["corridor"]["edition"] == "Two Lands"
    assert config["corridor"]["version"] == "1.2.3"
    assert config["corridor"]["date-long"] == "1 May 2024"


def test_files_that_the_config_names(staged: Path, config: dict) -> None:
    typst = config["format"]["typst"]
    assert config["filters"] == ["corridor.lua", {"path": "facts.lua", "at": "post-quarto"}]
    assert typst["template-partials"] == ["typst/typst-template.typ", "typst/typst-show.typ"]
    assert typst["font-paths"] == ["fonts"]
    named = [
        *config["book"]["chapters"],
        "corridor.lua",
        "facts.lua",
        *typst["template-partials"],
        config["bibliography"],
    ]
    assert [name for name in named if not (staged / name).is_file()] == []
    assert list((staged / "fonts").glob("*.ttf"))


def test_hooks_of_the_paper_are_left_out(built: Path, tmp_path: Path) -> None:
    root = copy_paper(tmp_path)
    edit(
        root / "_quarto.yml", "  type: book", "  type: book\n  pre-render: corridor compute\n  post-render: x"
    )
    project = stage_with(root, {}, tmp_path / "staged")
    assert not {"pre-render", "post-render"} & set(project.config["project"])


def stage_with(root: Path, notebooks: dict, folder: Path) -> StagedProject:
    paper = open_paper(root)
    rendition = Rendition(edition=default_edition(paper), language="en")
    package = open_package(paper.data)
    manuscript = compose(paper, rendition, package)
    return stage(paper, manuscript, Results(notebooks=notebooks), package, folder, Store(root / "store"))


def test_variables(staged: Path) -> None:
    content = yaml.safe_load((staged / "_variables.yml").read_text(encoding="utf-8"))
    shown = {key: pandoc.text_of(pandoc.read(value)["blocks"]) for key, value in flatten(content).items()}
    assert shown == {
        "paper.version": "1.2.3",
        "edition.title": "Two Lands",
        "years.span": "2019–2021",
    }


def test_embeds_stay_and_downloads_are_added(built: Path, staged: Path) -> None:
    original = (built / "chapters" / "trade.qmd").read_text(encoding="utf-8")
    text = (staged / "chapters" / "trade.qmd").read_text(encoding="utf-8")
    assert [(c.name, c.argument) for c in shortcodes(text)] == [
        (c.name, c.argument) for c in shortcodes(original)
    ]
    assert all(c.alone for c in shortcodes(text) if c.name == "embed")
    added = re.findall(r"\n\n:::: \{\.content-visible .*?\n::::", text, re.S)
    assert [re.findall(r"\]\((.*?)\)", block) for block in added] == [
        ["../exhibits/flows.csv"],
        ["../exhibits/volume.csv", "../exhibits/volume.svg"],
    ]
    assert all('.content-visible when-format="html"' in block for block in added)
    for block in added:
        text = text.replace(block, "")
    assert text == original


def test_chapters_without_exhibits_are_copied(built: Path, staged: Path) -> None:
    for name in ("index.qmd", "chapters/method.qmd", "references.qmd", "references.bib"):
        assert (staged / name).read_bytes() == (built / name).read_bytes()


def test_data_of_exhibits(built: Path, staged: Path) -> None:
    with open(built / "data" / "flows.csv", encoding="utf-8", newline="") as file:
        data = list(csv.DictReader(file))
    with open(staged / "exhibits" / "flows.csv", encoding="utf-8", newline="") as file:
        shown = list(csv.DictReader(file))
    assert [{**row, "value": float(row["value"]), "rounding": float(row["rounding"])} for row in shown] == [
        {**row, "value": float(row["value"]), "rounding": float(row["rounding"])} for row in data
    ]
    assert (staged / "exhibits" / "volume.svg").read_text(encoding="utf-8").startswith("<svg")
    assert {p.name for p in (staged / "exhibits").iterdir()} == {"flows.csv", "volume.csv", "volume.svg"}


def test_executed_notebook(built: Path, staged: Path, executed: nbformat.NotebookNode) -> None:
    source = nbformat.read(built / "analysis" / "trade.ipynb", as_version=4)
    assert executed.metadata == source.metadata
    assert [cell.id for cell in executed.cells] == [
        "parameters", "injected-parameters", "load", "flows", "volume",
    ]  # fmt: skip
    assert [cell.metadata for cell in executed.cells if cell.id != "injected-parameters"] == [
        cell.metadata for cell in source.cells
    ]
    text = (staged / "analysis" / "trade.ipynb").read_text(encoding="utf-8")
    assert not re.search(r"papermill|start_time|iopub|20\d\d-\d\d-\d\dT", text)
    injected = next(cell for cell in executed.cells if cell.id == "injected-parameters")
    assert 'countries = ["KAZ", "KGZ"]' in injected.source


def test_alt_text_in_the_source_of_the_cell(executed: nbformat.NotebookNode) -> None:
    first, second = executed.cells[-1].source.splitlines()[:2]
    assert first == "#| label: volume"
    options = yaml.safe_load(second.removeprefix("#| "))
    assert options == {"fig-alt": 'Bars of exports in 3 years, "with quotes" & <signs>'}
    assert not [cell.id for cell in executed.cells[:-1] if "fig-alt" in cell.source]


def test_outputs_for_both_formats(executed: nbformat.NotebookNode) -> None:
    forms = {
        cell.id: [set(output.data) for output in cell.outputs]
        for cell in executed.cells
        if cell.cell_type == "code" and cell.outputs
    }
    note = {"text/markdown", "text/plain"}
    assert forms == {
        "flows": [{"text/html", "text/markdown", "text/plain", MIME}, note],
        "volume": [{"image/svg+xml", "text/plain", MIME}, note],
    }


def test_label_shared_by_two_notebooks(built: Path, executed: nbformat.NotebookNode, tmp_path: Path) -> None:
    twins = {"analysis/a.ipynb": executed, "analysis/b.ipynb": executed}
    with pytest.raises(PaperError) as raised:
        stage_with(built, twins, tmp_path / "staged")
    assert [(fault.file, fault.what) for fault in raised.value.faults] == [
        ("analysis/b.ipynb", f'the exhibit "{label}" has the label of one in analysis/a.ipynb')
        for label in ("flows", "volume")
    ]


def test_exhibit_without_label_is_left_out(
    built: Path, executed: nbformat.NotebookNode, tmp_path: Path
) -> None:
    notebook = nbformat.from_dict(json.loads(json.dumps(executed)))
    notebook.cells[-1].source = notebook.cells[-1].source.replace("#| label: volume", "# no label")
    stage_with(built, {"analysis/trade.ipynb": notebook}, tmp_path / "staged")
    assert [p.name for p in (tmp_path / "staged" / "exhibits").iterdir()] == ["flows.csv"]


def test_exhibit_that_the_text_shows_no_more_is_left_out(
    executed: nbformat.NotebookNode, tmp_path: Path
) -> None:
    root, results = copy_paper(tmp_path), {"analysis/trade.ipynb": executed}
    stage_with(root, results, tmp_path / "before")
    edit(root / "chapters" / "trade.qmd", "{{< embed ../analysis/trade.ipynb#volume >}}", "Nothing.")
    stage_with(root, results, tmp_path / "after")
    shown = {
        name: sorted(p.name for p in (tmp_path / name / "exhibits").iterdir()) for name in ("before", "after")
    }
    assert shown == {"before": ["flows.csv", "volume.csv", "volume.svg"], "after": ["flows.csv"]}


def test_illustrations(tmp_path: Path) -> None:
    root = copy_paper(tmp_path)
    places = ["chapters/beside.png", "plans/plan (1).svg", "top.jpeg", "two.svg.png", "data/unseen.svg"]
    for place in places:
        (root / place).parent.mkdir(exist_ok=True)
        (root / place).write_bytes(b"x")
    with (root / "index.qmd").open("a", encoding="utf-8") as chapter:
        chapter.write('\n![One](top.jpeg "Title"){width=50%}\n\n![Two][two]\n\n[two]: two.svg.png\n')
        chapter.write("\n![Gone](gone.svg)\n")
    with (root / "chapters" / "method.qmd").open("a", encoding="utf-8") as chapter:
        chapter.write("\n![Three](<../plans/plan (1).svg>) and ![outside](../../secret.png)\n")
    (tmp_path / "secret.png").write_bytes(b"x")
    chapters = {name: (root / name).read_text(encoding="utf-8") for name in open_paper(root).chapters}
    assert illustrations(root, chapters) == sorted(places[1:4])


def test_opens_again(staged: Path, config: dict) -> None:
    project = open_project(staged)
    assert project.config == config
    assert project.pdf == "small-region-en.pdf"
    assert project.variables["years.span"] == "2019–2021"


def test_filter(staged: Path) -> None:
    note = "::: {.exhibit-note}\nSource: *one*.\n:::\n"
    arguments = ("--from", "markdown", "--lua-filter", str(staged / "corridor.lua"), "--to")
    typst = pandoc.run(note, *arguments, "typst")
    assert re.fullmatch(r"#exhibit-note\[\s+Source: #emph\[one\]\.\s+\]\s*", typst)
    assert '<div class="exhibit-note">' in pandoc.run(note, *arguments, "html")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("USD 14.5 billion", "USD_14.5_billion"),
        ("by 27 percent, from", "by 27_percent, from"),
        ("USD\n1,200 thousand.", "USD_1,200_thousand."),
        ("the USD is strong", "the USD is strong"),
        ("in 2017 the figures", "in 2017 the figures"),
        ("of 5 billionaires", "of 5 billionaires"),
    ],
)
def test_quantities_stay_on_one_line(text: str, shown: str, staged: Path) -> None:
    page = pandoc.run(text, "--lua-filter", str(staged / "corridor.lua"), "--to", "html")
    assert page == f"<p>{shown.replace('_', chr(0xA0))}</p>\n"


def test_no_trace_of_the_machine_from_embeds(staged: Path) -> None:
    cell = '::: {.quarto-embed-nb-cell notebook="/somewhere/trade.ipynb" notebook-title="T" x="y"}\nA\n:::\n'
    page = pandoc.run(cell, "--lua-filter", str(staged / "corridor.lua"), "--to", "html")
    assert "somewhere" not in page
    assert 'x="y"' in page


def test_quarto_renders_it(staged: Path, tmp_path: Path) -> None:
    if shutil.which("quarto") is None:
        pytest.skip("no quarto on PATH")
    project = shutil.copytree(staged, tmp_path / "project")
    for target, left in {"html": "chapters/trade.html", "typst": "small-region-en.pdf"}.items():
        done = subprocess.run(
            ["quarto", "render", ".", "--to", target],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert (project / "_output" / left).is_file()


def test_values_in_words_of_another_language() -> None:
    text = (
        'Қазақша {{< var trade.kaz.exports >}}. <span lang="ru">Экспорт {{< var name.kaz-genitive >}}: '
        '{{< var trade.kaz.exports-number >}}.</span> <span lang="en">`{{< var a.b >}}`</span>'
    )
    assert in_own_languages(text) == (
        'Қазақша {{< var trade.kaz.exports >}}. <span lang="ru">Экспорт {{< var name.kaz-genitive-ru >}}: '
        '{{< var trade.kaz.exports-number-ru >}}.</span> <span lang="en">`{{< var a.b >}}`</span>'
    )
    assert language_of("trade.kaz.exports-number-ru", "kk") == ("trade.kaz.exports-number", "ru")
    assert language_of("trade.kaz.exports-number", "kk") == ("trade.kaz.exports-number", "kk")
