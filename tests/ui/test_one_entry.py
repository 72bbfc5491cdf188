"""One series and one plot more, an entry each, are found wherever series and plots are."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz import api
from bpviz.cli import cli as group
from bpviz.training.figure import Axis
from bpviz.training.figures import PLOTS, of_series
from bpviz.training.marks import Line
from bpviz.training.series import SERIES, Series
from bpviz.ui.app import make_window
from bpviz.ui.preferences import Preferences
from tests.training.marks import the
from tests.ui.conftest import Answers

NAME = "weight_size"
SIZE = Series(
    NAME, "All weights", epoch=lambda here: float(np.abs(here.parameters).mean()), color="test", behind=True
)
PLOT = of_series(
    NAME,
    "Size of weights",
    "How large the weights grow.",
    (NAME,),
    "The mean size of all weights and biases appears here.",
    y=Axis("Mean size"),
    behind=(NAME,),
)


@pytest.fixture(autouse=True)
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two entries, and nothing else."""
    monkeypatch.setattr(SERIES, "_entries", {**SERIES, NAME: SIZE})
    monkeypatch.setattr(PLOTS, "_entries", {**PLOTS, NAME: PLOT})


def test_the_window_shows_and_exports_them(
    undressed: QApplication, qtbot: QtBot, preferences: Preferences, answers: Answers, tmp_path: Path
) -> None:
    window = make_window(undressed, preferences, quiet=True)
    try:
        window.files.questions = answers
        window.start()
        window.show_as_new()
        qtbot.waitUntil(lambda: window.controller.latest is not None)
        menus = window.menus.by_name
        assert "Size of weights…" in [action.text() for action in menus["export_plot"].actions()]
        assert "Size of weights" in [action.text() for action in menus["Window"].actions()]
        window.arrangement.docks[NAME].raise_()
        panel = window.board.panels[NAME]
        qtbot.waitUntil(lambda: NAME in window.board.wants)
        window.controller.run_to(60)
        qtbot.waitUntil(lambda: not window.controller.playing, timeout=30_000)
        qtbot.waitUntil(lambda: panel.figure is not None and the(panel.figure, Line).y.size > 1)
        assert panel.figure is not None
        assert the(panel.figure, Line).name == "All weights"
        qtbot.waitUntil(lambda: "All weights" in panel.heading.legend.names)
        for kind in ("png", "svg", "csv"):
            answers.path = tmp_path / f"sizes.{kind}"
            window.exports.plot(NAME)
            qtbot.waitUntil(answers.path.exists)
        drawn = the(panel.figure, Line).y
        _, *rows = csv.reader((tmp_path / "sizes.csv").read_text(encoding="utf-8").splitlines())
        assert {row[0] for row in rows} == {"All weights"}
        assert [float(row[5]) for row in rows] == drawn.tolist()
        assert "All weights" in (tmp_path / "sizes.svg").read_text(encoding="utf-8")
    finally:
        window.abandon()


def test_the_command_line_lists_writes_and_knows_them(tmp_path: Path) -> None:
    def bpviz(*words: str) -> str:
        result = CliRunner().invoke(group, list(words))
        assert result.exit_code == 0, result.output
        return result.stdout

    assert "weight_size" in bpviz("plots")
    assert NAME in [entry["name"] for entry in json.loads(bpviz("plots", "--json"))]
    out = tmp_path / "out"
    words = ("train", "--example", "circle", "--epochs", "3", "--engine", "reference", "--out", str(out))
    assert "weight_size.png" in bpviz(*words)
    for kind in ("png", "svg", "csv"):
        path = tmp_path / f"sizes.{kind}"
        bpviz("export", str(out / "project.bpviz"), "--plot", "weight_size:log", "--out", str(path))
        assert path.stat().st_size > 50
    run = api.resume(out / "project.bpviz")
    last = the(api.figure(run, NAME), Line).y[-1]
    assert last == pytest.approx(np.abs(run.parameters).mean())
