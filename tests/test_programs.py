"""Programs by script and by command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

import bpviz
from bpviz.cli import cli
from bpviz.errors import FileError, UnknownNameError


def test_a_program_is_written_with_what_belongs_beside_it(tmp_path: Path) -> None:
    run = bpviz.train(bpviz.example("xor"), 2, engine="reference")
    assert [path.name for path in bpviz.export_code(run, tmp_path / "net.py")] == ["net.py", "net-data.npz"]
    with pytest.raises(UnknownNameError, match="did you mean 'torch'"):
        bpviz.export_code(run, tmp_path / "net.py", "pytorch")
    with pytest.raises(UnknownNameError, match="beginning"):
        bpviz.export_code(run, tmp_path / "net.py", since="later")  # type: ignore[arg-type]


def test_where_the_program_can_not_be_written_nothing_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "net.py").mkdir()
    with pytest.raises(FileError):
        bpviz.export_code(bpviz.example("xor"), tmp_path / "net.py")
    assert [path.name for path in tmp_path.iterdir()] == ["net.py"]


def test_the_command_line_says_what_a_model_takes(
    tmp_path: Path, oracle: Callable[[str], ModuleType]
) -> None:
    oracle("onnx")
    path = tmp_path / "net.onnx"
    answer = CliRunner().invoke(cli, ["export", "--example", "iris", "--model", "onnx", "--out", str(path)])
    assert (answer.exit_code, answer.stdout) == (0, f"wrote {path}\n")
    assert answer.stderr.startswith("The model takes rows of 4 numbers, in this order: sepal length, ")
    assert bpviz.export_model(bpviz.example("iris"), tmp_path / "same.onnx") + "\n" == answer.stderr


def test_the_command_line_writes_the_same_program(tmp_path: Path) -> None:
    bpviz.export_code(bpviz.example("mazur"), tmp_path / "a.py", "numpy")
    words = ["export", "--example", "mazur", "--code", "numpy", "--from", "start"]
    answer = CliRunner().invoke(cli, [*words, "--out", str(tmp_path / "b.py")])
    assert (answer.exit_code, answer.output) == (0, f"wrote {tmp_path / 'b.py'}\n")
    assert (tmp_path / "a.py").read_text() == (tmp_path / "b.py").read_text()
    for wrong in (["--from", "now"], ["--code", "numpy", "--dark"], ["--code", "numpy", "--weights", "npz"]):
        refused = CliRunner().invoke(cli, ["export", "--example", "mazur", *wrong, "--out", "x"])
        assert refused.exit_code == 2
