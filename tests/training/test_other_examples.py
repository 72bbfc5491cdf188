"""Examples drawn, moved and removed while a run trains: it goes on, and nothing but they changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpviz.data.points import Point, moved_point, with_points, without_points
from bpviz.data.settings import DataSettings, Table
from bpviz.engine.update import step
from bpviz.errors import BpvizError
from bpviz.model.builder import layered_network
from bpviz.model.impact import Impact, impact
from bpviz.model.spec import Project, Training
from bpviz.training.paths import RUNNERS
from bpviz.training.run_state import RunState
from bpviz.training.session import Session
from bpviz.training.snapshot import Path
from tests.training.projects import circle, equal

ROWS = tuple((str(k), str(k * k % 7), "ab"[k % 2], f"note {k}") for k in range(20))
TABLE = Table("own.csv", ("u", "v", "kind", "remark"), ROWS)
OWN = DataSettings(source="table", table=TABLE, targets=("kind",), scaling="standardize", train_share=0.5)


def own(**training: object) -> Project:
    network = layered_network(("u", "v"), (3,), 1, output_activation="sigmoid")
    settings = Training(seed=3, loss="binary_cross_entropy", optimizer="adam", batch_size=4)
    return Project(network, OWN, replace(settings, **training))  # type: ignore[arg-type]


def learning(project: Project, data: DataSettings) -> Project:
    return replace(project, data=data)


def added(project: Project, *points: Point) -> Project:
    return learning(project, with_points(project.data, project.training.seed, points))


@pytest.mark.parametrize("path", RUNNERS)
def test_weights_memory_scale_and_sides_stay_and_the_next_epoch_begins(path: Path) -> None:
    session = Session(own(), path=path)
    session.advance(7)  # an epoch of 10 examples has 3 steps
    before, prepared = session.state(), session.prepared
    assert session.follow(added(session.project, Point(100.0, 3.0, "a"), Point(5.5, 2.0, "b")))
    after = session.state()
    for name in ("parameters", "start", "slots"):
        assert np.array_equal(getattr(before, name), getattr(after, name))
    assert (after.step, after.rewirings, session.events[-1].kind) == (7, 0, "edited")
    assert (after.place.epoch, after.place.position) == (before.place.epoch + 1, 0)
    assert session.prepared.input_scaling is prepared.input_scaling
    assert session.prepared.train_rows.tolist() == [*prepared.train_rows.tolist(), 20]
    assert session.prepared.test_rows.tolist() == [*prepared.test_rows.tolist(), 21]
    assert session.rule.examples == 11
    assert session.advance(6) == 6
    assert session.epoch == before.place.epoch + 3


def test_the_next_step_is_that_of_the_new_examples() -> None:
    session = Session(own(batch_size=None, shuffle="never"))
    session.advance(2)
    assert session.follow(added(session.project, Point(3.5, 1.0, "a")))
    parts = session.prepared
    state = session._progress.state
    made = step(session.compiled.plan, session.rule, state, parts.train_x, parts.train_y, 0.03)
    session.advance(1)
    assert np.array_equal(session.parameters, made.after.parameters)


def test_undo_puts_an_example_back_where_it_was() -> None:
    project = own()
    session = Session(project)
    session.advance(5)
    rows = session.prepared.train_rows
    for gone in ([3], [0, 1, 2], [int(rows[0])]):
        assert session.follow(learning(project, without_points(OWN, 3, gone)))
        session.advance(2)
        assert session.follow(project)
        assert session.prepared.train_rows.tolist() == rows.tolist()


def test_drawn_data_become_a_table_without_a_new_start() -> None:
    session = Session(circle())
    session.advance(9)
    numbers = session.parameters
    after = added(session.project, Point(0.5, 0.5, "disk"))
    assert impact(session.project, after) == (Impact.REWIRE, "")
    assert session.follow(after)
    assert np.array_equal(session.parameters, numbers)
    assert len(session.prepared.train_x) + len(session.prepared.test_x) == 47
    assert session.story.told[-1] == (9, "examples 46 → 47")
    assert impact(after, circle()) == (Impact.REWIRE, ""), "undo of the first point is no new start either"
    assert session.follow(learning(after, moved_point(after.data, 7, 46, 1.0, 1.0)))
    assert session.story.told[-1][1] == "examples 46 → 47"


def test_a_point_is_seen_by_the_maps_and_the_metrics_at_once() -> None:
    session = Session(circle(train_share=1.0))
    session.advance(9)
    before = session.metrics
    assert session.follow(added(session.project, *[Point(0.0, 0.0, "ring")] * 20))
    assert session.metrics.train_loss == session.evaluate().train_loss != before.train_loss
    seen = session.snapshot(frozenset({"map"})).plane
    assert seen is not None
    assert seen.points is not None
    assert len(seen.points.x) == 66


@pytest.mark.parametrize(
    "data",
    [
        replace(OWN, table=replace(TABLE, rows=(*ROWS, ("1", "2", "c", "")))),
        replace(OWN, table=replace(TABLE, columns=("u", "w", "kind", "remark"))),
        replace(OWN, targets=("v",)),
        replace(OWN, scaling="none"),
        replace(OWN, train_share=0.6),
        DataSettings(source="xor"),
    ],
    ids=["class", "column", "target", "scaling", "share", "source"],
)
def test_what_changes_more_than_examples_starts_again(data: DataSettings) -> None:
    session = Session(own())
    reach, why = impact(session.project, learning(own(), data))
    assert (reach, bool(why)) == (Impact.RESTART, True)
    assert not session.follow(learning(own(), data))


def test_examples_that_can_not_be_learned_leave_the_run_as_it_was() -> None:
    session = Session(own())
    session.advance(4)
    before = session.state()
    gap = replace(OWN, table=replace(TABLE, rows=(*ROWS, ("", "2", "a", ""))))
    with pytest.raises(BpvizError, match="Row 21 has no value"):
        session.follow(learning(own(), gap))
    assert equal(session.state(), before)
    assert session.project == own()


def test_a_note_that_is_edited_changes_nothing_that_is_learned() -> None:
    session = Session(own())
    session.advance(4)
    sides = session.prepared.train_rows
    noted = replace(TABLE, rows=(("0", "0", "a", "another note"), *ROWS[1:]))
    assert session.follow(learning(own(), replace(OWN, table=noted)))
    assert session.prepared.train_rows.tolist() == sides.tolist()


def test_a_saved_run_has_the_same_examples_and_goes_on() -> None:
    session = Session(own())
    session.advance(5)
    session.follow(added(session.project, Point(3.0, 3.0, "a"), Point(4.0, 4.0, "b")))
    session.advance(5)
    state: RunState = session.state()
    again = Session(session.project, state=state)
    for run in (session, again):
        run.advance(25)
    assert equal(session.state(), again.state())
    assert session.prepared.train_rows.tolist() == again.prepared.train_rows.tolist()
