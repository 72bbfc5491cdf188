"""Workbooks of Excel and LibreOffice: one sheet of them, its numbers and dates as they are."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from bpviz.data.readers.grid import Cell, Choices, Found, Grid, Source, chosen_sheet
from bpviz.errors import DataError

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What Excel's files began with until 2007, and those of Word and a protected workbook still do."""
_MARKS: Final = (b"xl/workbook.xml", b"xl/workbook.bin", b"content.xml")
_ERROR: Final = re.compile(
    rb"<c\b[^>]*\bt=\"e\"|<table:table-cell[^>]*(?:of:=#N/A|calcext:value-type=\"error\")"
)
_UNCOMPUTED: Final = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>|<f\b[^>]*/>\s*(?:<v\s*/>)?\s*</c>")
_SHEET_FILE: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_MOST_UNFOLDED: Final = 40  # times the limit of bytes: XML packs well


def is_workbook(content: bytes, _name: str) -> bool:
    """Whether it is a workbook."""
    return content.startswith(OLE) or (content.startswith(_ZIP) and any(mark in content for mark in _MARKS))


def read_workbook(source: Source, choices: Choices) -> Grid:
    """Read one sheet: the first that shows and may hold a table, unless the user names one.

    Raises:
        DataError: If it is protected or damaged, or holds nothing.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    _check_unfolded(source)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(source.content))
    except PasswordError:
        raise DataError(
            f"{source.name} is protected by a password; save it without one and open that."
        ) from None
    except (CalamineError, OSError, ValueError):
        raise DataError(_unreadable(source)) from None
    try:
        sheet, rows = _rows(book, source, choices)
    except (CalamineError, OSError, ValueError):
        raise DataError(f"{source.name} is a damaged workbook; save or download it again.") from None
    found = Found(sheet=sheet, sheets=tuple(book.sheet_names))
    rows, found = _without_blank(rows[choices.skip or 0 :], replace(found, skipped=choices.skip or 0))
    if not rows:
        raise DataError(f"The sheet {sheet!r} of {source.name} is empty; choose one that has rows.")
    errors, uncomputed = _unseen(source.content, list(book.sheet_names).index(sheet))
    return Grid(rows, replace(found, errors=errors, uncomputed=uncomputed))


def _rows(book: CalamineWorkbook, source: Source, choices: Choices) -> tuple[str, list[list[Cell]]]:
    names = list(book.sheet_names)
    if not names:
        raise DataError(f"{source.name} has no sheet; open one that has rows.")
    usual = _usual(book, names)
    name = chosen_sheet(source.name, names, choices.sheet, usual)
    sheet = book.get_sheet_by_name(name)
    source.check_size(sheet.height - 1, sheet.width)
    rows: list[list[Cell]] = []
    for row in sheet.iter_rows():
        rows.append([None if cell == "" else cell for cell in row])
        if len(rows) % 4096 == 0:
            source.tell(len(rows), sheet.height)
    first = min((_first_filled(row) for row in rows), default=0)
    return name, [row[first:] for row in rows] if first else rows


def _first_filled(row: list[Cell]) -> int:
    """Where a row begins; at its end if it is blank."""
    return next((at for at, cell in enumerate(row) if cell is not None), len(row))


def _usual(book: CalamineWorkbook, names: list[str]) -> str:
    """The first sheet that shows and may hold a table; else the first that holds anything, such as a note."""
    filled = []
    for kept in book.sheets_metadata:
        if str(kept.visible).endswith("Visible") and str(kept.typ).endswith("WorkSheet"):
            sheet = book.get_sheet_by_name(kept.name)
            if sheet.height > 1 and sheet.width > 1:
                return kept.name
            if sheet.height > 0:
                filled.append(kept.name)
    return filled[0] if filled else names[0]


def _without_blank(rows: list[list[Cell]], found: Found) -> tuple[list[list[Cell]], Found]:
    """Leave out rows without any value; above and below the others they count as nothing at all."""
    filled = [any(cell is not None for cell in row) for row in rows]
    if not any(filled):
        return [], found
    first, last = filled.index(True), len(filled) - filled[::-1].index(True)
    kept = [row for row, full in zip(rows, filled, strict=True) if full]
    return kept, replace(found, blank=last - first - len(kept))


def _unreadable(source: Source) -> str:
    if source.content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in source.content:
            return f"{source.name} is protected by a password; save it without one and open that."
        return (
            f"{source.name} is a document of an old Microsoft program that holds no sheet, or damaged; "
            "save its table as CSV and open that."
        )
    return f"{source.name} is a damaged workbook; save or download it again."


def _check_unfolded(source: Source) -> None:
    """Refuse what would unfold to more than any table needs, before it does."""
    if not source.content.startswith(_ZIP):
        return
    try:
        with ZipFile(BytesIO(source.content)) as file:
            size = sum(member.file_size for member in file.infolist())
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        raise DataError(f"{source.name} is a damaged workbook; save or download it again.") from None
    if size > _MOST_UNFOLDED * source.limits.bytes:
        raise DataError(f"{source.name} unpacks to far more than a table can be; save its table as CSV.")


def _unseen(content: bytes, at: int) -> tuple[int, int]:
    """Count cells with an error, and formulas without a value: both read as empty ones.

    Args:
        content: Of the workbook.
        at: Which sheet, from 0; they stand in this order in what Excel and its like write.
    """
    if not content.startswith(_ZIP):
        return 0, 0
    try:
        with ZipFile(BytesIO(content)) as file:
            sheets = sorted(
                filter(_SHEET_FILE.fullmatch, file.namelist()), key=lambda name: (len(name), name)
            )
            if at >= len(sheets):
                return 0, 0
            xml = file.read(sheets[at])
    except (BadZipFile, ValueError, NotImplementedError, OSError):
        return 0, 0
    return len(_ERROR.findall(xml)), len(_UNCOMPUTED.findall(xml))
