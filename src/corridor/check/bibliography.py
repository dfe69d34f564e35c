"""The bibliography: which works the paper can cite."""

from __future__ import annotations

import json
import re
from pathlib import Path

from corridor import pandoc
from corridor.errors import Fault, PaperError
from corridor.files import read_text


def read_keys(path: Path, root: Path) -> set[str]:
    """Return the keys of a BibTeX file.

    Raises
    ------
    PaperError
        If the file is missing, cannot be parsed, or has a key twice.
    """
    name = path.relative_to(root).as_posix()
    text = read_text(path, root)
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
    seen: dict[str, int] = {}
    for match in re.finditer(r"^@\w+\{\s*([^,\s]+)\s*,", text, re.M):
        line = text.count("\n", 0, match.start()) + 1
        if match[1] in seen:
            raise PaperError(
                Fault(
                    file=name,
                    line=line,
                    what=f'the key "{match[1]}" stands twice, first in line {seen[match[1]]}',
                    mend="rename one of them or merge the two",
                )
            )
        seen[match[1]] = line
    return {entry["id"] for entry in entries}
