"""What scripts do with bpviz: open or build a project, train it, look at every number, take the results away.

``import bpviz`` offers these functions by their names; the command line is made of them too.  A `Project` is
what was drawn and set, a `Session` is a run of it, and a `Run` leads one about in what it has done.  Where a
function takes any of them, a project stands for a run that has not made a step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final, overload
from warnings import warn

import numpy as np

from bpviz.data.datasets import DATASETS
from bpviz.data.settings import DataSettings
from bpviz.engine import backprop as reference
from bpviz.engine import gradcheck
from bpviz.engine.backprop import Trace
from bpviz.engine.gradcheck import GradientCheck
from bpviz.errors import ModelError, SettingError, grouped
from bpviz.files.formats import format_for
from bpviz.files.project import Saved, save_project
from bpviz.files.runs import KEPT_MB, open_told, remarks, reopen, saved_run, session_of
from bpviz.files.weights import WEIGHT_FORMATS, weight_export
from bpviz.model.builder import layered_network
from bpviz.model.checks import MOST_NODES, check_data
from bpviz.model.edits import end_after, set_data, set_training
from bpviz.model.examples import EXAMPLES
from bpviz.model.fitting import with_columns
from bpviz.model.naming import counting_from, first_free_number
from bpviz.model.spec import Network, Project
from bpviz.plain import as_whole, is_whole
from bpviz.training.beginning import training_rows
from bpviz.training.figure import Figure
from bpviz.training.figures import plot_and_view
from bpviz.training.paths import engine_named
from bpviz.training.run import Run
from bpviz.training.session import Session
from bpviz.training.timeline_state import repeated

_LED: Final = (Project, Session, Run)
_NO_RUN: Final = "project and no run; bpviz.example, bpviz.load and bpviz.resume give one"

# One look at the clock or the progress bar takes as long as so many steps; more would feel stuck.
_STEPS_A_SLICE = 500


def example(name: str) -> Project:
    """Return a bundled project, such as ``spiral``; ``bpviz examples`` lists them.

    Raises:
        UnknownNameError: If there is none of this name.
    """
    return EXAMPLES[name].build()


def load(path: str | Path) -> Project:
    """Open the project in a ``.bpviz`` file, or of a link to the Playground; what can't be had is a warning.

    Raises:
        FileError: If it can't be read or is damaged.
    """
    return open_told(path).project


def resume(path: str | Path, *, engine: str | None = None) -> Session:
    """Open a ``.bpviz`` file and go on with the run in it, bit for bit; without one, begin.

    Args:
        path: The file.
        engine: As in `session`; by default the one that computed the run so far.

    Raises:
        FileError: If it can't be read or is damaged.
        BpvizError: If the project can't run as it is drawn.
    """
    return session_of(open_told(path), engine)


def run(what: Project | Session | str | Path, *, engine: str | None = None) -> Run:
    """Make a run that one can move about in: any step of it, exactly, and branches that leave from there.

    Args:
        what: A project, for a new run; a session, which is led about from then on; or a ``.bpviz`` file, with
            its moments and branches.  Where there are no moments, steps are repeated from the start.
        engine: As in `session` and `resume`; a session keeps its own.

    Warns:
        UserWarning: If moments and branches in the file are damaged; the run is whole without them.

    Raises:
        FileError: If it can't be read or is damaged.
        BpvizError: If the project can't run as it is drawn.
    """
    if isinstance(what, Project | Session):
        begun = what if isinstance(what, Session) else session(what, engine=engine)
        return Run(repeated(begun))
    found, saved = reopen(Path(what), engine)
    for remark in remarks(saved):
        warn(remark, stacklevel=2)
    return found


def save(path: str | Path, what: Project | Session | Run, keep_moments: float = KEPT_MB) -> None:
    """Save a project, or a run with all that it needs to go on, as a ``.bpviz`` file.

    Args:
        path: Where to.
        what: Of a `Run`, moments and branches are saved, too.
        keep_moments: MB that these may take, before they are packed; 0 leaves them out.

    Raises:
        SettingError: If not even one moment has room there.
        FileError: If it can't be written; nothing is left behind then.
    """
    if isinstance(what, Run):
        saved = saved_run(what, keep_moments)
    elif isinstance(what, Session):
        saved = Saved(what.project, what.state(), first_free_number(what.project.network))
    else:
        saved = Saved(what, None, first_free_number(what.network))
    save_project(Path(path), saved)


def network(
    *sizes: int, activation: str = "tanh", output_activation: str = "tanh", features: Sequence[str] = ()
) -> Network:
    """Build a network of dense layers: ``network(2, 8, 8, 1)``.

    Args:
        sizes: Nodes of each layer, the input first.
        activation: Of the hidden layers.
        output_activation: Of the output layer.
        features: What the input nodes show, such as ``x`` or ``x^2``; by default the columns of the data that
            the network comes together with in `project`.

    Raises:
        ModelError: If there are fewer than two layers, or an empty one, or more nodes than `MOST_NODES`.
    """
    sizes = tuple(map(as_whole, sizes))
    if len(sizes) < 2 or not all(is_whole(size, 1) for size in sizes):
        raise ModelError("A network needs at least two layers, each with at least one node.")
    if sum(sizes) > MOST_NODES:  # more would not even be looked at by what checks networks
        raise ModelError(f"The network is too large; ask for at most {grouped(MOST_NODES)} nodes.")
    if features and len(features) != sizes[0]:
        raise ModelError(
            f"The input layer has {sizes[0]} nodes and {len(features)} features; make them equal."
        )
    shown, hidden, ends = features or [""] * sizes[0], sizes[1:-1], sizes[-1]
    return layered_network(shown, hidden, ends, activation=activation, output_activation=output_activation)


def project(network: Network, data: str | DataSettings = "circle", **training: Any) -> Project:
    """Put a network, data and settings together.

    Args:
        network: Its input nodes without a feature get the columns of the data, in order.
        data: A name that ``bpviz datasets`` lists, or settings with noise, split, scaling or a table.
        training: Fields of `bpviz.model.spec.Training`, such as ``optimizer="adam", learning_rate=0.01``.

    Raises:
        BpvizError: If something is unknown, out of range or does not fit.
    """
    _require(network, Network, "network; bpviz.network builds one")
    settings = _checked(data)
    bare = Project(network=with_columns(network, settings), data=settings)
    return set_training(bare, **training)


def with_data(project: Project, data: str | DataSettings) -> Project:
    """Give a project other data; its input and output layer and its loss are made to fit.

    Args:
        project: What learned others.
        data: A name that ``bpviz datasets`` lists, or settings, which count as they stand, with their split
            and scaling.

    Raises:
        BpvizError: If the data can't be used.
    """
    data = _checked(data)
    new_id = counting_from(first_free_number(project.network))
    fitted = set_data(project, new_id, **{field.name: getattr(data, field.name) for field in fields(data)})
    title = data.table.name if data.table is not None else DATASETS[data.source].label
    return replace(fitted, data=data, title=title)


def session(project: Project, *, engine: str | None = None) -> Session:
    """Begin a run.

    Args:
        project: What to learn.
        engine: ``reference`` or ``kernel``; by default the fastest there is.

    Raises:
        BpvizError: If the project can't run as it is drawn.
    """
    _require(project, Project, "project; bpviz.example and bpviz.load give one")
    return Session(project, path=engine_named(engine))


@overload
def train(
    what: Project | Session,
    epochs: int | None = None,
    *,
    engine: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Session: ...
@overload
def train(
    what: Run,
    epochs: int | None = None,
    *,
    engine: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Run: ...
def train(
    what: Project | Session | Run,
    epochs: int | None = None,
    *,
    engine: str | None = None,
    progress: Callable[[float], None] | None = None,
) -> Session | Run:
    """Train, until so many epochs are done or a stop rule of the project ends the run.

    Args:
        what: A project, for a new run, or a run to go on with; a `Run` keeps moments on the way, and from a
            step in its past it goes on on a branch.
        epochs: How many more; None leaves it to the stop rules, of which there must be one for epochs then.
        engine: As in `session`; a run keeps its own.
        progress: Told now and then how many epochs the run has behind it.

    Returns:
        The run, whose `metrics`, `parameters`, `stopped` and `outputs` say what came of it.

    Raises:
        SettingError: If nothing would end the run for sure.
        BpvizError: If the project can't run as it is drawn.
    """
    epochs = as_whole(epochs)
    if epochs is not None and not is_whole(epochs, 0):
        raise SettingError(f"A run can't take {epochs} epochs; choose a whole number, 0 or more.")
    _require(what, _LED, _NO_RUN)
    if isinstance(what, Project):
        what = session(end_after(what, epochs), engine=engine)
    elif epochs:
        what.go_on()
    led = what.session if isinstance(what, Run) else what
    if epochs is None and led.stopped is None and led.last_epoch is None:
        raise SettingError("Nothing would end this run for sure; say for how many epochs to train.")
    goal = math.inf if epochs is None else int(led.epoch) + epochs
    while led.epoch < goal and led.stopped is None:
        what.advance(min(led.to_epoch_end(), _STEPS_A_SLICE))
        if progress is not None:
            progress(led.epoch)
    return what


def backprop(what: Project | Session | Run, rows: slice = slice(None)) -> Trace:
    """Run one pass forward and backward and return every value of it, in float64.

    Args:
        what: The start values of a project, or a run as it stands.
        rows: Which examples of the training part, in the order of the data.

    Returns:
        A `bpviz.engine.backprop.Trace`: z, a, delta of each layer, (examples, nodes), and the gradient.

    Raises:
        DataError: If there are no such rows.
        BpvizError: If the project can't run as it is drawn.
    """
    run = standing_run(what)
    x, y = training_rows(run.prepared, rows)
    parameters = run.parameters.astype(np.float64)
    return reference.backprop(run.compiled.plan, run.rule.loss, parameters, x, y)


def check_gradients(
    what: Project | Session | Run,
    rows: slice = slice(None),
    *,
    progress: Callable[[int, int], None] | None = None,
) -> GradientCheck:
    """Compare backprop's gradient of the cost with central differences.

    Args:
        what: The start values of a project, or a run as it stands.
        rows: Which examples of the training part, in the order of the data.
        progress: Told now and then (parameters done, parameters in all).

    Raises:
        DataError: If there are no such rows.
        BpvizError: If the project can't run as it is drawn.
    """
    run = standing_run(what)
    x, y = training_rows(run.prepared, rows)
    return gradcheck.check(run.compiled.plan, run.rule, run.parameters, x, y, progress)


def export_weights(what: Project | Session | Run, path: str | Path, kind: str | None = None) -> None:
    """Write the network as a function, with features, scaling and classes, for use without bpviz.

    Args:
        what: The start values of a project, or a run as it stands.
        path: Where to.
        kind: ``npz``, ``safetensors``, ``json`` or ``csv``; by default what the file's name ends with.

    Raises:
        UnknownNameError: If there is no such format.
        FileError: If it can't be written; nothing is left behind then.
    """
    run, target = standing_run(what), Path(path)
    entry = format_for(WEIGHT_FORMATS, target, kind)
    title = run.project.title
    entry.write(target, weight_export(run.compiled, run.parameters, run.prepared, title=title, step=run.step))


def figure(what: Project | Session | Run, name: str) -> Figure:
    """Return what a plot shows, as values.

    Args:
        what: The beginning of a project, or a run as it stands.
        name: ``loss``, ``gradients``, ``deltas``, ``map``, ... an entry of `bpviz.training.figures.PLOTS`; or
            with how to see it: ``loss:log``, ``gradients:linear``, ``deltas:sizes``.

    Raises:
        UnknownNameError: If there is no such plot.
        SettingError: If it can't be seen so.
    """
    (entry, view), run = plot_and_view(name), standing_run(what)
    return view.of(entry.figure(run.snapshot(entry.wants)))


def standing_run(what: Project | Session | Run) -> Session:
    """Return what a project, session or run stands for: of a project its beginning."""
    _require(what, _LED, _NO_RUN)
    if isinstance(what, Run):  # what is only looked at has no curves of its own
        return what.session if what.timeline.at_end else what.at(what.timeline.step)
    return session(what, engine="reference") if isinstance(what, Project) else what


def _checked(data: str | DataSettings) -> DataSettings:
    """Settings of data, also of those that were named alone."""
    settings = data if isinstance(data, DataSettings) else DataSettings(source=data)
    check_data(settings)
    return settings


def _require(value: object, kinds: type | tuple[type, ...], lacks: str) -> None:
    if not isinstance(value, kinds):
        shown = value if isinstance(value, str) else type(value).__name__
        raise SettingError(f"{shown!r} is no {lacks}.")
