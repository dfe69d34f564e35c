"""A new paper: a small one on invented data, which builds and shows how each thing is done."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

from corridor.edition_file import slug_of
from corridor.files import tree, write_text
from corridor.scaffold.new_edition import edition_text, quoted

# A file whose name would begin with a full stop is hidden from tools that pack.
_HIDDEN = {"gitignore": ".gitignore"}
_FILLED = ("_quarto.yml", "README.md")


def write_paper(folder: Path, title: str) -> list[str]:
    """Write a paper into a folder that is empty or not there yet.

    Parameters
    ----------
    folder
        Where.
    title
        Title of the paper.

    Returns
    -------
    list of str
        The files written, relative to the folder.
    """
    texts = {}
    with as_file(files("corridor.scaffold").joinpath("paper")) as template:
        for name, path in tree(template).items():
            texts[_HIDDEN.get(name, name)] = path.read_text(encoding="utf-8")
    values = {
        "TITLE": " ".join(title.split()),
        "QUOTED": quoted(title),
        "NAME": slug_of(title) or "paper",
        "DATE": date.today().isoformat(),
    }
    for name in _FILLED:
        texts[name] = re.sub(r"<([A-Z]+)>", lambda match: values[match[1]], texts[name])
    texts["editions/holms.yml"] = edition_text(
        title="The Holms",
        countries=("XNH", "XMH", "XSH"),
        partner="XML",
        years=(2022, 2024),
        languages=("en",),
    )
    for name, text in texts.items():
        write_text(folder / name, text)
    return sorted(texts)
