from __future__ import annotations

import numpy as np
import pytest

from bpviz.model.spec import Project
from bpviz.training import evaluate
from bpviz.training.session import Session
from tests.training.projects import circle, iris, sine


def test_large_parts_are_measured_in_pieces_and_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(circle())
    whole = session.evaluate()
    monkeypatch.setattr(evaluate, "_NUMBERS_AT_ONCE", 40)
    pieces = session.evaluate()
    assert pieces.train_accuracy == whole.train_accuracy
    assert pieces.train_loss == pytest.approx(whole.train_loss, rel=1e-14)
    assert pieces.test_loss == pytest.approx(whole.test_loss, rel=1e-14)


def test_the_cost_is_the_loss_and_the_penalty() -> None:
    session = Session(iris(penalty="l2", penalty_rate=2.0))
    weights = session.parameters[: session.compiled.plan.weight_count]
    metrics = session.metrics
    assert metrics.train_cost - metrics.train_loss == pytest.approx(
        2.0 / (2 * 105) * float(weights @ weights)
    )


def test_the_loss_is_the_mean_over_the_training_part() -> None:
    session = Session(sine())
    prepared = session.prepared
    outputs = session.outputs(prepared.dataset.inputs[prepared.train_rows])
    expected = 0.5 * float(((outputs - prepared.train_y) ** 2).mean())
    assert session.metrics.train_loss == pytest.approx(expected, rel=1e-13)
    assert session.metrics.train_accuracy is None


def test_without_a_test_part_the_training_part_is_counted() -> None:
    confusion = Session(circle(train_share=1.0)).snapshot(frozenset({"confusion"})).confusion
    assert confusion is not None
    assert (confusion.part, int(confusion.counts.sum())) == ("training", 46)


def test_the_diagonal_of_the_confusion_is_the_accuracy() -> None:
    session = Session(iris())
    session.advance(100)
    confusion = session.snapshot(frozenset({"confusion"})).confusion
    assert confusion is not None
    share = np.trace(confusion.counts) / confusion.counts.sum()
    assert session.evaluate().test_accuracy == pytest.approx(share)


@pytest.mark.parametrize("project", [circle(), iris()], ids=["one output", "an output a class"])
def test_outputs_that_are_no_numbers_are_no_right_answers(project: Project) -> None:
    session = Session(project)
    nowhere = np.full_like(session.parameters, np.nan)
    metrics = session._monitor.evaluator.metrics(nowhere)
    assert (metrics.train_accuracy, metrics.test_accuracy) == (0.0, 0.0)
    confusion = session._monitor.evaluator.confusion(nowhere)
    assert confusion is not None
    assert confusion.counts.sum() == 0
