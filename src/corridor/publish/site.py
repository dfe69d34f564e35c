"""The site folder: what has changed is made beside it, and takes the old one's place when all is whole."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import TypedDict

from corridor import tools
from corridor.files import hashed, marks, restore, share, write_text
from corridor.paper import Paper, site_address
from corridor.publish.basemap import Target, map_svg
from corridor.publish.feed import Release, feed, read_releases
from corridor.publish.folders import exchange, replace
from corridor.publish.matrix import EditionState, matrix_page
from corridor.publish.pages import FEED, HUB, MATRIX, MISSING, SITEMAP, hub_page, missing_page
from corridor.publish.rendered import Published
from corridor.publish.sitemap import sitemap
from corridor.publish.switches import Renditions, filled, links, switch
from corridor.render.embedded.html import redirect, write_assets
from corridor.store import Store

BASEMAP = "basemap.geojson"
"""File of the paper's data with the shapes of countries, by the property ``code``."""

_CHANGELOG = "CHANGELOG.md"
_RECORD = "published.json"


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A folder of the site: its name, what it hangs on, and what makes it."""

    name: str
    key: str
    make: Callable[[Path], None]


def publish(
    paper: Paper, renditions: Sequence[Published], states: Sequence[EditionState], store: Store
) -> list[str]:
    """Make the site of all renditions.

    A rendition whose pages are right already stays as it is. The others take their places one by one when
    all are whole: where that is cut short, each is the old one or the new.

    Parameters
    ----------
    paper
        The paper.
    renditions
        What was rendered, of all editions; at least one.
    states
        The rows of ``editions.html``, for languages that are not rendered too.
    store
        Where the texts of the feed and the map are kept.

    Returns
    -------
    list of str
        What the site does without, and why, each a sentence.

    Raises
    ------
    PaperError
        If ``book: site-url`` is no address of the web. The site stays as it was.
    """
    address = site_address(paper)
    default = _default(paper, renditions)
    every = Renditions(renditions)
    parts = [_assets(), *(_part(one, every, address) for one in renditions)]
    last = _last(paper)
    kept: dict[str, _Kept] = {}
    with _beside(paper.site) as fresh:
        for part in parts:
            folder = paper.site / part.name
            there = marks(folder) if folder.is_dir() else None
            was = last.get(part.name)
            if there and was and [was["key"], was["marks"]] == [part.key, hashed(there)]:
                kept[part.name] = was
            else:
                part.make(fresh / part.name)
                now = hashed(marks(fresh / part.name))
                kept[part.name] = {"key": part.key, "marks": now, "counts": None}

        def drawing(label: str) -> str | None:
            return _map(paper, default, every, label, store)

        def counted(one: Published) -> dict[str, int]:
            known = kept[one.path]
            known["counts"] = known["counts"] or one.counts
            return known["counts"]

        releases = _releases(paper) if address else []
        if len(renditions) > 1:
            # The default edition goes first.
            ordered = Renditions(sorted(renditions, key=lambda one: one.slug != default.slug))
            hub = hub_page(default, ordered, drawing, counted, has_feed=bool(releases))
        else:
            ordered = every
            hub = redirect(f"{default.path}/index.html", default.title, default.language)
        _write(fresh / HUB, hub)
        style = default.imprint.style
        matrix = matrix_page(states, title=default.title, language=default.language, style=style)
        _write(fresh / MATRIX, matrix)
        _write(fresh / MISSING, missing_page(default, ordered, address))
        if address:
            _write(fresh / SITEMAP, sitemap(every, address, [HUB, MATRIX]))
        if address and releases:
            author = default.imprint.name or _author(paper)
            name = str(paper.corridor.get("name") or "paper")
            language = default.language
            text = feed(
                releases,
                title=default.title,
                author=author,
                name=name,
                language=language,
                address=address,
                store=store,
            )
            _write(fresh / FEED, text)
        exchange(fresh, paper.site, [part.name for part in parts])
    write_text(paper.build / _RECORD, json.dumps(kept, separators=(",", ":")) + "\n")
    if not address:
        return ["no sitemap, feed and canonical links: _quarto.yml has no site-url under book"]
    return [] if releases else [f"no feed: {_CHANGELOG} has no release with a day"]


def publish_pages(paper: Paper, renditions: Sequence[Published], every: Sequence[Published]) -> None:
    """Put the pages of renditions into the site that is there; all else stays as `publish` has left it.

    Parameters
    ----------
    paper
        The paper.
    renditions
        Those whose pages are others now.
    every
        All that the site has, for the links between them.
    """
    address = site_address(paper)
    with _beside(paper.site) as fresh:
        for part in (_part(one, Renditions(every), address) for one in renditions):
            part.make(fresh / part.name)
        replace(fresh, paper.site, [one.path for one in renditions])


class _Kept(TypedDict):
    """What is kept of a folder of the site."""

    key: str
    marks: str
    counts: dict[str, int] | None


def _last(paper: Paper) -> dict[str, _Kept]:
    """Return what is kept of each folder of the last site, by its name."""
    try:
        found = json.loads((paper.build / _RECORD).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}  # none yet, or damaged: everything is made again
    return found if isinstance(found, dict) else {}


@contextmanager
def _beside(site: Path) -> Generator[Path]:
    """Yield an empty folder beside the site, and remove it in the end with what is left in it."""
    restore(site)  # a build that was killed may have left one
    fresh = Path(tempfile.mkdtemp(prefix=f".{site.name}.new-", dir=site.parent))
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def state(one: Published) -> EditionState:
    """Return what a rendition itself tells of its state."""
    return EditionState(
        slug=one.slug,
        title=one.rendition.edition.title,
        countries=one.rendition.edition.countries,
        language=one.language,
        version=one.version,
        date=one.date,
        pdf=f"{one.path}/{one.pdf}" if one.pdf_size else "",
        url=f"{one.path}/index.html",
    )


def _default(paper: Paper, renditions: Sequence[Published]) -> Published:
    """Return the rendition that stands for the paper: of the default edition in its default language."""
    slug = paper.corridor.get("edition")
    own = [one for one in renditions if one.slug == slug] or renditions
    return min(own, key=lambda one: one.rendition.edition.languages.index(one.language))


def _part(one: Published, renditions: Renditions, address: str | None) -> _Part:
    made_of = [tools.signature(), renditions.around(one), address, one.marks]

    def make(folder: Path) -> None:
        share((name for name in one.marks if name not in one.pages), one.folder, folder)
        for page in one.pages:
            text = (one.folder / page).read_text(encoding="utf-8")
            head = links(one, page, renditions, address)
            (folder / page).parent.mkdir(parents=True, exist_ok=True)
            _write(folder / page, filled(text, head, switch(one, page, renditions)))

    return _Part(name=one.path, key=hashed(made_of), make=make)


def _assets() -> _Part:
    def make(folder: Path) -> None:
        write_assets(folder)
        with as_file(files("corridor") / "publish" / "assets") as own:
            shutil.copytree(own, folder, dirs_exist_ok=True)

    return _Part(name="assets", key=tools.signature(), make=make)


def _map(paper: Paper, default: Published, renditions: Renditions, label: str, store: Store) -> str | None:
    file = paper.data / BASEMAP
    if not file.is_file():
        return None
    text = file.read_text(encoding="utf-8")
    covered = sorted({code for one in renditions.every for code in one.rendition.edition.countries})
    targets = {}
    for one in renditions.in_editions(default.language):
        if len(one.rendition.edition.countries) == 1:
            target = Target(href=f"{one.path}/index.html", title=one.edition)
            targets.setdefault(one.rendition.edition.countries[0], target)
    made_of = [text, covered, {code: asdict(one) for code, one in targets.items()}, label]

    def drawn() -> list[str | None]:
        return [map_svg(json.loads(text)["features"], covered, targets, label)]

    [drawing] = store.remembered("map", made_of, drawn)
    return drawing


def _releases(paper: Paper) -> list[Release]:
    file = paper.root / _CHANGELOG
    return read_releases(file.read_text(encoding="utf-8")) if file.is_file() else []


def _author(paper: Paper) -> str:
    author = paper.book["author"]
    return ", ".join(author) if isinstance(author, list) else author


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
