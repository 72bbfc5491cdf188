"""The gradient of the inputs as a picture, where inputs are pixels."""

from __future__ import annotations

import numpy as np

import bpviz
from bpviz.engine.backprop import input_gradient
from bpviz.training.input_figures import example_figure, input_figure, input_names
from bpviz.training.marks import Heat


def test_of_digits_each_pixel_stands_in_its_place() -> None:
    run = bpviz.session(bpviz.example("digits"), engine="reference")
    trace = bpviz.backprop(run, slice(0, 2))
    (heat,) = input_figure(run.compiled, trace, 1).all(Heat)
    np.testing.assert_array_equal(heat.values.ravel(), input_gradient(trace)[1])
    assert heat.values.shape == (8, 8)
    assert heat.scale.limit == np.abs(heat.values).max()
    assert input_names(run.compiled)[9] == "pixel_1_1"
    (seen,) = example_figure(run.compiled, trace, 1).all(Heat)
    np.testing.assert_array_equal(seen.values.ravel(), trace.x[1])


def test_of_other_inputs_there_is_no_picture() -> None:
    run = bpviz.session(bpviz.example("mazur"), engine="reference")
    figure = input_figure(run.compiled, bpviz.backprop(run), 0)
    assert figure.is_empty
    assert "pixel_ROW_COLUMN" in figure.empty
