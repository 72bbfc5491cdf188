"""The frames of an animation are the pictures of the run at those steps, and only the run moves in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import bpviz
from bpviz.cli import cli as group
from bpviz.errors import CancelledError, FileError, SettingError, UnknownNameError
from bpviz.files.diagram import network_canvas
from bpviz.files.frames import NetworkCamera, PlotCamera, camera_for, frames_of
from bpviz.files.picture_settings import PictureSettings
from bpviz.files.pictures import drawing, picture
from bpviz.files.shown_network import shown_run
from bpviz.training.figure import View
from bpviz.training.run import Run

SETTINGS = PictureSettings((300.0, 220.0), dpi=60)


@pytest.fixture(scope="module")
def run() -> Run:
    found = bpviz.run(bpviz.example("circle"))
    bpviz.train(found, 4)
    return found


def test_frames_of_the_network_are_its_pictures_at_those_steps(run: Run) -> None:
    camera = camera_for(run, "network", SETTINGS)
    assert isinstance(camera, NetworkCamera)
    seen: list[tuple[int, int]] = []
    frames = list(frames_of(run, camera, (0, 30, 80), lambda done, of: seen.append((done, of))))
    for step, content in zip((0, 30, 80), frames, strict=True):
        here = run.at(step)
        with drawing(SETTINGS):
            canvas = network_canvas(here.project.network, shown_run(here), SETTINGS, f"step {step}")
            assert picture(canvas, "png", SETTINGS.dpi) == content
    assert seen == [(0, 3), (1, 3), (2, 3)]
    assert run.timeline.at_end  # which stays where it is


@pytest.mark.parametrize("name", ["loss", "loss:log", "gradients", "deltas", "map", "confusion"])
def test_frames_of_a_plot_are_its_figures_on_axes_that_stay(run: Run, name: str) -> None:
    camera = camera_for(run, name, SETTINGS)
    assert isinstance(camera, PlotCamera)
    axes = []
    for step in (40, 90):
        here = run.at(step)
        figure, alone = camera.figure(here), bpviz.figure(here, name)
        for ours, theirs in zip(figure.curves, alone.curves, strict=True):
            np.testing.assert_array_equal(ours.y, theirs.y)
            assert int(ours.last[-1]) <= step
        assert figure.title == f"{alone.title}, step {step}"
        with drawing(SETTINGS):
            canvas = camera._canvas(figure)
            places = [one.get_position().bounds for one in canvas.axes]
            axes.append((canvas.axes[0].get_xlim(), canvas.axes[0].get_ylim(), places, figure.scale))
    assert axes[0] == axes[1]


def test_curves_are_as_smooth_as_asked_for(run: Run) -> None:
    camera = camera_for(run, "loss", SETTINGS, View(smooth=0.9))
    assert isinstance(camera, PlotCamera)
    assert camera.figure(run.at(100)).smooth == 0.9


def test_steps_with_nothing_to_show_have_no_frame(run: Run, tmp_path: Path) -> None:
    count = bpviz.animate(run, "deltas", tmp_path / "a", frames=3, size=(200, 160), dpi=60)
    assert count == len(list((tmp_path / "a").iterdir())) == 2
    for path in (tmp_path / "a").iterdir():
        with Image.open(path) as image:
            assert image.size == (200, 160)


def test_an_animation_by_command_is_the_animation_by_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    bpviz.save("p.bpviz", run)
    words = ["animate", "p.bpviz", "--what", "map", "--frames", "3", "--size", "200x160", "--out", "a.gif"]
    answer = CliRunner().invoke(group, [*words, "--dark", "--fps", "5"])
    assert (answer.exit_code, answer.stdout) == (0, "wrote a.gif, 3 frames\n")
    assert bpviz.animate("p.bpviz", "map", "b.gif", frames=3, size="200x160", theme="dark", fps=5) == 3
    assert Path("a.gif").read_bytes() == Path("b.gif").read_bytes()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--out", "a.avi"), "can't be written as '.avi'"),
        (("--out", "a.gif"), "has made no step yet"),
        (("--frames", "0", "--out", "a.gif"), "There can't be 0 frames"),
        (("--dpi", "1", "--out", "a.gif"), "can't have 1 dpi"),
    ],
)
def test_what_can_not_be_animated_is_refused(
    words: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = CliRunner().invoke(group, ["animate", "--example", "xor", *words])
    assert answer.exit_code == 2
    assert sentence in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_scripts_are_refused_what_is_no_animation(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError):
        bpviz.animate(run, "nonsense", tmp_path / "a.gif")
    with pytest.raises(SettingError, match="frames a second"):
        bpviz.animate(run, "loss", tmp_path / "a.gif", frames=2, fps=1e9)
    table = bpviz.train(bpviz.run(bpviz.example("xor")), 1)
    with pytest.raises(FileError, match="does not exist"):
        bpviz.animate(table, "loss", tmp_path / "none" / "a.gif", frames=2)
    assert list(tmp_path.iterdir()) == []


def test_it_can_be_ended(run: Run, tmp_path: Path) -> None:
    def end(done: int, of: int) -> None:
        if done == of - 1:
            raise CancelledError("Stopped.")

    for name in ("a.gif", "a"):
        with pytest.raises(CancelledError):
            bpviz.animate(run, "loss", tmp_path / name, frames=3, size=(200, 160), progress=end)
    assert list(tmp_path.iterdir()) == []
