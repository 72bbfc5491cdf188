"""Three ways to one gradient: they agree, and cost what is counted by hand and by a machine that counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings

from bpviz.arrays import Array
from bpviz.engine.backprop import backprop
from bpviz.engine.forward_mode import (
    METHODS,
    Shape,
    difference_gradient,
    forward_gradient,
    multiplications,
)
from bpviz.engine.gradcheck import TOLERANCE, check
from bpviz.engine.losses import LOSSES
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule
from bpviz.errors import CancelledError
from tests.engine.networks import cases, make_plan, random_batch, random_parameters

Case = tuple[Plan, str, Array, Array, Array]
Matrix = list[list[float]]


def _close(theirs: Array, ours: Array, within: float) -> bool:
    return bool(np.linalg.norm(theirs - ours) <= within * np.linalg.norm(ours))


@settings(max_examples=100)
@given(case=cases())
def test_multiplying_forward_gives_the_gradient_of_backprop(case: Case) -> None:
    assert _close(forward_gradient(*case), backprop(*case).gradient, 1e-12)


@given(case=cases())
def test_differences_give_the_gradient_of_backprop_where_no_kink_is_near(case: Case) -> None:
    plan, loss, parameters, x, y = case
    found = check(plan, Rule(loss=loss), parameters, x, y)
    if not found.kinks and not any(found.unresolved):
        assert _close(difference_gradient(*case), backprop(*case).gradient, 10 * TOLERANCE)


def test_counts_are_those_worked_out_by_hand_for_a_chain() -> None:
    """Counted on paper for 2-3-3-1, all pairs, half squared error: 6 + 9 + 3 = 18 pairs.

    Backprop: 18 forward; 1 at the output (a - y times slope); back 3 pairs and 3 slopes to the second hidden
    layer, 9 and 3 to the first; 18 products delta times activation: 18 + 1 + 6 + 12 + 18 = 55.
    Forward: from the first hidden layer 9 pairs times slopes, 3 x 3 slopes of the second, 3 pairs times three
    columns, and 3 with the output's delta: 9 + 9 + 9 + 3 = 30; from the second 3 and 3 = 6; with the passes
    18 + 1 + 30 + 6 + 18 = 73.
    Differences: 18 + 7 parameters, two passes each: 25 x 2 x 18 = 900.
    """
    plan = make_plan([2, 3, 3, 1], ["tanh", "tanh", "tanh"])
    assert [multiplications(Shape.of(plan, "half_squared"), method) for method in METHODS] == [55, 73, 900]


def test_counts_are_those_worked_out_by_hand_with_a_skip_and_a_removed_pair() -> None:
    """Counted on paper for 2-2-1 with input -> output, one of the 4 first pairs removed, cross-entropy.

    Pairs: 3 + 2 (hidden to output) + 2 (skip) = 7.  Backprop: 7; nothing at the output (a - y); back 2 pairs
    and 2 slopes; 7 at the end: 18.  Forward: 7; from the hidden layer 2 pairs times slopes and 2 with the
    output's delta; 7: 18.  Differences: 7 + 3 parameters, 10 x 2 x 7 = 140.
    """
    mask = np.array([[True, False], [True, True]])
    plan = make_plan([2, 2, 1], ["tanh", "sigmoid"], {(0, 1): mask, (1, 2): None, (0, 2): None})
    shape = Shape.of(plan, "binary_cross_entropy")
    assert [multiplications(shape, method) for method in METHODS] == [18, 18, 140]


@dataclass
class _Counter:
    """Multiplies numbers, and counts."""

    count: int = 0

    def times(self, first: float, second: float) -> float:
        self.count += 1
        return first * second


def _by_loops(case: Case, method: str) -> tuple[Array, int]:
    """Compute the gradient for one example node by node, pair by pair, every product by a counter."""
    plan, loss, parameters, x, y = case
    counter, present = _Counter(), [link.present for link in plan.links]
    trace = backprop(plan, loss, parameters, x, y)
    links = [(k, link.source, link.target) for k, link in enumerate(plan.links)]
    weights = [plan.weights(parameters, k) for k in range(len(links))]
    z = [[0.0] * plan.layers[0].size, *(plan.biases(parameters, at).tolist() for at in _behind_input(plan))]
    for k, source, target in links:  # the pass forward; activations are looked up
        for j, i in zip(*np.nonzero(present[k]), strict=True):
            z[target][j] += counter.times(weights[k][j, i], trace.a[source][0, i])
    for at in _behind_input(plan):
        np.testing.assert_allclose(z[at], trace.z[at][0], rtol=1e-12, atol=1e-12)
    delta: list[list[float]] = [[0.0] * layer.size for layer in plan.layers]
    ones = np.ones_like(trace.slope[-1])
    by_a = LOSSES[loss].output_delta(trace.z[-1], trace.a[-1], y, ones)[0]
    slope = [values[0].tolist() if values.size else [] for values in trace.slope]
    for j, arrived in enumerate(by_a.tolist()):
        delta[-1][j] = arrived if LOSSES[loss].fused else counter.times(arrived, slope[-1][j])
    passes: dict[str, Callable[[], None]] = {
        "backprop": lambda: _back(plan, weights, slope, delta, counter),
        "forward": lambda: _ahead(plan, weights, slope, delta, counter),
    }
    passes[method]()
    gradient = np.zeros(plan.size)
    for k, source, target in links:
        matrix = plan.weights(gradient, k)
        for j, i in zip(*np.nonzero(present[k]), strict=True):
            matrix[j, i] = counter.times(delta[target][j], trace.a[source][0, i])
    for at in _behind_input(plan):
        gradient[plan.bias_slices[at]] = delta[at]
    return gradient, counter.count


def _behind_input(plan: Plan) -> range:
    return range(1, len(plan.layers))


def _back(plan: Plan, weights: list[Array], slope: Matrix, delta: Matrix, counter: _Counter) -> None:
    for at in range(len(plan.layers) - 2, 0, -1):
        for k in plan.outgoing[at]:
            for j, i in zip(*np.nonzero(plan.links[k].present), strict=True):
                delta[at][i] += counter.times(delta[plan.links[k].target][j], weights[k][j, i])
        delta[at] = [counter.times(own, s) for own, s in zip(delta[at], slope[at], strict=True)]


def _ahead(plan: Plan, weights: list[Array], slope: Matrix, delta: Matrix, counter: _Counter) -> None:
    last = len(plan.layers) - 1
    for start in range(1, last):
        width = range(plan.layers[start].size)
        changes: dict[int, Matrix] = {}
        for at in range(start + 1, last + 1):
            met = [k for k in plan.incoming[at] if plan.links[k].source in (start, *changes)]
            if not met:
                continue
            change = [[0.0 for _ in width] for _ in range(plan.layers[at].size)]
            for k in met:
                source = plan.links[k].source
                for j, i in zip(*np.nonzero(plan.links[k].present), strict=True):
                    if source == start:
                        change[j][i] += counter.times(weights[k][j, i], slope[start][i])
                    else:
                        for n in width:
                            change[j][n] += counter.times(weights[k][j, i], changes[source][i][n])
            factors = delta[last] if at == last else slope[at]
            changes[at] = [
                [counter.times(one, factor) for one in row]
                for row, factor in zip(change, factors, strict=True)
            ]
        ends = changes.get(last, [])
        delta[start] = [sum(row[n] for row in ends) for n in width]


@pytest.mark.parametrize("method", ["backprop", "forward"])
@given(case=cases())
def test_counts_are_those_of_a_machine_that_multiplies_number_by_number(method: str, case: Case) -> None:
    plan, loss, parameters, x, y = case
    case = plan, loss, parameters, x[:1], y[:1]
    gradient, count = _by_loops(case, method)
    assert _close(gradient, backprop(*case).gradient, 1e-12)
    assert count == multiplications(Shape.of(plan, loss), method)  # type: ignore[arg-type]


def test_a_chain_has_the_shape_of_its_plan() -> None:
    plan = make_plan([3, 5, 2, 4], ["relu", "tanh", "softmax"])
    shape = Shape.of(plan, "categorical_cross_entropy")
    assert shape == Shape.chain([3, 5, 2, 4], fused=True)
    assert (shape.pairs, shape.parameters) == (33, plan.size)


def test_only_what_is_chosen_is_moved(rng: np.random.Generator) -> None:
    plan = make_plan([2, 3, 1], ["tanh", "linear"])
    case = plan, "mse", random_parameters(plan, rng), *random_batch(plan, "mse", rng)
    some = difference_gradient(*case, chosen=[1, 7])
    np.testing.assert_array_equal(np.flatnonzero(some), [1, 7])
    np.testing.assert_array_equal(some[[1, 7]], difference_gradient(*case)[[1, 7]])


def test_backprop_grows_with_the_pairs_and_the_others_with_higher_powers() -> None:
    def of(depth: int, width: int) -> list[int]:
        shape = Shape.chain([width] * (depth + 2), fused=False)
        return [multiplications(shape, method) for method in METHODS]

    deep = [more / less for more, less in zip(of(64, 8), of(32, 8), strict=True)]
    wide = [more / less for more, less in zip(of(8, 128), of(8, 64), strict=True)]
    assert deep == pytest.approx([2, 4, 4], rel=0.1)
    assert wide == pytest.approx([4, 8, 16], rel=0.1)


@pytest.mark.parametrize(("compute", "parts"), [(forward_gradient, 2), (difference_gradient, 25)])
def test_progress_is_told_and_may_end_it(
    compute: Callable[..., Array], parts: int, rng: np.random.Generator
) -> None:
    plan = make_plan([2, 3, 3, 1], ["tanh", "tanh", "linear"])
    case = plan, "mse", random_parameters(plan, rng), *random_batch(plan, "mse", rng)
    told: list[tuple[int, int]] = []
    compute(*case, progress=lambda *both: told.append(both))
    assert told == [(at, parts) for at in range(parts)]

    def stop(done: int, of: int) -> None:
        raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        compute(*case, progress=stop)


def test_a_layer_that_leads_nowhere_has_no_gradient_forward_either(rng: np.random.Generator) -> None:
    plan = make_plan([2, 3, 1], ["tanh", "linear"], {(0, 1): None, (0, 2): None})
    case = plan, "mse", random_parameters(plan, rng), *random_batch(plan, "mse", rng)
    gradient = forward_gradient(*case)
    assert not gradient[plan.weight_slices[0]].any()
    assert _close(gradient, backprop(*case).gradient, 1e-15)
