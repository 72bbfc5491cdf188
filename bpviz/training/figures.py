"""The table of plots: what each one is called, what it needs of a run, and the figure it makes of a snapshot.

To add a plot, add an entry to `PLOTS`: of series, `of_series` makes it; of anything else, a function from a
snapshot to a `bpviz.training.figure.Figure`, such as `bpviz.training.figure_makers` has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bpviz.data.datasets import facts
from bpviz.errors import BpvizError, SettingError
from bpviz.model.spec import Project
from bpviz.registry import Registry
from bpviz.training.figure import LOOKS, Axis, Figure, View
from bpviz.training.figure_makers import counts, deltas, over_steps, plane_map
from bpviz.training.series import Trait
from bpviz.training.snapshot import Snapshot

__all__ = ["PLOTS", "Figure", "Plot", "of_series", "plot_and_view"]

_CURVES: Final = ("log", "linear")


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


def _traits(project: Project) -> frozenset[Trait]:
    """What a project's data have that not all have."""
    try:
        known = facts(project.data)
    except BpvizError:
        return frozenset()  # what is wrong with the data is said elsewhere
    has: dict[Trait, bool] = {"classes": known.classes is not None, "plane": known.plane}
    return frozenset(trait for trait, it_has in has.items() if it_has)


def of_series(
    name: str,
    label: str,
    about: str,
    series: tuple[str, ...],
    empty: str,
    *,
    y: Axis | None = None,
    behind: tuple[str, ...] = (),
    named: bool = False,
    needs: frozenset[Trait] = frozenset(),
) -> Plot:
    """Make an entry for curves of some series; see `Plot` and `over_steps`."""
    figure = over_steps(name, label, series, empty, y=y, behind=behind, named=named)
    return Plot(name, label, about, frozenset(series), figure, _CURVES, needs)


PLOTS: Final = Registry(
    "plot",
    of_series(
        "loss",
        "Loss",
        "How wrong the network is, on what it learns from and on what it has never seen.",
        ("batch_loss", "train_loss", "train_cost", "test_loss"),
        "The losses of the training and the test part appear here as the network learns.",
        behind=("train_loss", "batch_loss"),
    ),
    of_series(
        "accuracy",
        "Accuracy",
        "How many examples are classified correctly.",
        ("train_accuracy", "test_accuracy"),
        "The share of examples that are classified correctly appears here; it needs data with classes.",
        y=Axis("Accuracy", "%"),
        behind=("train_accuracy",),
        needs=frozenset({"classes"}),
    ),
    of_series(
        "gradients",
        "Gradient norms",
        "Whether the gradient reaches the first layers, or vanishes or explodes on the way.",
        ("gradient",),
        "The size of each layer's gradient appears here with the first step.",
        y=Axis("Norm of the gradient", log=True),
        named=True,
    ),
    of_series(
        "ratios",
        "Update ratios",
        "How much a step changes each layer; about one in a thousand is usual.",
        ("ratio",),
        "How much each step changes a layer's weights appears here with the first step.",
        y=Axis("Update by weights", log=True),
        named=True,
    ),
    Plot(
        "deltas",
        "Deltas",
        "The error signal that arrives at every node, over time.",
        frozenset({"delta", "delta_size"}),
        deltas,
        ("sizes",),
    ),
    Plot(
        "map",
        "Decision map",
        "What the network answers all over the plane of its two inputs.",
        frozenset({"map"}),
        plane_map,
        needs=frozenset({"plane"}),
    ),
    Plot(
        "confusion",
        "Confusion",
        "Which classes the network takes for which.",
        frozenset({"confusion"}),
        counts,
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
