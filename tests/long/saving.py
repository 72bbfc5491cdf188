"""Saving and opening while the process is killed or the disk fails: files stay whole, whatever happens.

A shard is either some kills or one thing that is done on a disk that fails at its n-th question, for all n.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from select import select
from tempfile import TemporaryDirectory
from typing import Final

from bpviz import api
from bpviz.data.tables import read_table
from bpviz.errors import BpvizError
from bpviz.files.diagram import PICTURE_FORMATS
from bpviz.files.figures import FIGURE_FORMATS
from bpviz.files.project import open_project
from bpviz.files.safe import PART, write_atomically
from bpviz.files.weights import WEIGHT_FORMATS
from bpviz.pictures import draw, export_plot
from bpviz.training.session import Session
from tests.long.disk import ERRORS, FailingDisk
from tests.long.regime import Regime

KILLS: Final = 300
_A_SHARD: Final = 20
_LATEST_S: Final = 0.1
_MOST_ASKED: Final = 2_000
_ROOT: Final = Path(__file__).parents[2]

# Kills

_SAVER: Final = """
import sys
from pathlib import Path
from bpviz.files.project import open_project, save_project
from bpviz.files.safe import write_atomically

kind, target, *sources = sys.argv[1:]
if kind == "projects":
    save, versions = save_project, [open_project(Path(source)) for source in sources]
else:
    save, versions = write_atomically, [Path(source).read_bytes() for source in sources]
for count in range(10**9):
    save(Path(target), versions[count % len(versions)])
    print(count, flush=True)
"""
_SIZES: Final = (5_000_000, 100_000, 20_000_000)  # to write takes longer than to make


@cache
def versions() -> tuple[bytes, ...]:
    """Project files of different sizes, each with a run."""
    made = []
    for epochs, sizes in ((1, (2, 3, 1)), (300, (2, 8, 8, 1)), (20, (2, 60, 60, 1))):
        project = api.project(api.network(*sizes), "circle", batch_size=50, optimizer="adam")
        made.append(bytes_of(api.train(project, epochs, engine="reference")))
    return tuple(made)


def bytes_of(run: Session) -> bytes:
    """The file of a run."""
    with TemporaryDirectory() as place:
        path = Path(place) / "a.bpviz"
        api.save(path, run)
        return path.read_bytes()


def kill_while_saving(seed: int, folder: Path) -> dict[str, float]:
    """Kill a process that saves without a pause, and look at what is there."""
    kind = "projects" if seed % 2 else "bytes"
    target = folder / "target.bpviz"
    contents = versions() if kind == "projects" else [bytes([at]) * size for at, size in enumerate(_SIZES)]
    sources = [folder / f"source{at}.bpviz" for at in range(len(contents))]
    for source, content in zip(sources, contents, strict=True):
        source.write_bytes(content)
    words = [sys.executable, "-c", _SAVER, kind, str(target), *map(str, sources)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=_ROOT) as saver:
        assert saver.stdout is not None
        told = [saver.stdout.readline()]
        select([], [], [], random.Random(seed).uniform(0, _LATEST_S))
        saver.kill()
        told += saver.stdout.readlines()
    replay = f"replay: kill_while_saving({seed}, ...), though no two moments are alike"
    last = int(told[-1]) if told[-1].endswith(b"\n") else int(told[-2])
    allowed = [contents[count % len(contents)] for count in (last, last + 1)]
    assert target.read_bytes() in allowed, f"{replay}: after {last} saves the file is neither old nor new"
    halves = sum(path.name.endswith(PART) for path in folder.iterdir())
    assert halves <= 1, f"{replay}: {halves} leftovers of one process"
    if kind == "projects":
        open_project(target)
    else:
        write_atomically(folder / "another", b"")
    assert not any(path.name.endswith(PART) for path in folder.iterdir()), f"{replay}: a leftover stays"
    return {"kills": 1, "half_written": halves}


# Failing disks


@dataclass(frozen=True, slots=True)
class Task:
    """Something done with one file.

    Attributes:
        name: Of the file, too.
        run: What is done with it.
        writes: Whether it writes the file.
    """

    name: str
    run: Callable[[Path], object]
    writes: bool = True


@cache
def run_to_save() -> Session:
    """A run that is worth saving."""
    return api.train(api.project(api.network(2, 3, 1), "circle", batch_size=50), 3, engine="reference")


def _save(path: Path) -> None:
    api.save(path, run_to_save())


def _tasks() -> dict[str, Task]:
    weights = [
        Task(f"weights.{kind}", lambda path: api.export_weights(run_to_save(), path))
        for kind in WEIGHT_FORMATS
    ]
    plots = [
        Task(f"loss.{kind}", lambda path: export_plot(run_to_save(), "loss", path)) for kind in FIGURE_FORMATS
    ]
    pictures = [Task(f"network.{kind}", lambda path: draw(run_to_save(), path)) for kind in PICTURE_FORMATS]
    tasks = [
        Task("saved.bpviz", _save),
        *weights,
        *plots,
        *pictures,
        Task("opened.bpviz", open_project, writes=False),
        Task("opened.csv", read_table, writes=False),
    ]
    return {task.name: task for task in tasks}


TASKS: Final[Mapping[str, Task]] = _tasks()


def fail_everywhere(task: Task, error: int, folder: Path, *, for_ever: bool) -> int:
    """Do something once for each question that it asks the system, which fails.

    Returns:
        How often.

    Raises:
        AssertionError: If anything but a `BpvizError` came out, or the file is neither old nor new.
    """
    path = folder / task.name
    path.unlink(missing_ok=True)
    old, new = _contents(task, path)
    for at in range(1, _MOST_ASKED):
        path.write_bytes(old)
        disk = FailingDisk(at, error, for_ever=for_ever)
        fault = None
        try:
            with disk.at_work():
                task.run(path)
        except BpvizError as refused:
            fault = refused
        except Exception as other:
            raise AssertionError(f"{_replay(task, error, at)}\n{traceback.format_exc()}") from other
        if disk.failed is None:
            return at - 1
        _check(path, old if fault else None, (old, new), f"{_replay(task, error, at)} ({disk.failed})")
        if not for_ever:
            left = [entry.name for entry in folder.iterdir() if entry.name.endswith(PART)]
            assert not left, f"{_replay(task, error, at)} ({disk.failed}): {left} is left"
        for part in folder.glob(f".*{PART}"):
            part.unlink()
    raise AssertionError(f"{task.name} asks the system without an end")


def _contents(task: Task, path: Path) -> tuple[bytes, bytes]:
    """What stands in a file before, and after it was written a second time: the first may ask for more."""
    if not task.writes:
        content = versions()[0] if path.suffix == ".bpviz" else b"a,b\n1,2\n3,4\n"
        return content, content
    task.run(path)
    task.run(path)
    return b"what stood there before", path.read_bytes()


def _check(path: Path, wanted: bytes | None, allowed: tuple[bytes, bytes], replay: str) -> None:
    found = path.read_bytes()
    if wanted is not None:
        assert found == wanted, f"{replay}: it was refused, and yet the file has changed"
    else:
        assert found in allowed, f"{replay}: the file is neither old nor new"


def _replay(task: Task, error: int, at: int) -> str:
    return f"replay: fail_everywhere(TASKS[{task.name!r}], {error}, ...), question {at}"


# Shards


def _kills(first: int, folder: Path) -> dict[str, float]:
    figures: dict[str, float] = {}
    for seed in range(first, first + _A_SHARD):
        place = folder / str(seed)
        place.mkdir()
        for name, value in kill_while_saving(seed, place).items():
            figures[name] = figures.get(name, 0) + value
        shutil.rmtree(place)
    return figures


def _failures(task: Task, folder: Path) -> dict[str, float]:
    count = 0
    for error in ERRORS:
        for for_ever in (False, True):
            count += fail_everywhere(task, error, folder, for_ever=for_ever)
    return {f"failures of {task.name}": count}


_SHARDS: Final = (
    *(partial(_kills, first) for first in range(0, KILLS, _A_SHARD)),
    *(partial(_failures, task) for task in TASKS.values()),
)


def run_shard(shard: int, folder: Path) -> dict[str, float]:
    """Try one shard."""
    began = time.monotonic()
    return {**_SHARDS[shard](folder), "seconds": time.monotonic() - began}


REGIME: Final = Regime(
    name="saving",
    about=f"{KILLS} kills while saving, and every question to the disk failing: files are old or new",
    shards=len(_SHARDS),
    run=run_shard,
)
