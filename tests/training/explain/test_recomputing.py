"""Numbers computed anew: what is replaced goes all the way, and nothing else is looked at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from bpviz.engine.backprop import backprop
from bpviz.training.explain import recomputing
from bpviz.training.explain.derivation import explain
from bpviz.training.explain.making import Derivation, leaf
from bpviz.training.explain.recomputing import Formulas, Recomputed, Variant
from bpviz.training.passes import Pass
from bpviz.training.places import BiasPlace, NodePlace
from bpviz.training.quantities import Ref, value_of
from tests.training.explain import worked
from tests.training.explain.passes import every_ref, passes

pytestmark = pytest.mark.thorough

CLOSE = 1e-12


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(passes())
def test_with_the_engines_own_inputs_replaced_by_themselves_all_is_as_it_was(made: Pass) -> None:
    mine = {ref: value_of(made, ref) for ref in every_ref(made) if ref.key == "z"}
    formulas = Formulas(made)
    for ref in every_ref(made):
        found = formulas.of(ref)
        size = explain(made, ref).size
        assert Recomputed(formulas, ref, mine).value == pytest.approx(
            value_of(made, ref), abs=CLOSE * size
        ), found


def test_a_replaced_z_does_to_everything_what_a_bias_that_makes_it_does() -> None:
    w6 = worked.w6()
    trace, node = w6.made.trace, NodePlace(1, 0)
    shifted = trace.parameters.copy()
    shifted[w6.made.index(BiasPlace(node))] += 0.5
    other = backprop(trace.plan, trace.loss, shifted, trace.x, trace.y)
    mine = {Ref("z", node, at): float(trace.z[1][at, 0]) + 0.5 for at in range(4)}
    formulas, out = Formulas(w6.made), NodePlace(2, 0)
    assert Recomputed(formulas, Ref("mean_loss"), mine).value == pytest.approx(other.mean_loss, rel=1e-13)
    for at in range(4):
        for key, values in (("a", other.a), ("slope", other.slope), ("delta", other.delta)):
            for place in (node, out):
                found = Recomputed(formulas, Ref(key, place, at), mine)
                assert found.value == pytest.approx(values[place.layer][at, 0], rel=1e-12)
    bias = Recomputed(formulas, Ref("gradient", BiasPlace(node)), mine).value
    assert bias == pytest.approx(other.gradient[w6.made.index(BiasPlace(node))], rel=1e-12)


def test_what_can_not_have_changed_is_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    w6, opened = worked.w6(), []

    def spy(made: Pass, ref: Ref) -> Derivation:
        opened.append(ref)
        return explain(made, ref)

    monkeypatch.setattr(recomputing, "explain", spy)
    hidden, out = NodePlace(1, 0), NodePlace(2, 0)
    found = Recomputed(Formulas(w6.made), Ref("mean_loss"), {Ref("z", hidden, 2): 0.5})
    assert found.used == [Ref("z", hidden, 2)]
    assert {(ref.key, ref.place, ref.example) for ref in opened if ref.key in ("z", "a")} == {
        ("z", out, 2),
        ("a", hidden, 2),
        ("a", out, 2),
    }


def test_a_twist_that_leads_back_to_the_number_itself_comes_to_an_end() -> None:
    w2 = worked.w2()
    asked = Ref("delta", NodePlace(1, 0), 0)
    loop = Variant(lambda ref, _formula: leaf(w2.made, "delta", NodePlace(1, 0), 0) if ref == asked else None)
    assert np.isfinite(Recomputed(Formulas(w2.made), asked, {}, loop).value)
