from __future__ import annotations

import numpy as np
import pytest

from bpviz.training.session import Session
from tests.training.projects import circle, sine


def test_nothing_is_in_a_snapshot_that_nobody_wants() -> None:
    snapshot = Session(circle()).snapshot(run_id=3)
    assert snapshot.run_id == 3
    assert not snapshot.series
    empty = (snapshot.deltas, snapshot.parameters, snapshot.trace, snapshot.plane, snapshot.node_planes)
    assert empty == (None, None, None, None, None)


def test_a_snapshot_stays_as_it_was() -> None:
    session = Session(circle())
    session.advance(3)
    wants = frozenset({"loss", "gradients", "deltas", "parameters", "map", "node_maps", "confusion"})
    snapshot = session.snapshot(wants)
    assert snapshot.parameters is not None
    assert snapshot.deltas is not None
    kept = (
        snapshot.parameters.copy(),
        snapshot.deltas.signed.copy(),
        snapshot.series["batch_loss"].mean.copy(),
    )
    session.advance(50)
    assert np.array_equal(snapshot.parameters, kept[0])
    assert np.array_equal(snapshot.deltas.signed, kept[1])
    assert np.array_equal(snapshot.series["batch_loss"].mean, kept[2])
    with pytest.raises(ValueError, match="read-only"):
        snapshot.parameters[0] = 0.0


def test_without_a_test_part_there_are_no_test_series() -> None:
    session = Session(circle(train_share=1.0))
    snapshot = session.snapshot(frozenset({"loss", "accuracy"}))
    assert set(snapshot.series) == {"batch_loss", "batch_cost", "train_loss", "train_cost", "train_accuracy"}
    assert snapshot.test_loss is None


def test_regression_has_no_accuracy() -> None:
    snapshot = Session(sine()).snapshot(frozenset({"accuracy", "confusion"}))
    assert not snapshot.series
    assert (snapshot.train_accuracy, snapshot.confusion) == (None, None)
