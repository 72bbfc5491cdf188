"""The window's measuring stage measures what it says."""

from __future__ import annotations

import math
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QTimer
from pytestqt.qtbot import QtBot

from bpviz.api import save
from bpviz.bench.window import ask
from bpviz.model.builder import layered_network
from bpviz.model.compile import compile_network
from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Project
from bpviz.training.marks import Heat
from bpviz.ui.measure import drawing
from bpviz.ui.measure.editing import EDITS
from bpviz.ui.measure.play import Ticker, headless, resident_mb
from bpviz.ui.theme import Theme
from tests.training.marks import the

pytestmark = pytest.mark.thorough


@pytest.fixture
def theme(qapp: object) -> Theme:
    """Light colors."""
    return Theme("light")


@pytest.mark.parametrize("kind", drawing.KINDS)
def test_every_kind_of_frame_paints_something_else_each_time(kind: str, theme: Theme, qtbot: QtBot) -> None:
    with drawing.KINDS[kind](theme) as (widget, frame):
        widget.show()
        qtbot.waitExposed(widget)
        frame(0)
        before = widget.grab().toImage()
        frame(1)
        assert widget.grab().toImage() != before


def test_the_networks_have_as_many_links_as_they_are_measured_for() -> None:
    counts = [
        compile_network(drawing.network(sizes)).plan.weight_count
        for sizes in (drawing.THOUSAND, drawing.FIVE_THOUSAND)
    ]
    assert counts == [1000, 5000]


def test_figures_to_draw_are_as_large_as_figures_get() -> None:
    figure = drawing.curves(1, 12)
    assert [line.y.size for line in figure.curves] == [2048] * 12
    first, second = (the(drawing.deltas(k), Heat).values for k in (1, 2))
    assert first.shape == (200, 512)
    assert not np.array_equal(first, second)


def test_a_ticker_notes_how_long_the_loop_was_busy(qtbot: QtBot) -> None:
    ticker = Ticker()
    loop = QEventLoop()

    def work() -> None:
        end = time.perf_counter() + 0.05
        while time.perf_counter() < end:
            math.sqrt(2.0)

    QTimer.singleShot(20, work)
    QTimer.singleShot(120, loop.quit)
    ticker.start()
    loop.exec()
    ticker.stop()
    assert len(ticker.late_ms) > 2
    assert max(ticker.late_ms) > 30
    assert min(ticker.late_ms) >= 0


def test_a_run_without_a_window_has_a_speed() -> None:
    assert headless(EXAMPLES["mazur"].build(), "reference", 0.02) > 10


def test_memory_in_use_is_that_of_a_program_with_qt() -> None:
    assert 20 < resident_mb() < 20_000


def test_a_start_is_witnessed_in_a_process_of_its_own() -> None:
    begin = time.time()
    found = ask("start", {})
    assert begin < found["painted"] <= time.time()
    assert begin < found["filled"] <= time.time()
    assert any("bpviz" in path and "main_window" in path for path in found["files"])


def test_a_play_is_measured_from_beginning_to_end() -> None:
    options = {"kernel_within_s": 1, "rounds": 1, "round_s": 0.2, "play_s": 2}
    found = ask("play", options)
    assert found["plots"] == 7
    for name in ("late_p50", "late_p99", "window_steps_per_s", "headless_steps_per_s", "frames_per_s"):
        assert len(found[name]) == 1
        assert found[name][0] >= 0
    assert found["window_steps_per_s"][0] > 0
    assert [second for second, _ in found["memory_mb"]] == [1, 2]


def test_edits_are_measured_each_and_taken_back(tmp_path: Path) -> None:
    network = layered_network(("x", "y"), (8, 8), 1)
    save(tmp_path / "a.bpviz", Project(network, EXAMPLES["spiral"].build().data))
    found = ask("editing", {"project": str(tmp_path / "a.bpviz"), "rounds": 1})
    assert found["edits_ms"].keys() == found["undos_ms"].keys() == EDITS.keys()
    numbers = [*found["edits_ms"].values(), *found["undos_ms"].values()]
    for taken in (*numbers, found["opening_ms"], found["selecting_ms"]):
        assert len(taken) == 1
        assert taken[0] > 0
