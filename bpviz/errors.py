"""Every exception that bpviz raises on purpose.

``str(error)`` is the sentence shown to the user, so it names what is wrong and
what to do about it.  Facts that code needs (which layers, which file) are
attributes, never parsed back out of the text.

The tree mirrors the packages, so ``except`` says which part may fail::

    BpvizError
    |-- UnknownNameError      a table has no such entry            (KeyError)
    |-- SettingError          a value outside what it may be       (ValueError)
    |-- ModelError            the drawn network can't be edited so, or can't run
    |   |-- CycleError        links form a loop
    |   `-- ShapeError        sizes don't fit together
    |-- DataError             a data set or table can't be used
    |-- NoWindowError         a window can't be opened here
    |-- DivergedError         training left the finite numbers
    |-- CancelledError        the user stopped a long task
    `-- FileError             a file can't be read or written
        `-- FileFormatError   it is not what it claims
            `-- VersionError  it was written by a newer bpviz

Sentences quote names and files, which may hold anything; `BpvizError` makes one line of it, see `one_line`.
`listed`, `named`, `counted`, `grouped` and `suggestion` write parts of such sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal

GROUP: Final = "\u202f"
"""Between groups of three digits: a narrow no-break space, as comma and point are both decimal signs."""
LONGEST_NAME: Final = 80
"""Names quoted in a sentence are shortened to so many letters."""
LONGEST_SENTENCE: Final = 600

_FAR_TOO_LONG: Final = 10 * LONGEST_SENTENCE
_MOST_COMPARED: Final = 1_000
# What stands between two quotation marks, none of which is an apostrophe.
_QUOTED: Final = re.compile(rf"(?<!\w)(['\"])((?:(?!\1).){{{LONGEST_NAME + 1},}})\1(?!\w)")


def one_line(sentence: str) -> str:
    """Write what may hold a file's content or anybody's names as one line that can be shown anywhere.

    Line breaks and other characters that steer instead of being shown are written as Python does, ``\\n``;
    what is too long lacks its middle.
    """
    line = elided(sentence, _FAR_TOO_LONG)
    if not line.isprintable():
        line = "".join(map(_shown, line))
    if len(line) > LONGEST_NAME:  # a name alone, of which there are a thousand in a wide network, is not
        line = _QUOTED.sub(lambda found: f"{found[1]}{elided(found[2], LONGEST_NAME)}{found[1]}", line)
    return elided(line, LONGEST_SENTENCE)


def elided(text: str, most: int) -> str:
    """Shorten a text to at most so many letters, by leaving out its middle."""
    if len(text) <= most:
        return text
    head = most * 2 // 3
    return f"{text[:head]}…{text[len(text) - (most - head - 1) :]}"


def listed(names: Sequence[str], most: int = 8) -> str:
    """Write names for a sentence, ``'a', 'b'``; of many only the first, and how many more there are."""
    return _joined([repr(elided(name, LONGEST_NAME)) for name in names[:most]], len(names))


def named(names: Sequence[str], most: int = 8) -> str:
    """Write names as `listed` does, but without quotation marks: ``a, b``."""
    return _joined([elided(name, LONGEST_NAME) for name in names[:most]], len(names))


def counted(number: int, thing: str) -> str:
    """Write how many of something there are: ``1 row``, ``2 000 rows``."""
    return f"1 {thing}" if number == 1 else f"{grouped(number)} {thing}s"


def grouped(number: float, digits: str = "") -> str:
    """Write a number with its digits in groups, a whole one as ``2 000``.

    Args:
        number: The number.
        digits: How many digits, as in a format: ``.1f``.
    """
    return format(number, f",{digits}").replace(",", GROUP)


def suggestion(name: str, known: Sequence[str]) -> str | None:
    """Find the name that was probably meant; None where nothing is near enough."""
    # To compare takes the product of both lengths: a name from a file may be of any.
    short = [other for other in known[:_MOST_COMPARED] if len(other) <= LONGEST_NAME]
    close = get_close_matches(name, short, n=1) if len(name) <= LONGEST_NAME else []
    return close[0] if close else None


def _joined(shown: Sequence[str], count: int) -> str:
    more = f" and {grouped(count - len(shown))} more" if count > len(shown) else ""
    return f"{', '.join(shown)}{more}"


def _shown(letter: str) -> str:
    if letter.isprintable() or unicodedata.category(letter) == "Zs":
        return letter
    return letter.encode("unicode_escape").decode("ascii")


class BpvizError(Exception):
    """Base of all expected failures; anything else is a bug."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(one_line(sentence))


class UnknownNameError(BpvizError, KeyError):
    """A table has no entry of this name; a `KeyError`, so that tables are as good as any mapping."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        close = suggestion(name, self.known)
        hint = f"did you mean {close!r}?" if close else f"choose one of {', '.join(self.known)}."
        super().__init__(f"There is no {kind} named {name!r}; {hint}")

    def __str__(self) -> str:
        return Exception.__str__(self)  # a KeyError would show it in quotation marks


class SettingError(BpvizError, ValueError):
    """A setting has a value it can't have."""


class ModelError(BpvizError):
    """The network can't be edited in this way, or can't run as it is drawn."""


class CycleError(ModelError):
    """Links form a loop, so there is no order in which to run the layers."""

    def __init__(self, names: tuple[str, ...]) -> None:
        loop = " → ".join(elided(name, LONGEST_NAME) for name in names)
        super().__init__(f"The links {loop} form a loop; remove one of them.")
        self.names = names


class ShapeError(ModelError):
    """Two sizes that must agree don't."""


class DataError(BpvizError):
    """A data set or table can't be used as it is."""


class NoWindowError(BpvizError):
    """A window can't be opened here; a line to type stands below the sentence, so that it can be copied."""

    def __init__(self, sentence: str, line: str) -> None:
        super().__init__(sentence)
        self.line = line

    def __str__(self) -> str:
        return f"{super().__str__()}\n    {self.line}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a step first left the finite numbers, in the order in which it computes.

    Attributes:
        step: That could not be made.
        what: Key of what is not finite.
        layer: Name of the layer; of a weight, the one that it leads to.
        node: Place in the layer, from 1; 0 if no node is meant.
        from_layer: Of a weight.
        from_node: Likewise, from 1; 0 if no weight is meant.
    """

    step: int
    what: Literal["weighted_input", "activation", "loss", "gradient", "value", "memory"]
    layer: str = ""
    node: int = 0
    from_layer: str = ""
    from_node: int = 0

    @property
    def sentences(self) -> str:
        """What is not finite, and what helps."""
        return (
            f"Training left the finite numbers at step {self.step}: {self._cause}. "
            "Lower the learning rate, clip the gradient or start from smaller weights."
        )

    @property
    def _cause(self) -> str:
        if self.what == "loss":
            return "the loss is not finite although every activation is"
        node = f"node {self.node} in {self.layer}"
        if self.what in ("weighted_input", "activation"):
            return f"the {self.what.replace('_', ' ')} of {node} is not finite"
        what = {"value": "new value", "memory": "optimizer's memory"}.get(self.what, self.what)
        origin = f"weight from node {self.from_node} in {self.from_layer} to" if self.from_node else "bias of"
        return f"the {what} of the {origin} {node} is not finite"


class DivergedError(BpvizError):
    """Training left the finite numbers.

    Attributes:
        fault: Where.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.sentences)
        self.fault = fault


class CancelledError(BpvizError):
    """The user stopped a long task before it was done."""


class FileError(BpvizError):
    """A file can't be read or written."""

    def __init__(self, message: str, path: Path | None = None) -> None:
        super().__init__(message)
        self.path = path


class FileFormatError(FileError):
    """A file is not what it claims to be."""


class VersionError(FileFormatError):
    """A file was written by a newer version of bpviz."""
