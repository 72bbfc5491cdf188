"""The TensorFlow Playground's data sets with its own settings, so that the figures are its figures.

Its order of examples never changes, an epoch's short last batch joins the next epoch's first one, weights
start between -1/2 and 1/2 by its own random numbers, biases at 0.1; all of these are ordinary settings here.
"""

from __future__ import annotations

from bpviz.data.settings import DataSettings
from bpviz.model.builder import layered_network
from bpviz.model.spec import Project, Training

SEED = 59704
"""The Playground writes it 0.59704."""


def circle() -> Project:
    """A disk inside a ring."""
    return _classic("circle")


def xor() -> Project:
    """Opposite quarters alike."""
    return _classic("xor")


def gauss() -> Project:
    """Two clouds."""
    return _classic("gauss")


def spiral() -> Project:
    """Two arms, and too few nodes for them."""
    return _classic("spiral")


def plane() -> Project:
    """The height of a plane."""
    return _classic("plane", output_activation="linear")


def multi_gauss() -> Project:
    """The height of hills and hollows."""
    return _classic("multi_gauss", output_activation="linear")


def _classic(source: str, output_activation: str = "tanh") -> Project:
    """The Playground's first page with another data set."""
    network = layered_network(("x", "y"), (4, 2), 1, output_activation=output_activation)
    training = Training(
        seed=SEED,
        loss="half_squared",
        optimizer="sgd",
        learning_rate=0.03,
        batch_size=10,
        shuffle="never",
        last_batch="carry over",
        penalty="none",
        initializer="playground",
    )
    return Project(network, DataSettings(source=source, train_share=0.5), training)
