"""What is told of a timeline, and which curves stand behind a run."""

from __future__ import annotations

from bpviz.model.edits import set_training
from bpviz.model.examples import EXAMPLES
from bpviz.training import winding
from bpviz.training.overview import MOST_PINNED, Backdrop, view_of
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline
from tests.training.projects import circle


def _run(steps: int = 0, number: int = 1) -> Run:
    run = Run(Timeline(Session(circle())))
    run.ids |= {number}
    run.timeline.advance(steps)
    return run


def _branched() -> Run:
    """Twelve steps, and from the sixth on a branch with another rate that made three."""
    run = _run(12)
    winding.branch_off(run, 2, 6)
    run.timeline.follow(set_training(circle(), learning_rate=0.5))
    run.timeline.advance(3)
    return run


def test_a_line_tells_what_differs_and_where_it_ends() -> None:
    main, branch = view_of(_branched()).lines
    assert (main.number, main.parent, main.last_step) == (1, None, 12)
    assert (branch.number, branch.parent, branch.forked_at, branch.last_step) == (2, 1, 6, 9)
    assert branch.before is not None
    assert (branch.before.training.learning_rate, branch.project.training.learning_rate) == (
        circle().training.learning_rate,
        0.5,
    )


def test_an_edit_right_at_the_fork_belongs_to_the_branch() -> None:
    run = _run(6)
    run.timeline.follow(set_training(circle(), learning_rate=0.5))
    run.timeline.advance(6)
    winding.branch_off(run, 2, 6)
    run.timeline.follow(set_training(circle(), learning_rate=0.25))
    branch = view_of(run).lines[1]
    assert branch.before is not None
    assert (branch.before.training.learning_rate, branch.project.training.learning_rate) == (0.5, 0.25)


def test_the_parent_of_a_line_is_the_nearest_that_is_there() -> None:
    run = _branched()
    winding.branch_off(run, 3, 8)
    winding.remove(run, 2)
    assert [(line.number, line.parent) for line in view_of(run).lines] == [(1, None), (3, 1)]
    winding.put_back(run, 2)
    assert {line.number: line.parent for line in view_of(run).lines} == {1: None, 2: 1, 3: 2}


def test_in_the_past_the_view_tells_the_whole_line() -> None:
    run = _branched()
    winding.seek(run, 7)
    view = view_of(run)
    assert (view.at_end, view.exact, view.last_step) == (False, True, 9)
    assert [(mark.step, mark.kind) for mark in view.marks] == [(6, "edited")]


def test_other_lines_stand_behind_as_they_were_left_and_are_drawn_once() -> None:
    run, backdrop = _branched(), Backdrop()
    (first,) = backdrop.ghosts(run)
    (second,) = backdrop.ghosts(run)
    assert (first.kind, first.number, first.last_step) == ("line", 1, 12)
    assert first.series is second.series
    run.switch(1)
    (other,) = backdrop.ghosts(run)
    assert (other.number, other.last_step) == (2, 9)


def test_a_line_that_went_on_is_drawn_anew() -> None:
    run, backdrop = _branched(), Backdrop()
    backdrop.ghosts(run)
    run.switch(1)
    run.timeline.advance(8)
    run.switch(2)
    (ghost,) = backdrop.ghosts(run)
    assert ghost.last_step == 20
    assert int(ghost.series["batch_loss"].last_step[-1]) == 19  # the first step is step 0


def test_a_run_that_ended_stands_behind_until_it_is_back() -> None:
    backdrop, ended, present = Backdrop(), _run(5, number=1), _run(number=2)
    backdrop.pin(1, ended)
    assert [(ghost.kind, ghost.number, ghost.last_step) for ghost in backdrop.ghosts(present)] == [
        ("run", 1, 5)
    ]
    assert backdrop.ghosts(ended) == ()


def test_a_run_that_was_brought_back_and_ends_again_stands_behind_once() -> None:
    backdrop, ended, present = Backdrop(), _run(5, number=1), _run(number=3)
    backdrop.pin(1, ended)
    backdrop.rename(1, "mine")
    ended.ids |= {2}  # as undo brings it back, under another number
    ended.timeline.advance(4)
    backdrop.pin(2, ended)
    (ghost,) = backdrop.ghosts(present)
    assert (ghost.number, ghost.name, ghost.last_step) == (2, "mine", 9)


def test_a_run_without_steps_has_no_curves() -> None:
    backdrop = Backdrop()
    backdrop.pin(1, _run())
    assert backdrop.ghosts(_run(number=2)) == ()


def test_of_many_runs_those_with_a_name_and_then_the_longest_stay() -> None:
    backdrop = Backdrop()
    for number in range(1, MOST_PINNED + 1):
        backdrop.pin(number, _run(number, number))
    backdrop.rename(1, "the first")
    backdrop.pin(20, _run(3, 20))
    left = [ghost.number for ghost in backdrop.ghosts(_run(number=99))]
    assert left == [1, *range(3, MOST_PINNED + 1), 20]


def test_what_stands_behind_is_hidden_thrown_away_and_brought_back() -> None:
    backdrop, present = Backdrop(), _run(number=2)
    backdrop.pin(1, _run(5))
    backdrop.show(("run", 1), shown=False)
    assert [ghost.shown for ghost in backdrop.ghosts(present)] == [False]
    backdrop.remove(1)
    assert backdrop.ghosts(present) == ()
    backdrop.put_back(1)
    backdrop.show(("run", 1), shown=True)
    assert [ghost.shown for ghost in backdrop.ghosts(present)] == [True]
    backdrop.clear()
    assert backdrop.ghosts(present) == ()


def test_after_a_failure_the_view_names_a_good_step() -> None:
    run = Run(Timeline(Session(set_training(EXAMPLES["plane"].build(), learning_rate=30.0))))
    run.timeline.advance(10_000)
    assert run.session.stopped_by == "diverged"
    view = view_of(run)
    assert view.good is not None
    assert view.good[0] < view.last_step
    assert view.good_project == run.session.project
