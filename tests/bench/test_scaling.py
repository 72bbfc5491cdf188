"""Networks that scale are measured as they are named, and drawn below the roofs that were measured."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bpviz.bench import run as bench
from bpviz.bench import scaling
from bpviz.bench.report import Line, Report
from bpviz.bench.roofline import require_writable, write_roofline
from bpviz.bench.tables import tables
from bpviz.bench.task import Task
from bpviz.bench.timing import Timing
from bpviz.cli import cli
from bpviz.errors import BpvizError, FileError, SettingError
from bpviz.files.picture_settings import PictureSettings
from tests.bench.reports import report


def scaled(width: int, batch: int, **step_s: float) -> list[Line]:
    """Lines of one width that nobody measured, one for each optimizer and precision."""
    return [
        Line(
            net=case.net,
            optimizer=case.optimizer,
            precision=case.precision,
            examples_a_step=float(batch),
            operations_a_step=6.0 * width**2 * batch,
            columns={name: Timing(1, (taken,)) for name, taken in step_s.items()},
            connections=width**2 + 3 * width,
        )
        for case in scaling.cases((width,), (batch,))
    ]


def found(*lines: Line) -> Report:
    return replace(report(), scaling=lines)


def test_every_width_batch_optimizer_and_precision_is_a_case_of_its_own() -> None:
    cases = scaling.cases((8, 32), (1, 256))
    assert len({(one.net.name, one.net.batch, one.optimizer, one.precision) for one in cases}) == 16
    assert [one.name for one in cases[:2]] == [
        "2-8-8-1, batch 1, sgd, float64",
        "2-8-8-1, batch 1, sgd, float32",
    ]


@pytest.mark.parametrize("batch", scaling.BATCHES)
def test_a_case_has_its_sizes_its_connections_and_whole_batches(batch: int) -> None:
    case = scaling.cases((16,), (batch,))[0]
    task = Task.of(case.net, case.optimizer, case.precision)
    assert [layer.size for layer in task.compiled.plan.layers] == [2, 16, 16, 1]
    assert task.connections == 2 * 16 + 16 * 16 + 16
    assert task.examples_a_step == batch


def test_memory_is_gone_over_with_all_that_the_optimizer_keeps() -> None:
    by_name = {case.optimizer: case for case in scaling.cases((16,), (32,)) if case.precision == "float32"}
    sizes = {}
    for name, case in by_name.items():
        passes = scaling.Passes(Task.of(case.net, name, "float32"), 1000)
        assert {array.dtype for array in passes.arrays} == {np.dtype(np.float32)}
        passes.run(3)
        assert all((array == -1).all() for array in passes.arrays)  # turned thrice
        sizes[name] = sum(array.size for array in passes.arrays)
    assert sizes == {"sgd": 1000, "adam": 3000}


@pytest.mark.parametrize(("widths", "batches"), [((0,), (1,)), ((8192,), (1,)), ((8,), (0,)), ((8,), (3,))])
def test_sizes_that_cannot_be_measured_are_refused(widths: tuple[int, ...], batches: tuple[int, ...]) -> None:
    with pytest.raises(SettingError):
        bench.Wish(widths=widths, batches=batches)


def test_tables_hold_a_row_for_each_network_and_batch() -> None:
    lines = [
        *scaled(8, 1, kernel=1.0, torch=4.0),
        *scaled(128, 1, kernel=1.0, torch=2.0, memory=0.5),
    ]
    torch, speed, memory = tables(found(*lines))[:3]
    heads = ("SGD, float64", "SGD, float32", "Adam, float64", "Adam, float32")
    assert {table.header[3:] for table in (torch, speed, memory)} == {heads}
    assert [row[:3] for row in torch.rows] == [("2-8-8-1", "88", "1"), ("2-128-128-1", "16,768", "1")]
    assert [row[3:] for row in torch.rows] == [("4×",) * 4, ("2×",) * 4]
    assert [row[3:] for row in memory.rows] == [("50 %",) * 4], "narrow ones never leave the nearest cache"


def test_without_pytorch_its_table_is_left_out() -> None:
    titles = [table.title for table in tables(found(*scaled(8, 1, reference=1.0)))]
    assert titles == ["Scaling: GFLOP/s", "Window: while training"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_has_a_panel_for_each_optimizer_and_precision_and_names_every_curve(
    tmp_path: Path, theme: str
) -> None:
    lines = [
        *scaled(8, 32, kernel=1e-6, torch=4e-6),
        *scaled(128, 32, kernel=1e-4, torch=2e-4, memory=5e-5),
    ]
    write_roofline(found(*lines), tmp_path / "roof.svg", PictureSettings(theme=theme))
    drawn = ET.parse(tmp_path / "roof.svg")  # noqa: S314 - our own
    texts = {"".join(one.itertext()).strip() for one in drawn.iter("{http://www.w3.org/2000/svg}text")}
    panels = {f"{name}, {kind}" for name in ("SGD", "Adam") for kind in ("float64", "float32")}
    curves = {f"{name}, batch 32" for name in ("bpviz", "PyTorch", "Memory's roof")}
    assert texts >= {*panels, *curves, "Product 40", "Product 80", "A machine"}
    assert not any("$" in text for text in texts)


def test_a_picture_that_could_not_be_written_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    with pytest.raises(BpvizError, match="no format"):
        require_writable(tmp_path / "roof.txt")
    with pytest.raises(FileError, match="no folder"):
        require_writable(tmp_path / "missing" / "roof.svg")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--widths", "8,many"), "'many' is no size"),
        (("--batches", "-1"), "'-1' is no size"),
        (("--batches", "3"), "not all be whole"),
        (("--picture", "roof.svg", "--only", "2-4-2-1"), "Only the part scaling is drawn"),
        (("--picture", "roof"), "does not say in which format"),
    ],
)
def test_a_wrong_wish_is_refused_in_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    answer = CliRunner().invoke(cli, ["bench", *words])
    assert answer.exit_code == 2
    assert sentence in answer.stderr
    assert answer.stderr.count("\n") == 1


@pytest.mark.thorough
def test_a_short_choice_of_sizes_is_measured_and_drawn(tmp_path: Path) -> None:
    path, dark = tmp_path / "roof.png", tmp_path / "dark.png"
    words = ["--only", "scaling", "--against", "none", "--widths", "128,8", "--batches", "32"]
    answer = CliRunner().invoke(
        cli, ["bench", *words, "--seconds", ".005", "--picture", str(path), "--dark-picture", str(dark)]
    )
    assert answer.exit_code == 0, answer.output
    assert "2-8-8-1 " in answer.stdout
    assert "Scaling: share of the memory limit" in answer.stdout
    assert "PyTorch" not in answer.stdout
    assert path.read_bytes().startswith(b"\x89PNG")
    assert dark.read_bytes() != path.read_bytes()
