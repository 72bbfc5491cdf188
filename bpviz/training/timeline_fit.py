"""Whether moments and lines, as a file claims them, are those of a run: looked at before they are used."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.update import Rule
from bpviz.errors import SettingError, grouped
from bpviz.model.impact import Impact, impact
from bpviz.model.spec import Project
from bpviz.training.batches import Batches, Batching
from bpviz.training.beginning import precision, rule_for
from bpviz.training.events import Story, project_at
from bpviz.training.history import History
from bpviz.training.moment import Moment
from bpviz.training.rewire import Box
from bpviz.training.saving import require_fit
from bpviz.training.session import Session


class Fit:
    """What a run asks of the parts of its timeline.

    Args:
        session: The run.
    """

    def __init__(self, session: Session) -> None:
        training = session.project.training
        self._project = session.project
        self._dtype = precision(training)
        self._training, self._prepared = training, session.prepared
        self._batches: dict[int, Batches] = {}  # by how many examples there are
        # By their ids, which are theirs as long as they are held here, too.
        self._rules: dict[tuple[int, int], tuple[Project, Rule]] = {}
        self._compared: dict[tuple[int, int], tuple[Project, Project, bool]] = {}

    def require_line(self, moments: Iterable[Moment], story: Story, end: tuple[int, int]) -> None:
        """Refuse a line whose moments and events do not follow each other.

        Args:
            moments: Of the line.
            story: What was done on it.
            end: The place where it ends.

        Raises:
            SettingError: If it is none.
        """
        moments = tuple(moments)
        places, events = [*(moment.place for moment in moments), end], story.events
        if any(later.step < event.step for event, later in pairwise(events)) or end[1] != len(events):
            raise SettingError("The events of a branch do not follow each other.")
        if len(places) == 1 or any(later < place for place, later in pairwise(places)):
            raise SettingError("The moments of a branch do not follow each other.")
        for step, done in places:
            if (
                done > len(events)
                or (done and events[done - 1].step > step)
                or (done < len(events) and events[done].step < step)
            ):
                raise SettingError(f"The moment at step {grouped(step)} does not fit what was done.")
        for moment in moments:
            followed = project_at(events[: moment.events], story.began)
            if followed is not None and not self._same(moment.project, followed):
                raise SettingError(f"The moment at step {grouped(moment.step)} is one of another run.")

    def require_shape(self, moment: Moment, history: History) -> None:
        """Refuse a moment that has recorded more than its line in the end.

        Raises:
            SettingError: If it is none.
        """
        tables = (history.steps, history.nodes, history.epochs)
        for table, (stride, records) in zip(tables, moment.shape, strict=True):
            known = stride <= table.stride and records <= table.records
            if not known or stride.bit_count() != 1 or records >= table.bins * stride:
                raise SettingError(
                    f"The moment at step {grouped(moment.step)} has another past than its run."
                )

    def require_moment(self, moment: Moment) -> None:
        """Refuse a moment at which this run can't have stood.

        Raises:
            BpvizError: If it is none.
        """
        examples = len((moment.prepared or self._prepared).train_x)
        if examples not in self._batches:
            batching = Batching.of(self._training, examples)
            self._batches[examples] = Batches(self._training.seed, examples, batching)
        rule = self._rule(moment.project, examples)
        require_fit(moment.state, moment.compiled, rule, self._batches[examples], self._dtype)

    def require_box(self, box: Box) -> None:
        """Refuse a part of an attic that this run can't have put away.

        Raises:
            BpvizError: If it is none.
        """
        optimizer, penalty = box.numbers.memory
        slots = OPTIMIZERS[optimizer].slots + PENALTIES[penalty].slots
        count, numbers = len(box.indices), box.numbers
        shapes = (numbers.parameters.shape, numbers.start.shape, numbers.slots.shape)
        dtypes = {numbers.parameters.dtype, numbers.start.dtype, numbers.slots.dtype}
        inside = np.all((box.indices >= 0) & (box.indices < box.network.plan.size))
        if not inside or shapes != ((count,), (count,), (slots, count)) or dtypes != {self._dtype}:
            raise SettingError("What was removed from the network does not fit it.")

    def _same(self, one: Project, other: Project) -> bool:
        """Compare two projects, each pair once: there are many moments of few projects."""
        pair = id(one), id(other)
        if pair not in self._compared:
            self._compared[pair] = (one, other, one == other)
        return self._compared[pair][2]

    def _rule(self, project: Project, examples: int) -> Rule:
        """How the run learned while it followed a project, whose edits it can have followed."""
        known = self._rules.get((id(project), examples))
        if known is None:
            reach, why = impact(self._project, project)
            if reach is Impact.RESTART:
                raise SettingError(why)
            known = self._rules[id(project), examples] = (project, rule_for(project, examples))
        return known[1]
