"""Colours of publishers, moved as far as readers need to tell them from what they stand on."""

from __future__ import annotations

import colorsys

LIGHT = "#eaf3f2"
"""The darkest ground of the light pages that coloured text stands on; paper is lighter."""

DARK = "#1b2c31"
"""The lightest ground of the dark pages that coloured text stands on."""

LEAST = 4.5
"""The contrast of text that WCAG 2.2 asks for (success criterion 1.4.3, level AA)."""

_STEPS = 200


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours ``#rrggbb``, from 1 to 21.

    Notes
    -----
    As WCAG 2.2 defines contrast ratio and relative luminance.

    Examples
    --------
    >>> contrast("#000000", "#ffffff"), contrast("#777777", "#777777")
    (21.0, 1.0)
    """
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def legible(colour: str, ground: str) -> str:
    """Return a colour, made darker or lighter only as far as text in it can be read on a ground.

    Examples
    --------
    >>> legible("#0f4f5c", LIGHT), legible("#ffd700", LIGHT)
    ('#0f4f5c', '#7a6700')
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    end = 0.0 if _luminance(ground) > 0.18 else 1.0
    for step in range(_STEPS + 1):
        moved = lightness + (end - lightness) * step / _STEPS
        found = colour if step == 0 else _hexadecimal(colorsys.hls_to_rgb(hue, moved, saturation))
        if contrast(found, ground) >= LEAST:
            break
    return found


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _hexadecimal(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
