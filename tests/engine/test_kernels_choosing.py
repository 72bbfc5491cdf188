"""Which way is faster is measured fairly, by a clock that tests turn themselves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.arrays import Array
from bpviz.engine.kernels import __main__ as compiler
from bpviz.engine.kernels import cache, choosing, programs
from bpviz.engine.kernels.choice import DEFAULTS, NEVER, Choice, chosen, keep, measured_here
from bpviz.engine.kernels.choosing import POINTS, ROUNDS, Point, fitted, measure, settle, ways
from bpviz.engine.kernels.engine import PROGRAMS
from bpviz.engine.kernels.loader import KernelLoader, prepare
from bpviz.engine.update import Rule
from tests.engine.kernels import Pair
from tests.engine.networks import make_plan, random_batch, random_parameters

DEFAULT = DEFAULTS["float64"]
BLOCKS = "blocks float64"


@dataclass
class Bench:
    """A clock, and contenders who turn it on."""

    now: float = 0.0
    turns: list[tuple[int, int]] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def contenders(self, *costs: float) -> list[Callable[[int], object]]:
        """Those who take so many seconds a step."""

        def call(at: int, cost: float) -> Callable[[int], object]:
            def steps(count: int) -> None:
                self.now += cost * count
                self.turns.append((at, count))

            return steps

        return [call(at, cost) for at, cost in enumerate(costs)]


def test_contenders_take_turns_there_and_back_with_as_many_steps_each() -> None:
    bench = Bench()
    times = measure([(POINTS[0], bench.contenders(0.001, 0.00025))], clock=bench.clock)
    turns = bench.turns[-2 * ROUNDS :]
    assert [at for at, _ in turns[:4]] == [0, 1, 1, 0]
    assert len({count for _, count in turns}) == 1
    ratios = times[POINTS[0]][:, 0] / times[POINTS[0]][:, 1]
    assert times[POINTS[0]].shape == (ROUNDS, 2)
    np.testing.assert_allclose(ratios, 4.0)


def test_quick_steps_fill_a_round_and_slow_ones_are_few() -> None:
    bench = Bench()
    measure([(POINTS[0], bench.contenders(1e-5)), (POINTS[1], bench.contenders(0.1))], 30, bench.clock)
    counts = [count for _, count in bench.turns]
    assert counts[2] >= 100
    assert counts[-1] == 2


def test_what_takes_too_long_is_left_out() -> None:
    bench = Bench()
    points = [(POINTS[0], bench.contenders(0.001)), (POINTS[1], bench.contenders(1.0)), (POINTS[2], [])]
    assert list(measure(points, 5.0, bench.clock)) == [POINTS[0]]
    assert bench.now < 5.0


def test_a_clock_that_stands_still_is_no_fault() -> None:
    bench = Bench()
    assert not measure([(POINTS[0], bench.contenders(0.0, 0.0))], clock=bench.clock)[POINTS[0]].any()


def as_if(choice: Choice, factor: float = 1.3) -> dict[Point, Array]:
    """Times of a machine on which the ways of a choice are so many times as fast as the others."""
    times = {}
    for point in POINTS:
        own, turned = choice.own(point.pairs, point.rows), choice.turned(point.pairs, point.rows)
        once = choice.once(point.pairs, point.rows)
        several, one = (1.0, factor) if not once else (factor**2, 1.0)
        row = [
            several * (factor if own else 1),
            several * (1 if own else factor),
            one * (factor if turned else 1),
            one * (1 if turned else factor),
        ]
        times[point] = np.tile(row, (ROUNDS, 1))
    return times


def taken(choice: Choice) -> dict[Point, tuple[bool, bool, bool]]:
    """Which way a choice goes at each point; how it goes forward counts only where it takes one pass."""
    return {
        point: (
            choice.own(point.pairs, point.rows),
            once := choice.once(point.pairs, point.rows),
            once and choice.turned(point.pairs, point.rows),
        )
        for point in POINTS
    }


choices = st.builds(
    Choice,
    once_weights=st.sampled_from(choosing._WEIGHTS),
    once_rows=st.sampled_from(choosing._BATCHES),
    turned_rows=st.sampled_from((*choosing._ROWS, NEVER)),
    turned_work=st.sampled_from(choosing._WORK),
    turned_most=st.sampled_from((*choosing._BATCHES, NEVER)),
    own_pairs=st.sampled_from(choosing._PAIRS),
    own_rows=st.sampled_from(choosing._ROWS),
)


@given(fast=choices)
def test_a_machine_with_other_bounds_gets_them(fast: Choice) -> None:
    found = fitted(as_if(fast, 1.5), DEFAULT)
    wanted = taken(fast)
    # One alone, ahead by less than two points have to be, would not move anything.
    assert {point: way[:2] for point, way in taken(found).items()} == {
        point: way[:2] for point, way in wanted.items()
    }


@given(before=choices, fast=choices)
def test_what_is_not_clearly_faster_changes_nothing(before: Choice, fast: Choice) -> None:
    assert fitted(as_if(fast, 1.01), before) == before
    assert fitted({}, before) == before


@given(choice=choices)
def test_a_second_measurement_comes_out_as_the_first(choice: Choice) -> None:
    once = fitted(as_if(choice), DEFAULT)
    assert fitted(as_if(choice), once) == once


def disturbed(times: Mapping[Point, Array], rounds: int) -> Mapping[Point, Array]:
    """The same with all of some rounds' second way three times as slow."""
    result = {point: rows.copy() for point, rows in times.items()}
    for rows in result.values():
        rows[:rounds, 1] *= 3
    return result


def test_a_round_that_is_disturbed_changes_nothing() -> None:
    times = as_if(DEFAULT)
    assert fitted(disturbed(times, 1), DEFAULT) == DEFAULT
    assert fitted(disturbed(times, ROUNDS), DEFAULT) != DEFAULT


def test_half_the_rounds_are_not_clear() -> None:
    times = as_if(DEFAULT, 1.0)
    assert fitted(disturbed(times, ROUNDS // 2 + 1), DEFAULT) == DEFAULT


def test_bounds_stay_where_nothing_speaks_against_them() -> None:
    few = replace(DEFAULT, own_rows=33)
    assert fitted(as_if(few), DEFAULT) == few
    assert fitted(as_if(replace(DEFAULT, once_rows=32)), DEFAULT) == replace(DEFAULT, once_rows=32)


def test_a_bound_that_no_measurement_needs_moved_stays_though_another_moves() -> None:
    wide = replace(DEFAULT, once_weights=2**18)
    short = {point: taken for point, taken in as_if(wide).items() if point.rows <= 64 or point.width < 512}
    assert fitted(short, DEFAULT) == wide


@pytest.mark.parametrize("precision", DEFAULTS)
def test_the_ways_that_are_measured_are_steps_of_the_compiled_program(precision: str) -> None:
    point = Point(64, 8)
    times = measure([(point, choosing.calls(point, precision))], seconds=60.0)
    assert times[point].shape == (ROUNDS, len(ways(point)))
    assert (times[point] > 0).all()


@pytest.fixture
def folder(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of programs, for which a measurement counts."""
    monkeypatch.delenv("BPVIZ_WAYS")
    folder = cache.cache_folder()
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> list[Choice]:
    """What is fastest in each of the measurements to come, the last one first; those made are gone."""
    machines: list[Choice] = []
    monkeypatch.setattr(choosing, "measure", lambda points: as_if(machines.pop()))
    return machines


def test_a_measurement_is_made_once_and_written(folder: Path, machine: list[Choice]) -> None:
    few, other = replace(DEFAULT, own_rows=33), replace(DEFAULT, own_rows=1)
    machine += [other, few]
    settle(folder, BLOCKS)
    settle(folder, BLOCKS)
    settle(folder, "links float64")
    assert measured_here(folder)["float64"].choice == few
    assert machine == [other]


def test_after_an_update_what_stood_is_what_has_to_be_beaten(folder: Path, machine: list[Choice]) -> None:
    few = replace(DEFAULT, own_rows=33)
    keep(folder.with_name("kernels-older"), "float64", few)
    machine.append(few)
    settle(folder, BLOCKS)
    assert measured_here(folder)["float64"].choice == few


@pytest.mark.parametrize("fault", [OSError, MemoryError])
def test_where_there_is_no_room_for_a_measurement_the_default_stays(
    folder: Path, fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(points: object) -> None:
        raise fault

    monkeypatch.setattr(choosing, "measure", refuse)
    settle(folder, BLOCKS)
    assert not measured_here(folder)


def test_a_program_is_announced_when_its_choice_is_settled(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []
    monkeypatch.setattr(compiler, "Thread", lambda **_: subprocess)  # nobody is there to end this process
    monkeypatch.setattr(subprocess, "start", lambda: None, raising=False)
    monkeypatch.delattr("os.nice")

    def compiled(name: str, folder: Path) -> Path:
        done.append(name)
        return folder / name

    def settle(folder: Path, name: str) -> None:
        done.append(f"settled in {folder.name}, said {capsys.readouterr().out!r}")

    monkeypatch.setattr("bpviz.engine.kernels.programs.compiled", compiled)
    monkeypatch.setattr(choosing, "settle", settle)
    monkeypatch.setattr(sys, "argv", ["", str(folder), BLOCKS, "links float64"])
    compiler.main()
    assert done == [
        BLOCKS,
        f"settled in {BLOCKS}, said ''",
        "links float64",
        f"settled in links float64, said '{BLOCKS}\\n'",
    ]


def test_who_compiles_without_waiting_for_anybody_lets_it_be_measured_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[tuple[Path, str]] = []
    monkeypatch.setattr(programs, "_asked", lambda name: (SimpleNamespace(overloads=()), None))
    monkeypatch.setattr(programs, "compiled", lambda name, folder: folder)
    monkeypatch.setattr(programs, "compile_elsewhere", lambda *which: measured.append(which))
    programs.program.__wrapped__("links float64")
    programs.program.__wrapped__(BLOCKS)
    assert measured == [(folder, BLOCKS)]
    keep(folder, "float64", DEFAULT)
    programs.program.__wrapped__(BLOCKS)
    assert len(measured) == 1


def test_an_engine_takes_its_choice_once_its_program_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    real = programs.program

    def program(name: str) -> object:
        order.append("program")
        return real(name)

    def choose(precision: str) -> Choice:
        order.append("choice")
        return DEFAULTS[precision]

    monkeypatch.setattr(programs, "program", program)
    monkeypatch.setattr("bpviz.engine.kernels.shapes.chosen", choose)
    plan = make_plan((2, 20, 20, 1), ("tanh",) * 3)
    rng = np.random.default_rng(0)
    x, y = random_batch(plan, "half_squared", rng)
    pair = Pair(plan, Rule(examples=len(x)), x, y, "blocks")
    assert pair.run(pair.kernel(), pair.begun(random_parameters(plan, rng)), 2).steps == 2
    assert order == ["program", "choice"]


def test_a_program_whose_choice_is_open_goes_to_the_other_process_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in PROGRAMS:
        cache.note_cached(folder, name)
    keep(folder, "float64", DEFAULT)
    started: list[list[str]] = []

    def refuse(_folder: Path, names: Sequence[str]) -> None:
        started.append(list(names))
        raise OSError

    for user in ("loader", "process"):
        monkeypatch.setattr(f"bpviz.engine.kernels.{user}.compiling", refuse)
    monkeypatch.setattr("bpviz.engine.kernels.programs.load", lambda name, folder: "ready")
    monkeypatch.setattr("bpviz.engine.kernels.programs.program", lambda name: None)
    prepare(BLOCKS, lambda text: None)
    prepare("links float32", lambda text: None)
    assert started == []
    prepare("blocks float32", lambda text: None)
    loader = KernelLoader()
    loader.ready("blocks float32")
    loader.start()
    while loader.error is None and loader._thread.is_alive():
        loader._thread.join(0.01)
    loader.close()
    assert started == [["blocks float32"], ["blocks float32"]]
    chosen.cache_clear()
