"""Changing a weight at its connection, by the wheel or a drag, and what that does to the loss."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from bpviz.model.edits import LARGEST_START
from bpviz.model.spec import Pair, WeightAddress
from bpviz.training.snapshot import Snapshot
from bpviz.ui.canvas.values import value_at
from bpviz.ui.numbers import short, signed

STEP: Final = 0.1
"""What a notch of the wheel adds."""
COARSE: Final = 10.0
"""So many times as much, with Ctrl held."""
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class _Turn:
    """Changes in a row of one connection.

    Attributes:
        address: Of the weight.
        step: At which the run stood.
        began: The weight before.
        now: The weight that was asked for last.
        dragged: It is not asked for yet.
        loss: Of the coming batch before; None where it was not known, or is that of another step.
        gradient: Of that loss by the weight; 0 where it was not known.
    """

    address: WeightAddress
    step: int
    began: float
    now: float
    loss: float | None = None
    gradient: float = 0.0
    dragged: bool = False


class Turning(QObject):
    """Sets weights by the wheel or a drag, and compares the loss with what the gradient promised.

    The gradient is that of the coming batch, and so is the loss: while a run rests, both are of the same
    examples before and after.

    Signals:
        turned: (`Address`, float, float), a weight is to have another value instead of an old one.
        weighed: It is dragged to one that it does not have yet.
    """

    turned = Signal(object, float, float)
    weighed = Signal()

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
        turn = self._taken(pair)
        if turn is not None:
            # Several notches may come before the run has answered the first.
            self._turn_to(turn, turn.now + notches * STEP * (COARSE if coarse else 1.0))

    @Slot(object, object, bool)
    def weigh(self, pair: Pair, value: float | None, dropped: bool) -> None:
        """The weight of a connection is dragged to a value, and perhaps dropped there; None is given up."""
        turn = self._taken(pair)
        if value is None or turn is None:
            self._turn = None
        elif dropped:
            self._turn = replace(turn, now=turn.began, dragged=False)
            self._turn_to(self._turn, value)
        else:
            self._turn = replace(turn, now=_within(value), dragged=True)
            self.weighed.emit()

    def _turn_to(self, turn: _Turn, value: float) -> None:
        self._turn = replace(turn, now=_within(value))
        self.turned.emit(turn.address, turn.now, self._turn.now)

    def rows(self, pair: Pair | None) -> list[tuple[str, str]]:
        """What a card says: the change of the loss that was to be expected, and the one that came."""
        turn, snapshot = self._turn, self._snapshot
        if turn is None or pair != (turn.address.source, turn.address.target):
            return []
        rows = [("Becomes", short(turn.now))] if turn.dragged else []
        if turn.loss is None:
            return rows
        predicted = turn.gradient * (turn.now - turn.began)
        rows += [("Change of the loss", ""), ("Predicted", signed(predicted, _DECIMALS))]
        answered = not turn.dragged and snapshot is not None and value_at(snapshot, turn.address) == turn.now
        if answered and snapshot is not None and snapshot.trace is not None:
            actual = float(snapshot.trace.trace.mean_loss) - turn.loss
            rows.append(("Actual", signed(actual, _DECIMALS)))
        return rows

    def _taken(self, pair: Pair) -> _Turn | None:
        """The changes of a connection, begun if there were none; None where its weight is not known."""
        address = WeightAddress(*pair)
        old = value_at(self._snapshot, address)
        if self._snapshot is None or old is None:
            return None
        if self._turn is None or self._turn.address != address:
            self._turn = self._begun(self._snapshot, address, old)
        return self._turn

    @staticmethod
    def _begun(snapshot: Snapshot, address: WeightAddress, value: float) -> _Turn:
        made = snapshot.trace
        if made is None or made.before.step != snapshot.step:
            return _Turn(address, snapshot.step, value, value)
        gradient = float(made.trace.gradient[snapshot.compiled.index(address)])
        return _Turn(address, snapshot.step, value, value, float(made.trace.mean_loss), gradient)


def _within(value: float) -> float:
    """The nearest weight that may be set."""
    return min(max(value, -LARGEST_START), LARGEST_START)
