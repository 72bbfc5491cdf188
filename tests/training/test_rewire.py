from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.arrays import Array
from bpviz.engine.update import Rule
from bpviz.errors import ModelError, SettingError
from bpviz.model.compile import Compiled, compile_network
from bpviz.model.edits import add_node, remove_nodes
from bpviz.model.spec import Address
from bpviz.training.rewire import Attic, Numbers, slots_for
from tests.training.projects import EDITS, circle, edited

MEMORY = ("adam", "none")


def numbered(compiled: Compiled, base: float, memory: tuple[str, str] = MEMORY) -> Numbers:
    """Numbers that all differ; 0 where a pair is removed."""
    there = compiled.plan.present
    values: Array = base + np.arange(compiled.plan.size)
    parts = [np.where(there, values + part, 0.0) for part in (0.0, 0.25, 0.5, 0.75)]
    return Numbers(parts[0], parts[1], np.stack(parts[2:]), memory)


@given(st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 50)), max_size=12))
def test_whatever_is_done_and_undone_every_address_keeps_its_numbers(edits: list[tuple[str, int]]) -> None:
    network = circle(3, 2).network
    drawings, compiled = [network], compile_network(network)
    attic, numbers = Attic(), numbered(compiled, 1.0)
    known = {address: of(compiled, numbers, address) for address in compiled.addresses()}
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
        fresh = 1000.0 * turn + np.arange(after.plan.size)
        numbers, compiled = attic.move(compiled, numbers, after, fresh.copy), after
        for address in compiled.addresses():
            drawn = fresh[compiled.index(address)]
            assert of(compiled, numbers, address) == known.get(address, (drawn, drawn, 0.0, 0.0))
        removed = ~compiled.plan.present
        assert not any(
            vector[removed].any() for vector in (numbers.parameters, numbers.start, *numbers.slots)
        )
        # It learns on: what was put away stays as it was then.
        learned = np.where(compiled.plan.present, 100_000.0 * turn + np.arange(compiled.plan.size), 0.0)
        numbers = replace(numbers, parameters=learned, slots=np.stack([learned + 0.5, learned + 0.75]))
        known |= {address: of(compiled, numbers, address) for address in compiled.addresses()}


def test_an_attic_does_not_give_one_optimizers_memory_to_another() -> None:
    before = compile_network(circle(3, 2).network)
    gone = before.node_ids[1][0]
    without = compile_network(remove_nodes(before.network, [gone]))
    attic = Attic()
    kept = attic.move(before, numbered(before, 1.0), without, nobody)
    now = replace(kept, memory=("rmsprop", "none"))
    back = attic.move(without, now, before, nobody)
    at = before.plan.bias_slices[1].start
    assert back.parameters[at] == numbered(before, 1.0).parameters[at]
    assert back.slots[:, at].tolist() == [0.0, 0.0]
    assert back.slots[0, at + 1] == numbered(before, 1.0).slots[0, at + 1]


def test_an_attic_keeps_no_box_that_has_given_back_everything() -> None:
    whole = compile_network(circle(3, 2).network)
    first, second, _ = whole.node_ids[1]
    one_less = compile_network(remove_nodes(whole.network, [first]))
    two_less = compile_network(remove_nodes(one_less.network, [second]))
    attic = Attic()
    numbers = attic.move(whole, numbered(whole, 1.0), one_less, nobody)
    for _ in range(3):
        numbers = attic.move(one_less, numbers, two_less, nobody)
        assert len(attic.boxes) == 2
        numbers = attic.move(two_less, numbers, one_less, nobody)
        assert len(attic.boxes) == 1
    attic.move(one_less, numbers, whole, nobody)
    assert not attic.boxes


def test_new_values_that_can_not_be_drawn_leave_what_was_put_away_where_it_is() -> None:
    whole = compile_network(circle(3, 2).network)
    gone = whole.node_ids[1][0]
    without = compile_network(remove_nodes(whole.network, [gone]))
    grown = compile_network(add_node(whole.network, whole.layer_ids[1], "n1000"))
    attic = Attic()
    numbers = attic.move(whole, numbered(whole, 1.0), without, nobody)
    boxes = attic.boxes

    with pytest.raises(SettingError, match="too large"):
        attic.move(without, numbers, grown, refusing)

    assert attic.boxes == boxes
    back = attic.move(without, numbers, whole, nobody)
    np.testing.assert_array_equal(back.parameters, numbered(whole, 1.0).parameters)


def of(compiled: Compiled, numbers: Numbers, address: Address) -> tuple[float, ...]:
    """All numbers of an address: itself, its start, its memory."""
    at = compiled.index(address)
    return (numbers.parameters[at], numbers.start[at], *numbers.slots[:, at])


def nobody() -> Array:
    raise AssertionError("nothing is new, so nothing need be drawn")


def refusing() -> Array:
    raise SettingError("A start value is too large.")


def test_memory_stays_with_optimizer_and_penalty_each_for_itself() -> None:
    slots = np.arange(6.0).reshape(3, 2)
    before = Rule(optimizer="adam", penalty="playground_l1")
    assert slots_for(before, replace(before, penalty_rate=0.5), slots) is slots
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
    numbers = attic.move(whole, numbered(whole, 1.0), one_less, nobody)
    kept = numbers.parameters[one_less.plan.bias_slices[1].start]
    numbers = attic.move(one_less, numbers, two_less, nobody)
    back = attic.move(two_less, numbers, whole, partial(np.full, whole.plan.size, 300.0))
    at = whole.plan.bias_slices[1].start
    assert back.parameters[at] == 300.0
    assert back.parameters[at + 1] == kept
