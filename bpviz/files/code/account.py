"""What a program has to do to go on with a run: the `Account` that every writer of code reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array, BoolArray
from bpviz.data.prepare import Prepared
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.options import resolve
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.plan import Plan
from bpviz.engine.schedules import SCHEDULES, learning_rate
from bpviz.engine.update import Rule
from bpviz.errors import SettingError
from bpviz.model.compile import compile_network
from bpviz.model.spec import Project, Training
from bpviz.training.batches import Batching
from bpviz.training.beginning import rule_for
from bpviz.training.run_state import Place, RunState
from bpviz.training.session import Session

Moment: TypeAlias = Literal["start", "now"]
"""With which weights a program begins: those of the run's start, or those it has now."""

MOMENTS: Final[tuple[Moment, ...]] = ("start", "now")


@dataclass(frozen=True, slots=True)
class Weights:
    """A matrix of weights.

    Attributes:
        name: In the program, such as ``W2``, or ``W3_1`` for a link from layer 1 to layer 3.
        link: Index in the plan.
        source: Index of the layer it leaves.
        target: Index of the layer it enters.
    """

    name: str
    link: int
    source: int
    target: int


@dataclass(frozen=True, eq=False)
class Account:
    """A run as a program.

    Attributes:
        title: Of the project.
        step: Steps that the run has made where the program begins.
        count: Those among them that the optimizer remembers.
        plan: The network.
        training: Batches, rate and schedule.
        rule: Loss, optimizer, penalty, clipping.
        prepared: The data.
        parameters: (parameters,), float64.
        memory: (slots of the optimizer, parameters) what the optimizer remembers; all 0 at the start.
        dead: (parameters,) True for weights that the Playground's L1 has killed.
        place: In the stream of batches.
        single: The run itself computes in single precision.
    """

    title: str
    step: int
    count: int
    plan: Plan
    training: Training
    rule: Rule
    prepared: Prepared
    parameters: Array
    memory: Array
    dead: BoolArray
    place: Place
    single: bool

    @cached_property
    def weights(self) -> tuple[Weights, ...]:
        """Every matrix, in the order of the plan."""
        return tuple(
            Weights(_matrix_name(link.source, link.target), k, link.source, link.target)
            for k, link in enumerate(self.plan.links)
        )

    @property
    def computed(self) -> range:
        """Indices of the layers that compute: all but the input."""
        return range(1, len(self.plan.layers))

    def into(self, layer: int) -> list[Weights]:
        """The matrices that lead into a layer, the one from the layer before first."""
        return [self.weights[k] for k in reversed(self.plan.incoming[layer])]

    def out_of(self, layer: int) -> list[Weights]:
        """The matrices that lead out of a layer."""
        return [self.weights[k] for k in self.plan.outgoing[layer]]

    def groups(self, layer: int) -> dict[str, list[int]]:
        """The nodes of a layer by activation."""
        found: dict[str, list[int]] = {}
        for node, name in enumerate(self.plan.layers[layer].activations):
            found.setdefault(name, []).append(node)
        return found

    def cut(self, vector: Array) -> dict[str, Array]:
        """Cut a vector over all parameters into matrices and biases by name."""
        parts = {each.name: self.plan.weights(vector, each.link) for each in self.weights}
        return parts | {f"b{layer}": self.plan.biases(vector, layer) for layer in self.computed}

    @property
    def moving(self) -> BoolArray:
        """(parameters,) False for what no step moves: frozen, not connected or dead."""
        moving: BoolArray = self.plan.trainable & ~self.dead
        return moving

    @property
    def still(self) -> dict[str, Array]:
        """By name, 1 where a step moves a parameter and 0 where not; only of those where something rests."""
        cut = self.cut(self.moving.astype(np.float64))
        return {name: part for name, part in cut.items() if not part.all()}

    @property
    def restores(self) -> bool:
        """Whether something that rests has to be put back after the optimizer, which would move it."""
        resting = ~self.moving & self.plan.present
        decays = self.rule.optimizer == "adamw" or self.penalized_after
        return bool((resting & (((self.parameters != 0) & decays) | self.memory.any(axis=0))).any())

    @property
    def examples(self) -> int:
        """M, how many examples it trains on."""
        return len(self.prepared.train_x)

    @cached_property
    def batching(self) -> Batching:
        """How epochs are cut."""
        return Batching.of(self.training, self.examples)

    @property
    def steps_per_epoch(self) -> int:
        """Batches of an epoch."""
        return self.batching.steps(self.examples)

    @property
    def whole(self) -> bool:
        """Whether each step learns from all examples: their order is then no matter."""
        return self.batching.size == self.examples

    @property
    def options(self) -> Mapping[str, float]:
        """Of the optimizer."""
        return resolve(OPTIMIZERS[self.rule.optimizer], self.rule.optimizer_options)

    @property
    def schedule_options(self) -> Mapping[str, float]:
        """Of the schedule."""
        return resolve(SCHEDULES[self.training.schedule], self.training.schedule_options)

    @property
    def steady(self) -> bool:
        """Whether the learning rate stays what it is."""
        return self.training.schedule == "constant" and self.training.warmup == 0

    @property
    def penalized(self) -> bool:
        """Whether large weights cost something."""
        return self.rule.penalty != "none" and self.rule.penalty_rate > 0

    @property
    def penalized_after(self) -> bool:
        """Whether that is a step of its own after the optimizer's, as in the Playground."""
        return self.penalized and PENALTIES[self.rule.penalty].after_step

    @property
    def kills(self) -> bool:
        """Whether the penalty lets weights die on the way."""
        return self.penalized and PENALTIES[self.rule.penalty].kills

    @property
    def sizes(self) -> str:
        """Such as 2-8-8-1."""
        return "-".join(str(layer.size) for layer in self.plan.layers)


def account_of(run: Session, since: Moment = "now") -> Account:
    """Say what a program has to do to go on with a run as it stands; see `account`."""
    return account(run.project, run.prepared, run.moment().state, since)


def account(project: Project, prepared: Prepared, state: RunState, since: Moment = "now") -> Account:
    """Say what a program has to do to go on with a run.

    Args:
        project: Of the run, as it is now.
        prepared: Its data.
        state: Where it stands.
        since: ``start``, with the weights it started from and an empty memory, or ``now``.

    Raises:
        SettingError: If the batches were changed within the present epoch, which no program repeats.
    """
    training, rule = project.training, rule_for(project, len(prepared.train_x))
    own, begun = OPTIMIZERS[rule.optimizer].slots, since == "start"
    batching = Batching.of(training, len(prepared.train_x))
    first = Place(0, 0, batching.size, batching.shuffled, batching.carries_over)
    place = first if begun else state.place
    if Batching(place.size, place.shuffled, place.carries_over) != batching:
        raise SettingError(
            "The batches were changed within this epoch; train to its end before you export the program, "
            "or begin it with the start."
        )
    slots = np.zeros_like(state.slots) if begun else state.slots
    memory = slots[:own].astype(np.float64)
    if rule.optimizer == "rprop" and state.step > state.cleared_at and not begun:
        memory[1] = np.where(memory[1] == 0, _rate(training, place, batching.steps(rule.examples)), memory[1])
    return Account(
        title=project.title,
        step=0 if begun else state.step,
        count=0 if begun else state.step - state.cleared_at,
        plan=compile_network(project.network).plan,
        training=training,
        rule=rule,
        prepared=prepared,
        parameters=(state.start if begun else state.parameters).astype(np.float64),
        memory=memory,
        dead=np.asarray(slots[own:].any(axis=0)),
        place=place,
        single=training.precision == "float32",
    )


def _rate(training: Training, place: Place, steps: int) -> float:
    return learning_rate(
        training.schedule,
        training.schedule_options,
        training.learning_rate,
        training.warmup,
        place.epoch * steps + place.position,
        float(steps),
    )


def _matrix_name(source: int, target: int) -> str:
    return f"W{target}" if source == target - 1 else f"W{target}_{source}"
