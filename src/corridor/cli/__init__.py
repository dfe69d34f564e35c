"""The command line: parse, call, print."""

from __future__ import annotations

from pathlib import Path

import click

from corridor import __version__
from corridor.cli.options import (
    engine_option,
    open_rendition,
    quiet_option,
    root_option,
    verbose_option,
    with_faults,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="corridor")
def main() -> None:
    """Rebuild a policy paper from its data, as a web site and a PDF."""


@main.command()
@click.option(
    "--format",
    "formats",
    type=click.Choice(["html", "pdf"]),
    multiple=True,
    help="Build only this. [default: both]",
)
@engine_option
@root_option
@quiet_option
@verbose_option
@with_faults
def build(formats: tuple[str, ...], engine: str, root: Path | None, quiet: bool, verbose: bool) -> None:
    """Build the site and the PDF."""
    from corridor.build import build as build_rendition
    from corridor.progress import Progress

    progress = Progress(quiet=quiet, verbose=verbose)
    paper, rendition = open_rendition(root)
    wanted = [name for name in ("html", "pdf") if name in (formats or ("html", "pdf"))]
    built = build_rendition(paper, rendition, wanted, engine, progress)
    if progress.steps:
        total = sum(took for _, took in progress.steps)
        progress.say(f"{'all steps':<44} {total:6.1f} s")
    progress.say(f"site  {paper.site / 'index.html'}")
    if built.pdf:
        progress.say(f"PDF   {built.pdf}")


@main.command()
@root_option
@quiet_option
@verbose_option
@with_faults
def check(root: Path | None, quiet: bool, verbose: bool) -> None:
    """Check data, notebooks, chapters and every number in them; nothing is rendered."""
    from corridor.check import check as find_faults
    from corridor.check.notes import notes
    from corridor.errors import raise_any
    from corridor.progress import Progress

    paper, rendition = open_rendition(root)
    raise_any(find_faults(paper, rendition, Progress(quiet=quiet, verbose=verbose)))
    if not quiet:
        for line in notes(paper, rendition).lines(everything=verbose):
            click.echo(line)
        click.echo(f"{rendition}: no faults")


@main.command()
@click.argument("pattern", default="")
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of lines.")
@click.option("--unused", is_flag=True, help="Only facts that the text does not use.")
@click.option("--unexhibited", is_flag=True, help="Only facts that no exhibit holds.")
@root_option
@with_faults
def facts(pattern: str, as_json: bool, unused: bool, unexhibited: bool, root: Path | None) -> None:
    """List the facts: value, sources, notebook and cell, and where the text uses them.

    PATTERN is a part of the key, or the whole key with * and ?.
    """
    import json

    from corridor.check import check_inputs
    from corridor.check.facts import claims
    from corridor.compute.results import compute
    from corridor.errors import raise_any
    from corridor.progress import Progress
    from corridor.stage.variables import shown
    from corridor.usage import as_record, listed, matching, uses

    paper, rendition = open_rendition(root)
    inputs = check_inputs(paper, rendition)
    if not inputs.computable:
        raise_any(inputs.faults)
    results = compute(paper, rendition, Progress(quiet=True))
    bound = [(chapter, claim) for chapter, claim in claims(paper) if claim.condition]
    found = matching(uses(results, shown(paper), bound), pattern)
    found = [use for use in found if not (unused and use.text) and not (unexhibited and use.exhibits)]
    language = rendition.language
    if as_json:
        click.echo(json.dumps([as_record(use, language) for use in found], ensure_ascii=False, indent=1))
    else:
        for use in found:
            click.echo(listed(use, language))
        click.echo(f"{len(found)} of {len(results.facts)} facts", err=True)


@main.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4200, show_default=True, help="0 takes a free one."
)
@engine_option
@root_option
@quiet_option
@verbose_option
@with_faults
def preview(port: int, engine: str, root: Path | None, quiet: bool, verbose: bool) -> None:
    """Serve the site on this machine, rebuild it on every change and reload the page."""
    from corridor.preview import serve
    from corridor.progress import Progress

    paper, _ = open_rendition(root)
    serve(paper.root, port, engine, Progress(quiet=quiet, verbose=verbose))


@main.command()
def doctor() -> None:
    """Say which engines and versions are here."""
    from corridor.doctor import report

    for line in report():
        click.echo(line)


@main.command()
@root_option
@quiet_option
@with_faults
def compute(root: Path | None, quiet: bool) -> None:
    """Put results into the notebooks, for "quarto render" at the root (its pre-render step)."""
    from corridor.inplace import compute as compute_in_place
    from corridor.progress import Progress

    compute_in_place(*open_rendition(root), Progress(quiet=quiet))


@main.command()
@root_option
@with_faults
def strip(root: Path | None) -> None:
    """Take results out of the notebooks again (the post-render step of "quarto render")."""
    from corridor.inplace import strip as strip_in_place

    paper, _ = open_rendition(root)
    strip_in_place(paper)
