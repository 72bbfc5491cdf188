"""A view draws whatever marks a figure has, together where they lie in one space."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bpviz.files.marks import MARKS, SPACES
from bpviz.training.figures import PLOTS
from bpviz.training.marks import Band, Bars, Image, Line, Mark, Points, Rule
from bpviz.training.snapshot import Snapshot
from bpviz.ui.plots.bar_layer import BarLayer
from bpviz.ui.plots.figure_view import LAYERS, MANNERS, FigureView
from bpviz.ui.plots.panel import PlotPanel
from bpviz.ui.plots.plane_layers import ImageLayer, PointsLayer
from bpviz.ui.theme import Theme
from tests.training.marks import the
from tests.ui.plots.figures import curves, layer, line, read, shown

BARS = Bars("Weights", np.array([0.0, 5.0, 10.0, 20.0]), np.array([3.0, -1.0, np.nan]), "train")


def corners(view: FigureView) -> list[tuple[float, float]]:
    """The upper left corner of each bar that has one, in the axis's coordinate."""
    path = layer(view, BarLayer)._boxes[0].path
    boxes = [polygon.boundingRect() for polygon in path.toSubpathPolygons()]
    return [(box.left(), box.top() if abs(box.top()) > abs(box.bottom()) else box.bottom()) for box in boxes]


def test_every_kind_of_mark_and_space_is_drawn_by_the_window_and_into_files() -> None:
    assert set(LAYERS) == set(MARKS) == set(Mark.__args__)
    assert set(MANNERS) == set(SPACES)


def test_bars_reach_from_0_to_their_values(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(BARS), theme, qtbot)
    assert view.frame.x_range == (0.0, 20.0)
    low, high = view.frame.y_range
    assert low <= -1.0
    assert high >= 3.0
    assert corners(view)[:2] == [(0.0, 3.0), (5.0, -1.0)]
    assert [row[1:] for row in read(view, 7.0, 0.5)] == [("from – to", "5 – 10"), ("Weights", "−1")]
    view.show_figure(curves(line("Training", [1.0, 2.0])))
    assert layer(view, BarLayer)._boxes[0].path.isEmpty()


def test_bars_on_a_log_axis_stand_on_its_foot(theme: Theme, qtbot: QtBot) -> None:
    bars = replace(BARS, y=np.array([100.0, 1.0, 0.0]))
    view = shown(curves(bars, log=True), theme, qtbot)
    foot, top = view.frame.y_range
    assert foot <= 0.0
    assert top >= 2.0
    boxes = [p.boundingRect() for p in layer(view, BarLayer)._boxes[0].path.toSubpathPolygons()]
    assert min(box.top() for box in boxes) == pytest.approx(foot)
    assert max(box.bottom() for box in boxes) == pytest.approx(2.0)


def test_bars_and_curves_share_axes_and_both_are_read_off(theme: Theme, qtbot: QtBot) -> None:
    view = shown(curves(BARS, line("Training", [8.0] * 30)), theme, qtbot)
    assert view.frame.x_range[1] >= 29
    assert view.frame.y_range[1] >= 8.0
    assert [row[1] for row in read(view, 7.0, 0.5)] == ["from – to", "Weights", "step", "Training"]


def test_a_legend_names_bars_too(theme: Theme, qtbot: QtBot, spiral: Snapshot) -> None:
    panel = PlotPanel("loss", theme)
    qtbot.addWidget(panel)
    panel.resize(420, 260)
    panel.show()
    panel.show_figure(curves(BARS, line("Training", [1.0, 2.0])))
    qtbot.waitUntil(lambda: panel.heading.legend.names == ("Training", "Weights"))


def test_points_stand_without_an_image_and_with_a_margin_around(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    whole = PLOTS["map"].figure(spiral)
    points = the(whole, Points)
    view = shown(replace(whole, marks=(points,)), theme, qtbot)
    x = points.points.x
    assert view.frame.x_range[0] < x.min()
    assert view.frame.x_range[1] > x.max()
    assert len(layer(view, PointsLayer)._dots.points()) == x.size
    assert view.readout(view.frame.view.sceneBoundingRect().center()) == []


def test_what_is_gone_from_a_figure_is_gone_from_its_view(
    theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    whole = PLOTS["map"].figure(spiral)
    view = shown(whole, theme, qtbot)
    view.show_figure(replace(whole, marks=(the(whole, Image),)))
    assert len(layer(view, PointsLayer)._dots.points()) == 0
    view.show_figure(replace(whole, marks=(the(whole, Points),)))
    assert layer(view, ImageLayer)._image._item.pixmap().isNull()


@pytest.mark.parametrize("kind", [Line, Band])
def test_rules_of_curves_are_thin_lines_where_something_was_done(
    theme: Theme, qtbot: QtBot, kind: type[Line]
) -> None:
    one = line("Training", [1.0, 2.0, 3.0])
    curve = kind(*(getattr(one, name) for name in ("name", "first", "last", "y", "low", "high", "color")))
    view = shown(curves(curve, Rule(1.0, "rate 0.1")), theme, qtbot)
    assert view.frame._marks.path.boundingRect().left() == 1.0
    assert ("secondary", "at 1", "rate 0.1") in read(view, 1.0, 2.0)


@pytest.mark.parametrize("name", PLOTS)
def test_a_view_that_is_squeezed_to_nothing_draws_on(
    name: str, theme: Theme, qtbot: QtBot, spiral: Snapshot
) -> None:
    figure = PLOTS[name].figure(spiral)
    assert not figure.is_empty
    view = shown(figure, theme, qtbot)
    view.frame.widget.setMinimumSize(0, 0)
    for size in ((500, 1), (1, 260), (500, 30), (30, 260), (1, 1), (0, 0), (500, 260)):
        view.frame.widget.resize(*size)
        view.frame.widget.grab()
        for again in (figure, replace(figure, empty="")):
            view.show_figure(again)
        read(view, 0.5, 0.5)
        view.frame.widget.grab()
    assert view.frame.view.height() > 100
