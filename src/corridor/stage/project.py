"""A staged project: an ordinary Quarto book that anyone can render without Corridor."""

from __future__ import annotations

import copy
import csv
import io
import re
import shutil
from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml
from nbformat import NotebookNode

from corridor.chapter import Shortcode, parse_embed, replace_shortcodes, resolve, shortcodes
from corridor.colours import LIGHT, legible
from corridor.compute.notebook import packed
from corridor.compute.results import Results
from corridor.data import Package
from corridor.documents import parsed
from corridor.edition import Publisher, Rendition, output_name
from corridor.errors import Fault, raise_any
from corridor.exhibits import MIME, Exhibit, cell_label, collect
from corridor.files import digest, tree
from corridor.manuscript import Manuscript
from corridor.messages import chain, language
from corridor.messages import files as catalogues
from corridor.paper import CONFIG, Paper
from corridor.stage.facts import FOLDER as FACTS
from corridor.stage.facts import STYLE as FACTS_STYLE
from corridor.stage.facts import list_facts, tell, with_facts, write_facts
from corridor.stage.variables import (
    fact_variables,
    flatten,
    in_own_languages,
    language_of,
    long_date,
    named,
    variables,
)
from corridor.stage.variables import written as written_variables
from corridor.store import Store
from corridor.titles import titles
from corridor.trace import FILE as TRACE
from corridor.trace import write as write_trace
from corridor.words import words

EXHIBITS = "exhibits"
OUTPUT = "_output"
TYPST = ("typst-template.typ", "typst-show.typ")
FILTERS = ("corridor.lua", "facts.lua")
STYLES = ("corridor.scss", FACTS_STYLE)
# Quarto's pages say where the root of the site is; the embedded engine's bring the script themselves.
_FACTS_SCRIPT = """<script>
document.head.append(Object.assign(document.createElement('script'), {
  src: document.querySelector('meta[name="quarto:offset"]').content + 'facts/facts.js'
}));
</script>"""

# Items and evidence are such documents, and rows of such tables.
_READ_BY_TRACE = (".csv", ".json", ".yaml", ".yml")
_IMAGE_KINDS = "svg|png|jpg|jpeg|gif|webp"
# Where an image of a chapter may stand: what only looks like one is no file, or does no harm.
_IMAGE = re.compile(rf"(?:\]\(|\]:)\s*<?([^<>\n]*?\.(?:{_IMAGE_KINDS}))(?=[\s>)\"'?#]|$)", re.I)


@dataclass(frozen=True, kw_only=True)
class StagedProject:
    """A staged project on disk.

    Parameters
    ----------
    root
        Its folder.
    config
        The content of its ``_quarto.yml``.
    """

    root: Path
    config: dict[str, Any]

    @property
    def chapters(self) -> tuple[str, ...]:
        """All files of the prose in reading order, the appendices last."""
        return (*self.config["book"]["chapters"], *self.appendices)

    @property
    def appendices(self) -> tuple[str, ...]:
        return tuple(self.config["book"].get("appendices") or ())

    @property
    def language(self) -> str:
        return self.config["lang"]

    @property
    def corridor(self) -> dict[str, Any]:
        return self.config["corridor"]

    @property
    def output(self) -> Path:
        """Where an engine leaves what it rendered."""
        return self.root / OUTPUT

    @property
    def pdf(self) -> str:
        """Name of the PDF among the pages."""
        return f"{self.config['book']['output-file']}.pdf"

    @cached_property
    def variables(self) -> dict[str, str]:
        return flatten(parsed((self.root / "_variables.yml").read_text(encoding="utf-8")))


def open_project(root: Path) -> StagedProject:
    """Open a staged project."""
    return StagedProject(root=root, config=parsed((root / CONFIG).read_text(encoding="utf-8")))


def stage(
    paper: Paper, manuscript: Manuscript, results: Results, package: Package, folder: Path, store: Store
) -> StagedProject:
    """Write the project of a rendition into an empty folder.

    Parameters
    ----------
    paper
        The paper.
    manuscript
        The chapters of the rendition, with nothing that the edition lacks.
    results
        What its notebooks gave.
    package
        The data.
    folder
        Where to write it.
    store
        Where its parts are kept.

    Returns
    -------
    StagedProject
        Chapters, executed notebooks, exhibits' data and images, bibliography, template: everything that
        Quarto or the embedded engine reads.

    Raises
    ------
    PaperError
        If two notebooks show an exhibit under the same label.
    """
    rendition = manuscript.rendition
    texts = {chapter: in_own_languages(text) for chapter, text in manuscript.markdown.items()}
    codes = {chapter: shortcodes(text) for chapter, text in texts.items()}
    embedded = _embedded(codes)
    notebooks = {name: _only(name, notebook, embedded) for name, notebook in results.notebooks.items()}
    raise_any(_shared_labels({name: collect(one) for name, one in results.notebooks.items()}))
    shown = {name: collect(notebook) for name, notebook in notebooks.items()}
    for path in illustrations(paper.root, texts):
        _copy(paper.root / path, folder / path)
    spoken = replace(package, language=rendition.language)
    listing = list_facts(texts, results.facts, paper.root / paper.bibliography, spoken, store)
    told = tell(listing, package, store) if listing else None
    for chapter, text in texts.items():
        has_embeds = any(code.name == "embed" for code in codes[chapter])
        staged = _with_downloads(chapter, text, shown, rendition.language) if has_embeds else text
        _write(folder / chapter, with_facts(staged, listing, told) if listing and told else staged)
    if listing and told:
        write_facts(folder / FACTS, listing, told)
    for name, notebook in notebooks.items():
        made_of = [name, results.states[name], sorted(label for own, label in embedded if own == name)]
        for path, text in store.remembered("notebook", made_of, partial(_files, name, notebook)).items():
            _write(folder / path, text)
    _write_trace(folder / EXHIBITS, spoken, rendition, store)
    _copy(paper.root / paper.bibliography, folder / paper.bibliography)
    if (publisher := rendition.edition.publisher).logo:
        _copy(paper.root / publisher.logo, folder / _logo(publisher))
    framework = files("corridor")
    for name in TYPST:
        _write(
            folder / "typst" / name, framework.joinpath("render", "typst", name).read_text(encoding="utf-8")
        )
    for name in (*FILTERS, *STYLES):
        _write(folder / name, framework.joinpath("render", name).read_text(encoding="utf-8"))
    for font in sorted(framework.joinpath("fonts").iterdir(), key=lambda f: f.name):
        (folder / "fonts").mkdir(exist_ok=True)
        (folder / "fonts" / font.name).write_bytes(font.read_bytes())
    config = _config(paper, manuscript, has_facts=listing is not None)
    _write(folder / CONFIG, _yaml(config))
    # Only the facts that the chapters show: an edition holds what it uses.
    page = listing.chapter if listing else None
    names = named(codes)
    known = {
        one: variables(paper, replace(rendition, language=one), package) for one in chain(rendition.language)
    }
    spoken_as = {name: language_of(name, rendition.language) for name in names}
    own = {name: known[one][plain] for name, (plain, one) in spoken_as.items() if plain in known[one]}
    shown_facts = fact_variables(results.facts, names, rendition.language, page=page)
    _write(folder / "_variables.yml", written_variables(own | shown_facts))
    return StagedProject(root=folder, config=config)


def illustrations(root: Path, texts: Mapping[str, str]) -> list[str]:
    """Return the images that chapters show, by path relative to the paper's root."""
    # Raw HTML may name an image in ways of its own: those beside the chapters are looked for by their names.
    suffixes = {f".{kind}" for kind in _IMAGE_KINDS.split("|")}
    beside = [p for p in (root / "chapters").rglob("*") if p.suffix.lower() in suffixes]
    prose = "\n".join(texts.values())
    found = {p.relative_to(root).as_posix() for p in beside if p.name in unquote(prose)}
    for chapter, text in texts.items():
        for target in _IMAGE.findall(text):
            path = resolve(chapter, unquote(target))
            if not path.startswith("../") and (root / path).is_file():
                found.add(path)
    return sorted(found)


def _embedded(codes: Mapping[str, Iterable[Shortcode]]) -> set[tuple[str, str]]:
    """Return notebook and label of each cell that chapters embed."""
    found = {
        parse_embed(chapter, code.argument)
        for chapter, own in codes.items()
        for code in own
        if code.name == "embed"
    }
    return {target for target in found if target}


def _only(name: str, notebook: NotebookNode, embedded: Container[tuple[str, str]]) -> NotebookNode:
    """Return a notebook whose exhibits are those that the edition shows: no other leaves the build."""
    kept = copy.copy(notebook)
    kept.cells = [
        cell
        if cell.cell_type != "code" or (name, cell_label(cell.source) or "") in embedded
        else _without_exhibits(cell)
        for cell in notebook.cells
    ]
    return kept


def _without_exhibits(cell: NotebookNode) -> NotebookNode:
    kept = copy.copy(cell)
    kept.outputs = [o for o in cell.outputs if MIME not in o.get("data", {}) and not _is_note(o)]
    return kept


def _shared_labels(shown: Mapping[str, Mapping[str, Exhibit]]) -> list[Fault]:
    """Return a fault for each label in two notebooks: the files of their exhibits share a folder."""
    first: dict[str, str] = {}
    faults = []
    for name, exhibits in shown.items():
        for label in filter(None, exhibits):
            if first.setdefault(label, name) != name:
                what = f'the exhibit "{label}" has the label of one in {first[label]}'
                faults.append(Fault(file=name, what=what, mend="rename one of the two cells"))
    return faults


def _with_downloads(
    chapter: str, text: str, shown: Mapping[str, Mapping[str, Exhibit]], language: str
) -> str:
    """Add to each embedded exhibit the links to its data, for readers of the site."""
    word = words(language)
    up = "../" * chapter.count("/")

    def show(code: Shortcode) -> str:
        original = f"{{{{< {code.name} {code.argument} >}}}}"
        target = parse_embed(chapter, code.argument) if code.name == "embed" else None
        exhibit = shown.get(target[0], {}).get(target[1]) if target else None
        if exhibit is None:
            return original
        links = [f"[{word['data_csv']}]({up}{EXHIBITS}/{exhibit.label}.csv)"]
        if exhibit.kind == "figure":
            links.append(f"[{word['image_svg']}]({up}{EXHIBITS}/{exhibit.label}.svg)")
        return (
            f'{original}\n\n:::: {{.content-visible when-format="html"}}\n'
            f"::: {{.exhibit-downloads}}\n{' · '.join(links)}\n:::\n::::"
        )

    return replace_shortcodes(text, show)


def _is_note(output: NotebookNode) -> bool:
    return ".exhibit-note" in output.get("data", {}).get("text/markdown", "")


def _files(name: str, notebook: NotebookNode) -> dict[str, str]:
    """Return the texts of a notebook's file and of the files of its exhibits, by path."""
    found = {name: packed(notebook)}
    for label, exhibit in collect(notebook).items():
        if not label:
            continue  # nothing can embed it
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(exhibit.columns)
        writer.writerows([[_cell(value) for value in row] for row in exhibit.rows])
        found[f"{EXHIBITS}/{label}.csv"] = buffer.getvalue()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            bundle = output.get("data", {})
            label = cell_label(cell.source)
            if label and MIME in bundle and "image/svg+xml" in bundle:
                found[f"{EXHIBITS}/{label}.svg"] = bundle["image/svg+xml"]
    return found


def _write_trace(folder: Path, package: Package, rendition: Rendition, store: Store) -> None:
    """Write what leads from items to evidence and recommendations, if the data have such."""
    file = folder / TRACE

    def make() -> str:
        write_trace(folder, package, rendition.edition.countries)
        return file.read_text(encoding="utf-8") if file.is_file() else ""

    read = {name: path for name, path in tree(package.folder).items() if path.suffix in _READ_BY_TRACE}
    spoken = [path for one in chain(rendition.language) for path in catalogues(one, package.folder.parent)]
    said = digest({f"{number:03}": path for number, path in enumerate(spoken)})
    made_of = [digest(read), said, package.language, language(), rendition.edition.countries]
    if text := store.remembered("trace", made_of, make):
        _write(file, text)


def _cell(value: Any) -> Any:
    """Return a value as a table's reader expects it: nothing for a missing one, no ".0" on whole numbers."""
    if value is None:
        return ""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _config(paper: Paper, manuscript: Manuscript, *, has_facts: bool) -> dict[str, Any]:
    rendition = manuscript.rendition
    config = copy.deepcopy(paper.settings.values)
    # What hangs on the edition has been resolved.
    for key in ("profile", "edition"):
        config.pop(key, None)
    project = config.setdefault("project", {})
    for hook in ("pre-render", "post-render"):
        project.pop(hook, None)
    project |= {"type": "book", "output-dir": OUTPUT, "resources": [EXHIBITS]}
    said = titles(paper, rendition)
    word = words(rendition.language)
    day = str(paper.book["date"])
    # The site is one for all renditions: an engine that knows its address would write a map of one alone.
    config["book"].pop("site-url", None)
    config["book"].pop("appendices", None)
    config["lang"] = rendition.language
    config["bibliography"] = paper.bibliography
    config["book"] |= {
        "title": said.paper,
        **{
            key: text
            for key, text in (("subtitle", said.subtitle), ("description", said.description))
            if text
        },
        "chapters": [chapter for chapter in manuscript.chapters if chapter not in manuscript.appendices],
        **({"appendices": list(manuscript.appendices)} if manuscript.appendices else {}),
        "date": day,
        "output-file": output_name(paper, rendition),
    }
    # The facts are there only after Quarto's shortcodes.
    config["filters"] = [FILTERS[0], {"path": FILTERS[1], "at": "post-quarto"}]
    config["corridor"] = {
        **{key: value for key, value in paper.corridor.items() if key not in ("edition", "licence")},
        "edition": said.edition,
        "slug": rendition.edition.slug,
        "publisher": _publisher(said.publisher),
        "date": day,
        "date-long": long_date(day, rendition.language),
        "labels": {key: word[key] for key in ("appendices", "contents", "figures", "tables", "version")},
    }
    theme = {"light": ["cosmo", *STYLES], "dark": ["darkly", *STYLES]}
    # Tables come as finished HTML.
    html: dict[str, Any] = {"theme": theme, "html-table-processing": "none"}
    if has_facts:
        project["resources"] += [FACTS]
        html["include-after-body"] = [{"text": _FACTS_SCRIPT}]
    typst = {"template-partials": [f"typst/{name}" for name in TYPST], "font-paths": ["fonts"]}
    formats = _mapping(config.get("format"))
    config["format"] = {
        "html": {**_mapping(formats.get("html")), **html},
        "typst": {**_mapping(formats.get("typst")), **typst},
    }
    return config


def _publisher(publisher: Publisher) -> dict[str, Any]:
    """Return a publisher as settings, without what is not given; its logo lies at the project's root."""
    given = {key: text for key, text in asdict(publisher).items() if text}
    if accent := given.pop("accent", None):
        given["colours"] = {"accent": legible(accent, LIGHT)}
    if publisher.logo:
        given["logo"] = _logo(publisher)
    return given


def _logo(publisher: Publisher) -> str:
    return f"logo{Path(publisher.logo).suffix.lower()}"


def _mapping(value: Any) -> dict[str, Any]:
    """Return a format's settings; Quarto also allows the bare words ``html`` and ``default``."""
    return value if isinstance(value, dict) else {}


def _yaml(values: dict[str, Any]) -> str:
    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=110)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
