"""Curves: every value is seen, read off where it belongs, and named."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QGraphicsView
from pytestqt.qtbot import QtBot

from bpviz.model.examples import EXAMPLES
from bpviz.training.figure import View
from bpviz.training.figures import PLOTS
from bpviz.training.session import Session
from bpviz.ui.plots.curve_layer import CurveLayer
from bpviz.ui.plots.figure_view import FigureView
from bpviz.ui.theme import Theme
from tests.ui.plots.figures import curves, layer, layers, line, read, shown


def labels(view: FigureView) -> list[str]:
    """The texts at the ends of curves."""
    return [label.item.text() for label in view.frame._ends._labels if label.item.isVisible()]


def double_click(widget: QGraphicsView, scene_position: QPointF) -> None:
    """What a mouse sends; QTest would complain that the first press opened nothing."""
    at = QPointF(widget.mapFromScene(scene_position))
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    kinds = QEvent.Type
    for kind in (
        kinds.MouseButtonPress,
        kinds.MouseButtonRelease,
        kinds.MouseButtonDblClick,
        kinds.MouseButtonRelease,
    ):
        held = none if kind == kinds.MouseButtonRelease else left
        event = QMouseEvent(kind, at, widget.mapToGlobal(at), left, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(widget.viewport(), event)


def ticks(view: FigureView) -> list[str]:
    return [text for _, text in view.frame._ticks["left"]]


def test_a_single_point_is_a_dot(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(line("Training", [0.5])), theme, qtbot)
    assert layer(view, CurveLayer)._dots.points == [(0.0, 0.5)]
    view.show_figure(curves(line("Training", [0.5, 0.4])))
    assert layer(view, CurveLayer)._dots.points == []


def test_a_point_between_two_that_are_missing_is_a_dot(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(line("Training", [np.nan, 0.5, np.nan, 0.4, 0.3])), theme, qtbot)
    assert layer(view, CurveLayer)._dots.points == [(1.0, 0.5)]


def test_a_log_axis_shows_zeros_at_its_foot_which_says_0(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(line("Training", [1.125, 0.0, 0.0]), log=True), theme, qtbot)
    foot = view.frame.y_range[0]
    assert foot < np.log10(1.125) - 0.4
    assert ticks(view)[0] == "0"
    marks = layer(view, CurveLayer)._strokes[0][2].path
    assert [marks.elementAt(k).x for k in range(0, marks.elementCount(), 2)] == [1.0, 2.0]
    assert {marks.elementAt(k).y for k in range(0, marks.elementCount(), 2)} == {foot}
    assert np.allclose(layer(view, CurveLayer)._dots.points, [(0.0, np.log10(1.125))])
    assert read(view, 2.0, foot)[-1][1:] == ("Training", "0")
    assert labels(view) == ["0"]


def test_nothing_but_zeros_on_a_log_axis_is_still_seen(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(line("Training", [0.0, 0.0]), log=True), theme, qtbot)
    assert not layer(view, CurveLayer)._strokes[0][2].path.isEmpty()
    assert "0" in ticks(view)


def test_the_loss_of_a_linear_neuron_is_a_straight_line_down_to_rounding(theme: Theme, qtbot: QtBot) -> None:
    session = Session(EXAMPLES["linear_neuron"].build())
    session.advance(200 * session.steps_per_epoch)
    figure = View(log=True).of(PLOTS["loss"].figure(session.snapshot(PLOTS["loss"].wants)))
    view = shown(figure, theme, qtbot, (600, 300))
    traces = {
        trace.line.name: trace for trace in layer(view, CurveLayer)._traces.of(figure.curves, 600, log=True)
    }
    trace = traces["Training"]
    assert trace.y is not None
    assert np.isfinite(trace.y).all()
    assert trace.y[-1] < -30
    np.testing.assert_allclose(np.diff(trace.y[:120]), -0.19382, atol=2e-5)
    np.testing.assert_allclose(np.diff(trace.y[:150]), -0.19382, atol=0.01)  # near rounding
    assert view.frame.y_range[0] <= trace.y.min()


def test_each_value_is_read_off_with_the_step_it_belongs_to(theme: Theme, qtbot: QtBot) -> None:
    batches = line("Batches", [0.1 * k for k in range(101)])
    whole = line("Training", [5.0, 6.0, 7.0], [0, 50, 100])
    view = shown(curves(batches, whole), theme, qtbot)
    (_, title, step), *rows = read(view, 57.2, 5.0)
    assert (title, step) == ("step", "57")
    assert [row[1:] for row in rows] == [("Batches", "5.7"), ("Training at 50", "6")]
    (_, _, step), *rows = read(view, 50.3, 5.0)
    assert step == "50"
    assert [row[1:] for row in rows] == [("Batches", "5"), ("Training", "6")]


def test_a_point_that_stands_for_several_steps_says_so(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(line("Training", [1.0, 2.0, 3.0], each=8)), theme, qtbot)
    assert [row[1:] for row in read(view, 13.0, 2.0)] == [("steps", "8–15"), ("Training", "2")]


def test_beyond_the_last_step_the_last_one_is_read_off(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(line("Training", [1.0, 2.0, 3.0])), theme, qtbot)
    assert [row[1:] for row in read(view, 9.0, 2.0)] == [("step", "2"), ("Training", "3")]


def test_what_is_read_off_is_marked_until_the_pointer_leaves(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(line("Training", [1.0, 2.0, 3.0])), theme, qtbot)
    read(view, 1.2, 2.0)
    assert view.frame._pointer.path.boundingRect().left() == 1.0
    view.leave()
    assert view.frame._pointer.path.isEmpty()


def test_numbers_at_the_ends_that_differ_read_differently(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(line("Training", [1.0, 0.9999]), line("Test", [1.0, 1.0002])), theme, qtbot)
    assert labels(view) == ["0.9999", "1.0002"]
    assert [row[2] for row in read(view, 1.0, 1.0)[1:]] == ["0.9999", "1.0002"]


@pytest.mark.parametrize("count", [1, 2, 8, 10])
def test_every_layer_is_named_at_its_end_apart_from_the_others(
    theme: Theme, qtbot: QtBot, count: int
) -> None:
    view = shown(layers(count, [1.0, 0.99]), theme, qtbot)
    assert [text.split("  ")[0] for text in labels(view)] == [f"Hidden {at + 1}" for at in range(count)]
    heights = sorted(label.item.pos().y() for label in view.frame._ends._labels)
    assert all(below - above >= 12.9 for above, below in pairwise(heights))


def test_of_very_many_layers_the_extremes_and_the_one_under_the_pointer_are_named(
    theme: Theme, qtbot: QtBot
) -> None:
    view = shown(layers(14, [1.0, 1.0]), theme, qtbot)
    margin = view.frame._margin_px
    names = [text.split("  ")[0] for text in labels(view)]
    assert names == ["Hidden 1", "Hidden 14"]
    rows = read(view, 1.0, 6 * np.log10(2.0))
    assert [row[1] for row in rows] == ["step", "Hidden 1", "Hidden 7", "Hidden 14"]
    assert [text.split("  ")[0] for text in labels(view)] == ["Hidden 1", "Hidden 7", "Hidden 14"]
    assert view.frame._margin_px == margin, "the plot keeps its width"
    view.leave()
    assert [text.split("  ")[0] for text in labels(view)] == names


def test_a_zoomed_plot_says_so_until_a_double_click_shows_all(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(line("Training", [float(k) for k in range(100)])), theme, qtbot)
    frame, note = view.frame, view.frame._note.item
    whole = frame.x_range
    assert not note.isVisible()
    with qtbot.waitSignal(frame.following_changed) as told:
        frame.view.setXRange(10, 20, padding=0)
        frame.view.sigRangeChangedManually.emit([True, True])
    assert told.args == [False]
    assert note.isVisible()
    assert note.text().startswith("Zoomed")
    assert labels(view) == [], "the end is out of sight"
    frame.whole_wanted.connect(view.follow)
    with qtbot.waitSignal(frame.whole_wanted):
        double_click(frame.widget, frame.view.sceneBoundingRect().center())
    assert frame.x_range == whole
    assert not note.isVisible()
    assert labels(view) == ["99"]


def test_a_view_that_forgets_shows_all_of_the_next_figure(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(line("Training", [1.0, 2.0], [0, 4_000_000])), theme, qtbot)
    view.frame.view.setXRange(3e6, 4e6, padding=0)
    view.frame.view.sigRangeChangedManually.emit([True, True])
    view.forget()
    view.show_figure(curves(line("Training", [1.0, 2.0])))
    assert view.frame.x_range == (0.0, 12.0)
    assert view.frame.following


def test_the_pointer_outside_of_the_plotting_area_reads_nothing(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(line("Training", [1.0, 2.0])), theme, qtbot)
    assert view.readout(QPointF(-5.0, -5.0)) == []
