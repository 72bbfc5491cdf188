"""The table of series: each is recorded where it says; a new one is one entry, also in files of before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bpviz.files.project import Saved, open_project, save_project
from bpviz.files.runs import saved_run
from bpviz.palette import LIGHT
from bpviz.training.run import Run
from bpviz.training.series import SERIES, Measured, Series, only_fast
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline
from bpviz.training.timeline_state import taken_up
from tests.training.projects import circle, iris

GOLDEN = Path(__file__).parent.parent / "files" / "golden"


def weight_size(here: Measured) -> float:
    return float(np.abs(here.parameters).mean())


ADDED = (
    Series("sum_of_delta", "Sum of delta", step=lambda made: float(made.deltas[0].sum())),
    Series("kinks", "Zero slopes", step=lambda made: np.arange(len(made.plan.layers) - 1.0), of="layer"),
    Series("output", "Output", step=lambda made: 2 * made.deltas[1], of="node"),
    Series("weight_size", "Weight size", epoch=weight_size),
)


@pytest.fixture
def more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table with a series of each kind that no kernel knows."""
    monkeypatch.setattr(SERIES, "_entries", {**SERIES, **{series.name: series for series in ADDED}})


@pytest.mark.parametrize("series", SERIES.values(), ids=SERIES.keys())
def test_every_series_is_read_somewhere_and_can_be_drawn(series: Series) -> None:
    assert (series.step is None) != (series.epoch is None)
    assert series.label
    assert series.of == "run" or series.table != "epochs"
    assert LIGHT.color(series.color).startswith("#")
    assert series.fast, "no series slows down what is built in"


def test_a_series_is_there_only_where_a_run_has_what_it_needs() -> None:
    wants = frozenset(SERIES)
    assert "train_cost" not in Session(circle()).snapshot(wants).series
    assert "train_cost" in Session(circle(penalty="l2", penalty_rate=0.1)).snapshot(wants).series
    assert "test_accuracy" not in Session(circle(train_share=1.0)).snapshot(wants).series


@pytest.mark.usefixtures("more")
@pytest.mark.parametrize("path", ["reference", "kernel"])
def test_a_new_series_is_recorded_of_every_step_layer_node_and_epoch(path: str) -> None:
    session = Session(circle(3, 2), path="kernel" if path == "kernel" else "reference")
    made = session.peek()
    session.advance(2 * session.steps_per_epoch)
    snapshot = session.snapshot(frozenset(SERIES))
    sums = snapshot.series["sum_of_delta"]
    assert sums.first.size == session.step
    assert sums.mean[0] == pytest.approx(sum(delta.mean(axis=0).sum() for delta in made.trace.delta[1:]))
    layers = [snapshot.series[f"kinks/{layer}"].mean for layer in session.compiled.layer_ids[1:]]
    assert [values.tolist() for values in layers] == [[float(at)] * session.step for at in range(3)]
    assert snapshot.nodes is not None
    np.testing.assert_array_equal(snapshot.nodes.of("output"), 2 * snapshot.nodes.of("delta_size"))
    sizes = snapshot.series["weight_size"]
    assert sizes.mean.size == 3
    assert sizes.last[-1] == np.abs(session.parameters).mean()


@pytest.mark.usefixtures("more")
def test_with_a_new_series_a_run_goes_through_edits_and_branches() -> None:
    run = Run(Timeline(Session(circle(3, 2))))
    run.timeline.advance(20)
    run.branch(5, learning_rate=0.5)
    run.timeline.advance(5)
    sums = run.session.snapshot(frozenset(SERIES)).series["sum_of_delta"]
    assert sums.last_step.tolist() == list(range(10))


def test_a_file_of_before_opens_and_a_new_series_begins_empty_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Session(iris())
    before.advance(30)
    save_project(tmp_path / "before.bpviz", Saved(before.project, before.state()))
    monkeypatch.setattr(SERIES, "_entries", {**SERIES, **{series.name: series for series in ADDED}})
    for path in (tmp_path / "before.bpviz", *GOLDEN.glob("*.bpviz")):
        saved = open_project(path)
        assert saved.state is not None
        session = Session(saved.project, state=saved.state)
        done = session.step
        old = session.snapshot(frozenset(SERIES)).series
        assert old["batch_loss"].mean.size
        assert old["sum_of_delta"].mean.size == 0
        session.go_on()  # past a stop rule, if it had come that far
        session.advance(4)
        new = session.snapshot(frozenset(SERIES)).series["sum_of_delta"]
        assert new.last_step[-1] == done + 3


@pytest.mark.usefixtures("more")
def test_a_timeline_with_a_new_series_comes_back_from_its_file(tmp_path: Path) -> None:
    run = Run(Timeline(Session(circle(3, 2))))
    run.timeline.advance(20)
    run.branch(5, learning_rate=0.5)
    run.timeline.advance(5)
    save_project(tmp_path / "run.bpviz", saved_run(run, 8.0))
    saved = open_project(tmp_path / "run.bpviz")
    assert saved.state is not None
    session = Session(saved.project, state=saved.state)
    timeline, lost = taken_up(session, saved.timeline, 10**6)
    assert not lost
    assert set(timeline.lines) == set(run.timeline.lines)
    for number, line in timeline.lines.items():
        assert line.history.shape == run.timeline.lines[number].history.shape


def test_columns_that_no_file_has_are_refused() -> None:
    session = Session(circle())
    session.advance(5)
    state = session.state()
    short = {name: array[:, :-1] if array.ndim == 2 else array for name, array in state.history.items()}
    with pytest.raises(Exception, match="does not fit the network"):
        Session(session.project, state=replace(state, history=short))
    assert only_fast("steps")
