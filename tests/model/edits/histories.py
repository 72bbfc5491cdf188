"""Any sequence of edits, undos and redos on a project, as a hand makes it on a canvas: a state machine.

`tests.model.edits.test_histories` makes some of them, the long regime `tests.long.edits` many.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bpviz.errors import BpvizError
from bpviz.files.clip import copied, pasted
from bpviz.model import edits
from bpviz.model.checks import check_project
from bpviz.model.choosing import QUERIES, Selection
from bpviz.model.edits.starts import existing
from bpviz.model.layout import NODE_RADIUS, arrange, collapsed, node_position
from bpviz.model.naming import counting_from, first_free_number
from bpviz.model.spec import Address, BiasAddress, Network, Project
from bpviz.model.templates import TEMPLATES, from_template
from tests.model.drawings import MOVES, Move, made
from tests.model.projects import circle_project

_NUMBERS = st.integers(0, 200)


def nearest(network: Network) -> float:
    """The smallest distance between two nodes; without any, infinity."""
    places = [node_position(layer, node) for layer in network.layers for node in layer.nodes]
    if len(places) < 2 or any(map(collapsed, network.layers)):
        return float("inf")
    spots = np.array(places)
    gaps = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    np.fill_diagonal(gaps, np.inf)
    return float(gaps.min())


@dataclass(frozen=True)
class _Step:
    """A project of the history, and an independent copy of it."""

    project: Project
    copy: Project

    @classmethod
    def of(cls, project: Project) -> _Step:
        return cls(project, deepcopy(project))


class Histories(RuleBasedStateMachine):
    """A project with its past and its future.

    Attributes:
        largest: Nodes; what would make more is not done, so that the machine stays quick.
    """

    largest = 48

    def __init__(self) -> None:
        super().__init__()
        self.past: list[_Step] = [_Step.of(circle_project())]
        self.future: list[_Step] = []
        self.new_id = counting_from(first_free_number(self.present.network))
        self.selection = Selection()
        self.clipboard = ""

    @property
    def present(self) -> Project:
        return self.past[-1].project

    @initialize(name=st.none() | st.sampled_from(list(TEMPLATES)))
    def begin(self, name: str | None) -> None:
        if name is not None:
            self.past = [_Step.of(from_template(self.present, name, self.new_id))]

    @rule(move=MOVES)
    def edit(self, move: Move) -> None:
        self._apply(edits.on_network(lambda network: made(network, move, self.new_id)))

    @rule(a=_NUMBERS, value=st.floats(-5, 5))
    def set_start(self, a: int, value: float) -> None:
        nodes = [node.id for layer in self.present.network.layers for node in layer.nodes]
        self._apply(lambda project: edits.set_start(project, BiasAddress(nodes[a % len(nodes)]), value))

    @rule(name=st.sampled_from(list(QUERIES)), a=_NUMBERS)
    def select(self, name: str, a: int) -> None:
        nodes = [node.id for layer in self.present.network.layers for node in layer.nodes]
        chosen = Selection(nodes=frozenset({nodes[a % len(nodes)]}))
        self.selection = QUERIES[name].answer(self.present.network, chosen)

    @precondition(lambda self: self.selection)
    @rule()
    def copy(self) -> None:
        try:
            self.clipboard = copied(self.present.network, self.selection, self._value)
        except BpvizError as refusal:
            self._hear(refusal)

    @precondition(lambda self: self.clipboard)
    @rule(at=st.none() | st.tuples(st.floats(-500, 500), st.floats(-500, 500)))
    def paste(self, at: tuple[float, float] | None) -> None:
        self._apply(lambda project: pasted(project, self.clipboard, at, self.new_id).project)

    @precondition(lambda self: len(self.past) > 1)
    @rule()
    def undo(self) -> None:
        self.future.append(self.past.pop())

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        self.past.append(self.future.pop())

    @invariant()
    def what_is_drawn_can_be_saved_and_arranged(self) -> None:
        project = self.present
        check_project(project)
        addresses = [address for address, _ in project.start.values]
        assert existing(project.network, addresses) == set(addresses), "a start value of nothing"
        assert nearest(arrange(project.network)) >= 2 * NODE_RADIUS, "arranged, nodes overlap"

    @invariant()
    def what_was_drawn_is_as_it_was(self) -> None:
        for step in (self.past[-1], *self.future[-1:]):
            assert step.project == step.copy, "an edit changed what it was given"

    def teardown(self) -> None:
        """Undo everything, and do it again."""
        done = [*self.past, *reversed(self.future)]
        _check(done)
        while len(self.past) > 1:
            self.undo()
        assert self.past == done[:1], "undo of everything is not the start"
        while self.future:
            self.redo()
        assert self.past == done, "redo of everything is not the end"

    def _apply(self, edit: Callable[[Project], Project]) -> None:
        before = self.present
        try:
            after = edit(before)
        except BpvizError as refusal:
            self._hear(refusal)
            return
        if after != before and sum(layer.size for layer in after.network.layers) <= self.largest:
            self.past.append(_Step.of(after))
            self.future.clear()

    def _hear(self, refusal: BpvizError) -> None:
        assert str(refusal).endswith((".", "?")), f"no sentence: {refusal}"
        assert self.past[-1].project == self.past[-1].copy, "a refused edit left a trace"

    def _value(self, address: Address) -> float | None:
        return dict(self.present.start.values).get(address)


def _check(steps: Sequence[_Step]) -> None:
    assert all(step.project == step.copy for step in steps), "an edit changed a project of the past"


def run_histories(machine: type[Histories], examples: int, steps: int, shard: int = 0) -> None:
    """Make histories; each shard makes others, always the same."""
    counts = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),  # slow only where much else runs
    )
    run_state_machine_as_test(seed(shard)(type("Drawn", (machine,), {})), settings=counts)
