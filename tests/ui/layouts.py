"""Whether Qt lays a widget out anew, which in a window takes as long as a drawing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class Listener(QObject):
    """Counts how often a widget is asked to lay out its parts anew."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.requests = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.requests += event.type() == QEvent.Type.LayoutRequest
        return False
