"""The stock way to the same: a loop of papermill commands with plain kernels, then Quarto where it is."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import yaml

from benchmarks.papers import removed
from benchmarks.processes import Command, corridor, program, seconds
from corridor.edition import Rendition, open_edition
from corridor.paper import Paper, open_paper


def quarto() -> str | None:
    """Return the version of the Quarto on PATH."""
    if shutil.which("quarto") is None:
        return None
    return subprocess.run(["quarto", "--version"], capture_output=True, text=True, check=True).stdout.strip()


def commands(root: Path, slug: str, work: Path) -> list[Command]:
    """Return what a shell script would run for an edition, one after the other.

    Parameters
    ----------
    root
        A copy of the paper.
    slug
        The edition, in all of its languages.
    work
        A folder for what the commands leave; what is in it is removed, as is what builds left in the paper.
    """
    removed(work, root / "_build", root / "site")
    work.mkdir(parents=True)
    paper = open_paper(root)
    edition = open_edition(paper, slug)
    found: list[Command] = []
    for language in edition.languages:
        rendition = Rendition(edition=edition, language=language)
        found += _notebooks(paper, rendition, work / language)
        if quarto():
            found.append(_rendering(root, rendition, work / f"{language}-staged"))
    removed(root / "_build")  # the notebooks find nothing that was made before
    return found


def _notebooks(paper: Paper, rendition: Rendition, folder: Path) -> Iterator[Command]:
    folder.mkdir()
    parameters = folder / "parameters.yml"
    parameters.write_text(yaml.safe_dump(rendition.edition.parameters(rendition.language)), encoding="utf-8")
    for name in paper.notebooks:
        executed = folder / Path(name).name
        yield Command(
            arguments=(
                *(program("papermill"), name, str(executed)),
                *("-f", str(parameters), "-k", "python3", "--cwd", str(paper.root)),
            ),
            folder=paper.root,
            environment={"IPYTHONDIR": str(folder / "ipython")},  # nobody's own start-up files
        )


def _rendering(root: Path, rendition: Rendition, folder: Path) -> Command:
    """Return the call of Quarto on the plain project that Corridor stages, for all of its formats."""
    staged = root / "_build" / rendition.path
    if not staged.is_dir():
        seconds([corridor(root, "build", "--quiet", "--edition", rendition.edition.slug, "--format", "html")])
    shutil.copytree(staged, folder)
    return Command(arguments=("quarto", "render"), folder=folder)
