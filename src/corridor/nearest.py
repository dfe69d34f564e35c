"""What the user probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return a question that names the nearest known word, or `otherwise` where none is near.

    Examples
    --------
    >>> nearest("KZA", ["KGZ", "KAZ"], "add it")
    'did you mean "KAZ"?'
    """
    words = sorted(known)
    swapped = [w for w in words if w != word and sorted(w) == sorted(word)]
    near = swapped or get_close_matches(word, words, n=1)
    return f'did you mean "{near[0]}"?' if near else otherwise
