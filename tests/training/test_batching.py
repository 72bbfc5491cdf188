"""Every change of how epochs are cut, at every place of one: both paths go on alike, and so do saved runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpviz
from bpviz.model.spec import Project
from bpviz.training.session import Session
from tests.training.projects import circle, equal, retrained

pytestmark = pytest.mark.thorough

EXAMPLES = 23
Change: TypeAlias = tuple[int, dict[str, Any]]
"""Steps to make, then settings to change."""

CUTS = st.fixed_dictionaries(
    {
        "batch_size": st.none() | st.integers(1, EXAMPLES + 5),
        "shuffle": st.sampled_from(["each epoch", "never"]),
        "last_batch": st.sampled_from(["keep", "carry over"]),
    }
)
CHANGES = st.lists(st.tuples(st.integers(0, 12), CUTS), min_size=1, max_size=6)
SHAPES = {"links": (3, 2), "matrices": (24, 20)}
NEAR = {"float64": 1e-9, "float32": 1e-3}


def reopened(run: Session) -> Session:
    return Session(run.project, state=run.state(), path=run.path)


def changed(run: Session, changes: list[Change], between: Callable[[Session], Session]) -> Session:
    """Let a run follow changes, doing something after each of them."""
    for steps, cut in changes:
        run.advance(steps)
        assert run.follow(retrained(run.project, **cut))
        run = between(run)
    run.advance(2 * EXAMPLES)
    return run


def project_of(shape: str, precision: str, cut: dict[str, Any]) -> Project:
    return circle(*SHAPES[shape], precision=precision, learning_rate=0.01, **cut)


@pytest.mark.parametrize("precision", NEAR)
@pytest.mark.parametrize("shape", SHAPES)
@given(cut=CUTS, changes=CHANGES)
def test_the_kernel_goes_where_the_reference_goes(
    shape: str, precision: str, cut: dict[str, Any], changes: list[Change]
) -> None:
    project = project_of(shape, precision, cut)
    kernel = changed(Session(project, path="kernel"), changes, reopened)
    reference = changed(Session(project), changes, reopened)
    assert kernel.state().place == reference.state().place
    assert kernel.step == reference.step
    np.testing.assert_allclose(kernel.parameters, reference.parameters, rtol=NEAR[precision], atol=1e-6)


@pytest.mark.parametrize("path", ["reference", "kernel"])
@pytest.mark.parametrize("shape", SHAPES)
@given(cut=CUTS, changes=CHANGES)
def test_neither_saving_nor_slices_change_a_bit(
    shape: str, path: Any, cut: dict[str, Any], changes: list[Change]
) -> None:
    project = project_of(shape, "float64", cut)
    whole = changed(Session(project, path=path), changes, lambda run: run)
    parts = Session(project, path=path)
    for steps, other in changes:
        for _ in range(steps):
            parts = reopened(parts)
            parts.advance(1)
        parts.follow(retrained(parts.project, **other))
    for _ in range(EXAMPLES):
        parts.advance(2)
    assert equal(parts.state(), whole.state())


def test_more_may_wait_than_the_room_of_many_small_batches_holds() -> None:
    # 58 of 118 examples wait for a first batch of 59, many times what a batch of one example needs.
    project = circle(samples=236, batch_size=60, last_batch="carry over", learning_rate=0.01)
    runs = Session(project, path="kernel"), Session(project)
    for run in runs:
        run.advance(1)
        run.follow(retrained(project, batch_size=1, last_batch="carry over"))
        run.advance(2 * 118)
    assert runs[0].state().place == runs[1].state().place
    np.testing.assert_allclose(runs[0].parameters, runs[1].parameters, rtol=1e-9)


@settings(max_examples=5)
@given(cut=CUTS, changes=CHANGES)
def test_a_file_keeps_the_place(
    tmp_path_factory: pytest.TempPathFactory, cut: dict[str, Any], changes: list[Change]
) -> None:
    def opened(run: Session) -> Session:
        path: Path = tmp_path_factory.mktemp("run") / "run.bpviz"
        bpviz.save(path, run)
        return bpviz.resume(path)

    project = project_of("links", "float64", cut)
    run = changed(Session(project, path="kernel"), changes, opened)
    assert equal(run.state(), changed(Session(project, path="kernel"), changes, reopened).state())
