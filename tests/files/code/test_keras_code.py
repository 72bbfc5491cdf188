"""Programs for Keras train as bpviz does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.files.code.account import account_of
from bpviz.files.code.files import program, write_program
from bpviz.files.code.keras_tables import ACTIVATION_CODE, LOSS_CODE, OPTIMIZER_CODE, REGULARIZERS
from tests.files.code.projects import COUNT, beginning, executed, going, next_losses, same


@pytest.mark.parametrize("number", range(60))
def test_it_goes_on_with_a_run_as_bpviz_does(
    number: int, tmp_path: Path, oracle: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    oracle("keras")
    run = going(number)
    names = executed(program(account_of(run), "keras"), tmp_path)
    assert same(names["train"](20), next_losses(run), 1e-5)


@pytest.mark.parametrize("number", range(0, COUNT, 24))
def test_it_begins_where_the_run_began(
    number: int, tmp_path: Path, oracle: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    oracle("keras")
    names = executed(program(account_of(going(number), "start"), "keras"), tmp_path)
    assert same(names["train"](20), next_losses(beginning(number)), 1e-5)


@pytest.mark.parametrize("number", [15])
def test_it_is_a_script_of_its_own(
    number: int, tmp_path: Path, oracle: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    oracle("keras")
    run = going(number)
    write_program(account_of(run), "keras", tmp_path / "own.py")
    command = [sys.executable, "own.py", "20"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    losses = [float(line.split()[-1]) for line in answer.stdout.splitlines()]
    assert same(losses, next_losses(run), 1e-5)


def test_every_entry_of_the_tables_has_its_piece() -> None:
    assert set(ACTIVATION_CODE) == set(ACTIVATIONS)
    assert set(LOSS_CODE) == set(LOSSES)
    assert set(OPTIMIZER_CODE) == set(OPTIMIZERS)
    assert set(REGULARIZERS) == set(PENALTIES)
    memories = {name: len(code.memory) for name, code in OPTIMIZER_CODE.items()}
    assert memories == {name: entry.slots for name, entry in OPTIMIZERS.items()}
