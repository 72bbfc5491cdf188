"""The compiled programs: loaded from the cache, or compiled and put there.

Importing this module imports numba.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from numba.core import config, types
from numba.core.caching import FunctionCache
from numba.core.types.containers import BaseTuple

from bpviz.engine.kernels import forms
from bpviz.engine.kernels.blocks import run_blocks
from bpviz.engine.kernels.cache import alone, cache_folder, emptied, note_cached
from bpviz.engine.kernels.choice import is_settled
from bpviz.engine.kernels.links import run_links
from bpviz.engine.kernels.process import compile_elsewhere
from bpviz.engine.threads import use_one_thread

_PROGRAMS: Final = {
    "links": (run_links, (forms.Links, forms.Method, forms.Vectors, forms.Desk, forms.Exam)),
    "blocks": (run_blocks, (forms.Blocks, forms.Method, forms.Vectors, forms.Sheet, forms.Exam)),
}

Found = Literal["ready", "missing", "damaged"]

_BROKEN: Final = (
    pickle.UnpicklingError,
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What reading a damaged cache may raise."""


class _MissingError(Exception):
    """A program is not in its folder, for these sources at this place."""


class _Kept(FunctionCache):
    """What numba kept, which it would otherwise compile anew without a word."""

    def load_overload(self, sig, target_context):
        found = super().load_overload(sig, target_context)
        if found is None:
            raise _MissingError
        return found


@cache  # to look up a signature takes longer than hundreds of steps, and every slice of a run asks
def program(name: str, folder: Path | None = None) -> Any:
    """Return a program, ready to be called; compiled, if it is not in the cache.

    How it computes is settled then, too: what was not measured yet is measured by another process, for it is
    done with whole engines, which are made with this.

    Args:
        name: As `engine.program_for` says it.
        folder: The cache; None for the user's.
    """
    dispatcher, signature = _asked(name)
    if signature not in dispatcher.overloads:
        folder = compiled(name, folder or cache_folder())
        if not is_settled(folder, name):
            compile_elsewhere(folder, name)
    return dispatcher


def compiled(name: str, folder: Path) -> Path:
    """Load a program, compiled if it is not in a folder; return the folder that it is in now."""
    dispatcher, signature = _asked(name)
    if load(name, folder) != "ready":
        with alone(folder):
            folder = _compile(dispatcher, signature, folder)
            note_cached(folder, name)
        use_one_thread()
    return folder


def load(name: str, folder: Path) -> Found:
    """Read a program from a folder, if it is there, so that `program` returns it at once; compile nothing.

    Returns:
        "missing" also if it was compiled from sources elsewhere, or from older ones.
    """
    dispatcher, signature = _asked(name)
    try:
        with _open(dispatcher, folder):
            dispatcher._cache = _Kept(dispatcher.py_func)  # in place of what `enable_caching` puts there
            dispatcher.compile(signature)
    except _MissingError:
        return "missing"
    except _BROKEN:
        return "damaged"
    note_cached(folder, name)
    use_one_thread()  # of the library that multiplies matrices, which came with the program
    return "ready"


def _compile(dispatcher: Any, signature: Any, folder: Path) -> Path:
    """Compile a program into a folder, unless another process just did; what is damaged is thrown away.

    Returns:
        The folder it is in now.
    """
    try:
        with _open(dispatcher, folder):
            dispatcher.enable_caching()
            dispatcher.compile(signature)
    except _BROKEN:
        folder = emptied(folder)
        with _open(dispatcher, folder):
            dispatcher.enable_caching()
            dispatcher.compile(signature)
    return folder


@contextmanager
def _open(dispatcher: Any, folder: Path) -> Iterator[None]:
    """Let a program come from a folder.

    At other times, arguments of other types are a fault of ours, and nothing to compile for.
    """
    config.CACHE_DIR = str(folder)
    dispatcher.disable_compile(False)
    try:
        yield
    finally:
        if dispatcher.signatures:
            dispatcher.disable_compile()


def _asked(name: str) -> tuple[Any, Any]:
    """Numba's dispatcher of a program, and the types of its arguments."""
    shape, precision = name.split()
    dispatcher, own = _PROGRAMS[shape]
    return dispatcher, _signature(own, types.float64 if precision == "float64" else types.float32)


def _signature(own: tuple[type, ...], number: Any) -> Any:
    kinds = (*own, forms.Flow, forms.Pace, forms.Book, forms.Decay)
    return (*(_named(kind, number) for kind in kinds), types.int64, types.float64)


def _named(kind: Any, number: Any) -> Any:
    """Numba's type of one of the forms; fields say by their annotation what they hold."""
    held = {
        "Array": types.Array(number, 1, "C"),
        "Fixed": types.Array(number, 1, "C", readonly=True),
        "Double": types.Array(types.float64, 1, "C"),
        "IntArray": types.Array(types.int64, 1, "C"),
        "int": types.int64,
        "float": types.float64,
    }
    fields = [held[field.__forward_arg__] for field in kind.__annotations__.values()]
    return BaseTuple.from_types(fields, kind)
