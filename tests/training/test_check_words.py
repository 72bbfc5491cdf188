"""What a gradient check found, in words: each outcome has its own."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from bpviz.arrays import Array
from bpviz.engine import gradcheck
from bpviz.engine.gradcheck import GradientCheck, Verdict, check
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule
from bpviz.training.check_words import VERDICTS, alarm, check_sentences, error_text, verdict_text
from tests.engine.networks import make_plan


def _good() -> GradientCheck:
    plan = make_plan([1, 1, 1], ["tanh", "linear"])
    return check(plan, Rule(), np.array([0.5, 2.0, 0.1, 0.0]), np.array([[2.0]]), np.array([[1.0]]))


def _kinked() -> GradientCheck:
    plan = make_plan([1, 1, 1], ["relu", "linear"])
    return check(plan, Rule(), np.array([0.5, 2.0, -1.0, 0.0]), np.array([[2.0]]), np.array([[1.0]]))


def _small() -> GradientCheck:
    plan = make_plan([1] + [1] * 10, ["sigmoid"] * 10)
    return check(plan, Rule(), np.full(plan.size, 0.05), np.array([[1.0]]), np.array([[1.0]]))


def _huge() -> GradientCheck:
    plan = make_plan([1, 1], ["linear"])
    return check(plan, Rule(), np.array([1e200, 0.0]), np.array([[1e200]]), np.array([[0.0]]))


def test_every_verdict_has_its_words() -> None:
    assert set(VERDICTS) == set(get_args(Verdict))
    assert len(set(VERDICTS.values())) == len(VERDICTS)


def test_a_good_check_says_so_and_nothing_else() -> None:
    (sentence,) = check_sentences(_good())
    assert sentence.startswith("Backpropagation is right")
    assert "up to 1.0e−06 passes" in sentence
    assert alarm(_good()) == ""
    assert [verdict_text(layer) for layer in _good().layers] == ["good", "good"]


def test_a_kink_is_an_outcome_of_its_own() -> None:
    found = _kinked()
    right, kinks = check_sentences(found)
    assert right.startswith("Backpropagation is right")
    assert kinks.startswith("At a kink: moving 2 of 4 weights and biases")
    assert (error_text(found.layers[0]), verdict_text(found.layers[0])) == ("–", "at kinks only")
    assert alarm(found) == ""


def test_what_is_too_small_to_judge_is_named() -> None:
    found = _small()
    assert any(
        sentence.startswith("Too small to judge: the gradient of Hidden 1")
        for sentence in check_sentences(found)
    )
    assert verdict_text(found.layers[0]) == "too small to judge"
    assert alarm(found) == ""


def test_what_is_not_finite_is_no_alarm() -> None:
    assert check_sentences(_huge())[0].startswith("The cost or its gradient is not finite here")
    assert error_text(_huge().layers[0]) == "–"
    assert alarm(_huge()) == ""


def test_a_wrong_gradient_is_one_line_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(plan: Plan, rule: Rule, parameters: Array) -> Array:
        return np.array([0.3, 0.0, 0.0, 0.0])

    monkeypatch.setattr(gradcheck, "penalty_gradient", wrong)
    found = _good()
    assert alarm(found) == check_sentences(found)[0]
    assert alarm(found).startswith("Backpropagation and differences of the cost do not agree in Hidden 1: ")
    assert "\n" not in alarm(found)
