"""Fields that are typed into: what they show, what they take, what they refuse, which keys they leave."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpviz.errors import SettingError
from bpviz.ui.line_edit import LineEdit
from bpviz.ui.numbers import count
from bpviz.ui.panels.line_edits import Bounds, NumberEdit, OptionalNumber
from tests.ui.panels.mouse import wheel

RATE = Bounds(low=1e-12, high=1e6)


def _type(edit: NumberEdit, text: str) -> None:
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


@pytest.fixture
def edit(qtbot: QtBot, theme: object) -> NumberEdit:
    edit = NumberEdit(RATE)
    qtbot.addWidget(edit)
    edit.show_value(0.03)
    edit.show()
    return edit


@pytest.mark.parametrize(
    ("value", "up", "down"),
    [(0.03, 0.1, 0.01), (0.1, 0.3, 0.03), (1.0, 3.0, 0.3), (0.05, 0.1, 0.03), (1e-4, 3e-4, 3e-5)],
)
def test_a_rate_steps_through_thirds_of_decades(value: float, up: float, down: float) -> None:
    assert RATE.next(value, 1) == pytest.approx(up)
    assert RATE.next(value, -1) == pytest.approx(down)


@given(st.floats(1e-9, 1e5), st.sampled_from([1, -1]))
def test_a_step_goes_its_way_and_stays_in_bounds(value: float, direction: int) -> None:
    moved = RATE.next(value, direction)
    assert RATE.low <= moved <= RATE.high
    assert (moved - value) * direction > 0


def test_even_steps_and_whole_numbers() -> None:
    assert Bounds(step=0.1).next(0.3, 1) == 0.4
    assert Bounds(low=1, high=9, step=1, whole=True).next(9, 1) == 9
    counts = Bounds(low=1, high=1e9, whole=True)
    assert (counts.next(10, 1), counts.next(10, -1), counts.next(1, -1)) == (30, 3, 1)
    assert Bounds(low=0.0, high=1.0).next(0.0, 1) > 0


@pytest.mark.parametrize(
    ("bounds", "value", "sentence"),
    [
        (Bounds(low=0, high=1), 2.0, "from 0 to 1"),
        (Bounds(low=0), -1.0, "from 0 on"),
        (Bounds(high=5), 6.0, "up to 5"),
        (Bounds(whole=True), 1.5, "whole"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_bounds(bounds: Bounds, value: float, sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence):
        bounds.check(value)


def test_a_typed_number_is_committed_once(edit: NumberEdit, qtbot: QtBot) -> None:
    heard: list[float] = []
    edit.committed.connect(heard.append)
    _type(edit, "0,5")
    assert heard == [0.5]
    assert edit.text() == "0.5"


def test_nonsense_is_refused_and_the_number_in_force_stays(edit: NumberEdit) -> None:
    refused: list[str] = []
    committed: list[float] = []
    edit.refused.connect(refused.append)
    edit.committed.connect(committed.append)
    _type(edit, "fast")
    assert committed == []
    assert "not a number" in refused[-1]
    assert edit.property("wrong")
    assert edit.value == 0.03
    _type(edit, "0.1")
    assert refused[-1] == ""
    assert not edit.property("wrong")


def test_escape_brings_the_number_back(edit: NumberEdit) -> None:
    edit.selectAll()
    QTest.keyClicks(edit, "12")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert edit.text() == "0.03"


@pytest.mark.parametrize("text", ["1.234,5", "1,250,000", "=1/0", "0,02 3"])
def test_what_is_refused_stays_to_be_mended_and_nothing_else_changes(edit: NumberEdit, text: str) -> None:
    committed: list[float] = []
    edit.committed.connect(committed.append)
    _type(edit, text)
    edit.show_value(0.03)  # as the form does after any other edit
    edit.follow(0.04)  # as a weight does at every snapshot
    assert (edit.text(), edit.wrong, committed) == (text, True, [])
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert (edit.text(), edit.wrong) == ("0.04", False)
    _type(edit, text)
    edit.show_value(0.1)  # undone meanwhile: it is about another number
    assert (edit.text(), edit.wrong) == ("0.1", False)


def test_formulas_are_computed_when_they_are_committed(edit: NumberEdit) -> None:
    _type(edit, "=1/4")
    assert (edit.value, edit.text()) == (0.25, "0.25")


def test_a_pasted_number_of_the_windows_own_is_read(edit: NumberEdit) -> None:
    QApplication.clipboard().setText(count(12480))
    edit.selectAll()
    edit.paste()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert edit.value == 12480.0


def test_arrow_keys_step(edit: NumberEdit) -> None:
    QTest.keyClick(edit, Qt.Key.Key_Up)
    assert edit.value == 0.1
    QTest.keyClick(edit, Qt.Key.Key_Down)
    assert edit.value == 0.03


def test_the_wheel_steps_only_where_the_user_is_at_work(edit: NumberEdit, qtbot: QtBot) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    edit.clearFocus()
    assert not wheel(edit, up=True)
    assert edit.value == 0.03
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    assert wheel(edit, up=True)
    assert edit.value == 0.1


def _pull(edit: NumberEdit, by: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press in the middle, and go so many pixels to the right in small steps; the button stays down."""
    begin = edit.rect().center()
    QTest.mousePress(edit, Qt.MouseButton.LeftButton, keys, begin)
    for x in range(0, by, 4 if by > 0 else -4):
        place = QPointF(begin + QPoint(x, 0))
        beyond = QPointF(edit.mapToGlobal(place))
        moved = QEvent.Type.MouseMove
        event = QMouseEvent(moved, place, beyond, Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, keys)
        QApplication.sendEvent(edit, event)


def _let_go(edit: NumberEdit) -> None:
    QTest.mouseRelease(edit, Qt.MouseButton.LeftButton, pos=edit.rect().center())


@pytest.fixture
def even(qtbot: QtBot, theme: object) -> Iterator[NumberEdit]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 80)
    elsewhere, edit = LineEdit(window), NumberEdit(Bounds(-100.0, 100.0, step=0.1), window)
    edit.setGeometry(0, 40, 300, 30)
    edit.show_value(0.5)
    window.show()
    elsewhere.setFocus()
    qtbot.waitUntil(elsewhere.hasFocus)
    yield edit
    window.close()


@pytest.mark.parametrize(
    ("keys", "unit"),
    [
        (Qt.KeyboardModifier.NoModifier, 0.1),
        (Qt.KeyboardModifier.ShiftModifier, 0.01),
        (Qt.KeyboardModifier.ControlModifier, 1.0),
    ],
    ids=["plain", "fine", "coarse"],
)
@pytest.mark.parametrize("way", [1, -1])
def test_a_drag_pulls_the_number_in_one_edit(
    even: NumberEdit, keys: Qt.KeyboardModifier, unit: float, way: int
) -> None:
    heard: list[float] = []
    even.committed.connect(heard.append)
    assert even.cursor().shape() == Qt.CursorShape.SizeHorCursor, "it says so before"
    _pull(even, way * 80, keys)
    shown = float(even.text().replace("−", "-"))
    steps = round((shown - 0.5) / unit)
    assert 8 <= way * steps <= 13
    assert not heard, "it is over when the button goes up"
    even.show_value(7.0)
    assert float(even.text().replace("−", "-")) == shown, "what is pulled is not overwritten"
    _let_go(even)
    assert heard == [pytest.approx(shown)]
    assert even.value == pytest.approx(shown)
    assert not even.hasSelectedText()
    _pull(even, 80, keys)
    _let_go(even)
    assert len(heard) == 2, "it can be pulled again"


def test_escape_gives_a_pull_up(even: NumberEdit) -> None:
    heard: list[float] = []
    even.committed.connect(heard.append)
    _pull(even, 80)
    assert even.text() != "0.5"
    QTest.keyClick(even, Qt.Key.Key_Escape)
    assert even.text() == "0.5"
    _let_go(even)
    assert (even.text(), heard) == ("0.5", [])


def test_after_a_click_somebody_types_and_a_drag_selects(even: NumberEdit) -> None:
    QTest.mouseClick(even, Qt.MouseButton.LeftButton, pos=even.rect().center())
    assert even.cursor().shape() == Qt.CursorShape.IBeamCursor
    _pull(even, 80)
    assert even.text() == "0.5"
    _let_go(even)
    even.selectAll()
    QTest.keyClicks(even, "2")
    QTest.keyClick(even, Qt.Key.Key_Return)
    assert even.value == 2.0


def test_shift_and_ctrl_make_steps_of_keys_and_wheel_fine_and_coarse(even: NumberEdit) -> None:
    even.setFocus()
    QTest.keyClick(even, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert even.value == pytest.approx(0.51)
    QTest.keyClick(even, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert even.value == pytest.approx(2.0), "coarse steps are whole, as all steps are"
    counts = Bounds(low=1, high=1e9, whole=True)
    assert [counts.next(7, way, size) for way in (1, -1) for size in (0.1, 10.0)] == [8, 70, 6, 1]
    assert RATE.next(0.03, 1, 10.0) == pytest.approx(0.3)
    assert 0.03 < RATE.next(0.03, 1, 0.1) < 0.04


def test_what_is_being_typed_is_not_overwritten(edit: NumberEdit, qtbot: QtBot) -> None:
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    edit.selectAll()
    QTest.keyClicks(edit, "7")
    edit.show_value(0.9)
    assert edit.text() == "7"


def test_an_optional_number_is_switched_on_with_its_default_and_off_again(
    qtbot: QtBot, theme: object
) -> None:
    field = OptionalNumber(Bounds(low=1, high=100, whole=True), default=10, off="all")
    qtbot.addWidget(field)
    heard: list[float | None] = []
    field.committed.connect(heard.append)
    field.switch.click()
    _type(field.edit, "32")
    field.switch.click()
    assert heard == [10, 32, None]
    assert not field.edit.isEnabled()
    assert field.edit.placeholderText() == "all"
    field.show_value(5)
    assert field.switch.isChecked()
    assert len(heard) == 3


def test_bounds_are_written_as_people_write_them() -> None:
    with pytest.raises(SettingError, match="from 1e−12 to 1\u202f000\u202f000"):
        Bounds(low=1e-12, high=1e6).check(0.0)


@pytest.mark.parametrize("keys", [("Z", "Control"), ("Z", "Control+Shift"), ("Space", "")])
def test_a_number_leaves_keys_to_the_window_once_nothing_is_being_typed(
    edit: NumberEdit, keys: tuple[str, str]
) -> None:
    assert not _takes(edit, *keys)
    QTest.keyClicks(edit, "5")
    assert _takes(edit, *keys)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert not _takes(edit, *keys)


def test_a_text_leaves_undo_to_the_window_but_no_blank(qtbot: QtBot) -> None:
    edit = LineEdit("My layer")
    qtbot.addWidget(edit)
    assert not _takes(edit, "Z", "Control")
    assert _takes(edit, "Space", "")
    QTest.keyClicks(edit, "s")
    assert _takes(edit, "Z", "Control")


def test_escape_drops_what_was_typed_and_goes_on_to_the_window(edit: NumberEdit, qtbot: QtBot) -> None:
    name = LineEdit("Hidden")
    qtbot.addWidget(name)
    for field, text in ((edit, "0.03"), (name, "Hidden")):
        QTest.keyClicks(field, "12")
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(field, event)
        assert not event.isAccepted()
        assert (field.text(), field.isModified()) == (text, False)


def _takes(edit: LineEdit, key: str, modifiers: str) -> bool:
    """Whether a field keeps a key from the shortcuts of its window."""
    modifier = Qt.KeyboardModifier.NoModifier
    for name in modifiers.split("+"):
        modifier |= getattr(Qt.KeyboardModifier, f"{name or 'No'}Modifier")
    text = " " if key == "Space" else ""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, getattr(Qt.Key, f"Key_{key}"), modifier, text)
    event.ignore()
    QApplication.sendEvent(edit, event)
    return event.isAccepted()
