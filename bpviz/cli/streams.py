"""Standard output and error as commands use them: whatever is said can be written, or it is told why not."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys
from contextlib import suppress
from typing import Final

ERRORS: Final = "bpviz-escape"
"""How letters are written that a stream has no bytes for."""

_REASONS: Final = {
    errno.ENOSPC: "the disk is full; make room or send it elsewhere",
    errno.EDQUOT: "your share of the disk is full; make room or send it elsewhere",
    errno.EFBIG: "it would be larger than that disk takes; send it elsewhere",
    errno.EIO: "the device failed; send it elsewhere",
    errno.EBADF: "it is closed for writing; send it elsewhere",
}


def prepare_streams() -> None:
    """Let both streams write any text.

    Where only English letters are known, as under ``LC_ALL=C``, they speak UTF-8, as click does.
    """
    codecs.register_error(ERRORS, _escape)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            plain = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if plain else stream.encoding, errors=ERRORS)


def output_fault(error: OSError) -> str | None:
    """Say why standard output can't be written; None if an error has to do with something else."""
    reason = _REASONS.get(error.errno or 0)
    return None if reason is None or error.filename is not None else f"Can't write the output: {reason}."


def give_up_output() -> None:
    """Forget what could not be written, or Python would try again when it ends and fail with a traceback."""
    with suppress(OSError, ValueError):  # a stream may have no number
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _escape(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write what stands for bytes of a file's name as these bytes, and other letters as JSON does."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = bytearray()
    for letter in error.object[error.start : error.end]:
        code = ord(letter)
        if 0xDC80 <= code <= 0xDCFF:
            written.append(code - 0xDC00)
        else:
            pair = letter.encode("utf-16-be", "surrogatepass")
            written += b"".join(b"\\u%s" % pair[at : at + 2].hex().encode() for at in range(0, len(pair), 2))
    return bytes(written), error.end
