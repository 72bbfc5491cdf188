"""Tables: names beside and below them never lie over each other, whatever they are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.arrays import Array
from bpviz.model.examples import EXAMPLES
from bpviz.training.figure import Axis, Figure
from bpviz.training.joining import joined_rows, wanted_rows
from bpviz.training.marks import Heat, Scale
from bpviz.training.session import Session
from bpviz.ui.plots.figure_view import FigureView
from bpviz.ui.plots.panel import PlotPanel
from bpviz.ui.theme import Theme

LONG = (
    *("Iris versicolor of the east", "<b>Iris</b> setosa & sons", "Pinguinus impennis minor"),
    *("Common merganser", "A class named $\\alpha_1$ here", "x_under_scored_long_name_28"),
)


def confusion(names: tuple[str, ...]) -> Figure:
    ticks = tuple((at + 0.5, name) for at, name in enumerate(names))
    edges, values = np.arange(len(names) + 1.0), np.eye(len(names))
    scale = Scale("Examples", "sequential", 1.0)
    x, y = Axis("Predicted class", ticks=ticks), Axis("Actual class")
    heat = Heat(edges, values, names, (), scale, numbers=True)
    return Figure("confusion", "Confusion", x, y, (heat,), "")


def shown(names: tuple[str, ...], size: tuple[int, int], theme: Theme, qtbot: QtBot) -> FigureView:
    view = FigureView(theme, "table")
    qtbot.addWidget(view.frame.widget)
    view.frame.widget.resize(*size)
    view.frame.widget.show()
    for _ in range(3):  # names take room, and the table's shape decides about names
        view.show_figure(confusion(names))
        QApplication.processEvents()
    return view


@pytest.mark.parametrize("size", [(200, 150), (245, 200), (480, 300), (900, 700)])
@pytest.mark.parametrize("count", range(2, 27, 3))
@pytest.mark.parametrize("name", ["class", "a name of two dozen letters"])
def test_names_of_classes_never_lie_over_each_other(
    theme: Theme, qtbot: QtBot, name: str, count: int, size: tuple[int, int]
) -> None:
    view = shown(tuple(f"{name} {chr(65 + k)}" for k in range(count)), size, theme, qtbot)
    frame, metrics = view.frame, theme.metrics("caption")
    below, beside = frame._ticks["bottom"], frame._ticks["left"]
    assert beside
    assert all(frame.view.height() / count * (b[0] - a[0]) >= 12.5 for a, b in pairwise(beside))
    labels = [label.item for label in frame._names._labels if label.item.isVisible()]
    if labels:
        assert not any(text for _, text in below)
        assert all(b.pos().x() - a.pos().x() >= 12.5 for a, b in pairwise(labels))
        left = [item for item in labels if item.sceneBoundingRect().bottom() > frame.widget.height()]
        assert left == [], "all of it is in sight"
    else:
        column = frame.view.width() / count
        assert all(metrics.horizontalAdvance(text) <= column for _, text in below)
        assert len(below) == count


def test_six_long_names_in_a_narrow_plot_are_written_upwards(theme: Theme, qtbot: QtBot) -> None:
    view = shown(LONG, (245, 204), theme, qtbot)
    names = [label.item.text() for label in view.frame._names._labels if label.item.isVisible()]
    assert len(names) == 6
    assert names[1].startswith("<b>")


def test_two_short_names_stand_side_by_side(theme: Theme, qtbot: QtBot) -> None:
    view = shown(("no", "yes"), (245, 204), theme, qtbot)
    assert [text for _, text in view.frame._ticks["bottom"]] == ["no", "yes"]


def test_rows_that_come_joined_are_drawn_and_all_of_them_are_asked_for_only_under_the_pointer(
    theme: Theme, qtbot: QtBot
) -> None:
    whole, asked = np.random.default_rng(0).normal(size=(2000, 4)), []

    def table() -> Array:
        asked.append(1)
        return whole

    names = tuple(f"node {k}" for k in range(2000))
    scale = Scale("Mean delta", "diverging", 10.0, floor=1e-3)
    view = FigureView(theme, "table")
    qtbot.addWidget(view.frame.widget)
    view.frame.widget.resize(480, 300)
    with qtbot.waitSignal(view.rows_changed):
        view.frame.widget.show()
    QApplication.processEvents()
    assert view.rows == round(view.frame.view.height())
    heat = Heat(np.arange(5.0), table, names, (), scale, joined=joined_rows(whole, view.rows))
    view.show_figure(Figure("deltas", "Deltas", Axis("Step"), Axis("Node"), (heat,), ""))
    view.frame.widget.grab()
    assert asked == []
    layer = next(iter(view.layers.values()))
    assert layer.readout((1.5, 1234.5))[0][-1] == "node 1234"
    assert asked == [1]


def test_a_panel_wants_as_many_rows_as_it_has_room_for(theme: Theme, qtbot: QtBot) -> None:
    panel = PlotPanel("deltas", theme)
    qtbot.addWidget(panel)
    panel.resize(420, 260)
    panel.show()
    qtbot.waitUntil(lambda: panel._painted)
    session = Session(EXAMPLES["spiral"].build())
    session.advance(5)
    panel.show_snapshot(session.snapshot(panel.wants))
    assert panel.view is not None
    before = wanted_rows(panel.wants)
    with qtbot.waitSignal(panel.wants_changed):
        panel.resize(420, 500)
    assert wanted_rows(panel.wants) == panel.view.rows > before
    panel.hide()
    assert panel.wants == frozenset()
