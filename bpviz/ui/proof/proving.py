"""`Proving`: the commands of this room, and the quiet guard that looks at the gradient after edits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from bpviz.data.images import NO_PLACES
from bpviz.data.shapes import places_of
from bpviz.engine import gradcheck
from bpviz.engine.update import Rule
from bpviz.training.check_words import alarm
from bpviz.training.costs import GradientCosts, gradient_costs
from bpviz.training.report import Report
from bpviz.training.snapshot import Snapshot
from bpviz.ui.background import Background, Tell
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.document import Document
from bpviz.ui.proof.check_tags import CheckTags
from bpviz.ui.proof.checked import Checked
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.theme import Theme

if TYPE_CHECKING:
    from bpviz.engine.backprop import Trace
    from bpviz.ui.proof.check_dialog import CheckDialog
    from bpviz.ui.proof.cost_dialog import CostDialog
    from bpviz.ui.proof.dialog import ProofDialog
    from bpviz.ui.proof.input_dialog import InputDialog

GUARD_AFTER_MS: Final = 1200
"""After the last edit; whoever drags or types is not looked at meanwhile."""

GUARDED_PARAMETERS: Final = 300
"""A larger network takes too long to be checked unasked."""

_GUARDED_EXAMPLES: Final = 8
_CHECKED_EXAMPLES: Final = 100
_TRACE: Final = frozenset({"trace"})
_NO_RUN: Final = "There is no run to look at yet."
_NO_STEP: Final = "No step can be made from here: something is not finite, so there is nothing to look at."


class Proving(QObject):
    """Checks gradients, measures what they cost, and shows those of the inputs.

    Signals:
        checked: (Checked), a check was made; None when the last one no longer holds.
        said: (str), the gradient is wrong after an edit.
        export_requested: (Figure), the user wants a plot in a file.

    Attributes:
        tags: What a check says of each link, on the canvas.
    """

    checked = Signal(object)
    said = Signal(str)
    export_requested = Signal(object)

    def __init__(
        self, document: Document, controller: TrainingController, theme: Theme, canvas: NetworkCanvas
    ) -> None:
        super().__init__(canvas)
        self._controller, self._theme, self._window = controller, theme, canvas.window()
        self.tags = CheckTags(theme, canvas.scene)
        self._last: Checked | None = None
        self._checks, self._costs, self._guard = Background(self), Background(self), Background(self)
        self._check_dialog: CheckDialog | None = None
        self._cost_dialog: CostDialog | None = None
        self._input_dialog: InputDialog | None = None
        self._edited = QTimer(self, singleShot=True, interval=GUARD_AFTER_MS)
        self._edited.timeout.connect(self._look_quietly)
        self._guard.finished.connect(self._on_guarded)
        document.edited.connect(self._on_edit)
        document.values_set.connect(self._on_edit)
        document.opened.connect(self._forget)
        controller.snapshot.connect(self._on_snapshot)

    def check_gradient(self) -> None:
        """Check the gradient of the run as it stands, in a dialog."""
        if self._check_dialog is None:
            from bpviz.ui.proof.check_dialog import CheckDialog

            self._check_dialog = dialog = CheckDialog(self._window)
            self._attend(dialog, self._checks, self.check_gradient)
            self._checks.finished.connect(self._on_checked)
        self._wait(self._check_dialog, lambda seen: self._checks.start(_check(seen, _CHECKED_EXAMPLES)))

    def show_cost(self) -> None:
        """Measure what the gradient costs by three ways, in a dialog."""
        if self._cost_dialog is None:
            from bpviz.ui.proof.cost_dialog import CostDialog

            self._cost_dialog = dialog = CostDialog(self._theme, self._window)
            dialog.export_requested.connect(self.export_requested)
            self._attend(dialog, self._costs, self.show_cost)
            self._costs.finished.connect(dialog.show_costs)
        self._wait(self._cost_dialog, lambda seen: self._costs.start(_measure(seen)))

    def show_inputs(self) -> None:
        """Show how the loss of an example changes with its inputs, in a dialog."""
        if self._input_dialog is None:
            from bpviz.ui.proof.input_dialog import InputDialog

            self._input_dialog = dialog = InputDialog(self._theme, self._window)
            dialog.export_requested.connect(self.export_requested)
            dialog.wanted.connect(self.show_inputs)
        dialog = self._input_dialog

        def answer(report: Report | None) -> None:
            places = NO_PLACES if report is None else places_of(report.project.data)
            self._answer(
                dialog, report, lambda seen: dialog.show_pass(seen.compiled, _step_of(seen)[1], places)
            )
            self._bring(dialog)  # it comes with its numbers: there is nothing to wait for

        self._controller.ask(_TRACE, answer)

    def close(self) -> None:
        """End whatever is under way, and wait until it has."""
        self._edited.stop()
        for background in (self._checks, self._costs, self._guard):
            background.close()

    def _attend(self, dialog: ProofDialog, background: Background, begin: Callable[[], None]) -> None:
        dialog.wanted.connect(begin)
        dialog.given_up.connect(background.cancel)
        background.progressed.connect(dialog.progress)
        background.failed.connect(dialog.refuse)

    @staticmethod
    def _bring(dialog: ProofDialog) -> None:
        if not dialog.isVisible():
            dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _wait(self, dialog: ProofDialog, then: Callable[[Snapshot], None]) -> None:
        """Show a dialog that waits for the coming step, and for what is made of it."""
        dialog.begin()
        self._bring(dialog)

        def answer(report: Report | None) -> None:
            if dialog.isVisible():
                self._answer(dialog, report, then)

        self._controller.ask(_TRACE, answer)

    def _answer(self, dialog: ProofDialog, report: Report | None, then: Callable[[Snapshot], None]) -> None:
        """Go on with the coming step, or say in the dialog why there is none."""
        if report is None or self._controller.problem:
            dialog.refuse(self._controller.problem or _NO_RUN)
        elif report.snapshot.trace is None:
            dialog.refuse(_NO_STEP)
        else:
            then(report.snapshot)

    @Slot(object)
    def _on_checked(self, checked: Checked) -> None:
        assert self._check_dialog is not None
        self._check_dialog.show_check(checked)
        self._hold(checked)
        self.tags.show_check(checked)

    # ---- the guard

    @Slot()
    def _on_edit(self) -> None:
        self._guard.cancel()
        self._hold(None)
        self._edited.start()

    @Slot()
    def _forget(self) -> None:
        self._guard.cancel()
        self._edited.stop()
        self._hold(None)

    @Slot()
    def _look_quietly(self) -> None:
        latest = self._controller.latest
        if self._controller.playing:
            self._edited.start()  # when it rests: what is moving would be over before it is judged
        elif not self._controller.problem and latest is not None:
            small = int(latest.compiled.plan.present.sum()) <= GUARDED_PARAMETERS
            if small and not self._checks.busy:
                self._controller.ask(_TRACE, self._guard_step)

    def _guard_step(self, report: Report | None) -> None:
        if report is not None and report.snapshot.trace is not None and not self._edited.isActive():
            self._guard.start(_check(report.snapshot, _GUARDED_EXAMPLES), gently=True)

    @Slot(object)
    def _on_guarded(self, checked: Checked) -> None:
        self._hold(checked)
        sentence = alarm(checked.found)
        if sentence:
            self.said.emit(sentence)
            self.tags.show_check(checked)

    # ---- how long a check holds

    def _hold(self, checked: Checked | None) -> None:
        if checked is not self._last:
            self._last = checked
            self.checked.emit(checked)
            if checked is None:
                self.tags.show_check(None)

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        last = self._last
        if last is not None and (snapshot.run_id, snapshot.step) != (last.run_id, last.step):
            self._hold(None)


def _step_of(snapshot: Snapshot) -> tuple[Rule, Trace]:
    assert snapshot.trace is not None
    assert snapshot.rule is not None
    return snapshot.rule, snapshot.trace.trace


def _check(snapshot: Snapshot, most: int) -> Callable[[Tell], Checked]:
    """Make what checks the coming step, on so many of its examples."""
    rule, trace = _step_of(snapshot)
    x, y = trace.x[:most], trace.y[:most]

    def compute(tell: Tell) -> Checked:
        found = gradcheck.check(trace.plan, rule, trace.parameters, x, y, tell)
        return Checked(snapshot.compiled, found, len(x), snapshot.run_id, snapshot.step)

    return compute


def _measure(snapshot: Snapshot) -> Callable[[Tell], GradientCosts]:
    """Make what measures the gradient of the first example of the coming step."""
    rule, trace = _step_of(snapshot)
    return partial(gradient_costs, trace.plan, rule.loss, trace.parameters, trace.x[:1], trace.y[:1])
