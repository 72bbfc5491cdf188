"""What is told of a timeline where it is shown: its span, its marks, its lines, and the curves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bpviz.model.spec import Project
from bpviz.training.series import Bins

MarkKind: TypeAlias = Literal["edited", "value", "path", "stopped", "continued", "remark"]

GhostKind: TypeAlias = Literal["line", "run"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A step of the line at which something was done or happened.

    Attributes:
        step: Steps done before it.
        kind: The first of what happened there.
        words: All of it, a sentence part each.
    """

    step: int
    kind: MarkKind
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LineView:
    """One way that the run took.

    Attributes:
        number: Its own.
        parent: Number of the line that it left; None of the first.
        forked_at: Step at which it left it.
        name: Given by the user; empty if it is named by what differs.
        before: The project where it left its parent; of the first, where it began.  None where nothing tells.
        project: The project at its end.
        last_step: Where it ends.
        loss: The training loss there.
    """

    number: int
    parent: int | None
    forked_at: int
    name: str
    before: Project | None
    project: Project
    last_step: int
    loss: float


@dataclass(frozen=True, slots=True, eq=False)
class TimelineView:
    """A timeline as it stands; `Snapshot.step` is the step that is shown.

    Attributes:
        first_step: The first step that can be shown.
        last_step: Where the present line ends.
        at_end: Whether the run stands where it goes on; elsewhere it is only looked at.
        exact: Whether the step that is shown is the one that was asked for, or the kept one nearest before.
        line: Number of the present line.
        lines: All lines, in the order in which they began.
        next_line: Number of the line that will begin next.
        marks: Of the present line, in order.
        best: (step, training loss) of the best kept moment; None before there is one.
        good: (step, training loss) of the moment to go back to after a failure; None as long as all is well.
        good_project: What the run followed there.
        nbytes: Memory of all moments.
    """

    first_step: int
    last_step: int
    at_end: bool
    exact: bool
    line: int
    lines: tuple[LineView, ...]
    marks: tuple[Mark, ...]
    best: tuple[int, float] | None = None
    good: tuple[int, float] | None = None
    good_project: Project | None = None
    nbytes: int = 0
    next_line: int = 2


@dataclass(frozen=True, slots=True, eq=False)
class Ghost:
    """A run, or a line of it, whose curves stand faintly behind those of the present one.

    Attributes:
        kind: A ``line`` of this run, or a ``run`` that was reset or ended by an edit.
        number: Of the line, or of the run.
        name: Given by the user; empty if it is named by what differs.
        before: The project that its name tells the difference to; None where nothing tells.
        project: The project at its end.
        last_step: Where it ends.
        shown: Whether its curves are drawn.
        series: Losses and accuracies by name, as in `Snapshot.series`.
    """

    kind: GhostKind
    number: int
    name: str
    before: Project | None
    project: Project
    last_step: int
    shown: bool = True
    series: Mapping[str, Bins] = field(default_factory=dict)
