"""The state of a run in a project file, version 1: what stands beside ``project.json``.

In ``state.safetensors`` vectors are cut into the matrices and biases that a reader without bpviz expects,
named by the ids of layers: ``now/links/<target>/<source>`` and ``now/bias/<layer>`` hold what was trained,
``start/...`` where the run began, ``optimizer/<k>/...`` what optimizer and penalty remember.  The history
stands in ``history.npz``, all else in ``events.json``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import Array
from bpviz.files.archive import DamageError
from bpviz.model.compile import Compiled
from bpviz.model.spec import Address, BiasAddress, WeightAddress
from bpviz.training.run_state import Event, EventKind, Figures, Place, RunState, StopKind, Watch
from bpviz.training.snapshot import Path

Number = float | Literal["nan", "inf", "-inf"]
"""JSON has no word for what is not finite."""


class EventDocument(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """An `Event`; a value set by hand has ``node``, or ``source`` and ``target``."""

    step: int
    kind: EventKind
    text: str
    node: str | None = None
    source: str | None = None
    target: str | None = None
    old: Number | None = None
    new: Number | None = None


class FiguresDocument(msgspec.Struct, forbid_unknown_fields=True):
    """`Figures`."""

    train_loss: Number
    train_cost: Number
    test_loss: Number | None = None
    train_accuracy: Number | None = None
    test_accuracy: Number | None = None


class WatchDocument(msgspec.Struct, forbid_unknown_fields=True):
    """`Watch`."""

    best: Number | None = None
    since: int = 0
    waived: tuple[StopKind, ...] = ()
    stopped: str | None = None
    by: StopKind | None = None


class PlaceDocument(msgspec.Struct, forbid_unknown_fields=True):
    """`Place`."""

    epoch: int
    position: int
    size: int
    shuffled: bool
    carries_over: bool
    carried: tuple[int, ...] = ()


class RunDocument(msgspec.Struct, forbid_unknown_fields=True):
    """The whole of ``events.json``: a `RunState` without its arrays."""

    step: int
    cleared_at: int
    path: Path
    rewirings: int
    batch_loss: Number
    place: PlaceDocument
    watch: WatchDocument
    figures: FiguresDocument
    events: list[EventDocument] = []


def to_document(state: RunState) -> RunDocument:
    """Write all of a run's state but its arrays as a document."""
    place, watch, figures = state.place, state.watch, state.figures
    return RunDocument(
        step=state.step,
        cleared_at=state.cleared_at,
        path=state.path,
        rewirings=state.rewirings,
        batch_loss=_word(state.batch_loss),
        place=PlaceDocument(
            place.epoch, place.position, place.size, place.shuffled, place.carries_over, place.carried
        ),
        watch=WatchDocument(_optional(watch.best), watch.since, watch.waived, watch.stopped, watch.by),
        figures=FiguresDocument(
            _word(figures.train_loss),
            _word(figures.train_cost),
            _optional(figures.test_loss),
            _optional(figures.train_accuracy),
            _optional(figures.test_accuracy),
        ),
        events=[_event_document(event) for event in state.events],
    )


def to_state(
    document: RunDocument,
    tensors: Mapping[str, Array],
    history: Mapping[str, NDArray[Any]],
    compiled: Compiled,
) -> RunState:
    """Read a run's state out of its three parts.

    Raises:
        DamageError: If the arrays are not those of this network.
    """
    groups = ["now", "start", *(f"optimizer/{k}" for k in range(_slot_count(tensors)))]
    vectors = [_joined(tensors, group, compiled) for group in groups]
    expected = len(groups) * len(dict(_parts(compiled)))
    if len(tensors) != expected:
        raise DamageError("its state holds arrays that do not belong to the network")
    place, watch, figures = document.place, document.watch, document.figures
    empty = np.zeros((0, compiled.plan.size), dtype=vectors[0].dtype)
    return RunState(
        step=document.step,
        cleared_at=document.cleared_at,
        path=document.path,
        parameters=vectors[0],
        start=vectors[1],
        slots=np.stack(vectors[2:]) if vectors[2:] else empty,
        rewirings=document.rewirings,
        batch_loss=float(document.batch_loss),
        place=Place(
            place.epoch, place.position, place.size, place.shuffled, place.carries_over, place.carried
        ),
        watch=Watch(_number(watch.best), watch.since, watch.waived, watch.stopped, watch.by),
        figures=Figures(
            float(figures.train_loss),
            float(figures.train_cost),
            _number(figures.test_loss),
            _number(figures.train_accuracy),
            _number(figures.test_accuracy),
        ),
        events=tuple(_event(event) for event in document.events),
        history=dict(history),
    )


def state_tensors(state: RunState, compiled: Compiled) -> dict[str, Array]:
    """Cut a run's vectors into matrices and biases under the names they have in the file."""
    vectors = {"now": state.parameters, "start": state.start}
    vectors |= {f"optimizer/{k}": slot for k, slot in enumerate(state.slots)}
    return {
        f"{group}/{name}": np.ascontiguousarray(vector[part].reshape(shape))
        for group, vector in vectors.items()
        for name, (part, shape) in _parts(compiled)
    }


_Part = tuple[slice, tuple[int, ...]]


def _parts(compiled: Compiled) -> Iterator[tuple[str, _Part]]:
    """Name each matrix and bias of a vector, with its place in it and its shape."""
    plan, ids = compiled.plan, compiled.layer_ids
    for link, place in zip(plan.links, plan.weight_slices, strict=True):
        yield f"links/{ids[link.target]}/{ids[link.source]}", (place, link.present.shape)
    for layer in range(1, len(ids)):
        yield f"bias/{ids[layer]}", (plan.bias_slices[layer], (plan.layers[layer].size,))


def _slot_count(tensors: Mapping[str, Array]) -> int:
    names = {name.split("/")[1] for name in tensors if name.startswith("optimizer/")}
    if names != {str(k) for k in range(len(names))}:
        raise DamageError("its state of the optimizer is incomplete")
    return len(names)


def _joined(tensors: Mapping[str, Array], group: str, compiled: Compiled) -> Array:
    """Put the matrices and biases of one group together as a vector."""
    vector: Array | None = None
    for name, (place, shape) in _parts(compiled):
        tensor = tensors.get(f"{group}/{name}")
        if tensor is None or tensor.shape != shape:
            raise DamageError(
                f"its state lacks the array {group}/{name}, or it has another shape than the network"
            )
        if tensor.dtype not in _PRECISIONS or (vector is not None and tensor.dtype != vector.dtype):
            raise DamageError(f"its array {group}/{name} holds numbers of another kind than the run")
        if vector is None:
            vector = np.zeros(compiled.plan.size, dtype=tensor.dtype)
        vector[place] = tensor.ravel()
    assert vector is not None  # a network that compiles has an output layer with biases
    return vector


_PRECISIONS: Final = (np.dtype(np.float64), np.dtype(np.float32))


def _event_document(event: Event) -> EventDocument:
    address = event.address
    document = EventDocument(
        event.step, event.kind, event.text, old=_optional(event.old), new=_optional(event.new)
    )
    if isinstance(address, BiasAddress):
        document.node = address.node
    elif address is not None:
        document.source, document.target = address.source, address.target
    return document


def _event(document: EventDocument) -> Event:
    address: Address | None = None
    if document.node is not None:
        address = BiasAddress(document.node)
    elif document.source is not None and document.target is not None:
        address = WeightAddress(document.source, document.target)
    return Event(
        document.step, document.kind, document.text, address, _number(document.old), _number(document.new)
    )


def _word(number: float) -> Number:
    """Write a number so that JSON can hold it."""
    if math.isfinite(number):
        return float(number)
    if math.isnan(number):
        return "nan"
    return "inf" if number > 0 else "-inf"


def _optional(number: float | None) -> Number | None:
    return None if number is None else _word(number)


def _number(word: Number | None) -> float | None:
    return None if word is None else float(word)
