"""What stands above the rows: lines that are none, one or several rows of names, a row of units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bpviz.data.dialect import MISSING, guess_header, is_number
from bpviz.data.readers.grid import Cell

MOST_HEADERS: Final = 5
_SAMPLE: Final = 200  # rows
_NUMERIC: Final = 0.9  # share of numbers in a column of numbers
_BRACKETED: Final = re.compile(r"[\[(<].{0,20}[\])>]")
_KNOWN_UNITS: Final = """
    mm cm dm m km µm μm nm in ft yd mi mg g kg t lb lbs oz ms s sec min h hr d day days week weeks month
    months yr year years hz khz mhz ghz k °c °f °k c f degc degf ° deg rad % ‰ ppm ppb pa hpa kpa mpa bar
    mbar atm psi j kj mj kwh wh cal kcal w kw mw v mv kv a ma µa n kn nm l ml cl dl m2 m² m3 m³
    cm2 cm² cm3 cm³ km2 km² km/h m/s mph m/s2 m/s² kg/m3 kg/m² kg/m2 g/l mg/l mg/dl mmol/l mol mmol
    mol/l lx lm cd db t/ha ha $ € £ usd eur gbp count mpg hp cc ci bpm mmhg 1 -
"""
_UNSURE: Final = ("-", "1")  # without a unit, or a value
_UNITS: Final = frozenset(_KNOWN_UNITS.split())


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the rows.

    Attributes:
        skipped: Rows at the top that belong to no table.
        header: Rows of names below them.
        units: Whether the last of these holds units.
    """

    skipped: int = 0
    header: int = 0
    units: bool = False


def find_head(rows: Sequence[Sequence[Cell]], header: int | None, *, skips: bool) -> Head:
    """Tell where the names stand.

    Args:
        rows: The first are looked at.
        header: How many rows of names the user says there are; None finds out.
        skips: Whether lines above the table may be looked for; not if the user said how many there are.
    """
    skipped = _above(rows[:_SAMPLE]) if skips and header is None else 0
    below = rows[skipped : skipped + _SAMPLE]
    if header is not None:
        found = min(header, max(len(below) - 1, 0)) if header > 1 else header
        return Head(skipped, found, units=found > 1 and _holds_units(below[found - 1], below[found:]))
    if not guess_header([list(map(as_text, row)) for row in below]):
        return Head(skipped, 0)
    count = 1
    while count < MOST_HEADERS and _continues(below, count):
        if _holds_units(below[count], below[count + 1 :]):
            return Head(skipped, count + 1, units=True)
        count += 1
    return Head(skipped, count)


def join_names(rows: Sequence[Sequence[Cell]], width: int, *, units: bool) -> list[str]:
    """Make one name of what stands above each column; units come last, in parentheses.

    A cell that spans columns stands in the first of them, so it goes on to the right where several rows name.
    """
    texts = [[as_text(cell).strip() for cell in row] + [""] * (width - len(row)) for row in rows]
    unit_row = texts.pop() if units else [""] * width
    for row in texts[:-1]:
        for at in range(1, width):
            row[at] = row[at] or row[at - 1]
    names = []
    for at in range(width):
        parts = list(dict.fromkeys(row[at] for row in texts if row[at]))
        unit = unit_row[at].strip("[]()<> ")
        if unit and unit not in ("-", "1"):
            parts.append(f"({unit})")
        names.append(" ".join(parts))
    return names


def as_text(cell: Cell) -> str:
    """Write a cell as a name or for a look at it."""
    return cell if isinstance(cell, str) else "" if cell is None else str(cell)


def is_value(cell: Cell) -> bool:
    """Whether a cell is a number or the like, which no name is."""
    return is_number(cell) if isinstance(cell, str) else cell is not None


def _above(rows: Sequence[Sequence[Cell]]) -> int:
    """Count rows at the top that are narrower than the table below, whose first row names its columns."""
    ragged = len(set(map(len, rows))) > 1
    widths = [len(row) if ragged else _reach(row) for row in rows]
    width = max(set(widths), key=widths.count, default=0)
    at = next((number for number, reach in enumerate(widths) if reach == width), 0)
    if at == 0 or width < 2 or len(rows) - at < 2:
        return 0
    if ragged and any(reach != width for reach in widths[at:]):
        return 0
    # Of equally long rows, one with a gap names groups of columns; a title fills one cell.
    titles = all(_filled(row) < (max(width - 1, 2) if ragged else 2) for row in rows[:at])
    named = all(isinstance(cell, str) and cell.strip() and not is_number(cell) for cell in rows[at][:width])
    return at if titles and named else 0


def _reach(row: Sequence[Cell]) -> int:
    """How far a row is filled."""
    return next((at for at in range(len(row), 0, -1) if as_text(row[at - 1]).strip()), 0)


def _filled(row: Sequence[Cell]) -> int:
    return sum(bool(as_text(cell).strip()) for cell in row)


def _continues(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    """Whether a row below the first names belongs to them: no number, where numbers stand below it."""
    if at >= len(rows):
        return False
    row = rows[at]
    # Rows of names or units that may still follow are no rows of numbers.
    begin = next((number for number, other in enumerate(rows) if any(map(is_value, other))), at + 1)
    below, units = rows[max(begin, at + 1) :], _holds_units(row, rows[at + 1 :])
    if not below or (at >= begin and not units):
        return False
    if any(map(is_value, row)) and not units:
        return False
    numeric = _numeric_columns(below, len(row))
    if not numeric:
        return False
    cells = [as_text(row[column]).strip() for column in numeric]
    if units:
        return True
    if len(numeric) < 2 or any(not cell or cell.casefold() in MISSING for cell in cells):
        return False
    others = [column for column in range(len(row)) if column not in numeric]
    return all(_is_new(rows, at, column) for column in others)


def _is_new(rows: Sequence[Sequence[Cell]], at: int, column: int) -> bool:
    """Whether a cell of words is met nowhere below."""
    text = as_text(rows[at][column])
    return not any(column < len(row) and as_text(row[column]) == text for row in rows[at + 1 :]) or not text


def _numeric_columns(rows: Sequence[Sequence[Cell]], width: int) -> list[int]:
    found = []
    for column in range(width):
        cells = [row[column] for row in rows if column < len(row)]
        given = [cell for cell in cells if as_text(cell).strip().casefold() not in MISSING]
        if given and sum(map(is_value, given)) >= _NUMERIC * len(given):
            found.append(column)
    return found


def _holds_units(row: Sequence[Cell], below: Sequence[Sequence[Cell]]) -> bool:
    """Whether a row of units stands above numbers, and none of them is met again as a value."""
    numeric = _numeric_columns(below, len(row))
    sure = any(_bare(as_text(row[column]).strip()) not in ("", *_UNSURE) for column in numeric)
    words = set(range(len(row))) - set(numeric)
    return _all_units(row) and sure and all(_is_new([row, *below], 0, column) for column in words)


def _all_units(row: Sequence[Cell]) -> bool:
    """Whether every cell that is filled looks like a unit, and one for sure."""
    texts = [as_text(cell).strip() for cell in row]
    given = [text for text in texts if text]
    sure = [text for text in given if _bare(text) not in _UNSURE]
    return bool(sure) and all(map(_is_unit, given))


def _bare(text: str) -> str:
    """What stands in the brackets, where it is in some."""
    return text[1:-1].strip() if _BRACKETED.fullmatch(text) else text


def _is_unit(text: str) -> bool:
    """Whether a text is a known unit, or stands in brackets; a number there, as of a loss, is none but 1."""
    bare = _bare(text)
    return bare.casefold() in _UNITS or (bare != text and not is_value(bare))
