"""Plain text made safe for the markup it is put into."""

from __future__ import annotations

import re

# Every ASCII character that pandoc's Markdown can read as syntax, wherever it stands.
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~^$@\"'&:=-])")
# A full stop that makes an ellipsis, a list's number or an abbreviation; a percent sign that makes a title.
_STOP = re.compile(r"\.(?=[. ]|$)|^%")


def escape_markdown(text: str) -> str:
    """Escape text so that pandoc and Quarto show it letter for letter.

    Line breaks become spaces: a value stands in a cell, a caption or a sentence.

    Examples
    --------
    >>> print(escape_markdown("a *b* <i> @c"))
    a \\*b\\* \\<i\\> \\@c
    """
    flat = " ".join(text.split())
    return _STOP.sub(r"\\\g<0>", _MARKDOWN.sub(r"\\\1", flat))
