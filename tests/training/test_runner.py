from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bpviz.engine.update import State, initial_state
from bpviz.model.compile import compile_network
from bpviz.training.batches import Batches, Batching
from bpviz.training.beginning import first_parameters, prepared_data, rule_for
from bpviz.training.history import History
from bpviz.training.paths import RUNNERS, make_runner
from bpviz.training.runner import Progress, Setup, coming_step
from bpviz.training.snapshot import Path
from tests.training.projects import circle


def begun(**training: Any) -> tuple[Setup, Progress]:
    project = circle(**training)
    compiled, prepared = compile_network(project.network), prepared_data(project)
    x, y = prepared.train_x, prepared.train_y
    rule = rule_for(project, len(x))
    state = initial_state(compiled.plan, rule, first_parameters(project, compiled, prepared))
    batches = Batches(project.training.seed, len(x), Batching.of(project.training, len(x)))
    return Setup(compiled.plan, rule, project.training, x, y), Progress(state, batches, History(compiled))


@pytest.mark.parametrize("path", RUNNERS)
def test_a_runner_makes_the_steps_it_is_asked_for_across_epochs(path: Path) -> None:
    setup, progress = begun()
    outcome = make_runner(path, setup).advance(progress, 300, 0.0)
    assert (outcome.steps, outcome.small_gradient, outcome.failure) == (300, False, None)
    assert progress.state.step == progress.history.steps.records == progress.history.nodes.records == 300
    assert (progress.batches.epoch, progress.batches.position) == (100, 0)


@pytest.mark.parametrize("path", RUNNERS)
def test_a_runner_stops_after_a_small_gradient(path: Path) -> None:
    setup, progress = begun(batch_size=None)
    outcome = make_runner(path, setup).advance(progress, 300, 1e6)
    assert (outcome.steps, outcome.small_gradient) == (1, True)


@pytest.mark.parametrize("path", RUNNERS)
def test_a_runner_leaves_everything_before_a_step_that_is_not_finite(path: Path) -> None:
    setup, progress = begun()
    make_runner(path, setup).advance(progress, 5, 0.0)
    broken = progress.state.parameters.copy()
    broken[-1] = np.inf
    progress.state = State(5, broken, progress.state.slots)
    outcome = make_runner(path, setup).advance(progress, 10, 0.0)
    assert outcome.steps == 0
    assert "step 6" in str(outcome.failure)
    assert progress.state.step == progress.history.steps.records == 5
    assert progress.batches.schedule_step == 5


def test_the_coming_step_is_not_made_by_looking_at_it() -> None:
    setup, progress = begun()
    before = progress.state
    made = coming_step(setup, progress)
    assert made.after.step == 1
    assert progress.state is before
