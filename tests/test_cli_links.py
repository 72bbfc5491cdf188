"""A link to the Playground wherever a project is asked for, by words and from scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import bpviz
from bpviz.cli import cli
from bpviz.errors import DataError

LINK = "https://playground.tensorflow.org/#dataset=xor&seed=0.59704&discretize=true"


def test_a_link_is_trained_and_what_it_lacks_is_said_on_stderr() -> None:
    result = CliRunner().invoke(cli, ["train", LINK, "--epochs", "1", "--engine", "reference"])
    assert result.exit_code == 0
    assert "train loss 0.495153, test loss 0.500154" in result.stdout
    assert "discretize=true changes only how the page looks" in result.stderr


def test_a_link_is_drawn_and_explained(tmp_path: Path) -> None:
    picture = tmp_path / "network.svg"
    assert CliRunner().invoke(cli, ["render", LINK, "--out", str(picture)]).exit_code == 0
    assert picture.stat().st_size > 0
    assert CliRunner().invoke(cli, ["gradients", LINK, "--rows", "0:2"]).exit_code == 0


def test_an_address_that_is_no_link_is_one_sentence() -> None:
    result = CliRunner().invoke(cli, ["train", "https://example.org/net"])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "no link to the TensorFlow Playground" in result.stderr


def test_scripts_are_warned_of_what_a_link_lacks() -> None:
    with pytest.warns(UserWarning, match="how the page looks"):
        project = bpviz.load(LINK)
    assert bpviz.playground_link(project).startswith("https://playground.tensorflow.org/#")
    with pytest.raises(DataError):
        bpviz.load("https://example.org/")
