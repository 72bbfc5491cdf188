"""Figures of a few numbers, and views that show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from bpviz.training.figure import Axis, Figure
from bpviz.training.marks import Line, Mark
from bpviz.ui.plots.figure_view import FigureView
from bpviz.ui.plots.readout import Row
from bpviz.ui.theme import Theme

L = TypeVar("L")


def line(name: str, values: Sequence[float], steps: Sequence[int] | None = None, *, each: int = 1) -> Line:
    """A curve; each point stands for so many steps."""
    first = np.arange(0, len(values) * each, each) if steps is None else np.array(steps)
    y = np.array(values, dtype=float)
    return Line(name, first, first + each - 1, y, y, y, "train")


def curves(*marks: Mark, log: bool = False, named: bool = False) -> Figure:
    return Figure("loss", "Loss", Axis("Step"), Axis("Loss", log=log), marks, "Nothing.", named=named)


def layers(count: int, values: Sequence[float]) -> Figure:
    """A curve for each layer, one above the other."""
    ys = [[value * 2.0**at for value in values] for at in range(count)]
    return curves(*(line(f"Hidden {at + 1}", y) for at, y in enumerate(ys)), log=True, named=True)


def shown(figure: Figure, theme: Theme, qtbot: QtBot, size: tuple[int, int] = (500, 260)) -> FigureView:
    """A view of a figure, in sight."""
    view = FigureView(theme, figure.space)
    qtbot.addWidget(view.frame.widget)
    view.frame.widget.resize(*size)
    view.frame.widget.show()
    view.show_figure(figure)
    return view


def layer(view: FigureView, kind: type[L]) -> L:
    """What draws some of its marks."""
    (found,) = (one for one in view.layers.values() if isinstance(one, kind))
    return found


def read(view: FigureView, x: float, y: float) -> list[Row]:
    """What the pointer reads off at a place of the plane."""
    return view.readout(view.frame.view.mapViewToScene(QPointF(x, y)))
