"""The window as a whole: shortcuts, hints, problems, undo of values, titles, layout, closing, dropping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import PySide6
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRect, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QSlider, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from bpviz.model.edits import on_network, remove_link, set_training
from bpviz.model.layout import NODE_RADIUS
from bpviz.model.spec import BiasAddress, Project
from bpviz.palette import DARK
from bpviz.training.figures import PLOTS
from bpviz.ui.app import make_window
from bpviz.ui.commands import COMMANDS
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.inspector_nodes import NodePage
from bpviz.ui.preferences import Preferences
from tests.ui.conftest import Answers


def _step(window: MainWindow) -> int:
    return window.controller.latest.step if window.controller.latest else -1


def _break(window: MainWindow) -> None:
    source, target = window.document.project.network.links[-1].key
    window.document.apply("cut", on_network(partial(remove_link, source=source, target=target)))


def test_it_opens_on_a_living_example_with_play_in_focus(window: MainWindow) -> None:
    assert window.windowTitle() == "Spiral[*] – bpviz"
    assert not window.controller.playing
    assert window.focusWidget() is window.toolbar.play_button
    assert window.pill.text() == "Press Space to train"
    assert window.pill.isVisible()


def test_space_plays_and_pauses_wherever_the_focus_is(window: MainWindow, qtbot: QtBot) -> None:
    window.training_panel.field("optimizer").setFocus()
    QTest.keyClick(window.training_panel.field("optimizer"), Qt.Key.Key_Space)
    assert window.controller.playing
    assert not window.pill.isVisible()
    qtbot.waitUntil(lambda: _step(window) > 0)
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_Space)
    assert not window.controller.playing


def test_space_in_a_text_field_is_a_space(window: MainWindow) -> None:
    layer = window.document.project.network.layers[1]
    window.canvas.desk.select(Selection(layers=frozenset({layer.id})))
    name = window.inspector.layer.name
    name.setFocus()
    name.setText("My")
    QTest.keyClick(name, Qt.Key.Key_Space)
    assert name.text() == "My "
    assert not window.controller.playing


def test_the_loss_falls_within_a_few_seconds(window: MainWindow, qtbot: QtBot) -> None:
    assert window.controller.latest is not None
    first = window.controller.latest.train_loss
    window.controller.play()
    qtbot.waitUntil(lambda: window.controller.latest.train_loss < 0.9 * first, timeout=10_000)  # type: ignore[union-attr]


def test_every_command_says_what_it_does_with_its_keys(window: MainWindow) -> None:
    keys: list[str] = []
    for entry in COMMANDS.values():
        action = window.actions_by_name[entry.name]
        assert action.toolTip()
        keys += [key.toString() for key in action.shortcuts()]
        if not action.shortcut().isEmpty():
            assert action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) in action.toolTip()
    assert len(keys) == len(set(keys)), "two commands have the same keys"


def test_a_problem_turns_play_off_and_is_said(window: MainWindow) -> None:
    _break(window)
    assert not window.actions_by_name["play"].isEnabled()
    assert window.pill.isVisible()
    assert window.pill.text() == window.controller.problem
    window.actions_by_name["undo"].trigger()
    assert window.actions_by_name["play"].isEnabled()
    assert window.pill.text() != window.controller.problem or not window.pill.isVisible()


def test_a_restart_is_said_in_the_status_bar(window: MainWindow, qtbot: QtBot) -> None:
    window.controller.run_to(5)
    qtbot.waitUntil(lambda: not window.controller.playing and _step(window) == 5)
    window.document.apply("change seed", partial(set_training, seed=5))
    qtbot.waitUntil(lambda: "seed starts the run again" in window.status.message.sentence)
    qtbot.waitUntil(lambda: _step(window) == 0)  # its first picture comes after what is said


def test_a_sentence_about_an_edit_goes_with_the_next_one_and_with_play(window: MainWindow) -> None:
    acts: tuple[Callable[[], None], ...] = (
        lambda: window.document.apply("change rate", partial(set_training, learning_rate=0.5)),
        window.document.undo_stack.undo,
        window.controller.play,
        window.controller.pause,
    )
    for act in acts:
        window.status.say("A new precision starts the run again.")
        act()
        assert window.status.message.sentence == ""


def test_tab_reaches_every_part_of_the_window_and_only_what_can_be_seen(
    window: MainWindow, qtbot: QtBot
) -> None:
    for prepare in (window.show_welcome, lambda: window.pages.tabCloseRequested.emit(1)):
        prepare()
        play = window.toolbar.play_button
        play.setFocus()
        qtbot.waitUntil(play.hasFocus)
        met: list[QWidget] = []
        while play not in met and len(met) < 200:
            QTest.keyClick(met[-1] if met else play, Qt.Key.Key_Tab)
            focus = QApplication.focusWidget()
            assert focus is not None
            assert focus.isVisible()
            assert window.rect().contains(focus.mapTo(window, focus.rect().center()))
            met.append(focus)
        page = window.pages.currentWidget()
        plots = [panel for panel in window.board.panels.values() if panel.wants]
        exports = [panel.heading.export for panel in plots]
        for part in (play, page, window.data_panel, window.training_panel, *exports):
            assert any(part is one or part.isAncestorOf(one) for one in met), part
        assert all(one.accessibleName() for one in met if isinstance(one, QTabBar | QSlider | QCheckBox))


@pytest.mark.parametrize("name", ["mazur", "skip_link", "four_classes", "digits"])
def test_tab_is_nowhere_trapped_whatever_fields_an_example_needs(
    window: MainWindow, qtbot: QtBot, name: str
) -> None:
    window.files.open_example(name)
    play = window.toolbar.play_button
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        play.setFocus()
        qtbot.waitUntil(play.hasFocus)
        met: list[QWidget] = []
        while play not in met and len(met) < 200:
            QTest.keyClick(met[-1] if met else play, key)
            focus = QApplication.focusWidget()
            assert focus is not None
            met.append(focus)
        assert play in met, [one.accessibleName() for one in met[-12:]]
        assert any(window.training_panel.isAncestorOf(one) for one in met)


def test_undo_and_space_are_the_windows_right_after_a_number_was_typed(
    window: MainWindow, qtbot: QtBot
) -> None:
    rate = window.training_panel.field("learning_rate")
    before = window.document.project.training.learning_rate
    rate.setFocus()
    qtbot.waitUntil(rate.hasFocus)
    QTest.keyClick(rate, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(rate, "0.004")
    QTest.keyClick(rate, Qt.Key.Key_Return)
    assert window.document.project.training.learning_rate == 0.004
    QTest.keyClick(rate, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.document.project.training.learning_rate == before
    QTest.keyClick(rate, Qt.Key.Key_Space)
    assert window.controller.playing


def test_escape_leads_from_a_field_to_the_network(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("learning_rate", "optimizer"):
        field = window.training_panel.field(name)
        field.setFocus()
        qtbot.waitUntil(field.hasFocus)
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert window.canvas.pane.hasFocus(), name


def test_a_minimized_window_wants_nothing_and_draws_nothing(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.controller.latest.parameters is not None)  # type: ignore[union-attr]
    window.showMinimized()
    window.controller.run_to(5)
    qtbot.waitUntil(lambda: not window.controller.playing and _step(window) == 5)
    assert window.controller.latest is not None
    assert window.controller.latest.parameters is None
    assert window.status.parts["step"].text() == "step 5"
    window.showNormal()
    qtbot.waitUntil(lambda: window.controller.latest.parameters is not None)  # type: ignore[union-attr]


def test_a_choice_of_the_menu_shows_its_mark(window: MainWindow) -> None:
    for entry in COMMANDS.values():
        if entry.choice:
            assert window.actions_by_name[entry.name].icon().isNull(), "an icon would stand in its place"


def test_a_value_before_the_first_step_is_a_start_value(window: MainWindow) -> None:
    address = BiasAddress(window.document.project.network.layers[1].nodes[0].id)
    window.inspector.value_edited.emit(address, 0.0, 0.25)
    assert window.document.project.start.values == ((address, 0.25),)


def test_a_value_during_the_run_is_undone_on_the_same_stack(window: MainWindow, qtbot: QtBot) -> None:
    window.controller.run_to(5)
    qtbot.waitUntil(lambda: not window.controller.playing and _step(window) == 5)
    node = window.document.project.network.layers[1].nodes[0].id
    window.canvas.desk.select(Selection(nodes=frozenset({node})))
    page = window.inspector.page
    assert isinstance(page, NodePage)
    qtbot.waitUntil(page.bias.isEnabled)
    before = page.bias.exact
    page.bias.setFocus()
    page.bias.selectAll()
    QTest.keyClicks(page.bias, "0.5")
    QTest.keyClick(page.bias, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.bias.exact == 0.5)
    assert not window.document.project.start.values
    window.actions_by_name["undo"].trigger()
    qtbot.waitUntil(lambda: page.bias.exact == before)


def test_the_title_tells_of_edits(window: MainWindow) -> None:
    window.document.apply("change rate", partial(set_training, learning_rate=0.5))
    assert window.isWindowModified()
    assert window.actions_by_name["undo"].text() == "Undo change rate"
    window.actions_by_name["undo"].trigger()
    assert not window.isWindowModified()
    assert window.actions_by_name["redo"].text() == "Redo change rate"


def test_themes_switch_everything_at_once_and_are_remembered(
    window: MainWindow, preferences: Preferences
) -> None:
    window.actions_by_name["theme_dark"].trigger()
    assert preferences.theme == "dark"
    assert window.palette().window().color().name() == DARK.window
    assert window.grab().toImage().pixelColor(2, window.height() - 3).name() == DARK.window


def test_views_are_reached_by_their_letters(window: MainWindow) -> None:
    for view in ("gradients", "deltas", "activations", "outputs", "weights"):
        QTest.keyClick(window, Qt.Key(ord(view[0].upper())))
        assert window.actions_by_name[f"view_{view}"].isChecked()
        assert window.canvas.scene.view.name == view


def test_every_plot_has_a_dock_in_the_window_menu(window: MainWindow) -> None:
    titles = {action.text() for action in window.menus.by_name["Window"].actions()}
    assert {plot.label for plot in PLOTS.values()} < titles
    assert {"Data", "Training", "Inspector"} < titles


def test_the_layout_is_remembered_and_can_be_reset(
    window: MainWindow, qapp: QApplication, preferences: Preferences
) -> None:
    window.arrangement.docks["inspector"].hide()
    window.close()
    other = make_window(qapp, preferences, quiet=True)
    try:
        other.show_restored()
        assert other.arrangement.docks["inspector"].isHidden()
        other.actions_by_name["reset_layout"].trigger()
        assert not other.arrangement.docks["inspector"].isHidden()
        assert preferences.layout is None
    finally:
        other.abandon()
        other.deleteLater()


def test_nothing_is_cut_off_at_its_smallest_size(window: MainWindow) -> None:
    window.resize(1280, 800)
    assert (window.width(), window.height()) == (1280, 800)
    assert window.toolbar.sizeHint().width() <= 1280
    for name in ("learning_rate", "optimizer", "batch_size", "loss"):
        assert not window.training_panel.field(name).visibleRegion().isEmpty()
    assert not window.data_panel.chips.visibleRegion().isEmpty()


def test_hidden_views_want_nothing(window: MainWindow, qtbot: QtBot) -> None:
    window.arrangement.docks["deltas"].hide()
    qtbot.waitUntil(lambda: "delta" not in window.board.wants)
    assert window.inspector.wants == frozenset()


def test_a_plot_behind_another_tab_wants_nothing(window: MainWindow) -> None:
    assert window.board.panels["loss"].wants
    assert not window.board.panels["accuracy"].wants
    window.arrangement.docks["accuracy"].raise_()
    assert window.board.panels["accuracy"].wants
    assert not window.board.panels["loss"].wants


def test_speed_is_changed_by_keys(window: MainWindow) -> None:
    window.toolbar.speed.slider.setValue(5)
    stops = []
    for name in ("faster", "slower", "slower"):
        window.actions_by_name[name].trigger()
        stops.append(window.toolbar.speed.slider.value())
    assert stops == [6, 5, 4]


def test_closing_asks_about_unsaved_changes_and_can_be_called_off(
    window: MainWindow, answers: Answers
) -> None:
    window.document.apply("change rate", partial(set_training, learning_rate=0.5))
    answers.unsaved_answer = "cancel"
    window.close()
    assert window.isVisible()
    assert answers.asked == ["unsaved Spiral"]
    answers.unsaved_answer = "discard"
    window.actions_by_name["quit"].trigger()
    assert not window.isVisible()


def test_closing_with_save_writes_first(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    window.document.apply("change rate", partial(set_training, learning_rate=0.5))
    answers.unsaved_answer, answers.path = "save", tmp_path / "mine.bpviz"
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert answers.path.exists()


def test_it_closes_cleanly_while_training(window: MainWindow, qtbot: QtBot) -> None:
    window.controller.play()
    qtbot.waitUntil(lambda: _step(window) > 0)
    window.close()
    assert not window.isVisible()


def _enter(data: QMimeData) -> QDragEnterEvent:
    # Whole pixels are deprecated from 6.12 on, and the only ones that can be given before.
    place: Any = QPointF(600, 300) if PySide6.__version_info__ >= (6, 12) else QPoint(600, 300)
    button, modifier = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QDragEnterEvent(place, Qt.DropAction.CopyAction, data, button, modifier)


def _drop(window: MainWindow, data: QMimeData) -> bool:
    enter = _enter(data)
    window.dragEnterEvent(enter)
    if not enter.isAccepted():
        return False
    window.dropEvent(
        QDropEvent(
            QPointF(600, 300),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    return True


def test_a_project_dropped_on_the_window_opens(
    window: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path
) -> None:
    answers.path = tmp_path / "mine.bpviz"
    window.files.save()
    qtbot.waitUntil(lambda: window.document.path is not None)
    window.files.open_example("circle")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(answers.path))])
    assert _drop(window, data)
    qtbot.waitUntil(lambda: window.document.title == "mine")


def test_other_files_are_not_taken(window: MainWindow, tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "picture.jpeg"))])
    enter = _enter(data)
    enter.ignore()
    window.dragEnterEvent(enter)
    assert not enter.isAccepted()


def test_other_data_bring_a_plot_to_the_front_that_suits_them(window: MainWindow) -> None:
    window.files.open_example("iris")
    assert window.board.panels["confusion"].isVisible()
    window.files.open_example("circle")
    assert window.board.panels["map"].isVisible()


def test_the_welcome_page_is_a_tab_that_can_be_closed_for_good(
    window: MainWindow, preferences: Preferences, qtbot: QtBot
) -> None:
    window.actions_by_name["welcome"].trigger()
    assert window.pages.currentWidget() is window.welcome
    window.welcome.example_chosen.emit("xor")
    assert window.pages.currentWidget() is window.canvas
    assert window.document.title == "Exclusive or (Playground)"
    window.pages.tabCloseRequested.emit(1)
    assert window.pages.count() == 1
    assert preferences.welcomed


def test_phases_are_explained_over_the_network(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["step_phase"].trigger()
    qtbot.waitUntil(lambda: window.controller.latest.cursor is not None)  # type: ignore[union-attr]
    assert window.controller.latest is not None
    assert window.controller.latest.cursor is not None
    assert window.pill.text() == window.controller.latest.cursor.text


def test_commands_without_questions_just_work(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("step_batch", "step_example", "step_epoch", "arrange", "add_layer", "reset"):
        window.actions_by_name[name].trigger()
        qtbot.waitUntil(lambda: not window.controller.playing)
        assert window.controller.problem == "", name


def test_calls_from_python_lose_no_references(
    window: MainWindow, qtbot: QtBot, sys_refs: Callable[[], int]
) -> None:
    before = sys_refs()
    for _ in range(500):
        window.isVisible()
        window.status.message.setText("x")
    assert sys_refs() > before - 200


@pytest.fixture
def sys_refs() -> Callable[[], int]:
    """How often None is referred to; a broken binding loses one with every call, until the program dies."""
    import sys

    return lambda: sys.getrefcount(None)


def test_opening_an_example_asks_first_when_there_are_edits(
    window: MainWindow, answers: Answers, spiral: Project
) -> None:
    window.document.apply("change rate", partial(set_training, learning_rate=0.5))
    answers.unsaved_answer = "cancel"
    window.files.open_example("circle")
    assert window.document.title == "Spiral"


def test_another_project_begins_with_nothing_selected(window: MainWindow, answers: Answers) -> None:
    layer = window.document.project.network.layers[1]
    window.canvas.desk.select(Selection(layers=frozenset({layer.id})))
    window.files.open_example("mazur")
    assert layer.id in {one.id for one in window.document.project.network.layers}
    assert window.inspector.page is window.inspector.summary


def test_a_run_that_ends_by_itself_says_why_over_the_network(window: MainWindow, qtbot: QtBot) -> None:
    stop = replace(window.document.project.training.stop, epochs=1)
    window.document.apply("stop soon", partial(set_training, stop=stop))
    window.controller.play()
    qtbot.waitUntil(lambda: window.pill.text() == "Stopped after 1 epoch, as set.")
    window.controller.play()
    assert window.pill.isHidden()


def test_a_floating_panel_comes_back_by_resetting_the_layout(window: MainWindow) -> None:
    dock = window.arrangement.docks["inspector"]
    dock.setFloating(True)
    window.actions_by_name["reset_layout"].trigger()
    assert not dock.isFloating()
    assert window.dockWidgetArea(dock) == Qt.DockWidgetArea.RightDockWidgetArea


def test_docks_leave_their_titles_the_room_they_take(window: MainWindow) -> None:
    for dock in window.arrangement.docks.values():
        title = dock.titleBarWidget()
        assert title.sizeHint().height() == title.maximumHeight()
    loss = window.arrangement.docks["loss"]
    assert loss.widget().y() == loss.titleBarWidget().height()


def test_an_example_with_other_data_is_not_called_the_example(window: MainWindow) -> None:
    about = window.inspector.summary.about
    assert about.text()
    window.data_panel.thumbnails.chosen.emit("circle")
    assert window.document.title == "Circle data"
    assert not about.text()
    window.document.undo_stack.undo()
    assert window.document.title == "Spiral"
    assert about.text()


def test_a_first_window_that_its_screen_has_no_room_for_is_maximized(
    window: MainWindow, preferences: Preferences, qtbot: QtBot
) -> None:
    room = window.screen().availableGeometry()
    assert room.height() < 840, "the screen of the offscreen platform is 800 by 800"
    other = make_window(QApplication.instance(), preferences, quiet=True)  # type: ignore[arg-type]
    try:
        other.show_restored()
        assert other.isMaximized()
        qtbot.waitUntil(lambda: other.height() <= room.height())
    finally:
        other.abandon()
        other.deleteLater()


def test_the_sentence_about_a_phase_lies_over_neither_network_nor_legend(
    window: MainWindow, qtbot: QtBot
) -> None:
    left, _, up = window.canvas.corners()
    legend = QRect(0, window.canvas.height() - up, left, up)
    assert not window.pill.geometry().intersects(legend), "neither does the hint to begin with"
    places = set()
    for word in ("enter", "adds up", "adds up", "adds up", "compared", "says how", "come back"):
        window.actions_by_name["step_phase"].trigger()
        qtbot.waitUntil(lambda word=word: word in window.pill.text())  # type: ignore[misc]
        pane, pill = window.canvas.pane, window.pill.geometry()
        placement = window.canvas._scene.placement
        foot = pane.mapFromScene(QPointF(0.0, float(placement.y.max()) + NODE_RADIUS)).y()
        assert pane.mapTo(window.canvas, QPoint(0, foot)).y() < pill.top()
        left, _, up = window.canvas.corners()
        assert not pill.intersects(QRect(0, window.canvas.height() - up, left, up))
        places.add((pill.top(), pill.height()))
    assert len(places) == 1, "nothing moves when a sentence gets longer"
