"""What a data set asks of a network: its inputs, its outputs, and the loss that goes with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from bpviz.data.choosing import ColumnChoice, Names, Remedies, names_of, with_choice
from bpviz.data.dataset import DataFacts
from bpviz.data.datasets import TABLE, facts
from bpviz.data.opening import read_table
from bpviz.data.settings import DataSettings
from bpviz.data.shapes import read_shape
from bpviz.data.tables import TableReading
from bpviz.errors import DataError
from bpviz.model.checks import check_data
from bpviz.model.spec import Network

PLAYGROUND_SETS: Final = frozenset({"circle", "xor", "gauss", "spiral", "plane", "multi_gauss"})
"""Data sets of the TensorFlow Playground, learned by its conventions: one tanh or linear output, half squared
error, coordinates as they are, half of the examples to train on."""

SUITED: Final = ("scaling", "target_scaling", "train_share")
"""Fields of `DataSettings` that a `Wish` has, too."""

_FEW = 10
"""A data set with fewer rows is an example to work through by hand: taken whole and as it is."""
_PLAYGROUND_SHARE = 0.5
_USUAL_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Wish:
    """What suits a data set; where two wishes agree, nothing need change between their data sets.

    Attributes:
        features: What the input layer should show.
        outputs: Names of the output nodes; empty for a single node that tells two classes apart.
        activation: Of the output layer.
        loss: Entry of `bpviz.engine.losses.LOSSES`.
        scaling: Field of `DataSettings`.
        target_scaling: Likewise.
        train_share: Likewise.
        shares: The targets are numbers from 0 to 1.
    """

    features: tuple[str, ...]
    outputs: tuple[str, ...]
    activation: str
    loss: str
    scaling: str
    target_scaling: str
    train_share: float
    shares: bool = False

    @property
    def output(self) -> tuple[int, str, str]:
        """What must agree so that an output layer can stay as it is."""
        return (len(self.outputs), self.activation, self.loss)


def wish(data: DataSettings) -> Wish:
    """Return what suits these data.

    Raises:
        DataError: If they can't be used as they are set.
        UnknownNameError: If there is no such data set.
    """
    known = facts(data)
    playground = data.source in PLAYGROUND_SETS
    few = known.rows < _FEW
    outputs, activation, loss = _output(known, playground=playground)
    return Wish(
        features=known.columns,
        outputs=outputs,
        activation=activation,
        loss=loss,
        scaling="none" if playground or few else "standardize",
        target_scaling="standardize" if known.task == "number" and not (playground or few) else "none",
        shares=known.task == "number" and known.target_range != "any",
        train_share=1.0 if few else _PLAYGROUND_SHARE if playground else _USUAL_SHARE,
    )


def suited(data: DataSettings) -> DataSettings:
    """Return data with the split and the scaling that suit them.

    Raises:
        DataError: If they can't be used as they are set.
        UnknownNameError: If there is no such data set.
    """
    asked = wish(data)
    return replace(data, **{name: getattr(asked, name) for name in SUITED})


def table(
    path: str | Path | TableReading,
    target: Names,
    *,
    classes: Names = (),
    drop_missing: bool = False,
    image: str | tuple[int, int] | None = None,
    features: Names = (),
    categorical: Names = (),
    ignore: Names = (),
    missing: Remedies = "refuse",
    **reading: Any,
) -> DataSettings:
    """Read a table of your own, to learn some of its columns.

    What the other columns are taken for is decided by their values: numbers are inputs, words that come again
    get an input for each, all else is left out; `bpviz.data.account_words` says it.  Split and scaling are
    those that suit the table; `dataclasses.replace` sets others.

    Args:
        path: A file, or what `read_table` made of one.
        target: Name of the column to learn; of several, all numbers, a list, or one text with commas.
        classes: All classes of the target in their order, likewise; by default those that the rows hold.
        drop_missing: Leave out rows that lack a value; otherwise they are refused.
        image: Rows and columns, ``(28, 28)`` or ``"28 x 28"``, if each row is an image, pixel by pixel.
        features: The only columns that the network is to see, likewise; by default those that suit.
        categorical: Columns that get an input for each of their values, such as codes.
        ignore: Columns to leave out.
        missing: ``refuse`` or ``drop`` rows that lack a value; or fill in the ``mean``, the ``median`` or the
            most ``frequent`` value of the training part.  Or a mapping from names of columns to one of these,
            such as ``{"sex": "frequent", "": "median"}``; ``""`` for all others.
        reading: How to read the file where it is not found out right, as for `read_table`.

    Raises:
        BpvizError: If it can't be read, or can't be used as it is.
    """
    read = (path if isinstance(path, TableReading) else read_table(path, **reading)).table
    settings = DataSettings(
        source=TABLE,
        table=read,
        targets=names_of(target, read.columns),
        classes=names_of(classes),
        drop_missing=drop_missing,
        image=read_shape(image) if isinstance(image, str) else image,
    )
    check_data(settings)
    settings = with_choice(settings, ColumnChoice(features, categorical, ignore, missing))
    check_data(settings)
    return suited(settings)


def _output(known: DataFacts, *, playground: bool) -> tuple[tuple[str, ...], str, str]:
    """Names of the output nodes, their activation, and the loss."""
    if known.classes is None and known.switches:
        return known.target_names, "sigmoid", "binary_cross_entropy"
    if known.classes is None:
        return known.target_names, "linear", "half_squared"
    if len(known.classes) > 2:
        return known.classes, "softmax", "categorical_cross_entropy"
    return ("",), *(("tanh", "half_squared") if playground else ("sigmoid", "binary_cross_entropy"))


def with_columns(network: Network, data: DataSettings) -> Network:
    """Give input nodes that show nothing yet the columns of the data.

    Raises:
        DataError: If there are not as many.
    """
    layer = network.input
    if layer is None or any(node.feature for node in layer.nodes):
        return network
    columns = facts(data).columns
    if len(columns) != layer.size:
        raise DataError(
            f"The data {data.source} have {len(columns)} columns and the network {layer.size} input nodes; "
            "make them equal, or name the features."
        )
    named = tuple(replace(node, feature=column) for node, column in zip(layer.nodes, columns, strict=True))
    layers = tuple(replace(other, nodes=named) if other is layer else other for other in network.layers)
    return replace(network, layers=layers)
