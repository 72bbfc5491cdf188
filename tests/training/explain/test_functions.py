"""Formulas compute with the engine's own functions: another one differs where digits are lost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from bpviz.arrays import Array
from bpviz.engine.activations import ACTIVATIONS, normal_cdf, normal_density
from bpviz.training.explain.functions import FUNCTIONS

PLACES = np.linspace(-9.0, 9.0, 1001)


@pytest.mark.parametrize(
    ("name", "engines"),
    [
        ("normal_cdf", normal_cdf),  # far to the left 1 + erf keeps few digits, whoever computes erf
        ("normal_density", normal_density),
        ("sigmoid", ACTIVATIONS["sigmoid"].value),
        ("softplus", ACTIVATIONS["softplus"].value),
    ],
)
def test_they_give_the_same_bits(name: str, engines: Callable[[Array], Array]) -> None:
    found = [FUNCTIONS[name].value(place) for place in PLACES.tolist()]
    assert found == engines(PLACES[:, np.newaxis])[:, 0].tolist()
