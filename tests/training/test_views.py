from __future__ import annotations

import numpy as np
import pytest

from bpviz.training.paths import RUNNERS
from bpviz.training.series import SERIES
from bpviz.training.session import Session
from bpviz.training.snapshot import Path
from bpviz.training.wants import everything
from tests.training.projects import circle, sine


def test_nothing_is_in_a_snapshot_that_nobody_wants() -> None:
    snapshot = Session(circle()).snapshot(run_id=3)
    assert snapshot.run_id == 3
    assert not snapshot.series
    empty = (snapshot.nodes, snapshot.parameters, snapshot.trace, snapshot.plane, snapshot.node_planes)
    assert empty == (None, None, None, None, None)


@pytest.mark.parametrize("path", RUNNERS)
@pytest.mark.parametrize("hidden", [(3, 2), (24, 24)], ids=["a list of links", "matrices"])
def test_a_snapshot_stays_as_it_was(hidden: tuple[int, ...], path: Path) -> None:
    session = Session(circle(*hidden), path=path)
    session.advance(3)
    wants = everything() - {"trace"}
    snapshot = session.snapshot(wants)
    assert snapshot.parameters is not None
    assert snapshot.nodes is not None
    kept = (
        snapshot.parameters.copy(),
        snapshot.nodes.of("delta").copy(),
        snapshot.series["batch_loss"].mean.copy(),
    )
    session.advance(50)
    assert np.array_equal(snapshot.parameters, kept[0])
    assert np.array_equal(snapshot.nodes.of("delta"), kept[1])
    assert np.array_equal(snapshot.series["batch_loss"].mean, kept[2])
    with pytest.raises(ValueError, match="read-only"):
        snapshot.parameters[0] = 0.0


def test_without_a_test_part_there_are_no_test_series() -> None:
    session = Session(circle(train_share=1.0))
    snapshot = session.snapshot(frozenset(SERIES))
    layers = {f"{name}/{layer}" for name in ("gradient", "ratio") for layer in session.compiled.layer_ids[1:]}
    assert set(snapshot.series) == {"batch_loss", "batch_cost", "train_loss", "train_accuracy", *layers}
    assert snapshot.test_loss is None


def test_regression_has_no_accuracy() -> None:
    snapshot = Session(sine()).snapshot(frozenset({"train_accuracy", "test_accuracy", "confusion"}))
    assert not snapshot.series
    assert (snapshot.train_accuracy, snapshot.confusion) == (None, None)
