import math

import pandas as pd
import pytest

from corridor.trade import routes

PLACES = pd.DataFrame({"id": ["a", "b", "c"], "lon": [0.0, 1.0, 1.0], "lat": [0.0, 0.0, 1.0]})


def stops(*rows):
    return pd.DataFrame(rows, columns=["route", "sequence", "place", "line"])


def coordinates(feature):
    return feature["geometry"]["coordinates"]


def test_legs_follow_the_sequence():
    found = routes.legs(stops(("r", 2, "b", "Road"), ("r", 1, "a", "Road"), ("r", 3, "c", "Road")), PLACES)
    assert [coordinates(leg) for leg in found] == [[[0, 0], [1, 0]], [[1, 0], [1, 1]]]
    assert {leg["properties"]["line"] for leg in found} == {"Road"}


@pytest.mark.parametrize("way", [("a", "b"), ("b", "a")])
def test_shared_legs_lie_side_by_side_whichever_way_they_run(way):
    found = routes.legs(
        stops(
            ("r", 1, "a", "Road"), ("r", 2, "b", "Road"), ("s", 1, way[0], "Rail"), ("s", 2, way[1], "Rail")
        ),
        PLACES,
    )
    heights = [coordinates(leg)[0][1] for leg in found]
    assert heights[0] == pytest.approx(-heights[1])
    assert abs(heights[0] - heights[1]) == pytest.approx(2 * routes.GAP)


def test_the_distance_is_the_same_in_the_north():
    north = PLACES.assign(lat=PLACES["lat"] * 0 + 60, lon=[0.0, 0.0, 0.0]).assign(lat=[60.0, 61.0, 60.0])
    found = routes.legs(
        stops(("r", 1, "a", "x"), ("r", 2, "b", "x"), ("s", 1, "a", "y"), ("s", 2, "b", "y")), north
    )
    apart = abs(coordinates(found[0])[0][0] - coordinates(found[1])[0][0])
    assert apart * math.cos(math.radians(60.5)) == pytest.approx(2 * routes.GAP)


def test_unknown_places_are_refused_and_nothing_is_fine():
    with pytest.raises(ValueError, match="nowhere"):
        routes.legs(stops(("r", 1, "nowhere", "Road")), PLACES)
    assert routes.legs(stops(), PLACES) == []
