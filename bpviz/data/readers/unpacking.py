"""What is packed by gzip, unpacked within a limit: a few bytes can unfold to any number."""

from __future__ import annotations

import gzip
import zlib
from io import BytesIO
from typing import Final

from bpviz.data.readers.grid import Tell
from bpviz.errors import DataError

_MAGIC: Final = b"\x1f\x8b"
_PIECE: Final = 2**20


def is_packed(content: bytes) -> bool:
    """Whether it is packed by gzip."""
    return content.startswith(_MAGIC)


def unpack(content: bytes, name: str, limit: int, tell: Tell) -> bytes:
    """Unpack what may consist of several parts.

    Raises:
        DataError: If it is damaged, or more than the limit.
    """
    pieces, size, held = [], 0, BytesIO(content)
    try:
        with gzip.GzipFile(fileobj=held) as file:
            while piece := file.read(_PIECE):
                size += len(piece)
                if size > limit:
                    raise DataError(
                        f"{name} unpacks to more than {limit // 2**20} MB; take a part of its rows."
                    )
                pieces.append(piece)
                tell(held.tell(), len(content))
    except EOFError:
        raise DataError(f"{name} is packed by gzip and ends too early; download or pack it again.") from None
    except (OSError, zlib.error):
        raise DataError(f"{name} is packed by gzip and damaged; download or pack it again.") from None
    return b"".join(pieces)
