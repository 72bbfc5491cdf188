"""What the dialogs of this room share: sentences, rows of numbers, and waiting for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.form import Problem
from bpviz.ui.panels.labels import Wrapped
from bpviz.ui.panels.progress import ProgressBar

_COLUMN_PX: Final = 20
_LINE_PX: Final = 4
_EDGES_PX: Final = 48  # both, and a frame


class Rows(QWidget):
    """A table to read: a heading, the first column left, all others right; lines can be toned."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_COLUMN_PX)
        self._grid.setVerticalSpacing(_LINE_PX)
        self.texts: list[tuple[str, ...]] = []

    def show_rows(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], tips: Sequence[str] = ()
    ) -> None:
        """Show other rows.

        Args:
            header: Of each column.
            rows: Cells.
            tips: Of each row, if they have any.
        """
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.texts = [tuple(row) for row in rows]
        for at, row in enumerate([header, *rows]):
            for column, text in enumerate(row):
                label = QLabel(text)
                label.setTextFormat(Qt.TextFormat.PlainText)
                if not at:
                    label.setProperty("look", "section")
                elif tips:
                    label.setToolTip(tips[at - 1])
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                self._grid.addWidget(label, at, column, side | Qt.AlignmentFlag.AlignVCenter)
        self._grid.setColumnStretch(len(header), 1)  # numbers stand near what they are of


class ProofDialog(FittingDialog):
    """Stays open in front of its window, which goes on, and waits for numbers that take a while.

    Signals:
        wanted: Begin, or begin again.
        given_up: Nobody waits any more for what is under way.

    Attributes:
        said: The sentences.
        rows: The numbers.
    """

    wanted = Signal()
    given_up = Signal()

    def __init__(self, title: str, again: str, size: QSize, parent: QWidget | None = None) -> None:
        super().__init__(title, QDialogButtonBox.StandardButton.Close, size, parent)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._again = again
        self._busy = False
        self.said, self.rows, self.problem = Wrapped(), Rows(), Problem()
        self.bar = ProgressBar()
        self.button = self.buttons.addButton(again, QDialogButtonBox.ButtonRole.ActionRole)
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_clicked)
        self.layout_of_content = column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.problem)
        column.addWidget(self.rows)
        column.addWidget(self.said)
        self.add_foot(self.bar)
        self._stand(busy=False)

    def begin(self) -> None:
        """Show that something is under way; what stood there stays until it is over."""
        self.problem.say("")
        self.bar.begin()
        self._stand(busy=True)

    @Slot(int, int)
    def progress(self, done: int, of: int) -> None:
        """Show how far it is."""
        self.bar.show_progress(done, of)

    @Slot(str)
    def refuse(self, sentence: str) -> None:
        """Say why there are no numbers."""
        self._stand(busy=False)
        self.problem.say(sentence)

    def finish(self, sentences: Sequence[str]) -> None:
        """Show what there is to say; the numbers are there."""
        self._stand(busy=False)
        self.said.setText("\n".join(sentences))
        QTimer.singleShot(0, self, self._grow)  # when all rows have taken their places

    def sizeHint(self) -> QSize:
        """As high as its sentences need where they wrap."""
        hint, column = super().sizeHint(), self.layout_of_content
        lacking = column.totalHeightForWidth(hint.width() - _EDGES_PX) - self.content.sizeHint().height()
        highest = self.screen().availableGeometry().height() - _EDGES_PX
        return QSize(hint.width(), min(hint.height() + max(lacking, 0), highest))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.given_up.emit()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Close, by whatever button or key: nobody waits any more."""
        self.given_up.emit()
        self._stand(busy=False)
        super().done(result)

    @Slot()
    def _grow(self) -> None:
        self.resize(self.size().expandedTo(self.sizeHint()))

    def _stand(self, *, busy: bool) -> None:
        self._busy = busy
        self.bar.setVisible(busy)
        self.button.setText("Stop" if busy else self._again)

    @Slot()
    def _on_clicked(self) -> None:
        if self._busy:
            self.given_up.emit()
            self._stand(busy=False)
        else:
            self.wanted.emit()
