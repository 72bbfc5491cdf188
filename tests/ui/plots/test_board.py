"""The board feeds what is in sight, and only that."""

from __future__ import annotations

from dataclasses import replace

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bpviz.training.figures import PLOTS
from bpviz.training.snapshot import Snapshot
from bpviz.ui.plots.board import PlotBoard
from bpviz.ui.plots.panel import PlotPanel
from bpviz.ui.theme import Theme
from bpviz.ui.turns import Turns


def board_with(
    names: list[str], theme: Theme, qtbot: QtBot, turns: Turns | None = None
) -> tuple[PlotBoard, QWidget]:
    """A board in a window where only some panels are visible."""
    window = QWidget()
    qtbot.addWidget(window)
    board = PlotBoard(theme, window, turns)
    row = QHBoxLayout(window)
    for name, panel in board.panels.items():
        row.addWidget(panel)
        panel.setVisible(name in names)
    window.show()
    qtbot.waitExposed(window)
    return board, window


def test_there_is_a_panel_for_every_plot(theme: Theme, qtbot: QtBot) -> None:
    board, _ = board_with([], theme, qtbot)
    assert list(board.panels) == list(PLOTS)
    assert board.wants == frozenset()


def test_it_wants_what_its_visible_panels_want(theme: Theme, qtbot: QtBot) -> None:
    board, window = board_with(["loss", "deltas"], theme, qtbot)
    assert board.wants == PLOTS["loss"].wants | PLOTS["deltas"].wants
    with qtbot.waitSignal(board.wants_changed):
        window.hide()
    assert board.wants == frozenset()


def test_at_rest_every_visible_plot_is_drawn_at_once(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    names = list(PLOTS)[:5]
    board, _ = board_with(names, theme, qtbot)
    board.show_snapshot(spiral, playing=False)
    assert [name for name, panel in board.panels.items() if panel.figure is not None] == names


def test_while_playing_plots_take_turns_and_all_get_theirs(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    names = list(PLOTS)[:5]
    board, _ = board_with(names, theme, qtbot)
    board.show_snapshot(spiral, playing=True)
    drawn = {name for name, panel in board.panels.items() if panel.figure is not None}
    assert 0 < len(drawn) < len(names)
    board.show_snapshot(spiral, playing=True)
    assert {name for name, panel in board.panels.items() if panel.figure is not None} == set(names)


def test_while_kernels_train_each_plot_has_its_own_turn_of_the_event_loop(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    names = list(PLOTS)[:5]
    board, _ = board_with(names, theme, qtbot)
    snapshot = replace(spiral, path="kernel")

    def drawn() -> set[str]:
        return {name for name, panel in board.panels.items() if panel.figure is not None}

    board.show_snapshot(snapshot, playing=True)
    assert drawn() == set()
    board.show_snapshot(snapshot, playing=True)  # those that had no turn yet keep their place
    qtbot.waitUntil(lambda: len(drawn()) == 3)
    assert drawn() == set(names[:3])
    board.show_snapshot(snapshot, playing=True)
    qtbot.waitUntil(lambda: drawn() == set(names))


def test_at_rest_plots_that_wait_for_their_turn_are_drawn_at_once(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    board, _ = board_with(list(PLOTS), theme, qtbot)
    snapshot = replace(spiral, path="kernel")
    board.show_snapshot(snapshot, playing=True)
    board.show_snapshot(snapshot, playing=False)
    assert all(panel.figure is not None for panel in board.panels.values())


class Painted(QObject):
    """Counts how often a plot was painted on the screen."""

    def __init__(self, panel: PlotPanel) -> None:
        super().__init__(panel)
        assert panel.view is not None
        self._watched = panel.view.frame.widget.viewport()
        self._watched.installEventFilter(self)
        self.times = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.Paint
        return False


def test_a_plot_is_drawn_in_one_turn_and_painted_in_the_next(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    turns = Turns()
    board, window = board_with(["loss", "deltas"], theme, qtbot, turns)
    snapshot = replace(spiral, path="kernel")
    board.show_snapshot(snapshot, playing=False)
    panels = [board.panels[name] for name in ("loss", "deltas")]
    qtbot.waitUntil(lambda: all(panel.view is not None for panel in panels))
    QApplication.processEvents()
    painted = [Painted(panel) for panel in panels]

    board.show_snapshot(replace(snapshot, step=snapshot.step + 1), playing=True)
    seen = []
    for _ in range(4):
        turns._take_one()
        QApplication.sendPostedEvents()
        seen.append(tuple(one.times for one in painted))
    assert window.isVisible()
    assert seen == [(0, 0), (1, 0), (1, 0), (1, 1)]


def test_a_plot_whose_turn_is_over_before_it_was_painted_is_painted_all_the_same(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    turns = Turns()
    board, window = board_with(["loss"], theme, qtbot, turns)
    snapshot = replace(spiral, path="kernel")
    board.show_snapshot(snapshot, playing=False)
    qtbot.waitUntil(lambda: board.panels["loss"].view is not None)
    QApplication.processEvents()
    painted = Painted(board.panels["loss"])

    board.show_snapshot(snapshot, playing=True)
    turns._take_one()
    board.begin_anew()
    board.show_snapshot(snapshot, playing=False)
    QApplication.sendPostedEvents()
    assert painted.times == 1
    assert window.isVisible()


def test_a_window_that_closes_between_drawing_and_painting_leaves_no_fault(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    turns = Turns()
    board, window = board_with(["loss"], theme, qtbot, turns)
    snapshot = replace(spiral, path="kernel")
    board.show_snapshot(snapshot, playing=False)
    qtbot.waitUntil(lambda: board.panels["loss"].view is not None)
    board.show_snapshot(snapshot, playing=True)
    turns._take_one()
    shiboken6.delete(window)
    turns.withdraw(board)
    assert not turns.waits(board)
