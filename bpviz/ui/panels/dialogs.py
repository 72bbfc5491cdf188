"""A dialog that fits every screen: its content scrolls where it has to, its buttons stay in sight."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from bpviz.ui.texts import title_text
from bpviz.ui.theme import scaled

_FRAME_PX: Final = QSize(16, 48)  # around a window, drawn by the system
_BY_TAB: Final = Qt.FocusPolicy.TabFocus
_EDGE_PX: Final = 16
_GAP_PX: Final = 10


class FittingDialog(QDialog):
    """Holds content above a row of buttons.

    Attributes:
        content: What to fill with a layout.
        buttons: Accept and reject the dialog.
    """

    def __init__(
        self,
        title: str,
        buttons: QDialogButtonBox.StandardButton,
        wanted: QSize = QSize(),  # noqa: B008 - it is only read
        parent: QWidget | None = None,
    ) -> None:
        """Make the dialog.

        Args:
            title: Of its window.
            buttons: At its foot.
            wanted: How large to be at a text size of 100 %, if the screen allows it; else as small as it can.
            parent: Qt's.
        """
        super().__init__(parent)
        self.setWindowTitle(title_text(title))
        self._wanted = wanted
        self._feet: list[QWidget] = []
        self.content = QWidget()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidget(self.content)
        self.buttons = QDialogButtonBox(buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(_EDGE_PX, _EDGE_PX, _EDGE_PX, _EDGE_PX)
        self._layout.setSpacing(_GAP_PX)
        self._layout.addWidget(self._area, 1)
        self._layout.addWidget(self.buttons)

    def add_foot(self, widget: QWidget) -> None:
        """Put a widget above the buttons, where it does not scroll."""
        self._feet.append(widget)
        self._layout.insertWidget(1, widget)

    def sizeHint(self) -> QSize:
        """As large as it is wanted, or as its content; never larger than the screen."""
        below = sum(
            one.sizeHint().height() + _GAP_PX for one in (*self._feet, self.buttons) if one.isVisibleTo(self)
        )
        whole = self.content.sizeHint() + QSize(2 * _EDGE_PX, 2 * _EDGE_PX + below)
        wanted = QSize(scaled(self._wanted.width()), scaled(self._wanted.height())).expandedTo(whole)
        return wanted.boundedTo(self.screen().availableGeometry().size() - _FRAME_PX)

    def fit(self) -> None:
        """Take that size."""
        self.resize(self.sizeHint())

    def showEvent(self, event: QShowEvent) -> None:
        """Take that size, and lead the keys through the content first."""
        self.fit()
        inside = (one for one in self.content.findChildren(QWidget) if one.window() is self)
        stops = [one for one in inside if one.focusPolicy() & _BY_TAB]
        for before, after in pairwise([*stops, *self.buttons.buttons()]):
            QWidget.setTabOrder(before, after)
        if stops:
            stops[0].setFocus()
        super().showEvent(event)
