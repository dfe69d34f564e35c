"""What commands share: their options, how they open the paper, how faults are told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from corridor.edition import Rendition
    from corridor.errors import Fault
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
            end_with(error.faults)

    return run


def end_with(faults: Iterable[Fault], told: Iterable[Fault] = ()) -> NoReturn:
    """Print faults, each once, but not those told already, and end with exit code 1."""
    found = list(dict.fromkeys(faults))
    for fault in found:
        if fault not in told:
            click.echo(str(fault), err=True)
    click.echo(f"{len(found)} fault{'s' if len(found) > 1 else ''} in the paper", err=True)
    sys.exit(FAULTS)


def open_paper_at(root: Path | None) -> Paper:
    from corridor.paper import find_root, open_paper

    return open_paper(find_root(root or Path.cwd()))


def open_rendition(root: Path | None, edition: str | None, language: str | None) -> tuple[Paper, Rendition]:
    """Open the one rendition that options name; by default the default edition in its first language."""
    paper = open_paper_at(root)
    return paper, _renditions(paper, edition, language)[0]


def open_renditions(
    root: Path | None, named: tuple[str, ...], language: str | None, *, everything: bool
) -> tuple[Paper, list[Rendition], list[Fault]]:
    """Open the renditions that options name, and tell the faults of editions that cannot be opened."""
    from corridor.build import all_renditions
    from corridor.errors import PaperError

    paper = open_paper_at(root)
    if everything:
        found, faults = all_renditions(paper)
        return paper, [one for one in found if language in (None, one.language)], faults
    renditions: list[Rendition] = []
    faults: list[Fault] = []
    for edition in named or (None,):
        try:
            renditions += _renditions(paper, edition, language)
        except PaperError as error:
            faults += error.faults
    return paper, renditions, faults


def _renditions(paper: Paper, named: str | None, language: str | None) -> list[Rendition]:
    from corridor.edition import Rendition, default_edition, editions, open_edition
    from corridor.errors import Fault, PaperError
    from corridor.nearest import nearest

    if named is None:
        edition = default_edition(paper)
    elif named in (known := editions(paper)):
        edition = open_edition(paper, named)
    else:
        otherwise = f"the editions are {', '.join(known)}" if known else "write one"
        what = f'there is no edition "{named}"'
        raise PaperError(Fault(file="editions", what=what, mend=nearest(named, known, otherwise)))
    if language not in (None, *edition.languages):
        what = f'the edition "{edition.slug}" has no language "{language}"'
        mend = f"its languages are {', '.join(edition.languages)}"
        raise PaperError(Fault(file=edition.file, what=what, mend=mend))
    chosen = [language] if language else edition.languages
    return [Rendition(edition=edition, language=one) for one in chosen]


root_option = click.option(
    "--root", type=click.Path(path_type=Path, file_okay=False), help="Folder of the paper. [default: here]"
)
edition_option = click.option("--edition", help="The edition. [default: the one in _quarto.yml]")
editions_option = click.option(
    "--edition", "named", multiple=True, help="Only this edition. [default: the one in _quarto.yml]"
)
all_option = click.option("--all", "everything", is_flag=True, help="All editions in all languages.")
language_option = click.option("--language", help="The language. [default: the edition's first]")
languages_option = click.option("--language", help="Only this language. [default: all of the edition]")
cache_option = click.option(
    "--cache",
    envvar="CORRIDOR_CACHE",
    help="Folder or fsspec address of the cache, also CORRIDOR_CACHE. [default: _build/store]",
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
