"""What a report of a run says in tables, as plain texts: results, network, settings, events, weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from bpviz.data.datasets import DATASETS
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.options import resolve
from bpviz.errors import grouped
from bpviz.model.naming import layer_label
from bpviz.model.settings import MORE, MOST_USED, OF_DATA, OPTIONS_OF, Amount, Setting
from bpviz.model.spec import Layer, Project
from bpviz.training.session import Session

MOST_WEIGHTS: Final = 600
"""Of a run with more, the report says where they can be had."""
_DIGITS: Final = 6
_EVENTS_SHOWN: Final = 200
_PERCENT: Final = 100.0
_OWN_NUMBER: Final = "as many as the data set has"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a report; all its cells are texts.

    Attributes:
        title: Its heading.
        header: Of its columns; empty for rows of a name and a value.
        rows: Its cells.
        note: What else is to be said, as a sentence; alone where there are no rows.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def results_table(run: Session) -> Table:
    """What came of the run."""
    metrics = run.metrics
    rows = [("Steps", grouped(run.step)), ("Epochs", written(run.epoch))]
    rows += [
        (name, written(value))
        for name, value in (
            ("Training loss", metrics.train_loss),
            ("Training cost, with the penalty", metrics.train_cost),
            ("Test loss", metrics.test_loss),
        )
        if value is not None
    ]
    rows += [
        (name, f"{written(100 * value)} %")
        for name, value in (
            ("Training accuracy", metrics.train_accuracy),
            ("Test accuracy", metrics.test_accuracy),
        )
        if value is not None
    ]
    rows.append(("Weights and biases", grouped(int(run.compiled.plan.present.sum()))))
    rows.append(("Stopped", run.stopped or "It may go on."))
    return Table("Results", (), tuple(rows))


def network_table(project: Project) -> Table:
    """The layers, from the input on."""
    header = ("Layer", "Nodes", "Activation", "Shows")
    layers = sorted(project.network.layers, key=lambda layer: layer.x)
    return Table("Network", header, tuple(_layer_row(layer) for layer in layers))


def _layer_row(layer: Layer) -> tuple[str, ...]:
    names = [node.name or node.feature or "" for node in layer.nodes]
    functions = dict.fromkeys(node.activation or layer.activation for node in layer.nodes)
    labels = (ACTIVATIONS[name].label if name in ACTIVATIONS else name for name in functions)
    activation = "" if layer.role == "input" else ", ".join(labels)
    return layer_label(layer), grouped(layer.size), activation, ", ".join(filter(None, names))


def settings_tables(project: Project) -> Iterator[Table]:
    """Every setting of the panels, in their groups and by their names."""
    data = project.data
    name = data.table.name if data.table is not None else DATASETS[data.source].label
    rows = [("Data", name)]
    if data.targets:
        rows.append(("Target", ", ".join(data.targets)))
    if data.classes:
        rows.append(("Classes", ", ".join(data.classes)))
    rows += _rows(OF_DATA, data)
    yield Table("Data", (), tuple(rows))
    training = [*_rows(MOST_USED, project.training), ("Seed", str(project.training.seed))]
    yield Table("Training", (), tuple(training))
    for title, settings in MORE:
        yield Table(title, (), tuple(_rows(settings, project.training)))


def _rows(settings: tuple[Setting, ...], values: object) -> Iterator[tuple[str, str]]:
    for setting in settings:
        value = setting.read(values)
        yield setting.label, _shown(setting, value)
        if setting.field in OPTIONS_OF and value in OPTIONS_OF[setting.field]:
            entry = OPTIONS_OF[setting.field][value]
            chosen = resolve(entry, getattr(values, f"{setting.field}_options"))
            for option in entry.options:
                label = f"{option.label[:1].lower()}{option.label[1:]}"
                yield f"{setting.label}, {label}", written(chosen[option.name])


def _shown(setting: Setting, value: Any) -> str:
    """A value as its field in a panel shows it."""
    if not isinstance(setting.kind, Amount):
        labels: Mapping[str, str] = {key: label for key, label, _ in setting.kind.entries}
        return labels.get(value, str(value))
    if value is None:
        return setting.kind.off or _OWN_NUMBER
    unit = " %" if setting.factor == _PERCENT and "%" not in setting.label else ""
    return written(float(f"{value * setting.factor:.12g}")) + unit


def events_table(events: tuple[tuple[int, str], ...]) -> Table | None:
    """What was done to the run on its way; None if nothing was."""
    rows = tuple((grouped(step), text) for step, text in events[:_EVENTS_SHOWN])
    left = len(events) - len(rows)
    note = f"{grouped(left)} more are left out." if left else ""
    return Table("What was done on the way", ("Step", "What"), rows, note) if rows else None


def weights_tables(run: Session) -> Iterator[Table]:
    """Each link's weights, one row a target with its bias; of many a sentence instead."""
    plan = run.compiled.plan
    count = int(plan.present.sum())
    if count > MOST_WEIGHTS:
        note = f"All {grouped(count)} weights and biases are too many for a page; export them as a file."
        yield Table("Weights", (), (), note)
        return
    begun: set[int] = set()
    for at, link in enumerate(plan.links):
        yield _link_table(run, at, biases=link.target not in begun)
        begun.add(link.target)


def _link_table(run: Session, at: int, *, biases: bool) -> Table:
    """The weights of one link, and the biases of the layer that it leads into."""
    plan, names, ids = run.compiled.plan, _node_names(run.project), run.compiled.node_ids
    link = plan.links[at]
    targets, sources = ids[link.target], ids[link.source]
    numbers = np.where(plan.present, run.parameters, np.nan)
    table = numbers[plan.weight_slices[at]].reshape(len(targets), len(sources))
    if biases:
        table = np.column_stack([table, numbers[plan.bias_slices[link.target]]])
    rows = tuple(
        (names[target], *map(written, row)) for target, row in zip(targets, table.tolist(), strict=True)
    )
    header = ("to \\ from", *(names[source] for source in sources), *(("bias",) if biases else ()))
    ends = (layer_label(run.project.network.layer_of(nodes[0])) for nodes in (sources, targets))
    return Table(f"Weights from {' to '.join(ends)}", header, rows)


def _node_names(project: Project) -> dict[str, str]:
    """Its own name, or its number in its layer."""
    return {
        node.id: node.name or node.feature or f"{at}"
        for layer in project.network.layers
        for at, node in enumerate(layer.nodes, 1)
    }


def written(value: float) -> str:
    """Write a number with six digits; a dash where there is none."""
    if value != value:
        return "–"
    if value in (float("inf"), float("-inf")):
        return "∞" if value > 0 else "−∞"
    if value == 0 or 1e-3 <= abs(value) < 1e9:
        text = grouped(value, f".{_DIGITS}g") if abs(value) < 10**_DIGITS else grouped(value, ".0f")
    else:
        text = f"{value:.{_DIGITS - 1}e}"
    return text.replace("-", "−")
