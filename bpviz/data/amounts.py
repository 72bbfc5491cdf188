"""Numbers as people write them, ``$1,234.50``, ``45 %``, ``(3.20)`` or ``1 234,8 €``, read by the column.

One reading must hold for every cell of a column: one decimal sign, one sign between groups of digits, one
mark beside the number.  Where there is none, nothing is read.  A number is rewritten, not computed: whole
ones keep all their digits, and so stay different labels.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

_BLANKS: Final = "\u00a0\u2007\u2009\u202f"
_APOSTROPHES: Final = "'\u2019"
_MINUS: Final = "\u2212"
_WORDS: Final = frozenset((
    "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR",
    "JPY", "KRW", "MXN", "NOK", "NZD", "PLN", "RUB", "SEK", "SGD", "THB", "TRY", "TWD", "USD",
    "ZAR", "Fr.", "kr", "Kč", "Ft", "zł", "Rs", "Rs.", "R$",
))  # fmt: skip
"""Currencies that are written as words."""

_SIMPLE: Final = {sign: re.compile(rf"[0-9{sign}eE+\-\n]*") for sign in ".,"}
_LONGEST: Final = 64  # a number with marks; longer texts are none, and take long to take apart
_PARTS: Final = re.compile(r"([^\d.,+\-()]*)([+-]?)([^\d.,+\-()]*)((?:\d|[.,](?=\d)).*?)([^\d.,]*)")


@dataclass(frozen=True, slots=True)
class Amounts:
    """How a column of decorated numbers is read.

    Attributes:
        numbers: By what stands in a cell: the same with a decimal point and nothing beside it.
        sample: A cell that is decorated.
    """

    numbers: Mapping[str, str]
    sample: str

    @property
    def read(self) -> str:
        """What the sample is read as."""
        return self.numbers[self.sample]


@dataclass(frozen=True, slots=True)
class _Body:
    """One cell, taken apart: its sign, its digits with their signs, and what stands beside them."""

    negative: bool
    digits: str
    mark: str
    boxed: bool


def read_amounts(texts: Iterable[str], decimal: str) -> Amounts | None:
    """Read a column whose numbers are decorated.

    Args:
        texts: The different texts of its cells, trimmed, without those that are missing.
        decimal: The sign before the decimals in the other columns, ``.`` or ``,``; another one is only taken
            where it alone fits, and a mark or groups of digits say that the cells are numbers.

    Returns:
        None if the cells are plain numbers, or no numbers in one reading.
    """
    cells = list(texts)
    if not cells or _SIMPLE[decimal].fullmatch("\n".join(cells)):
        return None
    bodies: dict[str, _Body] = {}
    for cell in cells:
        body = _taken_apart(cell) if len(cell) <= _LONGEST else None
        if body is None:
            return None
        bodies[cell] = body
    marks = {body.mark for body in bodies.values() if body.mark}
    if len(marks) > 1 or ("%" in marks and not all(body.mark for body in bodies.values())):
        return None
    if all(body.boxed for body in bodies.values()):
        return None  # so are labels and notes; accounts have gains, too
    for sign in (decimal, "," if decimal == "." else "."):
        numbers = _read(bodies, sign)
        decorated = [cell for cell in cells if _is_decorated(cell, bodies[cell], sign)]
        if numbers is not None:
            return Amounts(numbers, decorated[0]) if decorated else None
    return None


def _taken_apart(cell: str) -> _Body | None:
    text = cell.replace(_MINUS, "-")
    boxed = text.startswith("(") and text.endswith(")")
    if boxed:
        text = text[1:-1].strip()
    found = _PARTS.fullmatch(text)
    if found is None:
        return None
    before, sign, between, digits, after = (part.strip(f" {_BLANKS}") for part in found.groups())
    around = [mark for mark in (before, between, after) if mark]
    if len(around) > 1 or (boxed and sign) or not all(map(_is_mark, around)):
        return None
    if around == ["%"] and not after:
        return None
    return _Body(boxed or sign == "-", digits, around[0] if around else "", boxed)


def _is_mark(text: str) -> bool:
    if text in _WORDS or text == "%":
        return True
    return len(text) == 1 and unicodedata.category(text) == "Sc"


def _read(bodies: Mapping[str, _Body], decimal: str) -> dict[str, str] | None:
    """Read all cells with one decimal sign and one sign between groups; None if one does not fit."""
    plain = re.compile(rf"(?:\d+(?:[{decimal}]\d*)?|[{decimal}]\d+)(?:[eE][+-]?\d+)?")
    for separator in ("," if decimal == "." else ".", f"[{_APOSTROPHES}]", f"[ {_BLANKS}]"):
        sign = separator if separator.startswith("[") else re.escape(separator)
        groups = rf"[1-9]\d{{0,2}}(?:{sign}\d{{3}})+"
        if separator == ",":
            groups = rf"(?:{groups}|[1-9]\d?(?:,\d\d)+,\d{{3}})"  # as in India: 12,34,567
        grouped = re.compile(rf"{groups}(?:[{decimal}]\d*)?")
        numbers = {}
        for cell, body in bodies.items():
            if plain.fullmatch(body.digits):
                digits = body.digits
            elif grouped.fullmatch(body.digits):
                digits = re.sub(sign, "", body.digits)
            else:
                break
            numbers[cell] = f"{'-' * body.negative}{digits.replace(decimal, '.')}"
        else:
            return numbers
    return None


def _is_decorated(cell: str, body: _Body, decimal: str) -> bool:
    """Whether a cell is more than a number with that decimal sign."""
    bare = body.digits.replace(decimal, "")
    return bool(body.mark) or body.boxed or _MINUS in cell or bool(re.search(r"[^\deE+\-]", bare))
