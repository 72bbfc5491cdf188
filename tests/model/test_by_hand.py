"""The worked examples give the numbers that were computed for them apart from bpviz, to every digit given."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import bpviz
from bpviz.arrays import Array
from bpviz.data.settings import Table
from bpviz.engine.update import StepTrace
from bpviz.model.examples import EXAMPLES
from bpviz.training.session import Session

WORKED = [entry.name for entry in EXAMPLES.values() if "worked" in entry.tags]
OWN = [name for name in WORKED if name != "mazur"]


def first_step(name: str) -> StepTrace:
    return bpviz.session(bpviz.example(name), engine="reference").peek()


def weights(step: StepTrace, vector: Array, link: int) -> Array:
    """The part of a vector of parameters that one link's weights have: (targets, sources)."""
    return step.trace.plan.weights(vector, link)


def biases(step: StepTrace, vector: Array, layer: int) -> Array:
    return step.trace.plan.biases(vector, layer)


def agree(found: Array | float, told: object, digits: int) -> None:
    """Compare with numbers that were printed with so many decimals, some of them cut off, not rounded."""
    np.testing.assert_allclose(np.ravel(found), np.ravel(np.asarray(told)), rtol=0, atol=10.0**-digits)


def test_the_textbook_case() -> None:
    step = first_step("textbook_case")
    trace = step.trace

    agree(np.hstack([trace.z[1], trace.z[2]]), (-0.7, 0.1, -0.1045395058), 10)
    agree(np.hstack([trace.a[1], trace.a[2]]), (0.3318122278, 0.5249791875, 0.4738888988), 10)
    agree(np.hstack([trace.delta[1], trace.delta[2]]), (0.0087245620, 0.0065420851, -0.1311690782), 10)
    agree(weights(step, step.after.parameters, 1), (-0.2608288463, -0.1380250675), 10)
    assert weights(step, step.change, 0)[:, 1].tolist() == [0, 0]


def test_two_by_two() -> None:
    step = first_step("two_by_two")
    trace = step.trace

    agree(trace.a[2], 0.6902834929, 10)
    agree(trace.delta[2], 0.0406811251, 10)
    agree(trace.delta[1], (0.0026544890, 0.0081716451), 10)
    agree(weights(step, step.after.parameters, 1), (0.2723259651, 0.8729983630), 10)
    agree(
        weights(step, step.after.parameters, 0), (0.0990709288, 0.7976109599, 0.3971399242, 0.5926455194), 10
    )
    run = bpviz.session(bpviz.example("two_by_two"))
    run.advance(1)
    agree(run.peek().trace.a[2], 0.6820185833, 10)


def test_four_classes_of_which_one_does_not_occur() -> None:
    step = first_step("four_classes")
    gradient, penalized = step.trace.gradient, step.trace.gradient + step.penalty_gradient

    agree(step.trace.mean_loss, 7.406969856, 9)
    cost = bpviz.session(bpviz.example("four_classes")).evaluate().train_cost
    agree(cost, 19.473636523, 9)
    first = np.column_stack([biases(step, gradient, 1), weights(step, gradient, 0)])
    second = np.column_stack([biases(step, gradient, 2), weights(step, gradient, 1)])
    agree(first.T, (0.766138, 0.979897, -0.027540, -0.035844, -0.024929, -0.053862), 6)
    told = (0.883417, 0.568762, 0.584668, 0.598139, 0.459314, 0.344618, 0.256313, 0.311885)
    agree(second.T, (*told, 0.478337, 0.368920, 0.259771, 0.322331), 6)
    agree(weights(step, penalized, 0).T, (0.372460, 0.497489, 0.641738, 0.746138), 6)
    assert biases(step, penalized, 1).tolist() == biases(step, gradient, 1).tolist()


def test_relu_and_softmax() -> None:
    step = first_step("relu_softmax")
    trace = step.trace

    agree(trace.a[1], (2.28, 0), 10)
    agree(trace.z[2], (0.4332, -0.228, 0.228), 10)
    agree(trace.mean_loss, 1.051375468504, 12)
    agree(trace.delta[2], (0.429052723714, 0.221490524653, -0.650543248367), 12)
    gradient = weights(step, trace.gradient, 1)
    agree(gradient[:, 0], (0.978240210068, 0.504998396208, -1.483238606277), 12)
    assert gradient[:, 1].tolist() == [0, 0, 0]
    arrived = trace.delta[2] @ weights(step, trace.parameters, 1)
    agree(arrived, (-0.005683359796, -0.036817689655), 12)
    assert trace.delta[1].tolist() == [[arrived[0, 0], 0]]


def test_changes_of_weights() -> None:
    step = first_step("weight_changes")

    agree(step.trace.a[2], 0.4849734308, 10)
    agree(step.trace.delta[2], -0.0287306695, 10)
    agree(weights(step, step.change, 1), (0.0080404739, 0.0055591809), 10)
    into = weights(step, step.change, 0)
    agree(into[0], (1.77005547e-4, 3.54011093e-5, -7.08022187e-5), 12)
    agree(into[1], (-5.11178506e-4, -1.02235701e-4, 2.04471402e-4), 12)


def test_exclusive_or_by_one_node() -> None:
    step = first_step("xor_one_node")
    trace = step.trace

    agree(trace.a[2], (0.1125420077, 0.8801354804, 0.9142401214, 0.1037718651), 10)
    agree(trace.delta[2], (0.0112402798, -0.0126453492, -0.0067240137, 0.0096511223), 10)
    agree(trace.delta[1], (0.0052063321, -0.0000506106, -0.0088626175, 0.0048319757), 10)
    agree(trace.mean_loss, 0.0056445704, 10)
    names = {(link.source, link.target): k for k, link in enumerate(trace.plan.links)}
    agree(weights(step, trace.gradient, names[0, 1]), (-0.00100766, 0.00119534), 8)
    agree(biases(step, trace.gradient, 1), 0.00028127, 8)
    agree(weights(step, trace.gradient, names[1, 2]), -0.00121453, 8)
    agree(weights(step, trace.gradient, names[0, 2]), (0.00073178, -0.00074856), 8)
    agree(biases(step, trace.gradient, 2), 0.00038051, 8)


def test_cross_entropy_and_the_factor_more_of_the_squared_error() -> None:
    step = first_step("cross_entropy_case")
    trace = step.trace

    agree(trace.a[2], 0.6472915700, 10)
    agree(trace.mean_loss, 0.4349584369, 10)
    agree(trace.delta[2], -0.3527084300, 10)
    agree(weights(step, trace.gradient, 1), (-0.1851645850, -0.2026107182), 10)
    agree(trace.delta[1], (-0.0439785158, -0.0517335044), 10)
    assert weights(step, trace.gradient, 0)[:, 1].tolist() == [0, 0]
    project = bpviz.example("cross_entropy_case")
    squared = Session(replace(project, training=replace(project.training, loss="half_squared"))).peek().trace
    agree(squared.slope[2], 0.2283, 4)
    np.testing.assert_allclose(squared.delta[2], trace.delta[2] * squared.slope[2], rtol=1e-14)


def test_the_worked_step_with_the_terms_its_article_prints() -> None:
    step = first_step("mazur")
    trace = step.trace

    errors = 0.5 * (trace.a[2] - trace.y) ** 2
    agree(errors, (0.274811083, 0.023560026), 9)
    agree((trace.a[2] - trace.y)[0, 0], 0.741365070, 8)  # printed with eight digits and a zero
    agree(trace.slope[2][0, 0], 0.186815602, 9)
    agree(trace.a[1][0, 0], 0.593269992, 9)
    agree(weights(step, trace.gradient, 1)[0, 0], 0.082167041, 9)
    terms = trace.delta[2][0] * weights(step, trace.parameters, 1)[:, 0]
    agree(terms, (0.055399425, -0.019049119), 9)
    agree(terms.sum(), 0.036350306, 9)
    agree(trace.slope[1][0, 0], 0.241300709, 9)
    agree(weights(step, trace.gradient, 0)[0, 0], 0.000438568, 9)


@pytest.mark.parametrize("name", WORKED)
def test_the_kernel_makes_the_same_first_step(name: str) -> None:
    run = bpviz.session(bpviz.example(name), engine="kernel")
    told = first_step(name)

    run.advance(1)

    np.testing.assert_allclose(run.parameters, told.after.parameters, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", OWN)
def test_the_same_data_read_from_a_file_change_nothing(tmp_path: Path, name: str) -> None:
    project = bpviz.example(name)
    table = project.data.table
    assert table is not None
    with (tmp_path / "own.csv").open("w", newline="") as file:
        csv.writer(file).writerows([table.columns, *table.rows])

    data = bpviz.table(tmp_path / "own.csv", ",".join(project.data.targets), classes=project.data.classes)
    fitted = bpviz.with_data(project, data)

    assert replace(data, table=table) == project.data
    assert (fitted.network, fitted.training, fitted.start) == (
        project.network,
        project.training,
        project.start,
    )


def test_shares_that_sum_to_1_are_learned_by_softmax_on_either_path() -> None:
    project = bpviz.example("relu_softmax")
    rows = (("16", "-6", "0.1", "0.2", "0.7"), ("1", "2", "0.5", "0", "0.5"))
    data = replace(
        project.data,
        table=Table("shares", ("x1", "x2", "a", "b", "c"), rows),
        targets=("a", "b", "c"),
        classes=(),
    )
    ends = []
    for engine in ("reference", "kernel"):
        run = bpviz.session(replace(project, data=data), engine=engine)
        run.advance(5)
        ends.append(run.parameters)
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-12)
    assert bpviz.check_gradients(replace(project, data=data)).passed
