from __future__ import annotations

import numpy as np
import pytest

from bpviz.training.beginning import prepared_data
from bpviz.training.probes import Plane
from bpviz.training.session import Session
from tests.training.projects import circle, iris


def test_a_map_holds_the_answer_in_the_middle_of_each_cell() -> None:
    session = Session(circle())
    plane = Plane.of(session.prepared)
    assert plane is not None
    made = plane.outputs(session.compiled, session.parameters, size=5)
    left, right, bottom, top = made.extent
    raw = np.array([[left + 0.7 * (right - left), bottom + 0.3 * (top - bottom)]])
    assert made.values.shape == (1, 5, 5)
    assert made.values[0, 1, 3] == pytest.approx(session.outputs(raw)[0, 0], rel=1e-12)


def test_the_plane_shows_every_example_with_some_room_around() -> None:
    plane = Plane.of(prepared_data(circle()))
    assert plane is not None
    left, right, bottom, top = plane.extent
    assert left < plane.points.x.min() < plane.points.x.max() < right
    assert bottom < plane.points.y.min() < plane.points.y.max() < top


def test_points_tell_training_from_test() -> None:
    prepared = prepared_data(circle())
    plane = Plane.of(prepared)
    assert plane is not None
    assert np.flatnonzero(plane.points.test).tolist() == prepared.test_rows.tolist()
    assert plane.points.classes == prepared.dataset.classes


def test_every_node_has_a_map_in_the_order_of_the_plan() -> None:
    session = Session(circle(3, 2))
    planes = session.snapshot(frozenset({"node_maps"})).node_planes
    assert planes is not None
    assert planes.node_ids == tuple(node for nodes in session.compiled.node_ids for node in nodes)
    assert planes.values.shape[0] == 8
    x = planes.values[0]
    assert (np.diff(x, axis=1) > 0).all()  # the first input grows to the right
    assert (np.diff(planes.values[1], axis=0) > 0).all()  # the second one upward


def test_data_with_other_columns_have_no_plane() -> None:
    assert Plane.of(prepared_data(iris())) is None
    snapshot = Session(iris()).snapshot(frozenset({"map", "node_maps"}))
    assert (snapshot.plane, snapshot.node_planes) == (None, None)
