"""A question that stands until it is answered: whether words of a column are missing values or values."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from bpviz.data.account_words import doubt_text
from bpviz.data.accounts import ColumnAccount
from bpviz.errors import one_line
from bpviz.ui.panels.labels import Wrapped


class WordQuestion(QWidget):
    """Asks about one column; takes no room while there is nothing to ask.

    Signals:
        answered: (str, bool), a column, and whether the words in doubt are values there.
    """

    answered = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = ""
        self.text = Wrapped(look="warning")
        self.missing_button, self.value_button = QPushButton("Missing"), QPushButton("Value")
        self.missing_button.setToolTip("Nothing is known in these cells")
        self.value_button.setToolTip("Such as a region that is called NA")
        self.missing_button.clicked.connect(self._on_missing)
        self.value_button.clicked.connect(self._on_value)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.missing_button)
        row.addWidget(self.value_button)
        self.hide()

    def ask(self, account: ColumnAccount | None) -> None:
        """Ask about a column, or nothing."""
        self._column = "" if account is None else account.name
        self.text.setText("" if account is None else one_line(doubt_text(account)))
        self.setVisible(account is not None)

    @Slot()
    def _on_missing(self) -> None:
        self.answered.emit(self._column, False)

    @Slot()
    def _on_value(self) -> None:
        self.answered.emit(self._column, True)
