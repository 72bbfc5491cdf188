"""Marks on a line: all of them are there, in order, and a crowd stays as it is while a run grows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpviz.palette import PALETTES, contrast
from bpviz.training.timeline_view import TimelineView
from bpviz.ui.strip.signs import SHAPES
from bpviz.ui.strip.spots import SIGNS, Scale, Spot, Spots, marks_spots, other_spots
from tests.ui.strip.timelines import line, retuned, timeline


def spots(view: TimelineView) -> tuple[Spot, ...]:
    return Spots(marks_spots(view.marks), other_spots(view)).all


STEPS = st.lists(st.integers(0, 10**9), min_size=1, max_size=300).map(sorted)


def test_no_two_kinds_share_a_shape_or_a_color() -> None:
    assert len({sign.shape for sign in SIGNS.values()}) == len(SIGNS)
    assert {sign.shape for sign in SIGNS.values()} <= SHAPES.keys()
    for palette in PALETTES.values():
        colors = [palette.color(sign.color) for sign in SIGNS.values()]
        assert len(set(colors)) == len(colors)
        assert min(contrast(color, palette.surface) for color in colors) >= 3


def test_marks_best_step_and_branches_are_spots_in_order() -> None:
    lines = (line(1), line(2, 1, 20_000, project=retuned(0.5)), line(3, 2, 25_000))
    found = spots(timeline(lines=lines, best=(25_000, 0.125)))
    assert [(spot.step, spot.kind) for spot in found] == [
        (3_000, "edited"),
        (20_000, "left"),
        (25_000, "best"),
        (30_000, "stopped"),
    ]
    assert "learning rate" in found[1].words
    assert "→ 0.5" in found[1].words
    assert "0.125" in found[2].words


def test_a_branch_marks_where_it_left_its_parent() -> None:
    found = spots(timeline(line=2, lines=(line(1), line(2, 1, 500)), marks=()))
    assert [(spot.step, spot.kind) for spot in found] == [(500, "left")]
    assert "main" in found[0].words


def test_branches_beyond_the_line_are_left_out() -> None:
    assert other_spots(timeline(100, lines=(line(1), line(2, 1, 200)), best=(300, 0.1))) == ()


@given(steps=STEPS, width=st.integers(20, 3000))
def test_every_spot_is_in_one_crowd_and_crowds_go_from_left_to_right(steps: list[int], width: int) -> None:
    found = Spots([Spot(step, "edited", "x") for step in steps])
    crowds = found.crowds(Scale(0, 10**9, 10, 10 + width))
    assert [crowd.start for crowd in crowds] == [0, *(crowd.stop for crowd in crowds[:-1])]
    assert crowds[-1].stop == len(steps)
    assert [crowd.x for crowd in crowds] == sorted(crowd.x for crowd in crowds)
    assert all(10 <= crowd.x <= 10 + width for crowd in crowds)
    assert len(crowds) <= width / 7 + 2


def test_the_parts_of_a_long_crowd_stay_together_while_a_run_grows() -> None:
    found = Spots([Spot(step, "edited", "x") for step in range(0, 100_000, 10)])
    before = found.crowds(Scale(0, 100_000, 0, 800))
    after = found.crowds(Scale(0, 101_000, 0, 800))
    assert len(before) > 20
    assert [(crowd.start, crowd.stop) for crowd in after] == [(crowd.start, crowd.stop) for crowd in before]


@given(first=st.integers(0, 10**6), span=st.integers(1, 10**12), share=st.floats(0, 1))
def test_a_step_is_found_again_where_it_is_drawn(first: int, span: int, share: float) -> None:
    scale = Scale(first, first + span, 10, 810)
    step = first + round(share * span)
    assert abs(scale.step(scale.x(step)) - step) <= max(span * 1e-12, 0)


def test_of_several_the_most_important_gives_the_shape_and_many_are_counted() -> None:
    marks = [Spot(100 + k, "edited", "e") for k in range(8)] + [Spot(109, "stopped", "s")]
    found = Spots(marks)
    (crowd,) = found.crowds(Scale(0, 10**6, 0, 800))
    assert (crowd.kind, crowd.several) == ("stopped", True)
    assert found.tip(crowd) == "Steps 100 to 109: 1 stop, 8 edits"


def test_clicks_on_a_crowd_go_through_its_steps() -> None:
    found = Spots([Spot(step, "edited", "e") for step in (100, 100, 105, 110)])
    (crowd,) = found.crowds(Scale(0, 10**6, 0, 800))
    assert [found.next_step(crowd, at) for at in (0, 100, 105, 110)] == [100, 105, 110, 100]
