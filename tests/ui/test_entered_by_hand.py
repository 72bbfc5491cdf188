"""A worked example is entered in the window, from an empty sheet to its numbers, by mouse and keys alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.examples_dialog import ExamplesDialog
from bpviz.ui.panels.fields import Choice
from tests.ui.canvas.hand import LEFT, NO_KEY, Hand
from tests.ui.conftest import Answers

CTRL = Qt.KeyboardModifier.ControlModifier


class Student:
    """Somebody with a homework sheet at the window."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.hand = Hand(window.canvas)

    def keys(self, text: str) -> None:
        """Type wherever the keys go; a new cell begins with its first letter."""
        for letter in text:
            focus = QApplication.focusWidget()
            assert focus is not None
            QTest.keyClicks(focus, letter)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEY) -> None:
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key, modifier)

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        QTest.mouseClick(widget, LEFT)

    def fill(self, field: QWidget, text: str) -> None:
        """Write into a field over what stands there."""
        self.click(field)
        self.qtbot.waitUntil(field.hasFocus)
        self.press(Qt.Key.Key_A, CTRL)
        self.keys(text)
        self.press(Qt.Key.Key_Return)

    def choose(self, field: Choice, label: str) -> None:
        """Choose an entry of a list by the arrow keys."""
        field.setFocus()
        self.qtbot.waitUntil(field.hasFocus)
        down = field.findText(label) > field.currentIndex()
        while field.currentText() != label:
            before = field.currentIndex()
            self.press(Qt.Key.Key_Down if down else Qt.Key.Key_Up)
            assert field.currentIndex() != before

    def draw(self, place: QPoint) -> None:
        """Double-click on the sheet."""
        viewport = self.window.canvas.pane.viewport()
        for press in (QTest.mousePress, QTest.mouseDClick):
            press(viewport, LEFT, NO_KEY, place)
            QTest.mouseRelease(viewport, LEFT, NO_KEY, place)

    def select_layer(self, at: int) -> None:
        """Click on a layer's caption."""
        item = self.window.canvas.scene.parts.layers[self.hand.layer(at).id]
        self.hand.click(item.mapToScene(item.caption.center()))
        assert self.window.inspector.page is self.window.inspector.layer

    def examples(self) -> ExamplesDialog:
        """Open the examples by their key."""
        self.window.canvas.pane.setFocus()
        self.press(Qt.Key.Key_T, CTRL)
        self.qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ExamplesDialog))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ExamplesDialog)
        self.qtbot.waitUntil(dialog.grid.hasFocus)
        return dialog

    def paste_matrix(self, at: int, text: str) -> None:
        """Select a layer, click into its matrix and paste."""
        self.select_layer(at)
        grid = self.window.inspector.layer.matrix.grid
        self.qtbot.waitUntil(lambda: grid.isVisible() and grid.model().rowCount() > 0)
        cell = grid.visualRect(grid.model().index(0, 0)).center()
        QTest.mouseClick(grid.viewport(), LEFT, NO_KEY, cell)
        self.qtbot.waitUntil(grid.hasFocus)
        QGuiApplication.clipboard().setText(text)
        self.press(Qt.Key.Key_V, CTRL)
        assert self.window.inspector.layer.matrix.problem.text() == ""

    def snapshot(self, step: int) -> Snapshot:
        """What the run says of a step, with its numbers."""

        def there() -> bool:
            latest = self.window.controller.latest
            return latest is not None and latest.step == step and latest.trace is not None

        self.qtbot.waitUntil(there)
        latest = self.window.controller.latest
        assert latest is not None
        return latest


@pytest.fixture
def student(window: MainWindow, answers: Answers, qtbot: QtBot) -> Student:
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return Student(window, qtbot)


@dataclass(frozen=True)
class Homework:
    """What stands on the sheet.

    Attributes:
        example: The bundled example that it must agree with.
        inputs: How many there are.
        rows: What is typed, row by row.
        targets: How many there are.
        classes: What is declared, where a class is learned.
        hidden: Nodes of the hidden layer, and their activation.
        output: The activation of the output.
        matrices: What is pasted into the hidden and the output layer.
        settings: What is chosen or typed in the panel of the training.
        biases: Whether biases learn.
    """

    example: str
    inputs: int
    rows: tuple[tuple[str, ...], ...]
    matrices: tuple[str, str]
    hidden: tuple[str, str] = ("2", "Sigmoid")
    output: str = "Sigmoid"
    targets: int = 1
    classes: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    biases: bool = True


HOMEWORK = (
    Homework(
        "textbook_case",
        3,
        (("1", "0", "1", "1"),),
        ("[.2 .4 -.5 -.4; -.3 .1 .2 .2]", "[-.3 -.2 .1]"),
        settings=(("loss", "Half squared error"), ("learning_rate", ".9")),
    ),
    Homework(
        "two_by_two",
        2,
        (("0,35", "0,9", "=1/2"),),
        ("[.1 .8; .4 .6]", "[.3 .9]"),
        settings=(("learning_rate", "1"),),
        biases=False,
    ),
    Homework(
        "four_classes",
        2,
        (
            ("=cos(1)", "=cos(2)", "4"),
            ("=cos(3)", "=cos(4)", "2"),
            ("=cos(5)", "=cos(6)", "3"),
        ),
        ("[.3 .5 .1; .4 .6 .2]", "1.1\t1.5\t0.7\n1.2\t1.6\t0.8\n1.3\t1.7\t0.9\n1.4\t1.8\t1\n"),
        classes="1, 2, 3, 4",
        settings=(
            ("loss", "Binary cross-entropy"),
            ("learning_rate", "0.1"),
            ("penalty", "L2"),
            ("penalty_rate", "4"),
        ),
    ),
    Homework(
        "relu_softmax",
        2,
        (("16", "-6", "3"),),
        ("[.18 .1; .04 .22]", "[.19 -.02; -.1 -.01; .1 .04]"),
        hidden=("2", "ReLU"),
        output="Softmax",
        classes="1, 2, 3",
        settings=(("learning_rate", "1e-1"),),
    ),
    Homework(
        "weight_changes",
        3,
        (("=1/2", ".1", "-.2", ".6"),),
        ("[.5 .1 .1; -.6 -.2 .7]", "[.1 -.3]"),
        settings=(("learning_rate", "0,5"),),
        biases=False,
    ),
    Homework(
        "xor_one_node",
        2,
        (("0", "0", "0"), ("0", "1", "1"), ("1", "0", "1"), ("1", "1", "0")),
        ("[4.92521 -4.83963 -3.08885]", "[-4.67122 4.53903 11.11523 -2.54932]"),
        hidden=("1", "Sigmoid"),
        settings=(("loss", "Half squared error"), ("learning_rate", "0.5")),
    ),
    Homework(
        "cross_entropy_case",
        2,
        (("1", "0", "1"),),
        ("[.1 .2; .3 .4]", "[.5 .6]"),
        settings=(("learning_rate", "0.5"),),
        biases=False,
    ),
    Homework(
        "mazur",
        2,
        ((".05", ".1", ".01", ".99"),),
        ("[.15 .2 .35; .25 .3 .35]", "[[.4, .45, .6], [.5, .55, .6]]"),
        targets=2,
        settings=(("learning_rate", "0.5"),),
        biases=False,
    ),
)


def enter_examples(student: Student, homework: Homework) -> None:
    """Type the examples in, beginning with an empty table."""
    dialog = student.examples()
    student.click(dialog.empty_button)
    student.qtbot.waitUntil(dialog.grid.hasFocus)
    for _ in range(homework.inputs - 2):
        student.click(dialog.input_button)
    for _ in range(homework.targets - 1):
        student.click(dialog.target_button)
    if homework.classes:
        student.choose(dialog.kind, "A class")
        student.fill(dialog.classes, homework.classes)
    first = dialog.grid.visualRect(dialog.model.index(0, 0)).center()
    QTest.mouseClick(dialog.grid.viewport(), LEFT, NO_KEY, first)
    student.qtbot.waitUntil(dialog.grid.hasFocus)
    cells = [text for row in homework.rows for text in row]
    for text in cells[:-1]:
        student.keys(text)
        student.press(Qt.Key.Key_Tab)  # behind the last cell of a row, a new one begins
    student.keys(cells[-1])
    student.press(Qt.Key.Key_Return)
    student.qtbot.waitUntil(dialog.use_button.isEnabled)
    student.click(dialog.use_button)
    student.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    student.window.activateWindow()  # as a window manager would
    student.qtbot.waitUntil(student.window.isActiveWindow)


def draw_network(student: Student, homework: Homework) -> None:
    """Draw three layers, and set their sizes and activations."""
    width = student.window.canvas.width()
    for place in (QPoint(80, 120), QPoint(200, 120), QPoint(width - 12, 60)):
        student.draw(place)
    page = student.window.inspector.layer
    student.select_layer(1)
    student.fill(page.nodes, homework.hidden[0])
    student.choose(page.activation, homework.hidden[1])
    student.select_layer(2)
    student.choose(page.activation, homework.output)
    if not homework.biases:
        item = student.window.canvas.scene.parts.layers[student.hand.layer(1).id]
        student.hand.click(item.mapToScene(item.caption.center()), keys=Qt.KeyboardModifier.ShiftModifier)
        box = student.window.inspector.many.frozen
        QTest.mouseClick(box, LEFT, NO_KEY, QPoint(10, box.height() // 2))
        assert box.isChecked()


@pytest.mark.parametrize("homework", HOMEWORK, ids=lambda homework: homework.example)
def test_a_worked_example_is_entered_by_hand(
    student: Student, window: MainWindow, homework: Homework
) -> None:
    student.press(Qt.Key.Key_N, CTRL)
    enter_examples(student, homework)
    draw_network(student, homework)
    if homework.example == "xor_one_node":
        for node in (0, 1):
            student.hand.drag(student.hand.node(0, node, port=1), student.hand.node(2, 0))
    for name, value in homework.settings:
        field = window.training_panel.field(name)
        if isinstance(field, Choice):
            student.choose(field, value)
        else:
            student.fill(field, value)
    for layer, matrix in enumerate(homework.matrices, start=1):
        student.paste_matrix(layer, matrix)

    told = Session(EXAMPLES[homework.example].build())
    coming = told.peek()
    student.hand.click(student.hand.node(1, 0))
    shown = student.snapshot(0).trace
    assert shown is not None
    assert shown.trace.mean_loss == pytest.approx(coming.trace.mean_loss, rel=1e-13)
    np.testing.assert_allclose(
        np.sort(shown.trace.a[2], axis=0), np.sort(coming.trace.a[2], axis=0), rtol=1e-12
    )
    np.testing.assert_allclose(shown.trace.gradient, coming.trace.gradient, rtol=1e-11, atol=1e-16)

    window.canvas.pane.setFocus()
    student.press(Qt.Key.Key_Right, CTRL)
    after = student.snapshot(1).parameters
    assert after is not None
    np.testing.assert_allclose(after, coming.after.parameters, rtol=1e-12, atol=1e-16)


def test_a_matrix_pasted_during_a_run_is_one_entry_that_undo_takes_back(
    student: Student, window: MainWindow, qtbot: QtBot
) -> None:
    window.files.open_example("two_by_two")
    window.canvas.pane.setFocus()
    qtbot.waitUntil(lambda: window.controller.latest is not None)
    student.press(Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: window.controller.latest is not None and window.controller.latest.step == 1)
    student.paste_matrix(1, "[1 2; 3 4]")

    def weights() -> list[float]:
        latest = window.controller.latest
        assert latest is not None
        assert latest.step == 1
        assert latest.parameters is not None
        found: list[float] = latest.parameters[:4].tolist()
        return found

    qtbot.waitUntil(lambda: weights() == [1, 2, 3, 4])
    assert window.document.undo_stack.count() == 1
    student.press(Qt.Key.Key_Z, CTRL)
    before = (0.0990709288, 0.7976109599, 0.3971399242, 0.5926455194)
    qtbot.waitUntil(lambda: np.allclose(weights(), before, rtol=0, atol=1e-10))
