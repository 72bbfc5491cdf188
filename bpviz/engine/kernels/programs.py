"""The compiled programs: loaded from the cache, or compiled and put there.

Importing this module imports numba.
"""

from __future__ import annotations

import pickle
from functools import cache
from pathlib import Path
from typing import Any, Final

from numba.core import config, types
from numba.core.types.containers import BaseTuple
from threadpoolctl import threadpool_limits

from bpviz.engine.kernels import forms
from bpviz.engine.kernels.blocks import run_blocks
from bpviz.engine.kernels.cache import cache_folder, emptied, note_cached
from bpviz.engine.kernels.links import run_links

_PROGRAMS: Final = {
    "links": (run_links, (forms.Links, forms.Method, forms.Vectors, forms.Desk, forms.Exam)),
    "blocks": (run_blocks, (forms.Blocks, forms.Method, forms.Vectors, forms.Sheet, forms.Exam)),
}

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


@cache  # to look up a signature takes longer than hundreds of steps, and every slice of a run asks
def program(name: str, folder: Path | None = None) -> Any:
    """Return a program, ready to be called.

    Args:
        name: As `engine.program_for` says it.
        folder: The cache; None for the user's.
    """
    shape, precision = name.split()
    dispatcher, own = _PROGRAMS[shape]
    signature = _signature(own, types.float64 if precision == "float64" else types.float32)
    if signature not in dispatcher.overloads:
        folder = folder or cache_folder()
        note_cached(_load(dispatcher, signature, folder), name)
        # The library that multiplies matrices came with this module, after a run had asked all there were.
        threadpool_limits(limits=1, user_api="blas")
    return dispatcher


def _load(dispatcher: Any, signature: Any, folder: Path) -> Path:
    """Compile a program, or read it from a folder; what is damaged there is thrown away.

    Returns:
        The folder it is in now.
    """
    config.CACHE_DIR = str(folder)
    dispatcher.disable_compile(False)
    try:
        dispatcher.enable_caching()
        dispatcher.compile(signature)
    except _BROKEN:
        folder = emptied(folder)
        config.CACHE_DIR = str(folder)
        dispatcher.enable_caching()
        dispatcher.compile(signature)
    # From here on, arguments of other types are a fault of ours, not something to compile for.
    dispatcher.disable_compile()
    return folder


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
