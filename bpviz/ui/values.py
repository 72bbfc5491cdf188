"""Weights and biases set by hand: at the start of a run they are the project's, later the run's."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot

from bpviz.model.edits import set_start, set_starts
from bpviz.model.spec import Address
from bpviz.ui.document import Change, Document
from bpviz.ui.run.controller import TrainingController


class ValueEdits(QObject):
    """Sets values where the run stands, undoably.

    Args:
        document: Holds the project.
        controller: Leads the run.
    """

    def __init__(self, document: Document, controller: TrainingController) -> None:
        super().__init__(controller)
        self._document, self._controller = document, controller

    @Slot(object, float, float)
    def set_value(self, address: Address, old: float, new: float) -> None:
        """Set one value; in a row of the same address they are one entry of the history."""
        if self._at_start:
            edit = partial(set_start, address=address, value=new)
            self._document.apply("set start value", edit, merge_key=("start", address))
        else:
            self._document.push_value(address, old, new)

    @Slot(object)
    def set_values(self, changes: list[Change]) -> None:
        """Set several at once, as one entry of the history."""
        if len(changes) == 1:
            self.set_value(*changes[0])
        elif self._at_start:
            values = {address: new for address, _, new in changes}
            self._document.apply("set start values", partial(set_starts, values=values))
        else:
            self._document.push_values(changes)

    @property
    def _at_start(self) -> bool:
        latest = self._controller.latest
        return latest is None or latest.step == 0
