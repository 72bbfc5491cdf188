"""Read a number as people type it: one rule in every locale, and no guess that changes it a thousandfold.

Comma and point are both the decimal sign.  Both in one number, or a number grouped by either, may mean two
things and is refused with a sentence.  bpviz itself groups digits by narrow no-break spaces
(`bpviz.errors.grouped`), and those are read back.  A text that begins with ``=`` is computed: numbers,
``+ - * / ^``, parentheses, the names of `CONSTANTS` and `FUNCTIONS`; to add one, name it there.  Python never
evaluates it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Final

from bpviz.errors import GROUP, SettingError

FUNCTIONS: Final[Mapping[str, Callable[[float], float]]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
}
"""Of one number each, written before parentheses; the logarithm is the natural one, angles are in radians."""
CONSTANTS: Final[Mapping[str, float]] = {"pi": math.pi, "e": math.e}

_LONGEST: Final = 1000  # letters of what is computed; a person's formula is far shorter
_DEEPEST: Final = 50  # parentheses, signs and powers inside each other
_SHOWN: Final = 24  # letters of what was typed that a sentence repeats
# Other programs group by the wider relatives of bpviz's own space.
_GROUPED: Final = re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}(?:[{GROUP}\u00a0\u2009]\d{{3}})+(?!\d)", re.ASCII)
_SPACES: Final = re.compile(rf"[{GROUP}\u00a0\u2009]")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_TOKEN: Final = re.compile(
    r"\s*(?:((?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?)|([a-z]+)|(\*\*|\S))", re.ASCII | re.IGNORECASE
)
# A matrix, also as a program prints it: W = [...], array([...]).
_BRACKETS: Final = re.compile(r"\s*(?:\w+\s*=\s*)?[\w.]*\(?\s*\[(.*)\]\s*\)?\s*[;,]?\s*", re.DOTALL)
_INNER: Final = re.compile(r"\[([^\[\]]*)\]")
_EITHER: Final = re.compile(r"[+-]?\d+,\d+")
_SAME: Final = str.maketrans({"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "π": "pi"})


def number(text: str) -> float:
    """Read one number, or compute one.

    Raises:
        SettingError: If it is none, is not finite, or may mean two numbers.
    """
    typed = text.strip()
    if not typed:
        raise SettingError("Write a number, such as 0.03 or 1e-4.")
    if typed.startswith("="):
        return _Formula(typed.removeprefix("=")).value()
    plain = _tidied(typed)
    if not _NUMBER.fullmatch(plain.replace(",", ".")):
        raise SettingError(_no_number(typed, plain))
    return _finite(float(plain.replace(",", ".")))


def block(text: str, width: int | None = None) -> list[list[str]]:
    """Divide a pasted text into the cells of its rows, each row with as many.

    Brackets hold a matrix as mathematics programs write it: ``[.1 .8; .4 .6]`` or ``[[.1, .8], [.4, .6]]``.
    Otherwise a line is a row, and between its cells stand tabs, or else semicolons, commas or spaces.

    Args:
        text: What was pasted.
        width: How many columns there is room for; where it is 1, a comma can only be a decimal sign.

    Raises:
        SettingError: If there is nothing, rows differ in length, or commas may mean two things.
    """
    rows = _bracketed(text)
    if rows is None:
        lines = text.rstrip("\r\n ").splitlines()
        rows = _cut(lines, _separator(lines, width))
    if not any(any(row) for row in rows):
        raise SettingError("There is nothing to paste.")
    for at, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise SettingError(
                f"Row {at} of what was pasted is {len(row)} cells long, but the first is {len(rows[0])}; "
                "make all rows alike."
            )
    return rows


def _bracketed(text: str) -> list[list[str]] | None:
    """The rows of a matrix in brackets, or of one line such as ``.1 .8; .4 .6``; None if it is neither."""
    found = _BRACKETS.fullmatch(text)
    if found is None:
        rows = [_words(part) for part in text.split(";")]
        one_line = "\n" not in text.strip() and len(rows) > 1 and len(rows[0]) > 1
        return rows if one_line and all(map(_is_number, chain.from_iterable(rows))) else None
    inner = found[1].strip()
    parts = _INNER.findall(inner) if inner.startswith("[") else re.split(r"[;\n]", inner)
    return [re.split(r"[, \t\r\n]+", part.strip(", \t\r\n")) for part in parts if part.strip()]


def _cut(lines: list[str], sign: str) -> list[list[str]]:
    if sign == " ":
        return [_words(line) for line in lines]  # any number of them is one
    return [[cell.strip() for cell in line.split(sign)] if sign else [line.strip()] for line in lines]


def _separator(lines: list[str], width: int | None) -> str:
    """What stands between the cells; an empty text where each line is one."""
    for sign in ("\t", ";"):
        if any(sign in line for line in lines):
            return sign
    words = [_words(line) for line in lines]
    if any(len(row) > 1 for row in words) and all(map(_is_number, chain.from_iterable(words))):
        return " "
    if width == 1 or not any("," in line for line in lines):
        return ""
    if all(_EITHER.fullmatch(line.strip()) for line in lines):
        raise SettingError(
            f"“{_shown(lines[0])}” may be one number or two, as a comma is a decimal sign, too; "
            "write decimals after a point, or put semicolons between the cells."
        )
    return ","


def _words(line: str) -> list[str]:
    """Cut at spaces and tabs; those between groups of digits are others."""
    return [word for word in re.split(r"[ \t\r\n]+", line) if word]


def _is_number(text: str) -> bool:
    try:
        number(text)
    except SettingError:
        return False
    return True


def _tidied(typed: str) -> str:
    """Write signs as a keyboard has them, and leave out the spaces between groups."""
    return _GROUPED.sub(lambda found: _SPACES.sub("", found[0]), typed.translate(_SAME))


def _no_number(typed: str, plain: str) -> str:
    if plain.lower().lstrip("+-") in ("inf", "infinity", "nan", "∞"):
        return "This needs a finite number, such as 0.03."
    if plain.count(".") + plain.count(",") > 1 and _NUMBER.fullmatch(plain.replace(".", "").replace(",", "")):
        return (
            f"“{_shown(typed)}” has more than one decimal sign, as comma and point both are; "
            "write the number without groups."
        )
    parts = plain.replace(",", ".").split()
    if len(parts) > 1 and all(_NUMBER.fullmatch(part) for part in parts):
        return f"“{_shown(typed)}” is more than one number; this needs one, without spaces."
    return f"“{_shown(typed)}” is not a number; write one such as 0.03 or 1e-4."


def _shown(typed: str) -> str:
    """What was typed, on one line and not too long for a sentence."""
    line = " ".join("".join(one if one.isprintable() else " " for one in typed).split())
    return f"{line[:_SHOWN]}…" if len(line) > _SHOWN else line


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise SettingError("This needs a finite number, such as 0.03.")
    return value


class _Formula:
    """Computes a formula, descending from sums over products and signs to powers and what stands in them."""

    def __init__(self, text: str) -> None:
        if len(text) > _LONGEST:
            raise SettingError(f"This formula is longer than {_LONGEST} letters.")
        self._tokens = [found[0].strip() for found in _TOKEN.finditer(_tidied(text))]
        self._at = self._depth = self._inside = 0

    def value(self) -> float:
        """Compute it all.

        Raises:
            SettingError: If it can't be read or has no finite value.
        """
        try:
            value = self._sum()
        except ZeroDivisionError:
            raise SettingError("This formula divides by zero.") from None
        except OverflowError:
            raise SettingError("This formula grows beyond what a number can hold.") from None
        except ValueError as error:
            if isinstance(error, SettingError):
                raise
            raise SettingError("A root, power or logarithm in this formula has no real value.") from None
        if self._next:
            raise self._lost()
        return value

    @property
    def _next(self) -> str:
        """The token it stands at; empty at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, *tokens: str) -> str:
        """Go past one of some tokens if it stands there; which one, or an empty text."""
        found = self._next if self._next in tokens else ""
        self._at += bool(found)
        return found

    def _sum(self) -> float:
        value = self._product()
        while sign := self._take("+", "-"):
            other = self._product()
            value = _held(value + other if sign == "+" else value - other)
        return value

    def _product(self) -> float:
        value = self._signed()
        while sign := self._take("*", "/"):
            other = self._signed()
            value = _held(value * other if sign == "*" else value / other)
        return value

    def _signed(self) -> float:
        """A sign binds less than a power: -2^2 is -4, as in mathematics."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise SettingError("This formula is nested too deeply.")
        sign = self._take("+", "-")
        value = self._signed() if sign else self._power()
        self._depth -= 1
        return -value if sign == "-" else value

    def _power(self) -> float:
        base = self._single()
        return math.pow(base, self._signed()) if self._take("^", "**") else base

    def _single(self) -> float:
        if self._take("("):
            return self._closed()
        token = self._next
        name = token.lower()
        self._at += bool(token)
        if token[:1].isdigit() or (token[:1] in (".", ",") and len(token) > 1):
            return self._literal(token)
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in FUNCTIONS and self._take("("):
            return FUNCTIONS[name](self._closed())
        self._at -= bool(token)
        raise self._lost()

    def _literal(self, token: str) -> float:
        if "," in token and self._inside:
            raise SettingError(
                "Between parentheses a comma would separate; write decimals after a point there."
            )
        return _held(float(token.replace(",", ".")))

    def _closed(self) -> float:
        """What stands between parentheses, the first of which is gone past."""
        self._inside += 1
        value = self._sum()
        self._inside -= 1
        if not self._take(")"):
            raise self._lost()
        return value

    def _lost(self) -> SettingError:
        """What to say where nothing that fits follows."""
        found, name = self._next, self._next.lower()
        if found == ")" and not self._inside:
            return SettingError("This formula closes a parenthesis that it did not open.")
        if not found:
            return SettingError("This formula ends too early; a number or a parenthesis is missing.")
        if name.isalpha() and name not in FUNCTIONS and name not in CONSTANTS:
            known = ", ".join((*FUNCTIONS, *CONSTANTS))
            return SettingError(f"A formula knows no “{_shown(found)}”; it knows {known}.")
        if name in FUNCTIONS and self._tokens[self._at + 1 : self._at + 2] != ["("]:
            return SettingError(f"Write what {name} is taken of in parentheses, such as {name}(1).")
        return SettingError(f"Before “{_shown(found)}” this formula lacks a number or a sign such as *.")


def _held(value: float) -> float:
    if not math.isfinite(value):
        raise OverflowError
    return value
