"""A very short benchmark goes through, and wrong wishes are refused before anything runs."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bpviz.bench import run as bench
from bpviz.bench.peers import PEERS
from bpviz.bench.window import WindowError
from bpviz.cli import cli
from bpviz.errors import BpvizError

pytestmark = pytest.mark.thorough


def test_two_networks_are_measured_in_a_moment() -> None:
    said: list[tuple[str, int, int]] = []
    wish = bench.Wish(parts=("2-4-2-1", "4-16-3"), peers=(), seconds=0.01)
    report = bench.run(wish, lambda *words: said.append(words))
    assert [(line.net.name, line.optimizer, line.precision) for line in report.lines] == [
        (net, optimizer, precision)
        for net in ("2-4-2-1", "4-16-3")
        for optimizer in ("sgd", "adam")
        for precision in ("float64", "float32")
    ]
    assert all(line.steps_per_s("reference") > 0 for line in report.lines)
    assert {(line.net.name, line.connections) for line in report.lines} == {("2-4-2-1", 18), ("4-16-3", 112)}
    assert [done for _, done, _ in said] == [*range(9), 9]
    assert report.window == ()


def test_the_command_prints_a_table_json_or_markdown() -> None:
    words = ["bench", "--only", "2-4-2-1", "--against", "none", "--seconds", ".01"]
    for extra, begins in (((), ""), (("--json",), "{"), (("--markdown",), "Made by `bpviz bench")):
        answer = CliRunner().invoke(cli, [*words, *extra])
        assert answer.exit_code == 0, answer.output
        assert answer.stdout.startswith(begins)
        assert "2-4-2-1" in answer.stdout
    assert json.loads(CliRunner().invoke(cli, [*words, "--json"]).stdout)["seconds_a_column"] == 0.01


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--only", "2-4-2"), "There is no part of the benchmark named '2-4-2'"),
        (("--against", "numpy"), "There is no peer named 'numpy'"),
        (("--seconds", "0"), "more than 0"),
        (("--seconds", "nan"), "more than 0"),
        (("--play", "0"), "1 or more"),
        (("--json", "--markdown"), "not both"),
    ],
)
def test_a_wrong_wish_is_refused_in_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    answer = CliRunner().invoke(cli, ["bench", *words])
    assert answer.exit_code == 2
    assert sentence in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_ctrl_c_ends_it_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bpviz.bench.machine.look", interrupted)
    answer = CliRunner().invoke(cli, ["bench"])
    assert answer.exit_code == 130
    assert answer.stderr.strip() == "Stopped."


def test_a_peer_that_is_not_here_is_refused_when_named_and_noted_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bpviz.bench.peers.find_spec", lambda _name: None)
    assert not PEERS["torch"].here()
    with pytest.raises(BpvizError, match="pip install torch"):
        bench.Wish(peers=("torch",))
    report = bench.run(bench.Wish(parts=("2-4-2-1",), seconds=0.002), lambda *_words: None)
    assert sum("pip install" in note for note in report.notes) == 2


def test_a_window_that_does_not_open_is_a_note_and_not_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_window(*_words: object) -> None:
        raise WindowError("No window.")

    monkeypatch.setattr("bpviz.bench.window.measure_start", no_window)
    report = bench.run(bench.Wish(parts=("start",), seconds=0.001), lambda *_words: None)
    assert "No window." in report.notes
    assert report.screen == ""
