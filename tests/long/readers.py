"""Whatever a file says, only a `BpvizError` leaves what reads it, and nothing is said on the terminal.

What opens all the same is used: a run goes on, every plot is made, weights are exported, and all is saved and
opened again.  ``python -m tests.long.readers projects 1234`` repeats one case.
"""

from __future__ import annotations

import random
import shutil
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bpviz import api
from bpviz.data.settings import DataSettings
from bpviz.data.tables import read_table
from bpviz.drawing.shown import Shown
from bpviz.errors import LONGEST_SENTENCE, BpvizError
from bpviz.files.autosave import Owner, Seat, look
from bpviz.files.binding import Stamp
from bpviz.files.diagram import network_picture
from bpviz.files.figures import FIGURE_FORMATS
from bpviz.files.picture_settings import PictureSettings
from bpviz.files.project import Saved, open_project, save_project
from bpviz.files.weights import WEIGHT_FORMATS, weight_export
from bpviz.model.edits import set_training
from bpviz.model.fitting import table
from bpviz.training.figures import PLOTS
from bpviz.training.session import Session
from tests.long import mutations
from tests.long.mutations import Random
from tests.long.regime import Regime

CASES: Final = 50_000
"""Mutated files of each reader."""
A_SHARD: Final = 1_000
SLOWEST_S: Final = 20.0
_DRAWN: Final = 0.01  # to draw takes a hundred times as long as all else
_GOLDEN: Final = Path(__file__).parents[1] / "files" / "golden" / "v1.bpviz"
_MEMBERS: Final = {
    "project.json": mutations.mutated_json,
    "events.json": mutations.mutated_json,
    "state.safetensors": mutations.mutated_tensors,
    "history.npz": mutations.mutated_npz,
    "data.csv": mutations.mutated_table,
}
_TABLES: Final = (
    b"x,y,kind\n" + b"".join(b"%d,%d.5,%s\n" % (k, k * k % 7, (b"a", b"b", b"c")[k % 3]) for k in range(12)),
    b"a;b;c;d\n" + b"".join(b"%d,25;;%d;u\n" % (k, k % 2) for k in range(9)),
    "größe\tart\n1\tω\n2\t\n3\tω\n".encode(),
    b'"a ""b""","c\nd"\n"1","2"\n3,4\n',
    b"1 2 3\n4 5 6\n7 8 9\n",
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Something that reads files of others.

    Attributes:
        name: As in replays.
        mutated: Makes a wrong file.
        read: Reads it, and uses what opened; returns whether it did.
    """

    name: str
    mutated: Callable[[Random], bytes]
    read: Callable[[Random, Path], None]


@cache
def good_projects() -> tuple[bytes, ...]:
    """Projects to make wrong: with a run, with a table and a run, without a run, and of the first version."""
    made = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.bpviz"
        run = api.train(
            api.project(api.network(2, 2, 1), "circle", batch_size=100, optimizer="adam"),
            1,
            engine="reference",
        )
        api.save(path, run)
        made.append(path.read_bytes())
        (Path(folder) / "t.csv").write_bytes(_TABLES[0])
        own = api.with_data(run.project, table(Path(folder) / "t.csv", "kind"))
        run = api.train(set_training(own, batch_size=4), 2, engine="reference")
        api.save(path, run)
        made.append(path.read_bytes())
        api.save(path, api.example("mazur"))
        made.append(path.read_bytes())
    return (*made, _GOLDEN.read_bytes())


def mutated_project(random: Random) -> bytes:
    """A project that is wrong somewhere, mostly deep inside."""
    content = random.choice(good_projects())
    if random.random() < 0.05:
        return mutations.mutated_bytes(random, content)
    members = mutations.members_of(content)
    if random.random() < 0.05:
        return mutations.mutated_members(random, members)
    for name in random.sample(sorted(members), random.choice((1, 1, 2)) if len(members) > 1 else 1):
        change = mutations.mutated_bytes if random.random() < 0.08 else _MEMBERS[name]
        members[name] = change(random, members[name])
    return mutations.zipped(list(members.items()))


def read_project(random: Random, path: Path) -> None:
    """Open a project, go on with its run, and take everything away from it."""
    saved = open_project(path)
    save_project(path, saved)
    again = open_project(path)
    assert again.project == saved.project, "what was opened, saved and opened again is another project"
    assert (again.state is None) == (saved.state is None)
    draws = random.random() < _DRAWN
    if draws:
        network_picture(saved.project.network, "svg")
    project = saved.project
    if saved.run_network is not None:
        project = replace(project, network=saved.run_network)
    run = Session(project, state=saved.state)
    use_run(run, draws=draws)
    run.advance(3)
    use_run(run, draws=False)
    save_project(path, Saved(run.project, run.state(), saved.next_id))
    Session(project, state=open_project(path).state)


def use_run(run: Session, *, draws: bool) -> None:
    """Take everything away from a run."""
    for plot in PLOTS.values():
        if plot.applies(run.project):
            figure = plot.figure(run.snapshot(plot.wants))
            FIGURE_FORMATS["csv"].content(figure, PictureSettings())
            if draws and not figure.is_empty:
                FIGURE_FORMATS["svg"].content(figure, PictureSettings())
    export = weight_export(run.compiled, run.parameters, run.prepared)
    for entry in WEIGHT_FORMATS.values():
        entry.content(export)
    if draws:
        values = run.compiled.values(run.parameters)
        network_picture(run.project.network, "svg", Shown(values))


def mutated_table(random: Random) -> bytes:
    """A table that is wrong somewhere."""
    content = random.choice(_TABLES)
    if random.random() < 0.3:
        return mutations.mutated_bytes(random, content)
    return mutations.mutated_table(random, content)


def read_and_learn(random: Random, path: Path) -> None:
    """Read a table, learn from it, save it, and open it again."""
    delimiter = random.choice((None, None, None, *",;\t| "))
    decimal = random.choice((None, None, ".", ","))
    header = random.choice((None, None, True, False))
    reading = read_table(path, delimiter, decimal, header=header)
    assert len(reading.message.splitlines()) == 1, reading.message
    data = DataSettings(
        source="table",
        table=reading.table,
        targets=(random.choice((*reading.table.columns, *reading.table.columns[-1:] * 6)),),
        target_kind=random.choice(("auto", "auto", "class", "number")),
        drop_missing=random.random() < 0.7,
        scaling=random.choice(("none", "standardize", "min-max")),
        train_share=random.choice((0.5, 0.8, 1.0)),
    )
    project = api.with_data(api.example("xor"), data)
    save_project(path, Saved(project))
    assert open_project(path).project == project, "the table that was saved is another one"
    run = Session(project)
    run.advance(2)
    export = weight_export(run.compiled, run.parameters, run.prepared)
    WEIGHT_FORMATS["json"].content(export)


@cache
def good_note() -> bytes:
    """What a window notes of the work that it keeps."""
    with TemporaryDirectory() as folder:
        seat = Seat.make(Path(folder))
        owner = Owner("Spiral", Path(folder) / "größe.bpviz", Stamp(1, 2, 3, "0123"))
        seat.keep(Saved(api.example("mazur")), owner, 1_790_000_000.0)
        seat.leave()
        return next(Path(folder).glob("*.json")).read_bytes()


def mutated_note(random: Random) -> bytes:
    """A note that is wrong somewhere."""
    change = mutations.mutated_bytes if random.random() < 0.3 else mutations.mutated_json
    return change(random, good_note())


def read_note(random: Random, path: Path) -> None:
    """Look for work that was left, offer it as the window does, and take it."""
    folder = path.with_suffix(".kept")
    seat = Seat.make(folder)
    seat.keep(Saved(api.example("mazur")), Owner("Spiral"), 1.0)
    seat.leave()
    (folder / f"{seat.name}.json").write_bytes(path.read_bytes())
    found = look(folder, 1_790_000_001.0)
    for leftover in (*found.leftovers, *found.expired):
        datetime.fromtimestamp(leftover.at).astimezone().isoformat()
        assert leftover.file.parent == folder, leftover
        assert leftover.step is None or leftover.step >= 0, leftover
        str(leftover.owner.path).encode("utf-8", "surrogateescape")
    for leftover in found.leftovers:
        taken = Seat.take(leftover)
        assert taken is not None, leftover
        open_project(leftover.file, leftover.table)
        taken.clear()
    shutil.rmtree(folder)


READERS: Final = {
    reader.name: reader
    for reader in (
        Reader("projects", mutated_project, read_project),
        Reader("tables", mutated_table, read_and_learn),
        Reader("notes", mutated_note, read_note),
    )
}


def try_case(reader: Reader, case: int, folder: Path) -> str:
    """Read one wrong file.

    Returns:
        ``used`` or ``refused``.

    Raises:
        AssertionError: If anything but a `BpvizError` came out; it says how to replay.
    """
    dice = random.Random(f"{reader.name} {case}")
    path = folder / f"case{case}.bpviz"
    path.write_bytes(reader.mutated(dice))
    began = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            reader.read(dice, path)
        answer = "used"
    except BpvizError as error:
        sentence = str(error)
        assert sentence.endswith((".", "?")), (replay(reader, case), sentence)
        assert len(sentence) <= LONGEST_SENTENCE, (replay(reader, case), sentence)
        answer = "refused"
    except Exception as error:
        raise AssertionError(f"{replay(reader, case)}\n{traceback.format_exc()}") from error
    finally:
        path.unlink(missing_ok=True)
    took = time.process_time() - began
    assert took < SLOWEST_S, f"{replay(reader, case)}: it took {took:.0f} s"
    return answer


def replay(reader: Reader, case: int) -> str:
    """How to repeat a case."""
    return f"replay: python -m tests.long.readers {reader.name} {case}"


def run_shard(shard: int, folder: Path) -> dict[str, float]:
    """Try the cases of one shard: one reader after the other, `A_SHARD` files each."""
    shards = CASES // A_SHARD
    reader = list(READERS.values())[shard // shards]
    began = time.monotonic()
    first = shard % shards * A_SHARD
    answers = [try_case(reader, case, folder) for case in range(first, first + A_SHARD)]
    return {
        f"{reader.name} read": len(answers),
        f"{reader.name} used": answers.count("used"),
        "seconds": time.monotonic() - began,
    }


REGIME: Final = Regime(
    name="readers",
    about=f"{CASES:,} mutated files of each reader: only a sentence comes out, or what opened can be used",
    shards=len(READERS) * CASES // A_SHARD,
    run=run_shard,
)


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        for number in sys.argv[2:]:
            print(number, try_case(READERS[sys.argv[1]], int(number), Path(place)))
