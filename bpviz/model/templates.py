"""Networks by a line such as ``2-8-8-1 tanh``, and templates, which are lines for the data at hand.

To add a template, add an entry to `TEMPLATES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final

from bpviz.data.dataset import DataFacts
from bpviz.data.datasets import DATASETS, facts
from bpviz.data.features import available
from bpviz.data.settings import DataSettings
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES
from bpviz.errors import DataError, ModelError, SettingError, counted, grouped
from bpviz.model.builder import layered_network
from bpviz.model.checks import MOST_NODES, check_data
from bpviz.model.edits.layers import set_activation
from bpviz.model.edits.project import set_training, with_network
from bpviz.model.fitting import suited, wish
from bpviz.model.naming import NewId, counting_from, first_free_number
from bpviz.model.spec import Link, Network, Project, Training
from bpviz.plain import as_whole, is_whole
from bpviz.registry import Registry

_LINE: Final = re.compile(r"\s*(\d+(?:\s*[-–−x×]\s*\d+)+)\s*((?:[\s,]+\w+)*)\s*")
_SIZES: Final = re.compile(r"\s*\d+(?:\s*[-–−x×,]\s*\d+)*\s*")
_LONGEST: Final = 200
_SHOWN: Final = 24  # letters of a text that a sentence repeats
_MANY_INPUTS: Final = 16  # beyond, a wide layer of a function that does not saturate learns sooner
_LINE_FOR_MANY: Final = "{}-32-{} relu"
_MOST_DIGITS: Final = 9
_HOW: Final = "write the sizes from the input to the output and an activation, such as 2-8-8-1 tanh."


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says.

    Attributes:
        sizes: Of all layers, from the input to the output; each at least 1.
        activation: Of the hidden layers; None leaves the choice.
        output_activation: Of the output layer, likewise.
    """

    sizes: tuple[int, ...]
    activation: str | None = None
    output_activation: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A network to begin with.

    Attributes:
        name: Key; never renamed.
        label: What menus show.
        about: What it is good for, in one or two sentences.
        line: (inputs, outputs) of the data to the line that makes it.
        skips: Whether every layer is linked to all that follow.
    """

    name: str
    label: str
    about: str
    line: Callable[[int, int], str]
    skips: bool = False


TEMPLATES: Final = Registry(
    "template",
    Template(
        "layers",
        "Layers in a row",
        "A multilayer perceptron: every node is connected to all nodes of the next layer.",
        lambda inputs, outputs: f"{inputs}-8-8-{outputs} tanh",
    ),
    Template(
        "neuron",
        "Single neuron",
        "No hidden layer: the outputs see the inputs at once, and can only draw straight borders.",
        lambda inputs, outputs: f"{inputs}-{outputs}",
    ),
    Template(
        "autoencoder",
        "Autoencoder",
        "All has to pass through a narrow layer. Take a table whose targets are its inputs, and see what "
        "code the layer finds for them.",
        lambda inputs, outputs: f"{inputs}-{max(1, (inputs - 1).bit_length())}-{outputs} sigmoid",
    ),
    Template(
        "skips",
        "With skip links",
        "Every layer is linked to all that follow, so that errors reach the first layer by short ways, too.",
        lambda inputs, outputs: f"{inputs}-6-6-{outputs} tanh",
        skips=True,
    ),
)


def parsed_line(text: str) -> Line:
    """Read a line such as ``2-8-8-1 tanh`` or ``4-16-3 relu softmax``.

    One activation is that of the hidden layers, unless there are none or it joins all nodes of a layer; a
    second is that of the output.

    Raises:
        SettingError: If it can't be read.
        UnknownNameError: If there is no such activation.
    """
    found = _LINE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise SettingError(f"This is no list of layers; {_HOW}")
    digits = re.findall(r"\d+", found[1])
    words = [_activation(word) for word in re.findall(r"\w+", found[2])]
    sizes = tuple(int(number[:_MOST_DIGITS]) for number in digits)
    if any(len(number) > _MOST_DIGITS for number in digits) or sum(sizes) > MOST_NODES:
        raise ModelError(f"The line asks for too many nodes; ask for at most {grouped(MOST_NODES)}.")
    if min(sizes) < 1:
        raise SettingError("Every layer needs at least one node; leave out the layer of size 0.")
    if len(words) > 2:
        raise SettingError(
            f"A line has at most two activations, of the hidden layers and of the output; {_HOW}"
        )
    alone = len(words) == 1 and (len(sizes) == 2 or not ACTIVATIONS[words[0]].elementwise)
    hidden, output = (None, words[0]) if alone else (*words, None, None)[:2]
    if hidden is not None and not ACTIVATIONS[hidden].elementwise:
        raise SettingError(f"{ACTIVATIONS[hidden].label} belongs to the output; write it last.")
    return Line(sizes, hidden, output)


def template_line(name: str, data: DataSettings) -> str:
    """Return the line of a template for these data.

    Raises:
        UnknownNameError: If there is no such template.
        BpvizError: If the data can't be used as they are set.
    """
    asked = wish(data)
    return TEMPLATES[name].line(len(asked.features), len(asked.outputs))


def sample(template: Template) -> Network:
    """Return the network of a template for three inputs and an output, to be looked at."""
    sizes = parsed_line(template.line(3, 1)).sizes
    network = layered_network(("x", "y", "z"), sizes[1:-1], sizes[-1])
    return _skipping(network) if template.skips else network


def from_template(project: Project, name: str, new_id: NewId) -> Project:
    """Draw the network of a template in place of what is drawn; see `from_line`."""
    line = parsed_line(template_line(name, project.data))
    return from_line(project, line, new_id, skips=TEMPLATES[name].skips)


def from_line(project: Project, line: Line, new_id: NewId, *, skips: bool = False) -> Project:
    """Draw the network of a line in place of what is drawn, with the inputs and outputs of the data at hand.

    What the line leaves open is chosen for the data; another loss only where that of the project would not
    go with the outputs.

    Args:
        project: What to change.
        line: From `parsed_line`.
        new_id: Where ids come from.
        skips: Whether every layer is linked to all that follow.

    Raises:
        ModelError: If the data don't offer so many inputs, or ask for another number of outputs.
        BpvizError: If the data can't be used as they are set.
    """
    known, asked = facts(project.data), wish(project.data)
    inputs = _features(line.sizes[0], known.columns)
    outputs, activation = _outputs(line, known, asked.outputs, asked.activation)
    network = layered_network(
        inputs,
        line.sizes[1:-1],
        outputs,
        activation=line.activation or "tanh",
        output_activation=activation,
        new_id=new_id,
    )
    suited = (project.training.loss, asked.loss, "categorical_cross_entropy", "half_squared")
    loss = next(name for name in suited if LOSSES[name].allows(activation))
    training = replace(project.training, loss=loss)
    return with_network(replace(project, training=training), _skipping(network) if skips else network)


def fitted_project(
    data: str | DataSettings,
    hidden: str | int | Sequence[int] | None = None,
    activation: str | None = None,
    **training: Any,
) -> Project:
    """Make a project for data: the inputs, outputs and loss that they ask for, and hidden layers between.

    Args:
        data: A name that ``bpviz datasets`` lists, or settings with their split and scaling.
        hidden: Sizes of the hidden layers, as a list, a number or ``8-8``; none in an empty list.
            None leaves the choice, which is that of the template of layers, or one wide layer of ReLU for
            many inputs.
        activation: Of the hidden layers; None leaves the choice.
        training: Fields of `Training`, such as ``optimizer="adam"``.

    Raises:
        SettingError: If the sizes can't be read, or a setting is out of range.
        UnknownNameError: If there is no such activation.
        BpvizError: If the data can't be used as they are set.
    """
    data = suited(DataSettings(source=data)) if isinstance(data, str) else data
    check_data(data)
    asked = wish(data)
    if not asked.features:
        raise DataError("No column is left to learn from; a table needs one of numbers or classes for that.")
    ends = len(asked.features), len(asked.outputs)
    many = ends[0] > _MANY_INPUTS
    line = parsed_line(_LINE_FOR_MANY.format(*ends) if many else TEMPLATES["layers"].line(*ends))
    sizes = line.sizes if hidden is None else (ends[0], *_hidden_sizes(hidden), ends[1])
    line = replace(line, sizes=sizes, activation=_hidden_activation(activation) or line.activation)
    title = data.table.name if data.table is not None else DATASETS[data.source].label
    bare = Project(data=data, training=Training(loss=asked.loss), title=title)
    return set_training(from_line(bare, line, counting_from(1)), **training)


def with_hidden(
    project: Project, hidden: str | int | Sequence[int] | None = None, activation: str | None = None
) -> Project:
    """Draw other hidden layers between the inputs and outputs that are there; see `fitted_project`.

    Raises:
        ModelError: If there is not one input and one output layer.
        SettingError: If the sizes can't be read.
        UnknownNameError: If there is no such activation.
    """
    network, function = project.network, _hidden_activation(activation)
    layers = [layer for layer in network.layers if layer.role == "hidden"]
    if hidden is None:
        changed = network
        for layer in layers if function else ():
            changed = set_activation(changed, layer.id, function or "")
        return with_network(project, changed)
    first, last = network.input, network.output
    if first is None or last is None:
        raise ModelError("The network needs exactly one input and one output layer; draw what is missing.")
    drawn = layered_network(
        [node.feature or "" for node in first.nodes],
        _hidden_sizes(hidden),
        [node.name for node in last.nodes],
        activation=function or (layers[0].activation if layers else "tanh"),
        output_activation=last.activation,
        new_id=counting_from(first_free_number(network)),
    )
    return with_network(project, drawn)


def _hidden_sizes(given: str | int | Sequence[int]) -> tuple[int, ...]:
    """Read sizes of hidden layers; no layer is ``none``."""
    if not isinstance(given, str):
        sizes = tuple(map(as_whole, given if isinstance(given, Iterable) else (given,)))
    elif given.strip().casefold() in ("", "none"):
        sizes = ()
    elif _SIZES.fullmatch(given) and len(given) <= _LONGEST:
        sizes = tuple(int(number[:_MOST_DIGITS]) for number in re.findall(r"\d+", given))
    else:
        raise SettingError(
            f"{given[:_SHOWN]!r} are no hidden layers; write their sizes, such as 8-8, or none."
        )
    if not all(is_whole(size, 1, MOST_NODES) for size in sizes):
        raise SettingError(f"Every hidden layer needs from 1 to {grouped(MOST_NODES)} nodes.")
    return sizes


def _hidden_activation(word: str | None) -> str | None:
    name = None if word is None else _activation(word)
    if name is not None and not ACTIVATIONS[name].elementwise:
        raise SettingError(
            f"{ACTIVATIONS[name].label} belongs to the output; choose another for hidden layers."
        )
    return name


def _features(count: int, columns: Sequence[str]) -> Sequence[str]:
    """The columns, or so many of the features that menus offer."""
    offered = available(columns)
    if count > len(offered):
        raise ModelError(
            f"The line begins with {counted(count, 'input')}, and the data offer "
            f"{counted(len(offered), 'feature')}; write at most {len(offered)} there."
        )
    return offered[:count]


def _outputs(
    line: Line, known: DataFacts, names: Sequence[str], activation: str
) -> tuple[Sequence[str], str]:
    """Names of the output nodes, and their activation."""
    count = line.sizes[-1]
    if count == len(names):
        return names, line.output_activation or activation
    if known.classes is not None and count == len(known.classes):  # two classes by a node each
        return known.classes, line.output_activation or "softmax"
    raise ModelError(
        f"The line ends with {counted(count, 'output')}; for these data write {len(names)} there."
    )


def _skipping(network: Network) -> Network:
    """Link every layer to all that follow; the builder made them in order."""
    there = {link.key: link for link in network.links}
    links = (
        there.get((source.id, target.id), Link.dense(source, target))
        for source, target in combinations(network.layers, 2)
    )
    return replace(network, links=tuple(links))


def _activation(word: str) -> str:
    """Find an activation by its name or by what menus call it, in any case."""
    lowered = word.casefold()
    named = (entry.name for entry in ACTIVATIONS.values() if lowered in (entry.name, entry.label.casefold()))
    return next(named, None) or ACTIVATIONS[lowered].name
