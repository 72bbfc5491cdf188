"""Networks that learn well, badly or not at all, each for one reason."""

from __future__ import annotations

from bpviz.data.settings import DataSettings
from bpviz.model.builder import layered_network
from bpviz.model.edits.links import connect_layers
from bpviz.model.spec import Network, Project, Stop, Training, options


def spiral() -> Project:
    """The window's first picture: enough nodes, and an optimizer that gets there."""
    network = layered_network(("x", "y"), (8, 8), 1, activation="relu")
    training = Training(
        optimizer="adam", learning_rate=0.01, batch_size=10, initializer="he_uniform", stop=Stop(epochs=300)
    )
    return Project(network, DataSettings(source="spiral", train_share=0.8, scaling="standardize"), training)


def plateau() -> Project:
    """Five sigmoid layers, through which hardly a delta comes back."""
    return Project(_deep_sigmoid(), _circle(), _slow())


def skip_link() -> Project:
    """The same with a link from the first hidden layer straight to the output."""
    network = _deep_sigmoid()
    network = connect_layers(network, network.layers[1].id, network.layers[-1].id)
    return Project(network, _circle(), _slow())


def dead_relu() -> Project:
    """Steps so large that ReLU nodes fall where no example reaches them."""
    network = layered_network(("x", "y"), (8, 8), 1, activation="relu")
    # With this seed the nodes die in the first epoch, before rounding could send two machines separate ways.
    training = Training(
        seed=0, learning_rate=2.0, batch_size=10, initializer="he_uniform", stop=Stop(epochs=100)
    )
    return Project(network, _circle(), training)


def exploding() -> Project:
    """Initial weights so large that the numbers leave what a computer can write."""
    # Plain ReLU nodes would die in the blast and stop it; leaky ones let it through.
    network = layered_network(("x", "y"), (8,) * 6, 1, activation="leaky_relu", output_activation="linear")
    training = Training(
        seed=2,
        learning_rate=0.01,
        batch_size=10,
        initializer="normal",
        initializer_options=options(deviation=0.7),
        stop=Stop(epochs=100),
    )
    return Project(network, DataSettings(source="plane"), training)


def moons() -> Project:
    """Two half circles with noise."""
    network = layered_network(("x", "y"), (6,), 1, output_activation="sigmoid")
    training = Training(
        loss="binary_cross_entropy",
        optimizer="adam",
        learning_rate=0.03,
        batch_size=20,
        stop=Stop(epochs=200),
    )
    data = DataSettings(source="moons", noise=0.15, train_share=0.7, scaling="standardize")
    return Project(network, data, training)


def sine() -> Project:
    """A curve as a sum of smooth steps."""
    network = layered_network(("x",), (10,), ("y",), output_activation="linear")
    training = Training(optimizer="adam", learning_rate=0.01, batch_size=20, stop=Stop(epochs=500))
    data = DataSettings(source="sine", noise=0.05, train_share=0.7, scaling="standardize")
    return Project(network, data, training)


def _deep_sigmoid() -> Network:
    return layered_network(("x", "y"), (6, 6, 6, 6, 6), 1, activation="sigmoid", output_activation="tanh")


def _circle() -> DataSettings:
    return DataSettings(source="circle", train_share=0.5)


def _slow() -> Training:
    return Training(loss="squared", learning_rate=0.03, batch_size=10, stop=Stop(epochs=200))
