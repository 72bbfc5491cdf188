"""What the window's processes say becomes figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bpviz.bench import window
from bpviz.bench.window import WindowError


def test_a_start_is_timed_from_before_the_process_until_the_window_is_painted(tmp_path: Path) -> None:
    file = tmp_path / "library.so"
    file.write_text("code")
    now = iter(range(0, 1000, 100))

    def ask(part: str, options: Mapping[str, Any]) -> dict[str, Any]:
        assert (part, options) == ("start", {})
        ask.count += 1  # type: ignore[attr-defined]
        begun = 100 * (ask.count - 1)  # type: ignore[attr-defined]
        return {"painted": begun + 0.5, "filled": begun + 0.75, "screen": "nowhere", "files": [str(file)]}

    ask.count = 0  # type: ignore[attr-defined]
    figures, screen = window.measure_start(ask, lambda: float(next(now)))
    assert screen == "nowhere"
    assert figures[0].values == (0.5,) * 3
    assert figures[1].values == (0.75,) * 3
    assert {figure.goal for figure in figures} == {0.8, None, 2.0}
    assert file.read_text() == "code"


def test_files_that_are_gone_are_passed_over_when_the_cache_is_emptied(tmp_path: Path) -> None:
    assert window.forget([str(tmp_path / "gone.py")]) == 0


def test_speed_beside_headless_is_compared_round_by_round() -> None:
    def ask(part: str, options: Mapping[str, Any]) -> dict[str, Any]:
        assert options["play_s"] == 90
        return {
            "plots": 7,
            "path": "kernel",
            "late_p50": [0.1, 0.2, 0.3],
            "late_p99": [1.0, 3.0, 2.0],
            "window_steps_per_s": [90.0, 50.0, 200.0],
            "headless_steps_per_s": [100.0, 100.0, 200.0],
            "frames_per_s": [28.0, 28.0, 27.0],
            "memory_mb": [[1, 100.0], [60, 200.0], [90, 202.0]],
            "screen": "nowhere",
        }

    figures, _ = window.measure_play(90, ask_=ask)
    by_name = {figure.name: figure for figure in figures}
    assert by_name["Training beside headless"].values == pytest.approx((90.0, 50.0, 100.0))
    assert by_name["Timer late, 99th percentile"].value == 2.0
    assert by_name["Memory in use"].value == 202.0
    assert by_name["Memory grown"].value == pytest.approx(1.0)


def test_memory_of_a_short_play_is_compared_with_its_middle() -> None:
    _, grown = window.memory([(1, 50.0), (2, 100.0), (3, 101.0), (4, 110.0)])
    assert grown.value == pytest.approx(10.0)
    assert grown.note == "from second 2 to 4"
    assert window.memory([]) == []


def test_a_wide_network_trains_in_the_window_from_a_file_and_a_wider_one_is_edited() -> None:
    from bpviz.files.project import open_project
    from bpviz.ui.measure.editing import EDITS

    asked = []

    def ask(part: str, options: Mapping[str, Any]) -> dict[str, Any]:
        asked.append(open_project(Path(options["project"])).project)
        if part == "editing":
            edits = {name: [float(at), 60.0] for at, name in enumerate(EDITS)}
            return {"edits_ms": edits, "undos_ms": edits, "opening_ms": [4.0], "selecting_ms": [5.0]}
        assert part == "play"
        found = {"late_p50": [1.0], "late_p99": [3.0, 9.0, 4.0], "frames_per_s": [20.0]}
        found |= {"window_steps_per_s": [40.0, 80.0, 60.0], "headless_steps_per_s": [50.0, 82.0, 100.0]}
        return {**found, "plots": 7, "path": "kernel", "screen": "nowhere"}

    figures, screen = window.measure_wide(1.0, ask)
    assert [[layer.size for layer in project.network.layers] for project in asked] == [
        [784, 512, 512, 10],
        [784, 1024, 1024, 10],
    ]
    editing = [figure for figure in figures if figure.goal == 50.0]
    assert len({figure.name for figure in editing}) == 2 + 2 * len(EDITS)
    assert {"Open, once read", "Remove a node", "Remove a node, undone"} <= {one.name for one in editing}
    late = next(figure for figure in figures if figure.goal is not None)
    assert (late.value, late.goal, late.part, screen) == (4.0, 8.0, "wide", "nowhere")
    beside = next(figure for figure in figures if figure.name == "Training beside headless")
    assert (beside.value, beside.goal, beside.more_is_better) == (
        80.0,
        90.0,
        True,
    )  # of pairs, not of medians


def test_every_kind_of_frame_has_a_name() -> None:
    from bpviz.ui.measure.drawing import KINDS

    def ask(part: str, options: Mapping[str, Any]) -> dict[str, Any]:
        return {"frames_ms": {kind: [2.0, 1.0, 3.0] for kind in KINDS}, "screen": "nowhere"}

    figures, _ = window.measure_drawing(0.1, ask)
    assert len({figure.name for figure in figures}) == len(KINDS)
    assert {figure.value for figure in figures} == {2.0}


def test_a_window_that_can_not_be_opened_is_told_of_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "nonsense")
    with pytest.raises(WindowError, match="run bpviz doctor"):
        window.ask("start", {})


def test_the_window_starts_with_compiled_modules_as_it_does_for_users(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert "PYTHONDONTWRITEBYTECODE" not in window.process_environment()


def test_without_a_display_qt_is_told_to_draw_offscreen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert window.process_environment()["QT_QPA_PLATFORM"] == "offscreen"
    monkeypatch.setenv("DISPLAY", ":7")
    assert "QT_QPA_PLATFORM" not in window.process_environment()
