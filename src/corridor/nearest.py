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
    near = closest(word, known)
    return otherwise if near is None else f'did you mean "{near}"?'


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is nearest: in another case, with letters swapped, or spelt much alike."""
    words = sorted(known)
    low = word.casefold()
    near = [w for w in words if w.casefold() == low and w != word]
    near += [w for w in words if sorted(w.casefold()) == sorted(low) and w != word]
    near += get_close_matches(word, words, n=1)
    return near[0] if near else None
