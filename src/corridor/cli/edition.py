"""``corridor edition``: begin an edition, and see how all of them stand."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corridor.cli.options import FAULTS, end_with, open_paper_at, root_option, with_faults

if TYPE_CHECKING:
    from corridor.publish import EditionState

_WRONG_USAGE = 2


@click.group()
def edition() -> None:
    """Begin an edition; see how all editions stand."""


@edition.command()
@click.argument("slug")
@click.option("--countries", required=True, help="Codes of data/areas.csv, such as KAZ,KGZ.")
@click.option("--languages", default="en", show_default=True, help="Such as en,ru; the first is the default.")
@click.option("--title", help="What it is called. [default: the name of the country or group]")
@root_option
@with_faults
def new(slug: str, countries: str, languages: str, title: str | None, root: Path | None) -> None:
    """Write editions/SLUG.yml, with partner and years of the default edition."""
    from corridor.data import open_package
    from corridor.edition import default_edition
    from corridor.edition_file import FOLDER
    from corridor.errors import PaperError
    from corridor.files import write_text
    from corridor.scaffold.new_edition import new_edition

    paper = open_paper_at(root)
    like = default_edition(paper)
    package = open_package(paper.data)
    try:
        text = new_edition(paper, package, like, slug, _parted(countries), _parted(languages), title)
    except PaperError as error:  # in what was typed, not in the paper
        for fault in error.faults:
            click.echo(f"{fault.what}; {fault.mend}", err=True)
        sys.exit(_WRONG_USAGE)
    write_text(paper.root / FOLDER / f"{slug}.yml", text)
    click.echo(f"{FOLDER}/{slug}.yml is written: the paper for {', '.join(_parted(countries))}.")
    click.echo("Edit it if you like; then")
    click.echo(f"  corridor check --edition {slug}    says what the text needs")
    click.echo(f"  corridor build --edition {slug}    builds it, and puts it on the site beside the others")


@edition.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of lines.")
@root_option
@with_faults
def list_(as_json: bool, root: Path | None) -> None:
    """List the editions with their languages: built or not, what they lack, what is translated."""
    import json
    from dataclasses import asdict

    from corridor.build import freshness, open_store
    from corridor.edition import Rendition, open_editions
    from corridor.states import states

    paper = open_paper_at(root)
    opened, faults = open_editions(paper)
    renditions = [Rendition(edition=one, language=language) for one in opened for language in one.languages]
    store = open_store(paper)
    rows, unread = states(paper, renditions, freshness(paper, renditions, store), store)
    faults = list(dict.fromkeys([*faults, *unread]))
    if as_json:
        broken = [asdict(fault) for fault in faults]
        click.echo(
            json.dumps(
                {"editions": [asdict(row) for row in rows], "faults": broken}, ensure_ascii=False, indent=1
            )
        )
        sys.exit(FAULTS if faults else 0)
    for line in _aligned([_HEAD, *(_cells(row) for row in rows)]):
        click.echo(line)
    if faults:
        end_with(faults)


_HEAD = ("edition", "language", "countries", "version", "state", "missing", "translated", "title")


def _cells(row: EditionState) -> tuple[str, ...]:
    built = {True: "fresh", False: "stale", None: "not built"}[row.fresh]
    said = f"{row.translated}/{row.total}" + (f", {row.stale} stale" if row.stale else "")
    return (
        row.slug,
        row.language,
        " ".join(row.countries),
        row.version or "-",
        built,
        "-" if row.fresh is None else str(len(row.missing)),
        said if row.total else "-",
        row.title,
    )


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def _parted(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
