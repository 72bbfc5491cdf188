"""What helps a run that left the finite numbers, as buttons beside the sentence that says so."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from bpviz.errors import grouped
from bpviz.model.edits import set_training
from bpviz.model.spec import Project
from bpviz.training.snapshot import Snapshot
from bpviz.ui.document import Document
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.run.past import Past

_GAP_PX = 8


class Remedy(QWidget):
    """Offers to go back to where all was well, or to start again, while no step leads on.

    Both lower the learning rate.  It floats above the sentence, and takes its place whenever that does.

    Attributes:
        back_button: Goes back to a good step of the run, and halves the rate.
        reset_button: Starts the run again.
    """

    def __init__(
        self, document: Document, controller: TrainingController, past: Past, sentence: QWidget
    ) -> None:
        """Make the buttons, hidden.

        Args:
            document: Whose learning rate it lowers.
            controller: Whose run it resets.
            past: Of the run, into which it leads.
            sentence: Above which it floats, with the same parent.
        """
        super().__init__(sentence.parentWidget())
        self._document, self._controller, self._past, self._sentence = document, controller, past, sentence
        self._failed: tuple[int, int] | None = None  # run and step
        self._rate = 0.0  # that it failed with
        self._good: tuple[int, Project] | None = None
        self.back_button, self.reset_button = QPushButton(), QPushButton()
        self.back_button.setProperty("look", "primary")
        self.back_button.setAccessibleDescription("Lets the run go on from there on a branch of its own")
        self.reset_button.setAccessibleDescription("Lowers the learning rate and starts the run again")
        self.back_button.clicked.connect(self._go_back)
        self.reset_button.clicked.connect(self._reset)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP_PX)
        row.addWidget(self.back_button)
        row.addWidget(self.reset_button)
        sentence.installEventFilter(self)
        document.opened.connect(self.hide)
        self.hide()

    @property
    def rate(self) -> float:
        """What a reset begins with: the rate there is, if that was lowered since the failure, or a tenth."""
        now = self._document.project.training.learning_rate
        return now if now < self._rate else float(f"{now / 10:.1g}")

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Offer help while it is needed."""
        failed = snapshot.stopped_by == "diverged"
        if failed and self._failed != (snapshot.run_id, snapshot.step):
            self._failed = snapshot.run_id, snapshot.step
            self._rate = self._document.project.training.learning_rate
        if failed:
            self._offer_way_back(snapshot)
            self.reset_button.setText(f"Reset, learning rate {self.rate:g}")
            self._place()
        self.setVisible(failed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the sentence."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def _offer_way_back(self, snapshot: Snapshot) -> None:
        view = snapshot.timeline
        self._good = None
        if view is not None and view.good is not None and view.good_project is not None:
            step, loss = view.good
            if step > view.first_step:  # else it is what a reset does
                self._good = step, view.good_project
                self.back_button.setText(f"Back to step {grouped(step)} (loss {loss:.3g}), rate halved")
        self.back_button.setVisible(self._good is not None)

    def _place(self) -> None:
        box = self._sentence.geometry()
        self.adjustSize()
        self.move(box.center().x() - self.width() // 2, box.top() - self.height() - _GAP_PX)
        self.raise_()

    @Slot()
    def _go_back(self) -> None:
        if self._good is None:
            return
        (step, project), history = self._good, self._document.undo_stack
        self.hide()
        history.beginMacro(f"go back to step {grouped(step)}")
        self._past.lines.branch_at(step, project)
        rate = project.training.learning_rate / 2
        self._document.apply("halve the learning rate", partial(set_training, learning_rate=rate))
        history.endMacro()

    @Slot()
    def _reset(self) -> None:
        rate = self.rate
        self.hide()
        self._document.apply("lower the learning rate", partial(set_training, learning_rate=rate))
        self._controller.reset()
