"""Look for garbage while the window rests, so that Python seldom does so in the midst of an edit.

Python's collector goes through all objects now and then, and a window with a wide network has some hundred
thousand: a tenth of a second, at any moment.  What has outlived a rest is therefore set aside, where the
collector doesn't look any more; what isn't part of a ring is freed from there as ever, as soon as nobody uses
it.  Rings are looked for among all objects again when another project was opened, and now and then.
"""

from __future__ import annotations

import gc
from time import monotonic
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from bpviz.ui.document import Document
from bpviz.ui.run.controller import TrainingController

REST_MS: Final = 1500
"""Without an edit for so long, the window rests."""
AMONG_ALL_S: Final = 300.0
"""After so long, garbage is looked for among all objects again."""


class Housekeeping(QObject):
    """Waits until nothing happens, and tidies up then: never inside an event, nor while a run plays."""

    def __init__(
        self, document: Document, controller: TrainingController, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._among_all = True
        self._last_s = monotonic()
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self._on_rest)
        document.opened.connect(self._on_opened)
        document.changed.connect(self._wait)
        controller.playing_changed.connect(self._wait)
        self._timer.start()

    def end(self) -> None:
        """Leave the collector as it was found."""
        self._timer.stop()
        gc.unfreeze()

    @Slot()
    def _on_opened(self) -> None:
        self._among_all = True

    @Slot()
    def _wait(self) -> None:
        self._timer.start()

    @Slot()
    def _on_rest(self) -> None:
        if self._busy:
            self._timer.start()
            return
        if self._among_all or monotonic() - self._last_s > AMONG_ALL_S:
            gc.unfreeze()
            self._among_all, self._last_s = False, monotonic()
        gc.collect()
        gc.freeze()

    @property
    def _busy(self) -> bool:
        """Whether a pause would be felt: a run plays, something is dragged, a menu or a dialog is open."""
        opened = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        held = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        return self._controller.playing or held or opened is not None
