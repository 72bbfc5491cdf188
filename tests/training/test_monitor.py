from __future__ import annotations

import pytest

from bpviz.model.spec import Stop
from bpviz.training.monitor import Monitor
from bpviz.training.run_state import Watch
from bpviz.training.session import Session
from tests.training.projects import circle, retrained
from tests.training.test_runner import begun


def test_the_start_is_measured_and_recorded() -> None:
    session = Session(circle())
    assert session.metrics == session.evaluate()
    assert session.history.epochs.records == 1
    assert session.history.series({"train_loss"})["train_loss"].last.tolist() == [session.metrics.train_loss]


@pytest.mark.parametrize(
    ("stop", "watch", "alone", "steps"),
    [
        (Stop(), Watch(), False, 3),  # the end of each epoch, while all of them fit
        (Stop(), Watch(), True, 3 * 2048),  # a runner that measures by itself: until its bins merge
        (Stop(patience=2), Watch(), True, 3),
        (Stop(patience=2), Watch(waived=("patience",)), True, 3 * 2048),
        (Stop(epochs=5), Watch(), True, 15),
        (Stop(epochs=5), Watch(waived=("epochs",)), True, 3 * 2048),
    ],
)
def test_it_looks_again_where_something_may_be_due(stop: Stop, watch: Watch, alone: bool, steps: int) -> None:
    _, progress = begun()
    monitor = Monitor()
    monitor.watch = watch
    assert monitor.until_look(progress, stop, alone=alone) == steps


def test_an_edit_is_measured_at_once_but_recorded_only_before_the_first_step() -> None:
    session = Session(circle(penalty="l2", penalty_rate=0.1))
    before = session.metrics.train_cost
    session.follow(retrained(session.project, penalty_rate=0.9))
    assert session.metrics.train_cost > before
    assert session.history.series({"train_cost"})["train_cost"].last.tolist() == [session.metrics.train_cost]
    session.advance(2)
    session.follow(retrained(session.project, penalty_rate=0.1))
    assert session.metrics == session.evaluate()
    assert session.history.epochs.records == 1


def test_between_ends_of_epochs_the_figures_are_those_of_the_last() -> None:
    session = Session(circle())
    session.advance(3)
    measured = session.metrics
    assert measured == session.evaluate()
    session.advance(2)
    assert session.metrics == measured
    assert session.metrics != session.evaluate()
