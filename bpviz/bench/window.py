"""The window's own figures, from processes that open it; see `bpviz.ui.measure`.

The window is drawn on the display there is, or offscreen where there is none.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bpviz.api import save
from bpviz.bench.nets import NETS, edited
from bpviz.bench.report import Measured
from bpviz.errors import BpvizError

_MODULE: Final = "bpviz.ui.measure"
_WARM_STARTS: Final = 3
_FRAMES_AT_LEAST: Final = 5
_FRAMES_A_SECOND: Final = 60  # so many of each kind for every second that a column gets
_ROUNDS: Final = 3
_ROUND_S: Final = 4.0  # long enough for the speed to settle and for a tail of late ticks to show
_KERNEL_WITHIN_S: Final = 30
_FIRST_MINUTE_S: Final = 60

PARTS: Final[tuple[str, ...]] = ("start", "play", "wide", "drawing")
"""What can be measured of the window."""
WIDE: Final = "784-512-512-10"
"""Of `NETS`, what trains in the part ``wide``."""

_DRAWING: Final = {
    "one_plot": ("12 curves of 2,048 bins in one plot", 12.0),
    "twelve_plots": ("12 plots of a curve of 2,048 bins each", None),
    "heatmap": ("Heatmap of 200 × 512", 5.0),
    "links": ("1,000 links, all colors and widths changed", 7.0),
    "canvas": ("The same on the whole canvas, nodes too", None),
    "pan": ("5,000 links moved", 1000 / 60),
    "zoom": ("5,000 links zoomed", 1000 / 60),
    "pan_training": ("5,000 links moved while a run trains", 1000 / 60),
    "zoom_training": ("5,000 links zoomed while a run trains", 1000 / 60),
    "press": ("From a press to what it shows, 5,000 links", 50.0),
}
"""For each kind of frame its name and its goal in milliseconds."""

_EDITS: Final = {
    "remove_node": "Remove a node",
    "add_node": "Add a node",
    "duplicate_node": "Duplicate a node",
    "duplicate_nodes": "Duplicate twenty nodes",
    "duplicate_layer": "Duplicate a layer",
    "paste_nodes": "Paste twenty nodes",
    "paste_layer": "Paste a layer",
    "move_node": "Move a node",
    "randomize_node": "Draw a node's weights anew",
    "remove_layer": "Remove a layer",
    "insert_layer": "Insert a layer",
    "remove_pair": "Remove a connection",
    "freeze_layer": "Freeze a layer",
    "activation": "Change a layer's activation",
    "move_layer": "Move a layer",
    "rename": "Rename a layer",
    "retune": "Change the learning rate",
}
_EDIT_MS: Final = 50.0  # beyond, an answer is felt to be late

Ask = Callable[[str, Mapping[str, Any]], dict[str, Any]]


class WindowError(BpvizError):
    """The window could not be opened to be measured."""


def ask(part: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Measure a part of the window in a process of its own.

    Raises:
        WindowError: If it does not come to its end.
    """
    command = [sys.executable, "-m", _MODULE, part, json.dumps(options)]
    answer = subprocess.run(command, env=process_environment(), capture_output=True, text=True)  # noqa: S603 - our own words
    if answer.returncode != 0 or not answer.stdout.strip():
        lines = [line for line in answer.stderr.splitlines() if line.strip()]
        reason = lines[-1].strip() if lines else f"exit code {answer.returncode}"
        raise WindowError(f"The window can't be measured here ({reason}); run bpviz doctor.")
    found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    return found


def measure_start(ask_: Ask = ask, clock: Callable[[], float] = time.time) -> tuple[list[Measured], str]:
    """Start the window again and again: as it comes, then from a cold disk cache, then from a warm one.

    Returns:
        The figures, and what the window was drawn on.
    """

    def start() -> tuple[float, float, dict[str, Any]]:
        begin = clock()
        found = ask_("start", {})
        return found["painted"] - begin, found["filled"] - begin, found

    _, _, found = start()
    forgotten = forget(found["files"])
    cold = start()
    warm = [start() for _ in range(_WARM_STARTS)]
    how = "warm cache, new process"
    figures = [
        Measured("start", "Window on the screen", "s", tuple(one[0] for one in warm), 0.8, note=how),
        Measured("start", "First values in it", "s", tuple(one[1] for one in warm), note=how),
    ]
    if forgotten:
        how = "cold cache of its files, new process"
        figures.append(Measured("start", "Window on the screen", "s", (cold[0],), 2.0, note=how))
    return figures, found["screen"]


def forget(paths: Iterable[str]) -> int:
    """Ask the system to drop files from its disk cache, and return how many could be asked for.

    Pages that another program has mapped stay.  Only Linux and some other Unix systems can be asked.
    """
    if not hasattr(os, "posix_fadvise"):
        return 0
    count = 0
    for path in paths:
        try:
            file = os.open(path, os.O_RDONLY)
        except OSError:
            continue
        try:
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            count += 1
        finally:
            os.close(file)
    return count


def measure_play(play_s: int, round_s: float = _ROUND_S, ask_: Ask = ask) -> tuple[list[Measured], str]:
    """Train in the window with every plot open, and without it in turn."""
    options = {"kernel_within_s": _KERNEL_WITHIN_S, "rounds": _ROUNDS, "round_s": round_s, "play_s": play_s}
    found = ask_("play", options)
    return [*_training("play", found, ""), *memory(found["memory_mb"])], found["screen"]


def measure_wide(round_s: float = _ROUND_S, ask_: Ask = ask) -> tuple[list[Measured], str]:
    """Train the widest network of the table in the window with every plot open, and edit a wider one."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "wide.bpviz"
        save(path, NETS[WIDE].project("sgd", "float64"))
        options = {"kernel_within_s": _KERNEL_WITHIN_S, "rounds": _ROUNDS, "round_s": round_s, "play_s": 0}
        found = ask_("play", {**options, "project": str(path)})
        save(path, edited())
        taken = ask_("editing", {"rounds": _ROUNDS, "project": str(path)})
    return [*_training("wide", found, f"{WIDE}, "), *_editing(taken)], found["screen"]


def _training(part: str, found: Mapping[str, Any], what: str) -> list[Measured]:
    """Make figures of a window that trained, and of the same run without it, in turn.

    Args:
        part: Which these are of.
        found: What the window answered.
        what: Words that begin each note, on what was trained.
    """
    how = f"{what}{found['plots']} plots open, {found['path']} path"
    pairs = zip(found["window_steps_per_s"], found["headless_steps_per_s"], strict=True)
    return [
        Measured(part, "Timer late, median", "ms", tuple(found["late_p50"]), note=how),
        Measured(part, "Timer late, 99th percentile", "ms", tuple(found["late_p99"]), 8.0, note=how),
        Measured(part, "Steps a second", "", tuple(found["window_steps_per_s"]), note=how),
        Measured(part, "The same without a window", "", tuple(found["headless_steps_per_s"])),
        Measured(
            part,
            "Training beside headless",
            "%",
            tuple(100 * beside / alone for beside, alone in pairs),
            90.0,
            more_is_better=True,
            note="the same run, in turn",
        ),
        Measured(part, "Snapshots drawn a second", "", tuple(found["frames_per_s"]), note=how),
    ]


def _editing(found: Mapping[str, Any]) -> list[Measured]:
    """Make figures of what the window's own thread is busy with."""
    how = "784-1024-1024-10, in the window's thread"
    figures = {"Open, once read": found["opening_ms"], "Select all layers": found["selecting_ms"]}
    for name, label in _EDITS.items():
        figures[label] = found["edits_ms"][name]
        figures[f"{label}, undone"] = found["undos_ms"][name]
    return [
        Measured("wide", label, "ms", tuple(taken), _EDIT_MS, note=how) for label, taken in figures.items()
    ]


def memory(samples: Sequence[Sequence[float]]) -> list[Measured]:
    """Make figures of memory in use over time.

    Args:
        samples: Pairs of second and megabytes, in order.

    Returns:
        What is in use at the end, and by how much it grew since the first minute; in a shorter play, since
        its middle.
    """
    if not samples:
        return []
    last_s, last_mb = samples[-1]
    settled = _FIRST_MINUTE_S if last_s > _FIRST_MINUTE_S else last_s / 2
    early_mb = next(mb for second, mb in samples if second >= settled)
    growth = 100 * (last_mb / early_mb - 1)
    grown = f"from second {settled:.0f} to {last_s:.0f}"
    return [
        Measured("play", "Memory in use", "MB", (last_mb,), 450.0, note=f"after {last_s:.0f} s of play"),
        Measured("play", "Memory grown", "%", (growth,), 2.0, note=grown),
    ]


def measure_drawing(seconds: float, ask_: Ask = ask) -> tuple[list[Measured], str]:
    """Draw every kind of frame, for about so many seconds each."""
    found = ask_("drawing", {"frames": max(_FRAMES_AT_LEAST, round(_FRAMES_A_SECOND * seconds))})
    figures = [
        Measured(
            "drawing", _DRAWING[name][0], "ms", tuple(taken), _DRAWING[name][1], note="one frame, painted"
        )
        for name, taken in found["frames_ms"].items()
    ]
    return figures, found["screen"]


def process_environment() -> dict[str, str]:
    """As it is; without a display, offscreen."""
    environment = dict(os.environ)
    # Else every start would compile all modules again, which no user's start does.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    shown = any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform.startswith("linux") and not shown:
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    # The child has to find this very copy, also when it is not installed.
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *environment.get("PYTHONPATH", "").split(os.pathsep)]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return environment
