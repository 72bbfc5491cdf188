"""A run: it learns step by step, follows edits, and says at any moment how it stands.

A session has no thread and no clock.  It stands between two steps; whoever owns it calls `advance`.  The same
project gives the same numbers in whatever slices that is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from bpviz.arrays import Array, read_only
from bpviz.data.prepare import Prepared
from bpviz.engine.threads import use_one_thread
from bpviz.engine.update import Rule, State, initial_state
from bpviz.errors import DivergedError, SettingError
from bpviz.model.compile import compile_network
from bpviz.model.impact import Impact, impact, learns_other_rows, rewires
from bpviz.model.spec import Address, Project
from bpviz.plain import as_whole, is_whole
from bpviz.training import stops
from bpviz.training.anatomy import anatomy_of
from bpviz.training.batches import Batches, Batching
from bpviz.training.beginning import data_along, first_parameters, precision, prepared_data, rule_for
from bpviz.training.evaluate import Evaluator
from bpviz.training.events import Story
from bpviz.training.history import History
from bpviz.training.moment import Moment
from bpviz.training.monitor import Monitor
from bpviz.training.paths import make_runner
from bpviz.training.probes import Plane
from bpviz.training.rewire import Attic, Numbers, slots_for, with_value
from bpviz.training.run_state import Event, RunState
from bpviz.training.runner import Progress, Setup
from bpviz.training.saving import place_of, put_back, restore_history
from bpviz.training.snapshot import Path
from bpviz.training.standing import Standing


class Session(Standing):
    """One run of one project.

    Args:
        project: What to learn.
        state: A run of this project to go on with, bit for bit; None starts a new one.
        path: Which path computes from here on.

    Raises:
        BpvizError: If the project can't run, or the state is not one of it.
    """

    def __init__(self, project: Project, *, state: RunState | None = None, path: Path = "reference") -> None:
        use_one_thread()
        self.project = project
        self.story = Story(project)
        self.compiled = compile_network(project.network)
        self.path: Path = path
        self._monitor = Monitor()
        self._attic = Attic()
        self._rewirings = 0
        self._learn_from(prepared_data(project) if state is None else _data_of(project, state))
        self._set_up(rule_for(project, len(self._x)))
        drawn = first_parameters(project, self.compiled, self.prepared)
        first = initial_state(self.compiled.plan, self.rule, drawn)
        self.start: Array = read_only(first.parameters)
        self._progress = Progress(first, self._batches(), History(self.compiled))
        if state is None:
            self._monitor.begin(self._progress)
        else:
            self._restore(state)
            self.hand_over(path)

    # Learning

    def advance(self, steps: int) -> int:
        """Make steps.

        Returns:
            How many were made; fewer than asked for when the run stopped.

        Raises:
            SettingError: If it is no count of steps.
        """
        steps = as_whole(steps)
        if not is_whole(steps, 0):
            raise SettingError(f"A run can't make {steps!r} steps; write a whole number from 0 on.")
        done, monitor = 0, self._monitor
        while done < steps and monitor.watch.by is None:
            stop = self.project.training.stop
            least = stops.least_norm(stop, monitor.watch)
            look = self._runner.looks and not stops.watches_epochs(stop, monitor.watch)
            wanted = min(steps - done, monitor.until_look(self._progress, stop, alone=look))
            outcome = self._runner.advance(self._progress, wanted, least, look=look)
            done += outcome.steps
            monitor.metrics = outcome.metrics or monitor.metrics
            ended = bool(outcome.steps) and not self._progress.batches.position
            measured = ended and monitor.end_epoch(self._progress, stop)
            if outcome.failure is not None:
                self._fail(outcome.failure)
            elif outcome.small_gradient and monitor.watch.by is None:
                monitor.watch = stops.after_small_gradient(monitor.watch)
            if monitor.watch.by is not None:
                if not measured:
                    monitor.measure(self._progress.state.parameters)
                self._note(Event(self.step, "stopped", rule=monitor.watch.by))
        return done

    def go_on(self) -> None:
        """Let a run that stopped by itself go on; the rule that stopped it is silent from now on."""
        if self._monitor.watch.by is not None:
            self._note(Event(self.step, "continued", rule=self._monitor.watch.by))
            self._monitor.watch = stops.overruled(self._monitor.watch)

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
        if reach is Impact.NOTHING:  # names and places
            self.compiled, self.project = compile_network(project.network), project
            self._set_up(self.rule)
        else:
            self._adopt(project)
        self._note(Event(self.step, "edited", project=project))
        return True

    def _adopt(self, project: Project) -> None:
        """Go on with an edited network, other settings and examples; every weight that still exists stays."""
        rewired, others = rewires(self.project, project), learns_other_rows(self.project, project)
        compiled = compile_network(project.network)
        # What can't be is refused before anything is changed.
        prepared = prepared_data(project, self.prepared) if others else self.prepared
        rule = rule_for(project, len(prepared.train_x))
        progress, state = self._progress, self._progress.state
        slots = slots_for(rule, self.rule, state.slots)
        numbers = Numbers(state.parameters, self.start, slots, (rule.optimizer, rule.penalty))
        if rewired:
            fresh = partial(first_parameters, project, compiled, self.prepared, self._rewirings + 1)
            numbers = self._attic.move(self.compiled, numbers, compiled, fresh)
            self._rewirings += 1
            progress.history = progress.history.rewired(compiled)
        cleared = state.cleared_at if rule.optimizer == self.rule.optimizer else state.step
        progress.state = State(state.step, numbers.parameters, numbers.slots, cleared)
        self.start = read_only(numbers.start)
        another_task = rewired or others or project.training.loss != self.rule.loss
        if project.training.stop != self.project.training.stop:
            self._monitor.watch = stops.anew(self._monitor.watch)
        self.project, self.compiled = project, compiled
        if others:
            self._learn_from(prepared)
            self._begin_epoch()
        self._set_up(rule)
        progress.batches.follow(Batching.of(project.training, len(self._x)))
        self._monitor.follow_edit(progress, another_task=another_task)

    def set_value(self, address: Address, value: float) -> None:
        """Set a weight or bias by hand.

        Raises:
            ModelError: If there is none at that address; a removed connection has no weight.
            SettingError: If the value is not a finite number.
        """
        self.set_values({address: value})

    def set_values(self, values: Mapping[Address, float]) -> None:
        """Set several at once, all or none; each is an event, and what follows from all is measured once.

        Raises:
            ModelError: As one does.
            SettingError: Likewise.
        """
        state, done = self._progress.state, list[Event]()
        for address, value in values.items():
            at, before = self.compiled.index(address), state.parameters
            state = replace(state, parameters=with_value(before, at, value))
            new = float(state.parameters[at])
            done.append(Event(self.step, "value", address=address, old=float(before[at]), new=new))
        self._progress.state = state
        for event in done:
            self._note(event)
        self._monitor.follow_edit(self._progress, another_task=False)

    def hand_over(self, path: Path) -> None:
        """Let another path compute from here on; an event of the run."""
        if path != self.path:
            self._runner = make_runner(path, self._setup)
            self.path = path
            self._note(Event(self.step, "path", path=path))

    # As a value

    def moment(self) -> Moment:
        """Where the run stands, without its history; it goes on from there bit for bit."""
        progress = self._progress
        state = RunState(
            step=self.step,
            cleared_at=progress.state.cleared_at,
            path=self.path,
            # No copies where there need be none: steps make new arrays, and leave these as they are.
            parameters=read_only(np.ascontiguousarray(progress.state.parameters)),
            start=self.start,
            slots=read_only(np.ascontiguousarray(progress.state.slots)),
            rewirings=self._rewirings,
            batch_loss=progress.batch_loss,
            place=place_of(progress.batches),
            watch=self._monitor.watch,
            metrics=self.metrics,
        )
        shape = progress.history.shape
        at = len(self.events)
        return Moment(self.project, self.compiled, state, at, self._attic.boxes, shape, self.prepared)

    def state(self) -> RunState:
        """The run as a value, from which it goes on bit for bit.  What undo might bring back is not in it."""
        history = self._progress.history.arrays()
        return replace(self.moment().state, events=self.events, began=self.story.began, history=history)

    def stand(self, moment: Moment, story: Story, history: History | None = None) -> None:
        """Stand where this run, or a branch of it, stood.

        Args:
            moment: Of a run that began as this one did.
            story: Of that run, up to then or further.
            history: Of that run at that moment; None keeps none, as where a run stands only to be looked at.
        """
        self.story = story.upto(moment.events)
        there = moment.compiled, moment.state.path, moment.project, moment.prepared or self.prepared
        if (self.compiled, self.path, self.project, self.prepared) != there:  # else everything is set up
            self.compiled, self.path, self.project, prepared = there
            if prepared is not self.prepared:
                self._learn_from(prepared)
                self._progress.batches = self._batches()
            self._set_up(rule_for(self.project, len(self._x)))
        self._attic = Attic(moment.boxes)
        self._take_up(moment.state)
        self._progress.history = history or History.blank(self.compiled, moment.shape)

    # Helpers

    def _learn_from(self, prepared: Prepared) -> None:
        """Take up examples; whoever calls it sets up what computes with them."""
        self.prepared = prepared
        self._plane = Plane.of(prepared)
        dtype = precision(self.project.training)
        self._x: Array = prepared.train_x.astype(dtype)
        self._y: Array = prepared.train_y.astype(dtype)

    def _batches(self) -> Batches:
        """The stream of batches of these examples, at its beginning."""
        training, examples = self.project.training, len(self._x)
        return Batches(training.seed, examples, Batching.of(training, examples))

    def _begin_epoch(self) -> None:
        """Leave the epoch under way, as its order was one of other examples, and begin the next one."""
        before, batches = self._progress.batches, self._batches()
        epoch = before.epoch + (before.position > 0)
        batches.begin(epoch, np.zeros(0, dtype=np.int64), batches.coming)
        self._progress.batches = batches

    def _restore(self, state: RunState) -> None:
        """Stand where a saved run of this project stood."""
        self.path, self.story = state.path, Story(state.began, state.events)
        self._runner = make_runner(self.path, self._setup)
        self._take_up(state)
        restore_history(self._progress, state, self.compiled)

    def _take_up(self, state: RunState) -> None:
        put_back(self._progress, state, self.compiled, self.rule)
        self._progress.batches.coming = Batching.of(self.project.training, len(self._x))
        self.start, self._rewirings = state.start, state.rewirings
        self._monitor.metrics, self._monitor.watch = state.metrics, state.watch

    def _set_up(self, rule: Rule) -> None:
        """Make what computes and what measures, after anything they depend on has changed."""
        plan, training = self.compiled.plan, self.project.training
        self._monitor.evaluator = Evaluator(plan, rule, self.prepared, self._x, self._y)
        self.anatomy = anatomy_of(self.compiled, rule, self.prepared)
        self._setup = Setup(plan, rule, training, self._x, self._y, self._monitor.evaluator)
        self._runner = make_runner(self.path, self._setup)

    def _fail(self, error: DivergedError) -> None:
        """Stop because the next step can't be made."""
        self._monitor.measure(self.parameters)
        loss, largest = self.metrics.train_loss, float(np.abs(self.parameters).max(initial=0.0))
        self._monitor.watch = stops.after_failure(self._monitor.watch, error.fault, loss, largest)

    def _note(self, event: Event) -> None:
        self.story = self.story.followed_by(event)


def _data_of(project: Project, state: RunState) -> Prepared:
    """The data of a saved run; their sides and scales follow from what was done to it."""
    turns = Story(state.began, state.events).turns
    edited = len(turns) > 1 and turns[-1].data == project.data
    return data_along(turns) if edited else prepared_data(project)
