"""Quit at a random moment, 100 times: while Python loads, while the window comes up, while it trains."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from tests.long.regime import Regime
from tests.window.program import ROOT

_EACH: Final = 10
_LONGEST_S: Final = 6.0
_ENDS_WITHIN_S: Final = 30.0
_SIGNALED: Final = 128
_KINDS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_shard(shard: int, folder: Path) -> dict[str, float]:
    """Start the program and end it a few times; each time it must go in order, silently and wholly."""
    chance = random.Random(shard)
    slowest_s = 0.0
    for at in range(_EACH):
        kind, after_s = chance.choice(_KINDS), chance.uniform(0, _LONGEST_S)
        where = f"shard {shard}, number {at}: {kind.name} after {after_s:.3f} s"
        slowest_s = max(slowest_s, _quit(folder / str(at), kind, after_s, where))
    return {"quits": _EACH, "slowest_s": slowest_s}


def _quit(home: Path, kind: signal.Signals, after_s: float, where: str) -> float:
    home.mkdir()
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    process = subprocess.Popen(
        [sys.executable, "-m", "bpviz"],
        cwd=ROOT,
        env={**os.environ, **folders, "QT_QPA_PLATFORM": "offscreen"},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(after_s)  # the moment is the trial
    asked = time.monotonic()
    process.send_signal(kind)
    try:
        said, errors = process.communicate(timeout=_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGABRT)
        raise AssertionError(f"{where}: it does not end\n{process.communicate()[1]}") from None
    took_s = time.monotonic() - asked
    # Before Python can listen the system itself ends the process, which is as good an end.
    codes = (_SIGNALED + kind, -kind)
    assert process.returncode in codes, f"{where}: it ended with {process.returncode}\n{errors}"
    assert not said, f"{where}: {said}"
    assert "Traceback" not in errors, f"{where}: {errors}"
    left = _group(process.pid)
    assert not left, f"{where}: {left} still run"
    return took_s


def _group(leader: int) -> list[str]:
    """The processes that a session left behind."""
    found = subprocess.run(
        ["ps", "-o", "pid=,stat=,args=", "--sid", str(leader)], capture_output=True, text=True
    )
    lines = [line.strip() for line in found.stdout.splitlines()]
    return [line for line in lines if not line.split()[1].startswith("Z")]


REGIME: Final = Regime(
    name="quitting",
    about="the program is told to end at a random moment, 100 times",
    shards=10,
    run=run_shard,
)
