"""Somebody who works numbers out in the panel: hides, types, is told, goes on from their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.training.explain.checking import Verdict
from bpviz.ui.document import Selection
from bpviz.ui.explanation import judging
from bpviz.ui.explanation.gaps import RESULT
from bpviz.ui.explanation.panel import ExplanationPanel
from tests.ui.explanation.conftest import MakeReader, Reader

_ALL = Qt.KeyboardModifier.ShiftModifier


@dataclass
class Pupil:
    """Somebody in front of a panel, with a keyboard."""

    reader: Reader
    qtbot: QtBot

    @property
    def panel(self) -> ExplanationPanel:
        return self.reader.panel

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keys go."""
        at = QApplication.focusWidget()
        assert at is not None
        QTest.keyClick(at, key, modifiers)

    def hide(self, leaf: int = RESULT) -> None:
        """Lead the keys to a number, and hide it."""
        self.panel.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.panel.sheet.view.focus_on(leaf)
        self.press(Qt.Key.Key_H)
        assert self.panel.sheet.blanks.leaf == leaf

    def hide_all(self) -> None:
        """Click the button below the formula."""
        QApplication.processEvents()  # until it is where it is seen
        QTest.mouseClick(self.panel.sheet.guess, Qt.MouseButton.LeftButton)

    def answer(self, text: str) -> str:
        """Type a number into the field where one is, and wait for what is said."""
        field = self.panel.sheet.blanks.field
        assert field.hasFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        self.press(Qt.Key.Key_Return)
        self.qtbot.waitUntil(lambda: not self.panel.learner.judging)
        return self.panel.sheet.verdict.text()

    def go_on_with(self, key: str) -> None:
        """Follow the link to a quantity, by keys."""
        view, shown = self.panel.sheet.view, self.panel.shown
        assert shown is not None
        view.focus_on(next(leaf for leaf in view.links if shown.refs[leaf].key == key))
        self.press(Qt.Key.Key_Return)


MakePupil = Callable[[str], Pupil]


@pytest.fixture
def make_pupil(make_reader: MakeReader, qtbot: QtBot) -> MakePupil:
    """Sit down in front of an example."""

    def make(example: str) -> Pupil:
        reader = make_reader(example)
        reader.panel.activateWindow()
        qtbot.waitUntil(reader.panel.isActiveWindow)
        reader.panel.setFocus()
        return Pupil(reader, qtbot)

    return make


@pytest.fixture
def mazur_pupil(make_pupil: MakePupil) -> Pupil:
    """In front of the delta of Mazur's first hidden node."""
    pupil = make_pupil("mazur")
    pupil.reader.select((1, 0))
    return pupil


def test_a_learners_path_through_the_published_mistake(make_pupil: MakePupil) -> None:
    pupil = make_pupil("two_by_two")
    pupil.reader.select((1, 0))
    pupil.go_on_with("delta")
    assert pupil.panel.sheet.heading.text() == "Delta of y ≈ 0.0406811"
    pupil.hide()
    assert pupil.panel.sheet.heading.text() == "Delta of y"
    assert pupil.answer("0,041") == "✓ Right."  # rounded to two digits
    pupil.press(Qt.Key.Key_Backspace)
    pupil.hide()
    # The published solution takes the updated weights.
    assert pupil.answer(".0024096").startswith("The weights were already updated")
    field = pupil.panel.sheet.blanks.field
    assert field.text() == ".0024096"  # what was typed stays
    assert field.hasFocus()
    # From the rounded delta of the output: .3 * .2175 * .041
    assert pupil.answer(".002675") == "✓ Right from your delta:y."
    assert ".002675" in "".join(pupil.reader.lines)
    assert "0.00265449" not in "".join(pupil.reader.lines)
    pupil.press(Qt.Key.Key_Escape)
    assert "0.00265449" in "".join(pupil.reader.lines)
    pupil.hide()
    assert pupil.answer("2.6545e-3") == "✓ Right."


def test_what_is_hidden_is_nowhere_in_the_panel(mazur_pupil: Pupil) -> None:
    panel, reader = mazur_pupil.panel, mazur_pupil.reader
    mazur_pupil.hide()
    digits = "0.00877135"

    def seen() -> str:
        view = panel.sheet.view
        texts = [panel.sheet.heading.text(), panel.sheet.notes.text(), view.accessibleDescription()]
        texts += [*reader.lines, panel.sheet.verdict.text(), *(b.toolTip() for b in panel.sheet.choices)]
        for whole in (False, True):
            for kind in ("latex", "markdown", "text"):
                panel.sheet.menu.copy_wanted.emit(kind, whole)
                texts.append(QGuiApplication.clipboard().text())
        return "\n".join(texts)

    assert digits not in seen()
    reader.choose("∂L/∂b")  # another name of the same number
    assert digits not in seen()
    reader.select((0, 0), (1, 0))  # a factor
    assert digits not in seen()
    panel.sheet.blanks.reveal_wanted.emit(None)
    assert digits in seen()


def test_of_an_update_the_change_is_asked_and_hides_the_new_value(mazur_pupil: Pupil) -> None:
    reader, panel = mazur_pupil.reader, mazur_pupil.panel
    reader.select((0, 0), (1, 0))
    reader.choose("w′")
    assert panel.sheet.heading.text() == "Value after the step of i1 → h1 ≈ 0.149781"
    panel.setFocus()
    panel.sheet.view.focus_on(RESULT)
    mazur_pupil.press(Qt.Key.Key_H)
    assert panel.sheet.heading.text() == "Value after the step of i1 → h1"
    assert reader.lines[-1] == "≈?"
    assert panel.sheet.verdict.text().endswith("type the change instead, change:i1->h1.")
    assert not panel.sheet.blanks.field.isVisible()
    reader.choose("Δw")
    panel.setFocus()
    panel.sheet.view.focus_on(RESULT)
    mazur_pupil.press(Qt.Key.Key_Return)  # it is hidden already
    assert mazur_pupil.answer("0.149781").startswith("This is the value after the step")
    assert mazur_pupil.answer("-0.00021928") == "✓ Right."
    reader.choose("w′")
    assert panel.sheet.heading.text() == "Value after the step of i1 → h1 ≈ 0.149781"


def test_all_numbers_of_a_page_are_hidden_and_gone_through_by_keys(mazur_pupil: Pupil) -> None:
    view, blanks = mazur_pupil.panel.sheet.view, mazur_pupil.panel.sheet.blanks
    mazur_pupil.panel.setFocus(Qt.FocusReason.ShortcutFocusReason)
    mazur_pupil.press(Qt.Key.Key_H, _ALL)
    assert len(view.gaps.hidden) == 4  # the slope, two deltas, the result; weights are given
    came_to = []
    for _ in range(4):
        came_to.append(blanks.leaf)
        mazur_pupil.press(Qt.Key.Key_Tab)
    assert came_to == list(view.gaps.hidden)
    assert blanks.leaf is None  # on to the next control
    assert not view.hasFocus()
    view.setFocus(Qt.FocusReason.OtherFocusReason)
    mazur_pupil.press(Qt.Key.Key_H, _ALL)
    assert not view.gaps.hidden


def test_escape_leads_out_of_a_field_and_then_shows_its_number(mazur_pupil: Pupil) -> None:
    view, blanks = mazur_pupil.panel.sheet.view, mazur_pupil.panel.sheet.blanks
    mazur_pupil.hide()
    mazur_pupil.press(Qt.Key.Key_Escape)
    assert not blanks.field.isVisible()
    assert view.hasFocus()
    assert view.focused == RESULT
    mazur_pupil.press(Qt.Key.Key_7)  # a number begins: into the field
    assert blanks.field.text() == "7"
    mazur_pupil.press(Qt.Key.Key_Escape)
    mazur_pupil.press(Qt.Key.Key_Escape)
    assert not view.gaps.hidden


def test_what_is_typed_stays_when_the_field_is_left(mazur_pupil: Pupil) -> None:
    blanks = mazur_pupil.panel.sheet.blanks
    mazur_pupil.hide_all()
    QTest.keyClicks(blanks.field, "0.24")
    mazur_pupil.press(Qt.Key.Key_Tab)
    assert blanks.field.text() == ""  # the next one
    assert "0.24" in "".join(mazur_pupil.reader.lines)
    mazur_pupil.press(Qt.Key.Key_Tab, _ALL)
    assert blanks.field.text() == "0.24"
    mazur_pupil.reader.choose("z")
    mazur_pupil.reader.choose("δ")
    assert "0.24" in "".join(mazur_pupil.reader.lines)
    assert not mazur_pupil.panel.learner.mask.own  # nothing was judged


def test_control_and_enter_lead_into_a_number_that_is_hidden(mazur_pupil: Pupil) -> None:
    view = mazur_pupil.panel.sheet.view
    mazur_pupil.hide(view.links[0])
    mazur_pupil.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert mazur_pupil.panel.sheet.heading.text() == "Slope of the activation of h1"


def test_the_mouse_hides_a_result_and_goes_into_a_field(mazur_pupil: Pupil) -> None:
    view, blanks = mazur_pupil.panel.sheet.view, mazur_pupil.panel.sheet.blanks
    result = view.field_of(RESULT)
    assert result is not None
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=result.center().toPoint())
    assert blanks.field.geometry().contains(result.center().toPoint())
    assert not view.rect().isEmpty()
    leaf, is_number = view.leaf_at(QPointF(result.center()))
    assert (leaf, is_number) == (RESULT, True)
    entries = [action.text() for action in blanks.menu_at(RESULT).actions()]
    assert entries == ["Show this number", "Hide all numbers of this page", "Show all numbers"]


def test_what_is_no_number_is_said_and_stays(mazur_pupil: Pupil) -> None:
    mazur_pupil.hide()
    assert "“x”" in mazur_pupil.answer("x")
    assert mazur_pupil.panel.sheet.blanks.field.text() == "x"
    assert not mazur_pupil.panel.learner.mask.own


def test_a_table_is_worked_out_too(make_pupil: MakePupil) -> None:
    pupil = make_pupil("mazur")
    layer = pupil.reader.run.session.project.network.layers[1]
    pupil.panel.show_selection(Selection(layers=frozenset({layer.id})))
    pupil.hide_all()
    assert len(pupil.panel.sheet.view.gaps.hidden) == 6
    assert pupil.answer("0.3775") == "✓ Right."
    assert len(pupil.panel.sheet.view.gaps.hidden) == 5


def test_minus_delta_is_asked_where_it_is_written(mazur_pupil: Pupil) -> None:
    mazur_pupil.panel.sheet.menu.action("Write minus delta, “the error”").trigger()
    mazur_pupil.hide()
    assert mazur_pupil.answer("0.0087714") == "This is delta; asked is minus delta, the error."
    assert mazur_pupil.answer("-0.0087714") == "✓ Right."
    assert list(mazur_pupil.panel.learner.mask.own.values()) == [pytest.approx(0.0087714)]


def test_another_step_forgets_and_says_so_if_something_was_typed(mazur_pupil: Pupil) -> None:
    reader, panel = mazur_pupil.reader, mazur_pupil.panel
    mazur_pupil.hide()
    reader.walk(times=6)  # through the same step
    assert panel.sheet.view.gaps.hidden
    reader.run.advance(1)
    reader.walk(times=6)
    assert not panel.learner.mask.hidden
    assert not panel.sheet.verdict.text()  # nothing was lost
    mazur_pupil.hide()
    mazur_pupil.answer("7")
    reader.run.advance(1)
    reader.walk(times=6)
    assert panel.sheet.verdict.text() == "Another step: your numbers of the one before are forgotten."
    assert not panel.sheet.blanks.field.isVisible()


def test_another_project_forgets(mazur_pupil: Pupil) -> None:
    mazur_pupil.hide()
    mazur_pupil.answer("0.0088")
    mazur_pupil.panel.begin_anew()
    assert not mazur_pupil.panel.learner.mask.own
    mazur_pupil.reader.look()
    assert mazur_pupil.panel.sheet.verdict.text().startswith("Another project")


def test_a_number_is_looked_at_beside_the_window_and_no_more_when_the_page_goes(
    mazur_pupil: Pupil, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, over = Event(), Event()

    def slow(*_args: object, stop: Callable[[], bool], **_others: object) -> Verdict:
        begun.set()
        try:
            while not stop():
                Event().wait(0.001)
        finally:
            over.set()
        raise AssertionError("nobody hears of it")

    monkeypatch.setattr(judging, "check", slow)
    panel = mazur_pupil.panel
    mazur_pupil.hide()
    QTest.keyClicks(panel.sheet.blanks.field, "7")
    mazur_pupil.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.sheet.verdict.text().startswith("Looking"))
    assert begun.is_set()
    mazur_pupil.reader.choose("z")
    assert over.wait(10)
    assert not panel.learner.judging
    assert not panel.sheet.verdict.text()
