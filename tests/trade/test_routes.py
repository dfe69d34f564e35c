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


def test_places_move_apart_around_their_middle_and_others_stay():
    near = pd.DataFrame({"id": ["a", "b", "c"], "lon": [82.48, 82.57, 75.0], "lat": [45.25, 45.17, 40.0]})
    moved = routes.apart(near)
    across = (moved["lon"][1] - moved["lon"][0]) * math.cos(math.radians(45.21))
    assert math.hypot(across, moved["lat"][1] - moved["lat"][0]) == pytest.approx(routes.APART)
    assert moved["lon"][:2].mean() == pytest.approx(82.525)
    assert moved["lat"][:2].mean() == pytest.approx(45.21)
    assert moved.loc[2].equals(near.loc[2])
    assert near["lon"][0] == 82.48
    # Two names of one place cannot be told apart.
    same = pd.DataFrame({"lon": [1.0, 1.0], "lat": [2.0, 2.0]})
    assert routes.apart(same).equals(same)


def test_distance_over_the_earth():
    # A degree along a meridian is 6371 x pi / 180 = 111.19 km; one of longitude at 60 degrees is half of it.
    assert routes.great_circle((75.0, 40.0), (75.0, 41.0)) == pytest.approx(111.19, abs=0.01)
    assert routes.great_circle((20.0, 60.0), (21.0, 60.0)) == pytest.approx(55.60, abs=0.01)
    assert routes.great_circle((75.0, 40.0), (75.0, 40.0)) == 0
