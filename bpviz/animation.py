"""Animations of a run's way, for scripts and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Unpack

from bpviz.api import run as run_of
from bpviz.errors import FileError
from bpviz.files.film_strip import USUAL_FPS, check_moving, format_of, frame_steps
from bpviz.files.frames import camera_for, frames_of
from bpviz.files.picture_settings import PX_PER_INCH, PictureSettings
from bpviz.files.safe import check_place
from bpviz.pictures import Wanted, settings_of
from bpviz.plain import as_float, as_whole
from bpviz.training.figure import View
from bpviz.training.run import Run
from bpviz.training.session import Session

USUAL_DPI: Final = PX_PER_INCH
"""Animations are for screens."""

NOTHING_MOVES: Final = "This run has made no step yet, so nothing moves; train it first."


def animate(
    run: Run | Session | str | Path,
    what: str,
    path: str | Path,
    *,
    frames: int | None = None,
    every: int | None = None,
    fps: float = USUAL_FPS,
    smooth: float = 0.0,
    progress: Callable[[int, int], None] | None = None,
    **wanted: Unpack[Wanted],
) -> int:
    """Write how a run went, as pictures one after the other.

    Axes and color scales are those of the last step all the way.

    Args:
        run: The run, or a ``.bpviz`` file; its present line, from its first step to its last.
        what: ``network``, ``map``, ``loss``, ... : the drawing, or a plot as for `bpviz.figure`.
        path: A ``.gif`` or ``.mp4`` file, or without an ending a new folder of PNG pictures.
        frames: How many, evenly; by default 60, or as many as there are steps.
        every: Instead, one every so many steps.
        fps: Frames a second, of a GIF or a video.
        smooth: As in `bpviz.export_plot`.
        progress: Told now and then (frames done, frames in all); an exception from it ends the work.
        **wanted: As in `bpviz.export_plot`, at 96 dpi by default.

    Returns:
        How many frames were written: steps at which there is nothing to show yet have none.

    Raises:
        UnknownNameError: If there is no such plot.
        SettingError: If there can't be such frames.
        FileError: If there is nothing to show, or it can't be written; nothing is left behind then.
    """
    if wanted.get("dpi") is None:
        wanted["dpi"] = USUAL_DPI
    settings, view = settings_of(wanted), View(smooth=as_float(smooth))
    led = run if isinstance(run, Run) else run_of(run)
    return write_animation(
        led, what, Path(path), settings, view, frames=frames, every=every, fps=fps, progress=progress
    )


def write_animation(
    run: Run,
    what: str,
    path: Path,
    settings: PictureSettings,
    view: View,
    *,
    frames: int | None = None,
    every: int | None = None,
    fps: float = USUAL_FPS,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Write an animation; see `animate`."""
    entry, line = format_of(path), run.timeline
    check_place(path)  # before the frames are drawn, which takes a while
    steps = frame_steps(line.first_step, line.last_step, as_whole(frames), as_whole(every))
    if len(steps) < 2:
        raise FileError(NOTHING_MOVES, path)
    camera = camera_for(run, what, settings, view)
    check_moving(as_float(fps), len(steps), camera.pixels)
    written = 0

    def counted() -> Iterator[bytes]:
        nonlocal written
        for content in frames_of(run, camera, steps, progress or _nobody):
            written += 1
            yield content

    entry.write(path, counted(), as_float(fps))
    return written


def _nobody(done: int, of: int) -> None:
    """Tell nobody."""
