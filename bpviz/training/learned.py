"""From which examples a run has learned at any of its events, on any of its lines.

Files need not hold what was fitted to the training part, or who is in it: it follows from what was done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from bpviz.data.prepare import Prepared
from bpviz.data.settings import DataSettings
from bpviz.model.spec import Project
from bpviz.training.beginning import prepared_data
from bpviz.training.events import Story
from bpviz.training.moment import Moment
from bpviz.training.session import Session

_Chain: TypeAlias = tuple[DataSettings, ...]


class Learned:
    """Finds the data of moments; what lines share is loaded once.

    Args:
        session: The run, as it stands.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[_Chain, Prepared] = {_chain(session.story.turns): session.prepared}
        self._told: dict[int, tuple[Moment, Moment]] = {}  # by ids of moments that are held here, too

    def tell(self, moment: Moment, story: Story) -> Moment:
        """Return a moment of a line that knows its data; the same one each time.

        Raises:
            BpvizError: If they can't be learned from.
        """
        if moment.prepared is not None:
            return moment
        if id(moment) not in self._told:
            told = replace(moment, prepared=self.at(story.upto(moment.events)))
            self._told[id(moment)] = (moment, told)
        return self._told[id(moment)][1]

    def at(self, story: Story) -> Prepared:
        """What a run learned from after all that a story tells.

        Raises:
            BpvizError: If it can't be learned from.
        """
        turns = story.turns
        if not turns:  # nothing tells where it began, so nothing was edited
            return self._session.prepared
        before: Prepared | None = None
        for count, project in enumerate(turns, start=1):
            chain = _chain(turns[:count])
            if chain not in self._known:
                self._known[chain] = prepared_data(project, before)
            before = self._known[chain]
        assert before is not None
        return before


def _chain(turns: Iterable[Project]) -> _Chain:
    return tuple(project.data for project in turns)
