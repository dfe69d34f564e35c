"""The two engines behind one small interface."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from corridor.errors import Fault, PaperError
from corridor.store import Store

if TYPE_CHECKING:
    from corridor.stage import StagedProject

FORMATS = ("html", "pdf")
QUARTO, EMBEDDED = "quarto", "pandoc"

# From here on Quarto renders Typst books with a template of one's own.
LEAST_QUARTO = (1, 9)


class Engine(Protocol):
    """What renders a staged project."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str:
        """Everything about the engine that can change its output."""
        ...

    def render(
        self,
        project: StagedProject,
        formats: Collection[str],
        folder: Path,
        *,
        has_pdf: bool,
        draft: bool,
        store: Store,
    ) -> None:
        """Render a project.

        Parameters
        ----------
        project
            The staged project.
        formats
            Which of `FORMATS` to render.
        folder
            Where pages and PDF go.
        has_pdf
            Whether the pages can link a PDF, rendered now or before.
        draft
            Whether the pages may lack what makes no difference to their text.
        store
            What was rendered before, of this project or another.
        """
        ...


class QuartoEngine:
    """The real Quarto, where it is on PATH."""

    name = QUARTO

    def __init__(self, version: str) -> None:
        self.version = f"quarto {version}"

    def render(
        self,
        project: StagedProject,
        formats: Collection[str],
        folder: Path,
        *,
        has_pdf: bool,
        draft: bool,
        store: Store,
    ) -> None:
        del has_pdf, draft, store  # Quarto's own theme does not link the PDF
        for name in FORMATS:
            if name not in formats:
                continue
            target = "typst" if name == "pdf" else name
            done = subprocess.run(
                [QUARTO, "render", ".", "--to", target],
                cwd=project.root,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                message = [line for line in done.stderr.splitlines() if line.strip()][-8:]
                raise PaperError(
                    Fault(
                        file=project.root.name,
                        what=f"quarto could not render {name}: " + " / ".join(message),
                        mend=f'run "quarto render" in {project.root} to see all of it',
                    )
                )
            # Quarto empties its output on each render: what is there now is this format's.
            if name == "html":
                shutil.copytree(project.output, folder, dirs_exist_ok=True)
            else:
                shutil.copyfile(next(iter(sorted(project.output.rglob("*.pdf")))), folder / project.pdf)


class EmbeddedEngine:
    """Pandoc, Typst and Pagefind, each a wheel: needs nothing besides this package."""

    name = EMBEDDED

    @property
    def version(self) -> str:
        from importlib.metadata import version

        return " ".join(f"{name} {version(name)}" for name in ("pypandoc_binary", "typst", "pagefind_bin"))

    def render(
        self,
        project: StagedProject,
        formats: Collection[str],
        folder: Path,
        *,
        has_pdf: bool,
        draft: bool,
        store: Store,
    ) -> None:
        if "html" in formats:
            from corridor.render.embedded.html import write_site

            write_site(project, folder, store, has_pdf=has_pdf, has_search=not draft)
        if "pdf" in formats:
            from corridor.render.embedded.pdf import write_pdf

            write_pdf(project, folder / project.pdf, store)


def quarto_version() -> str | None:
    """Return the version of the Quarto on PATH, if there is one."""
    if shutil.which(QUARTO) is None:
        return None
    done = subprocess.run([QUARTO, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def choose(name: str) -> Engine:
    """Return the engine of a name; ``auto`` is Quarto where a recent enough one is on PATH.

    Raises
    ------
    PaperError
        If Quarto is asked for and not to be had.
    """
    if name == EMBEDDED:
        return EmbeddedEngine()
    version = quarto_version()
    numbers = tuple(map(int, re.findall(r"\d+", version or "")[:2]))
    if version and numbers >= LEAST_QUARTO:
        return QuartoEngine(version)
    if name == "auto":
        return EmbeddedEngine()
    least = ".".join(map(str, LEAST_QUARTO))
    raise PaperError(
        Fault(
            file="quarto",
            what=f"the Quarto on PATH is {version}" if version else "there is no Quarto on PATH",
            mend=f"install Quarto {least} or newer, or build with --engine pandoc",
        )
    )
