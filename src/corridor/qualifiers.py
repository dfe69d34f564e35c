"""Qualifiers: what a source sets before a figure."""

from __future__ import annotations

from collections.abc import Callable

from corridor.messages import N_, gettext


def qualified(qualifier: str, figure: str, say: Callable[[str], str] = gettext) -> str:
    """Return a figure behind its qualifier; the ends of a range (``from``, ``to``) have none.

    The language is the one in use, or that of `say`.

    Examples
    --------
    >>> qualified("about", "19 hours"), qualified("", "19 hours"), qualified("from", "USD 380–500")
    ('about 19 hours', '19 hours', 'USD 380–500')
    """
    patterns = {
        "about": N_("about {figure}"),
        "at least": N_("at least {figure}"),
        "nearly": N_("nearly {figure}"),
        "over": N_("over {figure}"),
        "under": N_("under {figure}"),
        "up to": N_("up to {figure}"),
    }
    pattern = patterns.get(qualifier)
    return say(pattern).format(figure=figure) if pattern else figure
