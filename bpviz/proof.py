"""What scripts ask about the gradient itself: what it costs, how that grows, and what it is at the inputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Unpack

from bpviz import api
from bpviz.api import standing_run
from bpviz.arrays import Array
from bpviz.data.shapes import places_of
from bpviz.engine import backprop as engine
from bpviz.engine.forward_mode import Shape
from bpviz.errors import SettingError
from bpviz.files.figures import write_figure
from bpviz.model.spec import Project
from bpviz.pictures import Wanted, settings_of
from bpviz.training import cost_figures, costs, input_figures
from bpviz.training.beginning import training_rows
from bpviz.training.cost_figures import Along
from bpviz.training.costs import GradientCosts
from bpviz.training.figure import Figure
from bpviz.training.run import Run
from bpviz.training.session import Session

FIRST = slice(0, 1)


def gradient_costs(
    what: Project | Session | Run,
    rows: slice = FIRST,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> GradientCosts:
    """Compute the gradient by backprop, by multiplying forward and by differences: count, and measure time.

    Args:
        what: The start values of a project, or a run as it stands.
        rows: Which examples of the training part, in the order of the data; by default the first.
        progress: Told now and then (parameters done, parameters in all) of differences, which take longest.

    Raises:
        DataError: If there are no such rows.
        BpvizError: If the project can't run as it is drawn.
    """
    run = standing_run(what)
    x, y = training_rows(run.prepared, rows)
    return costs.gradient_costs(run.compiled.plan, run.rule.loss, run.parameters, x, y, progress)


def cost_figure(what: Project | Session | Run, along: Along = "depth") -> Figure:
    """Say how the multiplications of each way grow with ``depth`` or ``width`` of networks like this one.

    Raises:
        SettingError: If it is to grow with something else.
        BpvizError: If the project can't run as it is drawn.
    """
    if along not in ("depth", "width"):
        raise SettingError(f"Costs grow with depth or width, not with {along!r}; choose one of them.")
    run = standing_run(what)
    return cost_figures.cost_figure(Shape.of(run.compiled.plan, run.rule.loss), along)


def input_gradient(what: Project | Session | Run, rows: slice = slice(None)) -> Array:
    """Return how the loss of each example changes with each input, as scaled, (examples, inputs), in float64.

    Arguments and errors as for `bpviz.backprop`.
    """
    return engine.input_gradient(api.backprop(what, rows))


def input_figure(what: Project | Session | Run, row: int = 0) -> Figure:
    """Return the input gradient of one example as a picture; empty unless inputs are pixels: named
    ``pixel_ROW_COLUMN``, or of a table whose image has a size.

    Raises:
        DataError: If there is no such row in the training part.
        BpvizError: If the project can't run as it is drawn.
    """
    run = standing_run(what)
    trace = api.backprop(run, slice(row, row + 1 or None))
    return input_figures.input_figure(run.compiled, trace, 0, places_of(run.project.data))


def export_figure(
    figure: Figure, path: str | Path, kind: str | None = None, **wanted: Unpack[Wanted]
) -> None:
    """Write a figure as a picture, or its numbers as a table.

    Args:
        figure: From `bpviz.figure`, `cost_figure` or `input_figure`.
        path: Where to.
        kind: ``png``, ``svg``, ``pdf`` or ``csv``; by default what the file's name ends with.
        **wanted: As for `bpviz.export_plot`.

    Raises:
        UnknownNameError: If there is no such format.
        FileError: If there is nothing to show, or it can't be written.
    """
    write_figure(figure, Path(path), kind, settings_of(wanted))
