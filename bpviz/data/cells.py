"""The cells of one column, held as an array: texts that read back letter by letter, whatever they look like.

There are three kinds, which `cells_of` chooses from: `Coded` holds each different text once and a number a
row; `Lettered` holds short texts in ASCII side by side, as a column of decimals has them; `Counted` holds
numbers whose texts nobody wrote yet.  All of them are sequences of texts; "" is a missing value.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import Array, BoolArray, IntArray, read_only
from bpviz.data.numbers import Letters, letter_values, plain_values, word_values

LONGEST: Final = 32
"""Letters of a text that is held in a place of its own; a column with a longer one holds them by number."""
_AT_ONCE: Final = 4096  # texts that are made together when all are asked for
_MIXER: Final = 0x9E3779B97F4A7C15  # odd, and without a pattern


class Cells(Sequence[str]):
    """The texts of one column, from top to bottom; never changed."""

    @abstractmethod
    def values(self) -> tuple[Array, IntArray]:
        """The numbers that the texts are.

        Returns:
            (rows,) the numbers, NaN where a cell is missing or no finite number; rows, from 0, whose cell is
            neither missing nor a number.
        """

    def words(self) -> tuple[str, ...]:
        """The different texts, in the order in which they come first."""
        return tuple(dict.fromkeys(self))

    def codes(self) -> NDArray[np.int32]:
        """(rows,) which of the `words` each cell is."""
        return Coded.of(self.texts(0, len(self))).codes()

    @abstractmethod
    def take(self, rows: IntArray) -> Cells:
        """The cells of these rows, in this order."""

    @abstractmethod
    def texts(self, first: int, end: int) -> list[str]:
        """The texts of some rows in a row, as a list."""

    @property
    def known(self) -> Array | None:
        """The numbers that all texts are, where these are at hand."""
        return None

    def word_count(self) -> int:
        """How many different texts there are beside the missing one."""
        words = self.words()
        return len(words) - ("" in words)

    def is_blank(self) -> bool:
        """Whether all is missing."""
        return not any(self.words())

    def first_words(self, count: int) -> tuple[str, ...]:
        """The first few of the different texts that are not missing."""
        found = dict.fromkeys(text for text in self.texts(0, 2 * count) if text)
        if len(found) < count:
            found = dict.fromkeys(text for text in self.words() if text)
        return tuple(found)[:count]

    def replaced(self, changes: Mapping[int, str]) -> Cells:
        """The same with other texts in some rows."""
        if not changes:
            return self
        # The new ones stand below for a moment, from where they are picked.
        whole = joined([self, cells_of(changes.values())])
        places = np.arange(len(self))
        places[list(changes)] = np.arange(len(self), len(whole))
        return whole.take(places)

    def first_row(self, text: str) -> int:
        """The first row, from 0, in which a text stands."""
        return int(np.argmax(self.codes() == self.words().index(text)))

    def same(self, other: Cells) -> BoolArray:
        """(rows,) which texts are those of a column of the same length."""
        if self is other:
            return np.ones(len(self), dtype=np.bool_)
        own = np.array(self.texts(0, len(self)), dtype=object)
        return np.asarray(own == np.array(other.texts(0, len(other)), dtype=object), dtype=np.bool_)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Cells: ...
    def __getitem__(self, at: int | slice) -> str | Cells:
        if isinstance(at, slice):
            return self.take(np.arange(*at.indices(len(self))))
        row = at + len(self) if at < 0 else at
        if not 0 <= row < len(self):
            raise IndexError(at)
        return self.texts(row, row + 1)[0]

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self), _AT_ONCE):
            yield from self.texts(first, min(first + _AT_ONCE, len(self)))

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, Cells):
            if len(self) != len(other):
                return False
            left, right = self.known, other.known
            if left is not None and right is not None and not np.array_equal(left, right, equal_nan=True):
                return False  # which saves making the texts
            return bool(self.same(other).all())
        if isinstance(other, tuple | list):
            return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))
        return NotImplemented

    __hash__ = None  # type: ignore[assignment]  # an array says nothing about itself quickly


class Coded(Cells):
    """Each different text once, and by row which of them it is."""

    def __init__(self, words: Sequence[str], codes: NDArray[np.integer[Any]]) -> None:
        self._words = tuple(words)
        # Half of an int64 numbers more rows than there may be.
        self._codes = read_only(np.asarray(codes).astype(np.int32, copy=False))

    @classmethod
    def of(cls, texts: Sequence[str]) -> Coded:
        """Number texts."""
        places = {text: at for at, text in enumerate(dict.fromkeys(texts))}
        return cls(tuple(places), np.fromiter(map(places.__getitem__, texts), np.int32, len(texts)))

    def mapped(self, change: Callable[[str], str]) -> Coded:
        """Change every text, each different one once."""
        places: dict[str, int] = {}
        turned = [places.setdefault(change(word), len(places)) for word in self._words]
        return Coded(tuple(places), np.array(turned, dtype=np.int32)[self._codes])

    def values(self) -> tuple[Array, IntArray]:
        numbers, strays = word_values(self._words)
        return numbers[self._codes], np.flatnonzero(strays[self._codes])

    def words(self) -> tuple[str, ...]:
        return self._words

    def codes(self) -> NDArray[np.int32]:
        return self._codes

    def take(self, rows: IntArray) -> Cells:
        codes = self._codes[rows]
        kept, firsts, places = np.unique(codes, return_index=True, return_inverse=True)
        order = np.argsort(firsts)
        ranks = np.empty_like(order)
        ranks[order] = np.arange(order.size)
        return Coded([self._words[at] for at in kept[order].tolist()], ranks[places])

    def texts(self, first: int, end: int) -> list[str]:
        return list(map(self._words.__getitem__, self._codes[first:end].tolist()))

    def __len__(self) -> int:
        return int(self._codes.size)


class Lettered(Cells):
    """Short texts in ASCII, one beside the other."""

    def __init__(self, letters: Letters, numbers: Array | None = None) -> None:
        self.letters = read_only(np.ascontiguousarray(letters))
        self._numbers = None if numbers is None else read_only(numbers)
        self._word_count = -1

    @classmethod
    def of(cls, parts: Sequence[Lettered]) -> Lettered:
        """Put columns one below the other; numbers that are known already stay so."""
        letters = np.concatenate([part.letters for part in parts])
        known = any(part._numbers is not None for part in parts) and all(part.plain for part in parts)
        numbers = [part._numbers for part in parts if part._numbers is not None]
        return cls(letters, np.concatenate(numbers) if known else None)

    @property
    def plain(self) -> bool:
        """Whether all are numbers as Python writes them, or missing."""
        if self._numbers is None:
            numbers = plain_values(self.letters)
            self._numbers = None if numbers is None else read_only(numbers)
        return self._numbers is not None

    @property
    def known(self) -> Array | None:
        return self._numbers

    def values(self) -> tuple[Array, IntArray]:
        if self._numbers is not None and not np.isinf(self._numbers).any():
            return self._numbers, np.zeros(0, dtype=np.int64)
        numbers = letter_values(self.letters) if self._numbers is None else self._numbers.copy()
        if numbers is None:
            numbers, strays = word_values(self.words())
            codes = self.codes()
            return numbers[codes], np.flatnonzero(strays[codes])
        strays = np.isinf(numbers)
        numbers[strays] = np.nan
        return numbers, np.flatnonzero(strays)

    def is_blank(self) -> bool:
        return not (self.letters != b"").any()

    def word_count(self) -> int:
        """As of every column, but without making most of the texts; counted once."""
        if self._word_count < 0:
            self._word_count = self._counted_words()
        return self._word_count

    def _counted_words(self) -> int:
        given = self.letters != b""
        letters = self.letters if given.all() else self.letters[given]
        mixed = _mixed(letters)
        order = np.argsort(mixed)
        ordered = mixed[order]
        again = np.flatnonzero(ordered[1:] == ordered[:-1])
        if (letters[order[again]] == letters[order[again + 1]]).all():
            return int(letters.size - again.size)
        return super().word_count()  # two texts were mixed to one number, once in a blue moon

    def take(self, rows: IntArray) -> Cells:
        return Lettered(self.letters[rows], None if self._numbers is None else self._numbers[rows])

    def texts(self, first: int, end: int) -> list[str]:
        found: list[str] = self.letters[first:end].astype(np.str_).tolist()
        return found

    def same(self, other: Cells) -> BoolArray:
        if isinstance(other, Lettered):
            return np.asarray(self.letters == other.letters, dtype=np.bool_)
        return super().same(other)

    def __len__(self) -> int:
        return int(self.letters.size)


class Counted(Cells):
    """Numbers, written when somebody asks for their texts; NaN is a missing value."""

    def __init__(self, numbers: Array, write: Callable[[float], str]) -> None:
        self.numbers, self._write = read_only(numbers), write

    @property
    def known(self) -> Array | None:
        return self.numbers

    def values(self) -> tuple[Array, IntArray]:
        return self.numbers, np.zeros(0, dtype=np.int64)

    def is_blank(self) -> bool:
        return bool(np.isnan(self.numbers).all())

    def word_count(self) -> int:
        """As of every column, but without making the texts: every number has its own."""
        # To look at the bits tells 0 from -0, as their texts do.
        numbers = self.numbers[~np.isnan(self.numbers)]
        return int(np.unique(numbers.astype(np.float64).view(np.uint64)).size)

    def take(self, rows: IntArray) -> Cells:
        return Counted(self.numbers[rows], self._write)

    def texts(self, first: int, end: int) -> list[str]:
        return list(map(self._write, self.numbers[first:end].tolist()))

    def same(self, other: Cells) -> BoolArray:
        if isinstance(other, Counted) and other._write is self._write:
            left, right = self.numbers, other.numbers
            alike = (left == right) & (np.signbit(left) == np.signbit(right))
            return np.asarray(alike | (np.isnan(left) & np.isnan(right)), dtype=np.bool_)
        return super().same(other)

    def __len__(self) -> int:
        return int(self.numbers.size)


def _mixed(letters: Letters) -> NDArray[np.uint64]:
    """A number for each text, the same for the same; others seldom have it."""
    letters = letters.astype(f"S{max(letters.dtype.itemsize, 8)}", copy=False)
    width = letters.dtype.itemsize
    mixed = np.zeros(letters.size, dtype=np.uint64)
    for at in range(0, width, 8):
        # The last eight letters may overlap those before them.
        begin = min(at, width - 8)
        part = np.ndarray(letters.shape, np.dtype("<u8"), letters.data, begin, (width,))
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(_MIXER) + part
    return mixed


def cells_of(texts: Iterable[str]) -> Cells:
    """Hold texts as they take the least room."""
    listed = list(texts)
    # Where each text comes twice or more, numbers for them are the smaller.
    letters = _as_letters(listed) if 2 * len(set(listed)) > len(listed) else None
    return Coded.of(listed) if letters is None else Lettered(letters)


def joined(parts: Sequence[Cells]) -> Cells:
    """Put columns one below the other."""
    kept = [part for part in parts if len(part)]
    if len(kept) == 1:
        return kept[0]
    if not kept:
        return Coded((), np.zeros(0, dtype=np.int32))
    large = max(kept, key=len)
    if isinstance(large, Lettered):
        found = [one for part in kept if (one := _lettered(part)) is not None]
        if len(found) == len(kept):
            return Lettered.of(found)
    if isinstance(large, Coded):
        places: dict[str, int] = {}
        codes = []
        for part in kept:
            turned = [places.setdefault(word, len(places)) for word in part.words()]
            codes.append(np.array(turned, dtype=np.int32)[part.codes()])
        return Coded(tuple(places), np.concatenate(codes))
    return cells_of(text for part in kept for text in part)


def _lettered(cells: Cells) -> Lettered | None:
    """The cells side by side, if each has its place there."""
    if isinstance(cells, Lettered):
        return cells
    letters = _as_letters(list(cells))
    return None if letters is None else Lettered(letters)


def _as_letters(texts: list[str]) -> Letters | None:
    if max(map(len, texts), default=0) > LONGEST:
        return None
    whole = "".join(texts)
    return np.array(texts, dtype=np.bytes_) if whole.isascii() and "\0" not in whole else None
