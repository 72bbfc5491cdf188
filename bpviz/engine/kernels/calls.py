"""How compiled functions are called: which stay functions of their own, and which arguments are told apart.

Every function is compiled with all that it calls, and again with each that calls it.  What is called from
several places is a copy in each of them, and so in what calls those, unless it stays apart.
"""

from __future__ import annotations

from numba import njit
from numba.core import types
from numba.extending import intrinsic

separate = njit(
    nogil=True, error_model="numpy", forceinline=False, no_cpython_wrapper=True, no_cfunc_wrapper=True
)
"""Decorator of a function that may stay apart.

Of any other, numba passes on from those that call it whether it has to be inlined.
"""


@intrinsic
def apart(typingctx):
    """Keep the function that this is called in a function of its own, which is in a program only once."""

    def codegen(context, builder, sig, args):
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return types.void(), codegen


@intrinsic
def number(typingctx, value):
    """The same integer as any other: numba compiles a function anew for each literal it is given."""

    def codegen(context, builder, sig, args):
        return context.cast(builder, args[0], sig.args[0], types.intp)

    return types.intp(value), codegen
