"""Write pictures one after the other: as a GIF that plays in a loop, as a video, or as PNG files in a folder.

To add a format, add an entry to `MOVING_FORMATS`.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bpviz.errors import FileError, SettingError, grouped
from bpviz.files.movie import require_mp4, write_mp4
from bpviz.files.safe import write_atomically
from bpviz.plain import is_number, is_whole
from bpviz.registry import Registry

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_FRAMES: Final = 1000
FPS: Final = (0.5, 50.0)
"""The fewest and the most frames a second: a GIF counts in hundredths."""
USUAL_FRAMES: Final = 60
USUAL_FPS: Final = 12.0
_MOST_PIXELS: Final = 600_000_000  # of all frames: a byte each while a GIF is made
_LAST_MS: Final = 2000  # the last frame stays, so that one sees how it ends
_COLORS: Final = 256


@dataclass(frozen=True, slots=True)
class MovingFormat:
    """A kind of animation.

    Attributes:
        name: Key on the command line.
        label: What menus show.
        suffix: Of files; empty for a folder.
        write: Writes frames, each the bytes of a PNG picture, so many a second.
        require: Refuses what this installation can't write.
    """

    name: str
    label: str
    suffix: str
    write: Callable[[Path, Iterator[bytes], float], None]
    require: Callable[[], None] = lambda: None


def frame_steps(
    first: int, last: int, frames: int | None = None, every: int | None = None
) -> tuple[int, ...]:
    """Choose the steps of the frames, the first and the last among them.

    Args:
        first: The first step there is.
        last: The last.
        frames: How many, evenly from first to last; fewer where there are not so many steps.
        every: Or one every so many steps.

    Raises:
        SettingError: If there would be none or too many.
    """
    if frames is not None and every is not None:
        raise SettingError("Say how many frames, or a frame every how many steps, not both.")
    if every is not None:
        if not is_whole(every, 1):
            raise SettingError(f"There can't be a frame every {every} steps; choose a whole number from 1.")
        steps = [*range(first, last, every), last]
        if len(steps) > MOST_FRAMES:
            raise SettingError(
                f"A frame every {grouped(every)} steps makes {grouped(len(steps))} frames, more than the "
                f"{grouped(MOST_FRAMES)} there can be; choose fewer."
            )
        return tuple(steps)
    count = USUAL_FRAMES if frames is None else frames
    if not is_whole(count, 2, MOST_FRAMES):
        raise SettingError(f"There can't be {count} frames; choose a whole number from 2 to {MOST_FRAMES}.")
    return tuple(sorted({first + round(at * (last - first) / (count - 1)) for at in range(count)}))


def format_of(path: Path) -> MovingFormat:
    """Choose the format by a file's name: ``.gif``, ``.mp4``, or no ending for a folder.

    Raises:
        FileError: If there is no such format, what it needs is missing, or the folder is there already.
    """
    for entry in MOVING_FORMATS.values():
        if path.suffix.lower() == entry.suffix:
            if not entry.suffix and path.exists():
                raise FileError(f"{path.name!r} is there already; name a new folder for the frames.", path)
            entry.require()
            return entry
    raise FileError(
        f"An animation can't be written as {path.suffix or path.name!r}; end its name in .gif or .mp4, or in "
        "nothing for a folder of PNG pictures.",
        path,
    )


def check_moving(fps: float, count: int, size: tuple[int, int]) -> None:
    """Refuse what would be no animation, or fill the memory.

    Raises:
        SettingError: If it can't be made.
    """
    low, high = FPS
    if not is_number(fps) or not low <= fps <= high:
        raise SettingError(f"There can't be {fps} frames a second; choose a number from {low} to {high:g}.")
    if count * size[0] * size[1] > _MOST_PIXELS:
        raise SettingError(
            f"{grouped(count)} frames of {size[0]} x {size[1]} pixels are more than memory should hold; make "
            "them smaller or fewer."
        )


def _write_gif(path: Path, frames: Iterator[bytes], fps: float) -> None:
    write_atomically(path, lambda: _gif(frames, fps))


def _gif(frames: Iterator[bytes], fps: float) -> bytes:
    first, *others = map(_indexed, frames)
    file = io.BytesIO()
    durations = [*[round(1000 / fps)] * len(others), _LAST_MS]
    shown: dict[str, Any] = {"duration": durations, "loop": 0, "optimize": False}
    first.save(file, format="GIF", save_all=True, append_images=others, **shown)
    return file.getvalue()


def _indexed(content: bytes) -> Image:
    """A picture in 256 colors of its own, without specks between them."""
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGB").quantize(_COLORS, dither=Image.Dither.NONE)


def _write_folder(path: Path, frames: Iterator[bytes], fps: float) -> None:  # noqa: ARG001 - one shape for all
    """Write numbered files, first into a folder beside it, which then gets its name."""
    try:
        part = Path(tempfile.mkdtemp(prefix=f".{path.name[:40]}-", dir=path.parent))
    except OSError as error:
        raise FileError(f"Can't make a folder in {path.parent}: {error.strerror}.", path) from error
    try:
        for number, content in enumerate(frames, 1):
            (part / f"{number:04}.png").write_bytes(content)
        part.chmod(0o755)
        part.rename(path)
    except OSError as error:
        raise FileError(f"Can't write {path}: {error.strerror}.", path) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


MOVING_FORMATS: Final = Registry(
    "kind of animation",
    MovingFormat("gif", "GIF animation", ".gif", _write_gif),
    MovingFormat("mp4", "MP4 video", ".mp4", write_mp4, require_mp4),
    MovingFormat("png", "Folder of PNG pictures", "", _write_folder),
)
