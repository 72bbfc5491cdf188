"""One pass as text: every quantity of `QUANTITIES`, in the order of the table, as columns that line up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from bpviz.cli.rows import loss_after, row_numbers
from bpviz.errors import elided, grouped, one_line
from bpviz.model.naming import node_labels
from bpviz.model.spec import BiasAddress
from bpviz.training.known import Known
from bpviz.training.passes import Pass
from bpviz.training.places import WHOLE
from bpviz.training.quantities import QUANTITIES, Quantity
from bpviz.training.session import Session

LABEL: Final = 40
_WORD: Final = 14
_PLAIN: Final = (1e-3, 1e6)  # numbers of this size are written without an exponent


def pass_lines(run: Session, made: Pass, rows: slice) -> Iterator[str]:
    """Write a pass: what it comes to, the nodes of each example and their means, weights and biases."""
    numbers, batch = row_numbers(run, rows), Known(made)
    title = one_line(run.project.title) or "Project"
    yield f"{title}, step {run.step}, loss {run.rule.loss}, learning rate {made.made.rate:g}"
    count, every = grouped(len(numbers)), grouped(len(run.prepared.train_x))
    yield f"{'examples':<{_WORD}}{count} of {every} in the training part"
    for fact in batch.listed(WHOLE):
        if fact.value is not None and fact.entry.per != "example":
            yield _whole(fact.entry.word, fact.value, fact.whose)
    yield _whole("after a step", loss_after(run, made.made), batch.whose("mean_loss"))
    for at, number in enumerate(numbers):
        known = Known(made, example=at)
        own = [fact for fact in known.listed(WHOLE) if fact.entry.per != "batch"]
        told = (f"{fact.entry.word} {_text(fact.value)}" for fact in own if fact.value is not None)
        yield "\n" + ", ".join([f"Example {number}", *told])
        yield from _node_lines(run, known)
    if len(numbers) > 1:
        yield f"\nMean of {grouped(len(numbers))} examples"
        yield from _node_lines(run, batch)
    yield from _parameter_lines(run, batch)


def _node_lines(run: Session, known: Known) -> Iterator[str]:
    """Write a table for each kind of layer: all nodes of a layer have the same quantities."""
    before: list[Quantity] = []
    for layer, labels in enumerate(_labels(run)):
        columns = [
            (entry, values)
            for entry in _told(known.made, ("input", "node", "output"))
            if np.isfinite(values := known.layer(layer, entry.name)).any()
        ]
        entries = [entry for entry, _ in columns]
        if entries != before:
            yield _row("node", [entry.word for entry in entries])
        before = entries
        for node, label in enumerate(labels):
            yield _row(label, [_text(float(values[node])) for _, values in columns])


def _parameter_lines(run: Session, known: Known) -> Iterator[str]:
    """Write one table of all weights and biases."""
    entries = _told(known.made, ("parameter",))
    whose = known.whose("gradient")
    yield "\nWeights and biases" + (f"; gradients are the {whose} examples" if whose else "")
    yield _row("weight or bias", [entry.word for entry in entries])
    present = run.compiled.plan.present
    values = np.column_stack([known.parameters(entry.name)[present] for entry in entries])
    for name, row in zip(_names(run), values.tolist(), strict=True):
        yield _row(name, [_text(value) for value in row])


def _told(made: Pass, scopes: Sequence[str]) -> list[Quantity]:
    return [
        entry
        for entry in QUANTITIES.values()
        if entry.scope in scopes and entry.telling(made) and entry.exists(made, None)
    ]


def _whole(word: str, value: float, whose: str) -> str:
    return f"{word:<{_WORD}}{_text(value)}{f'  ({whose})' if whose else ''}"


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:<{LABEL + 4}}{''.join(f'{cell:>18}' for cell in cells)}".rstrip()


def _text(value: float) -> str:
    """Write a number with nine decimals, or nine digits and an exponent where that would hide it."""
    low, high = _PLAIN
    return f"{value:.9f}" if value == 0 or low <= abs(value) < high else f"{value:.9e}"


def _names(run: Session) -> Iterator[str]:
    """What each weight and bias is called, in the order of the vector."""
    labels = {
        node: label
        for nodes, names in zip(run.compiled.node_ids, _labels(run), strict=True)
        for node, label in zip(nodes, names, strict=True)
    }
    for address in run.compiled.addresses():
        if isinstance(address, BiasAddress):
            yield f"bias of {labels[address.node]}"
        else:
            yield f"{labels[address.source]} → {labels[address.target]}"


def _labels(run: Session) -> list[tuple[str, ...]]:
    """What the nodes of each layer are called, as one line has room for."""
    return [
        tuple(one_line(elided(label, LABEL)) for label in node_labels(run.compiled.network.layer(layer_id)))
        for layer_id in run.compiled.layer_ids
    ]
