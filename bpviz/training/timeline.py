"""A run and its branches: it goes on from any of its steps, and what it did before stays as a line.

A line is one way that the run took: what was done to it (`Story`), moments kept on the way, and its history.
`bpviz.training.film` winds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Final

from bpviz.errors import SettingError
from bpviz.model.spec import Address, Project
from bpviz.training.film import Film, Line
from bpviz.training.history import History
from bpviz.training.moment import Moment, measured_loss
from bpviz.training.moments import Moments, make_room, nbytes_of
from bpviz.training.session import Session
from bpviz.training.snapshot import Path

MEGABYTE: Final = 1_000_000
"""As memory for moments is counted wherever it is set or told."""
ROOM_BYTES: Final = 64 * MEGABYTE
"""For the moments of all lines together."""
_SLICE_S: Final = 0.05
_GOOD: Final = 10.0
"""A moment to go back to has at most so many times the best loss of the run."""


class Timeline(Film):
    """Leads one session about in what it has done.

    Attributes:
        session: Stands at the end of the present line, or somewhere in its past.
        lines: By number.
        line: The present one.
        numbers: The highest number that a line ever had.

    Args:
        session: The timeline begins where it stands.
        room_bytes: For the moments of all lines.

    Raises:
        SettingError: If there is not even room for one moment.
    """

    def __init__(self, session: Session, room_bytes: int = ROOM_BYTES) -> None:
        self.session = session
        self._room_bytes = room_bytes
        first = session.moment()
        if first.nbytes > room_bytes:
            size = f"{first.nbytes / 1e6:.3g} MB"
            raise SettingError(f"One moment of this run needs {size}; allow at least so much for moments.")
        self.line = Line(1, None, 0, "", session.story, Moments(), session.history, first)
        self.line.moments.keep(first, 0.0, held="always")
        self.lines = {1: self.line}
        self.numbers = 1
        self._good: tuple[tuple[int, int], Moment | None] = ((0, 0), None)
        self._nbytes: tuple[tuple[int, ...], int] = ((), 0)
        self._at_end = True
        self._count = 1  # steps that take about a slice

    # Where it stands

    @property
    def next_line(self) -> int:
        """Number of the line that will begin next."""
        return self.numbers + 1

    @property
    def nbytes(self) -> int:
        """Memory of all moments."""
        key = tuple(at for number, line in self.lines.items() for at in (number, line.moments.edition))
        if self._nbytes[0] != key:
            self._nbytes = key, nbytes_of([line.moments for line in self.lines.values()])
        return self._nbytes[1]

    # Going on

    def advance(self, steps: int, seconds: Callable[[], float] = perf_counter) -> int:
        """Make steps from the present place, keeping moments on the way.

        Args:
            steps: At most so many.
            seconds: A clock, for how often moments are kept; it changes no number.

        Returns:
            How many were made; fewer than asked for when the run stopped.
        """
        self.branch_off()
        done = 0
        while done < steps:
            begun = seconds()
            wanted = min(self._count, steps - done)
            made = self.session.advance(wanted)
            done += made
            now = seconds()
            self.remember(now)
            if made < wanted:
                break
            if now - begun > _SLICE_S:
                self._count = max(1, self._count // 2)
            elif wanted == self._count:
                self._count *= 2
        return done

    def remember(self, seconds: float) -> None:
        """Keep a moment if one is due after so much training, or the run has stopped."""
        stopped = self.session.stopped_by is not None
        if stopped or self.line.moments.is_due(seconds):
            self.line.moments.keep(self.session.moment(), seconds, held="long" if stopped else None)
            self._make_room()

    def follow(self, project: Project) -> bool:
        """Follow an edit, from the present place; see `Session.follow`."""
        self._prepare_edit()
        self._count = 1
        followed = self.session.follow(project)
        self._end_edit()
        return followed

    def set_value(self, address: Address, value: float) -> None:
        """Set a weight or bias by hand, from the present place."""
        self.set_values({address: value})

    def set_values(self, values: Mapping[Address, float]) -> None:
        """Set several at once."""
        self._prepare_edit()
        self.session.set_values(values)
        self._end_edit()

    def hand_over(self, path: Path) -> None:
        """Let another path compute from the end of the present line on."""
        if self._at_end:
            self._count = 1  # a slice of the compiled path would take the reference seconds
            self.session.hand_over(path)

    def go_on(self) -> None:
        """Let a run that stopped by itself go on from the present place."""
        self.branch_off()
        self.session.go_on()

    def good_moment(self) -> Moment | None:
        """The latest kept moment whose loss is near the best: where to go back to after a failure."""
        moments = self.line.moments
        key = (self.line.number, moments.edition)
        if self._good[0] != key:
            self._good = key, self._find_good(moments)
        return self._good[1]

    def _find_good(self, moments: Moments) -> Moment | None:
        best = moments.best
        if best is None:
            return None
        limit = _GOOD * best.state.metrics.train_loss
        for kept in reversed(list(moments)):
            # Numbers grow without bounds within an epoch, at the beginning of which all was well.
            near = kept.state.metrics.train_loss <= limit
            if near and measured_loss(kept) <= limit:
                return kept
        return best

    # Branches

    def branch_off(self, number: int | None = None, *, even_at_end: bool = False) -> None:
        """Let the run go on from the present place; if that lies in the past, on a line of its own.

        Args:
            number: Of that line, if whoever asks needs to know it before; one that none had.
            even_at_end: Begin a line also where the present one ends.
        """
        if self._at_end and not even_at_end:
            return
        self._leave_end()
        self._count = 1
        old, here = self.line, self.session.moment()
        open_bins = self._open_bins(here)
        history = old.history.forked(here.compiled, here.shape, open_bins)
        self.numbers = max(self.numbers + 1, number or 0)
        moments = old.moments.upto(here.place)
        story = old.story.upto(here.events).settle()
        self.line = Line(self.numbers, old.number, here.step, "", story, moments, history, here, here.events)
        self.lines[self.line.number] = self.line
        self.session.stand(here, story, history)
        # As coarse as the history is from here on, which says how often epochs are measured.
        moments.keep(self.session.moment(), held="always")
        self._at_end = True
        self._make_room()

    def switch(self, number: int) -> None:
        """Stand at the end of another line.

        Raises:
            SettingError: If there is no such line.
        """
        line = self._line(number)
        if line is not self.line:
            self._leave_end()
            self._count = 1
            self.line = line
            self.to_end()

    def rename(self, number: int, name: str) -> None:
        """Give a line a name; an empty one names it by what differs.

        Raises:
            SettingError: If there is no such line.
        """
        self._line(number).name = name

    def remove(self, number: int) -> Line:
        """Take a line out and return it; `put_back` brings it back.

        Raises:
            SettingError: If it is the present one, or there is no such line.
        """
        if self._line(number) is self.line:
            raise SettingError("The branch that is shown can't be removed; switch to another one first.")
        return self.lines.pop(number)

    def put_back(self, line: Line) -> None:
        """Bring back a line that was removed."""
        self.lines[line.number] = line
        self._make_room()

    # Helpers

    def _line(self, number: int) -> Line:
        if number not in self.lines:
            there = ", ".join(map(str, self.lines))
            raise SettingError(f"There is no branch {number}; choose among {there}.")
        return self.lines[number]

    def _prepare_edit(self) -> None:
        """An edit is made where the run can go on, and what was before it is always kept."""
        self.branch_off()
        self.line.moments.keep(self.session.moment(), held="long" if self.session.step else None)
        self._make_room()

    def _end_edit(self) -> None:
        """An edit that continued the one before it, such as a held slider's, stands in its place."""
        here = self.session.moment()
        kept = self.line.moments.nearest(here.place)
        if kept is not None and kept.place == here.place:
            self.line.moments.keep(here)

    def _open_bins(self, here: Moment) -> History:
        """Fill the bins that were being filled at a moment again, as coarse as the line's history is now."""
        strides = [stride for stride, _ in self.line.history.shape]
        begins = [
            records // stride * stride for stride, (_, records) in zip(strides, here.shape, strict=True)
        ]
        first = next(iter(self.line.moments))
        before = [
            kept
            for kept in self.line.moments
            if kept.place <= here.place
            and all(records <= begin for (_, records), begin in zip(kept.shape, begins, strict=True))
        ]
        kept = before[-1] if before else first
        shape = tuple((stride, records) for stride, (_, records) in zip(strides, kept.shape, strict=True))
        self.session.stand(kept, self.line.story, History.blank(kept.compiled, shape))
        self._repeat_until(here.place)
        return self.session.history

    def _make_room(self) -> None:
        """Thin moments out until they fit, the line with the most first."""
        make_room([line.moments for line in self.lines.values()], self._room_bytes)
