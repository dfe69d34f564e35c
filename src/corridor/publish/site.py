"""The site folder: each rendition in its place, the old one kept until the new one is whole."""

from __future__ import annotations

import shutil
from pathlib import Path

from corridor.edition import Rendition
from corridor.files import replacing, write_text
from corridor.paper import Paper
from corridor.render.embedded.html import redirect
from corridor.stage import pdf_name


def publish(paper: Paper, rendition: Rendition, rendered: Path) -> Path:
    """Put a rendition into the site.

    Parameters
    ----------
    paper, rendition
        What was rendered.
    rendered
        The folder with its pages and PDF. What it lacks of the last publication (the PDF, when only
        pages were rendered) stays.

    Returns
    -------
    Path
        The rendition's folder in the site.
    """
    folder = paper.site / rendition.path
    with replacing(folder) as fresh:
        shutil.copytree(rendered, fresh, dirs_exist_ok=True)
        fresh.chmod(0o755)  # it was rendered in a folder that only its owner can read
        if folder.exists():
            _keep(folder, fresh, pdf_name(paper, rendition))
    page = redirect(f"{rendition.path}/index.html", str(paper.book["title"]), rendition.language)
    write_text(paper.site / "index.html", page)
    return folder


def _keep(old: Path, fresh: Path, pdf: str) -> None:
    if not any(fresh.glob("*.html")):
        shutil.copytree(old, fresh, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.pdf"))
    if not (fresh / pdf).exists() and (old / pdf).exists():
        shutil.copyfile(old / pdf, fresh / pdf)
