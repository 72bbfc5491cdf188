"""How long one frame of each kind takes: new values in, and the widget painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Final

import numpy as np
import shiboken6
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QGraphicsScene,
    QGraphicsView,
    QGridLayout,
    QWidget,
)

from bpviz.arrays import Array
from bpviz.model.builder import layered_network
from bpviz.model.compile import compile_network
from bpviz.model.edits import set_training
from bpviz.model.examples import DEFAULT_EXAMPLE, EXAMPLES
from bpviz.model.layout import full_strength, node_position
from bpviz.model.naming import first_free_number
from bpviz.model.spec import Network, Project, Stop
from bpviz.training.bins import STEP_BINS
from bpviz.training.figure import Axis, Figure
from bpviz.training.history import NODE_BINS
from bpviz.training.marks import Heat, Line, RowGroup, Scale
from bpviz.training.snapshot import Snapshot
from bpviz.training.speed import FLAT_OUT
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.canvas.items import PORT_AT
from bpviz.ui.canvas.links_item import LinksItem
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.desk import Desk
from bpviz.ui.document import Document
from bpviz.ui.measure.stage import Scene, application, perform, screen
from bpviz.ui.plots.figure_view import FigureView
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.theme import Theme

_EXPOSE_MS: Final = 300
_WARM_FRAMES: Final = 3
_CURVES: Final = 12
_ROWS: Final = 200
_STEPS_A_BIN: Final = 8
THOUSAND: Final = (10, 25, 20, 10, 5)  # sizes of layers with 1,000 connections
FIVE_THOUSAND: Final = (40, 40, 40, 40, 5)
_PLOT_PX: Final = (420, 260)
_WIDE_PX: Final = (900, 420)
_CANVAS_PX: Final = (1000, 620)
_PAN_PX: Final = 7.0


def measure(options: dict[str, Any]) -> dict[str, Any]:
    """Draw every kind of frame again and again.

    Args:
        options: ``frames`` of each kind.

    Returns:
        ``frames_ms``, for each kind the milliseconds of its frames; ``screen``.
    """
    app = application()
    theme = Theme("light")
    theme.apply(app)
    found: dict[str, list[float]] = {}

    def scene() -> Scene:
        for name, make in KINDS.items():
            with make(theme) as (widget, frame):
                widget.show()
                yield _EXPOSE_MS
                for k in range(_WARM_FRAMES + options["frames"]):
                    begin = perf_counter()
                    frame(k)
                    if k >= _WARM_FRAMES:
                        found.setdefault(name, []).append(1000 * (perf_counter() - begin))
                    yield 0  # what a frame left to the event loop is not the next one's

    perform(app, scene(), QApplication.closeAllWindows)
    return {"frames_ms": found, "screen": screen(app)}


Kind = Callable[[Theme], Any]
"""A context with a widget to show and a function that draws its k-th frame."""


@contextmanager
def one_plot(theme: Theme) -> Iterator[tuple[QWidget, Callable[[int], None]]]:
    """Twelve curves in one plot."""
    view = FigureView(theme, "curves")
    widget = view.frame.widget
    widget.resize(*_WIDE_PX)

    def frame(k: int) -> None:
        view.show_figure(curves(k, _CURVES))
        repaint(widget)

    yield widget, frame
    widget.close()


@contextmanager
def twelve_plots(theme: Theme) -> Iterator[tuple[QWidget, Callable[[int], None]]]:
    """Twelve plots of one curve each."""
    holder = QWidget()
    grid = QGridLayout(holder)
    views = [FigureView(theme, "curves", holder) for _ in range(_CURVES)]
    for at, view in enumerate(views):
        grid.addWidget(view.frame.widget, at // 4, at % 4)
    holder.resize(4 * _PLOT_PX[0], 3 * _PLOT_PX[1])

    def frame(k: int) -> None:
        figure = curves(k, 1)
        for view in views:
            view.show_figure(figure)
        for view in views:
            repaint(view.frame.widget)

    yield holder, frame
    holder.close()


@contextmanager
def heatmap(theme: Theme) -> Iterator[tuple[QWidget, Callable[[int], None]]]:
    """A heatmap of 200 rows and 512 columns."""
    view = FigureView(theme, "table")
    widget = view.frame.widget
    widget.resize(*_WIDE_PX)
    figures = [deltas(k) for k in range(4)]

    def frame(k: int) -> None:
        view.show_figure(figures[k % len(figures)])
        repaint(widget)

    yield widget, frame
    widget.close()


@contextmanager
def links(theme: Theme) -> Iterator[tuple[QWidget, Callable[[int], None]]]:
    """The item that draws 1,000 connections, alone."""
    topology = Topology.of(network(THOUSAND))
    view = QGraphicsView()
    picture = QGraphicsScene(view)
    view.setScene(picture)
    item = LinksItem(theme, picture)
    item.place(Placement.of(topology, {}))
    item.set_resting(resting=False)
    view.resize(*_CANVAS_PX)
    view.fitInView(item.boundingRect())
    values = [strengths(topology.pair_count, k) for k in range(4)]
    dimmed = np.zeros(topology.pair_count, dtype=np.bool_)

    def frame(k: int) -> None:
        shown = values[k % len(values)]
        item.show_values(shown, dimmed, full_strength(shown))
        repaint(view)

    yield view, frame
    dispose(view)


@contextmanager
def values_on_canvas(theme: Theme) -> Iterator[tuple[QWidget, Callable[[int], None]]]:
    """A new snapshot on the whole canvas with 1,000 connections."""
    canvas, shots = _canvas(theme, THOUSAND)

    def frame(k: int) -> None:
        canvas.show_snapshot(shots[k % len(shots)])
        repaint(canvas.pane)

    yield canvas, frame
    dispose(canvas)


@contextmanager
def panning(theme: Theme) -> Iterator[tuple[QWidget, Callable[[int], None]]]:
    """Moving the canvas with 5,000 connections by some pixels."""
    canvas, shots = _canvas(theme, FIVE_THOUSAND)

    def frame(k: int) -> None:
        if k == 0:
            canvas.show_snapshot(shots[0])
            canvas.zoom_in()
        by = _PAN_PX / canvas.pane.scale_factor
        canvas.pane.pan(QPointF(by if k % 20 < 10 else -by, 0.0))
        repaint(canvas.pane)

    yield canvas, frame
    dispose(canvas)


@contextmanager
def zooming(theme: Theme) -> Iterator[tuple[QWidget, Callable[[int], None]]]:
    """Zooming on the canvas with 5,000 connections."""
    canvas, shots = _canvas(theme, FIVE_THOUSAND)

    def frame(k: int) -> None:
        if k == 0:
            canvas.show_snapshot(shots[0])
        canvas.pane.zoom(1.05 if k % 20 < 10 else 1 / 1.05)
        repaint(canvas.pane)

    yield canvas, frame
    dispose(canvas)


@contextmanager
def panning_in_training(theme: Theme) -> Iterator[tuple[QWidget, Callable[[int], None]]]:
    """The same while values come at every other frame, and a run trains beside it."""
    canvas, shots = _canvas(theme, FIVE_THOUSAND)

    def frame(k: int) -> None:
        if k % 2 == 0:
            canvas.show_snapshot(shots[k // 2 % len(shots)])
        by = _PAN_PX / canvas.pane.scale_factor
        canvas.pane.pan(QPointF(by if k % 20 < 10 else -by, 0.0))
        repaint(canvas.pane)

    with _run_beside():
        yield canvas, frame
    dispose(canvas)


@contextmanager
def zooming_in_training(theme: Theme) -> Iterator[tuple[QWidget, Callable[[int], None]]]:
    """Likewise zooming."""
    canvas, shots = _canvas(theme, FIVE_THOUSAND)

    def frame(k: int) -> None:
        if k % 2 == 0:
            canvas.show_snapshot(shots[k // 2 % len(shots)])
        canvas.pane.zoom(1.05 if k % 20 < 10 else 1 / 1.05)
        repaint(canvas.pane)

    with _run_beside():
        yield canvas, frame
    dispose(canvas)


@contextmanager
def pressing(theme: Theme) -> Iterator[tuple[QWidget, Callable[[int], None]]]:
    """From a press on a port to the picture that shows it: the wire, and all ends that it may have."""
    canvas, shots = _canvas(theme, FIVE_THOUSAND)
    viewport = canvas.pane.viewport()

    def frame(k: int) -> None:
        if k == 0:
            canvas.show_snapshot(shots[0])
        canvas.pane.cancel_gesture()
        layer = canvas.scene.network.layers[k % 3]
        x, y = node_position(layer, layer.nodes[0])
        place = QPointF(canvas.pane.mapFromScene(QPointF(x + PORT_AT, y)))
        button = Qt.MouseButton.LeftButton
        press = QMouseEvent(
            QEvent.Type.MouseButtonPress,
            place,
            viewport.mapToGlobal(place),
            button,
            button,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, press)
        repaint(canvas.pane)

    yield canvas, frame
    dispose(canvas)


@contextmanager
def _run_beside() -> Iterator[None]:
    """Let a run train as fast as it can, as it does in the window."""
    controller = TrainingController()
    controller.load(set_training(EXAMPLES[DEFAULT_EXAMPLE].build(), stop=Stop()))
    controller.set_speed(FLAT_OUT)
    controller.play()
    try:
        yield
    finally:
        controller.close()


KINDS: Final[dict[str, Kind]] = {
    "one_plot": one_plot,
    "twelve_plots": twelve_plots,
    "heatmap": heatmap,
    "links": links,
    "canvas": values_on_canvas,
    "pan": panning,
    "zoom": zooming,
    "pan_training": panning_in_training,
    "zoom_training": zooming_in_training,
    "press": pressing,
}


def repaint(area: QAbstractScrollArea) -> None:
    """Paint all of a view, now."""
    area.viewport().repaint()


def dispose(widget: QWidget) -> None:
    """Close a widget and delete it with all it holds, now and not whenever garbage is collected."""
    widget.close()
    shiboken6.delete(widget)


def curves(k: int, count: int) -> Figure:
    """A figure with so many curves of as many bins as there can be, different for each k.

    Their extremes stay: in a run, too, a plot's range changes now and then and not with every frame.
    """
    draw = np.random.default_rng(k)
    first = np.arange(STEP_BINS, dtype=np.int64) * _STEPS_A_BIN
    lines = []
    for at in range(count):
        wave = np.sin(2 * np.pi * (3 * first / first[-1] + k / 7))
        middle = np.exp(wave + draw.uniform(-0.2, 0.2, STEP_BINS) - at)
        lines.append(
            Line(
                name=f"layer {at}",
                first=first,
                last=first + _STEPS_A_BIN - 1,
                y=middle,
                low=middle * 0.8,
                high=middle * 1.25,
                color=f"layer:{at}/{count}",
            )
        )
    return Figure("gradients", "Curves", Axis("Step"), Axis("Norm", log=True), tuple(lines), "", named=True)


def deltas(k: int) -> Figure:
    """A heatmap of as many columns as there can be, different for each k."""
    draw = np.random.default_rng(k)
    values: Array = draw.normal(size=(_ROWS, NODE_BINS)) * np.exp(draw.normal(size=(_ROWS, 1)))
    half = _ROWS // 2
    heat = Heat(
        edges=np.arange(NODE_BINS + 1, dtype=np.float64),
        table=values,
        rows=tuple(f"node {row}" for row in range(_ROWS)),
        groups=(RowGroup(0, half, "Hidden 1"), RowGroup(half, _ROWS, "Hidden 2")),
        scale=Scale("mean delta", "diverging", float(np.abs(values).max()), floor=1e-3),
    )
    return Figure("deltas", "Heatmap", Axis("Step"), Axis("Node"), (heat,), "")


def network(sizes: tuple[int, ...]) -> Network:
    """A network of these layers."""
    inputs = [f"c{k}" for k in range(sizes[0])]
    return layered_network(inputs, sizes[1:-1], sizes[-1])


def strengths(count: int, k: int) -> Array:
    """Values of as many connections, different for each k."""
    values: Array = np.random.default_rng(k).normal(size=count)
    return values


def _canvas(theme: Theme, sizes: tuple[int, ...]) -> tuple[NetworkCanvas, list[Snapshot]]:
    project = Project(network=network(sizes))
    document = Document(project, first_free_number(project.network))
    canvas = NetworkCanvas(Desk(document), theme)
    document.setParent(canvas)
    canvas.resize(*_CANVAS_PX)
    compiled = compile_network(project.network)
    shots = [
        Snapshot(0, k, 0.0, "reference", compiled, 0.0, 0.0, parameters=strengths(compiled.plan.size, k))
        for k in range(4)
    ]
    return canvas, shots
