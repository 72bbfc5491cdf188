"""Zip files that are looked at before they are unfolded.

A zip of one megabyte can unfold to a gigabyte, name a thousand files or lie about their sizes.  So a reader
states what it expects, and the directory of the zip is compared with that before a byte is unpacked.  Zips
written here have no dates in them: the same content gives the same bytes.
"""

from __future__ import annotations

import io
import math
import zipfile
import zlib
from collections.abc import Collection, Mapping
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from bpviz.reading import MEGABYTE as MEGABYTE

LARGEST_RATIO: Final = 200
"""How much smaller than its content a packed member may be, once it unfolds to more than a megabyte."""
_MOST_MEMBERS: Final = 10_000
_WORTH: Final = 0.9
_LARGE: Final = 16 * MEGABYTE
_QUICK: Final = 1  # zlib's level; the usual one packs numbers hardly tighter, and takes three times as long
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_KINDS: Final = "fiubU"  # numbers, truth values and text; nothing that would need unpickling


class DamageError(ValueError):
    """Why content can't be what it claims, as the second half of a sentence: "it holds ..."."""


def pack(members: Mapping[str, bytes], before: bytes = b"") -> bytes:
    """Make a zip, behind the members of another one that was made so.

    A member that packs as tightly as a trap would is stored as it is, so that `unpack` takes it back.
    """
    # Of whose memory every question is answered: of a disk, the library takes errors for answers.
    file = io.BytesIO(before)
    with zipfile.ZipFile(file, "a" if before else "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED if _is_worth_packing(content) else zipfile.ZIP_STORED
            archive.writestr(entry, content, compresslevel=_QUICK if len(content) > _LARGE else None)
    return file.getvalue()


def unpack(file: IO[bytes], limits: Mapping[str, int] | int, aside: Collection[str] = ()) -> dict[str, bytes]:
    """Read a zip.

    Args:
        file: The open file.
        limits: The largest size of each member by name, where other names are refused; or one limit for
            all members together, whatever their names are.
        aside: Names of members that may be there, and are neither read nor looked at.

    Returns:
        The content of each member that is there.

    Raises:
        DamageError: If the zip has other members, a member too large, or one packed too tightly.
    """
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) > _MOST_MEMBERS or len({entry.filename for entry in entries}) != len(entries):
            raise DamageError("it holds too many parts or one of them twice")
        entries = [entry for entry in entries if entry.filename not in aside]
        if isinstance(limits, int):
            if sum(entry.file_size for entry in entries) > limits:
                raise DamageError(f"it would unfold to more than {limits // MEGABYTE} MB")
            limits = {entry.filename: limits for entry in entries}
        for entry in entries:
            _look_at(entry, limits)
        return {entry.filename: archive.read(entry) for entry in entries}


def pack_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Write arrays as the bytes of an ``.npz`` file, which ``numpy.load`` reads."""
    members = {}
    for name, array in arrays.items():
        content = io.BytesIO()
        np.lib.format.write_array(content, np.asarray(array, order="C"), allow_pickle=False)
        members[f"{name}.npy"] = content.getvalue()
    return pack(members)


def unpack_arrays(content: bytes, limit: int) -> dict[str, NDArray[Any]]:
    """Read the bytes of an ``.npz`` file, at most `limit` bytes of arrays, without unpickling.

    Raises:
        DamageError: If it is not one, or an array is not what its head claims.
    """
    members = unpack(io.BytesIO(content), limit)
    return {name.removesuffix(".npy"): _array(name, member) for name, member in members.items()}


def unfolded_size(content: bytes) -> int:
    """How many bytes the members of a zip, such as `pack_arrays` makes, have when they are unpacked."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(entry.file_size for entry in archive.infolist())


def _is_worth_packing(content: bytes) -> bool:
    """Whether content packs well, but not so well that `unpack` would take it for a trap."""
    if len(content) <= MEGABYTE:
        return True
    sample = content[:MEGABYTE]
    if len(zlib.compress(sample, 1)) > _WORTH * len(sample):
        return False
    quick = len(zlib.compress(content, 1))  # what is used then packs at most a few times tighter
    return len(content) < LARGEST_RATIO / 4 * quick


def _look_at(entry: zipfile.ZipInfo, limits: Mapping[str, int]) -> None:
    name = entry.filename
    if name not in limits:
        raise DamageError(f"it holds a part named {name[:80]!r} that does not belong there")
    if entry.flag_bits & 0x1 or entry.compress_type not in _METHODS:
        raise DamageError(f"its part {name} is locked or packed in a way bpviz does not read")
    if entry.file_size > limits[name]:
        raise DamageError(f"its part {name} is larger than {max(limits[name] // MEGABYTE, 1)} MB")
    if entry.file_size > MEGABYTE and entry.file_size > LARGEST_RATIO * entry.compress_size:
        raise DamageError(f"its part {name} is packed more tightly than real content can be")


def _array(name: str, content: bytes) -> NDArray[Any]:
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    if version == (1, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    elif version == (2, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_2_0(stream)
    else:
        raise DamageError(f"its array {name} is of a kind bpviz does not read")
    count = math.prod(shape)
    # Before an array is made of it: a head may claim more than there is.
    if dtype.kind not in _KINDS or count * dtype.itemsize != len(content) - stream.tell():
        raise DamageError(f"its array {name} is not what its head claims")
    flat = np.frombuffer(content, dtype=dtype, offset=stream.tell(), count=count)
    return flat.reshape(shape, order="F" if fortran else "C").copy()
