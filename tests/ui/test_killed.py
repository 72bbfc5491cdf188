"""The program killed with work in it, and started again: real processes, real files."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from bpviz.files.autosave import look
from bpviz.files.project import Saved, open_project, save_project
from bpviz.model.examples import EXAMPLES
from bpviz.ui.numbers import count
from tests.ui.program import RATE, Program, state_folder

pytestmark = pytest.mark.thorough

pytestmark = pytest.mark.timeout(300)  # each program is started anew


def _killed_at_work(home: Path, path: Path | None = None) -> int:
    """Let a program work until it has kept something beyond the start, and kill it; the step of that."""
    with Program(home, "work", 0.2, path) as program:
        while not (step := program.read().get("kept", 0)):
            pass
        for said in program.kill():
            step = said["kept"]
    return int(step)


def _alike(one: Saved, other: Saved) -> bool:
    assert one.state is not None
    assert other.state is not None
    a, b = one.state, other.state
    vectors = ((a.parameters, b.parameters), (a.start, b.start), (a.slots, b.slots))
    histories = ((a.history[name], b.history[name]) for name in a.history.keys() | b.history.keys())
    same = all(np.array_equal(x, y, equal_nan=True) for x, y in (*vectors, *histories))
    return same and (a.step, a.place, a.events[:1]) == (b.step, b.place, b.events[:1])


def test_work_of_every_killed_window_is_offered_and_comes_back_bit_for_bit(tmp_path: Path) -> None:
    path = tmp_path / "mine.bpviz"
    save_project(path, Saved(EXAMPLES["circle"].build(), None, 900))
    untitled = _killed_at_work(tmp_path)
    mine = _killed_at_work(tmp_path, path)
    leftovers = look(state_folder(tmp_path), 0).leftovers
    assert [leftover.step for leftover in leftovers] == [mine, untitled]
    kept = tmp_path / "kept.bpviz"
    shutil.copy(leftovers[0].file, kept)

    with Program(tmp_path, "look") as program:
        (said,) = program.end()
    (first, second) = said["offered"]
    assert first[0] == "mine"
    assert f"step {count(mine)}" in first[1]
    assert str(path) in first[2]
    assert second[0] == "Spiral"
    assert second[2] == "Never saved to a file"

    with Program(tmp_path, "restore") as program:
        (said,) = program.end()
    assert said == {"modified": True, "path": str(path)}
    saved = open_project(path)
    assert saved.project.training.learning_rate == RATE
    assert _alike(saved, open_project(kept))

    with Program(tmp_path, "look") as program:
        (said,) = program.end()
    assert [card[0] for card in said["offered"]] == ["Spiral"]


def test_nothing_is_offered_after_an_end_in_order(tmp_path: Path) -> None:
    with Program(tmp_path, "discard", 0.2) as program:
        assert program.end()[0] == {"kept": 0}
    assert list(state_folder(tmp_path).iterdir()) == []
    for _ in range(2):
        with Program(tmp_path, "look") as program:
            assert program.end() == [{"offered": []}]


@pytest.mark.skipif(sys.platform == "win32", reason="no process can send another one a signal there")
def test_a_request_to_end_keeps_what_came_since_the_last_time(tmp_path: Path) -> None:
    with Program(tmp_path, "work") as program:  # which would first look in an hour
        assert program.read() == {"playing": True}
        assert len(program.terminate()) == 1
    (leftover,) = look(state_folder(tmp_path), 0).leftovers
    assert open_project(leftover.file, leftover.table).project.training.learning_rate == RATE
