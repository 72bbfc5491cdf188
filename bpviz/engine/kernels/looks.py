"""Measuring the network over all examples at ends of epochs, alike for all kernels."""

from __future__ import annotations

from bpviz.engine.kernels import codes
from bpviz.engine.kernels.calls import number
from bpviz.engine.kernels.layout import COLUMNS
from bpviz.engine.kernels.parameters import penalty_value
from bpviz.engine.kernels.tiles import compiled, inlined


@inlined
def is_due(exam, flow):
    """Whether an epoch has just ended after which to look."""
    return exam.stride > 0 and flow.place[1] == 0 and flow.place[0] % exam.stride == 0


def looking(examine):
    """Make the function that measures a network over all examples.

    Args:
        examine: Measures some examples, from which one on and how many: mean loss and share of hits.
    """

    @compiled
    def look(net, method, vectors, room, exam, epoch, done):
        loss, hits = examine(net, method.loss, vectors.values, room, exam, number(0), exam.train)
        _note_training(exam, method, vectors, loss, hits)
        if exam.test:
            loss, hits = examine(net, method.loss, vectors.values, room, exam, exam.begin, exam.test)
            _note_test(exam, loss, hits)
        _end_look(exam, epoch, done)

    return look


@compiled
def _note_training(exam, method, vectors, loss, hits):
    """Write what was measured over the training part: mean loss, with it the cost, and the share of hits."""
    at = COLUMNS * exam.made[0]
    exam.rows[at] = exam.rows[at + 1] = loss
    exam.rows[at + 3] = hits
    if method.penalty != codes.NO_PENALTY:
        for layer in range(vectors.layers):
            first, end = vectors.stretches[2 * layer], vectors.stretches[2 * layer + 1]
            exam.rows[at + 1] += penalty_value(method, vectors, first, end)


@compiled
def _note_test(exam, loss, hits):
    """Write what was measured over the test part."""
    at = COLUMNS * exam.made[0]
    exam.rows[at + 2] = loss
    exam.rows[at + 4] = hits


@compiled
def _end_look(exam, epoch, done):
    """Write when it was: epochs done, and steps made by this call."""
    at = COLUMNS * exam.made[0]
    exam.rows[at + 5] = epoch
    exam.rows[at + 6] = done
    exam.made[0] += 1
