"""Numbers that an entry of a table can be set by: momentum, decay, a standard deviation, ...

Optimizers, schedules and initializers declare theirs as `Option`s.  A project stores only what differs
from the defaults; `resolve` fills in the rest and refuses what can't be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from bpviz.errors import SettingError, UnknownNameError
from bpviz.plain import as_options, is_number

Options: TypeAlias = tuple[tuple[str, float], ...] | Mapping[str, float]
"""Settings that differ from the defaults, as (name, value) pairs or as a mapping."""


@dataclass(frozen=True, slots=True)
class Option:
    """One number.

    Attributes:
        name: Key in files.
        label: What panels show.
        default: Its value unless set.
        low: Smallest value allowed.
        high: Largest value allowed.
        about: What it does, in one sentence, for tooltips.
    """

    name: str
    label: str
    default: float
    low: float
    high: float
    about: str = ""


class HasOptions(Protocol):
    """An entry of a table that can be set."""

    @property
    def label(self) -> str: ...
    @property
    def options(self) -> tuple[Option, ...]: ...


def resolve(entry: HasOptions, chosen: Options) -> dict[str, float]:
    """Return every option of an entry by name: as chosen, otherwise its default.

    Raises:
        UnknownNameError: If the entry has no option of a chosen name.
        SettingError: If a value is not a finite number within the option's range.
    """
    values = {option.name: option.default for option in entry.options}
    given: object = as_options(chosen)
    if not isinstance(given, tuple):
        raise SettingError(f"Write the settings of {entry.label} as pairs of a name and a number.")
    for name, number in given:
        if name not in values:
            raise _unknown(entry, str(name))
        values[name] = number
    for option in entry.options:
        value: object = values[option.name]
        if not (is_number(value) and option.low <= value <= option.high):
            shown = f"{value:g}" if is_number(value) else repr(value)
            raise SettingError(
                f"{option.label} of {entry.label} can't be {shown}; "
                f"choose a number from {option.low:g} to {option.high:g}."
            )
    return values


def _unknown(entry: HasOptions, name: str) -> Exception:
    known = [option.name for option in entry.options]
    if not known:
        return SettingError(f"{entry.label} has no settings; leave out {name!r}.")
    return UnknownNameError(f"setting of {entry.label}", name, known)
