"""What happens when bpviz itself is at fault: a log file, a sentence for the user, never a traceback.

The log holds what Python says of an exception, and the stacks of all threads when something below Python
ends the process.  It never grows beyond `LARGEST_LOG`; one older part is kept beside it.
"""

from __future__ import annotations

import faulthandler
import os
import platform
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final

import PySide6
from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)

from bpviz.errors import BpvizError
from bpviz.ui.folders import state_folder
from bpviz.version import __version__

LARGEST_LOG: Final = 2**18
"""Bytes."""
_LARGEST_ENTRY: Final = 2**15
_OFFSCREEN: Final = "This plugin does not support"


class FaultReporter(QObject):
    """Stands in for the hooks of Python, also that of its threads, while the window is open.

    Signals:
        fault: (str), a sentence; emitted in the thread that failed, so it crosses over to the window.
    """

    fault = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = sys.excepthook
        self._before_in_threads = threading.excepthook
        self._told = False
        self._written = ""
        sys.excepthook = self.report
        threading.excepthook = self._report_in_thread
        self.fault.connect(self._on_fault, Qt.ConnectionType.QueuedConnection)
        self.tell: Callable[[str], None] = print_sentence

    def restore(self) -> None:
        """Put the hooks from before back."""
        sys.excepthook = self._before
        threading.excepthook = self._before_in_threads

    def report(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write down a fault and tell of it; an expected failure that got here is told as it is."""
        if issubclass(kind, KeyboardInterrupt):
            self._before(kind, error or kind(), trace)
            return
        if isinstance(error, BpvizError):
            self.fault.emit(str(error))
            return
        try:
            text = "".join(traceback.format_exception(kind, error, trace))
            if text != self._written:  # what fails with every frame would fill the log
                write_log(text)
                self._written = text
            sentence = f"Something in bpviz went wrong; your work is still here. Details are in {log_path()}."
        except OSError:
            sentence = "Something in bpviz went wrong; your work is still here. Save it under another name."
        self.fault.emit(sentence)

    def _report_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit:
            self.report(args.exc_type, args.exc_value, args.exc_traceback)

    @Slot(str)
    def _on_fault(self, sentence: str) -> None:
        if not self._told:  # a fault that comes with every frame is told once at a time
            self._told = True
            self.tell(sentence)
            self._told = False


@contextmanager
def quiet_platform() -> Iterator[None]:
    """Let Qt speak on the terminal as ever, but for what a platform without a screen says it can't do."""

    def write(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if not text.startswith(_OFFSCREEN):
            sys.stderr.write(f"{text}\n")
        if kind is QtMsgType.QtFatalMsg:  # Qt ends the process then
            with suppress(OSError):
                write_log(text)

    qInstallMessageHandler(write)
    try:
        yield
    finally:
        qInstallMessageHandler(None)


def print_sentence(sentence: str) -> None:
    """Tell of a fault while there is no window."""
    sys.stderr.write(f"{sentence}\n")


@contextmanager
def crashes_logged() -> Iterator[None]:
    """Let what ends the process below Python, such as a segmentation fault, leave its stacks in the log.

    Nothing can be looked up at such a moment, so what the stacks are of is written down beforehand.
    """
    enabled = faulthandler.is_enabled()
    try:
        write_log(f"Started as process {os.getpid()}.")
        file = log_path().open("a", encoding="utf-8")
    except OSError:
        yield
        return
    with file:
        faulthandler.enable(file)
        try:
            yield
        finally:
            faulthandler.disable()
            if enabled:
                faulthandler.enable()


def log_path() -> Path:
    """The log file in the user's state folder."""
    return state_folder() / "bpviz.log"


def write_log(text: str) -> Path:
    """Append to the log file, with the moment and with what is running.

    Raises:
        OSError: If it can't be written.
    """
    path = log_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST_LOG - _LARGEST_ENTRY:
        path.replace(path.with_suffix(".old.log"))
    if len(text) > _LARGEST_ENTRY // 2:
        text = f"{text[: _LARGEST_ENTRY // 4]}\n...\n{text[-_LARGEST_ENTRY // 4 :]}"
    head = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}  bpviz {__version__}, {_surroundings()}"
    with path.open("a", encoding="utf-8", errors="replace") as file:
        file.write(f"{head}\n{text.rstrip()}\n\n")
    return path


def _surroundings() -> str:
    python, qt = platform.python_version(), PySide6.__version__
    return f"Python {python}, PySide6 {qt}, {platform.platform()}"
