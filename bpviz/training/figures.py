"""The table of plots: what each one is called, what it needs of a run, and the figure it makes of a snapshot.

To add a plot, write a function from a snapshot to a figure and add an entry to `PLOTS`.  The values
that figures are made of stand in `bpviz.training.figure`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.data.datasets import facts
from bpviz.errors import BpvizError, SettingError
from bpviz.model.spec import Project
from bpviz.registry import Registry
from bpviz.training.anatomy import Anatomy
from bpviz.training.figure import (
    LOOKS,
    Axis,
    Figure,
    HeatmapFigure,
    Line,
    LineFigure,
    MapFigure,
    Mark,
    RowGroup,
    Scale,
    View,
)
from bpviz.training.figure_behind import lines_behind, step_in_past
from bpviz.training.figure_scales import log_scale, number_scale
from bpviz.training.series import SERIES, Bins, NodeBins, Series, Trait
from bpviz.training.snapshot import PlaneMap, Snapshot

__all__ = ["PLOTS", "Figure", "Plot", "plot_and_view"]

_CURVES: Final = ("log", "linear")
_STEPS: Final = Axis("Step")


@dataclass(frozen=True, slots=True)
class Plot:
    """A kind of plot.

    Attributes:
        name: Key in files and on the command line; never renamed.
        label: What menus show.
        about: What one sees in it, in one sentence, for tooltips.
        wants: What its snapshot must hold: series, or entries of `bpviz.training.wants.WANTS`.
        figure: From a snapshot to what is drawn.
        looks: Entries of `LOOKS` in which it can be seen.
        needs: Runs without these have no such plot.
    """

    name: str
    label: str
    about: str
    wants: frozenset[str]
    figure: Callable[[Snapshot], Figure]
    looks: tuple[str, ...] = ()
    needs: frozenset[Trait] = frozenset()

    def applies(self, project: Project) -> bool:
        """Whether a project has such a plot."""
        return self.needs <= _traits(project)


def _loss(snapshot: Snapshot) -> Figure:
    lines = _lines(snapshot, "batch_loss", "train_loss", "train_cost", "test_loss")
    behind, behind_name = lines_behind(snapshot, ("train_loss", "batch_loss"))
    return LineFigure(
        name="loss",
        title="Loss",
        x=_STEPS,
        y=Axis(snapshot.anatomy.loss),
        lines=lines,
        empty="The losses of the training and the test part appear here as the network learns.",
        marks=_marks(snapshot),
        behind=behind,
        behind_name=behind_name,
        here=step_in_past(snapshot),
    )


def _accuracy(snapshot: Snapshot) -> Figure:
    lines = _lines(snapshot, "train_accuracy", "test_accuracy")
    behind, behind_name = lines_behind(snapshot, ("train_accuracy",), 100.0)
    return LineFigure(
        name="accuracy",
        title="Accuracy",
        x=_STEPS,
        y=Axis("Accuracy", "%"),
        lines=lines,
        empty="The share of examples that are classified correctly appears here; it needs data with classes.",
        marks=_marks(snapshot),
        behind=behind,
        behind_name=behind_name,
        here=step_in_past(snapshot),
    )


def _layers_figure(
    snapshot: Snapshot, name: str, kind: str, title: str, label: str, empty: str
) -> LineFigure:
    """A curve for each layer, of a kind of series."""
    return LineFigure(
        name=name,
        title=title,
        x=_STEPS,
        y=Axis(label, log=True),
        lines=_lines(snapshot, kind),
        empty=empty,
        marks=_marks(snapshot),
        named=True,
        here=step_in_past(snapshot),
    )


def _gradients(snapshot: Snapshot) -> Figure:
    empty = "The size of each layer's gradient appears here with the first step."
    return _layers_figure(snapshot, "gradients", "gradient", "Gradient norms", "Norm of the gradient", empty)


def _ratios(snapshot: Snapshot) -> Figure:
    empty = "How much each step changes a layer's weights appears here with the first step."
    return _layers_figure(snapshot, "ratios", "ratio", "Update ratios", "Update by weights", empty)


def _lines(snapshot: Snapshot, *names: str) -> tuple[Line, ...]:
    """The curves of series that have a point; one for each layer, its color telling how deep that lies."""
    found = []
    for series in map(SERIES.__getitem__, names):
        if series.of == "run":
            found.append(_line(series, snapshot.series.get(series.name), series.label, series.color))
            continue
        groups = snapshot.anatomy.learning
        for at, group in enumerate(groups):
            bins = snapshot.series.get(series.column(group.id))
            found.append(_line(series, bins, group.label, f"layer:{at}/{len(groups)}"))
    return tuple(line for line in found if line is not None and line.y.size)


def _line(series: Series, bins: Bins | None, name: str, color: str) -> Line | None:
    if bins is None:
        return None
    values, factor = (bins.mean, bins.low, bins.high), series.factor
    y, low, high = values if factor == 1.0 else (factor * value for value in values)
    return Line(name, bins.first, bins.last_step, y, low, high, color, series.dashed, series.band)


def _deltas(snapshot: Snapshot) -> Figure:
    """Batch means of delta; of |delta| as the alternative."""
    bins = snapshot.nodes
    names, groups = _node_rows(snapshot.anatomy)
    edges: Array = np.zeros(1)
    signed: Array = np.zeros((len(names), 0))
    magnitude = signed
    if bins is not None and bins.first.size:
        edges = np.append(bins.first, bins.last_step[-1] + 1).astype(np.float64)
        signed, magnitude = (_of_nodes(snapshot.anatomy, bins, name) for name in ("delta", "delta_size"))
    empty = "The error signal of every node appears here with the first step: nodes by steps."

    def heatmap(title: str, values: Array, scale: Scale, other: HeatmapFigure | None) -> HeatmapFigure:
        return HeatmapFigure(
            name="deltas",
            title=title,
            x=_STEPS,
            y=Axis("Node"),
            edges=edges,
            values=values,
            rows=names,
            groups=groups,
            scale=scale,
            empty=empty,
            marks=_marks(snapshot),
            here=step_in_past(snapshot),
            alternative=other,
        )

    sizes = heatmap("Size of deltas", magnitude, log_scale("Mean |delta|", "sequential", magnitude), None)
    return heatmap("Deltas", signed, log_scale("Mean delta", "diverging", signed), sizes)


def _of_nodes(anatomy: Anatomy, bins: NodeBins, name: str) -> Array:
    """(nodes, columns) a series of the nodes that are there now; NaN where it has none of a node."""
    values = bins.of(name)
    if bins.nodes == anatomy.nodes:
        return values
    known = {node: at for at, node in enumerate(bins.nodes)}
    nothing = np.full(values.shape[1], np.nan)
    return np.array([values[known[node]] if node in known else nothing for node in anatomy.nodes])


def _node_rows(anatomy: Anatomy) -> tuple[tuple[str, ...], tuple[RowGroup, ...]]:
    """Names of all nodes but the input's, and the layers they belong to."""
    names: list[str] = []
    groups: list[RowGroup] = []
    for group in anatomy.learning:
        groups.append(RowGroup(len(names), len(names) + len(group.nodes), group.label))
        names.extend(f"{group.label} · {label}" for label in group.labels)
    return tuple(names), tuple(groups)


def _map(snapshot: Snapshot) -> Figure:
    plane = snapshot.plane
    if plane is None or plane.points is None:
        empty = "A map of the network's answers appears here for data with two columns."
        nothing = np.zeros((0, 0))
        scale = Scale("Output", "diverging", 1.0)
        return MapFigure(
            "map", "Decision map", Axis("x"), Axis("y"), (0.0, 1.0, 0.0, 1.0), nothing, scale, empty
        )
    values, scale = _answers(plane)
    return MapFigure(
        name="map",
        title="Output map" if plane.code is None else "Decision map",
        x=Axis(plane.points.columns[0]),
        y=Axis(plane.points.columns[1]),
        extent=plane.extent,
        values=values,
        scale=scale,
        empty="",
        points=plane.points,
    )


def _answers(plane: PlaneMap) -> tuple[Array, Scale]:
    """What the map shows: the one output, which of two classes, or the class with the largest output."""
    assert plane.points is not None, "maps of outputs carry the examples"
    outputs = len(plane.values)
    if plane.code is None:
        return plane.values[0], number_scale(plane.points.target, plane.points.value, plane.values[0])
    low, high = plane.code
    if outputs <= 2:
        middle, reach = (low + high) / 2, (high - low) / 2
        return plane.values[-1], Scale("Output", "diverging", reach, center=middle)
    return plane.values.argmax(axis=0).astype(np.float64), Scale("Class", "classes", float(outputs))


def _confusion(snapshot: Snapshot) -> Figure:
    confusion = snapshot.confusion
    empty = "How often each class is taken for which appears here; it needs data with classes."
    classes: tuple[str, ...] = () if confusion is None else confusion.classes
    counts = np.zeros((0, 0)) if confusion is None else confusion.counts.astype(np.float64)
    part = "test" if confusion is None else confusion.part
    largest = float(counts.max(initial=1.0))
    return HeatmapFigure(
        name="confusion",
        title=f"Confusion of the {part} part",
        x=Axis("Predicted class", ticks=tuple((at + 0.5, name) for at, name in enumerate(classes))),
        y=Axis("Actual class"),
        edges=np.arange(len(classes) + 1, dtype=np.float64),
        values=counts,
        rows=classes,
        groups=(),
        scale=Scale("Examples", "sequential", largest),
        empty=empty,
        numbers=True,
    )


def _marks(snapshot: Snapshot) -> tuple[Mark, ...]:
    """One mark a step at which something happened, with all that happened there."""
    texts: dict[int, list[str]] = {}
    for step, text in snapshot.events:
        texts.setdefault(step, []).append(text)
    return tuple(Mark(float(step), "; ".join(parts)) for step, parts in texts.items())


def _traits(project: Project) -> frozenset[Trait]:
    """What a project's data have that not all have."""
    try:
        known = facts(project.data)
    except BpvizError:
        return frozenset()  # what is wrong with the data is said elsewhere
    has: dict[Trait, bool] = {"classes": known.classes is not None, "plane": known.plane}
    return frozenset(trait for trait, it_has in has.items() if it_has)


PLOTS: Final = Registry(
    "plot",
    Plot(
        "loss",
        "Loss",
        "How wrong the network is, on what it learns from and on what it has never seen.",
        frozenset({"batch_loss", "train_loss", "train_cost", "test_loss"}),
        _loss,
        _CURVES,
    ),
    Plot(
        "accuracy",
        "Accuracy",
        "How many examples are classified correctly.",
        frozenset({"train_accuracy", "test_accuracy"}),
        _accuracy,
        _CURVES,
        frozenset({"classes"}),
    ),
    Plot(
        "gradients",
        "Gradient norms",
        "Whether the gradient reaches the first layers, or vanishes or explodes on the way.",
        frozenset({"gradient"}),
        _gradients,
        _CURVES,
    ),
    Plot(
        "ratios",
        "Update ratios",
        "How much a step changes each layer; about one in a thousand is usual.",
        frozenset({"ratio"}),
        _ratios,
        _CURVES,
    ),
    Plot(
        "deltas",
        "Deltas",
        "The error signal that arrives at every node, over time.",
        frozenset({"delta", "delta_size"}),
        _deltas,
        ("sizes",),
    ),
    Plot(
        "map",
        "Decision map",
        "What the network answers all over the plane of its two inputs.",
        frozenset({"map"}),
        _map,
        needs=frozenset({"plane"}),
    ),
    Plot(
        "confusion",
        "Confusion",
        "Which classes the network takes for which.",
        frozenset({"confusion"}),
        _confusion,
        needs=frozenset({"classes"}),
    ),
)


def plot_and_view(name: str) -> tuple[Plot, View]:
    """Look up a plot, and how to see it: ``loss``, ``loss:log``, ``deltas:sizes``.

    Raises:
        UnknownNameError: If there is no such plot or look.
        SettingError: If this plot can't be seen so.
    """
    known, _, look = name.partition(":")
    plot = PLOTS[known]
    if not look:
        return plot, View()
    view = LOOKS[look].view
    if look not in plot.looks:
        others = f"it can be {' or '.join(plot.looks)}" if plot.looks else "there is one way to see it"
        raise SettingError(f"The plot {known!r} can't be {look}: {others}.")
    return plot, view
