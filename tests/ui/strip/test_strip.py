"""The strip, by mouse and keys: it asks for steps, phases and branches, and never changes its height."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from bpviz.training.phases import Cursor
from bpviz.training.session import Session
from bpviz.training.timeline import Timeline
from bpviz.training.timeline_view import Mark
from bpviz.training.walk import Walk
from bpviz.ui.strip.strip import TimelineStrip
from bpviz.ui.theme import Theme
from tests.ui.layouts import Listener
from tests.ui.strip.timelines import PROJECT, line, snapshot, timeline

LEFT = Qt.MouseButton.LeftButton
ASKS = (
    *("glanced", "sought", "end_wanted", "phase_next", "phase_back", "phase_wanted", "end_phase_wanted"),
    *("play_wanted", "example_wanted", "beside_wanted", "refused"),
)


@dataclass
class Bench:
    """A strip in sight, and what it asked for."""

    strip: TimelineStrip
    asked: list[tuple[object, ...]]

    def place(self, step: int) -> QPoint:
        return self.strip.line.place(step)


@pytest.fixture
def bench(theme: Theme, qtbot: QtBot) -> Bench:
    strip = TimelineStrip(theme)
    qtbot.addWidget(strip)
    strip.resize(900, 36)
    strip.show()
    asked: list[tuple[object, ...]] = []
    for name in ASKS:
        getattr(strip, name).connect(lambda *values, name=name: asked.append((name, *values)))
    strip.show_snapshot(snapshot(45_000, timeline()))
    return Bench(strip, asked)


def cursor(phases: int) -> Cursor:
    """Where somebody stands who went so many phases into the first step."""
    walk = Walk(Timeline(Session(PROJECT)))
    for _ in range(phases):
        walk.move("phase")
    assert walk.cursor is not None
    return walk.cursor


def hover(bench: Bench, at: QPoint) -> None:
    """Move the pointer, no button held."""
    widget, none = bench.strip.line, Qt.MouseButton.NoButton
    where = QPointF(at)
    event = QMouseEvent(
        QEvent.Type.MouseMove, where, widget.mapToGlobal(where), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(widget, event)


def drag(bench: Bench, *places: QPoint) -> None:
    """Press at the first place and move through the others, the button held."""
    widget = bench.strip.line
    QTest.mousePress(widget, LEFT, pos=places[0])
    for at in places[1:]:
        where = QPointF(at)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            where,
            widget.mapToGlobal(where),
            Qt.MouseButton.NoButton,
            LEFT,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(widget, event)


def test_a_click_on_a_mark_goes_exactly_there(bench: Bench) -> None:
    QTest.mouseClick(bench.strip.line, LEFT, pos=bench.place(3_000) + QPoint(5, 0))
    assert bench.asked == [("sought", 3_000)]


def test_a_click_beside_marks_goes_to_the_step_below(bench: Bench) -> None:
    QTest.mouseClick(bench.strip.line, LEFT, pos=bench.place(20_000))
    assert [name for name, *_ in bench.asked] == ["glanced", "sought"]
    step = bench.asked[-1][1]
    assert isinstance(step, int)
    assert abs(step - 20_000) < 100
    assert bench.strip.line.step == step


def test_dragging_the_head_glances_and_seeks_where_it_is_dropped(bench: Bench, qtbot: QtBot) -> None:
    head, goal = bench.place(45_000), bench.place(10_000)
    steps = [head + (goal - head) * (k / 20) for k in range(21)]
    drag(bench, *steps)
    shown = bench.strip.line.step
    assert bench.strip.field.text() == f"{shown:,}".replace(",", "\u202f"), "the number goes along"
    glances = [name for name, *_ in bench.asked]
    assert set(glances) == {"glanced"}
    assert len(glances) < 20
    QTest.mouseRelease(bench.strip.line, LEFT, pos=goal)
    assert bench.asked[-1] == ("sought", shown)
    assert abs(shown - 10_000) < 100


def test_a_hand_that_rests_seeks_before_it_leaves(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.strip.sought):
        drag(bench, bench.place(45_000), bench.place(20_000))
    QTest.mouseRelease(bench.strip.line, LEFT, pos=bench.place(20_000))
    assert [name for name, *_ in bench.asked].count("sought") == 1


def test_dragging_beyond_the_end_wants_the_end(bench: Bench) -> None:
    bench.strip.show_snapshot(snapshot(10_000, timeline(at_end=False)))
    drag(bench, bench.place(10_000), bench.place(30_000), bench.place(45_000) + QPoint(200, 0))
    QTest.mouseRelease(bench.strip.line, LEFT, pos=bench.place(45_000))
    assert bench.asked[-1] == ("end_wanted",)


def test_escape_goes_back_to_where_the_hand_took_hold(bench: Bench) -> None:
    bench.strip.show_snapshot(snapshot(10_000, timeline(at_end=False)))
    drag(bench, bench.place(10_000), bench.place(20_000))
    QTest.keyClick(bench.strip.line, Qt.Key.Key_Escape)
    assert bench.asked[-1] == ("sought", 10_000)
    QTest.mouseRelease(bench.strip.line, LEFT, pos=bench.place(20_000))
    assert bench.asked[-1] == ("sought", 10_000)


def test_while_a_run_plays_on_the_scale_rests_below_a_hand(bench: Bench) -> None:
    drag(bench, bench.place(45_000), bench.place(20_000))
    before = bench.place(20_000)
    bench.strip.show_snapshot(snapshot(90_000, timeline(90_000)))
    assert bench.place(20_000) == before
    QTest.mouseRelease(bench.strip.line, LEFT, pos=before)
    bench.strip.show_snapshot(snapshot(95_000, timeline(95_000)))
    assert bench.place(20_000).x() < before.x()
    assert bench.strip.line.picture is not None
    assert bench.strip.line.picture.head < before.x(), "the head waits where it is wanted"


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        (Qt.Key.Key_Home, ("sought", 0)),
        (Qt.Key.Key_End, ("end_wanted",)),
        (Qt.Key.Key_PageUp, ("sought", 5_500)),
        (Qt.Key.Key_PageDown, ("sought", 14_500)),
        (Qt.Key.Key_Left, ("sought", 9_999)),
        (Qt.Key.Key_Right, ("sought", 10_001)),
    ],
)
def test_keys_wind(bench: Bench, key: Qt.Key, asked: tuple[object, ...]) -> None:
    bench.strip.show_snapshot(snapshot(10_000, timeline(at_end=False)))
    QTest.keyClick(bench.strip.line, key)
    assert bench.asked == [asked]


def test_keys_in_a_row_go_on_from_where_the_first_wanted_to_be(bench: Bench) -> None:
    for _ in range(3):
        QTest.keyClick(bench.strip.line, Qt.Key.Key_Left)
    assert bench.asked == [("sought", 44_999), ("sought", 44_998), ("sought", 44_997)]


def test_what_is_under_the_pointer_is_said(bench: Bench) -> None:
    hover(bench, bench.place(3_000) - QPoint(6, 0))
    assert "learning rate" in QToolTip.text()
    assert "3\u202f000" in QToolTip.text()
    hover(bench, bench.place(10_000))
    assert bench.strip.line.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_names_in_a_tip_are_no_markup(bench: Bench) -> None:
    marks = (Mark(9_000, "remark", ("<b>bold</b> of it",)),)
    bench.strip.show_snapshot(snapshot(45_000, timeline(marks=marks)))
    hover(bench, bench.place(9_000))
    assert "&lt;b&gt;" in QToolTip.text()


def test_a_typed_step_is_gone_to_and_grouped_digits_are_read(bench: Bench) -> None:
    field = bench.strip.field
    field.setFocus()
    field.selectAll()
    field.insert("12\u202f300")  # as pasting does
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert bench.asked == [("sought", 12_300)]
    assert field.text() == "12\u202f300"


@pytest.mark.parametrize("text", ["99999", "-1", "3.5", "soon", "", "1e99"])
def test_a_step_that_is_none_is_refused_with_a_sentence_and_stays_to_be_mended(
    bench: Bench, text: str
) -> None:
    field = bench.strip.field
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    ((name, sentence),) = bench.asked
    assert name == "refused"
    assert str(sentence).endswith(".")
    bench.strip.show_snapshot(snapshot(45_000, timeline()))
    assert (field.text(), field.wrong) == (text, True)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.wrong) == ("45\u202f000", False)


def test_phases_are_gone_through_by_buttons_stops_and_keys(bench: Bench) -> None:
    shown = cursor(3)
    bench.strip.show_snapshot(replace(snapshot(0, timeline()), cursor=shown))
    QTest.mouseClick(bench.strip.next_button, LEFT)
    QTest.mouseClick(bench.strip.back_button, LEFT)
    stops = bench.strip.stops
    assert stops.isVisible()
    QTest.mouseClick(stops, LEFT, pos=stops.place(6).toPoint())
    QTest.keyClick(stops, Qt.Key.Key_Right)
    QTest.keyClick(stops, Qt.Key.Key_Home)
    QTest.keyClick(stops, Qt.Key.Key_End)
    assert bench.asked == [
        ("phase_next",),
        ("phase_back",),
        ("phase_wanted", 6),
        ("phase_wanted", shown.index + 1),
        ("phase_wanted", 0),
        ("phase_wanted", len(shown.phases) - 1),
    ]


def walk_on(bench: Bench, phases: int = 3, example: int | None = None) -> Cursor:
    """Let somebody walk."""
    shown = replace(cursor(phases), example=example)
    bench.strip.show_snapshot(replace(snapshot(0, timeline()), cursor=shown))
    return shown


def test_while_somebody_walks_the_ends_of_the_step_are_a_click_away(bench: Bench) -> None:
    strip = bench.strip
    assert not strip.first_button.isVisible()
    before = [button.geometry() for button in (strip.back_button, strip.next_button, strip.play_button)]
    walk_on(bench)
    after = [button.geometry() for button in (strip.back_button, strip.next_button, strip.play_button)]
    assert after == before, "nothing moves under the hand that began the walk"
    for button in (strip.first_button, strip.last_button, strip.play_button):
        QTest.mouseClick(button, LEFT)
    assert bench.asked == [("end_phase_wanted", "first"), ("end_phase_wanted", "last"), ("play_wanted",)]
    strip.show_snapshot(snapshot(0, timeline()))
    assert not strip.first_button.isVisible()
    assert not strip.example.isVisible()


def test_an_example_is_typed_and_zero_is_the_whole_batch(bench: Bench) -> None:
    walk_on(bench)
    field = bench.strip.example
    assert field.isVisible()
    assert field.text() == "Batch of 10"
    field.setFocus()
    for typed, wanted in (("3", 2), ("10", 9), ("0", None)):
        field.selectAll()
        QTest.keyClicks(field, typed)
        assert bench.asked == [], "half a number is none"
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert bench.asked == [("example_wanted", wanted)]
        bench.asked.clear()
    assert bench.strip.stops.hasFocus(), "the keys lead on through the phases"


def test_what_is_no_example_is_not_taken(bench: Bench) -> None:
    walk_on(bench, example=4)
    field = bench.strip.example
    field.selectAll()
    QTest.keyClicks(field, "x9-9")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert all(name != "example_wanted" or value in range(10) for name, value in bench.asked)
    walk_on(bench, example=4)
    assert field.text() == "Example 5 of 10"


def test_arrows_go_on_from_where_one_is_by_then(bench: Bench) -> None:
    walk_on(bench, example=4)
    field = bench.strip.example
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down):
        QTest.keyClick(field, key)
    assert bench.asked == [("beside_wanted", 1), ("beside_wanted", 1), ("beside_wanted", -1)]
    assert field.text() == "Example 5 of 10", "what was asked for is shown when it is there"


def test_a_batch_of_one_leaves_no_choice_of_an_example(bench: Bench) -> None:
    alone = replace(cursor(2), examples=1)
    bench.strip.show_snapshot(replace(snapshot(0, timeline()), cursor=alone))
    assert bench.strip.first_button.isVisible()
    assert not bench.strip.example.isVisible()


def test_examples_move_nothing_beside_them(bench: Bench) -> None:
    walk_on(bench)
    before = bench.strip.stops.geometry(), bench.strip.example.geometry()
    for example in (0, 9, None):
        walk_on(bench, 5, example)
        assert (bench.strip.stops.geometry(), bench.strip.example.geometry()) == before


@pytest.mark.parametrize("percent", [100, 150])
def test_in_a_narrow_window_parts_are_left_out_and_the_stops_keep_some_room(
    bench: Bench, qtbot: QtBot, percent: int
) -> None:
    strip = bench.strip
    strip._theme.set_text_percent(percent)
    walk_on(bench)
    seen = {}
    for width in range(1700, 220, -40):
        strip.resize(width * percent // 100, 36 * percent // 100)
        QApplication.sendPostedEvents()
        QApplication.processEvents()
        parts = (strip.stops, strip.next_button, strip.play_button, strip.last_button, strip.example)
        seen[width] = [part.isVisible() for part in parts]
        assert strip.stops.width() >= 100 * percent // 100, width
        assert strip.branch_button.geometry().right() < strip.width(), width
    shown = [sum(visible) for visible in seen.values()]
    assert shown == sorted(shown, reverse=True)
    assert (shown[0], shown[-1]) == (5, 2)


def test_the_button_that_plays_phases_pauses_what_plays(bench: Bench) -> None:
    icon = bench.strip.play_button.icon().pixmap(20).toImage()
    bench.strip.show_playing(playing=True)
    assert bench.strip.play_button.icon().pixmap(20).toImage() != icon
    bench.strip.show_playing(playing=False)
    assert bench.strip.play_button.icon().pixmap(20).toImage() == icon


def test_beyond_the_last_stop_comes_the_next_phase(bench: Bench) -> None:
    for phases, key, asked in (
        (len(cursor(1).phases), Qt.Key.Key_Right, "phase_next"),
        (1, Qt.Key.Key_Left, "phase_back"),
    ):
        bench.strip.show_snapshot(replace(snapshot(0, timeline()), cursor=cursor(phases)))
        QTest.keyClick(bench.strip.stops, key)
        assert bench.asked.pop() == (asked,)


def test_stops_name_as_many_phases_as_there_is_room_for_and_always_the_present_one(bench: Bench) -> None:
    stops, shown = bench.strip.stops, cursor(3)
    bench.strip.show_snapshot(replace(snapshot(0, timeline()), cursor=shown))
    bench.strip.resize(2400, 36)
    assert list(stops.names().values()) == [phase.title for phase in shown.phases]
    bench.strip.resize(500, 36)
    assert stops.names() == {shown.index: shown.phase.title}


def test_the_height_never_changes_whatever_is_shown(bench: Bench, qtbot: QtBot) -> None:
    long = (line(1, name="a name " * 20),)
    shown = [
        snapshot(0, None),
        snapshot(0, timeline(0, marks=())),
        snapshot(10**12, timeline(10**12, lines=long)),
        replace(snapshot(0, timeline()), cursor=cursor(2)),
    ]
    for width in (200, 480, 1600):
        for one in shown:
            bench.strip.show_snapshot(one)
            bench.strip.resize(width, 36)
            assert (bench.strip.height(), bench.strip.sizeHint().height()) == (36, 36)
            assert bench.strip.minimumSizeHint().height() == 36
            qtbot.waitUntil(lambda: bench.strip.branch_button.geometry().right() < bench.strip.width())


def test_digits_that_change_move_nothing(bench: Bench) -> None:
    before = bench.strip.line.geometry()
    for last in (1, 10, 999, 9_999_999):
        bench.strip.show_snapshot(snapshot(last, timeline(last, marks=())))
        assert bench.strip.line.geometry() == before


def test_it_is_painted_again_only_when_a_pixel_changes(bench: Bench, qtbot: QtBot) -> None:
    bench.strip.show_snapshot(snapshot(10**9, timeline(10**9)))
    before = bench.strip.line.picture
    bench.strip.show_snapshot(snapshot(10**9 + 1, timeline(10**9 + 1)))
    assert bench.strip.line.picture is before


def test_thousands_of_marks_are_not_made_again_while_a_run_plays(bench: Bench) -> None:
    marks = tuple(Mark(step, "edited", ("x",)) for step in range(0, 45_000, 5))
    for last in (45_000, 46_000):  # the present line's view is another one with each snapshot
        view = timeline(last, marks=marks, lines=(line(1, last_step=last),))
        bench.strip.show_snapshot(snapshot(last, view))
        if last == 45_000:
            before = bench.strip.line.spots
    assert bench.strip.line.spots is before


def test_a_run_longer_than_qt_can_count_is_wound_all_the_same(bench: Bench) -> None:
    last = 10**12
    bench.strip.show_snapshot(snapshot(last, timeline(last, marks=())))
    QTest.keyClick(bench.strip.line, Qt.Key.Key_Left)
    assert bench.asked == [("sought", last - 1)]
    bench.asked.clear()
    bench.strip.line.setValue(0)  # as a screen reader does
    assert bench.asked == [("sought", 0)]


def test_to_a_screen_reader_the_line_is_a_slider_with_a_value(bench: Bench) -> None:
    bench.strip.show_snapshot(snapshot(10_000, timeline(at_end=False)))
    face = QAccessible.queryAccessibleInterface(bench.strip.line)
    assert face.role() == QAccessible.Role.Slider
    assert face.valueInterface().currentValue() == 10_000
    assert face.text(QAccessible.Text.Name) == "Step of the run"


def test_without_a_run_nothing_can_be_wound(bench: Bench) -> None:
    bench.strip.begin_anew()
    QTest.mouseClick(bench.strip.line, LEFT, pos=QPoint(50, 18))
    QTest.mouseClick(bench.strip.next_button, LEFT)
    assert bench.asked == []
    assert bench.strip.line.picture is None
    assert bench.strip.field.text() == ""


def test_a_place_in_the_past_is_shown_so_and_a_near_one_hollow(bench: Bench) -> None:
    bench.strip.show_snapshot(snapshot(9_900, timeline(at_end=False, exact=False)))
    picture = bench.strip.line.picture
    assert picture is not None
    assert (picture.past, picture.hollow) == (True, True)
    bench.strip.show_snapshot(snapshot(45_000, timeline()))
    picture = bench.strip.line.picture
    assert picture is not None
    assert (picture.past, picture.hollow, picture.head) == (False, False, picture.right)


def test_a_new_step_lays_nothing_out_unless_it_needs_more_room(bench: Bench) -> None:
    strip, listener = bench.strip, Listener(bench.strip)
    QApplication.sendPostedEvents()  # the first laying out
    listener.requests = 0
    strip.show_snapshot(snapshot(45_678, timeline(45_678)))
    QApplication.sendPostedEvents()
    assert strip.total.text() == "of 45\u202f678"
    assert listener.requests == 0
    strip.show_snapshot(snapshot(12_345_678_901, timeline(12_345_678_901)))
    QApplication.sendPostedEvents()
    assert listener.requests > 0
    assert strip.total.width() >= strip.total.sizeHint().width()
    assert strip.total.height() >= strip.total.sizeHint().height()
