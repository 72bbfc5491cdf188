"""Overrides of Qt's methods whose faults reach Python's hooks instead of ending the process.

Before 3.12, Python leaves an exception that C code raised (an index beyond an array, a number that is none)
as a class and a text until somebody catches it.  PySide (seen in 6.10.3 to 6.12.0) takes it for an object
when it leaves an override, and reads where nothing is.  Caught and raised again, it is an object.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from inspect import CO_VARARGS
from types import FunctionType
from typing import Any, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QGraphicsItem

ROOTS: Final[tuple[type, ...]] = (QObject, QGraphicsItem, QUndoCommand)
"""Whoever is asked by Qt derives from one of these."""


def survive_faults() -> None:
    """Let classes that are defined from now on, here and in libraries, survive faults in their overrides."""
    if sys.version_info < (3, 12):
        for root in ROOTS:
            root.__init_subclass__ = classmethod(_catch)  # type: ignore[assignment]


def _catch(cls: type) -> None:
    of_qt = [base for base in cls.__mro__[1:] if base.__module__.startswith("PySide6.")]
    for name, method in list(vars(cls).items()):
        asked = isinstance(method, FunctionType) and not name.startswith("__")
        if asked and any(name in vars(base) for base in of_qt):
            setattr(cls, name, _caught(method))


def _caught(method: FunctionType) -> Callable[..., Any]:
    code = method.__code__
    taken = (
        None if code.co_flags & CO_VARARGS else code.co_argcount
    )  # of a signal, PySide gives a slot no more

    @wraps(method)
    def override(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args[:taken], **kwargs)
        except BaseException:  # makes it an object, and hides nothing
            raise

    return override
