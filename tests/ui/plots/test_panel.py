"""A panel draws what a run says, with its scale, its readout and its way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.training.figure import Axis, Figure
from bpviz.training.figures import PLOTS
from bpviz.training.marks import Band, Heat, Image, Points, Scale
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline import Timeline
from bpviz.ui.plots.curve_layer import CurveLayer
from bpviz.ui.plots.figure_view import FigureView
from bpviz.ui.plots.heat_layer import HeatLayer
from bpviz.ui.plots.panel import PlotPanel
from bpviz.ui.plots.plane_layers import PointsLayer
from bpviz.ui.theme import Theme
from tests.training.marks import the
from tests.ui.plots.figures import layer


def shown(name: str, theme: Theme, qtbot: QtBot, run: Snapshot) -> PlotPanel:
    panel = PlotPanel(name, theme)
    qtbot.addWidget(panel)
    panel.resize(420, 260)
    panel.show()
    qtbot.waitUntil(lambda: panel._painted)  # nothing is drawn before
    panel.show_snapshot(run)
    return panel


def texts(panel: PlotPanel) -> str:
    return " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_plot_paints_something_in_both_themes(
    name: str, mode: str, theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown(name, theme, qtbot, spiral)
    theme.set_mode("dark" if mode == "dark" else "light")
    image = panel.grab().toImage()
    colors = {image.pixelColor(x, y).name() for x in range(0, 420, 3) for y in range(40, 260, 3)}
    assert len(colors) > 5
    assert theme.palette.surface in colors


def test_a_plot_without_anything_to_show_says_what_will_appear(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("loss", theme, qtbot, replace(spiral, series={}))
    assert panel.figure is not None
    assert panel.figure.empty in texts(panel)


def test_a_hidden_panel_wants_and_draws_nothing(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    panel = PlotPanel("loss", theme)
    qtbot.addWidget(panel)
    assert panel.wants == frozenset()
    panel.show_snapshot(spiral)
    assert panel.figure is None
    with qtbot.waitSignal(panel.wants_changed):
        panel.show()
    assert panel.wants == PLOTS["loss"].wants


def test_a_figure_that_comes_before_the_panel_is_painted_is_drawn_right_after(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = PlotPanel("loss", theme)
    qtbot.addWidget(panel)
    panel.show()
    panel.show_snapshot(spiral)
    assert panel.figure is not None
    assert panel._view is None
    qtbot.waitUntil(lambda: panel._view is not None)


def test_the_log_button_switches_the_axis(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    panel = shown("loss", theme, qtbot, spiral)
    panel.heading.show_buttons(shown=True)
    before = panel.grab().toImage()
    QTest.mouseClick(panel.heading.toggle, Qt.MouseButton.LeftButton)
    assert panel.heading.toggle.isChecked()
    assert panel.grab().toImage() != before


def test_a_frozen_plot_keeps_its_picture_and_wants_nothing(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("gradients", theme, qtbot, spiral)
    panel.heading.show_buttons(shown=True)
    QTest.mouseClick(panel.heading.freeze, Qt.MouseButton.LeftButton)
    kept = panel.figure
    panel.show_snapshot(spiral)
    assert panel.figure is kept
    assert panel.wants == frozenset()


def test_the_pointer_reads_node_step_and_value_off_the_heatmap(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("deltas", theme, qtbot, spiral)
    figure = panel.figure
    assert figure is not None
    heat, view = the(figure, Heat), panel._view
    assert view is not None
    viewport = view.frame.widget.viewport()
    scene_position = view.frame.view.mapViewToScene(_point(50.5, 3.5))
    QTest.mouseMove(viewport, view.frame.widget.mapFromScene(scene_position))
    qtbot.waitUntil(lambda: panel._readout.isVisible())
    column = 50
    middle = float(heat.edges[column : column + 2].mean())
    rows = view.readout(view.frame.view.mapViewToScene(_point(middle, 3.5)))
    assert rows[0][2] == heat.rows[3]
    assert rows[1][1:] == ("step", str(int(heat.edges[column])))
    assert not panel._readout.geometry().contains(panel.mapFromGlobal(viewport.mapToGlobal(QPoint(0, 0))))


def test_the_readout_of_curves_names_each_at_the_step_under_the_pointer(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("loss", theme, qtbot, spiral)
    figure = panel.figure
    assert figure is not None
    assert panel._view is not None
    rows = panel._view.readout(panel._view.frame.view.mapViewToScene(_point(40.0, 0.3)))
    assert [name for _, name, _ in rows] == ["step", *(line.name for line in figure.curves)]


def test_the_readout_near_a_mark_says_what_was_done_to_the_run(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("loss", theme, qtbot, replace(spiral, events=((40, "Learning rate 0.1"),)))
    assert panel._view is not None
    view = panel._view.frame.view

    def rows(step: float) -> list[tuple[str, str, str]]:
        assert panel._view is not None
        return panel._view.readout(view.mapViewToScene(_point(step, 0.3)))

    assert ("secondary", "at 40", "Learning rate 0.1") in rows(40.0)
    assert len(rows(80.0)) == len(rows(40.0)) - 1


def test_marks_reach_through_all_that_is_in_sight_also_after_zooming(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("loss", theme, qtbot, replace(spiral, events=((40, "Learning rate 0.1"),)))
    assert panel._view is not None
    frame = panel._view.frame
    frame.view.setYRange(-3.0, 5.0, padding=0)
    frame.view.sigRangeChangedManually.emit([True, True])
    mark = frame._marks.path.boundingRect()
    assert (mark.left(), mark.top(), mark.bottom()) == (40.0, -3.0, 5.0)


def test_a_locked_scale_stays_while_the_values_grow(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    panel = shown("deltas", theme, qtbot, spiral)

    def limit() -> float:
        assert panel._color_bar.scale is not None
        return panel._color_bar.scale.limit

    locked = limit()
    panel._color_bar.set_locked(locked=True)
    assert spiral.nodes is not None
    larger = replace(spiral.nodes, full=1000.0 * spiral.nodes.full)
    panel.show_snapshot(replace(spiral, nodes=larger))
    assert limit() == locked
    panel._color_bar.set_locked(locked=False)
    panel.show_snapshot(replace(spiral, nodes=larger))
    assert limit() > locked


def test_export_hands_out_the_figure_that_is_shown(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    panel = shown("loss", theme, qtbot, spiral)
    panel.heading.show_buttons(shown=True)
    with qtbot.waitSignal(panel.export_requested) as asked:
        QTest.mouseClick(panel.heading.export, Qt.MouseButton.LeftButton)
    assert panel.figure is not None
    assert asked.args[0].marks == panel.figure.marks
    assert not asked.args[0].y.log
    QTest.mouseClick(panel.heading.toggle, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.export_requested) as asked:
        QTest.mouseClick(panel.heading.export, Qt.MouseButton.LeftButton)
    assert asked.args[0].y.log


def test_the_other_way_to_see_a_heatmap_and_its_locked_scale_are_exported_too(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("deltas", theme, qtbot, spiral)
    QTest.mouseClick(panel.heading.toggle, Qt.MouseButton.LeftButton)
    panel._color_bar.set_locked(locked=True)
    assert panel.figure is not None
    other = panel.figure.alternative
    assert other is not None
    seen = panel.as_shown(replace(panel.figure, alternative=other.scaled(Scale("", "sequential", 9.0))))
    assert (seen.title, seen.scale) == (other.title, other.scale)
    panel.copy_numbers()
    assert QGuiApplication.clipboard().text().splitlines()[1].split("\t")[2] == str(
        the(other, Heat).values[0, 0]
    )


def test_the_keys_find_the_buttons_from_both_sides_and_leave_them_unseen(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("loss", theme, qtbot, spiral)
    before, after = QLineEdit(panel), QLineEdit(panel)
    for edit in (before, after):
        edit.show()
    panel.leaveEvent(QEvent(QEvent.Type.Leave))  # wherever the pointer is
    QWidget.setTabOrder(before, panel.heading.toggle)
    QWidget.setTabOrder(panel.heading.export, after)
    for edit, key, first in (
        (before, Qt.Key.Key_Tab, panel.heading.toggle),
        (after, Qt.Key.Key_Backtab, panel.heading.export),
    ):
        edit.setFocus()
        qtbot.waitUntil(edit.hasFocus)
        seen = [panel.heading.export.seen]
        QTest.keyClick(edit, key)
        assert first.hasFocus()
        assert [*seen, panel.heading.export.seen] == [False, True]
        assert first.accessibleName()


def test_numbers_go_to_the_clipboard_as_a_table(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    panel = shown("loss", theme, qtbot, spiral)
    panel.copy_numbers()
    header, first, *_ = QGuiApplication.clipboard().text().splitlines()
    assert header.split("\t")[:3] == ["series", "first step", "last step"]
    assert len(first.split("\t")) == len(header.split("\t"))


def test_zooming_by_hand_stops_following_until_asked_to_show_everything(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("loss", theme, qtbot, spiral)
    assert panel._view is not None
    frame = panel._view.frame
    everything = frame.x_range
    frame.view.setXRange(10, 20, padding=0)
    frame.view.sigRangeChangedManually.emit([True, True])
    panel.show_snapshot(spiral)
    assert list(frame.x_range) == [10, 20]
    panel.heading.show_buttons(shown=True)
    QTest.mouseClick(panel.heading.fit, Qt.MouseButton.LeftButton)
    assert frame.x_range == everything


def test_a_zoom_on_numbers_is_none_on_decades(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    panel = shown("loss", theme, qtbot, spiral)
    assert panel._view is not None
    frame = panel._view.frame
    frame.view.setYRange(-1e9, 1e9, padding=0)
    frame.view.sigRangeChangedManually.emit([True, True])
    panel.heading.toggle.click()
    assert frame.following
    assert -10 < frame.y_range[0] < frame.y_range[1] < 10


@pytest.mark.parametrize("name", ["loss", "deltas"])
def test_wheel_and_drag_reach_the_view_through_what_is_drawn(
    name: str, theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown(name, theme, qtbot, spiral)
    assert panel._view is not None
    frame = panel._view.frame
    viewport = frame.widget.viewport()
    before = frame.x_range
    middle = frame.widget.mapFromScene(frame.view.sceneBoundingRect().center())
    at, none = QPointF(middle), Qt.MouseButton.NoButton
    turn = QWheelEvent(
        at,
        QPointF(viewport.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, 240),
        none,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, turn)
    zoomed = frame.x_range
    assert zoomed[1] - zoomed[0] < before[1] - before[0]
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=middle)
    for step in (10, 20, 30):
        QTest.mouseMove(viewport, middle + QPoint(step, 0))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=middle + QPoint(30, 0))
    assert frame.x_range[0] < zoomed[0]
    assert not frame.following


def _point(x: float, y: float) -> QPointF:
    return QPointF(x, y)


def test_single_batches_are_drawn_also_while_each_point_is_one_step(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("loss", theme, qtbot, spiral)
    assert panel.figure is not None
    assert panel._view is not None
    at, line = next((k, line) for k, line in enumerate(panel.figure.curves) if isinstance(line, Band))
    assert np.array_equal(line.low, line.high)
    path = layer(panel._view, CurveLayer)._strokes[at][0].path
    drawn = [path.elementAt(k).y for k in range(path.elementCount())]
    assert set(line.y) <= set(drawn)


@pytest.mark.parametrize(("width", "named"), [(250, "Hidden 1"), (700, "Hidden 1 · 1")])
def test_rows_are_named_singly_only_where_names_leave_room_for_the_heatmap(
    theme: Theme, qtbot: QtBot, spiral: Snapshot, width: int, named: str
) -> None:
    panel = shown("deltas", theme, qtbot, spiral)
    panel.resize(width, 420)
    panel.show_snapshot(spiral)
    assert panel._view is not None
    assert panel._view.frame._axes is not None
    assert panel._view.frame._axes[1].ticks[0][1] == named


def test_a_map_stays_about_square_in_a_wide_panel_and_names_its_classes(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("map", theme, qtbot, spiral)
    panel.resize(900, 260)
    assert panel._view is not None
    view = panel._view.frame.view
    qtbot.waitUntil(lambda: view.width() <= 1.3 * view.height())
    assert "first arm" in panel.heading.legend.names


def test_a_long_axis_label_is_cut_with_an_ellipsis(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    panel = shown("loss", theme, qtbot, spiral)
    assert panel.figure is not None
    long = replace(panel.figure, y=replace(panel.figure.y, label="Categorical cross-entropy of every batch"))
    panel.resize(300, 170)
    panel.show_figure(long)
    assert panel._view is not None
    assert panel._view.frame._labels["left"][0].endswith("…")


def test_numbers_in_cells_are_left_out_where_they_would_lie_over_each_other(
    theme: Theme, qtbot: QtBot
) -> None:
    names = tuple("abcdefghij")
    ticks = tuple((at + 0.5, name) for at, name in enumerate(names))
    x, y, scale = Axis("Predicted", ticks=ticks), Axis("Actual"), Scale("Examples", "sequential", 1.0)
    heat = Heat(np.arange(11.0), np.eye(10), names, (), scale, numbers=True)
    figure = Figure("confusion", "", x, y, (heat,), "")
    view = FigureView(theme, "table")
    widget = view.frame.widget
    qtbot.addWidget(widget)
    widget.show()
    for height, seen in ((400, 100), (150, 0)):
        widget.resize(400, height)
        view.show_figure(figure)
        assert sum(label.item.isVisible() for label in layer(view, HeatLayer)._numbers) == seen


def test_numbers_below_an_axis_never_touch_each_other(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    panel = shown("loss", theme, qtbot, spiral)
    assert panel._view is not None
    frame = panel._view.frame
    crowd = [(float(k), f"{k},000") for k in range(100)]
    kept = frame._fitting(crowd, 0.0, frame.view.width() / 99.0)
    width = theme.metrics("caption").horizontalAdvance("10,000")
    apart = np.diff([at * frame.view.width() / 99.0 for at, _ in kept])
    assert 1 < len(kept) < 30
    assert apart.min() >= 0.8 * width


def zoomed_panel(theme: Theme, qtbot: QtBot, run: Snapshot) -> PlotPanel:
    panel = shown("loss", theme, qtbot, run)
    assert panel._view is not None
    panel._view.frame.view.setXRange(10, 20, padding=0)
    panel._view.frame.view.sigRangeChangedManually.emit([True, True])
    return panel


def test_a_zoom_is_kept_within_a_run_and_gone_with_the_next(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = zoomed_panel(theme, qtbot, replace(spiral, run_id=1))
    assert panel._view is not None
    panel.show_snapshot(replace(spiral, run_id=1))
    assert panel._view.frame.x_range == (10.0, 20.0)
    assert panel.heading.fit.seen
    panel.show_snapshot(replace(spiral, run_id=2))
    assert panel._view.frame.x_range[0] == 0.0
    assert panel._view.frame.x_range[1] >= spiral.step
    panel.leaveEvent(QEvent(QEvent.Type.Leave))
    assert not panel.heading.fit.kept


def test_a_zoom_is_gone_also_where_a_plot_was_out_of_sight_when_the_run_began(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = zoomed_panel(theme, qtbot, replace(spiral, run_id=1))
    assert panel._view is not None
    panel.hide()
    panel.show_snapshot(replace(spiral, run_id=2))
    panel.show()
    panel.show_snapshot(replace(spiral, run_id=2, step=101))
    assert panel._view.frame.following


def test_another_project_frees_what_was_frozen_or_locked_and_reset_does_not(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("deltas", theme, qtbot, spiral)
    panel._color_bar.set_locked(locked=True)
    panel.show_snapshot(replace(spiral, run_id=2))
    panel.heading.freeze.setChecked(True)
    locked = [panel._seen_as.scale is not None]
    panel.begin_anew()
    assert [*locked, panel._seen_as.scale is not None] == [True, False]
    assert panel.wants >= PLOTS["deltas"].wants


def test_names_in_tooltips_are_no_markup(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    panel = shown("map", theme, qtbot, spiral)
    assert panel.figure is not None
    scale = replace(the(panel.figure, Image).scale, label="<b>price</b> & more")
    panel.show_figure(panel.figure.scaled(scale))
    assert "&lt;b&gt;price" in panel._color_bar.toolTip()


def test_examples_on_a_map_of_numbers_change_their_colors_with_the_scale(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("map", theme, qtbot, spiral)
    assert panel.figure is not None
    image, mark = the(panel.figure, Image), the(panel.figure, Points)
    numbers = replace(panel.figure, marks=(image, replace(mark, points=replace(mark.points, classes=None))))
    seen = []
    for limit in (1.0, 100.0):
        panel.show_figure(numbers.scaled(Scale("price", "diverging", limit)))
        assert panel._view is not None
        seen.append({dot.brush().color().name() for dot in layer(panel._view, PointsLayer)._dots.points()})
    assert seen[0] != seen[1]


@pytest.mark.parametrize("name", PLOTS)
def test_a_walk_through_a_step_draws_again_only_what_it_changes(
    name: str, theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(Timeline(Session(EXAMPLES["spiral"].build())))
    run.session.advance(30)
    drawn: list[Figure] = []
    show = PlotPanel.show_figure

    def noted(panel: PlotPanel, figure: Figure) -> None:
        drawn.append(figure)
        show(panel, figure)

    monkeypatch.setattr(PlotPanel, "show_figure", noted)
    panel = shown(name, theme, qtbot, run.session.snapshot(PLOTS[name].wants))

    def go(move: Callable[[], object]) -> None:
        move()
        snapshot = run.session.snapshot(PLOTS[name].wants, look=run.look)
        panel.show_snapshot(snapshot)
        fresh = PLOTS[name].figure(snapshot)
        assert drawn[-1].title == fresh.title
        assert repr(drawn[-1].marks) == repr(fresh.marks), "it shows an older run"

    step = partial(run.walk.move, "phase")
    go(step)
    before = len(drawn)
    for _ in range(4):
        go(step)
    assert len(drawn) == before
    for move in (partial(run.walk.look_at, 2), partial(run.walk.look_at, None), *[step] * 8):
        go(move)
    assert len(drawn) > before, "the step that was made brought nothing"


def test_what_is_exported_has_the_range_and_the_smoothing_that_are_seen(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    panel = shown("loss", theme, qtbot, spiral)
    assert panel._view is not None
    frame = panel._view.frame
    panel.heading.show_buttons(shown=True)
    panel.set_smoothing(0.9)
    at = QPointF(frame.widget.viewport().rect().center())
    away = QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    globally = QPointF(frame.widget.viewport().mapToGlobal(at.toPoint()))
    turned = QWheelEvent(at, globally, *away, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(frame.widget.viewport(), turned)
    assert not frame.following
    with qtbot.waitSignal(panel.export_requested) as asked:
        QTest.mouseClick(panel.heading.export, Qt.MouseButton.LeftButton)
    (figure,) = asked.args
    assert figure.smooth == 0.9
    assert figure.x.range == pytest.approx(frame.x_range)
    assert figure.y.range == pytest.approx(frame.y_range)
    drawn = panel._view._figure
    assert drawn is not None
    for ours, theirs in zip(figure.as_drawn.curves, drawn.curves, strict=True):
        np.testing.assert_array_equal(ours.y, theirs.y)
    QTest.mouseClick(panel.heading.toggle, Qt.MouseButton.LeftButton)
    assert panel.figure is not None
    figure = panel.as_exported(panel.figure)
    assert figure.y.log
    assert figure.y.range is not None
    assert np.log10(figure.y.range) == pytest.approx(frame.y_range)
