"""References that people write, read and written again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bpviz.errors import SettingError
from bpviz.model.compile import compile_network
from bpviz.model.spec import BiasAddress, WeightAddress
from bpviz.training.explain.naming import address_of, names_of, names_of_plan, place_of, read_refs
from bpviz.training.passes import Pass
from bpviz.training.places import WHOLE, BiasPlace, NodePlace, PairPlace
from bpviz.training.quantities import Ref
from tests.training.explain import worked
from tests.training.explain.passes import every_ref, passes


@settings(max_examples=15, deadline=None)
@given(passes())
def test_what_is_written_is_read_as_the_same_number(made: Pass) -> None:
    names = names_of_plan(made.plan, made.examples)
    for ref in every_ref(made):
        expected = ref
        if made.examples == 1 and isinstance(ref.place, NodePlace):
            expected = Ref(ref.key, ref.place, 0)  # of one example the mean is its own
        if made.examples == 1 and not isinstance(ref.place, NodePlace) and ref.key != "loss":
            expected = Ref(ref.key, ref.place, None)
        assert read_refs(made, names, names.ref(ref)) == [expected]


def test_references_are_readable() -> None:
    w6 = worked.w6()
    h1, o1, x1 = NodePlace(1, 0), NodePlace(2, 0), NodePlace(0, 0)
    examples = {
        "delta:h1@2": Ref("delta", h1, 2),
        " gradient : x1 -> h1": Ref("gradient", PairPlace(x1, h1)),
        "gradient:X1→H1@0": Ref("gradient", PairPlace(x1, h1), 0),
        "bias:o1": Ref("value", BiasPlace(o1)),
        "weight:x1->o1": Ref("value", PairPlace(x1, o1)),
        "new:Hidden 1, node 1": Ref("new", BiasPlace(h1)),
        "mean_loss": Ref("mean_loss", WHOLE),
        "delta:o1": Ref("delta", o1),
    }
    for text, ref in examples.items():
        assert read_refs(w6.made, w6.names, text) == [ref]
    assert len(read_refs(w6.made, w6.names, "loss")) == 4
    assert read_refs(w6.made, w6.names, "bias") == [Ref("value", BiasPlace(h1)), Ref("value", BiasPlace(o1))]
    assert len(read_refs(w6.made, w6.names, "weight")) == 5
    assert read_refs(w6.made, w6.names, "loss@3") == [Ref("loss", WHOLE, 3)]
    assert read_refs(w6.made, w6.names, "delta@3") == [Ref("delta", h1, 3), Ref("delta", o1, 3)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("dleta:h1", "did you mean 'delta'?"),
        ("nonsense:h1", "choose one of"),
        ("delta:hh1", "did you mean 'h1'?"),
        ("delta:zebra", "nodes are called x1, x2, h1, o1"),
        ("gradient:x1->q9", "named 'q9'"),
        ("delta:x1->h1", "belongs to nodes"),
        ("delta:h1@9", "it has 0 to 3"),
        ("delta:x1", "no delta at x1"),
        ("target:h1", "no target at h1"),
        ("new:x1", "no new at x1"),
        ("new:h1@0", "belongs to the whole batch"),
        ("norm:h1", "write norm alone"),
        ("loss:", "Each example has its own"),
        ("delta@7", "it has 0 to 3"),
        ("memory1:h1", "no memory1 at h1"),
        ("", "choose one of"),
    ],
)
def test_what_nobody_can_mean_is_refused_in_one_sentence(text: str, told: str) -> None:
    w6 = worked.w6()
    with pytest.raises(SettingError) as refused:
        read_refs(w6.made, w6.names, text)
    assert told in str(refused.value)
    assert "\n" not in str(refused.value)


def test_nodes_with_names_alike_or_too_long_are_numbered() -> None:
    network = worked.sigmoids(2, 2, 2)
    names = names_of(compile_network(network), ["0"])
    assert names.shorts == (("x1", "x2"), ("h1", "h2"), ("o1", "o2"))
    plan = worked.w1().made.plan
    assert names_of_plan(plan, 1).shorts[1] == ("h1", "h2")


def test_places_are_addresses_of_the_drawing() -> None:
    compiled = compile_network(worked.sigmoids(2, 2, 1))
    pair, bias = PairPlace(NodePlace(0, 1), NodePlace(1, 0)), BiasPlace(NodePlace(2, 0))
    assert isinstance(address_of(compiled, pair), WeightAddress)
    assert isinstance(address_of(compiled, bias), BiasAddress)
    for place in (pair, bias, NodePlace(1, 1), WHOLE):
        assert place_of(compiled, address_of(compiled, place)) == place
