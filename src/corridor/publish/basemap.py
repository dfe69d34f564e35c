"""The map of the hub: the countries of the paper, each a link to its edition, as inline SVG."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

WIDTH = 1000
"""Units of the drawing from its left to its right edge."""

_PAD = 0.03  # of the width, around the countries
_LABEL = 0.12  # a country at least so wide, as a part of the map, has room for its name
_HALF = 14  # of the height of a name
_BANDS = 20

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a country on the map leads to."""

    href: str
    title: str


def map_svg(
    features: Sequence[Mapping[str, Any]],
    covered: Collection[str],
    targets: Mapping[str, Target],
    label: str,
) -> str | None:
    """Return a map, ``None`` where the features show none of the countries.

    Parameters
    ----------
    features
        GeoJSON features, polygons in degrees with the property ``code``.
    covered
        Codes of the countries that the map is to show; the others are drawn as far as they lie around.
    targets
        Where countries lead to, by code.
    label
        What the map is called where it cannot be seen.

    Notes
    -----
    Mercator's projection: a crop of the base map along meridians and parallels stays a rectangle.
    """
    shapes = {str(f["properties"].get("code")): [*_rings(f["geometry"])] for f in features}
    shown = [code for code in shapes if code in covered]
    if not shown:
        return None
    inside = [point for code in shown for ring in shapes[code] for point in ring]
    everything = [point for rings in shapes.values() for ring in rings for point in ring]
    left, right = _extent([x for x, _ in inside], [x for x, _ in everything])
    bottom, top = _extent([y for _, y in inside], [y for _, y in everything])
    scale = WIDTH / (right - left)
    height = round((top - bottom) * scale)

    def placed(ring: Ring) -> Ring:
        return [((x - left) * scale, (top - y) * scale) for x, y in ring]

    drawn = {code: [placed(ring) for ring in rings] for code, rings in shapes.items()}
    around = "".join(_path(rings) for code, rings in drawn.items() if code not in covered)
    parts = [f'<g class="map-around" aria-hidden="true">{around}</g>']
    parts += [_country(drawn[code], targets.get(code)) for code in shown]
    return (
        f'<svg class="map" viewBox="0 0 {WIDTH} {height}" role="group" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg>"
    )


def _country(rings: Sequence[Ring], target: Target | None) -> str:
    if target is None:
        return f'<g class="map-covered" aria-hidden="true">{_path(rings)}</g>'
    text = _label(rings, target.title)
    # The name stands inside the country, and in its tooltip where there is no room.
    return (
        f'<a href="{escape(target.href)}" aria-label="{escape(target.title)}">'
        f"<title>{escape(target.title)}</title>{_path(rings)}{text}</a>"
    )


def _label(rings: Sequence[Ring], title: str) -> str:
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    width = max(x for x, _ in largest) - min(x for x, _ in largest)
    if width < _LABEL * WIDTH:
        return ""
    x, y = _middle(largest)
    return f'<text x="{x:.0f}" y="{y:.0f}" aria-hidden="true">{escape(title)}</text>'


def _path(rings: Sequence[Ring]) -> str:
    lines = []
    for ring in rings:
        points = [point for point, _ in groupby(f"{x:.0f} {y:.0f}" for x, y in ring)]
        if len(points) > 2:
            lines.append(f"M{'L'.join(points)}Z")
    return f'<path d="{"".join(lines)}"/>' if lines else ""


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            yield [(math.radians(lon), math.asinh(math.tan(math.radians(lat)))) for lon, lat, *_ in ring]


def _extent(inside: Sequence[float], everything: Sequence[float]) -> tuple[float, float]:
    pad = _PAD * (max(inside) - min(inside))
    return max(min(inside) - pad, min(everything)), min(max(inside) + pad, max(everything))


def _area(ring: Ring) -> float:
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True)) / 2


def _middle(ring: Ring) -> Point:
    """Return where a name stands: in the middle of the widest band of its height inside the ring."""
    top, bottom = min(y for _, y in ring), max(y for _, y in ring)
    best, place = 0.0, ring[0]
    for step in range(1, _BANDS):
        y = top + (bottom - top) * step / _BANDS
        for start, end in _common(_stretches(ring, y - _HALF), _stretches(ring, y + _HALF)):
            if end - start > best:
                best, place = end - start, ((start + end) / 2, y)
    return place


def _stretches(ring: Ring, y: float) -> list[Point]:
    """Return from where to where a horizontal line is inside a ring."""
    edges = zip(ring, ring[1:] + ring[:1], strict=True)
    crossed = sorted(
        x0 + (y - y0) / (y1 - y0) * (x1 - x0) for (x0, y0), (x1, y1) in edges if (y0 > y) != (y1 > y)
    )
    return list(zip(crossed[::2], crossed[1::2], strict=True))


def _common(first: Sequence[Point], second: Sequence[Point]) -> list[Point]:
    pairs = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return [(start, end) for start, end in pairs if start < end]
