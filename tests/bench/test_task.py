"""Every contender of a line gets the same problem, and bpviz's own solve it as a session does."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.bench.nets import NETS, PRECISIONS, Precision
from bpviz.bench.task import EngineContender, Task
from bpviz.training.session import Session


def test_operations_are_counted_by_hand_for_a_small_network() -> None:
    # 2-4-2-1: 8 weights out of the input take part in two products, the other 10 in three; 10 examples.
    assert Task.of(NETS["2-4-2-1"], "sgd", "float64").operations_a_step == 2 * (2 * 8 + 3 * 10) * 10


def test_removed_links_cost_nothing() -> None:
    dense, sparse = (
        Task.of(NETS[name], "sgd", "float64").operations_a_step for name in ("2-8-8-8-1", "2-8-8-8-1-sparse")
    )
    assert sparse < dense


@pytest.mark.parametrize("precision", PRECISIONS)
def test_the_reference_contender_takes_the_steps_of_a_session(precision: Precision) -> None:
    net = NETS["4-16-3"]
    contender = EngineContender(Task.of(net, "adam", precision), "reference")
    contender.run(25)
    session = Session(net.project("adam", precision))
    session.advance(25)
    np.testing.assert_array_equal(contender.progress.state.parameters, session.parameters)
    assert contender.progress.history.steps.records == 25


def test_a_restart_goes_back_to_the_first_step() -> None:
    task = Task.of(NETS["2-4-2-1"], "sgd", "float64")
    contender = EngineContender(task, "reference")
    contender.run(3)
    contender.restart()
    assert contender.progress.state.step == contender.progress.history.steps.records == 0
    np.testing.assert_array_equal(contender.progress.state.parameters, task.start)
