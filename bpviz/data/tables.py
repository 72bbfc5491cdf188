"""Reading the user's own table, from whatever file it comes in, into a `Table`.

`readers` make cells of the file; here stands what is common to all kinds: where the names are, that every
row is as long, how decimals are written.  Nothing is filled in or skipped in silence: a row that is too
short, a name that comes twice or a quotation mark that is never closed is refused by its place.  Rows are
counted from 1, the first below the header.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from bpviz.data.amounts import Amounts, read_amounts
from bpviz.data.cells import Cells, Lettered, cells_of, joined
from bpviz.data.columns import missing_rows
from bpviz.data.dialect import DECIMALS, DELIMITERS, FIXED, guess_decimal, plain_number
from bpviz.data.missing_words import gaps_in, missing_among
from bpviz.data.readers.grid import Cell, Choices, Found, Grid, Limits, Source, Tell, tell_nobody
from bpviz.data.readers.headers import find_head, join_names
from bpviz.data.readers.kinds import read_grid, text_lines
from bpviz.data.readers.memory import most_bytes
from bpviz.data.readers.values import written
from bpviz.data.readers.words import lacking_text, said, size_text
from bpviz.data.rows import Rows
from bpviz.data.settings import Gap, Table
from bpviz.errors import DataError, SettingError, counted, grouped, named, one_line
from bpviz.reading import MEGABYTE, read_file

MOST_ROWS: Final = 10_000_000
MOST_COLUMNS: Final = 4_096
PASTED: Final = "pasted.csv"
_MISSING_SHOWN = 3
_LINES_SHOWN = 100
_LINE = "line"
_TAKE_A_PART = "take a part of its rows"
_DECIDING_ROWS = 2_000  # whose decimals are looked at


@dataclass(frozen=True, slots=True)
class TableReading:
    """A table and how it was read.

    Attributes:
        table: What was read; missing values are "".
        found: What was decided on the way.
        missing: By row number, counted from 1: names of the columns whose value is missing.
        message: All this in a sentence or two.
        fault: Why it is no table yet, of `read_lines`.
    """

    table: Table
    found: Found
    missing: Mapping[int, tuple[str, ...]]
    message: str
    fault: str = ""

    @property
    def delimiter(self) -> str:
        """Between the cells."""
        return self.found.delimiter

    @property
    def decimal(self) -> str:
        """Before the decimals, ``.`` or ``,``."""
        return self.found.decimal

    @property
    def header(self) -> bool:
        """Whether the names stand above the rows."""
        return self.found.header > 0

    @property
    def encoding(self) -> str:
        """Of a text file, such as ``UTF-8``."""
        return self.found.encoding


def read_table(
    source: Path | str,
    delimiter: str | None = None,
    decimal: str | None = None,
    *,
    header: bool | None = None,
    name: str = PASTED,
) -> TableReading:
    """Read a table of comma-separated values or the like, as `read_chosen` does."""
    return read_chosen(
        source, Choices(delimiter, decimal, header=None if header is None else int(header)), name
    )


def read_chosen(
    source: Path | str, choices: Choices, name: str = PASTED, tell: Tell = tell_nobody
) -> TableReading:
    """Read a table.

    Args:
        source: A file, or the text itself.
        choices: What the user says about it; the rest is found.
        name: What a table given as text is called.
        tell: Hears how far the reading is.

    Raises:
        FileError: If the file can't be read.
        DataError: If it is no table, or too large.
        SettingError: If a choice is none that there is.
        CancelledError: From `tell`.
    """
    _check(choices.delimiter, DELIMITERS, "delimiter")
    _check(choices.decimal, DECIMALS, "decimal sign")
    opened, choices = _opened(source, choices, name, tell)
    name = opened.name
    columns, grid = _squared_grid(opened, choices)
    decimal = choices.decimal or guess_decimal(_texts(grid.rows[:_DECIDING_ROWS]))
    found = replace(grid.found, decimal=decimal)
    columns, cells, found, gaps = _cleaned(columns, replace(grid, found=found), choices, tell)
    if not columns:
        raise DataError(f"{name} holds no value at all; open one that does.")
    _check_names(columns, name)
    table = Table(name, columns, Rows(cells), gaps)
    for number, column in enumerate(table.cells, start=1):
        tell(number, len(columns))
        column.word_count()  # which is asked for at once, and is kept: of a large table it takes long
    missing = missing_rows(table, columns)
    return TableReading(table, found, missing, _message(table, found, missing))


def _squared_grid(source: Source, choices: Choices) -> tuple[tuple[str, ...], Grid]:
    """Read the cells, part the names from the rows, and make all rows as long."""
    grid = read_grid(source, choices)
    names, rows, found = _headed(grid, choices, source.name)
    if grid.below is not None:
        below = _without_blanks(rows, grid.below, len(names))
        # Those below are equally long; where others are not, one has to look at each.
        if {len(names), *map(len, rows)} == {len(below.cells)}:
            return _called(names), replace(grid, rows=rows, found=found, below=below)
        grid = read_grid(replace(source, row_by_row=True), choices)
        names, rows, found = _headed(grid, choices, source.name)
    columns, rows, found = _squared(names, rows, found, source.name)
    return columns, replace(grid, rows=rows, found=found)


def read_lines(source: Path | str, fault: str, name: str = PASTED) -> TableReading | None:
    """Take the first lines of a text that can't be divided into cells, so that one sees what to correct.

    Args:
        source: A file, or the text itself.
        fault: Why it can't be divided.
        name: What a text is called.

    Returns:
        A table of one column; None where even its lines can't be read.
    """
    opened, choices = _opened(source, Choices(delimiter=FIXED), name, tell_nobody)
    try:
        lines = text_lines(opened, choices, _LINES_SHOWN)
    except DataError:
        return None
    table = Table(opened.name, (_LINE,), tuple((line,) for line in lines))
    return TableReading(table, Found(), {}, fault, fault) if lines else None


def _check(value: str | None, known: Sequence[str] | Mapping[str, str], what: str) -> None:
    if value is not None and value not in known:
        choices = ", ".join(repr(choice) for choice in known)
        raise SettingError(f"The {what} can't be {value!r}; choose one of {choices}.")


def _opened(source: Path | str, choices: Choices, name: str, tell: Tell) -> tuple[Source, Choices]:
    limits = Limits(most_bytes(), MOST_ROWS, MOST_COLUMNS)
    if isinstance(source, Path):
        content = read_file(source, limits.bytes, _TAKE_A_PART, tell)
        return Source(_readable(source.name), content, limits, tell, source), choices
    if len(source) > limits.bytes:
        raise DataError(f"{name} is larger than {max(limits.bytes // MEGABYTE, 1)} MB; {_TAKE_A_PART}.")
    # Half a character, which no encoding can write, is not pasted by anybody but must not break anything.
    content = source.encode("utf-8", "replace")
    return Source(name, content, limits, tell), replace(choices, encoding="UTF-8")


def _readable(name: str) -> str:
    """A file's name as text, whatever bytes it is made of and whichever letters this system knows."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _headed(grid: Grid, choices: Choices, name: str) -> tuple[list[str], list[list[Cell]], Found]:
    """Part the names from the rows."""
    if grid.names is not None:
        return list(grid.names), grid.rows, replace(grid.found, header=1)
    head = find_head(grid.rows, choices.header, skips=choices.skip is None)
    first = head.skipped + head.header
    found = replace(
        grid.found, header=head.header, units=head.units, skipped=grid.found.skipped + head.skipped
    )
    width = len(grid.rows[head.skipped])
    names = (
        join_names(grid.rows[head.skipped : first], width, units=head.units) if head.header else [""] * width
    )
    rows = grid.rows[first:]
    if not rows:
        raise DataError(f"{name} has a header but no rows; open one that has.")
    return names, rows, found


def _squared(
    names: list[str], rows: list[list[Cell]], found: Found, name: str
) -> tuple[tuple[str, ...], list[list[Cell]], Found]:
    """Make rows and names of one length where only blank cells, or the first column's name, tell them apart.

    Raises:
        DataError: If they differ in anything else.
    """
    width = len(names)
    lengths = Counter(map(len, rows))
    if set(lengths) != {width}:
        if set(lengths) == {width + 1} and found.header and _have_names(rows):
            # As R writes row names, which have no name themselves.
            names, width, found = ["", *names], width + 1, replace(found, nameless=True)
        for row in rows:
            if len(row) > width and not any(map(_is_filled, row[width:])):
                del row[width:]  # behind a delimiter that ends the line
        _check_shape(rows, width, name, found)
    return _called(names), rows, found


def _without_blanks(rows: list[list[Cell]], below: Rows, width: int) -> Rows:
    """Take away what stands beyond the names, behind a delimiter that ends every line, if it is nothing."""
    beyond = below.cells[width:]
    ends = {len(row) == len(below.cells) and not any(map(_is_filled, row[width:])) for row in rows}
    if not beyond or ends != {True} or not all(column.is_blank() for column in beyond):
        return below
    for row in rows:
        del row[width:]
    return Rows(below.cells[:width], len(below))


def _called(names: Sequence[str]) -> tuple[str, ...]:
    """Give a column without a name its number for one."""
    return tuple(given or f"column {number}" for number, given in enumerate(names, start=1))


def _have_names(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first cells tell rows apart, and the last ones hold something."""
    return len({row[0] for row in rows}) == len(rows) and any(_is_filled(row[-1]) for row in rows)


def _is_filled(cell: Cell) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _check_shape(rows: Sequence[Sequence[Cell]], width: int, name: str, found: Found) -> None:
    for number, row in enumerate(rows, start=1):
        if len(row) != width:
            how = f" (separated by {DELIMITERS[found.delimiter]})" if found.delimiter else ""
            raise DataError(
                f"Row {number} of {name} has {counted(len(row), 'cell')} instead of {width}{how}; "
                "mend that row or choose another delimiter."
            )


def _texts(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    return [[cell for cell in row if isinstance(cell, str)] for row in rows]


def _check_names(columns: Sequence[str], name: str) -> None:
    twice, count = Counter(columns).most_common(1)[0]
    if count > 1:
        places = [str(at) for at, column in enumerate(columns, start=1) if column == twice]
        others = "" if count == 2 else f", and {grouped(count - 2)} more,"
        raise DataError(
            f"Columns {places[0]} and {places[1]}{others} of {name} are called {twice!r}; "
            "give each its own name."
        )


def _cleaned(
    columns: tuple[str, ...], grid: Grid, choices: Choices, tell: Tell
) -> tuple[tuple[str, ...], list[Cells], Found, tuple[Gap, ...]]:
    """Trim all cells; drop columns without name and value, which a delimiter at line ends leaves."""
    names: list[str] = []
    kept: list[Cells] = []
    found = grid.found
    amounts: list[tuple[str, str, str]] = []
    gaps: list[Gap] = []
    met: list[tuple[str, str, int]] = []
    words_by = dict(choices.gaps_by)
    for number, name in enumerate(columns, start=1):
        tell(number, len(columns))
        above = [row[number - 1] for row in grid.rows]
        below = grid.below.cells[number - 1] if grid.below is not None else None
        # Turning all rows at once would hold the interpreter, and the window with it, for seconds.
        words = words_by.get(name, choices.gaps)
        clean, read, own = _clean_both(name, (above, below), found.decimal, words)
        if not clean.is_blank() or name != f"column {number}":
            names.append(name)
            kept.append(clean)
            amounts += [(name, read.sample, read.read)] if read is not None else []
            gaps += own
            met += [(name, one.word, _times(one, clean)) for one in own]
    return tuple(names), kept, replace(found, amounts=tuple(amounts), gaps=tuple(met)), tuple(gaps)


def _times(gap: Gap, cells: Sequence[str]) -> int:
    return cells.count("") if gap.rows is None else len(gap.rows)


def _clean_both(
    name: str, parts: tuple[list[Cell], Cells | None], decimal: str, words: str | None
) -> tuple[Cells, Amounts | None, tuple[Gap, ...]]:
    """Clean a column whose lower part may be held by columns already; see `_clean`."""
    above, below = parts
    if below is None:
        return _clean(name, above, decimal, words)
    if words is None and decimal == "." and isinstance(below, Lettered) and below.plain:
        # Plain numbers with a point stay as they are, if those above are as plain.
        whole = joined([cells_of(cell.strip() for cell in above if isinstance(cell, str)), below])
        if isinstance(whole, Lettered) and whole.plain:
            return whole, None, ()
    return _clean(name, [*above, *below], decimal, words)


def _clean(
    name: str, cells: Sequence[Cell], decimal: str, words: str | None
) -> tuple[Cells, Amounts | None, tuple[Gap, ...]]:
    """Write the cells of a column as texts: numbers with a point, trimmed, "" for a missing value.

    Returns:
        The cells, how decorated numbers were read, and where words stand for a missing value.
    """
    # What a typed format says is a number stays one; only texts can be written in another way.
    typed = set(map(type, cells)) != {str}
    texts = (
        [cell.strip() if isinstance(cell, str) else written(cell) for cell in cells]
        if typed
        else _trimmed(cells)
    )
    different = dict.fromkeys(texts)
    missing = missing_among(different, decimal, words)
    # Each different text once: a column of classes has few, and its cells then share them.
    known = {text: "" if text in missing else plain_number(text, decimal) for text in different}
    amounts = read_amounts((text for text in different if text not in missing), decimal)
    if amounts is not None:
        known |= amounts.numbers
    gaps = gaps_in(name, texts, missing)
    if not typed:
        return cells_of(map(known.__getitem__, texts)), amounts, gaps
    clean = (known[text] if isinstance(cell, str) else text for cell, text in zip(cells, texts, strict=True))
    return cells_of(clean), amounts, gaps


def _trimmed(cells: Sequence[Cell]) -> list[str]:
    return list(map(str.strip, cells))  # type: ignore[arg-type]  # all of them are texts


def _message(table: Table, found: Found, missing: Mapping[int, tuple[str, ...]]) -> str:
    """Say how the table was read, and which rows lack a value."""
    how = said(found)
    text = f"{size_text(len(table.rows), len(table.columns))}{', ' if how else ''}{how}."
    if missing:
        shown = [f"row {row}: {named(missing[row])}" for row in islice(missing, _MISSING_SHOWN)]
        more = "; ..." if len(missing) > _MISSING_SHOWN else ""
        text += f" {lacking_text(len(missing), '; '.join(shown) + more)}"
    return one_line(text)
