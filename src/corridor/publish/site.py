"""The site folder, made anew from what was rendered; the old one is kept until the new one is whole."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path

from corridor.errors import PaperError
from corridor.files import replacing
from corridor.paper import Paper
from corridor.publish.basemap import Target, map_svg
from corridor.publish.feed import feed, read_releases
from corridor.publish.matrix import EditionState, matrix_page
from corridor.publish.pages import FEED, HUB, MATRIX, MISSING, SITEMAP, hub_page, missing_page
from corridor.publish.rendered import Published
from corridor.publish.sitemap import sitemap
from corridor.publish.switches import filled, in_editions, links, switch
from corridor.render.embedded.html import redirect, write_assets

BASEMAP = "basemap.geojson"
"""File of the paper's data with the shapes of countries, by the property ``code``."""

_CHANGELOG = "CHANGELOG.md"

_ADDRESS = re.compile(r"https?://[\w.-]*\w(?::\d+)?(?:/[^\s?#\"'<>\\]*)?")


def publish(
    paper: Paper, renditions: Sequence[Published], states: Sequence[EditionState] | None = None
) -> list[str]:
    """Make the site of all renditions.

    Parameters
    ----------
    paper
        The paper.
    renditions
        What was rendered, of all editions; at least one.
    states
        The rows of ``editions.html``, for languages that are not rendered too; by default what is known of
        the renditions.

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
    rows = [*map(state, renditions)] if states is None else states
    releases = _releases(paper) if address else []
    with replacing(paper.site) as site:
        _write_assets(site / "assets")
        for one in renditions:
            _write_rendition(site / one.path, one, renditions, address)
        has_feed = bool(releases)
        if len(renditions) > 1:

            def drawing(label: str) -> str | None:
                return _map(paper, default, renditions, label)

            hub = hub_page(default, renditions, drawing, has_feed=has_feed)
        else:
            hub = redirect(f"{default.path}/index.html", default.title, default.language)
        _write(site / HUB, hub)
        style = default.imprint.style
        matrix = matrix_page(rows, title=default.title, language=default.language, style=style)
        _write(site / MATRIX, matrix)
        _write(site / MISSING, missing_page(default, renditions, address))
        if address:
            _write(site / SITEMAP, sitemap(renditions, address, [HUB, MATRIX]))
        if address and releases:
            author = default.imprint.name or _author(paper)
            name = str(paper.corridor.get("name") or "paper")
            language = default.language
            text = feed(
                releases, title=default.title, author=author, name=name, language=language, address=address
            )
            _write(site / FEED, text)
    if not address:
        return ["no sitemap, feed and canonical links: _quarto.yml has no site-url under book"]
    return [] if releases else [f"no feed: {_CHANGELOG} has no release with a day"]


def site_address(paper: Paper) -> str | None:
    """Return where the site will be, with a slash at its end; ``None`` where the paper does not say.

    Raises
    ------
    PaperError
        If it is no address of the web.
    """
    address = paper.book.get("site-url")
    if address is None:
        return None
    if not _ADDRESS.fullmatch(str(address)):
        what = f'the site-url "{address}" is no address of the web'
        begun = str(address).startswith(("https://", "http://"))
        mend = "write one such as https://example.org/paper/" if begun else 'begin it with "https://"'
        raise PaperError(paper.settings.fault("book", "site-url", what=what, mend=mend))
    return str(address).rstrip("/") + "/"


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


def _write_rendition(
    folder: Path, one: Published, renditions: Sequence[Published], address: str | None
) -> None:
    shutil.copytree(one.folder, folder)
    folder.chmod(0o755)  # it was rendered in a folder that only its owner can read
    for page in one.pages:
        text = (one.folder / page).read_text(encoding="utf-8")
        head = links(one, page, renditions, address)
        _write(folder / page, filled(text, head, switch(one, page, renditions)))


def _write_assets(folder: Path) -> None:
    write_assets(folder)
    with as_file(files("corridor") / "publish" / "assets") as own:
        shutil.copytree(own, folder, dirs_exist_ok=True)


def _map(paper: Paper, default: Published, renditions: Sequence[Published], label: str) -> str | None:
    file = paper.data / BASEMAP
    if not file.is_file():
        return None
    features = json.loads(file.read_text(encoding="utf-8"))["features"]
    covered = {code for one in renditions for code in one.rendition.edition.countries}
    targets = {}
    for one in in_editions(default, renditions):
        if len(one.rendition.edition.countries) == 1:
            target = Target(href=f"{one.path}/index.html", title=one.edition)
            targets.setdefault(one.rendition.edition.countries[0], target)
    return map_svg(features, covered, targets, label)


def _releases(paper: Paper) -> list:
    file = paper.root / _CHANGELOG
    return read_releases(file.read_text(encoding="utf-8")) if file.is_file() else []


def _author(paper: Paper) -> str:
    author = paper.book["author"]
    return ", ".join(author) if isinstance(author, list) else author


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
