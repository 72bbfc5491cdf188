"""The C++ loop trains what bpviz trains, so that comparing their speed is fair."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.bench.loop import CompilerError, LoopContender, can_express, compiler
from bpviz.bench.nets import NETS, Precision
from bpviz.bench.task import EngineContender, Task

pytestmark = pytest.mark.thorough

SMALL = ("2-4-2-1", "2-8-8-8-1", "2-8-8-8-1-sparse", "4-16-3")

needs_compiler = pytest.mark.skipif(compiler() is None, reason="there is no C++ compiler; install g++")


@needs_compiler
@pytest.mark.parametrize(
    ("name", "precision", "within"),
    [*((name, "float64", 1e-12) for name in SMALL), ("2-8-8-8-1", "float32", 1e-4)],
)
def test_it_goes_where_the_reference_path_goes(name: str, precision: Precision, within: float) -> None:
    task = Task.of(NETS[name], "sgd", precision)
    loop, reference = LoopContender(task), EngineContender(task, "reference")
    loop.run(130)  # through three orders of the examples
    reference.run(130)
    there = reference.progress.state.parameters
    moved = np.linalg.norm(there - task.start)
    assert np.linalg.norm(loop.parameters - there) < within * moved
    assert loop.last_loss == pytest.approx(reference.progress.batch_loss, rel=max(within, 1e-9))


@needs_compiler
def test_slices_and_restarts_change_nothing() -> None:
    loop = LoopContender(Task.of(NETS["2-4-2-1"], "sgd", "float64"))
    loop.run(90)
    at_once = loop.parameters
    loop.restart()
    for steps in (1, 60, 29):
        loop.run(steps)
    np.testing.assert_array_equal(loop.parameters, at_once)


@pytest.mark.parametrize("name", [name for name in NETS if name not in SMALL])
def test_wide_networks_and_other_optimizers_are_left_to_others(name: str) -> None:
    assert not can_express(Task.of(NETS[name], "sgd", "float32"))
    assert not can_express(Task.of(NETS["2-4-2-1"], "adam", "float64"))


def test_without_a_compiler_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    assert compiler() is None
    with pytest.raises(CompilerError, match=r"install g\+\+"):
        LoopContender(Task.of(NETS["2-4-2-1"], "sgd", "float64"))


@needs_compiler
def test_a_compiler_that_refuses_is_told_of_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "false")
    with pytest.raises(CompilerError, match="can't compile"):
        LoopContender(Task.of(NETS["2-4-2-1"], "sgd", "float64"))
