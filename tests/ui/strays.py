"""What is shown as a window of its own although it is a part of one: it flashes up on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget


class _Watch(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and _is_stray(watched):
            self.found.append(f"{type(watched).__name__} {watched.objectName()}".strip())
        return False


def _is_stray(widget: QWidget) -> bool:
    """Whether it is a window and none of ours; dialogs, menus and floating docks are of other types."""
    plain = widget.isWindow() and widget.windowType() == Qt.WindowType.Window
    return plain and not isinstance(widget, QMainWindow)


@contextmanager
def strays() -> Iterator[list[str]]:
    """Collect, while this lasts, what is shown so."""
    watch, app = _Watch(), QApplication.instance()
    assert app is not None
    app.installEventFilter(watch)
    try:
        yield watch.found
    finally:
        app.removeEventFilter(watch)
