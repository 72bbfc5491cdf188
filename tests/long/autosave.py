"""Kill -9 while training, again and again: what was kept is whole, recent, and offered as it is."""

from __future__ import annotations

import random
import time
from pathlib import Path
from select import select
from typing import Final

from bpviz.files.autosave import Leftover, look
from bpviz.files.project import open_project
from bpviz.training.session import Session
from bpviz.ui.numbers import count
from tests.long.regime import Regime
from tests.ui.program import RATE, Program, state_folder

_INTERVAL_S: Final = 0.3
_MOST_KEPT: Final = 4
_WARM_STEPS: Final = 2000  # while the compiled engine is loaded everything takes its time
_SLOW_S: Final = 10.0  # a busy machine may take so long to gather, pack and write once


def run_shard(shard: int, folder: Path) -> dict[str, float]:
    """Let a program train and keep its work a few times, kill it at some moment after that, and look."""
    chance = random.Random(shard)
    with Program(folder, "work", _INTERVAL_S) as program:
        wanted, told = chance.randint(1, _MOST_KEPT), 0
        while wanted:
            told = program.read().get("kept", 0)
            wanted -= told >= _WARM_STEPS
        select([], [], [], chance.uniform(0, 6 * _INTERVAL_S))  # any moment: also while it writes
        killed_s = time.time()
        told = max([told, *(said["kept"] for said in program.kill())])
    kept = state_folder(folder)
    halves = len(list(kept.glob(".*")))
    leftover = _checked(kept, told, f"shard {shard}")
    lost_s = killed_s - leftover.at
    assert lost_s <= _INTERVAL_S + _SLOW_S, f"shard {shard}: {lost_s:.1f} s of work are lost"
    _check_offer(folder, leftover, f"shard {shard}")
    return {"kills": 1, "lost_s": lost_s, "step": leftover.step or 0, "half_written": halves}


def _checked(folder: Path, told: int, replay: str) -> Leftover:
    found = look(folder, time.time())
    assert len(found.leftovers) == 1, f"{replay}: {len(found.leftovers)} pieces of work are left"
    (leftover,) = found.leftovers
    saved = open_project(leftover.file, leftover.table)
    assert saved.state is not None, f"{replay}: the run is lost"
    assert saved.state.step == leftover.step, f"{replay}: the note speaks of another file"
    assert saved.state.step >= told, f"{replay}: step {told} was said to be kept, {saved.state.step} is"
    assert saved.project.training.learning_rate == RATE, f"{replay}: the edit is lost"
    session = Session(saved.project, state=saved.state)
    assert session.advance(10) == 10, f"{replay}: the run can't go on"
    names = sorted(path.suffix for path in folder.iterdir())
    assert names == [".bpviz", ".json", ".lock"], f"{replay}: {names} are there after clearing up"
    return leftover


def _check_offer(home: Path, leftover: Leftover, replay: str) -> None:
    with Program(home, "look") as program:
        (said,) = program.end()
    assert len(said["offered"]) == 1, f"{replay}: {said}"
    title, kept, belongs = said["offered"][0]
    assert (title, belongs) == ("Spiral", "Never saved to a file"), f"{replay}: {said}"
    assert kept.endswith(f"step {count(leftover.step or 0)}"), f"{replay}: {said}"


REGIME: Final = Regime(
    name="autosave",
    about="kill -9 while training, 50 times: at most the last interval is lost, and the offer is right",
    shards=50,
    run=run_shard,
)
