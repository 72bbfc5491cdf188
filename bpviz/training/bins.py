"""Bins of several series: bounded memory, and no extreme is lost.

A `BinTable` has one row a bin and one column a series.  Its bins hold ``stride`` records each; when all bins
are full, neighbors merge and the stride doubles.  All of that depends on the number of records alone, so a
history is the same in whatever slices the run was trained.  Sums are taken one record after the other for
the same reason.

A kernel may fill the arrays of a table itself: record r belongs into bin ``r // stride``; it must not go
beyond `BinTable.room` records and calls `BinTable.note` when it is done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from itertools import product
from typing import Final

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray, frozen_copy, read_only, stretches
from bpviz.training.series import Bins

STEP_BINS: Final = 2048
_BY_COLUMN: Final = ("total", "count", "low", "high", "last")
_KEPT: Final = ("first", "last_step", *_BY_COLUMN)
"""The arrays of a table that have a row a bin."""


class BinTable:
    """Bins of several series that get their records together.

    Attributes:
        names: One a column.
        stride: Records a full bin holds; a power of two.
        records: How many records were made.
        first: (bins,) step of each bin's first record; likewise `last_step`.
        total: (bins, columns) sum of the records.
        count: (bins, columns) how many of them were finite numbers; 0 before the column was there.
        low: (bins, columns) smallest record, NaN without one; likewise `high` and `last`.  Without `extremes`
            these three have no columns.
        extremes: Whether more than means is kept.
    """

    def __init__(self, names: Sequence[str], bins: int = STEP_BINS, *, extremes: bool = True) -> None:
        if bins < 2 or bins % 2:
            raise ValueError("neighbors merge in pairs, so the number of bins must be even")
        self.names = tuple(names)
        self.extremes = extremes
        self.stride = 1
        self.records = 0
        self.first: IntArray = np.zeros(bins, dtype=np.int64)
        self.last_step: IntArray = np.zeros(bins, dtype=np.int64)
        width, kept = len(self.names), len(self.names) if extremes else 0
        self.total: Array = np.zeros((bins, width))
        self.count: IntArray = np.zeros((bins, width), dtype=np.int64)
        self.low: Array = np.full((bins, kept), np.nan)
        self.high: Array = np.full((bins, kept), np.nan)
        self.last: Array = np.full((bins, kept), np.nan)
        self._means: Array | None = None  # of full bins; others have seen it, so rows that are there stay
        self._meant = 0

    @property
    def bins(self) -> int:
        """How many bins there can be; `used` says how many there are."""
        return self.first.size

    @property
    def used(self) -> int:
        """How many bins hold a record."""
        return -(-self.records // self.stride)

    @property
    def room(self) -> int:
        """How many records fit before neighbors merge; never 0."""
        return self.bins * self.stride - self.records

    @property
    def nbytes(self) -> int:
        """Memory of its arrays; their size does not depend on how many records there are."""
        arrays = (self.first, self.last_step, self.total, self.count, self.low, self.high, self.last)
        return sum(array.nbytes for array in arrays) + (0 if self._means is None else self._means.nbytes)

    def add(self, rows: Array, steps: IntArray) -> None:
        """Take in records.

        Args:
            rows: (records, columns); what is not a finite number counts for nothing.
            steps: (records,) the step of each.
        """
        done = 0
        while done < len(rows):
            part = slice(done, done + min(len(rows) - done, self.room))
            self._fill(rows[part], steps[part])
            done = part.stop

    def _fill(self, rows: Array, steps: IntArray) -> None:
        """Take in records that fit into the bins there are: the open bin, whole bins, the next open one."""
        head = min(-self.records % self.stride, len(rows))
        whole = (len(rows) - head) // self.stride
        middle = slice(head, head + whole * self.stride)
        at = self.records // self.stride
        if head:
            self._put(at, rows[None, :head], steps[None, :head])
            at += 1
        if whole:
            shape = (whole, self.stride)
            self._put(at, rows[middle].reshape(*shape, -1), steps[middle].reshape(shape))
        if middle.stop < len(rows):
            self._put(at + whole, rows[None, middle.stop :], steps[None, middle.stop :])
        self._made(len(rows))

    def _put(self, at: int, rows: Array, steps: IntArray) -> None:
        """Add records (bins, records, columns) to the bins from `at` on."""
        where = slice(at, at + len(rows))
        finite = np.isfinite(rows)
        opened = self.records <= at * self.stride
        if opened:
            self.first[where] = steps[:, 0]
        self.last_step[where] = steps[:, -1]
        sums = np.concatenate([self.total[where, None], np.where(finite, rows, 0.0)], axis=1)
        # An accumulation adds strictly one after the other; a sum may pair its terms, and then the
        # slices in which records arrive would change the last bit.
        self.total[where] = np.add.accumulate(sums, axis=1)[:, -1]
        self.count[where] += finite.sum(axis=1)
        if self.extremes:
            known = np.where(finite, rows, np.nan)
            self.low[where] = np.fmin(self.low[where], np.fmin.reduce(known, axis=1))
            self.high[where] = np.fmax(self.high[where], np.fmax.reduce(known, axis=1))
            last = rows.shape[1] - 1 - finite[:, ::-1].argmax(axis=1)
            latest = np.take_along_axis(known, last[:, np.newaxis], axis=1)[:, 0]
            self.last[where] = np.where(np.isnan(latest), self.last[where], latest)

    def add_firsts(self, rows: Array, steps: IntArray) -> None:
        """Take in the first record of the coming bin and of some more; the others of these bins are left out.

        Args:
            rows: (records, columns) as many as there are bins for, when the coming record begins one.
            steps: (records,) the step of each.
        """
        self._put(self.records // self.stride, rows[:, None], steps[:, None])
        self._made((len(rows) - 1) * self.stride + 1)

    def stand_at(self, stride: int, records: int) -> None:
        """Stand where a table with so many records stands, without any of them."""
        self.stride, self.records = stride, records

    def cut(self, records: int, open_bin: BinTable) -> None:
        """Forget all records but the first so many.

        Args:
            records: As there were at some time before.
            open_bin: A table of the same columns and stride whose bin around that time is as it was then.
        """
        at = records // self.stride
        self.records, self._means = records, None
        for name in _KEPT:
            mine, other = getattr(self, name), getattr(open_bin, name)
            mine[at:] = np.nan if name in ("low", "high", "last") else 0
            if records % self.stride:
                mine[at] = other[at]

    def skip(self, records: int) -> None:
        """Leave records out, as where nobody measured; their bins have what is measured beside them."""
        while records > 0:
            part = min(records, self.room)
            self._made(part)
            records -= part

    def note(self, first_step: int, records: int) -> None:
        """Account for records that a kernel has put into the arrays itself, all of them finite.

        Args:
            first_step: The step of the first one.
            records: How many; at most `room`.
        """
        if not records:
            return
        at, stop = self.records // self.stride, (self.records + records - 1) // self.stride + 1
        bounds = np.arange(at, stop + 1) * self.stride - self.records
        begin, end = np.maximum(bounds[:-1], 0), np.minimum(bounds[1:], records)
        opened = slice(at if bounds[0] >= 0 else at + 1, stop)
        self.first[opened] = first_step + begin[opened.start - at :]
        self.last_step[at:stop] = first_step + end - 1
        self.count[at:stop] += (end - begin)[:, None]
        self._made(records)

    def _made(self, records: int) -> None:
        self.records += records
        if not self.room:
            self._merge()

    def _merge(self) -> None:
        """Join neighbors, and make room in the second half."""
        self._means = None
        half = self.bins // 2
        self.first[:half] = self.first[::2]
        self.last_step[:half] = self.last_step[1::2]
        for array in (self.total, self.count):
            array[:half] = array[::2] + array[1::2]
            array[half:] = 0
        if self.extremes:
            self.low[:half] = np.fmin(self.low[::2], self.low[1::2])
            self.high[:half] = np.fmax(self.high[::2], self.high[1::2])
            self.last[:half] = np.where(np.isnan(self.last[1::2]), self.last[::2], self.last[1::2])
            for array in (self.low, self.high, self.last):
                array[half:] = np.nan
        self.stride *= 2

    def series(self, names: Sequence[str]) -> dict[str, Bins]:
        """Columns as read-only copies; bins in which one has no value are left out of it."""
        used, columns = slice(0, self.used), [self.names.index(name) for name in names]
        first, last_step = frozen_copy(self.first[used]), frozen_copy(self.last_step[used])
        # All columns at once: one by one, each of these small copies would cost as much as all together.
        count, total, low, high, last = (
            read_only(array[used].T[columns])
            for array in (self.count, self.total, self.low, self.high, self.last)
        )
        mean = read_only(total / np.maximum(count, 1))
        found: dict[str, Bins] = {}
        for at, name in enumerate(names):
            bins = Bins(first, last_step, low[at], high[at], mean[at], last[at])
            found[name] = bins if count[at].all() else _where(bins, count[at] > 0)
        return found

    def means(self) -> tuple[Array, Array]:
        """The means of bins that are full, and of the one that is not; (bins, columns), NaN for no value.

        A full bin never changes, so its mean is computed once, and what is returned is shared: of many nodes
        a copy would take longer than many steps.
        """
        full = self.records // self.stride
        if self._means is None:
            self._means, self._meant = np.empty_like(self.total), 0
        self._means[self._meant : full] = self._mean(slice(self._meant, full))
        self._meant = full
        return read_only(self._means[:full]), read_only(self._mean(slice(full, self.used)))

    def _mean(self, bins: slice) -> Array:
        count = self.count[bins]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(count > 0, self.total[bins] / count, np.nan)

    def with_columns(self, names: Sequence[str], kept: Mapping[int, int]) -> BinTable:
        """Return a table with other columns and the same bins.

        Args:
            names: The new columns.
            kept: For new columns that continue an old one: new index to old index.  The others begin empty.
        """
        result = BinTable(names, self.bins, extremes=self.extremes)
        result.stride, result.records = self.stride, self.records
        result.first[:], result.last_step[:] = self.first, self.last_step
        used, places = slice(0, self.used), np.array([*kept.items()], dtype=np.int64).reshape(-1, 2).T
        for name, (new, old) in product(_BY_COLUMN, stretches(*places)):
            if self.extremes or name in ("total", "count"):
                getattr(result, name)[used, new] = getattr(self, name)[used, old]
        return result

    def arrays(self) -> dict[str, Array | IntArray]:
        """Everything as arrays by name, to be saved; `restore` reads them."""
        used = slice(0, self.used)
        result = {name: np.array(getattr(self, name)[used]) for name in _KEPT}
        return {**result, "state": np.array([self.stride, self.records], dtype=np.int64)}

    def restore(self, arrays: Mapping[str, Array | IntArray], widths: Collection[int] | None = None) -> None:
        """Continue from saved arrays.

        Args:
            arrays: As `arrays` gave them, by this table or one that had only its first columns.
            widths: How many columns they may have; None for all of this table's.

        Raises:
            ValueError: If they are not those of a table with these columns.
        """
        lacking = {"state", *_KEPT} - arrays.keys()
        if lacking:
            raise ValueError(f"the history lacks {min(lacking)!r}")
        if arrays["state"].shape != (2,):
            raise ValueError("the history's 'state' is not a pair of numbers")
        stride, records = (int(number) for number in arrays["state"])
        if stride < 1 or stride.bit_count() != 1:
            raise ValueError("the history's bins can't hold so many records each")
        used = -(-records // stride)
        if records < 0 or used > self.bins:
            raise ValueError("the history has more bins than there is room for")
        width = arrays["total"].shape[-1] if arrays["total"].ndim else 0
        if width != len(self.names) and width not in (widths or ()):
            raise ValueError("the history's 'total' does not fit the network")
        for name in _KEPT:
            target, saved = getattr(self, name), arrays[name]
            if saved.shape != (used, *(min(width, columns) for columns in target.shape[1:])):
                raise ValueError(f"the history's {name!r} does not fit the network")
            target[(slice(used), *(slice(width) for _ in target.shape[1:]))] = saved
        self.stride, self.records = stride, records


def _where(bins: Bins, here: BoolArray) -> Bins:
    """The bins of a series at some places."""
    return Bins(*(read_only(getattr(bins, field.name)[here]) for field in fields(Bins)))
