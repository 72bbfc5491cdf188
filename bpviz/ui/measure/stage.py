"""Where measuring happens: an application, and a script that waits in its event loop instead of sleeping."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Generator
from typing import Any, TypeAlias

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

Scene: TypeAlias = Generator[int, None, None]
"""Does something, yields the milliseconds it wants to wait, goes on."""


class Script(QObject):
    """Runs a scene in the event loop, and leaves the loop when it is over."""

    def __init__(self, scene: Scene, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scene = scene
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._go_on)

    def start(self) -> None:
        """Begin as soon as the loop runs."""
        self._timer.start(0)

    @Slot()
    def _go_on(self) -> None:
        wait_ms = next(self._scene, None)
        if wait_ms is None:
            QApplication.exit(0)
        else:
            self._timer.start(wait_ms)


def application() -> QApplication:
    """Make the application; a fault in any slot ends it instead of leaving it waiting for ever."""
    app = QApplication(["bpviz"])
    app.setApplicationName("bpviz")

    def give_up(kind: Any, error: Any, trace: Any) -> None:
        traceback.print_exception(kind, error, trace)
        app.exit(1)

    sys.excepthook = give_up
    return app


def perform(app: QApplication, scene: Scene, close: Callable[[], object]) -> None:
    """Play a scene to its end, then close what it was about."""
    script = Script(scene)
    script.start()
    try:
        code = app.exec()
    finally:
        close()
    if code != 0:
        sys.exit(code)


def screen(app: QApplication) -> str:
    """What Qt draws on here."""
    size = app.primaryScreen().size()
    return f"{app.platformName()}, {size.width()}x{size.height()}"
