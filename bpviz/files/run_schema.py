"""The state of a run in a project file, version 2: what stands beside ``project.json``.

In ``state.safetensors`` vectors are cut into the matrices and biases that a reader without bpviz expects,
named by the ids of layers: ``now/links/<target>/<source>`` and ``now/bias/<layer>`` hold what was trained,
``start/...`` where the run began, ``optimizer/<k>/...`` what optimizer and penalty remember.  The history
stands in ``history.npz``, all else in ``events.json``.

Version 1 told what was done to a run in sentences; they are read as remarks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, astuple, replace
from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import Array
from bpviz.errors import Fault
from bpviz.files import schema
from bpviz.files.archive import DamageError
from bpviz.files.earlier import EarlierData, KnownData
from bpviz.files.fields import copied
from bpviz.model.checks import check_project
from bpviz.model.compile import Compiled
from bpviz.model.spec import Address, BiasAddress, Project, WeightAddress
from bpviz.training.history import History
from bpviz.training.metrics import Metrics
from bpviz.training.run_state import Event, EventKind, Place, RunState, StopKind, Watch
from bpviz.training.series import SERIES
from bpviz.training.snapshot import Path

Number: TypeAlias = float | Literal["nan", "inf", "-inf"]
"""JSON has no word for what is not finite."""

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
"""So many of something; whole numbers up to here are exact in every reader of JSON."""


class FirstEventDocument(msgspec.Struct, forbid_unknown_fields=True):
    """What version 1 told of something that was done to a run."""

    step: Count
    kind: Literal["retuned", "rewired", "value", "path", "continued"]
    text: str
    node: str | None = None
    source: str | None = None
    target: str | None = None
    old: Number | None = None
    new: Number | None = None


class DeedDocument(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An `Event` but for its project; a value set by hand has ``node``, or ``source`` and ``target``."""

    step: Count
    kind: EventKind
    path: Path | None = None
    rule: StopKind | None = None
    words: str = ""
    node: str | None = None
    source: str | None = None
    target: str | None = None
    old: Number | None = None
    new: Number | None = None


class EventDocument(DeedDocument, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An `Event`."""

    project: schema.FollowedDocument | None = None


class MetricsDocument(msgspec.Struct, forbid_unknown_fields=True):
    """`Metrics`."""

    train_loss: Number
    train_cost: Number
    test_loss: Number | None = None
    train_accuracy: Number | None = None
    test_accuracy: Number | None = None


class FirstWatchDocument(msgspec.Struct, forbid_unknown_fields=True):
    """What version 1 told of the stop rules: also why they stopped a run, as a sentence."""

    best: Number | None = None
    since: Count = 0
    waived: tuple[StopKind, ...] = ()
    stopped: str | None = None
    by: StopKind | None = None


class FaultDocument(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """`Fault`."""

    step: Count
    what: Literal["weighted_input", "activation", "loss", "gradient", "value", "memory"]
    layer: str = ""
    node: Count = 0
    from_layer: str = ""
    from_node: Count = 0


class WatchDocument(msgspec.Struct, forbid_unknown_fields=True):
    """`Watch`."""

    best: Number | None = None
    since: Count = 0
    waived: tuple[StopKind, ...] = ()
    by: StopKind | None = None
    fault: FaultDocument | None = None
    largest: Number | None = None


class PlaceDocument(msgspec.Struct, forbid_unknown_fields=True):
    """`Place`."""

    epoch: Count
    position: Count
    size: Count
    shuffled: bool
    carries_over: bool
    carried: tuple[Count, ...] = ()


class StandDocument(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A `RunState` without arrays, and without what was done before."""

    step: Count
    cleared_at: Count
    path: Path
    rewirings: Count
    batch_loss: Number
    place: PlaceDocument
    watch: WatchDocument
    metrics: MetricsDocument = msgspec.field(name="figures")


class FirstRunDocument(StandDocument, kw_only=True, forbid_unknown_fields=True):
    """The whole of ``events.json`` in version 1."""

    watch: FirstWatchDocument  # type: ignore[assignment]
    events: list[FirstEventDocument] = []


class RunDocument(StandDocument, kw_only=True, forbid_unknown_fields=True):
    """The whole of ``events.json``: a `RunState` without its arrays."""

    events: list[EventDocument] = []
    began: schema.FollowedDocument | None = None


def to_document(state: RunState, earlier: EarlierData) -> RunDocument:
    """Write all of a run's state but its arrays as a document, and put the data of before aside."""

    def followed(project: Project | None) -> schema.FollowedDocument | None:
        return (
            None
            if project is None
            else schema.followed_document(project, earlier.place(project.data), earlier.blocks)
        )

    return RunDocument(
        events=[
            EventDocument(project=followed(event.project), **deed_fields(event)) for event in state.events
        ],
        began=followed(state.began),
        **stand_fields(state),
    )


def stand_fields(state: RunState) -> dict[str, Any]:
    """Write the fields of a `StandDocument`."""
    plain = {name: getattr(state, name) for name in ("step", "cleared_at", "path", "rewirings")}
    return {
        **plain,
        "batch_loss": _word(state.batch_loss),
        "place": copied(state.place, PlaceDocument),
        "watch": _watch_document(state.watch),
        "metrics": MetricsDocument(*(_word(metric) for metric in astuple(state.metrics))),
    }


def of_first(document: FirstRunDocument) -> RunDocument:
    """Lift what version 1 wrote to the present one: its sentences become remarks, or are made anew."""
    remarks = [EventDocument(step=event.step, kind="remark", words=event.text) for event in document.events]
    told = document.watch
    watch = WatchDocument(told.best, told.since, told.waived, told.by if told.stopped is not None else None)
    return copied(document, RunDocument, events=remarks, began=None, watch=watch)


def to_state(
    document: RunDocument,
    tensors: Mapping[str, Array],
    history: Mapping[str, NDArray[Any]],
    compiled: Compiled,
    known: KnownData,
) -> RunState:
    """Read a run's state out of its three parts.

    Args:
        document: ``events.json``.
        tensors: ``state.safetensors``.
        history: ``history.npz``.
        compiled: The network that the run has now.
        known: What it learns from, and learned from before.

    Raises:
        DamageError: If the arrays are not those of this network, or the numbers can't be.
    """
    groups = ["now", "start", *(f"optimizer/{k}" for k in range(_slot_count(tensors)))]
    vectors = [_joined(tensors, group, compiled) for group in groups]
    expected = len(groups) * len(dict(_parts(compiled)))
    if len(tensors) != expected:
        raise DamageError("its state holds arrays that do not belong to the network")
    check_history(history, compiled)
    empty = np.zeros((0, compiled.plan.size), dtype=vectors[0].dtype)
    state = to_stand(
        document,
        parameters=vectors[0],
        start=vectors[1],
        slots=np.stack(vectors[2:]) if vectors[2:] else empty,
    )
    events = tuple(to_event(event, _followed(event.project, known)) for event in document.events)
    return replace(state, events=events, began=_followed(document.began, known), history=dict(history))


def to_stand(document: StandDocument, *, parameters: Array, start: Array, slots: Array) -> RunState:
    """Read where a run stood, without what was done before.

    Raises:
        DamageError: If the numbers can't be.
    """
    if document.cleared_at > document.step:
        raise DamageError("its events.json says that the optimizer was cleared in a step yet to come")
    return RunState(
        step=document.step,
        cleared_at=document.cleared_at,
        path=document.path,
        parameters=parameters,
        start=start,
        slots=slots,
        rewirings=document.rewirings,
        batch_loss=_number(document.batch_loss),
        place=copied(document.place, Place),
        watch=_watch(document.watch),
        metrics=Metrics(*(_number(word) for word in msgspec.structs.astuple(document.metrics))),
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
        if tensor.dtype not in PRECISIONS or (vector is not None and tensor.dtype != vector.dtype):
            raise DamageError(f"its array {group}/{name} holds numbers of another kind than the run")
        if not np.isfinite(tensor).all():  # no run comes to stand there: such a step is not made
            raise DamageError(f"its array {group}/{name} holds a number that is not finite")
        if vector is None:
            vector = np.zeros(compiled.plan.size, dtype=tensor.dtype)
        vector[place] = tensor.ravel()
    assert vector is not None  # a network that compiles has an output layer with biases
    return vector


def check_history(arrays: Mapping[str, NDArray[Any]], compiled: Compiled) -> None:
    """Refuse a past that is not this network's, or that no run can have had.

    Raises:
        DamageError: If it is.
    """
    history = History(compiled)
    try:
        history.restore(arrays)
    except (ValueError, TypeError) as error:
        raise DamageError(f"its past is damaged ({error})") from error
    for table in history.tables.values():
        # Only a sum of numbers that are all but infinite may be; NaN says that there was none.
        kept = (table.low, table.high, table.last)
        if any(np.isinf(numbers).any() for numbers in kept) or np.isnan(table.total).any():
            raise DamageError("its past holds a number that is not finite")
        if (table.count < 0).any() or (table.count > table.stride).any():
            raise DamageError("its past counts more steps than were made, or fewer than none")
    table = history.epochs
    shares = [at for at, name in enumerate(table.names) if SERIES[name].unit == "%"]
    for numbers in (table.low, table.high, table.last, table.total / np.maximum(table.count, 1)):
        if (numbers[:, shares] < 0).any() or (numbers[:, shares] > 1 + _ROUNDING).any():
            raise DamageError("its past holds an accuracy that is none")


_ROUNDING: Final = 1e-9
PRECISIONS: Final = (np.dtype(np.float64), np.dtype(np.float32))
"""What a run's numbers may be of."""


def _watch_document(watch: Watch) -> WatchDocument:
    fault = None if watch.fault is None else copied(watch.fault, FaultDocument)
    numbers = {"best": _word(watch.best), "largest": _word(watch.largest)}
    return copied(watch, WatchDocument, fault=fault, **numbers)


def _watch(document: WatchDocument) -> Watch:
    fault = None if document.fault is None else copied(document.fault, Fault)
    numbers = {"best": _number(document.best), "largest": _number(document.largest)}
    watch: Watch = copied(document, Watch, fault=fault, **numbers)
    return watch


def deed_fields(event: Event) -> dict[str, Any]:
    """Write the fields of a `DeedDocument`."""
    address = {} if event.address is None else asdict(event.address)
    plain = {name: getattr(event, name) for name in ("step", "kind", "path", "rule", "words")}
    return {**plain, "old": _word(event.old), "new": _word(event.new), **address}


def to_event(document: DeedDocument, project: Project | None) -> Event:
    """Read what was done to a run.

    Raises:
        DamageError: If it does not say what.
    """
    address: Address | None = None
    if document.node is not None:
        address = BiasAddress(document.node)
    elif document.source is not None and document.target is not None:
        address = WeightAddress(document.source, document.target)
    old, new = _number(document.old), _number(document.new)
    if not all(value is None or math.isfinite(value) for value in (old, new)):
        raise DamageError("its events.json names a value set by hand that is not finite")
    event: Event = copied(document, Event, address=address, project=project, old=old, new=new)
    needed = {"edited": event.project, "value": event.address, "path": event.path}.get(event.kind, "")
    if needed is None:
        raise DamageError(f"its events.json does not say what was done at step {event.step}")
    return event


def _followed(document: schema.FollowedDocument | None, known: KnownData) -> Project | None:
    if document is None:
        return None
    network = schema.to_network(document.network)
    project = schema.with_settings(document, network, known.at(document.data), known.starts)
    check_project(project)
    return project


def _word(number: float | None) -> Any:
    """Write a number as JSON can hold it, a `Number`; None stays."""
    if number is None or math.isfinite(number):
        return number
    if math.isnan(number):
        return "nan"
    return "inf" if number > 0 else "-inf"


def _number(word: Number | None) -> Any:
    """Read a `Number`; None stays."""
    return None if word is None else float(word)
