"""What settings may be: each rule once, for edits, for opened files and for the list of problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Final, get_args, get_type_hints

from bpviz.data.datasets import DATASETS, LARGEST_NOISE, MOST_SAMPLES, TABLE
from bpviz.data.filling import FILLS
from bpviz.data.inputs import USES, inputs_of
from bpviz.data.settings import DataSettings, Table
from bpviz.data.shapes import shape_fault
from bpviz.engine import options
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.initializers import INITIALIZERS
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.schedules import SCHEDULES
from bpviz.errors import BpvizError, DataError, ModelError, SettingError, UnknownNameError, grouped, listed
from bpviz.model.graph import depths
from bpviz.model.spec import Layer, LinkKey, Network, Project, Start, Stop, Training
from bpviz.plain import are_numbers, as_choices, is_number, is_whole
from bpviz.registry import Registry

LARGEST_SEED: Final = 2**32 - 1
MOST_COUNTED: Final = 10**12
"""Epochs or examples; a bound only so that a file can hold the number."""

MOST_NODES: Final = 10_000
MOST_WEIGHTS: Final = 5_000_000
"""Beyond this a network, its optimizer's state and its history fill the memory of a small machine."""


def check_training(training: Training) -> None:
    """Refuse settings of the training that no run can have.

    Raises:
        SettingError: If a value is outside what it may be.
        UnknownNameError: If a table has no such entry.
    """
    for fault in training_faults(training):
        raise fault


def check_data(data: DataSettings) -> None:
    """Refuse settings of the data that no run can have.

    Raises:
        SettingError: If a value is outside what it may be.
        UnknownNameError: If there is no such data set.
        DataError: If there is no table, or it has no such target column.
    """
    for fault in data_faults(data):
        raise fault


def check_project(project: Project) -> None:
    """Refuse a project that the window could not have made, as a file may hold one.

    A drawing that merely can't run yet is none of these: see `bpviz.model.problems`.

    Raises:
        BpvizError: With a sentence about the first fault.
    """
    check_network(project.network)
    check_training(project.training)
    check_data(project.data)
    for fault in start_faults(project.start):
        raise fault


def check_network(network: Network) -> None:
    """Refuse a drawing that no edit can make.

    Raises:
        CycleError: If links form a loop.
        UnknownNameError: If there is no such activation.
        ModelError: If a link enters the input or leaves the output, a place is not finite, or it is
            too large.
    """
    roles = {layer.id: layer.role for layer in network.layers}
    for link in network.links:
        if roles[link.target] == "input" or roles[link.source] == "output":
            raise ModelError("A link leads into the input layer or out of the output layer; remove it.")
    depths(network)
    for layer in network.layers:
        own = (x for x in map(attrgetter("x"), layer.nodes) if x is not None)
        if not are_numbers((layer.x, *own, *map(attrgetter("y"), layer.nodes))):
            raise ModelError("A layer or node stands at no finite place; arrange the network anew.")
        for name in {layer.activation, *filter(None, map(attrgetter("activation"), layer.nodes))}:
            _ = ACTIVATIONS[name]
    check_size(network.layers, [link.key for link in network.links])


def check_size(layers: Sequence[Layer], links: Iterable[LinkKey]) -> None:
    """Refuse layers and links that would not fit into memory; cheap, so it comes before any mask is made.

    Raises:
        ModelError: If it has too many nodes or weights.
    """
    sizes = {layer.id: layer.size for layer in layers}
    nodes = sum(sizes.values())
    weights = sum(sizes[source] * sizes[target] for source, target in links)
    if nodes > MOST_NODES or weights > MOST_WEIGHTS:
        raise ModelError(
            f"The network has {grouped(nodes)} nodes and {grouped(weights)} weights; "
            f"make it smaller than {grouped(MOST_NODES)} nodes and {grouped(MOST_WEIGHTS)} weights."
        )


def training_faults(training: Training) -> Iterator[BpvizError]:
    """Say, one error a fault, what is wrong with settings of the training."""
    yield from _choice_faults(training, ("shuffle", "last_batch", "precision"))
    if not is_whole(training.seed, 0, LARGEST_SEED):
        yield SettingError(f"The seed must be a whole number from 0 to {LARGEST_SEED}.")
    if not is_number(training.learning_rate) or not training.learning_rate > 0:
        yield SettingError("The learning rate must be a number above 0, such as 0.03.")
    if not is_number(training.warmup) or training.warmup < 0:
        yield SettingError("The warm-up must be a number of epochs, 0 or more.")
    if training.batch_size is not None and not is_whole(training.batch_size, 1, MOST_COUNTED):
        yield SettingError(
            f"The batch size must be a whole number of examples from 1 to {grouped(MOST_COUNTED)}, "
            "or the full training part."
        )
    if not is_number(training.penalty_rate) or training.penalty_rate < 0:
        yield SettingError("The penalty rate must be a number, 0 or more.")
    if training.clip_norm is not None and not (is_number(training.clip_norm) and training.clip_norm > 0):
        yield SettingError("The norm to clip gradients at must be a number above 0, or off.")
    yield from _table_faults(training)
    stop: object = training.stop
    if isinstance(stop, Stop):
        yield from _stop_faults(stop)
    else:
        yield SettingError("When the run stops must be said by a Stop, such as Stop(epochs=100).")


def data_faults(data: DataSettings) -> Iterator[BpvizError]:
    """Say, one error a fault, what is wrong with settings of the data."""
    yield from _choice_faults(data, ("target_kind", "scaling", "target_scaling"))
    if data.samples is not None and not is_whole(data.samples, 2, MOST_SAMPLES):
        yield SettingError(f"The number of samples must be a whole number from 2 to {grouped(MOST_SAMPLES)}.")
    if data.drop_missing not in (True, False):
        yield SettingError("Whether rows that lack a value are left out must be True or False.")
    faults = list(_column_faults(data))
    yield from faults
    if not is_number(data.noise) or not 0 <= data.noise <= LARGEST_NOISE:
        yield SettingError(f"The noise must be a number from 0 to {LARGEST_NOISE}.")
    if not is_number(data.train_share) or not 0 < data.train_share <= 1:
        yield SettingError("The share to train on must be above 0 % and at most 100 %.")
    if data.source != TABLE:
        yield from _entry_fault(DATASETS, data.source)
    elif data.table is None:
        yield DataError("There is no table yet; open a file of data or choose a data set.")
    else:
        yield from _target_faults(data, data.table)
    sentence = "" if faults else shape_fault(data)
    if sentence:
        yield SettingError(sentence)


def _column_faults(data: DataSettings) -> Iterator[BpvizError]:
    for choices, field, known in ((data.uses, "uses", tuple(USES)), (data.fills, "fills", tuple(FILLS))):
        if as_choices(choices) != choices:  # scripts may hand in anything
            yield SettingError(f"The {field} must be given by column, as {{'color': {known[0]!r}}}.")
            return
        for name, choice in choices:
            if choice not in known:
                yield SettingError(
                    f"Among the {field}, that of the column {name!r} can't be {choice!r}; "
                    f"choose one of {listed(known)}."
                )
                return
    if data.source == TABLE and data.table is not None:
        try:
            inputs_of(data.table, tuple(data.targets), data.uses)
        except BpvizError as error:
            yield error


def _target_faults(data: DataSettings, table: Table) -> Iterator[BpvizError]:
    for names, words in ((data.targets, "targets"), (data.classes, "classes")):
        given: object = names  # scripts may hand in anything
        if not isinstance(given, tuple) or not all(isinstance(name, str) for name in given):
            yield SettingError(f"The {words} must be a list of names.")
            return
    if len(set(data.targets)) < len(data.targets):
        yield DataError("A column is named twice among the targets; name each once.")
    for name in data.targets or ("",):
        if name not in table.columns:
            yield DataError(
                f"The table {table.name} has no column named {name!r}; "
                f"choose the target among {listed(table.columns)}."
            )
    if data.classes and data.target_kind == "number":
        yield SettingError("Classes are declared for a target that is a number; learn it as a class.")


def start_faults(start: Start) -> Iterator[BpvizError]:
    """Say, as one error, what is wrong with start values set by hand."""
    if not are_numbers([value for _, value in start.values]):
        yield SettingError("A start value set by hand is not a finite number; set it again.")


def _table_faults(training: Training) -> Iterator[BpvizError]:
    yield from _entry_fault(LOSSES, training.loss)
    yield from _entry_fault(PENALTIES, training.penalty)
    tables: tuple[tuple[Registry[Any], str, Any], ...] = (
        (OPTIMIZERS, training.optimizer, training.optimizer_options),
        (SCHEDULES, training.schedule, training.schedule_options),
        (INITIALIZERS, training.initializer, training.initializer_options),
    )
    for table, name, chosen in tables:
        try:
            options.resolve(table[name], chosen)
        except (UnknownNameError, SettingError) as fault:
            yield fault


def _entry_fault(table: Registry[Any], name: str) -> Iterator[BpvizError]:
    try:
        _ = table[name]
    except UnknownNameError as fault:
        yield fault


def _stop_faults(stop: Stop) -> Iterator[BpvizError]:
    for name, words in (("epochs", "The number of epochs to stop after"), ("patience", "The patience")):
        value = getattr(stop, name)
        if value is not None and not is_whole(value, 1, MOST_COUNTED):
            yield SettingError(f"{words} must be a whole number from 1 to {grouped(MOST_COUNTED)}, or off.")
    for name, words in (
        ("target_loss", "The target loss"),
        ("gradient_norm", "The gradient norm to stop at"),
    ):
        value = getattr(stop, name)
        if value is not None and not (is_number(value) and value >= 0):
            yield SettingError(f"{words} must be a number, 0 or more, or off.")
    share = stop.target_accuracy
    if share is not None and not (is_number(share) and 0 <= share <= 1):
        yield SettingError("The target accuracy must be from 0 % to 100 %, or off.")


def _choice_faults(settings: object, names: tuple[str, ...]) -> Iterator[BpvizError]:
    """Compare fields whose type lists what they may be with that list."""
    kind: Any = type(settings)  # mypy takes a class with a __hash__ of its own for unhashable
    hints = _hints(kind)
    for name in names:
        legal = get_args(hints[name])
        value = getattr(settings, name)
        if not isinstance(value, str) or value not in legal:
            yield SettingError(f"The setting {name.replace('_', ' ')} must be one of {', '.join(legal)}.")


@cache  # evaluating annotations takes longer than all else here, and every edit asks
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
