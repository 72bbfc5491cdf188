"""Make the one `QApplication`: where Qt would abort, the user gets a sentence and exit code 2.

`bpviz.display` has looked before for what can be known without Qt.
"""

from __future__ import annotations

import os
import sys
from typing import Final, NoReturn

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from bpviz.display import PICTURE, Obstacle, cause
from bpviz.errors import NoWindowError

_BAD_INPUT: Final = 2
_STDERR: Final = 2


def make_application() -> QApplication:
    """Make the application, or leave with a sentence if Qt finds no way to open a window.

    What Qt says meanwhile is shown once it has succeeded: of a failure one line is enough.

    Raises:
        NoWindowError: If there is no screen.
    """
    said: list[str] = []

    def listen(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        said.extend(text.splitlines())
        if kind is QtMsgType.QtFatalMsg:
            _leave(cause(said))

    before = qInstallMessageHandler(listen)
    try:
        app = QApplication(["bpviz"])
    finally:
        qInstallMessageHandler(before)
    if app.primaryScreen() is None:  # the first window would be fatal
        in_the_way = _obstacle(cause(said))
        raise NoWindowError(in_the_way.sentence, in_the_way.line)
    for line in said:
        sys.stderr.write(f"{line}\n")
    return app


def _leave(reason: str) -> NoReturn:
    """End the process from within Qt, which no exception can leave and which would abort."""
    os.write(_STDERR, f"{_obstacle(reason)}\n".encode(errors="replace"))
    os._exit(_BAD_INPUT)


def _obstacle(reason: str) -> Obstacle:
    return Obstacle(f"Qt can't open a window here ({reason.rstrip('.')})", "draw a picture of it", PICTURE)
