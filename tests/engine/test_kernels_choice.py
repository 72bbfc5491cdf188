"""Which way wide layers are computed: written once, read once, and of no consequence but for time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bpviz.engine.kernels import cache, choice, shapes
from bpviz.engine.kernels.choice import DEFAULTS, NEVER, Choice, chosen, is_settled, keep, measured_here
from bpviz.engine.kernels.choosing import Point, ways
from bpviz.engine.kernels.shapes import Matrices
from bpviz.engine.update import Rule
from tests.engine.kernels import Pair, worst_steps
from tests.engine.networks import make_plan, random_batch, random_parameters

OTHER = Choice(1, 2, 3, 4, 5, 6, 7)
BLOCKS = "blocks float64"
WIDTH = 70
"""Of the layers here: more than a block of weights has rows, and not a multiple."""


@pytest.fixture(autouse=True)
def low_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so low that these layers have several of them."""
    monkeypatch.setattr(shapes, "BLOCK_ROWS", 66)


@pytest.fixture
def folder(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of programs, for which a measurement counts."""
    monkeypatch.delenv("BPVIZ_WAYS")
    chosen.cache_clear()
    folder = cache.cache_folder()
    folder.mkdir(parents=True)
    yield folder
    chosen.cache_clear()


def file_of(folder: Path) -> Path:
    """Where the choice for a folder stands."""
    file = cache.choice_file(folder)
    assert file is not None
    return file


def test_where_nothing_was_measured_the_default_stands(folder: Path) -> None:
    assert chosen("float64") == DEFAULTS["float64"]
    assert chosen("float32") == DEFAULTS["float32"]
    assert not is_settled(folder, BLOCKS)


def test_a_list_of_links_has_nothing_to_measure(folder: Path) -> None:
    assert is_settled(folder, "links float64")


def test_what_was_measured_is_read_back_for_its_precision_alone(folder: Path) -> None:
    keep(folder, "float64", OTHER)
    assert is_settled(folder, BLOCKS)
    assert not is_settled(folder, "blocks float32")
    assert (chosen("float64"), chosen("float32")) == (OTHER, DEFAULTS["float32"])
    keep(folder, "float32", replace(OTHER, own_rows=9))
    assert {name: found.choice.own_rows for name, found in measured_here(folder).items()} == {
        "float64": OTHER.own_rows,
        "float32": 9,
    }
    assert {found.since for found in measured_here(folder).values()} == {date.today()}


def test_a_process_reads_its_choice_once(folder: Path) -> None:
    before = chosen("float64")
    keep(folder, "float64", OTHER)
    assert chosen("float64") == before
    chosen.cache_clear()  # as another process would
    assert chosen("float64") == OTHER


def test_the_user_may_ask_for_the_default(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(folder, "float64", OTHER)
    monkeypatch.setenv("BPVIZ_WAYS", "default")
    assert chosen("float64") == DEFAULTS["float64"]
    assert is_settled(folder, "blocks float32")
    assert not measured_here(folder)


def test_a_choice_outlives_the_folder_of_its_programs(folder: Path) -> None:
    keep(folder, "float64", OTHER)
    assert cache.emptied(folder) == folder
    cache.prune(folder)
    folder.rmdir()
    assert measured_here(folder)["float64"].choice == OTHER


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"float64": {"choice": {}, "since": "2026-11-27"}}',
        b'{"float64": 3}',
        b'{"float16": %s}',
        b'{"float64": %s, "more": 1}',
    ],
)
def test_a_broken_file_counts_as_none_and_is_replaced(folder: Path, content: bytes) -> None:
    keep(folder, "float64", OTHER)
    whole = file_of(folder).read_bytes()
    entry = whole.partition(b":")[2].rstrip().removesuffix(b"}")
    file_of(folder).write_bytes(content.replace(b"%s", entry))
    assert not is_settled(folder, BLOCKS)
    assert chosen("float64") == DEFAULTS["float64"]
    keep(folder, "float64", OTHER)
    assert file_of(folder).read_bytes() == whole


@pytest.mark.parametrize("number", ["-1", "1.5", '"9"', "null", str(2 * NEVER)])
def test_a_number_that_is_no_count_breaks_a_file(folder: Path, number: str) -> None:
    keep(folder, "float64", OTHER)
    text = file_of(folder).read_text(encoding="utf-8")
    assert text.count(": 6") == 1
    file_of(folder).write_text(text.replace(": 6", f": {number}"), encoding="utf-8")
    assert not is_settled(folder, BLOCKS)


def test_where_nothing_can_be_kept_nothing_is_measured(tmp_path: Path, folder: Path) -> None:
    elsewhere = tmp_path / "temporary"
    elsewhere.mkdir()
    assert is_settled(elsewhere, BLOCKS)
    keep(elsewhere, "float64", OTHER)
    assert list(elsewhere.iterdir()) == []
    assert not measured_here(elsewhere)


def test_a_folder_whose_neighbors_cannot_be_written_is_settled(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_can_write", lambda folder: False)
    assert is_settled(folder, BLOCKS)
    assert choice.stood_before(folder, "float64") == DEFAULTS["float64"]


def test_a_file_that_cannot_be_replaced_stays_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(folder, "float64", OTHER)

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        keep(folder, "float64", replace(OTHER, own_rows=9))
    assert measured_here(folder)["float64"].choice == OTHER
    assert set(folder.parent.iterdir()) == {folder, file_of(folder)}


def test_the_next_measurement_departs_from_what_last_stood_on_this_processor(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for age in range(3):
        keep(folder.with_name(f"kernels-{age}"), "float64", replace(OTHER, own_rows=age))
        os.utime(file_of(folder.with_name(f"kernels-{age}")), (1e9 - age, 1e9 - age))
    assert choice.stood_before(folder, "float64").own_rows == 0
    assert choice.stood_before(folder, "float32") == DEFAULTS["float32"]
    file_of(folder.with_name("kernels-0")).write_bytes(b"broken")
    assert choice.stood_before(folder, "float64").own_rows == 1
    monkeypatch.setattr(cache, "_processors_key", lambda: "another")
    assert choice.stood_before(folder, "float64") == DEFAULTS["float64"]


def test_only_the_newest_choices_stay_beside_the_own_one(folder: Path) -> None:
    keep(folder, "float64", OTHER)
    os.utime(file_of(folder), (1, 1))
    names = [f"kernels-{age:02}" for age in range(20)]
    for age, name in enumerate(names):
        keep(folder.with_name(name), "float64", OTHER)
        os.utime(file_of(folder.with_name(name)), (1e9 - age, 1e9 - age))
    cache.prune(folder)
    left = {file_of(folder.with_name(name)).name for name in names[:16]}
    assert {file.name for file in folder.parent.glob("choice-*")} == left | {file_of(folder).name}


def wide_pair(precision: str) -> Pair:
    """A run of a network whose links in the middle may go any way."""
    plan = make_plan((3, WIDTH, WIDTH, 2), ("tanh",) * 3)
    x, y = random_batch(plan, "half_squared", np.random.default_rng(5), examples=23)
    rule = Rule(examples=23, optimizer="adam")
    return Pair(plan, rule, x.astype(precision), y.astype(precision), "blocks", size=9, rate=0.01)


each_way = pytest.mark.parametrize("way", ways(Point(WIDTH, 9)), ids=["BLAS", "own", "once BLAS", "once own"])
in_both = pytest.mark.parametrize(("precision", "near"), [("float64", 1e-10), ("float32", 2e-5)])


@each_way
@in_both
def test_each_way_makes_the_references_steps(
    way: Choice, precision: str, near: float, choose: Callable[..., None]
) -> None:
    choose(**asdict(way))
    pair = wide_pair(precision)
    assert worst_steps(pair, random_parameters(pair.plan, np.random.default_rng(6), 0.2), 12)["blocks"] < near


@each_way
@in_both
def test_slices_leave_the_same_bits_whichever_way_is_taken(
    way: Choice, precision: str, near: float, choose: Callable[..., None]
) -> None:
    choose(**asdict(way))
    pair = wide_pair(precision)
    begun = pair.begun(random_parameters(pair.plan, np.random.default_rng(6), 0.2))
    whole, parts, state = pair.tables(), pair.tables(), begun
    expected = pair.kernel().run(begun, pair.stream(0), whole, 20, 0.0).state
    kernel, done = pair.kernel(), 0
    for steps in (1, 2, 7, 10):
        parts = replace(parts, step_records=done, node_records=done)
        state, done = kernel.run(state, pair.stream(done), parts, steps, 0.0).state, done + steps
    np.testing.assert_array_equal(state.parameters, expected.parameters)
    np.testing.assert_array_equal(state.slots, expected.slots)
    np.testing.assert_array_equal(parts.total, whole.total)


def test_the_ways_are_not_the_same(choose: Callable[..., None]) -> None:
    # Else the two tests above would show nothing.
    pair, middle, found = wide_pair("float64"), 1, []
    begun = pair.begun(random_parameters(pair.plan, np.random.default_rng(6), 0.2))
    for way in ways(Point(WIDTH, 9)):
        choose(**asdict(way))
        kernel = pair.kernel()
        pair.run(kernel, begun, 1)
        assert isinstance(kernel._shape, Matrices)
        net = kernel._shape._net
        found.append((net.once[middle], net.own[middle], net.turned[middle]))
    assert found == [(0, 0, 0), (0, 1, 1), (1, 1, 0), (1, 1, 1)]


def test_an_engine_keeps_the_choice_of_its_first_step(choose: Callable[..., None]) -> None:
    pair, (first, _, _, last) = wide_pair("float64"), ways(Point(WIDTH, 9))
    begun = pair.begun(random_parameters(pair.plan, np.random.default_rng(6), 0.2))

    def run(then: Choice) -> bytes:
        choose(**asdict(last))
        kernel = pair.kernel()
        choose(**asdict(first))  # before the first step it may still be measured
        state = pair.run(kernel, begun, 10).state
        choose(**asdict(then))
        # Batches of another size, for which room is made anew.
        return replace(pair, size=7).run(kernel, state, 10).state.parameters.tobytes()

    assert run(first) == run(last)


def test_a_rehearsal_makes_steps_and_keeps_none() -> None:
    pair = wide_pair("float64")
    begun = pair.begun(random_parameters(pair.plan, np.random.default_rng(6), 0.2))
    before, tables = begun.parameters.copy(), pair.tables()
    call = pair.kernel().rehearsal(begun, pair.stream(0), tables)
    call(3)
    call(4)
    np.testing.assert_array_equal(begun.parameters, before)
    # The kernel writes what it records, so it is seen that steps were made, and as many as asked for.
    assert np.count_nonzero(tables.total[:, 0]) == 7
