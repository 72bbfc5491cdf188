"""Other runs stand faintly behind the present one in loss and accuracy, and the past is marked everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bpviz.training.figure import Axis, Figure
from bpviz.training.figure_rows import figure_rows
from bpviz.training.figures import PLOTS
from bpviz.training.marks import Line
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline_view import Ghost, LineView, TimelineView
from bpviz.training.wants import everything
from tests.training.marks import faint
from tests.training.projects import circle, retrained

PROJECT = circle()
OTHER = retrained(PROJECT, learning_rate=0.5)


def run(steps: int, **others: Any) -> Snapshot:
    session = Session(PROJECT)
    session.advance(steps)
    return replace(session.snapshot(everything()), project=PROJECT, **others)


def ghost(number: int, steps: int, kind: Any = "run", **others: Any) -> Ghost:
    session = Session(OTHER)
    session.advance(steps)
    return Ghost(kind, number, "", None, OTHER, steps, series=session.snapshot(everything()).series, **others)


def timeline(last: int, *, at_end: bool, lines: tuple[LineView, ...] = ()) -> TimelineView:
    return TimelineView(0, last, at_end, True, 1, lines, ())


def figure(name: str, snapshot: Snapshot) -> Figure:
    return PLOTS[name].figure(snapshot)


def test_a_run_is_one_line_of_what_was_measured_over_epochs() -> None:
    earlier = ghost(3, 60)
    (line,) = figure("loss", run(40, ghosts=(earlier,))).behind
    assert np.array_equal(line.y, earlier.series["train_loss"].mean)
    assert line.name == f"learning rate {PROJECT.training.learning_rate:g} → 0.5"
    (line,) = figure("accuracy", run(40, ghosts=(earlier,))).behind
    assert np.array_equal(line.y, 100 * earlier.series["train_accuracy"].mean)


def test_where_no_epoch_was_measured_it_is_a_line_of_batches_and_no_accuracy() -> None:
    earlier = ghost(3, 60)
    short = replace(earlier, series={"batch_loss": earlier.series["batch_loss"]})
    (line,) = figure("loss", run(40, ghosts=(short,))).behind
    assert line.y.size == 60
    assert figure("accuracy", run(40, ghosts=(short,))).behind == ()


def test_what_is_hidden_is_not_drawn() -> None:
    found = figure("loss", run(40, ghosts=(ghost(3, 60, shown=False),)))
    assert (found.behind, found.behind_name) == ((), "")


@pytest.mark.parametrize(
    ("kinds", "name"),
    [
        (("run", "run"), "Earlier runs"),
        (("line",), "Other branches"),
        (("run", "line"), "Branches and earlier runs"),
    ],
)
def test_all_together_have_one_name(kinds: tuple[str, ...], name: str) -> None:
    ghosts = tuple(ghost(at, 20, kind) for at, kind in enumerate(kinds, start=2))
    lines = (LineView(1, None, 0, "", None, PROJECT, 40, 0.1), LineView(2, 1, 7, "", None, OTHER, 20, 0.1))
    found = figure("loss", run(40, ghosts=ghosts, timeline=timeline(40, at_end=True, lines=lines)))
    assert found.behind_name == name
    if kinds == ("line",):
        assert found.behind[0].name == "from step 7"


def test_before_the_first_step_earlier_runs_are_seen() -> None:
    found = figure("loss", replace(run(0, ghosts=(ghost(3, 60),)), series={}))
    assert not found.is_empty
    assert found.curves == ()


def test_tables_hold_what_stands_behind() -> None:
    header, rows = figure_rows(figure("loss", run(40, ghosts=(ghost(3, 60),))))
    assert header[0] == "series"
    assert sum("→ 0.5" in str(row[0]) for row in rows) == ghost(3, 60).series["train_loss"].mean.size


def test_a_place_in_the_past_is_marked_in_every_plot_over_steps() -> None:
    past = replace(run(40), step=17, timeline=timeline(40, at_end=False))
    for name in ("loss", "accuracy", "gradients", "ratios", "deltas"):
        for snapshot, here in ((past, 17), (replace(past, timeline=timeline(40, at_end=True)), None)):
            found = PLOTS[name].figure(snapshot)
            assert found.here == here
            if found.alternative is not None:
                assert found.alternative.here == here


def line(*y: float) -> Line:
    steps, values = np.arange(len(y)), np.array(y, dtype=float)
    return Line("x", steps, steps, values, values, values, "train")


def curves(*shown: Line, behind: tuple[Line, ...]) -> Figure:
    return Figure("loss", "Loss", Axis("Step"), Axis("Loss"), (*shown, *faint(*behind)), "Nothing.")


def test_an_axis_takes_in_what_stands_behind_but_not_a_run_that_left_the_finite_numbers() -> None:
    found = curves(line(0.5, 0.4), behind=(line(2.0, 0.25, 3.0), line(0.75, 1e100)))
    assert found.behind_reach == (0.25, 7.5)
    assert curves(behind=(line(0.5, 0.25),)).behind_reach == (0.25, 0.5)
    assert np.isnan(curves(line(0.5), behind=()).behind_reach).all()
    assert curves(line(90.0), behind=(line(0.0, 50.0),)).behind_reach == (0.0, 50.0)
