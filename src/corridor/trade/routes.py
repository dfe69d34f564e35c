"""Routes: the lines between the places of a map."""

from __future__ import annotations

import math
from itertools import combinations, pairwise
from typing import Any

import pandas as pd

GAP = 0.055
"""Distance from the middle, in degrees of latitude, of two routes that share a leg."""

APART = 0.33
"""Distance, in degrees of latitude, from which the signs of two places do not touch."""


def great_circle(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the shortest distance between two places over the surface of the earth, in km.

    Parameters
    ----------
    first, second
        Longitude and latitude in degrees.

    Notes
    -----
    The haversine formula on a sphere with a radius of 6371 km.
    """
    (x0, y0), (x1, y1) = (tuple(map(math.radians, place)) for place in (first, second))
    half = math.sin((y1 - y0) / 2) ** 2 + math.cos(y0) * math.cos(y1) * math.sin((x1 - x0) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))


def apart(places: pd.DataFrame) -> pd.DataFrame:
    """Move places that are too near each other for their signs away from each other.

    Parameters
    ----------
    places
        ``lon``, ``lat`` in degrees.

    Returns
    -------
    pandas.DataFrame
        The places, each pair at least `APART` from each other unless a third is near; the middle of a pair
        stays where it is.
    """
    positions = [(float(lon), float(lat)) for lon, lat in zip(places["lon"], places["lat"], strict=True)]
    for i, j in combinations(range(len(positions)), 2):
        (x0, y0), (x1, y1) = positions[i], positions[j]
        shrink = math.cos(math.radians((y0 + y1) / 2))
        distance = math.hypot((x1 - x0) * shrink, y1 - y0)
        if 0 < distance < APART:
            step = (APART / distance - 1) / 2
            dx, dy = (x1 - x0) * step, (y1 - y0) * step
            positions[i], positions[j] = (x0 - dx, y0 - dy), (x1 + dx, y1 + dy)
    return places.assign(lon=[lon for lon, _ in positions], lat=[lat for _, lat in positions])


def legs(routes: pd.DataFrame, places: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a GeoJSON line for every leg of every route.

    Legs that two routes share are drawn side by side: otherwise one hides the other.

    Parameters
    ----------
    routes
        Stops, one a row: ``route``, ``sequence``, ``place`` and ``line`` (how the legend names such a
        route).
    places
        ``id``, ``lon``, ``lat`` in degrees.

    Returns
    -------
    list of dict
        GeoJSON features with the properties ``line`` and ``route``, in the order of the table.

    Raises
    ------
    ValueError
        If a route stops at an unknown place.
    """
    unknown = sorted(set(routes["place"]) - set(places["id"]))
    if unknown:
        raise ValueError(f"routes stop at unknown places: {', '.join(unknown)}")
    position = {p["id"]: (float(p["lon"]), float(p["lat"])) for p in places.to_dict("records")}
    found = []
    for _, stops in routes.groupby("route", sort=False):
        rows = stops.sort_values("sequence").to_dict("records")
        found += list(pairwise(rows))
    ends = [frozenset((a["place"], b["place"])) for a, b in found]
    features = []
    for index, ((a, b), pair) in enumerate(zip(found, ends, strict=True)):
        shared = ends.count(pair)
        # The first of two goes to one side, the second to the other.
        side = 0 if shared == 1 else 1 - 2 * (ends[:index].count(pair) % 2)
        start, end = position[a["place"]], position[b["place"]]
        if a["place"] > b["place"]:
            side = -side
        features.append(
            {
                "type": "Feature",
                "properties": {"line": a["line"], "route": a["route"]},
                "geometry": {"type": "LineString", "coordinates": _beside(start, end, side * GAP)},
            }
        )
    return features


def _beside(start: tuple[float, float], end: tuple[float, float], distance: float) -> list[list[float]]:
    (x0, y0), (x1, y1) = start, end
    # A degree of longitude is shorter than one of latitude.
    shrink = math.cos(math.radians((y0 + y1) / 2))
    across, up = (x1 - x0) * shrink, y1 - y0
    length = math.hypot(across, up)
    if not distance or not length:
        return [[x0, y0], [x1, y1]]
    dx, dy = up / length * distance / shrink, -across / length * distance
    return [[x0 + dx, y0 + dy], [x1 + dx, y1 + dy]]
