"""Moments that a run keeps on its way, thinned out as it grows, so that every step of it is near one."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from bpviz.training.moment import Moment

Place: TypeAlias = tuple[int, int]
Held: TypeAlias = Literal["always", "long"]
"""A line begins somewhere, and repeats from there: that is kept always.  What was before an edit is kept as
long as there is room for all of those."""
FIRST_SPACING_S: Final = 0.1
"""Training time between two moments, until they are thinned out for the first time."""


MOST: Final = 10_000
"""Of one line, however small they are: now and then all of them are looked through."""


class Moments:
    """The moments of one line, in order.

    Spacing is training time and not steps: then it takes about as long to repeat what lies between two of
    them, whatever the network and the path.  Which ones are kept changes no number of the run.

    Attributes:
        spacing_s: Training time between two moments that nothing holds.
        edition: Grows with every change.

    Args:
        moments: In any order.
        held: Places of those that are not thinned out, and how firmly each is held.
        spacing_s: Training time between them.
    """

    def __init__(
        self,
        moments: Iterable[Moment] = (),
        held: Mapping[Place, Held] | None = None,
        spacing_s: float = FIRST_SPACING_S,
    ) -> None:
        self._moments = sorted(moments, key=_place)
        self._held = dict(held or {})
        self._nbytes = sum(moment.nbytes for moment in self._moments)
        self._best = _best(self._moments)
        self._trained_s = {kept.place: at * spacing_s for at, kept in enumerate(self._moments)}
        self.spacing_s = spacing_s
        self.edition = 0
        self._last_s = 0.0

    def __iter__(self) -> Iterator[Moment]:
        return iter(self._moments)

    def __len__(self) -> int:
        return len(self._moments)

    @property
    def held(self) -> Mapping[Place, Held]:
        """Places of those that are not thinned out, and how firmly each is held."""
        return MappingProxyType(self._held)

    @property
    def nbytes(self) -> int:
        """Memory of them all."""
        return self._nbytes

    @property
    def best(self) -> Moment | None:
        """The one with the smallest training loss, as it was last measured."""
        return self._best

    def is_due(self, seconds: float) -> bool:
        """Whether another moment is to be kept after so many seconds of training."""
        return seconds - self._last_s >= self.spacing_s or seconds < self._last_s

    def keep(self, moment: Moment, seconds: float | None = None, *, held: Held | None = None) -> None:
        """Keep a moment; one of the same place gives way to it.

        Args:
            moment: Of this line.
            seconds: Of training so far; None leaves it open when the next one is due.
            held: It is not thinned out.
        """
        at = bisect_right(self._moments, moment.place, key=_place)
        before = self._moments[at - 1] if at else None
        trained_s = 0.0 if before is None else self._trained_s[before.place]
        if seconds is not None:
            trained_s += max(0.0, seconds - self._last_s)
            self._last_s = seconds
        if before is not None and before.place == moment.place:
            self._nbytes -= before.nbytes
            del self._moments[at - 1]
            if self._best is before:
                self._best = _best(self._moments)
        insort(self._moments, moment, key=_place)
        self.edition += 1
        self._nbytes += moment.nbytes
        self._trained_s[moment.place] = trained_s
        self._best = _best(filter(None, (self._best, moment)))
        if held is not None and self._held.get(moment.place) != "always":
            self._held[moment.place] = held

    def nearest(self, place: Place) -> Moment | None:
        """The last moment that does not lie behind a place."""
        at = bisect_right(self._moments, place, key=_place)
        return self._moments[at - 1] if at else None

    def upto(self, place: Place) -> Moments:
        """Those that a branch at a place shares."""
        held = {at: how for at, how in self._held.items() if at <= place}
        result = Moments(self._moments[: bisect_right(self._moments, place, key=_place)], held)
        result.spacing_s, result._last_s = self.spacing_s, self._last_s
        result._trained_s = {kept.place: self._trained_s[kept.place] for kept in result}
        return result

    def begins(self) -> Moments:
        """Only those that are kept always: where lines begin."""
        always = {place: how for place, how in self._held.items() if how == "always"}
        return Moments((moment for moment in self._moments if moment.place in always), always)

    def thin_out(self) -> int:
        """Double the spacing until moments are too near to others to stay; returns how many went.

        The first, the best, and what is held are never too near.
        """
        loose = {
            kept.place
            for kept in self._moments[1:]
            if kept.place not in self._held and kept is not self._best
        }
        going: set[Place] = set()
        while loose and not going:
            self.spacing_s *= 2
            going = self._too_near(loose)
        self._moments = [kept for kept in self._moments if kept.place not in going]
        self._trained_s = {kept.place: self._trained_s[kept.place] for kept in self._moments}
        self._nbytes = sum(kept.nbytes for kept in self._moments)
        self.edition += 1
        return len(going)

    def _too_near(self, loose: Collection[Place]) -> set[Place]:
        found: set[Place] = set()
        last_s = float("-inf")
        for kept in self._moments:
            at_s = self._trained_s[kept.place]
            if kept.place in loose and at_s - last_s < self.spacing_s:
                found.add(kept.place)
            else:
                last_s = at_s
        return found

    def unpin(self) -> int:
        """Let go of half of what is held for long; returns how many that were."""
        going = sorted(place for place, how in self._held.items() if how == "long")[::2]
        for place in going:
            del self._held[place]
        return len(going)


def nbytes_of(lines: Collection[Moments], room_bytes: int | None = None) -> int:
    """Memory of the moments of several lines; what they share counts once.

    Args:
        lines: Of one run.
        room_bytes: If less than that is needed even where nothing is shared, that is good enough.
    """
    bound = sum(line.nbytes for line in lines)
    if len(lines) == 1 or (room_bytes is not None and bound <= room_bytes):
        return bound
    return sum({id(moment): moment.nbytes for line in lines for moment in line}.values())


def make_room(lines: Collection[Moments], room_bytes: int) -> bool:
    """Thin moments out until they fit, the line with the most first; whether they do in the end."""
    while nbytes_of(lines, room_bytes) > room_bytes or any(len(line) > MOST for line in lines):
        most_first = sorted(lines, key=lambda one: one.nbytes, reverse=True)
        if not any(moments.thin_out() or moments.unpin() for moments in most_first):
            return False
    return True


def _best(moments: Iterable[Moment]) -> Moment | None:
    known = [moment for moment in moments if moment.state.metrics.train_loss < float("inf")]
    return min(known, key=lambda moment: moment.state.metrics.train_loss, default=None)


def _place(moment: Moment) -> Place:
    return moment.place
