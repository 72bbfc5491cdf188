"""Formulas in a style: in symbols, as derivatives, with numbers; the result, and whether rounding shows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from bpviz.training.explain.expressions import (
    Apply,
    Case,
    Expression,
    Mean,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Rest,
    Root,
    Sum,
    evaluate,
    folded,
    leaves,
    rebuilt,
)
from bpviz.training.explain.functions import FUNCTIONS
from bpviz.training.explain.making import Derivation, Note
from bpviz.training.explain.notation import CONSTANTS, Notation
from bpviz.training.explain.styles import BREAK, Style, added, is_exact, rounded
from bpviz.training.explain.words import ELSE, IF, SINCE, TELLING, rest
from bpviz.training.quantities import QUANTITIES, Ref

View: TypeAlias = Literal["rates", "symbols", "numbers"]
Leaf: TypeAlias = Callable[[Number, str], str]
Hidden: TypeAlias = Callable[[Ref], bool]
"""Whether a number is not to be seen, because somebody works it out."""

HIDDEN: Final = "?"
"""Stands for a number that is not to be seen: neither its sign nor its digits."""

DIGITS: Final = 6
FOLD: Final = 12
"""Longer sums are folded."""
_INLINE: Final = 3
"""So many terms stand in one line."""

_SUM, _RATIO, _PRODUCT, _POWER, _ATOM = range(5)
"""How tightly a formula holds together; what is looser than its surroundings needs brackets."""


@dataclass(frozen=True, slots=True)
class Written:
    """A derivation in a style.

    Attributes:
        symbol: What the number is called.
        lines: What it equals: derivatives where the dialect begins with them, symbols, numbers; each only
            where it says something new.  Lines may hold `bpviz.training.explain.styles.BREAK`.
        result: The number.
        exact: Whether all its digits are shown.
        notes: The derivation's, and one on rounding where that shows.
    """

    symbol: str
    lines: tuple[str, ...]
    result: str
    exact: bool
    notes: tuple[Note, ...]


def write(
    found: Derivation,
    notation: Notation,
    style: Style,
    digits: int = DIGITS,
    fold: int = FOLD,
    leaf: Leaf | None = None,
    hidden: Hidden | None = None,
) -> Written:
    """Write a derivation.

    Args:
        found: What to write.
        notation: What things are called.
        style: How formulas are set.
        digits: Significant digits of each number.
        fold: So many terms of a long sum are written out.
        leaf: What becomes of each number of the formula, such as a link; its sign stays before it.
        hidden: Which numbers are not to be seen; notes that would tell them are left out.
    """
    expression = folded(found.expression, fold)
    covered = hidden is not None and hidden(found.ref)
    result = HIDDEN if covered else style.digits(found.value, digits)
    lines: list[str] = []
    if found.expression != Number(found.value):
        views: list[View] = ["symbols", "numbers"]
        if notation.dialect.chain and any(leaf.rate is not None for leaf in leaves(expression)):
            views.insert(0, "rates")
        for view in views:
            line = _Writer(notation, style, digits, view, leaf, hidden).top(expression)
            if line not in (*lines, result):
                lines.append(line)
    notes = (*found.notes, *_rounding(expression, found.value, digits))
    if hidden is not None:
        covered = covered or any(at.ref is not None and hidden(at.ref) for at in leaves(expression))
        notes = tuple(note for note in notes if not _tells(note, found.ref, hidden, covered=covered))
    symbol = style.symbol(notation.symbol(found.ref))
    return Written(symbol, tuple(lines), result, is_exact(found.value, digits), notes)


def _tells(note: Note, ref: Ref, hidden: Hidden, *, covered: bool) -> bool:
    """Whether a note would tell a number that is not to be seen."""
    if note.key not in TELLING or covered:
        return note.key in TELLING
    key = TELLING[note.key]
    return bool(key) and hidden(Ref(key) if QUANTITIES[key].scope == "whole" else replace(ref, key=key))


def _rounding(expression: Expression, value: float, digits: int) -> tuple[Note, ...]:
    """Say so where the numbers as they are shown come to something else than what is shown as the result."""

    def coarse(part: Expression) -> Expression:
        if isinstance(part, Number | Rest):
            return replace(part, value=rounded(part.value, digits))
        return rebuilt(part, coarse)

    shown, result = evaluate(coarse(expression)), rounded(value, digits)
    last = 10.0 ** (math.floor(math.log10(abs(result))) - digits + 1) if result else 0.0
    # Half a unit of the last digit of the shown value is its own rounding.
    if abs(rounded(shown, digits) - result) <= 1.000001 * last:
        return ()
    return (Note("rounding", (("shown", shown),)),)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one view of an expression; each method returns the text and how tightly it holds together."""

    notation: Notation
    style: Style
    digits: int
    view: View
    leaf: Leaf | None
    hidden: Hidden | None

    def top(self, expression: Expression) -> str:
        return self.text(expression, split=True)[0]

    def text(self, expression: Expression, *, split: bool = False) -> tuple[str, int]:
        """Write an expression; long sums in several lines if `split`."""
        return _WRITERS[type(expression)](self, expression, split)

    def number(self, at: Number, _split: bool) -> tuple[str, int]:
        if self.view == "rates" and at.rate is not None:
            return self._as_leaf(at, self.style.symbol(self.notation.rate(*at.rate))), _ATOM
        if self.view != "numbers" and at.ref is not None:
            return self._as_leaf(at, self.style.symbol(self.notation.symbol(at.ref))), _ATOM
        if self.view != "numbers" and at.symbol:
            return self._as_leaf(at, self.style.symbol(CONSTANTS[at.symbol])), _ATOM
        if self.hidden is not None and at.ref is not None and self.hidden(at.ref):
            return self._as_leaf(at, HIDDEN), _ATOM
        text = self.style.digits(at.value, self.digits)
        has_power = "10^" in text or "e" in text
        return self._as_leaf(at, text), _SUM if at.value < 0 else _PRODUCT if has_power else _ATOM

    def _as_leaf(self, at: Number, text: str) -> str:
        if self.leaf is None:
            return text
        bare = text.removeprefix(self.style.minus)
        return f"{text[: len(text) - len(bare)]}{self.leaf(at, bare)}"

    def rest(self, at: Rest, _split: bool) -> tuple[str, int]:
        return rest(at.count, self.style.digits(at.value, self.digits), self.style.name), _SUM

    def sum(self, at: Sum, split: bool) -> tuple[str, int]:
        if not at.terms:
            return "0", _ATOM
        if len(at.terms) == 1:
            return self.text(at.terms[0], split=split)
        terms = [self._term(term) for term in at.terms]
        if len(terms) <= _INLINE:
            return added(terms, [" "] * (len(terms) - 1)), _SUM
        if split:
            return added(terms, [BREAK] * (len(terms) - 1)), _SUM
        if self.style.fraction is None:
            return added(terms, [" "] * (len(terms) - 1)), _SUM
        rows = [r" \\ &" if at % _INLINE == 0 else " " for at in range(1, len(terms))]
        return rf"\begin{{aligned}} &{added(terms, rows)} \end{{aligned}}", _SUM

    def _term(self, term: Expression, *, cases_only: bool = False) -> str:
        """A term keeps its sign in front; only a sum or a case within another needs brackets."""
        text, level = self.text(term)
        inner = isinstance(term, Case) or (isinstance(term, Sum) and len(term.terms) > 1 and not cases_only)
        return self._bracketed(text) if inner and level == _SUM else text

    def mean(self, at: Mean, split: bool) -> tuple[str, int]:
        count = "m" if self.view != "numbers" else str(at.count)
        body, _ = self.sum(Sum(at.terms), split)
        if self.style.fraction is not None:
            return f"{self.style.fraction.format('1', count)}{self._bracketed(body)}", _PRODUCT
        return f"1/{count}{self.style.times}{self._bracketed(body)}", _PRODUCT

    def negative(self, at: Negative, split: bool) -> tuple[str, int]:
        if isinstance(at.of, Product):
            return f"{self.style.minus}{self._factors(at.of, split, leads=False)}", _SUM
        text, level = self.text(at.of, split=split)
        return f"{self.style.minus}{self._bracketed(text) if level == _SUM else text}", _SUM

    def product(self, at: Product, split: bool) -> tuple[str, int]:
        return self._factors(at, split, leads=True), _PRODUCT

    def _factors(self, at: Product, split: bool, *, leads: bool) -> str:
        """The first factor may have a sign if it leads."""
        texts = [
            self._within(factor, _PRODUCT, split=split, leads=leads and place == 0)
            for place, factor in enumerate(at.factors)
        ]
        return self.style.times.join(texts)

    def quotient(self, at: Quotient, split: bool) -> tuple[str, int]:
        if self.style.fraction is not None:
            return self.style.fraction.format(self.text(at.over)[0], self.text(at.under)[0]), _PRODUCT
        over = self._within(at.over, _PRODUCT, leads=True)
        return f"{over} / {self._within(at.under, _POWER, split=split)}", _RATIO

    def power(self, at: Power, _split: bool) -> tuple[str, int]:
        exponent = self.text(at.exponent)[0]
        base, level = self.text(at.base)
        raised = level == _ATOM and not any(mark in base for mark in _RAISED)
        return self.style.power.format(base if raised else self._bracketed(base), exponent), _POWER

    def root(self, at: Root, split: bool) -> tuple[str, int]:
        inside = self.text(at.of, split=split and self.style.fraction is None)[0]
        return self.style.root.format(inside), _ATOM

    def apply(self, at: Apply, _split: bool) -> tuple[str, int]:
        entry = FUNCTIONS[at.function]
        pattern = entry.latex if self.style.fraction is not None else entry.text
        if entry.bare:
            return pattern.format(self.text(at.of)[0]), _ATOM if entry.name != "exp" else _POWER
        return pattern.format(self._within(at.of, _ATOM)), _PRODUCT

    def case(self, at: Case, _split: bool) -> tuple[str, int]:
        left, bound = self.text(at.left)[0], self.text(at.right)[0]
        if self.view == "numbers":
            relation = self.style.relations[at.relation if at.holds else _OPPOSITE[at.relation]]
            chosen = self._term(at.chosen, cases_only=True)
            since = rf"\text{{ {SINCE} }}" if self.style.fraction is not None else f" {SINCE} "
            return f"{chosen}{since}{left} {relation} {bound}", _SUM
        condition = f"{left} {self.style.relations[at.relation]} {bound}"
        yes, no = self._term(at.yes, cases_only=True), self._term(at.no, cases_only=True)
        return self.style.cases.format(yes=yes, no=no, condition=condition, if_=IF, else_=ELSE), _SUM

    def _within(self, part: Expression, level: int, *, split: bool = False, leads: bool = False) -> str:
        """Write a part of something that holds together so tightly; what leads may have a sign."""
        text, own = self.text(part, split=split)
        signed = leads and isinstance(part, Number | Negative) and level == _PRODUCT
        if isinstance(part, Negative) and isinstance(part.of, Sum):
            signed = False
        return text if own >= level or signed else self._bracketed(text)

    def _bracketed(self, text: str) -> str:
        small, large = self.style.brackets
        return (large if r"\frac" in text or r"\sqrt" in text else small).format(text)


_RAISED: Final = ("^", "'", "′", "⟨", "/", "frac")
"""What has one of these needs brackets before it is raised to a power."""

_OPPOSITE: Final = {">": "≤", "≤": ">", "<": "≥", "≥": "<", "=": "≠"}

_WRITERS: Final[Mapping[type, Callable[[_Writer, Any, bool], tuple[str, int]]]] = {
    Number: _Writer.number,
    Rest: _Writer.rest,
    Sum: _Writer.sum,
    Mean: _Writer.mean,
    Negative: _Writer.negative,
    Product: _Writer.product,
    Quotient: _Writer.quotient,
    Power: _Writer.power,
    Root: _Writer.root,
    Apply: _Writer.apply,
    Case: _Writer.case,
}


def in_lines(written: Written) -> Sequence[tuple[str, str]]:
    """Return each line with the sign before it: ``=``, or ``≈`` before a result that has more digits."""
    return [*(("=", line) for line in written.lines), ("=" if written.exact else "≈", written.result)]
