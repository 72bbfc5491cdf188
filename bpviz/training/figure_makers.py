"""How plots are made of a snapshot alone: curves of series over steps, tables of nodes, maps, and counts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array
from bpviz.training.anatomy import Anatomy
from bpviz.training.figure import Axis, Figure
from bpviz.training.figure_behind import lines_behind, step_in_past
from bpviz.training.figure_scales import log_scale, log_scale_to, number_scale
from bpviz.training.marks import Band, Heat, Image, Line, Mark, Points, RowGroup, Rule, Scale
from bpviz.training.series import SERIES, Bins, NodeBins, Series
from bpviz.training.snapshot import PlaneMap, Snapshot

Kind: TypeAlias = Literal["diverging", "sequential"]
"""Of a scale with a logarithm."""

STEPS: Final = Axis("Step")


def over_steps(
    name: str,
    title: str,
    series: tuple[str, ...],
    empty: str,
    *,
    y: Axis | None = None,
    behind: tuple[str, ...] = (),
    named: bool = False,
) -> Callable[[Snapshot], Figure]:
    """Say how curves of some series are made.

    Args:
        name: Of the plot.
        title: In sentence case.
        series: Entries of `SERIES`.
        empty: One sentence that says what will appear, and how.
        y: Axis of values; None for one of the run's loss.
        behind: Of these, the first that another run has is its faint curve.
        named: Each curve is named at its end.
    """

    def figure(snapshot: Snapshot) -> Figure:
        faint, faint_name = lines_behind(snapshot, behind)
        return Figure(
            name=name,
            title=title,
            x=STEPS,
            y=y or Axis(snapshot.anatomy.loss),
            marks=(*_curves(snapshot, series), *faint, *_rules(snapshot)),
            empty=empty,
            named=named,
            behind_name=faint_name,
        )

    return figure


def _curves(snapshot: Snapshot, names: tuple[str, ...]) -> list[Line | Band]:
    """The curves of series that have a point; one for each layer, its color telling how deep that lies."""
    found = []
    for series in map(SERIES.__getitem__, names):
        if series.of == "run":
            found.append(_curve(series, snapshot.series.get(series.name), series.label, series.color))
            continue
        groups = snapshot.anatomy.learning
        for at, group in enumerate(groups):
            bins = snapshot.series.get(series.column(group.id))
            found.append(_curve(series, bins, group.label, f"layer:{at}/{len(groups)}"))
    return [curve for curve in found if curve is not None and curve.y.size]


def _curve(series: Series, bins: Bins | None, name: str, color: str) -> Line | Band | None:
    if bins is None:
        return None
    values, factor = (bins.mean, bins.low, bins.high), series.factor
    y, low, high = values if factor == 1.0 else (factor * value for value in values)
    if series.band:
        return Band(name, bins.first, bins.last_step, y, low, high, color)
    return Line(name, bins.first, bins.last_step, y, low, high, color, series.dashed)


def deltas(snapshot: Snapshot) -> Figure:
    """Batch means of delta; of |delta| as the alternative."""
    bins = snapshot.nodes
    names, groups = _node_rows(snapshot.anatomy)
    edges: Array = np.zeros(1)
    if bins is not None and bins.first.size:
        edges = np.append(bins.first, bins.last_step[-1] + 1).astype(np.float64)
    empty = "The error signal of every node appears here with the first step: nodes by steps."

    def table(title: str, name: str, kind: Kind, other: Figure | None) -> Figure:
        label = SERIES[name].label
        joined = bins.joined.get(name) if bins is not None and bins.nodes == snapshot.anatomy.nodes else None
        whole = partial(_of_nodes, snapshot.anatomy, bins, name)
        if joined is None:
            values = whole()
            heat = Heat(edges, values, names, groups, log_scale(label, kind, values))
        else:  # the window draws no more, and all of a wide network would be megabytes each time
            scale = log_scale_to(label, kind, joined.largest)
            heat = Heat(edges, whole, names, groups, scale, joined=joined.values)
        marks: tuple[Mark, ...] = (heat, *_rules(snapshot))
        return Figure("deltas", title, STEPS, Axis("Node"), marks, empty, alternative=other)

    sizes = table("Size of deltas", "delta_size", "sequential", None)
    return table("Deltas", "delta", "diverging", sizes)


def _of_nodes(anatomy: Anatomy, bins: NodeBins | None, name: str) -> Array:
    """(nodes, columns) a series of the nodes that are there now; NaN where it has none of a node."""
    if bins is None:
        return np.zeros((len(anatomy.nodes), 0))
    values = bins.of(name)
    if bins.nodes == anatomy.nodes:
        return values
    known = {node: at for at, node in enumerate(bins.nodes)}
    nothing = np.full(values.shape[1], np.nan)
    return np.array([values[known[node]] if node in known else nothing for node in anatomy.nodes])


def _node_rows(anatomy: Anatomy) -> tuple[tuple[str, ...], tuple[RowGroup, ...]]:
    """Names of all nodes but the input's, and the layers they belong to."""
    groups: list[RowGroup] = []
    first = 0
    for group in anatomy.learning:
        groups.append(RowGroup(first, first + len(group.nodes), group.label))
        first += len(group.nodes)
    return anatomy.node_names, tuple(groups)


def plane_map(snapshot: Snapshot) -> Figure:
    """The network's answers all over the plane of its two inputs, and the examples there."""
    plane = snapshot.plane
    if plane is None or plane.points is None:
        empty = "A map of the network's answers appears here for data with two columns."
        nothing = Image((0.0, 1.0, 0.0, 1.0), np.zeros((0, 0)), Scale("Output", "diverging", 1.0))
        return Figure("map", "Decision map", Axis("x"), Axis("y"), (nothing,), empty)
    values, scale = _answers(plane)
    points = plane.points
    cursor = snapshot.cursor
    looked_at = () if cursor is None else (cursor.rows, cursor.row)
    return Figure(
        name="map",
        title="Output map" if plane.code is None else "Decision map",
        x=Axis(points.columns[0]),
        y=Axis(points.columns[1]),
        marks=(Image(plane.extent, values, scale, points.classes or ()), Points(points, scale, *looked_at)),
        empty="",
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


def counts(snapshot: Snapshot) -> Figure:
    """How often which class is taken for which."""
    confusion = snapshot.confusion
    empty = "How often each class is taken for which appears here; it needs data with classes."
    classes: tuple[str, ...] = () if confusion is None else confusion.classes
    values = np.zeros((0, 0)) if confusion is None else confusion.counts.astype(np.float64)
    part = "test" if confusion is None else confusion.part
    scale = Scale("Examples", "sequential", float(values.max(initial=1.0)))
    edges = np.arange(len(classes) + 1, dtype=np.float64)
    return Figure(
        name="confusion",
        title=f"Confusion of the {part} part",
        x=Axis("Predicted class", ticks=tuple((at + 0.5, name) for at, name in enumerate(classes))),
        y=Axis("Actual class"),
        marks=(Heat(edges, values, classes, (), scale, numbers=True),),
        empty=empty,
    )


def _rules(snapshot: Snapshot) -> list[Rule]:
    """One a step at which something happened, with all that happened there; and where one looks."""
    texts: dict[int, list[str]] = {}
    for step, text in snapshot.events:
        texts.setdefault(step, []).append(text)
    rules = [Rule(float(step), "; ".join(parts)) for step, parts in texts.items()]
    here = step_in_past(snapshot)
    return rules if here is None else [*rules, Rule(float(here), here=True)]
