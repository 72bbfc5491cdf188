"""Laws of derivations, on networks with all that can be drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpviz.engine.update import Rule, initial_state, step
from bpviz.training.explain import of_whole
from bpviz.training.explain.derivation import explain
from bpviz.training.explain.expressions import Rest, Sum, folded, leaves, parts
from bpviz.training.passes import Pass
from bpviz.training.places import NodePlace
from bpviz.training.quantities import Ref, value_of
from tests.engine.networks import make_plan
from tests.training.explain import worked
from tests.training.explain.passes import every_ref, passes

CLOSE = 1e-14


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(passes())
def test_every_formula_gives_the_engines_own_number_from_numbers_that_are_the_engines_own(made: Pass) -> None:
    for ref in every_ref(made):
        found = explain(made, ref)
        assert found.value == value_of(made, ref)
        assert abs(found.computed - found.value) <= CLOSE * found.size, found
        for leaf in leaves(found.expression):
            assert leaf.ref is None or leaf.value == value_of(made, leaf.ref)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made=passes(), most=st.integers(1, 3))
def test_a_sum_made_short_is_the_long_one_folded(made: Pass, most: int) -> None:
    for ref in every_ref(made):
        short = explain(made, ref, most)
        whole = explain(made, ref)
        assert folded(short.expression, most) == folded(whole.expression, most)
        assert (short.value, short.notes) == (whole.value, whole.notes)


def test_of_a_wide_layer_no_more_terms_are_made_than_are_asked_for() -> None:
    plan = make_plan([784, 3, 1], ["tanh", "linear"])
    parameters = np.linspace(-1, 1, plan.size)
    rule = Rule(loss="half_squared")
    x = np.cos(np.arange(784.0))[None]
    made = Pass(rule, step(plan, rule, initial_state(plan, rule, parameters), x, np.array([[0.5]]), 0.1))
    short = explain(made, Ref("z", NodePlace(1, 2), 0), 12)
    assert isinstance(short.expression, Sum)
    assert len(short.expression.terms) == 13
    assert short.computed == pytest.approx(short.value, rel=1e-12)


def test_of_very_many_parameters_those_that_count_most_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    w3 = worked.w3(4)
    whole = {key: w3.of(key) for key in ("penalty", "norm")}
    monkeypatch.setattr(of_whole, "MOST_TERMS", 3)
    for key, found in whole.items():
        short = w3.of(key)
        assert short.computed == pytest.approx(found.value, rel=1e-15)
        assert len(leaves(short.expression)) < len(leaves(found.expression))
    (terms,) = [part for part in parts(w3.of("penalty").expression) if isinstance(part, Sum)]
    assert isinstance(terms.terms[-1], Rest)
    assert terms.terms[-1].count == 12 - 3
    assert folded(terms, 1).terms[-1].count == 12 - 1  # type: ignore[union-attr]
