"""Where somebody stands in explanations: what is selected, which example, and the way down from there."""

from __future__ import annotations

from dataclasses import dataclass, field

from bpviz.training.quantities import Ref
from bpviz.ui.document import Selection
from bpviz.ui.explanation.moment import Moment
from bpviz.ui.explanation.topics import Choice, Topic, example_of, topic_of


@dataclass(slots=True)
class Way:
    """Leads from a selection down to the number that is explained, and back.

    Attributes:
        selection: What is selected.
        moment: The step; None while there is none.
        topic: What the selection is about; None before there was a step.
        trail: The numbers that led here; the last one is explained.  An empty one means the topic's table.
        example: Which example is looked at; None for the whole batch.
    """

    selection: Selection = field(default_factory=Selection)
    moment: Moment | None = None
    topic: Topic | None = None
    trail: tuple[Ref, ...] = ()
    example: int | None = None

    @property
    def ref(self) -> Ref | None:
        """The number that is explained."""
        return self.trail[-1] if self.trail else None

    def select(self, selection: Selection) -> None:
        """Stand at the beginning of something else."""
        self.selection = selection
        self._begin()

    def come_to(self, moment: Moment | None) -> bool:
        """Look at another moment from where one stands; whether that is the beginning of something else.

        Who walks to an example looks at that one; who is stopped by a breakpoint, at the number that did.
        """
        before, self.moment = self.moment, moment
        if moment is None:
            return False
        stopped = moment.stopped
        here = before is not None and (before.made, before.stopped) == (moment.made, stopped)
        if stopped is not None and not here:  # once: somebody may go on from there
            self.example = stopped.example
            self._begin()
            self.trail = (stopped,)
            return True
        another = before is None or before.compiled is not moment.compiled or self.topic is None
        walked = moment.cursor is not None and moment.cursor.example != self.example
        if walked or _example(before) != _example(moment) or (self.example or 0) >= moment.made.examples:
            self.example = _example(moment)
            self.trail = self._of_example(self.trail)
            another = another or not self._stands
        if another or not all(example_of(ref, ref.example, moment) for ref in self.trail):
            self._begin()
            return True
        return False

    def choose(self, choice: Choice) -> None:
        """Begin with another number of the topic."""
        ref = self.moment.ref(choice.key, choice.place, self.example) if self.moment is not None else None
        if ref is not None:
            self.trail = (ref,)

    def follow(self, ref: Ref) -> None:
        """Go on to a number; what was passed already is gone back to."""
        at = self.trail.index(ref) if ref in self.trail else len(self.trail)
        self.trail = (*self.trail[:at], ref)

    def go_back_to(self, at: int) -> None:
        """Go back to so many numbers of the trail, as far as there is something to stand on."""
        table = self.topic is not None and not self.topic.choices
        self.trail = self.trail[: max(at, 0 if table else 1)]

    def look_at(self, example: int | None) -> None:
        """Look at another example of the batch, or at all of it."""
        self.example = example
        self.trail = self._of_example(self.trail)
        if not self._stands:
            self._begin()

    @property
    def _stands(self) -> bool:
        return bool(self.trail) or (self.topic is not None and not self.topic.choices)

    def _begin(self) -> None:
        if self.moment is None:
            return
        self.topic, self.trail = topic_of(self.selection, self.moment), ()
        choices = self.topic.choices
        first = next((choice for choice in choices if choice.key == self.topic.first), None)
        if choices:
            self.choose(first or choices[0])

    def _of_example(self, trail: tuple[Ref, ...]) -> tuple[Ref, ...]:
        """The same way for another example, as far as it goes."""
        found: list[Ref] = []
        for ref in trail:
            other = example_of(ref, self.example, self.moment) if self.moment is not None else None
            if other is None:
                break
            if other not in found:
                found.append(other)
        return tuple(found)


def _example(moment: Moment | None) -> int | None:
    """Which example somebody came to who walks."""
    return moment.cursor.example if moment is not None and moment.cursor is not None else None
