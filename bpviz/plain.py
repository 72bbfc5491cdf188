"""Numbers of settings as Python's own, whatever type they come in.

Scripts hand in what they have: a whole number for a rate, a scalar of numpy's, a `Decimal` or a fraction.
Settings hold `float`, `int` and `bool` alone, so that kernels, files and comparisons meet nothing else: each
frozen value that has numbers calls `hold` when it is made.  What is no number, such as a text, or True for a
rate, stays as it is, for `bpviz.model.checks` to refuse in a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from numbers import Real
from typing import Any, TypeGuard, cast

import numpy as np


def as_float(value: Any) -> Any:
    """Return a number as a `float`, what is none as it is."""
    if type(value) is float:  # as nearly all are, of which there may be thousands
        return value
    value = _own(value)
    if not _is_real(value):
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except ValueError:  # a signaling NaN
        return math.nan


def as_whole(value: Any) -> Any:
    """Return a whole number as an `int`, what is none as it is."""
    value = _own(value)
    if not _is_real(value):
        return value
    try:
        return whole if (whole := int(value)) == value else value
    except (OverflowError, ValueError):  # no finite number
        return value


def as_truth(value: Any) -> Any:
    """Return a truth value as a `bool`, also if it is written as 0 or 1; what is none as it is."""
    value = _own(value)
    return bool(value) if isinstance(value, Real) and value in (0, 1) else value


def as_options(chosen: Any) -> Any:
    """Return options, given as a mapping or as pairs, as sorted pairs; what is neither as a text."""
    try:
        pairs = dict(chosen).items()
    except (TypeError, ValueError):
        return str(chosen)
    return tuple(sorted(((name, as_float(value)) for name, value in pairs), key=lambda pair: str(pair[0])))


def as_words(value: Any) -> Any:
    """Return texts as a tuple, a single one too; what is neither as it is."""
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, Sequence) else value


def as_choices(value: Any) -> Any:
    """Return what was chosen by name, given as a mapping or as pairs, as sorted pairs; else it stays."""
    try:
        return tuple(sorted((str(name), str(choice)) for name, choice in dict(value).items()))
    except (TypeError, ValueError):
        return value


def as_wholes(value: Any) -> Any:
    """Return several whole numbers as a tuple; what is none of that as it is."""
    several = isinstance(value, Sequence | np.ndarray) and not isinstance(value, str)
    return tuple(map(as_whole, value)) if several else value


def hold(value: object, **kinds: tuple[str, ...]) -> None:
    """Turn numbers of a frozen value that is being made into Python's own.

    Args:
        value: What is being made.
        kinds: Names of its fields by what they hold: ``float``, ``whole``, ``truth``, ``words``,
            ``wholes``, ``choices`` or ``options``.
    """
    for kind, names in kinds.items():
        for name in names:
            given = getattr(value, name)
            if type(given) is not _TYPES[kind]:
                object.__setattr__(value, name, _MAKERS[kind](given))


def is_number(value: object) -> TypeGuard[float]:
    """Whether something is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def are_numbers(values: Collection[object]) -> bool:
    """Whether all of them are finite numbers; quick, because there may be thousands."""
    if set(map(type, values)) <= {float, int}:
        return all(map(math.isfinite, cast("Collection[float]", values)))
    return all(map(is_number, values))


def is_whole(value: object, low: int, high: float = math.inf) -> TypeGuard[int]:
    """Whether something is a whole number of a range."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_real(value: Any) -> bool:
    return isinstance(value, Real | Decimal) and not isinstance(value, bool)


def _own(value: Any) -> Any:
    """Take a scalar out of numpy."""
    single = isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0)
    return value.item() if single else value


_TYPES: Mapping[str, type] = {
    "float": float,
    "whole": int,
    "truth": bool,
    "words": tuple,
    "wholes": type(None),
    "options": type(None),
    "choices": type(None),
}
_MAKERS = {
    "float": as_float,
    "whole": as_whole,
    "truth": as_truth,
    "words": as_words,
    "wholes": as_wholes,
    "options": as_options,
    "choices": as_choices,
}
