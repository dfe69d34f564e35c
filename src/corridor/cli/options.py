"""What commands share: their options, how they open the paper, how faults are told."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from corridor.edition import Rendition
    from corridor.paper import Paper

FAULTS = 1


def with_faults(command: Callable[..., Any]) -> Callable[..., Any]:
    """Print the paper's faults instead of a traceback, and end with exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        from corridor.errors import PaperError

        try:
            return command(*args, **kwargs)
        except PaperError as error:
            for fault in error.faults:
                click.echo(str(fault), err=True)
            count = len(error.faults)
            click.echo(f"{count} fault{'s' if count > 1 else ''} in the paper", err=True)
            sys.exit(FAULTS)

    return run


def open_rendition(root: Path | None) -> tuple[Paper, Rendition]:
    from corridor.edition import Rendition, default_edition
    from corridor.paper import find_root, open_paper

    paper = open_paper(find_root(root or Path.cwd()))
    edition = default_edition(paper)
    return paper, Rendition(edition=edition, language=edition.languages[0])


root_option = click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False), help="Folder of the paper. [default: here]"
)
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Say nothing but faults.")
verbose_option = click.option("--verbose", "-v", is_flag=True, help="Say also what is reused.")
engine_option = click.option(
    "--engine",
    type=click.Choice(["auto", "quarto", "pandoc"]),
    default="auto",
    show_default=True,
    help="What renders the pages: a Quarto on PATH, or the embedded pandoc and Typst.",
)
