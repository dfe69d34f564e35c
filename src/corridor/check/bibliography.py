"""The bibliography: which works the paper can cite."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from corridor import pandoc
from corridor.errors import Fault, PaperError, raise_any
from corridor.files import read_text
from corridor.store import Store


def read_keys(path: Path, root: Path, store: Store) -> set[str]:
    """Return the keys of a BibTeX file; a store keeps them.

    Raises
    ------
    PaperError
        If the file is missing, cannot be parsed, or has a key twice.
    """
    name = path.relative_to(root).as_posix()
    text = read_text(path, root)
    return set(store.remembered("bibliography", text, lambda: sorted(_keys(name, text))))


def _keys(name: str, text: str) -> set[str]:
    try:
        entries = json.loads(pandoc.run(text, "--from", "bibtex", "--to", "csljson"))
    except pandoc.PandocError as error:
        line = re.search(r"line (\d+)", str(error))
        raise PaperError(
            Fault(
                file=name,
                line=int(line[1]) if line else None,
                what="the entry is not BibTeX",
                mend="look for an unclosed brace or a missing comma just above",
            )
        ) from None
    if not entries:
        what, mend = "there is no entry in the bibliography", "write one, such as @article{key, ...}"
        raise PaperError(Fault(file=name, line=1, what=what, mend=mend))
    raise_any(_twice(name, text))
    return {entry["id"] for entry in entries}


def _twice(name: str, text: str) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for match in re.finditer(
        r"^[ \t]*@(?!comment|string|preamble)\w+\s*\{\s*([^,\s]+)\s*,", text, re.M | re.I
    ):
        line = text.count("\n", 0, match.start()) + 1
        first = seen.setdefault(match[1], line)
        if first != line:
            yield Fault(
                file=name,
                line=line,
                what=f'the key "{match[1]}" stands twice, first in line {first}',
                mend="rename one of them or merge the two",
            )
