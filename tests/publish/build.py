"""A site of two editions in two languages, staged by hand from the small paper and really rendered."""

import json
import shutil
from pathlib import Path
from typing import Any

import yaml

from corridor.edition import Book, Edition, Rendition
from corridor.paper import Paper, open_paper
from corridor.publish import Published, open_rendered, publish
from corridor.publish.site import state
from corridor.render.engine import EmbeddedEngine
from corridor.stage import open_project
from corridor.store import Store
from facts_paper import METHOD, TRADE, small_facts, stage_facts

ADDRESS = "https://example.org/papers/small/"

CHANGELOG = """# Changelog

## 0.3.0

- Not yet.

## 0.2.0 – 2024-05-01

- Signs such as < and *stars*.

## 0.1.0 (2024-01-31)

- The first.
"""

LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10" width="30" height="10">'
    '<rect width="30" height="10" fill="#336699"/></svg>'
)

PUBLISHER = {
    "name": "House & Sons",
    "address": "1 Street, Town",
    "contact": "office@example.org",
    "licence": "CC BY 4.0",
    "logo": "logo.svg",
    "colours": {"accent": "#e8c020"},
}

WORDS = "\n".join(["Words that fill the page.\n"] * 40)
EXTRA = f"# Extra {{#sec-extra}}\n\n{WORDS}\n## Part {{#sec-part}}\n\n{WORDS}"

REGION = ("region", "Two Lands", "Две страны", ("KAZ", "KGZ"))
KAZ = ("kaz", "Kazakhstan", "Казахстан", ("KAZ",))


def square(code: str, west: float, south: float, size: float) -> dict[str, Any]:
    """Return a GeoJSON feature."""
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "MultiPolygon", "coordinates": [[ring]]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}


BASEMAP = [square("KAZ", 60, 42, 8), square("KGZ", 68, 42, 4), square("CHN", 72, 36, 20)]


def small_paper(built: Path, root: Path, *, address: str | None = ADDRESS) -> Paper:
    """Return the small paper with a base map and a changelog, which is published at an address."""
    for name in ("_quarto.yml", "references.bib"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(built / name, root / name)
    for name in ("index.qmd", "references.qmd", "chapters", "data", "editions"):
        source = built / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, root / name)
    text = (root / "_quarto.yml").read_text(encoding="utf-8")
    if address:
        text = text.replace("book:\n", f"book:\n  site-url: {address}\n")
    (root / "_quarto.yml").write_text(text, encoding="utf-8")
    collection = {"type": "FeatureCollection", "features": BASEMAP}
    (root / "data" / "basemap.geojson").write_text(json.dumps(collection), encoding="utf-8")
    (root / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    return open_paper(root)


def render_all(built: Path, paper: Paper) -> list[Published]:
    """Return both editions in English and Russian, rendered below the paper's build folder.

    Only the region has the chapter "extra", only its English rendition a PDF.
    """
    texts = {"chapters/trade.qmd": f"{TRADE}\n{WORDS}", "chapters/method.qmd": METHOD}
    stage_facts(built, paper.build / "base", small_facts(), texts)
    found = []
    for slug, english, russian, countries in (REGION, KAZ):
        edition = Edition(
            slug=slug,
            title=english,
            book=Book(title="A small paper"),
            countries=countries,
            partner="CHN",
            first_year=2019,
            last_year=2021,
            languages=("en", "ru"),
        )
        for language, title in (("en", english), ("ru", russian)):
            rendition = Rendition(edition=edition, language=language)
            staged = paper.build / rendition.path
            shutil.copytree(paper.build / "base", staged)
            config = yaml.safe_load((staged / "_quarto.yml").read_text(encoding="utf-8"))
            config["lang"] = language
            config["book"] |= {"title": f"Paper: {title}", "description": f"About {title}."}
            config["book"]["output-file"] = f"small-{slug}-{language}"
            config["corridor"] |= {"edition": title, "publisher": PUBLISHER}
            (staged / "logo.svg").write_text(LOGO, encoding="utf-8")
            if slug == "region":
                config["book"]["chapters"].insert(3, "chapters/extra.qmd")
                (staged / "chapters" / "extra.qmd").write_text(EXTRA, encoding="utf-8")
            (staged / "_quarto.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
            formats = ["html", "pdf"] if (slug, language) == ("region", "en") else ["html"]
            folder = paper.build / slug / f"{language}-rendered"
            folder.mkdir()
            EmbeddedEngine().render(
                open_project(staged),
                formats,
                folder,
                has_pdf="pdf" in formats,
                draft=False,
                store=Store(paper.build / "store"),
            )
            found.append(open_rendered(paper, rendition, folder))
    return found


def published(paper: Paper, renditions: list[Published]) -> list[str]:
    """Publish renditions, of whose state is known what they tell themselves."""
    return publish(paper, renditions, [*map(state, renditions)], Store(paper.build / "store"))
