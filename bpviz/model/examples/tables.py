"""Networks on the bundled tables."""

from __future__ import annotations

from dataclasses import replace

from bpviz.data.datasets import facts
from bpviz.data.settings import DataSettings, Scaling
from bpviz.model.builder import layered_network
from bpviz.model.spec import Project, Stop, Training


def iris() -> Project:
    """Three species by four measurements."""
    training = Training(optimizer="adam", learning_rate=0.01, batch_size=10, stop=Stop(epochs=60))
    return _classes("iris", (8,), training, train_share=0.7)


def penguins() -> Project:
    """Three species by four measurements, missing ones left out."""
    training = Training(optimizer="adam", learning_rate=0.01, batch_size=16, stop=Stop(epochs=40))
    return _classes("penguins", (6,), training, train_share=0.7)


def wine_raw() -> Project:
    """Three cultivars, on purpose without scaling."""
    training = Training(learning_rate=0.03, batch_size=10, stop=Stop(epochs=60))
    return _classes("wine", (8,), training, train_share=0.7, scaling="none")


def digits() -> Project:
    """Ten digits of 64 pixels."""
    training = Training(
        optimizer="adam", learning_rate=0.01, batch_size=32, initializer="he_uniform", stop=Stop(epochs=30)
    )
    return _classes("digits", (32,), training, train_share=0.8, activation="relu")


def course_digits() -> Project:
    """Sigmoid nodes throughout, cross-entropy over ten outputs, and a penalty; one step is one epoch."""
    data = DataSettings(source="digits", train_share=0.8, scaling="min-max")
    known = facts(data)
    network = layered_network(
        known.columns, (25,), known.classes or (), activation="sigmoid", output_activation="sigmoid"
    )
    training = Training(
        loss="binary_cross_entropy",
        optimizer="nesterov",
        learning_rate=0.5,
        batch_size=None,
        penalty="l2",
        penalty_rate=1.0,
        stop=Stop(epochs=400),
    )
    return Project(network, data, training)


def breast_cancer() -> Project:
    """Two classes by thirty measurements."""
    data = DataSettings(source="breast_cancer", train_share=0.7, scaling="standardize")
    network = layered_network(facts(data).columns, (6,), 1, output_activation="sigmoid")
    training = Training(
        loss="binary_cross_entropy", optimizer="adam", learning_rate=0.01, batch_size=32, stop=Stop(epochs=40)
    )
    return Project(network, data, training)


def diabetes() -> Project:
    """A number by ten figures."""
    data = DataSettings(
        source="diabetes", train_share=0.7, scaling="standardize", target_scaling="standardize"
    )
    known = facts(data)
    network = layered_network(known.columns, (8,), known.target_names, output_activation="linear")
    training = Training(optimizer="adam", learning_rate=0.01, batch_size=32, stop=Stop(epochs=60))
    return Project(network, data, training)


def _classes(
    source: str,
    hidden: tuple[int, ...],
    training: Training,
    *,
    train_share: float,
    scaling: Scaling = "standardize",
    activation: str = "tanh",
) -> Project:
    """A softmax output with one node a class."""
    data = DataSettings(source=source, train_share=train_share, scaling=scaling)
    known = facts(data)
    network = layered_network(
        known.columns, hidden, known.classes or (), activation=activation, output_activation="softmax"
    )
    return Project(network, data, replace(training, loss="categorical_cross_entropy"))
