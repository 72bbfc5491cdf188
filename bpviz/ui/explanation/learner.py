"""Somebody who works numbers out: hides them, types their own, is told what came of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from bpviz.training.explain.checking import Verdict
from bpviz.training.explain.verdicts import verdict_sentence
from bpviz.training.quantities import Ref
from bpviz.ui.explanation.guessing import Guesses, Mask, same_step
from bpviz.ui.explanation.judging import Case, Judge
from bpviz.ui.explanation.moment import Moment
from bpviz.ui.explanation.sheet import Sheet

_LOOKING = "Looking for what gives this number…"
_ANOTHER_STEP = "Another step: your numbers of the one before are forgotten."
_ANOTHER_PROJECT = "Another project: your numbers of the one before are forgotten."


class Learner(QObject):
    """Keeps what is hidden of the step that a sheet explains; another step forgets it.

    Signals:
        changed: Something is hidden, or shown again: the page is to be shown anew.
        working: (bool), whether something is being worked out, which nothing may give away.
    """

    changed = Signal()
    working = Signal(bool)

    def __init__(self, sheet: Sheet, parent: QObject) -> None:
        super().__init__(parent)
        self._sheet, self._guesses, self._judge = sheet, Guesses(), Judge(self)
        self._moment: Moment | None = None
        self._minus_delta = False
        self._forgot = ""
        self._works = False
        sheet.blanks.hide_wanted.connect(self._on_hide)
        sheet.blanks.reveal_wanted.connect(self._on_reveal)
        sheet.blanks.typed.connect(self._on_typed)
        sheet.blanks.drafted.connect(self._on_drafted)
        self._judge.judged.connect(self._on_judged)
        self._judge.looking.connect(self._on_looking)

    @property
    def mask(self) -> Mask:
        """What is hidden now."""
        return self._guesses.mask

    @property
    def judging(self) -> bool:
        """Whether a number is being looked at."""
        return self._judge.busy

    def follow(self, moment: Moment | None) -> None:
        """Come to another moment."""
        before, self._moment = self._moment, moment
        if moment is None or before is None or same_step(before.made, moment.made):
            return
        self._judge.cancel()
        self._forget(_ANOTHER_STEP)

    def write_minus_delta(self, minus_delta: bool) -> None:
        """Ask for minus delta, "the error", or for delta."""
        self._minus_delta = minus_delta

    def turn_page(self) -> None:
        """Something else is explained: nobody waits for the verdict any more."""
        self._judge.cancel()
        self._sheet.say_verdict(self._forgot)
        self._forgot = ""

    def begin_anew(self) -> None:
        """Another project comes."""
        self._judge.cancel()
        self._forget(_ANOTHER_PROJECT)
        self._moment = None

    def rest(self) -> None:
        """Nobody looks."""
        self._judge.cancel()

    def end(self) -> None:
        """The window closes."""
        self._judge.close()

    def _forget(self, sentence: str) -> None:
        """Forget what was typed; if something was, say so, also on the page that comes next."""
        self._forgot = sentence if self._guesses.typed else ""
        self._guesses.forget()
        self._tell()
        self._sheet.say_verdict(self._forgot)

    def _tell(self) -> None:
        if self._works != self._guesses.open:
            self._works = self._guesses.open
            self.working.emit(self._works)

    def _refs(self, leaf: int | None) -> list[Ref]:
        """A number of the page, or all of them."""
        numbers = self._sheet.view.gaps.open
        return list(numbers.values()) if leaf is None else [numbers[leaf]] if leaf in numbers else []

    @Slot(object)
    def _on_hide(self, leaf: int | None) -> None:
        if self._moment is None:
            return
        refs = self._refs(leaf)
        self._guesses.hide(self._moment.made, refs)
        self._tell()
        self.changed.emit()
        new = next((Verdict("not_asked", ref, "") for ref in refs if ref.key == "new"), None)
        self._sheet.say_verdict(verdict_sentence(new, self._moment.names) if new is not None else "")
        blanks, view = self._sheet.blanks, self._sheet.view
        first = leaf if leaf is not None else next((at for at in view.stops if at in view.gaps.hidden), None)
        if first is not None:
            blanks.open(first)

    @Slot(object)
    def _on_reveal(self, leaf: int | None) -> None:
        if self._moment is None:
            return
        self._judge.cancel()
        self._guesses.reveal(self._moment.made, None if leaf is None else self._refs(leaf))
        self._sheet.say_verdict("")
        self._tell()
        self.changed.emit()

    @Slot(int, str)
    def _on_typed(self, leaf: int, text: str) -> None:
        refs = self._refs(leaf)
        if self._moment is None or not refs:
            return
        ref = refs[0]
        turned = self._minus_delta and ref.key == "delta"
        self._judge.begin(Case(self._moment.made, ref, text, self.mask.own, turned))

    @Slot(object, str)
    def _on_drafted(self, ref: Ref, text: str) -> None:
        if self._moment is not None and self._guesses.draft(self._moment.made, ref, text):
            self.changed.emit()

    @Slot()
    def _on_looking(self) -> None:
        self._sheet.say_verdict(_LOOKING)

    @Slot(object, object)
    def _on_judged(self, case: Case, verdict: Verdict) -> None:
        moment = self._moment
        if moment is None or case.made is not moment.made:
            return
        self._guesses.take(case.made, verdict)
        self._tell()
        self.changed.emit()
        self._sheet.say_verdict(verdict_sentence(verdict, moment.names), right=verdict.accepted)
