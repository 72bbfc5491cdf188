"""What is no table, known by its first bytes: one sentence each, which says what it is and what to do.

To add a kind: add its entry to `STRANGERS`, the more particular ones first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from bpviz.registry import Registry

_SAVE: Final = "save its table as CSV and open that"
_HEAD_BYTES: Final = 4096
_PICTURES: Final = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
    b"8BPS": "Photoshop",
}
_PACKERS: Final = {
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!\x1a\x07": "RAR",
}
_OTHERS: Final = {
    b"\x89HDF\r\n\x1a\n": ("an HDF5 file", "save its data as .npz or CSV"),
    b"MATLAB 5.0 MAT-file": ("a MATLAB file", "save its table with writetable as CSV"),
    b"RDX2\n": ("an R workspace", "save its table with write.csv"),
    b"RDX3\n": ("an R workspace", "save its table with write.csv"),
    b"X\n\0\0\0": ("an R object (.rds)", "save its table with write.csv"),
    b"A\n\0\0\0": ("an R object (.rds)", "save its table with write.csv"),
    b"$FL2": ("an SPSS file", _SAVE),
    b"$FL3": ("an SPSS file", _SAVE),
    b"<stata_dta>": ("a Stata file", "save its table with export delimited"),
    b"\0" * 12 + b"\xc2\xea\x81\x60": ("a SAS file", _SAVE),
    b"Obj\x01": ("an Avro file", "save its records as JSON or CSV"),
    b"ORC": ("an ORC file", "save its table as Parquet or CSV"),
    b"\x7fELF": ("a program", "open a file of data"),
    b"MZ": ("a program", "open a file of data"),
    b"{\\rtf": ("a text document (RTF)", _SAVE),
    b"%!PS": ("a PostScript document", _SAVE),
}
_WEB: Final = re.compile(
    rb"(?:<!--.*?-->|\s)*<(?:!doctype\s+html|html|head|body|table)\b", re.IGNORECASE | re.DOTALL
)


_NOTHING: Final = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"


@dataclass(frozen=True, slots=True)
class Stranger:
    """A kind of file that is no table.

    Attributes:
        name: Key.
        label: What it is.
        reason: Of the content and the file's name: what goes behind its name in the sentence; "" if it is
            nothing of this kind.
    """

    name: str
    label: str
    reason: Callable[[bytes, str], str]


def stranger_reason(content: bytes, name: str) -> str:
    """Say what a file is that is no table, from behind its name on; "" if it may be one."""
    for stranger in STRANGERS.values():
        reason = stranger.reason(content, name)
        if reason:
            return reason
    return ""


def _empty(content: bytes, _name: str) -> str:
    # The beginning of a large file says it, without a copy of it all.
    some = content[:_HEAD_BYTES].strip(_NOTHING) or content.strip(_NOTHING)
    return "" if some else "is empty; open one that has rows"


def _git_lfs(content: bytes, _name: str) -> str:
    if not content.startswith(b"version https://git-lfs.github.com/spec/"):
        return ""
    return "is only a pointer that Git LFS left in place of the file; fetch the file itself with git lfs pull"


def _web_page(content: bytes, name: str) -> str:
    head = content[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<?xml"):
        head = head.split(b"?>", 1)[-1].lstrip()
        if not _WEB.match(head):
            return f"is XML, not a table; open it in the program that wrote it and {_SAVE}"
    if not _WEB.match(head):
        return ""
    if name.lower().endswith(".xls"):
        return f"is a web page that calls itself a workbook; open it in a spreadsheet and {_SAVE}"
    return "is a web page (HTML), not the file itself; download the file, not the page that shows it"


def _picture(content: bytes, _name: str) -> str:
    kind = next((kind for magic, kind in _PICTURES.items() if content.startswith(magic)), "")
    if kind == "BMP" and b"\0" not in content[:32]:
        kind = ""  # a text may begin with BM
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        kind = "WebP"
    return f"is a picture ({kind}), not a table; open one with a row for each example" if kind else ""


def _pdf(content: bytes, _name: str) -> str:
    return (
        "is a PDF document; copy its table into a spreadsheet, save it as CSV and open that"
        if content[:5] == b"%PDF-"
        else ""
    )


def _database(content: bytes, _name: str) -> str:
    found = content.startswith(b"SQLite format 3\0")
    return "is a database (SQLite); export one of its tables as CSV and open that" if found else ""


def _pickle(content: bytes, name: str) -> str:
    by_name = name.lower().endswith((".pkl", ".pickle", ".joblib"))
    by_bytes = content[:1] == b"\x80" and content[1:2] in b"\x02\x03\x04\x05" and content[-1:] == b"."
    if not (by_bytes or (by_name and b"\0" in content)):
        return ""
    return (
        "is a pickle of Python, which could run any program and is never opened; "
        "save its table in Python with to_csv or numpy.savez"
    )


def _archive(content: bytes, _name: str) -> str:
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return ""
    try:
        with ZipFile(BytesIO(content)) as file:
            members = file.namelist()
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return "is a damaged workbook or zip archive; save or download it again"
    return _of_members(members)


def _of_members(members: list[str]) -> str:
    """What a zip archive is, by what it holds; "" if readers know its kind."""
    known = set(members)
    if "project.json" in known:
        return "is a project of bpviz, not a table; open it as a project, without --data"
    if any(member.endswith("data.pkl") for member in members):
        return "is weights of PyTorch, not a table; open a file of data"
    if "xl/workbook.xml" in known or "xl/workbook.bin" in known or "content.xml" in known:
        return ""
    if members and all(member.endswith(".npy") for member in members):
        return ""
    for part, kind in (("word/", "text document"), ("ppt/", "presentation"), ("Index/", "Numbers workbook")):
        if any(member.startswith(part) for member in members):
            return f"is a {kind}; {_SAVE}"
    files = [member for member in members if not member.endswith("/")]
    if len(files) == 1:
        return f"is a zip archive that holds {files[0]!r}; unpack it and open that"
    return f"is a zip archive of {len(files)} files; unpack it and open one of them"


def _packed(content: bytes, _name: str) -> str:
    kind = next((kind for magic, kind in _PACKERS.items() if content.startswith(magic)), "")
    if content[257:262] == b"ustar":
        kind = "tar"
    return f"is packed by {kind}; unpack it and open what is in it" if kind else ""


def _other(content: bytes, _name: str) -> str:
    for magic, (what, remedy) in _OTHERS.items():
        # A text may begin with a few of these letters; what is meant goes on with bytes that no text has.
        if content.startswith(magic) and (len(magic) > 4 or b"\0" in content[:_HEAD_BYTES]):
            return f"is {what}; {remedy}"
    return ""


STRANGERS: Final = Registry(
    "kind of file",
    Stranger("empty", "an empty file", _empty),
    Stranger("git_lfs", "a pointer of Git LFS", _git_lfs),
    Stranger("web_page", "a web page", _web_page),
    Stranger("picture", "a picture", _picture),
    Stranger("pdf", "a PDF document", _pdf),
    Stranger("database", "a database", _database),
    Stranger("pickle", "a pickle", _pickle),
    Stranger("archive", "an archive", _archive),
    Stranger("packed", "a packed file", _packed),
    Stranger("other", "another program's file", _other),
)
