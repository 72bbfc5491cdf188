"""A dialog that fits every screen: its content scrolls where it has to, its buttons stay in sight."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from bpviz.ui.texts import title_text
from bpviz.ui.theme import scaled

_FRAME_PX: Final = QSize(16, 48)  # around a window, drawn by the system
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
        self._layout.insertWidget(1, widget)

    def sizeHint(self) -> QSize:
        """As large as it is wanted, or as its content; never larger than the screen."""
        around = super().sizeHint() - self._area.sizeHint()
        whole = self.content.sizeHint().expandedTo(self.content.minimumSizeHint()) + around
        wanted = QSize(scaled(self._wanted.width()), scaled(self._wanted.height())).expandedTo(whole)
        return wanted.boundedTo(self.screen().availableGeometry().size() - _FRAME_PX)

    def showEvent(self, event: QShowEvent) -> None:
        """Take that size."""
        self.resize(self.sizeHint())
        super().showEvent(event)
