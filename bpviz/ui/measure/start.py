"""How long it takes until the window is on the screen, and until its first numbers are."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from bpviz.engine.kernels.loader import KernelLoader
from bpviz.training.snapshot import Snapshot
from bpviz.ui.app import make_window
from bpviz.ui.main_window import MainWindow
from bpviz.ui.measure.stage import application, screen
from bpviz.ui.preferences import Preferences


class Witness(QObject):
    """Notes when a window was painted, and when it had drawn a first snapshot.

    Attributes:
        painted: Seconds since 1970; 0 until it happened.
        filled: Likewise.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.painted = self.filled = 0.0
        self._watched = window.canvas.pane.viewport()
        self._watched.installEventFilter(self)
        window.controller.snapshot.connect(self._on_snapshot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the first paint event of the network, the last part of the window to get one."""
        if event.type() == QEvent.Type.Paint:
            self._watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._on_painted)  # after the painting, of which this is the beginning
        return False

    @Slot()
    def _on_painted(self) -> None:
        self.painted = time.time()
        self._leave_when_done()

    @Slot(object)
    def _on_snapshot(self, snapshot: Snapshot) -> None:
        if not self.filled:
            QTimer.singleShot(0, self, self._on_filled)

    @Slot()
    def _on_filled(self) -> None:
        self.filled = self.filled or time.time()
        self._leave_when_done()

    def _leave_when_done(self) -> None:
        if self.painted and self.filled:
            QApplication.exit(0)


def measure(_options: dict[str, Any]) -> dict[str, Any]:
    """Open the window as the program does.

    Returns:
        ``painted`` and ``filled``, seconds since 1970; ``screen``; ``files``, the code and libraries that
        were loaded, so that the next start can be made a cold one.
    """
    app = application()
    with TemporaryDirectory() as folder:
        window = make_window(app, Preferences(Path(folder) / "bpviz.ini"))
        witness = Witness(window)
        window.controller.use_kernels(KernelLoader())
        window.start()
        window.show_restored()
        code = app.exec()
        found = {
            "painted": witness.painted,
            "filled": witness.filled,
            "screen": screen(app),
            "files": loaded_files(),
        }
        window.abandon()
        window.deleteLater()
    if code != 0:
        sys.exit(code)
    return found


def loaded_files() -> list[str]:
    """Every module and, on Linux, every library of this process."""
    modules = (getattr(module, "__cached__", None) for module in list(sys.modules.values()))
    sources = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    paths = {path for path in (*modules, *sources) if isinstance(path, str)}
    maps = Path("/proc/self/maps")
    if maps.exists():
        columns = (line.split(maxsplit=5) for line in maps.read_text(encoding="utf-8").splitlines())
        paths |= {fields[5] for fields in columns if len(fields) == 6 and fields[5].startswith("/")}
    return sorted(path for path in paths if Path(path).is_file())
