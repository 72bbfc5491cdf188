"""Snapping: each axis by itself, within a reach, to lines and equal gaps."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpviz.ui.canvas.snapping import Guide, Snap, snapped

FAR = (1e6, 1e6)
_NUMBERS = st.floats(-500, 500).map(lambda value: round(value, 1))
_PLACES = st.tuples(_NUMBERS, _NUMBERS)
Place = tuple[float, float]


@given(_PLACES, st.lists(_PLACES, max_size=8), st.floats(0.5, 80), _PLACES)
def test_nothing_moves_farther_than_the_reach_and_each_axis_by_itself(
    wanted: Place, others: list[Place], reach: float, rest: Place
) -> None:
    snap = snapped(wanted, others, reach, rest)
    assert all(abs(a - b) <= reach for a, b in zip(snap.place, wanted, strict=True))
    away = (wanted[0], wanted[1] + 4000)
    assert snapped(away, others, reach, (rest[0], away[1] + 4000)).place[0] == snap.place[0], (
        "where it stands along one axis says nothing about the other"
    )


@given(_PLACES, st.lists(_PLACES, max_size=8), st.floats(0.5, 80), _PLACES)
def test_every_guide_passes_through_what_snapped(
    wanted: Place, others: list[Place], reach: float, rest: Place
) -> None:
    snap = snapped(wanted, others, reach, rest)
    for guide in snap.guides:
        (x0, y0), (x1, y1) = guide.ends
        assert x0 == x1 or y0 == y1
        if not guide.gap:
            assert min(x0, x1) <= snap.place[0] <= max(x0, x1)
            assert min(y0, y1) <= snap.place[1] <= max(y0, y1)


def test_without_anything_near_it_stands_where_the_pointer_has_it() -> None:
    assert snapped((10, 20), [(50, 60)], 8, FAR) == Snap((10, 20))


def test_near_its_old_place_it_comes_to_rest_without_a_guide() -> None:
    assert snapped((13, 95), [(500, 600)], 8, (10, 20)) == Snap((10, 95))


def test_in_line_with_another_a_guide_joins_them() -> None:
    snap = snapped((103, 200), [(100, 40)], 8, FAR)
    assert snap == Snap((100, 200), (Guide(((100, 40), (100, 200))),))


def test_between_two_of_its_column_gaps_are_equal() -> None:
    snap = snapped((100, 147), [(100, 100), (100, 200)], 8, FAR)
    gaps = (((100, 100), (100, 150)), ((100, 150), (100, 200)))
    line = Guide(((100, 100), (100, 200)))
    assert snap == Snap((100, 150), (line, *(Guide(gap, gap=True) for gap in gaps)))


def test_after_two_of_its_column_the_gap_is_repeated() -> None:
    above, below = (snapped((100, y), [(100, 0), (100, 60)], 8, FAR) for y in (-57, 125))
    assert (above.place, below.place) == ((100, -60), (100, 120))
    assert all(len([guide for guide in snap.guides if guide.gap]) == 2 for snap in (above, below))


def test_others_in_another_column_set_no_gaps() -> None:
    assert snapped((300, 147), [(100, 100), (100, 200)], 8, FAR).place == (300, 147)
