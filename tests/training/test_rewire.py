from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bpviz.arrays import Array
from bpviz.engine.update import Rule
from bpviz.errors import ModelError
from bpviz.model.compile import Compiled, compile_network
from bpviz.model.edits import remove_nodes
from bpviz.training.rewire import Attic, Numbers, slots_for
from tests.training.projects import EDITS, circle, edited

MEMORY = ("adam", "none")


def numbered(compiled: Compiled, base: float, memory: tuple[str, str] = MEMORY) -> Numbers:
    """Numbers that all differ; 0 where a pair is removed."""
    values: Array = np.where(compiled.plan.present, base + np.arange(compiled.plan.size), 0.0)
    return Numbers(values, values + 0.25, np.stack([values + 0.5, values + 0.75]), memory)


@given(st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 50)), max_size=12))
def test_whatever_is_done_and_undone_every_address_keeps_its_numbers(edits: list[tuple[str, int]]) -> None:
    network = circle(3, 2).network
    drawings, compiled = [network], compile_network(network)
    attic, numbers = Attic(), numbered(compiled, 1.0)
    known = {address: tuple(numbers.slots[:, compiled.index(address)]) for address in compiled.addresses()}
    for turn, (kind, pick) in enumerate(edits, start=1):
        if kind == "undo":
            wanted = drawings.pop() if len(drawings) > 1 else drawings[0]
        else:
            wanted = edited(drawings[-1], kind, pick)
            drawings.append(wanted)
        try:
            after = compile_network(wanted)
        except ModelError:
            continue  # a run waits until the drawing can run again
        fresh = numbered(after, 1000.0 * turn)
        numbers, compiled = attic.move(compiled, numbers, after, fresh), after
        for address in compiled.addresses():
            at = compiled.index(address)
            expected = known.setdefault(address, tuple(fresh.slots[:, at]))
            assert tuple(numbers.slots[:, at]) == expected
            assert numbers.start[at] - numbers.parameters[at] == 0.25
        assert not numbers.parameters[~compiled.plan.present].any()


def test_an_attic_does_not_give_one_optimizers_memory_to_another() -> None:
    before = compile_network(circle(3, 2).network)
    gone = before.node_ids[1][0]
    without = compile_network(remove_nodes(before.network, [gone]))
    attic = Attic()
    kept = attic.move(before, numbered(before, 1.0), without, numbered(without, 100.0))
    now = replace(kept, memory=("rmsprop", "none"))
    back = attic.move(without, now, before, numbered(before, 200.0, ("rmsprop", "none")))
    at = before.plan.bias_slices[1].start
    assert back.parameters[at] == numbered(before, 1.0).parameters[at]
    assert back.slots[0, at] == numbered(before, 200.0).slots[0, at]


def test_memory_stays_with_optimizer_and_penalty_each_for_itself() -> None:
    slots = np.arange(6.0).reshape(3, 2)
    before = Rule(optimizer="adam", penalty="playground_l1")
    assert np.array_equal(slots_for(before, before, slots), slots)
    other = slots_for(Rule(optimizer="momentum", penalty="playground_l1"), before, slots)
    assert other.tolist() == [[0.0, 0.0], [4.0, 5.0]]
    assert slots_for(Rule(optimizer="adam"), before, slots).tolist() == slots[:2].tolist()
    assert slots_for(Rule(), before, slots).shape == (0, 2)


def test_an_attic_that_is_full_forgets_what_left_first() -> None:
    network = circle(3, 2).network
    whole = compile_network(network)
    first, second, _ = whole.node_ids[1]
    one_less = compile_network(remove_nodes(network, [first]))
    two_less = compile_network(remove_nodes(network, [first, second]))
    attic = Attic(room=whole.plan.size)
    numbers = attic.move(whole, numbered(whole, 1.0), one_less, numbered(one_less, 100.0))
    kept = numbers.parameters[one_less.plan.bias_slices[1].start]
    numbers = attic.move(one_less, numbers, two_less, numbered(two_less, 200.0))
    back = attic.move(two_less, numbers, whole, numbered(whole, 300.0))
    at = whole.plan.bias_slices[1].start
    assert back.parameters[at] == numbered(whole, 300.0).parameters[at]
    assert back.parameters[at + 1] == kept
