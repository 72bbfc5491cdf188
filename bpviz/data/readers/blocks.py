"""The lower part of a large delimited text, divided into columns at once: many rows in a few calls of numpy.

Only what is as plain as can be is divided so: no quotation mark, every row as wide as the next.  Of anything
else nothing is said here; `texts` then reads it row by row, with the same cells where both can.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import Array
from bpviz.data.cells import LONGEST, Cells, Coded, Lettered
from bpviz.data.numbers import Letters, plain_values

PIECE: Final = 2**20
"""Letters that are divided together."""
_LONGEST_CELL: Final = 100_000  # csv.reader takes no cell that is much longer
_NEWLINE: Final = ord("\n")
_BLANK: Final = (ord(" "), ord("\t"))
_Bytes: TypeAlias = NDArray[np.uint8]
_Places: TypeAlias = NDArray[np.int64]


@dataclass(slots=True)
class _Column:
    """One column, piece by piece.

    Attributes:
        exact: Blanks around cells stay.
        letters: Of each piece, as long as every piece so far had short texts.
        numbers: Of each piece, as long as all were plain numbers.
        places: By text the number it got, once there were others.
        codes: Of each piece, from then on.
    """

    exact: bool = False
    letters: list[Letters] = field(default_factory=list)
    numbers: list[Array] | None = field(default_factory=list)
    places: dict[str, int] | None = None
    codes: list[NDArray[np.int32]] = field(default_factory=list)

    def add(self, buffer: _Bytes, begins: _Places, lengths: _Places) -> None:
        """Append the cells that begin at some places and are so long."""
        width = max(int(lengths.max()), 1)
        letters = _gathered(buffer, begins, lengths, width, self.exact) if width <= LONGEST else None
        if self.places is None and letters is not None and not (letters.view(np.uint8) > _LAST_ASCII).any():
            self.letters.append(letters)
            if self.numbers is not None:
                values = plain_values(letters)
                if values is None:
                    self.numbers = None
                else:
                    self.numbers.append(values)
            return
        if self.places is None:
            self.places, self.numbers = {}, None
            for part in self.letters:
                self._code(part.astype(np.str_).tolist())
            self.letters = []
        whole = buffer.tobytes()
        spans = zip(begins.tolist(), (begins + lengths).tolist(), strict=True)
        texts = [whole[begin:end].decode() for begin, end in spans]
        self._code(texts if self.exact else list(map(str.strip, texts)))

    def _code(self, texts: list[str]) -> None:
        assert self.places is not None
        places = self.places
        found = (places.setdefault(text, len(places)) for text in texts)
        self.codes.append(np.fromiter(found, np.int32, len(texts)))

    def cells(self) -> Cells:
        """All of them; the pieces are let go."""
        if self.places is not None:
            return Coded(tuple(self.places), np.concatenate(self.codes))
        letters, numbers = np.concatenate(self.letters), None
        self.letters = []
        if self.numbers is not None:
            numbers, self.numbers = np.concatenate(self.numbers), None
        return Lettered(letters, numbers)


_LAST_ASCII: Final = 127


def divided(
    text: str, begin: int, delimiter: str, tell: Callable[[int, int], None], *, exact: bool = False
) -> list[Cells] | None:
    """Divide the rest of a text.

    Args:
        text: All of it; lines end with a line feed, or all with a carriage return before it.
        begin: Where the first row of the rest begins.
        delimiter: Between the cells, one letter of ASCII that is no blank one.
        tell: Hears how far it is.
        exact: Blanks around cells belong to them, and rows without anything are not left out.

    Returns:
        The columns, else with blanks around cells already left out; None where this is no text for it.
    """
    if text.find('"', begin) >= 0:
        return None
    columns: list[_Column] | None = None
    while begin < len(text):
        end = text.rfind("\n", begin, begin + PIECE) + 1 or text.find("\n", begin) + 1 or len(text)
        piece = text[begin:end]
        if "\r" in piece:
            piece = piece.replace("\r\n", "\n")
        if exact and ("\n\n" in piece or piece.startswith("\n")):
            return None
        while "\n\n" in piece:
            piece = piece.replace("\n\n", "\n")  # rows without anything are none
        piece = piece.strip("\n")
        if piece:
            content = f"{piece}\n".encode()
            if columns is None:
                columns = [_Column(exact) for _ in range(piece.partition("\n")[0].count(delimiter) + 1)]
            if not _add(content, ord(delimiter), columns):
                return None
        begin = end
        tell(begin, len(text))
    if columns is None:
        return []
    found = []
    for column in columns:
        found.append(column.cells())
        tell(len(text), len(text))
    return found


def _add(content: bytes, delimiter: int, columns: list[_Column]) -> bool:
    """Append the rows of a piece; False if they are of another width."""
    buffer = np.frombuffer(content, dtype=np.uint8)
    found = np.flatnonzero((buffer == delimiter) | (buffer == _NEWLINE))
    if found.size % len(columns):
        return False
    ends = found.reshape(-1, len(columns))
    newlines = buffer[ends] == _NEWLINE
    if newlines[:, :-1].any() or not newlines[:, -1].all():
        return False
    begins = np.empty_like(ends)
    begins.flat[0] = 0
    begins.reshape(-1)[1:] = found[:-1] + 1
    lengths = ends - begins
    if lengths.max() > _LONGEST_CELL:
        return False
    # Room to look beyond the last cells.
    padded = np.concatenate([buffer, np.zeros(LONGEST, dtype=np.uint8)])
    for at, column in enumerate(columns):
        column.add(padded, np.ascontiguousarray(begins[:, at]), np.ascontiguousarray(lengths[:, at]))
    return True


def _gathered(buffer: _Bytes, begins: _Places, lengths: _Places, width: int, exact: bool) -> Letters:
    """Copy cells of at most some width, each to its own place; unless exact without blanks around."""
    found = np.lib.stride_tricks.sliding_window_view(buffer, width)[begins]
    found[np.arange(width) >= lengths[:, np.newaxis]] = 0
    letters: Letters = found.view(f"S{width}")[:, 0]
    if not exact and any((found == blank).any() for blank in _BLANK):
        return np.strings.strip(letters)
    return letters
