"""The gradient check, its guard, its cost and the inputs' gradient, in the whole window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from bpviz.arrays import Array
from bpviz.engine import gradcheck
from bpviz.engine.gradcheck import GradientCheck
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule
from bpviz.model.edits import set_training
from bpviz.model.spec import WeightAddress
from bpviz.training.marks import Heat
from bpviz.ui.main_window import MainWindow
from bpviz.ui.proof import proving
from bpviz.ui.proof.check_dialog import CheckDialog
from bpviz.ui.proof.checked import Checked
from bpviz.ui.proof.cost_dialog import CostDialog
from bpviz.ui.proof.dialog import ProofDialog
from bpviz.ui.proof.input_dialog import InputDialog
from tests.ui.conftest import Answers


def _dialog(window: MainWindow, kind: type[ProofDialog]) -> ProofDialog:
    (found,) = window.findChildren(kind)
    return found


def _check(window: MainWindow, qtbot: QtBot) -> CheckDialog:
    window.actions_by_name["check_gradient"].trigger()
    dialog = _dialog(window, CheckDialog)
    assert isinstance(dialog, CheckDialog)
    qtbot.waitUntil(lambda: bool(dialog.said.text()) or bool(dialog.problem.text()))
    return dialog


def _edit(window: MainWindow, rate: float) -> None:
    window.document.apply("set the rate", lambda project: set_training(project, learning_rate=rate))


@pytest.fixture
def mazur(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A small network, its first snapshot drawn."""
    window.files.open_example("mazur")
    qtbot.waitUntil(lambda: window.controller.latest is not None)
    return window


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gradient that is not that of the cost."""

    def shifted(plan: Plan, rule: Rule, parameters: Array) -> Array:
        return np.where(np.arange(plan.size) == 0, 0.1, 0.0)

    monkeypatch.setattr(gradcheck, "penalty_gradient", shifted)


def test_a_check_says_its_verdict_for_each_layer(mazur: MainWindow, qtbot: QtBot) -> None:
    dialog = _check(mazur, qtbot)
    assert dialog.isVisible()
    assert dialog.said.text().startswith("Backpropagation is right")
    assert [(name, verdict) for name, _, verdict in dialog.rows.texts] == [
        ("Hidden 1", "good"),
        ("Output", "good"),
    ]
    assert "On 1 example" in dialog.about.text()
    assert not dialog.bar.isVisible()


def test_links_of_a_layer_that_has_several_are_told_one_by_one(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("xor_one_node")
    qtbot.waitUntil(lambda: window.controller.latest is not None)
    rows = _check(window, qtbot).rows.texts
    assert [name.strip() for name, _, _ in rows] == [
        "Hidden 1",
        "Output",
        "weights from Input",
        "weights from Hidden 1",
    ]


def test_what_a_check_found_can_be_read_by_address(mazur: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(mazur.proving.checked) as caught:
        _check(mazur, qtbot)
    (checked,) = caught.args
    assert isinstance(checked, Checked)
    network = mazur.document.project.network
    first = WeightAddress(network.layers[0].nodes[0].id, network.layers[1].nodes[0].id)
    assert 0 <= checked.errors()[first] < 1e-6
    assert set(checked.links()) == {(link.source, link.target) for link in network.links}
    assert len(mazur.proving.tags.texts) == 2
    assert all("e−" in text for text in mazur.proving.tags.texts)
    # It holds until something changes.
    with qtbot.waitSignal(mazur.proving.checked, check_params_cb=lambda found: found is None):
        mazur.actions_by_name["step_batch"].trigger()
    assert not mazur.proving.tags.texts


def test_a_check_can_be_stopped_and_made_again(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits")
    qtbot.waitUntil(lambda: window.controller.latest is not None)
    window.actions_by_name["check_gradient"].trigger()
    dialog = _dialog(window, CheckDialog)
    qtbot.waitUntil(lambda: dialog.bar.maximum() > 0)
    assert dialog.button.text() == "Stop"
    QTest.mouseClick(dialog.button, Qt.MouseButton.LeftButton)
    assert dialog.button.text() == "Check again"
    assert not dialog.bar.isVisible()
    assert not dialog.said.text()
    QTest.mouseClick(dialog.button, Qt.MouseButton.LeftButton)
    assert dialog.button.text() == "Stop"
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Close), Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


def test_a_drawing_that_cannot_run_is_refused_with_its_sentence(mazur: MainWindow, qtbot: QtBot) -> None:
    mazur.document.apply("set the loss", lambda it: set_training(it, loss="categorical_cross_entropy"))
    assert mazur.controller.problem
    dialog = _check(mazur, qtbot)
    assert dialog.problem.text() == mazur.controller.problem
    assert not dialog.rows.texts


def test_after_an_edit_a_right_gradient_is_checked_and_nothing_said(mazur: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(mazur.proving.checked, check_params_cb=lambda found: found is not None):
        _edit(mazur, 0.25)
    assert mazur.status.message.sentence == ""
    assert not mazur.proving.tags.texts
    assert not mazur.findChildren(CheckDialog)


@pytest.mark.usefixtures("wrong")
def test_after_an_edit_a_wrong_gradient_is_one_line(mazur: MainWindow, qtbot: QtBot) -> None:
    _edit(mazur, 0.25)
    qtbot.waitUntil(lambda: "do not agree in Hidden 1" in mazur.status.message.sentence)
    assert len(mazur.proving.tags.texts) == 2
    mazur.theme.set_mode("dark")
    assert len(mazur.proving.tags.texts) == 2


def test_a_large_network_is_not_checked_unasked(
    mazur: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proving, "GUARDED_PARAMETERS", 11)  # one less than there are
    asked: list[object] = []
    monkeypatch.setattr(mazur.proving, "_guard_step", asked.append)
    _edit(mazur, 0.25)
    qtbot.waitUntil(lambda: not mazur.proving._edited.isActive())
    assert not asked


def test_the_guard_waits_while_it_plays(
    mazur: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[GradientCheck] = []
    real = gradcheck.check

    def counted(*words: object) -> GradientCheck:
        checks.append(real(*words))  # type: ignore[arg-type]
        return checks[-1]

    monkeypatch.setattr(gradcheck, "check", counted)
    mazur.controller.play()
    qtbot.waitUntil(lambda: mazur.controller.latest is not None and mazur.controller.latest.step > 0)
    _edit(mazur, 0.25)
    for _ in range(3):
        with qtbot.waitSignal(mazur.controller.snapshot):
            pass
    assert mazur.proving._edited.isActive()
    assert not checks
    mazur.controller.pause()
    qtbot.waitUntil(lambda: bool(checks))


def test_costs_are_shown_and_their_plots_written(
    mazur: MainWindow, qtbot: QtBot, answers: Answers, tmp_path: Path
) -> None:
    mazur.actions_by_name["show_cost"].trigger()
    dialog = _dialog(mazur, CostDialog)
    assert isinstance(dialog, CostDialog)
    qtbot.waitUntil(lambda: bool(dialog.rows.texts))
    assert [row[:2] for row in dialog.rows.texts] == [
        ("Backpropagation", "24"),
        ("Multiplying forward", "26"),
        ("Finite differences", "192"),
    ]
    assert "one forward, one back, one for the gradient" in dialog.said.text()
    answers.path = tmp_path / "depth.svg"
    QTest.mouseClick(dialog.by_depth.export, Qt.MouseButton.LeftButton)
    assert answers.path.is_file()


def test_the_gradient_of_digits_is_a_picture(window: MainWindow, qtbot: QtBot) -> None:
    window.files.open_example("digits")
    qtbot.waitUntil(lambda: window.controller.latest is not None)
    window.actions_by_name["input_gradient"].trigger()
    dialog = _dialog(window, InputDialog)
    assert isinstance(dialog, InputDialog)
    qtbot.waitUntil(dialog.isVisible)
    assert dialog.gradient.isVisible()
    assert not dialog.rows.isVisible()
    figure = dialog.gradient.figure
    assert figure is not None
    assert figure.all(Heat)[0].values.shape == (8, 8)


def _type(dialog: InputDialog, text: str) -> None:
    dialog.example.selectAll()
    QTest.keyClicks(dialog.example, text)
    QTest.keyClick(dialog.example, Qt.Key.Key_Return)


def test_of_other_inputs_the_gradient_is_numbers_example_by_example(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["input_gradient"].trigger()
    dialog = _dialog(window, InputDialog)
    assert isinstance(dialog, InputDialog)
    qtbot.waitUntil(dialog.isVisible)
    first = dialog.rows.texts
    assert [row[0] for row in first] == ["x", "y"]
    _type(dialog, "2")
    assert dialog.rows.texts != first
    _type(dialog, "11")
    assert dialog.problem.text() == "The coming step has 10 examples; choose one of them."
    _type(dialog, "1")
    assert dialog.problem.text() == ""
    assert dialog.rows.texts == first


@pytest.mark.parametrize("name", ["check_gradient", "show_cost", "input_gradient"])
def test_a_window_may_close_while_something_is_under_way(window: MainWindow, name: str, qtbot: QtBot) -> None:
    window.actions_by_name[name].trigger()
    window.abandon()
    assert not window.isVisible()
