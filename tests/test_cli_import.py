"""``bpviz import``: what becomes of each array, one row, and the project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from click.testing import CliRunner

import bpviz
from bpviz.cli import cli
from tests.files.bringing.nets import XOR_LINKS, XOR_PATTERNS, XOR_ROWS, net, pat


def test_a_state_dict_is_shown_computed_and_saved(tmp_path: Path) -> None:
    path, saved = tmp_path / "net.npz", tmp_path / "net.bpviz"
    arrays: dict[str, Any] = {"0.weight": np.ones((3, 2)), "0.bias": np.zeros(3), "2.weight": np.ones((1, 3))}
    np.savez(path, **arrays)
    result = CliRunner().invoke(cli, ["import", str(path), "--row", "1,2", "--save", str(saved)])
    assert result.exit_code == 0, result.output
    assert "2-3-1 relu linear" in result.stdout
    assert "0.weight (3×2): weights from Input to Hidden 1" in result.stdout
    assert "(1, 2) gives (9)" in result.stdout
    assert "ReLU is taken" in result.stderr
    assert "2.weight has no biases" in result.stderr
    assert bpviz.backprop(bpviz.load(saved)).a[-1].tolist() == [[6.0]]


def test_snns_with_its_patterns_trains(tmp_path: Path) -> None:
    path, examples, saved = tmp_path / "xor.net", tmp_path / "xor.pat", tmp_path / "xor.bpviz"
    path.write_text(net(XOR_ROWS, XOR_LINKS))
    examples.write_text(pat(2, 1, XOR_PATTERNS))
    words = ["import", str(path), "--patterns", str(examples), "--save", str(saved)]
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert len(bpviz.backprop(bpviz.load(saved)).a[-1]) == 4


def test_weights_go_into_a_project_that_is_there(tmp_path: Path) -> None:
    weights, project, saved = tmp_path / "w.csv", tmp_path / "p.bpviz", tmp_path / "q.bpviz"
    circle = bpviz.example("circle")
    bpviz.export_weights(bpviz.train(circle, 2, engine="reference"), weights)
    bpviz.save(project, circle)
    words = ["import", str(weights), "--into", str(project), "--save", str(saved)]
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert bpviz.load(saved).data == circle.data
    assert len(bpviz.load(saved).start.values) == 25


def test_what_is_refused_is_said_with_its_lines(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["import", "model.pt"])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 4
    square = tmp_path / "s.npz"
    np.savez(square, W=np.eye(2))
    result = CliRunner().invoke(cli, ["import", str(square)])
    assert result.exit_code == 2
    assert "either way round" in result.stderr
    assert CliRunner().invoke(cli, ["import", str(square), "--orientation", "in-out"]).exit_code == 0


def test_a_wide_networks_row_is_no_page_of_numbers_and_its_weights_stand_as_an_array(tmp_path: Path) -> None:
    path, saved = tmp_path / "wide.npz", tmp_path / "wide.bpviz"
    rng = np.random.default_rng(3)
    first, second = rng.normal(size=(30, 40)), rng.normal(size=(1, 30))
    arrays: dict[str, Any] = {
        "0.weight": first,
        "0.bias": np.zeros(30),
        "2.weight": second,
        "2.bias": np.ones(1),
    }
    np.savez(path, **arrays)
    result = CliRunner().invoke(cli, ["import", str(path), "--save", str(saved)])
    assert result.exit_code == 0, result.output
    answer = float((second @ np.maximum(first.sum(axis=1), 0.0))[0]) + 1
    assert f"(1, 1, 1, 1, 1, 1, 1, 1 and 32 more) gives ({answer:.10g})" in result.stdout
    (block,) = bpviz.load(saved).start.blocks
    np.testing.assert_array_equal(block.array, first)
