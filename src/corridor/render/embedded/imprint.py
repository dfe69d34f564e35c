"""Who publishes a rendition, as its pages show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corridor.colours import DARK, LIGHT, legible

_KEYS = ("name", "address", "contact", "licence", "logo")


@dataclass(frozen=True, kw_only=True)
class Imprint:
    """Who publishes a rendition; what is not given is empty.

    Parameters
    ----------
    name, address, licence
        Text.
    contact
        A mail address or an https address.
    logo
        An image, relative to the root of the rendition.
    accent
        A colour ``#rrggbb`` in place of the theme's own.
    """

    name: str = ""
    address: str = ""
    contact: str = ""
    licence: str = ""
    logo: str = ""
    accent: str = ""

    @property
    def contact_href(self) -> str:
        return self.contact if self.contact.startswith("https:") else f"mailto:{self.contact}"

    @property
    def style(self) -> str:
        """CSS that puts the publisher's colour in place of the theme's, in both schemes."""
        if not self.accent:
            return ""
        light = _properties(legible(self.accent, LIGHT), "#ffffff")
        dark = _properties(legible(self.accent, DARK), "#11181b")
        return (
            f"@media screen{{:root{{{light}}}:root[data-theme=dark]{{{dark}}}}}"
            f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        )


def read_imprint(corridor: Mapping[str, Any]) -> Imprint:
    """Return the publisher that the settings of ours in a staged project name."""
    given = corridor.get("publisher") or {}
    values = {key: str(given[key]) for key in _KEYS if given.get(key)}
    return Imprint(**values, accent=(given.get("colours") or {}).get("accent", ""))


def _properties(accent: str, on_accent: str) -> str:
    red, green, blue = (int(accent[start : start + 2], 16) for start in (1, 3, 5))
    return f"--accent:{accent};--on-accent:{on_accent};--underline:rgb({red} {green} {blue}/.45)"
