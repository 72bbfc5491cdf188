"""Write pictures one after the other as a video, MP4 with H.264, which everything plays.

The encoder is ffmpeg, as the library imageio-ffmpeg brings it along: few need it, so it is an extra.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bpviz.errors import FileError
from bpviz.files.safe import write_atomically

if TYPE_CHECKING:
    from PIL.Image import Image

# Drawings have thin lines and even surfaces; the player may begin before it has the whole file.
_LOOK: Final = ("-crf", "18", "-tune", "animation", "-movflags", "+faststart")


def write_mp4(path: Path, frames: Iterator[bytes], fps: float) -> None:
    """Write frames, each the bytes of a PNG picture of the same size, so many a second.

    Raises:
        FileError: If the library is missing, or it can't be written; nothing is left behind then.
    """
    library = _library()
    write_atomically(path, lambda: _encoded(library, frames, fps))


def require_mp4() -> None:
    """Find out before long work whether there is an encoder.

    Raises:
        FileError: If the library is missing.
    """
    _library()


def _library() -> Any:
    try:
        import imageio_ffmpeg

        imageio_ffmpeg.get_ffmpeg_exe()
    except ModuleNotFoundError:
        raise FileError(
            "To write MP4 the library imageio-ffmpeg is needed; install it with python3 packaging/run.py "
            'extra mp4, or with pip install "bpviz[mp4]".'
        ) from None
    except RuntimeError:
        raise FileError(
            "The library imageio-ffmpeg has no encoder for this machine; install ffmpeg, or write a GIF."
        ) from None
    return imageio_ffmpeg


def _encoded(library: Any, frames: Iterator[bytes], fps: float) -> bytes:
    """Let ffmpeg write a file of its own, for it goes back in it, and read that."""
    pictures = map(_opened, frames)
    first = next(pictures)
    with tempfile.TemporaryDirectory(prefix="bpviz-") as folder:
        file = Path(folder) / "film.mp4"
        writer = library.write_frames(
            file,
            _even(first).size,
            fps=fps,
            quality=None,
            codec="libx264",
            macro_block_size=1,
            ffmpeg_log_level="quiet",
            output_params=list(_LOOK),
        )
        with closing(writer):
            try:
                writer.send(None)
                for image in chain([first], pictures):
                    writer.send(_even(image).tobytes())
            except OSError:  # its text is the whole command
                raise FileError(
                    "The encoder ffmpeg ended early; make room on the disk, or write a GIF."
                ) from None
        content = file.read_bytes() if file.is_file() else b""
    if not content:
        raise FileError("The encoder ffmpeg wrote nothing; write a GIF instead.")
    return content


def _opened(content: bytes) -> Image:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGB")


def _even(image: Image) -> Image:
    """Make the sides even, as H.264 wants them, with a line as the picture's own corner is."""
    width, height = (side + side % 2 for side in image.size)
    if (width, height) == image.size:
        return image
    from PIL import Image

    whole = Image.new("RGB", (width, height), image.getpixel((0, 0)))
    whole.paste(image)
    return whole
