"""What derivations come to is PyTorch's gradient: of every weight, bias and input, penalties and all."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings

from bpviz.arrays import Array
from bpviz.engine.penalties import PENALTIES
from bpviz.training.explain.derivation import explain
from bpviz.training.passes import Pass
from bpviz.training.places import nodes_of, place_at
from bpviz.training.quantities import Ref
from tests.engine.torches import torch_loss
from tests.training.explain.passes import passes

CLOSE = 1e-10
ALL_DIGITS = 1e-5
"""From this slope on, 1 - a^2 and a (1 - a) have digits enough for that."""

_VALUES: dict[str, Callable[[Any], Any]] = {
    "none": lambda w: 0 * w,
    "l1": lambda w: w.abs(),
    "l2": lambda w: w * w / 2,
    "playground_l1": lambda w: w.abs(),
    "playground_l2": lambda w: w * w / 2,
}


def _tolerance(made: Pass) -> float:
    """A saturated slope has lost as many digits as it is small, in PyTorch as here."""
    slopes = np.abs(np.concatenate([slope.ravel() for slope in made.trace.slope]))
    smallest = float(slopes[slopes > 0].min(initial=1.0))
    return CLOSE * max(1.0, ALL_DIGITS / smallest)


def _close(ours: Array, theirs: Array, within: float = CLOSE) -> bool:
    return bool(np.linalg.norm(ours - theirs) <= within * np.linalg.norm(theirs))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(made=passes())
def test_derivations_come_to_the_gradient_of_torch_autograd(
    made: Pass, oracle: Callable[[str], ModuleType]
) -> None:
    torch: Any = oracle("torch")
    plan, trace, rule = made.plan, made.trace, made.rule
    theirs = torch.tensor(trace.parameters, requires_grad=True)
    x = torch.tensor(trace.x, requires_grad=True)
    loss = torch_loss(torch, plan, rule.loss, theirs, x, torch.tensor(trace.y))
    (by_loss, by_input) = torch.autograd.grad(loss, (theirs, x))
    scale = rule.penalty_rate / (rule.examples if PENALTIES[rule.penalty].per_example else 1)
    penalty = scale * _VALUES[rule.penalty](theirs[: plan.weight_count]).sum()
    (by_penalty,) = torch.autograd.grad(penalty, theirs)

    present = np.flatnonzero(plan.present).tolist()
    places = [place_at(plan, at) for at in present]

    def computed(key: str) -> Array:
        return np.array([explain(made, Ref(key, place)).computed for place in places])

    within = _tolerance(made)
    whole = by_loss + by_penalty if made.penalty_joins else by_loss
    assert _close(computed("gradient"), by_loss.numpy()[present], within)
    assert _close(computed("penalty_gradient"), by_penalty.numpy()[present])
    assert _close(computed("total"), whole.numpy()[present], within)
    inputs = [
        [explain(made, Ref("dloss_dx", node, at)).computed for node in nodes_of(plan, 0)]
        for at in range(made.examples)
    ]
    assert _close(np.array(inputs), by_input.numpy() * made.examples, within)


def test_every_penalty_has_its_formula_here() -> None:
    assert set(_VALUES) == set(PENALTIES)
