"""Ctrl+C in the terminal, and the system's request to end: the window closes, in order and at once."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # no system knows them all
_SIGNALED: Final = 128
"""What shells add to a signal's number for the exit code of a program that it ended."""


@contextmanager
def ended_by_signals(app: QApplication) -> Iterator[None]:
    """Let signals end the event loop with their exit code, such as 130 for Ctrl+C.

    Python runs the handler of a signal when it next runs at all, which in an idle window may be never, and
    raises `KeyboardInterrupt` in whatever it runs then, such as the painting of a node.  Here the handler
    does nothing: the number of the signal, which Python writes into a socket at once, wakes up the loop.
    """
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.setblocking(False)
        notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)
        notifier.activated.connect(lambda: app.exit(_SIGNALED + reader.recv(1)[0]))
        numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
        # One that is ignored, as under nohup, stays so.
        numbers = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
        before = {number: signal.signal(number, _do_nothing) for number in numbers}
        wakeup = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            notifier.setEnabled(False)
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)


def _do_nothing(_number: int, _frame: object) -> None:
    pass
