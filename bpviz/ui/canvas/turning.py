"""Changing a weight by the wheel over its connection, and what that does to the loss."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from bpviz.model.edits import LARGEST_START
from bpviz.model.spec import Pair, WeightAddress
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.values import value_at
from bpviz.ui.numbers import signed

STEP: Final = 0.1
"""What a notch of the wheel adds."""
COARSE: Final = 10.0
"""So many times as much, with Ctrl held."""
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class _Turn:
    """Turns in a row of the wheel over one connection.

    Attributes:
        address: Of the weight.
        step: At which the run stood.
        began: The weight before.
        now: The weight that was asked for last.
        loss: Of the coming batch before; None where it was not known.
        gradient: Of that loss by the weight; 0 where it was not known.
    """

    address: WeightAddress
    step: int
    began: float
    now: float
    loss: float | None = None
    gradient: float = 0.0


class Turning(QObject):
    """Sets weights by the wheel, and compares the loss with what the gradient promised.

    The gradient is that of the coming batch, and so is the loss: while a run rests, both are of the same
    examples before and after.

    Signals:
        turned: (`Address`, float, float), a weight is to have another value instead of an old one.
    """

    turned = Signal(object, float, float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._snapshot: Snapshot | None = None
        self._turn: _Turn | None = None

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Take the values of a run; another step begins anew."""
        self._snapshot = snapshot
        if self._turn is not None and (snapshot is None or snapshot.step != self._turn.step):
            self._turn = None

    def point_at(self, pair: Pair | None) -> None:
        """The pointer is over a connection, or over none; over another one it begins anew."""
        if self._turn is not None and pair != (self._turn.address.source, self._turn.address.target):
            self._turn = None

    @Slot(object, float, bool)
    def turn(self, pair: Pair, notches: float, coarse: bool) -> None:
        """The wheel was turned over a connection."""
        address = WeightAddress(*pair)
        old = value_at(self._snapshot, address)
        if self._snapshot is None or old is None:
            return
        if self._turn is None or self._turn.address != address:
            self._turn = self._begun(self._snapshot, address, old)
        # Several notches may come before the run has answered the first.
        before = self._turn.now
        after = before + notches * STEP * (COARSE if coarse else 1.0)
        after = min(max(after, -LARGEST_START), LARGEST_START)
        self._turn = replace(self._turn, now=after)
        self.turned.emit(address, before, after)

    def rows(self, pair: Pair | None) -> list[tuple[str, str]]:
        """What a card says: the change of the loss that was to be expected, and the one that came."""
        turn, snapshot = self._turn, self._snapshot
        if turn is None or pair != (turn.address.source, turn.address.target) or turn.loss is None:
            return []
        predicted = turn.gradient * (turn.now - turn.began)
        rows = [("Change of the loss", ""), ("Predicted", signed(predicted, _DECIMALS))]
        answered = snapshot is not None and value_at(snapshot, turn.address) == turn.now
        if answered and snapshot is not None and snapshot.trace is not None:
            actual = float(snapshot.trace.trace.mean_loss) - turn.loss
            rows.append(("Actual", signed(actual, _DECIMALS)))
        return rows

    @staticmethod
    def _begun(snapshot: Snapshot, address: WeightAddress, value: float) -> _Turn:
        made = snapshot.trace
        if made is None:
            return _Turn(address, snapshot.step, value, value)
        gradient = float(made.trace.gradient[snapshot.compiled.index(address)])
        return _Turn(address, snapshot.step, value, value, float(made.trace.mean_loss), gradient)
