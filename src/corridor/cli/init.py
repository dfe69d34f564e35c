"""``corridor init``: a new paper, on whatever subject."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", help="Title of the paper. [default: the folder's name]")
def init(folder: Path, title: str | None) -> None:
    """Begin a paper in FOLDER: a small one that builds, to be changed into yours."""
    from corridor.scaffold.new_paper import write_paper

    if folder.exists() and any(folder.iterdir()):
        click.echo(f"{folder} is not empty; name a new folder", err=True)
        sys.exit(2)
    for name in write_paper(folder, title or folder.resolve().name.replace("-", " ").capitalize()):
        click.echo(name)
    click.echo("A paper is written. Its README.md says where things are; to build it:")
    click.echo(f"  cd {folder}")
    click.echo("  corridor build")
