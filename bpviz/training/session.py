"""A run: it learns step by step, follows edits, and says at any moment how it stands.

A session has no thread and no clock.  It stands between two steps; whoever owns it calls `advance`.  The same
project gives the same numbers in whatever slices that is done.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import astuple, replace

import numpy as np

from bpviz.arrays import Array, read_only
from bpviz.engine.backprop import forward
from bpviz.engine.threads import use_one_thread
from bpviz.engine.update import Rule, State, StepTrace, initial_state
from bpviz.errors import DivergedError
from bpviz.model.compile import compile_network
from bpviz.model.impact import Impact, impact
from bpviz.model.spec import Address, Project
from bpviz.training import stops
from bpviz.training.batches import Batches, Batching
from bpviz.training.beginning import first_parameters, precision, prepared_data, rule_for
from bpviz.training.evaluate import Evaluator
from bpviz.training.events import appended, retuned_text, rewired_text, value_text
from bpviz.training.history import History
from bpviz.training.paths import make_runner
from bpviz.training.phases import Cursor
from bpviz.training.probes import Plane
from bpviz.training.rewire import Attic, Numbers, slots_for, with_value
from bpviz.training.run_state import Event, EventKind, Figures, RunState, Watch
from bpviz.training.runner import Progress, Setup, coming_step_in_double
from bpviz.training.saving import as_value, put_back
from bpviz.training.snapshot import Path, Snapshot
from bpviz.training.views import Sight, take
from bpviz.training.walk import Move, Walk

__all__ = ["Move", "Session"]


class Session:
    """One run of one project.

    Attributes:
        project: As the run follows it.
        compiled: Its network.
        prepared: Its data, as the network sees them.
        path: Which path computes.
        start: (parameters,) where each parameter started.
        figures: Losses and accuracies as last measured: at the start, ends of epochs, edits and stops.
        events: What was done to the run, in order.

    Args:
        project: What to learn.
        state: A run of this project to go on with, bit for bit; None starts a new one.
        path: Which path computes from here on.

    Raises:
        BpvizError: If the project can't run, or the state is not one of it.
    """

    def __init__(self, project: Project, *, state: RunState | None = None, path: Path = "reference") -> None:
        use_one_thread()
        self.project = self._base = project
        self.compiled = compile_network(project.network)
        self.prepared = prepared_data(project)
        self.path: Path = path
        self.events: tuple[Event, ...] = ()
        self._plane = Plane.of(self.prepared)
        self._attic = Attic()
        self._walk = Walk()
        self._watch = Watch()
        self._rewirings = 0
        dtype = precision(project.training)
        self._x: Array = self.prepared.train_x.astype(dtype)
        self._y: Array = self.prepared.train_y.astype(dtype)
        self._set_up(rule_for(project, len(self._x)))
        first = initial_state(
            self.compiled.plan, self.rule, first_parameters(project, self.compiled, self.prepared)
        )
        self.start = first.parameters
        examples = len(self._x)
        batches = Batches(project.training.seed, examples, Batching.of(project.training, examples))
        self._progress = Progress(first, batches, History(self.compiled))
        if state is None:
            self.figures = self.evaluate()
            self._record_figures()
        else:
            self.restore(state)
            self.path = state.path
            self.hand_over(path)

    # How it stands

    @property
    def step(self) -> int:
        """Steps done."""
        return self._progress.state.step

    @property
    def epoch(self) -> float:
        """Passes over the training part done, as a fraction."""
        batches = self._progress.batches
        return batches.epoch + batches.position / batches.steps

    @property
    def steps_per_epoch(self) -> int:
        """Steps of the epoch under way."""
        return self._progress.batches.steps

    @property
    def stopped(self) -> str | None:
        """Why the run stopped by itself, as a sentence; None while it may go on."""
        return self._watch.stopped

    @property
    def last_epoch(self) -> int | None:
        """After how many epochs the run will end by itself; None if no rule says so, or it was overruled."""
        return stops.last_epoch(self.project.training.stop, self._watch)

    @property
    def parameters(self) -> Array:
        """(parameters,), in the run's precision; can't be changed."""
        return read_only(self._progress.state.parameters)

    @property
    def nbytes(self) -> int:
        """Memory that the run holds: its numbers, its history, and its examples twice."""
        numbers = (2 + self.rule.slots) * self.start.nbytes
        examples = self._x.nbytes + self._y.nbytes + sum(part.nbytes for part in self._evaluator.test)
        return numbers + self._progress.history.nbytes + 2 * examples

    @property
    def rule(self) -> Rule:
        """How the network learns."""
        return self._setup.rule

    @property
    def cursor(self) -> Cursor | None:
        """Where somebody walking through a step stands; None between steps."""
        return self._walk.cursor

    @property
    def learning_rate(self) -> float:
        """Of the coming step."""
        return self._setup.rate(self._progress.batches)

    def value(self, address: Address) -> float:
        """A weight or bias; `ModelError` if there is none."""
        return float(self._progress.state.parameters[self.compiled.index(address)])

    def outputs(self, raw: Array) -> Array:
        """The network's answers to raw inputs.

        Args:
            raw: (examples, columns) in the units of the data.

        Returns:
            (examples, outputs), the output layer's activations; `prepared.decode_targets` gives units.
        """
        parameters = self._progress.state.parameters.astype(np.float64)
        return forward(self.compiled.plan, parameters, self.prepared.encode_inputs(raw)).outputs

    def evaluate(self) -> Figures:
        """Measure losses and accuracies now."""
        return self._evaluator.figures(self._progress.state.parameters)

    def peek(self) -> StepTrace:
        """Compute the coming step in float64 with every value of it, without making it.

        Raises:
            DivergedError: If it leaves the finite numbers.
        """
        return coming_step_in_double(self._setup, self._progress)

    def snapshot(self, wants: AbstractSet[str] = frozenset(), run_id: int = 0) -> Snapshot:
        """Say how the run stands, with what is wanted of `bpviz.training.snapshot.WANTS`."""
        sight = Sight(
            run_id=run_id,
            step=self.step,
            epoch=self.epoch,
            path=self.path,
            compiled=self.compiled,
            parameters=self._progress.state.parameters,
            figures=self.figures,
            batch_loss=self._progress.batch_loss,
            learning_rate=self.learning_rate,
            stopped=self.stopped,
            stopped_by=self._watch.by,
            events=self.events,
            history=self._progress.history,
            evaluator=self._evaluator,
            plane=self._plane,
            cursor=self._walk.cursor,
            trace=self._trace() if "trace" in wants else None,
        )
        return take(sight, wants)

    # Learning

    def advance(self, steps: int) -> int:
        """Make steps.

        Returns:
            How many were made; fewer than asked for when the run stopped.
        """
        if steps > 0:
            self._walk.end()
        done = 0
        while done < steps and self._watch.stopped is None:
            self._base = self.project
            stop = self.project.training.stop
            least = stops.least_norm(stop, self._watch)
            look = self._runner.looks and not stops.watches_epochs(stop, self._watch)
            wanted = min(steps - done, self._until_look(alone=look))
            outcome = self._runner.advance(self._progress, wanted, least, look=look)
            done += outcome.steps
            self.figures = outcome.figures or self.figures
            measured = bool(outcome.steps) and not self._progress.batches.position and self._end_epoch()
            if outcome.failure is not None:
                self.fail(outcome.failure)
            elif outcome.small_gradient and self._watch.stopped is None:
                self._watch = stops.after_small_gradient(stop, self._watch)
            if self._watch.stopped is not None and not measured:
                self.figures = self.evaluate()
        return done

    def to_epoch_end(self) -> int:
        """How many steps are left in the epoch under way; a whole epoch if none of it is done."""
        return self._progress.batches.steps_until(self._progress.batches.epoch + 1)

    def go_on(self) -> None:
        """Let a run that stopped by itself go on; the rule that stopped it is silent from now on."""
        if self._watch.stopped is not None:
            self._watch = stops.overruled(self._watch)
            self._note("continued", "went on")

    def move_cursor(self, move: Move) -> None:
        """Walk through the coming step: to the next phase or example, or back; the last phase makes it."""
        if move != "back":
            self.go_on()
        self._walk.move(self, move)

    def step_once(self) -> bool:
        """Make one step; whether it could be made."""
        return self.advance(1) == 1

    def fail(self, error: DivergedError) -> None:
        """Stop because the next step can't be made."""
        largest = float(np.abs(self.parameters).max(initial=0.0))
        self._watch = stops.after_failure(self._watch, str(error), self.evaluate().train_loss, largest)

    # Edits

    def follow(self, project: Project) -> bool:
        """Follow an edit of the project as far as a run can.

        Returns:
            False if the edit needs a new run; this one then stays as it was.

        Raises:
            BpvizError: If the project can't run; likewise.
        """
        reach, _ = impact(self.project, project)
        if reach is Impact.RESTART:
            return False
        if reach is Impact.NOTHING:
            self._rename(project)
        else:
            self._adopt(project)
        return True

    def _rename(self, project: Project) -> None:
        """Take over names and places; the run, and a walk through its step, stand where they stood."""
        self.compiled, self.project = compile_network(project.network), project
        self._set_up(self.rule)
        self._walk.rename(self.rule, self.compiled.plan)

    def _adopt(self, project: Project) -> None:
        """Go on with an edited network and other settings; every weight whose two ends still exist stays."""
        compiled = compile_network(project.network)
        rule = rule_for(project, len(self._x))  # refuses what can't be before anything is changed
        state, memory = self._progress.state, (rule.optimizer, rule.penalty)
        slots = slots_for(rule, self.rule, state.slots)
        numbers = Numbers(state.parameters, self.start, slots, memory)
        wired = bool(rewired_text(self.compiled.network, compiled.network))
        if wired:
            self._rewirings += 1
            drawn = first_parameters(project, compiled, self.prepared, self._rewirings)
            fresh = initial_state(compiled.plan, rule, drawn)
            new = Numbers(fresh.parameters, fresh.parameters, fresh.slots, memory)
            numbers = self._attic.move(self.compiled, numbers, compiled, new)
            self._progress.history = self._progress.history.rewired(self.compiled, compiled)
        cleared = state.cleared_at if rule.optimizer == self.rule.optimizer else state.step
        self._progress.state = State(state.step, numbers.parameters, numbers.slots, cleared)
        self.start = numbers.start
        another_task = wired or project.training.loss != self.rule.loss
        if project.training.stop != self.project.training.stop:
            self._watch = stops.anew(self._watch)
        self.project, self.compiled = project, compiled
        self._set_up(rule)
        self._progress.batches.follow(Batching.of(project.training, len(self._x)))
        self._note("rewired", rewired_text(self._base.network, compiled.network))
        self._note("retuned", retuned_text(self._base, project))
        self._edited(another_task=another_task)

    def set_value(self, address: Address, value: float) -> None:
        """Set a weight or bias by hand.

        Raises:
            ModelError: If there is none at that address; a removed connection has no weight.
            SettingError: If the value is not a finite number.
        """
        at = self.compiled.index(address)
        state = self._progress.state
        parameters = with_value(state.parameters, at, value)
        self._progress.state = replace(state, parameters=parameters)
        old, new = float(state.parameters[at]), float(parameters[at])
        text = value_text(self.compiled.network, address, new)
        self.events = appended(self.events, Event(self.step, "value", text, address, old, new))
        self._edited()

    def hand_over(self, path: Path) -> None:
        """Let another path compute from here on; an event of the run, unless no step was made yet."""
        if path != self.path:
            self._runner = make_runner(path, self._setup)
            self.path = path
            if self.step:
                self._note("path", f"the {path} path computes from here")

    # As a value

    def state(self) -> RunState:
        """The run as a value, from which it goes on bit for bit.  What undo might bring back is not in it."""
        standing = (self.path, self.start, self._rewirings, self._watch, self.figures, self.events)
        return as_value(self._progress, *standing)

    def restore(self, state: RunState) -> None:
        """Stand where a run of this project stood.

        Raises:
            SettingError: If the state is not one of this project.
        """
        put_back(self._progress, state, self.compiled, self.rule)
        self.start, self.figures, self.events = state.start, state.figures, state.events
        self._watch, self._rewirings = state.watch, state.rewirings

    # Helpers

    def _set_up(self, rule: Rule) -> None:
        """Make what computes and what measures, after anything they depend on has changed."""
        plan, training = self.compiled.plan, self.project.training
        self._evaluator = Evaluator(plan, rule, self.prepared, self._x, self._y)
        self._setup = Setup(plan, rule, training, self._x, self._y, self._evaluator)
        self._runner = make_runner(self.path, self._setup)

    def _until_look(self, *, alone: bool) -> int:
        """Steps before an end of an epoch at which to look; `alone`, a runner does until bins merge."""
        batches, epochs = self._progress.batches, self._progress.history.epochs
        watched = stops.watches_epochs(self.project.training.stop, self._watch)
        stride = 1 if watched else epochs.stride * (epochs.bins if alone else 1)
        look, last = (batches.epoch // stride + 1) * stride, self.last_epoch
        return batches.steps_until(look if last is None else min(look, max(last, batches.epoch + 1)))

    def _end_epoch(self) -> bool:
        """Measure, record and look at the stop rules, each where due; whether the figures are of now."""
        epoch, stop = self._progress.batches.epoch, self.project.training.stop
        epochs = self._progress.history.epochs
        listed = epoch % epochs.stride == 0
        due = listed and epochs.records <= epoch  # else a runner has done it
        watched = stops.watches_epochs(stop, self._watch)
        if due or watched:
            self.figures = self.evaluate()
        if due:
            self._record_figures()
        self._watch = stops.after_epoch(stop, self._watch, epoch, self.figures if watched else None)
        return listed or watched

    def _record_figures(self) -> None:
        self._progress.history.add_epoch(self._progress.batches.epoch, self.step, astuple(self.figures))

    def _note(self, kind: EventKind, text: str) -> None:
        self.events = appended(self.events, Event(self.step, kind, text))

    def _edited(self, *, another_task: bool = False) -> None:
        """After an edit the figures are old, and a walk has lost its step."""
        self._walk.end()
        self.figures = self.evaluate()
        self._watch = stops.after_edit(self._watch, self.figures, another_task=another_task)
        if not self.step:  # the curves of losses begin with what is there now
            self._progress.history.begin_epochs(astuple(self.figures))

    def _trace(self) -> StepTrace | None:
        """The step that a walk stands in, otherwise the coming one; None if that can't be made."""
        try:
            return self._walk.trace or self.peek()
        except DivergedError:
            return None
