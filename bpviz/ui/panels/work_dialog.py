"""Something that takes a while, beside the window: how far it is, and a button that ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from bpviz.ui.background import Background, Tell
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.form import Problem
from bpviz.ui.panels.labels import Wrapped
from bpviz.ui.panels.progress import ProgressBar

_SIZE_PX: Final = QSize(360, 0)


class WorkDialog(FittingDialog):
    """Stays in front of its window until the work is done, refused or ended; the window goes on.

    Signals:
        made: (str), what to say of what came of it.
        read: (object), what came of it, if that is no sentence.
    """

    made = Signal(str)
    read = Signal(object)

    def __init__(self, title: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(title, QDialogButtonBox.StandardButton.Cancel, _SIZE_PX, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.said, self.problem, self.bar = Wrapped(), Problem(), ProgressBar()
        self.said.setText(sentence)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (self.said, self.bar, self.problem):
            column.addWidget(widget)
        self._work = Background(self)
        self._work.progressed.connect(self.bar.show_progress)
        self._work.finished.connect(self._on_finished)
        self._work.failed.connect(self._on_failed)

    def begin(self, compute: Callable[[Tell], object]) -> None:
        """Begin the work, and show how far it is."""
        self.open()
        self._work.start(compute)

    def done(self, result: int) -> None:
        """Close, by whatever button or key: what is under way ends, and leaves nothing."""
        self._work.close()
        super().done(result)

    @Slot(object)
    def _on_finished(self, made: object) -> None:
        self.accept()
        if isinstance(made, str):
            self.made.emit(made)
        else:
            self.read.emit(made)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.bar.hide()
        self.problem.say(sentence)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText("Close")
