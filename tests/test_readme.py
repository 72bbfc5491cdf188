"""What README shows can be typed: its Python blocks run, and so do its commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from bpviz.cli import COMMANDS
from bpviz.cli import cli as group

README = Path(__file__).resolve().parent.parent / "README.md"
WITH_A_WINDOW = "open"


def _blocks(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def _commands() -> list[list[str]]:
    """The words after ``$ bpviz`` on each such line; those that open the window are left out."""
    lines = [line for block in _blocks("console") for line in block.splitlines()]
    found = [
        shlex.split(line.removeprefix("$ bpviz"), comments=True)
        for line in lines
        if line.startswith("$ bpviz")
    ]
    return [words for words in found if words and words[0] != WITH_A_WINDOW]


def test_readme_shows_every_command() -> None:
    shown = {words[0] for words in _commands()}
    assert {name for name in COMMANDS if name != WITH_A_WINDOW} <= shown


def test_the_python_blocks_run_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = _blocks("python")
    assert blocks
    for block in blocks:
        exec(compile(block, str(README), "exec"), names)  # noqa: S102 - our own README


def test_the_commands_run_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.csv").write_text("size,weight,kind\n" + "1,2,a\n3,5,b\n2,2,a\n4,6,b\n" * 5)
    for words in _commands():
        result = CliRunner().invoke(group, words)
        assert result.exit_code == 0, f"bpviz {shlex.join(words)}\n{result.output}"
