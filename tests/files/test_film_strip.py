"""Frames are chosen evenly, written in order, and nothing half is left behind."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from bpviz.errors import CancelledError, FileError, SettingError
from bpviz.files.film_strip import MOVING_FORMATS, check_moving, format_of, frame_steps

SIZE = (12, 8)


def png(shade: int, size: tuple[int, int] = SIZE) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (shade, 0, 255 - shade)).save(file, "PNG")
    return file.getvalue()


def stopped(after: int) -> Iterator[bytes]:
    for number in range(after):
        yield png(number)
    raise CancelledError("Stopped.")


@given(st.integers(0, 1000), st.integers(1, 10**7), st.integers(2, 1000))
def test_frames_are_spread_evenly_from_first_to_last(first: int, length: int, count: int) -> None:
    steps = frame_steps(first, first + length, count)
    assert (steps[0], steps[-1]) == (first, first + length)
    assert len(steps) == min(count, length + 1) or (length < 2 * count and len(steps) <= count)
    gaps = [after - before for before, after in pairwise(steps)]
    assert all(gap > 0 for gap in gaps)
    assert max(gaps) - min(gaps) <= 1


def test_one_every_so_many_steps_ends_at_the_last() -> None:
    assert frame_steps(0, 10, every=4) == (0, 4, 8, 10)
    assert frame_steps(0, 8, every=4) == (0, 4, 8)
    assert frame_steps(3, 3) == (3,)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"frames": 1}, "There can't be 1 frames; choose a whole number from 2 to 1000"),
        ({"frames": 2.5}, "choose a whole number"),
        ({"every": 0}, "choose a whole number from 1"),
        ({"every": 1}, "more than the 1\u202f000 there can be"),
        ({"every": 5, "frames": 5}, "not both"),
    ],
)
def test_what_are_no_frames_is_refused(given: dict[str, int], said: str) -> None:
    with pytest.raises(SettingError, match=said):
        frame_steps(0, 100_000, **given)


def test_an_animation_fits_into_memory_and_moves() -> None:
    check_moving(12.0, 60, (1000, 1000))
    with pytest.raises(SettingError, match="more than memory should hold"):
        check_moving(12.0, 1000, (1000, 1000))
    for fps in (0.0, 51.0, float("nan")):
        with pytest.raises(SettingError, match="frames a second"):
            check_moving(fps, 10, SIZE)


def test_a_gif_has_the_frames_in_their_order_and_rests_at_the_last(tmp_path: Path) -> None:
    MOVING_FORMATS["gif"].write(tmp_path / "a.gif", map(png, (0, 100, 200)), 10.0)
    with Image.open(tmp_path / "a.gif") as image:
        frames = [
            (frame.convert("RGB").getpixel((3, 3)), frame.info["duration"])
            for frame in ImageSequence.Iterator(image)
        ]
        assert image.info["loop"] == 0
    assert frames == [((0, 0, 255), 100), ((100, 0, 155), 100), ((200, 0, 55), 2000)]


def test_a_folder_has_the_frames_by_number(tmp_path: Path) -> None:
    MOVING_FORMATS["png"].write(tmp_path / "a", map(png, (1, 2, 3)), 10.0)
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == {
        f"000{number}.png": png(number) for number in (1, 2, 3)
    }


@pytest.mark.parametrize(("kind", "name"), [("gif", "a.gif"), ("png", "a")])
def test_nothing_half_is_left_behind(tmp_path: Path, kind: str, name: str) -> None:
    with pytest.raises(CancelledError):
        MOVING_FORMATS[kind].write(tmp_path / name, stopped(2), 10.0)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileError):
        MOVING_FORMATS[kind].write(tmp_path / "none" / name, map(png, (1, 2)), 10.0)
    assert list(tmp_path.iterdir()) == []


def test_the_name_says_the_kind(tmp_path: Path) -> None:
    assert format_of(tmp_path / "a.GIF").name == "gif"
    assert format_of(tmp_path / "a").name == "png"
    with pytest.raises(FileError, match="is there already; name a new folder"):
        format_of(tmp_path)
    with pytest.raises(FileError, match=r"end its name in \.gif or \.mp4"):
        format_of(tmp_path / "a.avi")


@pytest.mark.parametrize("size", [(64, 48), (65, 47)])
def test_a_video_has_all_frames_and_even_sides(
    tmp_path: Path, oracle: Callable[[str], ModuleType], size: tuple[int, int]
) -> None:
    library = oracle("imageio_ffmpeg")
    path = tmp_path / "a.mp4"
    format_of(path).write(path, (png(shade, size) for shade in range(0, 250, 25)), 5.0)
    count, seconds = library.count_frames_and_secs(path)
    assert (count, round(seconds, 3)) == (10, 2.0)
    decode = [library.get_ffmpeg_exe(), "-i", path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    decoded = subprocess.run(decode, capture_output=True, check=True)
    width, height = (side + side % 2 for side in size)
    assert f"{width}x{height}" in decoded.stderr.decode()
    frames = np.frombuffer(decoded.stdout, np.uint8).reshape(10, height, width, 3)
    shades = np.arange(0, 250, 25)
    middle = frames[:, height // 2, width // 2].astype(int)
    wanted = np.stack([shades, 0 * shades, 255 - shades], axis=1)
    assert np.abs(middle - wanted).max() <= 12  # as far as a video's colors go


def test_a_video_that_is_ended_leaves_nothing_behind(
    tmp_path: Path, oracle: Callable[[str], ModuleType]
) -> None:
    oracle("imageio_ffmpeg")
    with pytest.raises(CancelledError):
        MOVING_FORMATS["mp4"].write(tmp_path / "a.mp4", stopped(2), 10.0)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_encoder_is_named_with_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(FileError, match=r"packaging/run\.py extra mp4"):
        format_of(tmp_path / "a.mp4")
