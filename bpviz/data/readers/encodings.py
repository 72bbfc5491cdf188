"""From bytes to text: which encoding it is, told from the bytes or said by the user."""

from __future__ import annotations

import codecs
import re
from typing import Final

from bpviz.errors import DataError, SettingError

ENCODINGS: Final = {
    "UTF-8": "utf-8-sig",
    "UTF-16": "utf-16",
    "UTF-16 (little-endian)": "utf-16-le",
    "UTF-16 (big-endian)": "utf-16-be",
    "Windows-1252": "cp1252",
    "Latin-1": "latin-1",
    "Windows-1250": "cp1250",
    "Windows-1251": "cp1251",
    "Windows-1253": "cp1253",
    "Windows-1254": "cp1254",
    "KOI8-R": "koi8-r",
    "Mac Roman": "mac-roman",
    "DOS 437": "cp437",
    "DOS 850": "cp850",
    "Shift JIS": "cp932",
    "GB 18030": "gb18030",
    "Big5": "big5",
    "EUC-KR": "euc-kr",
}
"""What sentences and lists call an encoding, and Python's name for it."""

# Python's names of encodings that are a part of one above.
_WITHIN: Final = {"ascii": "utf-8", "gbk": "gb18030", "gb2312": "gb18030", "iso8859-9": "cp1254"}
_SAMPLE_BYTES: Final = 4096
_UTF16_SHARE: Final = 0.3  # of the bytes in every other place are 0, in mostly Western text


def encoding_named(name: str) -> str:
    """Find an entry of `ENCODINGS`, also by what other programs call it, such as ``cp1252``.

    Raises:
        SettingError: If it is none of them.
    """
    wanted = _bare(name)
    for label, codec in ENCODINGS.items():
        if wanted in (_bare(label), _bare(codec)):
            return label
    try:
        found = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        found = ""
    found = _WITHIN.get(found, found)
    for label, codec in ENCODINGS.items():
        if found and found in (codecs.lookup(codec).name, codec.removesuffix("-sig")):
            return label
    raise SettingError(f"The encoding can't be {name!r}; choose one of {', '.join(ENCODINGS)}.")


def _bare(name: str) -> str:
    return re.sub(r"[-_ ()]", "", name.casefold())


def decode(content: bytes, name: str, wanted: str | None) -> tuple[str, str]:
    """Turn bytes into text.

    Args:
        content: The bytes.
        name: Of the file, for sentences.
        wanted: Its encoding, if the user says it.

    Returns:
        The text, and the entry of `ENCODINGS`.

    Raises:
        DataError: If it is no text, or not in the encoding that the user said.
        SettingError: If there is no such encoding.
    """
    label = encoding_named(wanted) if wanted else guess_encoding(content)
    if label is None:
        raise DataError(f"{name} holds no text; open a table saved as CSV.")
    try:
        text = content.decode(ENCODINGS[label])
    except UnicodeDecodeError as error:
        if wanted is None:
            raise DataError(f"{name} holds no text; open a table saved as CSV.") from None
        raise DataError(
            f"{name} is not written in {label}: byte {error.start + 1} can't be read so; "
            "choose another encoding."
        ) from None
    if "\0" in text:
        raise DataError(f"{name} holds no text; open a table saved as CSV.")
    return text.removeprefix("\ufeff"), label


def guess_encoding(content: bytes) -> str | None:
    """Tell an encoding from the bytes: an entry of `ENCODINGS`, or None if it is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    if b"\0" in content:
        return _without_mark(content)
    if content.isascii():
        return "UTF-8"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    else:
        return "UTF-8"
    # Windows put letters where Latin-1 has characters that steer, which no text holds; five places stay free.
    steering = any(0x80 <= byte < 0xA0 for byte in set(content))
    free = any(byte in b"\x81\x8d\x8f\x90\x9d" for byte in set(content))
    return "Windows-1252" if steering and not free else "Latin-1"


def _without_mark(content: bytes) -> str | None:
    """UTF-16 that does not say so: every other byte of Western text is 0."""
    sample = content[:_SAMPLE_BYTES]
    if len(content) % 2:
        return None
    for offset, label in ((1, "UTF-16 (little-endian)"), (0, "UTF-16 (big-endian)")):
        zeros, letters = sample[offset::2].count(0), sample[1 - offset :: 2].count(0)
        if not letters and zeros > _UTF16_SHARE * len(sample) / 2:
            return label
    return None
