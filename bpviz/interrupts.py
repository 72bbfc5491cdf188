"""Ctrl+C while modules are loaded, which is no place for an exception."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def left_to_the_system() -> Iterator[None]:
    """Let Ctrl+C end the process at once, without Python.

    Raised as an exception amid Qt's loading it is swallowed, or a crash; amid any other it is a traceback.
    """
    own = threading.current_thread() is threading.main_thread()
    if not own or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:  # as under nohup
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
