"""The functions that formulas name, such as ``exp``; each computes as the engine does.

To add one, add an entry to `FUNCTIONS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.activations import ACTIVATIONS, normal_cdf, normal_density
from bpviz.registry import Registry


@dataclass(frozen=True, slots=True)
class Function:
    """A function of one number.

    Attributes:
        name: Key.
        label: In words.
        value: Of the number.
        text: As plain text, around ``{}``.
        latex: Likewise.
        bare: Whether the pattern needs no parentheses around what it is applied to.
    """

    name: str
    label: str
    value: Callable[[float], float]
    text: str
    latex: str
    bare: bool = False


def _engines(function: Callable[[Array], Array]) -> Callable[[float], float]:
    """Let a function of the engine's work on one number."""
    return lambda number: float(function(np.array([[number]]))[0, 0])


def _sign(number: float) -> float:
    return float(np.sign(number))


FUNCTIONS: Final = Registry(
    "function",
    Function("exp", "exponential", _engines(np.exp), "e^({})", "e^{{{}}}", bare=True),
    Function(
        "expm1", "exponential minus 1", math.expm1, "(e^({}) − 1)", r"\left(e^{{{}}} - 1\right)", bare=True
    ),
    Function("ln", "natural logarithm", math.log, "ln {}", r"\ln {}"),
    Function("abs", "absolute value", abs, "|{}|", r"\left|{}\right|", bare=True),
    Function("sign", "sign", _sign, "sign({})", r"\operatorname{{sign}}({})", bare=True),
    Function("tanh", "hyperbolic tangent", _engines(np.tanh), "tanh {}", r"\tanh {}"),
    Function("sin", "sine", _engines(np.sin), "sin {}", r"\sin {}"),
    Function("cos", "cosine", _engines(np.cos), "cos {}", r"\cos {}"),
    Function(
        "normal_cdf",
        "normal distribution",
        _engines(normal_cdf),
        "Φ({})",
        r"\Phi({})",
        bare=True,
    ),
    Function(
        "normal_density",
        "normal density",
        _engines(normal_density),
        "φ({})",
        r"\varphi({})",
        bare=True,
    ),
    Function("sigmoid", "sigmoid", _engines(ACTIVATIONS["sigmoid"].value), "σ({})", r"\sigma({})", bare=True),
    Function(
        "softplus",
        "softplus",
        _engines(ACTIVATIONS["softplus"].value),
        "ln(1 + e^({}))",
        r"\ln\left(1 + e^{{{}}}\right)",
        bare=True,
    ),
)
