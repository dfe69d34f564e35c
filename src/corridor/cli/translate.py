"""``corridor translate``: catalogues for translators."""

from __future__ import annotations

from pathlib import Path

import click

from corridor.cli.options import quiet_option, root_option, with_faults


@click.group()
def translate() -> None:
    """Write and read the catalogues that translators work in."""


@translate.command()
@root_option
@quiet_option
@with_faults
def extract(root: Path | None, quiet: bool) -> None:
    """Write what there is to translate to locales/templates/."""
    from corridor.paper import find_root, open_paper
    from corridor.translate.update import write_templates

    paper = open_paper(find_root(root or Path.cwd()))
    _told(write_templates(paper), paper.root, quiet)


@translate.command()
@click.argument("languages", nargs=-1, metavar="[LANGUAGE]...")
@root_option
@quiet_option
@with_faults
def merge(languages: tuple[str, ...], root: Path | None, quiet: bool) -> None:
    """Bring the catalogues of languages up to the templates. [default: those there are]"""
    from corridor.paper import find_root, open_paper
    from corridor.translate.catalogues import languages as known
    from corridor.translate.update import merge as merge_catalogues

    paper = open_paper(find_root(root or Path.cwd()))
    _told(merge_catalogues(paper, languages or known(paper.root)), paper.root, quiet)


@translate.command()
@click.argument("languages", nargs=-1, metavar="[LANGUAGE]...")
@click.option("--stale", is_flag=True, help="List the translations whose English text has changed.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of a table.")
@root_option
@with_faults
def status(languages: tuple[str, ...], stale: bool, as_json: bool, root: Path | None) -> None:
    """Say what is translated, stale and missing. [default: all languages]"""
    import json
    from dataclasses import asdict

    from corridor.paper import find_root, open_paper
    from corridor.translate.catalogues import languages as known
    from corridor.translate.parity import staleness
    from corridor.translate.status import status as find

    paper = open_paper(find_root(root or Path.cwd()))
    wanted = languages or known(paper.root)
    states = find(paper, wanted)
    if stale:
        for fault in (fault for language in wanted for fault in staleness(paper.root, language)):
            click.echo(f"{fault.file}:{fault.line}: {fault.what}")
        return
    if as_json:
        click.echo(json.dumps([asdict(state) for state in states], ensure_ascii=False, indent=1))
        return
    click.echo(f"{'':<4}{'catalogue':<32}{'translated':>12}{'stale':>8}{'missing':>9}")
    for state in states:
        numbers = f"{state.translated:>12}{state.stale:>8}{state.missing:>9}"
        click.echo(f"{state.language:<4}{state.catalogue:<32}{numbers}")
    for language in wanted:
        own = [state for state in states if state.language == language]
        sums = [sum(getattr(state, part) for state in own) for part in ("translated", "stale", "missing")]
        click.echo(f"{language:<4}{'all':<32}{sums[0]:>12}{sums[1]:>8}{sums[2]:>9}")


@translate.command()
@click.argument("languages", nargs=-1, metavar="[LANGUAGE]...")
@root_option
@quiet_option
@with_faults
def check(languages: tuple[str, ...], root: Path | None, quiet: bool) -> None:
    """Check that translations keep facts, citations, marks and links. [default: all languages]"""
    from corridor.errors import raise_any
    from corridor.paper import find_root, open_paper
    from corridor.translate.catalogues import languages as known
    from corridor.translate.parity import check_parity

    paper = open_paper(find_root(root or Path.cwd()))
    raise_any(
        fault for language in languages or known(paper.root) for fault in check_parity(paper.root, language)
    )
    if not quiet:
        click.echo("no faults in the catalogues")


def _told(changed: list[Path], root: Path, quiet: bool) -> None:
    if not quiet:
        for path in changed:
            click.echo(path.relative_to(root).as_posix())
        click.echo(f"files changed: {len(changed)}")
