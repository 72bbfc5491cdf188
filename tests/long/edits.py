"""Edits, undo and redo in any order, on a project and on a run that follows it: 5,000 times 100.

A walk does what the window does: it keeps every project it has been through, lets a run follow whatever can
be played, begins anew where a run can't follow, and trains in between on either path.  After every move it
looks at all that must hold.  The same number makes the same walk, so that a failure can be seen again, and
cut short: ``python -c "from tests.long.edits import walk; walk(1234, moves=17)"``.

Beside them go 1,000 histories of 50 edits of a drawing, without a run, see `tests.model.edits.histories`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final, TypeAlias

import numpy as np

from bpviz.data.datasets import facts
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.initializers import INITIALIZERS
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.schedules import SCHEDULES
from bpviz.errors import BpvizError
from bpviz.files.clip import copied, pasted
from bpviz.files.project import Saved, open_project, save_project
from bpviz.model import edits
from bpviz.model.checks import check_project
from bpviz.model.choosing import Selection
from bpviz.model.examples import EXAMPLES
from bpviz.model.naming import NewId, counting_from, first_free_number
from bpviz.model.problems import problems
from bpviz.model.spec import Address, BiasAddress, Project, Stop, WeightAddress
from bpviz.model.templates import TEMPLATES, from_template
from bpviz.training.paths import RUNNERS
from bpviz.training.session import Session
from tests.long.regime import Regime
from tests.model.drawings import KINDS, performed
from tests.model.edits.histories import Histories, run_histories
from tests.training.projects import circle, equal, iris, sine

WALKS: Final = 5_000
MOVES: Final = 100
HISTORIES: Final = 1_000
STEPS: Final = 50
SHARDS: Final = 100
LARGEST: Final = 60
"""Nodes; beyond, only what does not add any is done, so that walks stay quick."""

Chance: TypeAlias = random.Random
Edit: TypeAlias = Callable[[Chance, Project, NewId], Project]
_STARTS: Final[tuple[Callable[[], Project], ...]] = (
    circle,
    iris,
    sine,
    EXAMPLES["linear_neuron"].build,
    EXAMPLES["mazur"].build,
    partial(circle, 8, 5, optimizer="adam", batch_size=7, last_batch="carry over"),
    partial(circle, 24, 20, precision="float32", penalty="l2", penalty_rate=0.1),
)
_SOURCES: Final = ("circle", "xor", "gauss", "plane", "moons", "sine", "iris", "xor_points", "linear_case")


def _draw(chance: Chance, project: Project, new_id: NewId) -> Project:
    kind = chance.choice(KINDS)
    numbers = [chance.randrange(200) for _ in range(3)]
    network = performed(project.network, (kind, *numbers), new_id)  # type: ignore[arg-type]
    size = sum(layer.size for layer in network.layers)
    return project if size > LARGEST else edits.on_network(lambda _: network)(project)


def _add_input(chance: Chance, project: Project, new_id: NewId) -> Project:
    layer = project.network.input
    column = chance.choice(facts(project.data).columns)
    if layer is None or layer.size > 9:
        return project
    feature = chance.choice((column, f"{column}^2", f"sin({column})"))
    return edits.on_network(partial(edits.add_node, layer_id=layer.id, node_id=new_id("n"), feature=feature))(
        project
    )


def _rename(chance: Chance, project: Project, _new_id: NewId) -> Project:
    layer = chance.choice(project.network.layers)
    name = chance.choice(("Alpha", "Hidden 1", "Hidden 2", "ü→<b>"))
    return edits.on_network(partial(edits.rename, item_id=layer.id, name=name))(project)


def _move(chance: Chance, project: Project, _new_id: NewId) -> Project:
    layer = chance.choice(project.network.layers)
    return edits.on_network(partial(edits.move_layer, layer_id=layer.id, x=chance.uniform(-900, 900)))(
        project
    )


def _activate(chance: Chance, project: Project, _new_id: NewId) -> Project:
    layer = chance.choice(project.network.layers[1:] or project.network.layers)
    name = chance.choice(list(ACTIVATIONS))
    return edits.on_network(partial(edits.set_activation, layer_id=layer.id, activation=name))(project)


def _start_value(chance: Chance, project: Project, _new_id: NewId) -> Project:
    address = _some_address(chance, project)
    return edits.set_start(project, address, chance.choice((None, 0.0, 0.5, -2.0)))


def _some_address(chance: Chance, project: Project) -> Address:
    nodes = [node.id for layer in project.network.layers for node in layer.nodes]
    if chance.random() < 0.4:
        return BiasAddress(chance.choice(nodes))
    return WeightAddress(chance.choice(nodes), chance.choice(nodes))


_TRAINING: Final[dict[str, Callable[[Chance], Any]]] = {
    "seed": lambda chance: chance.randrange(5),
    "loss": lambda chance: chance.choice(list(LOSSES)),
    "optimizer": lambda chance: chance.choice(list(OPTIMIZERS)),
    "learning_rate": lambda chance: 10 ** chance.uniform(-4, 1.5),
    "schedule": lambda chance: chance.choice(list(SCHEDULES)),
    "warmup": lambda chance: chance.choice((0, 0.1, 2)),
    "batch_size": lambda chance: chance.choice((None, 1, 3, 10, 30)),
    "shuffle": lambda chance: chance.choice(("each epoch", "never")),
    "last_batch": lambda chance: chance.choice(("keep", "carry over")),
    "penalty": lambda chance: chance.choice(list(PENALTIES)),
    "penalty_rate": lambda chance: chance.choice((0, 0.01, 1)),
    "clip_norm": lambda chance: chance.choice((None, 1, 0.01)),
    "initializer": lambda chance: chance.choice(list(INITIALIZERS)),
    "precision": lambda chance: chance.choice(("float64", "float32")),
    "stop": lambda chance: chance.choice(
        (Stop(), Stop(epochs=3), Stop(target_loss=0.2), Stop(patience=2), Stop(gradient_norm=1e-3))
    ),
}
_DATA: Final[dict[str, Callable[[Chance], Any]]] = {
    "samples": lambda chance: chance.choice((10, 40, 61)),
    "noise": lambda chance: chance.choice((0, 0.1, 0.5)),
    "train_share": lambda chance: chance.choice((0.3, 0.5, 0.8, 1)),
    "scaling": lambda chance: chance.choice(("none", "standardize", "min-max")),
    "target_scaling": lambda chance: chance.choice(("none", "standardize")),
}


def _train_otherwise(chance: Chance, project: Project, _new_id: NewId) -> Project:
    name = chance.choice(list(_TRAINING))
    return edits.set_training(project, **{name: _TRAINING[name](chance)})


def _other_data(chance: Chance, project: Project, new_id: NewId) -> Project:
    return edits.set_data(project, new_id, source=chance.choice(_SOURCES), samples=40)


def _same_data_otherwise(chance: Chance, project: Project, new_id: NewId) -> Project:
    name = chance.choice(list(_DATA))
    return edits.set_data(project, new_id, **{name: _DATA[name](chance)})


def _paste(chance: Chance, project: Project, new_id: NewId) -> Project:
    """Copy some nodes and paste them, with the start values that stand for their weights."""
    nodes = [node.id for layer in project.network.layers for node in layer.nodes]
    chosen = Selection(nodes=frozenset(chance.choices(nodes, k=4)))
    text = copied(project.network, chosen, dict(project.start.values).get)
    at = chance.choice((None, (chance.uniform(-500, 500), chance.uniform(-500, 500))))
    after = pasted(project, text, at, new_id).project
    return project if sum(layer.size for layer in after.network.layers) > LARGEST else after


def _from_template(chance: Chance, project: Project, new_id: NewId) -> Project:
    return from_template(project, chance.choice(list(TEMPLATES)), new_id)


_EDITS: Final[dict[Edit, int]] = {
    _draw: 10,
    _train_otherwise: 8,
    _add_input: 1,
    _rename: 1,
    _move: 1,
    _activate: 2,
    _start_value: 1,
    _paste: 2,
    _from_template: 1,
    _other_data: 1,
    _same_data_otherwise: 1,
    lambda _chance, project, _new_id: edits.arrange_network(project): 1,
    lambda _chance, project, _new_id: edits.clear_start(project): 1,
}
"""What a hand does, and how often."""


class Walk:
    """One walk.

    Attributes:
        past: Every project up to the present one, as an undo stack has them.
        future: Those that were undone, the nearest last.
        moves: Made so far.
        run: Of the last project that could be played.
        counts: What was done how often.
    """

    def __init__(self, number: int, folder: Path) -> None:
        self.chance = random.Random(number)
        self.past, self.future = [self.chance.choice(_STARTS)()], list[Project]()
        self._first = self.past[0]
        self._new_id = counting_from(first_free_number(self._first.network))
        self._folder = folder
        self.run = Session(self._first, path=self.chance.choice(list(RUNNERS)))
        self.moves = 0
        self.counts = dict.fromkeys(("edits", "refused", "undone", "steps", "runs", "stopped"), 0)

    @property
    def present(self) -> Project:
        """The project as it is drawn now."""
        return self.past[-1]

    def move(self) -> None:
        """Do one thing, of which more than half are edits; one that can't be played is mostly undone."""
        self.moves += 1
        stuck = bool(problems(self.present))
        if self.chance.random() < (0.5 if stuck else 0.15):
            self._undo()
        else:
            moves = (self._edit, self._redo, self._advance, self._set_value, self._reopen, self._hand_over)
            self.chance.choices(moves, (60, 10, 20, 4, 4, 2))[0]()
        self._look()

    def end(self) -> None:
        """Undo everything, and do it again."""
        done = list(self.past)
        while len(self.past) > 1:
            self._undo()
            self._look()
        assert self.present == self._first, "undo of everything is not the start"
        for _ in done[1:]:
            self._redo()
        assert self.past == done, "redo of everything is not the end"
        self._look()

    def _edit(self) -> None:
        edit = self.chance.choices(list(_EDITS), list(_EDITS.values()))[0]
        try:
            after = edit(self.chance, self.present, self._new_id)
        except BpvizError as refusal:
            self._hear(refusal)
            return
        if after == self.present:
            return
        self.counts["edits"] += 1
        before = self.run.parameters.copy(), self.run.state().slots, self.run
        self.past.append(after)
        self.future.clear()
        self._follow()
        if self.run is before[2] and self.chance.random() < 0.3:
            self._undo_at_once(*before[:2])

    def _hear(self, refusal: BpvizError) -> None:
        assert str(refusal).endswith((".", "?")), f"no sentence: {refusal}"
        self.counts["refused"] += 1

    def _undo_at_once(self, parameters: Any, slots: Any) -> None:
        """An edit and its undo leave every weight as it was, and what an optimizer remembers that stays."""
        run, before, after = self.run, self.past[-2], self.past[-1]
        self._undo()
        if self.run is not run or problems(before):  # a run does not follow to what can't be played
            return
        assert np.array_equal(self.run.parameters, parameters), "undo did not bring the weights back"
        kinds = [(project.training.optimizer, project.training.penalty) for project in (before, after)]
        if kinds[0] == kinds[1]:
            assert np.array_equal(self.run.state().slots, slots), "undo did not bring the memory back"

    def _undo(self) -> None:
        if len(self.past) > 1:
            self.future.append(self.past.pop())
            self.counts["undone"] += 1
            self._follow()

    def _redo(self) -> None:
        if self.future:
            self.past.append(self.future.pop())
            self._follow()

    def _follow(self) -> None:
        """Let the run follow, or begin anew, as the window's controller does."""
        found = problems(self.present)
        if found:
            held = self.run.project
            try:
                assert not self.run.follow(self.present), f"it follows although: {found[0].sentence}"
            except BpvizError:
                assert self.run.project is held
            return
        if not self.run.follow(self.present):
            self.run = Session(self.present, path=self.run.path)
            self.counts["runs"] += 1

    def _advance(self) -> None:
        steps = self.chance.randrange(1, 40)
        if self.run.stopped is not None and self.chance.random() < 0.5:
            self.run.go_on()
        made = self.run.advance(steps)
        self.counts["steps"] += made
        assert made == steps or self.run.stopped, "it stands still without a reason"
        if self.run.stopped is not None:
            assert self.run.stopped.endswith((".", "?"))
            self.counts["stopped"] += 1

    def _set_value(self) -> None:
        address = _some_address(self.chance, self.run.project)
        value = self.chance.choice((0.0, 1.5, -7.5))
        try:
            self.run.set_value(address, value)
        except BpvizError:
            assert address not in self.run.compiled
        else:
            assert self.run.value(address) == value

    def _hand_over(self) -> None:
        self.run.hand_over(self.chance.choice(list(RUNNERS)))

    def _reopen(self) -> None:
        """Save the run, open it again, and let both make the same steps."""
        state = self.run.state()
        again = Session(self.run.project, state=state, path=self.run.path)
        assert equal(again.state(), state), "a state is not what it was made of"
        path = self._folder / "walk.bpviz"
        save_project(path, Saved(self.run.project, state, 10**6))
        saved = open_project(path)
        assert saved.project == self.run.project, "a file is not what was saved"
        assert saved.state is not None
        assert equal(saved.state, state), "a file is not the run that was saved"
        for run in (again, self.run):
            run.advance(3)
        assert equal(again.state(), self.run.state()), "a saved run goes on otherwise"

    def _look(self) -> None:
        """Everything that holds at any time."""
        run, project = self.run, self.present
        check_project(project)
        if not problems(project):
            assert run.project == project, "the run follows another project"
        assert run.compiled.network == run.project.network, "the run computes another network"
        size = run.compiled.plan.size
        state = run.state()
        assert state.parameters.shape == state.start.shape == (size,)
        assert state.slots.shape == (run.rule.slots, size)
        assert run.rule.optimizer == run.project.training.optimizer
        assert run.parameters.dtype == run.project.training.precision
        absent = ~run.compiled.plan.present
        assert not run.parameters[absent].any(), "a removed connection has a weight"
        for numbers in (state.parameters, state.start, state.slots):
            assert np.isfinite(numbers).all(), "numbers are not finite"
        for accuracy in (run.metrics.train_accuracy, run.metrics.test_accuracy):
            assert accuracy is None or 0 <= accuracy <= 1


def walk(number: int, moves: int = MOVES, folder: Path | None = None) -> dict[str, int]:
    """Make one walk.

    Raises:
        AssertionError: If something does not hold; it says at which move.
    """
    with TemporaryDirectory() as own:
        made = Walk(number, folder or Path(own))
        try:
            for _ in range(moves):
                made.move()
            made.end()
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            raise AssertionError(f"walk({number}, moves={made.moves}) of tests.long.edits: {said}") from error
        return made.counts


def run_shard(shard: int, folder: Path) -> dict[str, float]:
    """Make a share of the walks, and of the histories without a run."""
    began, totals = perf_counter(), dict[str, float]()
    numbers = range(shard, WALKS, SHARDS)
    for number in numbers:
        for name, count in walk(number, folder=folder).items():
            totals[name] = totals.get(name, 0) + count
    run_histories(Histories, HISTORIES // SHARDS, STEPS, shard)
    return {
        "walks": len(numbers),
        "histories": HISTORIES // SHARDS,
        **totals,
        "seconds": round(perf_counter() - began, 1),
    }


REGIME = Regime(
    name="edits",
    about=f"{WALKS:,} walks of {MOVES} edits, undos and steps on a project and the run that follows it, "
    f"and {HISTORIES:,} histories of {STEPS} edits of a drawing",
    shards=SHARDS,
    run=run_shard,
)
