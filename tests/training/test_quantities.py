"""What can be known in a step, and from when on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from bpviz.errors import ModelError
from bpviz.model.edits import on_network, set_frozen
from bpviz.model.examples import EXAMPLES
from bpviz.training import readings
from bpviz.training.passes import Pass
from bpviz.training.phases import phases
from bpviz.training.places import WHOLE, BiasPlace, NodePlace, PairPlace
from bpviz.training.quantities import (
    QUANTITIES,
    Ref,
    has,
    known_from,
    layer_values,
    parameter_values,
    value_of,
)
from bpviz.training.session import Session
from tests.training.explain import worked
from tests.training.explain.passes import passes, places
from tests.training.projects import first_weight, retrained


def test_each_number_is_known_from_its_phase_on() -> None:
    plan = worked.w6().made.plan
    hidden, output = NodePlace(1, 0), NodePlace(2, 0)
    weight = PairPlace(hidden, output)
    expected = {
        Ref("input", NodePlace(0, 0), 0): ("forward", 0),
        Ref("value", weight): ("forward", 0),
        Ref("a", hidden, 0): ("forward", 1),
        Ref("z", output, 0): ("forward", 2),
        Ref("target", output, 0): ("loss", 2),
        Ref("loss", WHOLE, 0): ("loss", 2),
        Ref("gradient", weight): ("backward", 2),
        Ref("delta", hidden, 0): ("backward", 1),
        Ref("dloss_dx", NodePlace(0, 0), 0): ("backward", 1),
        Ref("gradient", BiasPlace(hidden)): ("backward", 1),
        Ref("norm"): ("update", None),
        Ref("new", weight): ("update", None),
    }
    for ref, (kind, layer) in expected.items():
        phase = phases(plan)[known_from(plan, ref)]
        assert (phase.kind, phase.layer) == (kind, layer), ref


def test_a_batch_has_the_mean_of_what_examples_have() -> None:
    made = worked.w6().made
    node = NodePlace(2, 0)
    for key in ("z", "a", "slope", "dloss_da", "delta", "target", "loss_share"):
        single = [value_of(made, Ref(key, node, at)) for at in range(4)]
        assert value_of(made, Ref(key, node)) == pytest.approx(np.mean(single), rel=1e-14)


def test_a_node_is_dead_where_the_slope_is_0_for_all_examples_and_parameters_are_held_by_freezing() -> None:
    project = retrained(EXAMPLES["dead_relu"].build(), batch_size=None)
    address = first_weight(project)
    frozen = on_network(lambda network: set_frozen(network, [address], frozen=True))(project)
    session = Session(frozen)
    made = Pass(session.rule, session.peek())
    shares = [layer_values(made, "flat", layer) for layer in range(1, len(made.plan.layers))]
    for layer, found in enumerate(shares, start=1):
        assert found is not None
        np.testing.assert_allclose(found, (made.trace.slope[layer] == 0).mean(axis=0))
    assert any(1.0 in found for found in shares if found is not None)
    assert QUANTITIES["flat"].telling(made)
    assert not QUANTITIES["flat"].telling(worked.w6().made)
    held = parameter_values(made, "held")
    assert held is not None
    assert np.flatnonzero(held).tolist() == [session.compiled.index(address)]


def test_the_gradient_of_an_input_is_what_its_weights_bring_back() -> None:
    # Mazur's step by hand: .15 * .008771355 + .25 * .009954255, and .20 * .008771355 + .30 * .009954255.
    made = worked.w8().made
    found = [value_of(made, Ref("dloss_dx", NodePlace(0, at), 0)) for at in range(2)]
    assert found == pytest.approx([0.003804267, 0.0047405475], abs=1e-9)
    with pytest.raises(ModelError, match="no derivative of the loss by the input"):
        value_of(made, Ref("dloss_dx", NodePlace(1, 0), 0))


def test_what_a_step_does_not_have_is_refused() -> None:
    made = worked.w7().made
    for ref in (
        Ref("dloss_da", NodePlace(2, 0), 0),  # cross-entropy has no such factor
        Ref("delta", NodePlace(0, 0), 0),
        Ref("delta", NodePlace(1, 0), 1),
        Ref("memory1", BiasPlace(NodePlace(1, 0))),
        Ref("norm", WHOLE, 0),
        Ref("loss", WHOLE),
    ):
        with pytest.raises(ModelError, match="no"):
            value_of(made, ref)


def test_every_quantity_says_what_it_is() -> None:
    for entry in QUANTITIES.values():
        assert entry.label
        assert entry.symbol


@settings(max_examples=40, deadline=None)
@given(made=passes())
def test_many_places_at_once_have_the_numbers_of_each(made: Pass) -> None:
    for key, entry in QUANTITIES.items():
        for example in (None, *range(made.examples)):
            vector = parameter_values(made, key, example)
            layers = [layer_values(made, key, layer, example) for layer in range(len(made.plan.layers))]
            if entry.scope == "parameter":
                assert layers == [None] * len(layers)
            for place in places(made.plan):
                ref = Ref(key, place, example)
                if not has(made, ref):
                    continue
                if isinstance(place, NodePlace):
                    values = layers[place.layer]
                    assert values is not None
                    assert values[place.node] == value_of(made, ref)
                elif (at := made.index(place)) is not None:
                    assert vector is not None
                    assert vector[at] == value_of(made, ref)


@settings(max_examples=25, deadline=None)
@given(made=passes())
def test_gradients_of_single_examples_are_those_of_their_mean(made: Pass) -> None:
    single = np.array([parameter_values(made, "gradient", at) for at in range(made.examples)], dtype=float)
    total = parameter_values(made, "accumulated")
    assert total is not None
    size = np.sum(np.abs(single), axis=0)
    np.testing.assert_array_less(np.abs(total - np.sum(single, axis=0)), 1e-14 * size + 1e-300)
    np.testing.assert_array_less(np.abs(total / made.examples - made.trace.gradient), 1e-14 * size + 1e-300)


def test_wide_batches_are_added_up_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    made = worked.w6().made
    whole = parameter_values(made, "accumulated")
    monkeypatch.setattr(readings, "_MOST_PRODUCTS", 5)
    np.testing.assert_array_equal(parameter_values(made, "accumulated"), whole)
