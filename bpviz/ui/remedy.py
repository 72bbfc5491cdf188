"""What helps a run that left the finite numbers, as a button beside the sentence that says so."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from bpviz.model.edits import set_training
from bpviz.training.snapshot import Snapshot
from bpviz.ui.document import Document
from bpviz.ui.run.controller import TrainingController

_GAP_PX = 8


class Remedy(QPushButton):
    """Offers to start the run again with a lower learning rate, while it stands where no step leads on.

    It floats above the sentence, and takes its place whenever that does.
    """

    def __init__(self, document: Document, controller: TrainingController, sentence: QWidget) -> None:
        """Make the button, hidden.

        Args:
            document: Whose learning rate it lowers.
            controller: Whose run it resets.
            sentence: Above which it floats, with the same parent.
        """
        super().__init__(sentence.parentWidget())
        self._document, self._controller, self._sentence = document, controller, sentence
        self._failed: tuple[int, int] | None = None  # run and step
        self._rate = 0.0  # that it failed with
        self.setAccessibleDescription("Lowers the learning rate and starts the run again; undo takes it back")
        self.clicked.connect(self._on_clicked)
        sentence.installEventFilter(self)
        document.opened.connect(self.hide)
        self.hide()

    @property
    def rate(self) -> float:
        """What it offers: the rate there is, if that was lowered since the failure, else a tenth of it."""
        now = self._document.project.training.learning_rate
        return now if now < self._rate else float(f"{now / 10:.1g}")

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Offer help while it is needed."""
        failed = snapshot.stopped_by == "diverged"
        if failed and self._failed != (snapshot.run_id, snapshot.step):
            self._failed = snapshot.run_id, snapshot.step
            self._rate = self._document.project.training.learning_rate
        if failed:
            self.setText(f"Reset, learning rate {self.rate:g}")
            self._place()
        self.setVisible(failed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the sentence."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        box = self._sentence.geometry()
        self.adjustSize()
        self.move(box.center().x() - self.width() // 2, box.top() - self.height() - _GAP_PX)
        self.raise_()

    @Slot()
    def _on_clicked(self) -> None:
        rate = self.rate
        self.hide()
        self._document.apply("lower the learning rate", partial(set_training, learning_rate=rate))
        self._controller.reset()
