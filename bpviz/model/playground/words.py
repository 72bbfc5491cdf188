"""Sentences about links to the Playground, which window, command line and scripts say alike."""

from __future__ import annotations

from typing import Final

from bpviz.errors import LONGEST_NAME, ModelError, elided
from bpviz.model.playground.reading import Reason, Unhad
from bpviz.model.playground.writing import Obstacle, Way, link_of
from bpviz.model.spec import Project

_UNHAD: Final[dict[Reason, str]] = {
    "look": "{key}={given} changes only how the page looks; it is left out.",
    "hidden": "{key} hides a control of the page; nothing is hidden here.",
    "no_feature": "{key} has no feature in the Playground either; add cos(x) or cos(y) by hand.",
    "unknown": "{key}={given} says nothing to the Playground; it is left out.",
    "word": "{key} can't be {given!r}; {taken} is taken, as the page does.",
    "number": "{key} can't be {given!r} in a run; {taken} is taken.",
    "clamped": "{key} {given} lies beyond the page's slider; {taken} is taken, as the page does.",
    "seed": "The seed {given!r} is none of the page's own; with {taken} points and weights are others.",
    "no_seed": "The link has no seed, so the page draws other points at each visit; here it is {taken}.",
    "no_update": "{key} {given} is more than the examples, so the page never learns; {taken} is taken.",
}
_OBSTACLES: Final[dict[Way, str]] = {
    "data": "the data are not one of the Playground's six sets",
    "samples": "the number of examples is not the Playground's",
    "scaling": "inputs or targets are scaled",
    "noise": "the noise can't be written in percent",
    "share": "the training part can't be written in percent",
    "chain": "the network is not a chain of layers with all connections",
    "frozen": "weights or biases are frozen",
    "features": "the inputs are not features of the Playground in its order",
    "activation": "the hidden nodes have not all the same of ReLU, tanh, sigmoid and linear",
    "output": "the output is not one tanh node for classes or one linear node for numbers",
    "loss": "the loss is not half squared",
    "optimizer": "the optimizer is not plain SGD at a constant rate",
    "clip": "gradients are clipped",
    "batch": "the batch is larger than the training part",
    "order": "the order is not 'never' shuffled with a short last batch carried over",
    "penalty": "the penalty is not one of the Playground's own",
    "initializer": "weights start neither as the Playground's nor at zero",
    "precision": "it is computed in float32",
    "stop": "a rule stops the run",
    "start": "start values are set by hand",
}


def unhad_text(one: Unhad) -> str:
    """Say what of a link could not be had, and what is there instead."""
    key, given = elided(one.key, LONGEST_NAME), elided(one.given, LONGEST_NAME)
    return _UNHAD[one.reason].format(key=key, given=given, taken=one.taken)


def obstacle_text(one: Obstacle) -> str:
    """Say what stands in the way of a link, as a part of a sentence."""
    return _OBSTACLES[one.way]


def playground_link(project: Project) -> str:
    """Return the link of a project.

    Raises:
        ModelError: With all that stands in its way.
    """
    found = link_of(project)
    if isinstance(found, str):
        return found
    raise ModelError(f"No Playground link says this project: {'; '.join(map(obstacle_text, found))}.")
