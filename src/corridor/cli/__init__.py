"""The command line: parse, call, print."""

from __future__ import annotations

from pathlib import Path

import click

from corridor import __version__
from corridor.cli.edition import edition
from corridor.cli.init import init
from corridor.cli.options import (
    all_option,
    cache_option,
    edition_option,
    editions_option,
    end_with,
    engine_option,
    language_option,
    languages_option,
    open_paper_at,
    open_rendition,
    open_renditions,
    quiet_option,
    root_option,
    verbose_option,
    with_faults,
)
from corridor.cli.translate import translate


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
@click.option("--jobs", type=click.IntRange(1), help="How many steps at the same time. [default: the cores]")
@click.option("--scheduler", help="Run the steps on the Dask cluster with this scheduler: tcp://host:port.")
@click.option(
    "--limit",
    type=click.FloatRange(0, min_open=True),
    default=900,
    show_default=True,
    help="Seconds that a step may take.",
)
@click.option("--explain", is_flag=True, help="Say of each step why it runs or why not.")
@click.option("--log", type=click.Path(path_type=Path, dir_okay=False), help="Write a log of JSON lines.")
@cache_option
@editions_option
@languages_option
@all_option
@engine_option
@root_option
@quiet_option
@verbose_option
@with_faults
def build(
    formats: tuple[str, ...],
    jobs: int | None,
    scheduler: str | None,
    limit: float,
    explain: bool,
    log: Path | None,
    cache: str | None,
    named: tuple[str, ...],
    language: str | None,
    everything: bool,
    engine: str,
    root: Path | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Build the site and the PDFs."""
    import os

    from corridor.build import build as build_renditions
    from corridor.build import open_store
    from corridor.progress import Progress
    from corridor.workers import open_workers

    progress = Progress(quiet=quiet, verbose=verbose, explaining=explain, log=log)
    paper, renditions, faults = open_renditions(root, named, language, everything=everything)
    wanted = [name for name in ("html", "pdf") if name in (formats or ("html", "pdf"))]
    with open_workers(jobs or len(os.sched_getaffinity(0)), scheduler, limit) as workers:
        built = build_renditions(
            paper,
            renditions,
            wanted,
            engine,
            progress,
            store=open_store(paper, cache),
            workers=workers,
        )
    if any(not one.faults for one in built):
        progress.say(f"site  {paper.site / 'index.html'}")
    for one in built:
        if one.pdf and not one.faults:
            progress.say(f"PDF   {one.pdf}")
    told = [fault for one in built for fault in one.faults]
    if faults or told:
        end_with([*told, *faults], told)


@main.command()
@editions_option
@languages_option
@all_option
@cache_option
@root_option
@quiet_option
@verbose_option
@with_faults
def check(
    named: tuple[str, ...],
    language: str | None,
    everything: bool,
    cache: str | None,
    root: Path | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Check data, notebooks, chapters and every number in them; nothing is rendered."""
    from corridor.build import open_store
    from corridor.check import check as find_faults
    from corridor.check import check_sources
    from corridor.check.notes import notes
    from corridor.progress import Progress

    progress = Progress(quiet=quiet, verbose=verbose)
    paper, renditions, faults = open_renditions(root, named, language, everything=everything)
    store = open_store(paper, cache)
    shared = check_sources(paper, store)
    faults += shared.faults
    sound = []
    for rendition in renditions:
        found = find_faults(paper, rendition, shared, progress, store)
        faults += found
        if not found and not shared.faults:
            sound.append(rendition)
    for rendition in sound if not quiet else ():
        for line in notes(paper, rendition, shared, progress, store).lines(everything=verbose):
            click.echo(line)
        click.echo(f"{rendition}: no faults")
    if faults:
        end_with(faults)


@main.command()
@click.argument("pattern", default="")
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of lines.")
@click.option("--unused", is_flag=True, help="Only facts that the text does not use.")
@click.option("--unexhibited", is_flag=True, help="Only facts that no exhibit holds.")
@edition_option
@language_option
@cache_option
@root_option
@with_faults
def facts(
    pattern: str,
    as_json: bool,
    unused: bool,
    unexhibited: bool,
    edition: str | None,
    language: str | None,
    cache: str | None,
    root: Path | None,
) -> None:
    """List the facts: value, sources, notebook and cell, and where the text uses them.

    PATTERN is a part of the key, or the whole key with * and ?.
    """
    import json

    from corridor.build import open_store
    from corridor.check import check_edition, check_sources
    from corridor.check.readings import readings
    from corridor.compose import compose
    from corridor.compute.results import compute
    from corridor.errors import raise_any
    from corridor.progress import Progress
    from corridor.stage.variables import shown
    from corridor.usage import as_record, listed, matching, uses

    paper, rendition = open_rendition(root, edition, language)
    store = open_store(paper, cache)
    shared = check_sources(paper, store)
    if not shared.computable or shared.package is None:
        raise_any(shared.faults)
    assert shared.package is not None
    raise_any(check_edition(paper, rendition.edition, shared))
    manuscript = compose(paper, rendition, shared.package)
    results = compute(paper, rendition, store, Progress(quiet=True))
    read = readings(manuscript, store)
    bound = [(chapter, claim) for chapter in read for claim in read[chapter].claims if claim.condition]
    found = matching(uses(results, shown(manuscript.markdown), bound), pattern)
    found = [use for use in found if not (unused and use.text) and not (unexhibited and use.exhibits)]
    spoken = rendition.language
    if as_json:
        click.echo(json.dumps([as_record(use, spoken) for use in found], ensure_ascii=False, indent=1))
    else:
        for use in found:
            click.echo(listed(use, spoken))
        click.echo(f"{len(found)} of {len(results.facts)} facts", err=True)


@main.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=4200, show_default=True, help="0 takes a free one."
)
@edition_option
@language_option
@engine_option
@cache_option
@root_option
@quiet_option
@verbose_option
@with_faults
def preview(
    port: int,
    edition: str | None,
    language: str | None,
    engine: str,
    cache: str | None,
    root: Path | None,
    quiet: bool,
    verbose: bool,
) -> None:
    """Serve the site on this machine, rebuild it on every change and reload the page."""
    from corridor.preview import serve
    from corridor.progress import Progress

    paper, rendition = open_rendition(root, edition, language)
    which = rendition.edition.slug, rendition.language
    serve(paper.root, which, port, engine, cache, Progress(quiet=quiet, verbose=verbose))


@main.command()
def doctor() -> None:
    """Say which engines and versions are here."""
    from corridor.doctor import report

    for line in report():
        click.echo(line)


@main.command()
@cache_option
@root_option
@quiet_option
@with_faults
def compute(cache: str | None, root: Path | None, quiet: bool) -> None:
    """Put results into the notebooks, for "quarto render" at the root (its pre-render step)."""
    from corridor.build import open_store
    from corridor.inplace import compute as compute_in_place
    from corridor.progress import Progress

    paper, rendition = open_rendition(root, None, None)
    compute_in_place(paper, rendition, open_store(paper, cache), Progress(quiet=quiet))


@main.command()
@root_option
@with_faults
def strip(root: Path | None) -> None:
    """Take results out of the notebooks again (the post-render step of "quarto render")."""
    from corridor.inplace import strip as strip_in_place

    strip_in_place(open_paper_at(root))


main.add_command(translate)
main.add_command(edition)
main.add_command(init)
