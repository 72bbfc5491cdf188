"""A run is played as it is to be wound, and every figure has its goal."""

from __future__ import annotations

from functools import partial

from bpviz.bench.nets import plane
from bpviz.bench.winding import REELS, SEEKS, Reel, measure_winding, played
from bpviz.errors import grouped

SMALL = Reel("2-3-1", partial(plane, (3,)), 400, edits=7, by_hand=200)


def test_a_run_has_the_steps_edits_and_stretches_that_it_says() -> None:
    timeline = played(SMALL)
    events = timeline.story.events
    assert timeline.last_step == 400
    assert sum(event.kind == "edited" for event in events) == 7
    paths = [event for event in events if event.kind == "path"]
    assert [event.path for event in paths] == ["reference", "kernel"] * 10
    by_hand = [back.step - there.step for there, back in zip(paths[::2], paths[1::2], strict=True)]
    assert by_hand == [20] * 10
    assert timeline.session.stopped is None


def test_with_less_time_runs_are_shorter_and_say_so() -> None:
    short = REELS[1].shortened(0.01)
    assert (short.steps, short.edits, short.by_hand) == (10_000, 50, 500)
    assert short.words == f"2-8-8-1, {grouped(10_000)} steps, 50 edits, 500 by the reference"
    assert REELS[2].shortened(0.0001).steps == 200


def test_all_that_was_promised_is_measured() -> None:
    figures = measure_winding(0.001)
    assert [(figure.name, figure.unit, figure.goal) for figure in figures[:5]] == [
        ("Any step, exactly", "s", 0.5),
        ("The slowest of 30", "s", 0.5),
        ("First picture", "ms", 50.0),
        ("The slowest of 30", "ms", 50.0),
        ("Memory of moments", "MB", 64.0),
    ]
    assert len(figures) == 5 * len(REELS) + 1
    assert all(len(figure.values) == SEEKS for figure in figures[:15:5])
    assert all(value > 0 for figure in figures[:15] for value in figure.values)
    assert (figures[-1].unit, figures[-1].goal) == ("%", 2.0)
