from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bpviz.training.moment import Moment
from bpviz.training.moments import FIRST_SPACING_S, Moments
from bpviz.training.session import Session
from tests.training.projects import circle

BASE = Session(circle()).moment()


def at(step: int, events: int = 0, loss: float = 1.0) -> Moment:
    metrics = replace(BASE.state.metrics, train_loss=loss)
    return replace(BASE, state=replace(BASE.state, step=step, metrics=metrics), events=events)


def places(moments: Moments) -> list[tuple[int, int]]:
    return [moment.place for moment in moments]


def test_the_nearest_lies_at_a_place_or_before_it() -> None:
    moments = Moments([at(3), at(0), at(3, 2)])
    assert places(moments) == [(0, 0), (3, 0), (3, 2)]
    found = [moments.nearest(place) for place in ((0, 0), (2, 9), (3, 0), (3, 1), (9, 0))]
    assert [moment.place for moment in found if moment] == [(0, 0), (0, 0), (3, 0), (3, 0), (3, 2)]
    assert moments.nearest((-1, 0)) is None


def test_one_of_the_same_place_gives_way_and_memory_is_that_of_those_that_are_there() -> None:
    moments, other = Moments([at(0)]), at(0, loss=0.25)
    moments.keep(other)
    assert list(moments) == [other]
    moments.keep(at(1))
    assert moments.nbytes == 2 * BASE.nbytes


def test_a_moment_is_due_after_so_much_training_and_whenever_a_clock_was_turned_back() -> None:
    moments = Moments()
    moments.keep(at(0), 5.0)
    assert not moments.is_due(5.0 + 0.9 * FIRST_SPACING_S)
    assert moments.is_due(5.0 + 1.1 * FIRST_SPACING_S)
    assert moments.is_due(1.0)
    moments.keep(at(1))  # such as one before an edit: it says nothing about when the next is due
    assert moments.is_due(5.0 + 1.1 * FIRST_SPACING_S)


def test_thinning_out_doubles_the_spacing_but_lets_none_go_that_is_held_and_not_the_best() -> None:
    moments = Moments()
    moments.keep(at(0), 0.0, held="always")
    for step in range(1, 10):
        moments.keep(
            at(step, loss=0.1 if step == 5 else 1.0), 0.11 * step, held="long" if step == 3 else None
        )
    assert moments.thin_out() == 4
    # Each is now at least 0.2 s behind the one before, but for those that stay whatever comes.
    assert places(moments) == [(0, 0), (2, 0), (3, 0), (5, 0), (7, 0), (9, 0)]
    assert moments.spacing_s == 2 * FIRST_SPACING_S
    assert moments.nbytes == len(moments) * BASE.nbytes


def test_where_moments_are_far_apart_the_spacing_doubles_until_some_go() -> None:
    moments = Moments()
    for step in range(9):  # a slice of a wide network takes its time
        moments.keep(at(step), 3.0 * step)
    assert moments.thin_out() == 4
    assert places(moments) == [(0, 0), (2, 0), (4, 0), (6, 0), (8, 0)]
    assert not moments.is_due(24.0 + 3.1)


def test_what_nobody_is_told_the_time_of_counts_as_evenly_spaced() -> None:
    moments = Moments((at(step, loss=float("nan")) for step in range(8)), spacing_s=0.4)
    assert moments.thin_out() == 4
    assert places(moments) == [(0, 0), (2, 0), (4, 0), (6, 0)]


def test_the_best_is_the_first_of_the_smallest_loss_also_when_it_gave_way() -> None:
    assert Moments().best is None
    moments = Moments()
    for step, loss in enumerate((float("nan"), 2.0, 1.0, 1.0, float("inf"))):
        moments.keep(at(step, loss=loss))
    assert moments.best is not None
    assert moments.best.step == 2
    moments.keep(at(2, loss=5.0))
    assert moments.best.step == 3


def test_what_is_held_for_long_goes_when_there_is_nothing_else_and_the_beginning_never() -> None:
    moments = Moments()
    moments.keep(at(0), held="always")
    moments.keep(at(0), held="long")  # an edit before the first step
    for step in range(1, 9):
        moments.keep(at(step, loss=float("nan")), held="long")
    while moments.thin_out() or moments.unpin():
        pass
    assert places(moments) == [(0, 0)]


def test_a_branch_shares_what_lies_before_it_and_goes_its_own_way() -> None:
    moments = Moments([at(0), at(2), at(2, 1), at(5)])
    moments.keep(at(2), held="long")
    moments.spacing_s = 0.4
    branch = moments.upto((2, 0))
    assert (places(branch), branch.spacing_s, dict(branch.held)) == ([(0, 0), (2, 0)], 0.4, {(2, 0): "long"})
    branch.keep(at(3))
    assert places(moments) == [(0, 0), (2, 0), (2, 1), (5, 0)]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 2)), max_size=60), st.integers(1, 12))
def test_any_number_of_them_is_thinned_out_to_what_there_is_room_for(
    kept: list[tuple[int, int]], room: int
) -> None:
    moments = Moments()
    moments.keep(at(0), held="always")
    for step, events in kept:
        moments.keep(at(step, events), held="long" if events else None)
        while moments.nbytes > room * BASE.nbytes and (moments.thin_out() or moments.unpin()):
            pass
        assert len(moments) <= max(room, 2)  # the beginning, and the best of the others
        assert places(moments)[0] == (0, 0)
        assert places(moments) == sorted(set(places(moments)))
