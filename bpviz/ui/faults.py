"""What happens when bpviz itself is at fault: a log file, a sentence for the user, never a traceback."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QStandardPaths,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)

from bpviz.errors import BpvizError

_OFFSCREEN: Final = "This plugin does not support"


class FaultReporter(QObject):
    """Stands in for ``sys.excepthook`` while the window is open.

    Signals:
        fault: (str), a sentence; emitted in the thread that failed, so it crosses over to the window.
    """

    fault = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = sys.excepthook
        self._told = False
        sys.excepthook = self.report
        self.fault.connect(self._on_fault, Qt.ConnectionType.QueuedConnection)
        self.tell: Callable[[str], None] = print_sentence

    def restore(self) -> None:
        """Put the hook from before back."""
        sys.excepthook = self._before

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Write down a fault and tell of it; an expected failure that got here is told as it is."""
        if issubclass(kind, KeyboardInterrupt):
            self._before(kind, error, trace)
            return
        if isinstance(error, BpvizError):
            self.fault.emit(str(error))
            return
        try:
            where = write_log("".join(traceback.format_exception(kind, error, trace)))
            sentence = f"Something in bpviz went wrong; your work is still here. Details are in {where}."
        except OSError:
            sentence = "Something in bpviz went wrong; your work is still here. Save it under another name."
        self.fault.emit(sentence)

    @Slot(str)
    def _on_fault(self, sentence: str) -> None:
        if not self._told:  # a fault that comes with every frame is told once at a time
            self._told = True
            self.tell(sentence)
            self._told = False


@contextmanager
def quiet_platform() -> Iterator[None]:
    """Let Qt speak on the terminal as ever, but for what a platform without a screen says it can't do."""

    def write(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if not text.startswith(_OFFSCREEN):
            sys.stderr.write(f"{text}\n")

    qInstallMessageHandler(write)
    try:
        yield
    finally:
        qInstallMessageHandler(None)


def print_sentence(sentence: str) -> None:
    """Tell of a fault while there is no window."""
    sys.stderr.write(f"{sentence}\n")


def log_path() -> Path:
    """The log file in the user's cache folder."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation)
    return Path(folder) / "bpviz" / "bpviz.log"


def write_log(text: str) -> Path:
    """Append to the log file.

    Raises:
        OSError: If it can't be written.
    """
    path = log_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}\n{text}\n")
    return path
