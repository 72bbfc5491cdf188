"""What stands in the Playground's links: its keys, their values, and what bpviz calls them."""

from __future__ import annotations

from typing import Final

ADDRESS: Final = "https://playground.tensorflow.org/"

FEATURES: Final = {
    "x": "x",
    "y": "y",
    "xSquared": "x^2",
    "ySquared": "y^2",
    "xTimesY": "x*y",
    "sinX": "sin(x)",
    "sinY": "sin(y)",
}
"""In the Playground's own order, in which it draws the first weights."""
FIRST_FEATURES: Final = ("x", "y")

CLASS_SETS: Final = {"circle": "circle", "xor": "xor", "gauss": "gauss", "spiral": "spiral"}
NUMBER_SETS: Final = {"reg-plane": "plane", "reg-gauss": "multi_gauss"}
ACTIVATIONS: Final = {"relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid", "linear": "linear"}
PENALTIES: Final = {"none": "none", "L1": "playground_l1", "L2": "playground_l2"}
PROBLEMS: Final = {"classification": "class", "regression": "number"}

NO_FEATURE: Final = ("cosX", "cosY")
"""Keys of the Playground's that have no feature there either."""
LOOKS: Final = ("showTestData", "discretize", "hideText", "tutorial", "collectStats")
"""What they ask for is how the page looks."""
HIDDEN: Final = "_hide"
"""With this end, a key hides a control of the page."""

KNOWN: Final = frozenset(
    {
        *FEATURES,
        *NO_FEATURE,
        *LOOKS,
        "activation",
        "regularization",
        "batchSize",
        "dataset",
        "regDataset",
        "learningRate",
        "regularizationRate",
        "noise",
        "networkShape",
        "seed",
        "percTrainData",
        "problem",
        "initZero",
    }
)
