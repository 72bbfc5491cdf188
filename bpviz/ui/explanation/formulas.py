r"""Formulas read into boxes, from the LaTeX that `bpviz.training.explain` writes.

That LaTeX is little: letters with indices, fractions, roots, brackets, cases, a few functions.  Here alone
``\leaf{3}{...}`` stands for a number that can be followed, ``\blank{0.5}{}`` for a field in place of one with
what was typed in it, and ``\tick`` for the sign that one was found out.  What is not known is shown as it is
written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from bpviz.ui.explanation.boxes import (
    SMALLEST,
    Box,
    Pen,
    as_leaf,
    barred,
    blank,
    fraction,
    radical,
    row,
    scripts,
    stretched,
    tabled,
    tick,
)

Kind: TypeAlias = Literal["plain", "sign", "times", "open", "close"]

_TOKENS: Final = re.compile(r"\\[A-Za-z]+|\\.|[0-9.]+|\s+|.", re.DOTALL)
_TIMES_PX: Final = 3.0
_SIGN_PX: Final = 5.0

_LETTERS: Final[Mapping[str, str]] = {
    **{
        rf"\{name}": letter
        for name, letter in {
            "alpha": "α", "beta": "β", "delta": "δ", "Delta": "Δ", "epsilon": "ε", "varepsilon": "ε",
            "eta": "η", "kappa": "κ", "lambda": "λ", "mu": "μ", "omega": "ω", "varphi": "φ", "phi": "φ",
            "Phi": "Φ", "rho": "ρ", "sigma": "σ", "Sigma": "Σ", "Theta": "Θ", "ell": "ℓ", "partial": "∂",
            "prime": "′", "langle": "⟨", "rangle": "⟩", "leftarrow": "←", "to": "→", "lVert": "‖",
            "rVert": "‖", "backslash": "\\", "sim": "~",
        }.items()
    },
    **{f"\\{letter}": letter for letter in "#$%&_{}"},
    "'": "′",
}  # fmt: skip
_WORDS: Final = frozenset({r"\ln", r"\tanh", r"\sin", r"\cos", r"\exp", r"\max", r"\min"})
_RELATIONS: Final[Mapping[str, str]] = {
    r"\le": "≤", r"\ge": "≥", r"\ne": "≠", "<": "<", ">": ">", "=": "=", r"\approx": "≈",
}  # fmt: skip
_SPACES: Final[Mapping[str, float]] = {"\\ ": 4.0, r"\,": 3.0, "~": 4.0, r"\quad": 12.0}
_BEFORE_BRACKET: Final = frozenset({r"\left", r"\right", r"\bigl", r"\bigr"})
_UPRIGHT: Final = frozenset({r"\mathrm", r"\text", r"\operatorname"})


@dataclass(frozen=True, slots=True)
class Item:
    """A box in a line, and what it does there: lines break before signs, brackets grow with their content."""

    box: Box
    kind: Kind = "plain"


def read(latex: str, pen: Pen) -> list[Item]:
    """Read a formula of one line; nobody changes the list, which is kept."""
    return pen.kept(latex, lambda: _Reader(_TOKENS.findall(latex), pen).items(until=""))


def boxed(items: Sequence[Item]) -> Box:
    """Put a line into a box, its brackets as high as what they hold."""
    return row([item.box for item in grown(items)] or [Box(0.0, 0.0, 0.0)])


def grown(items: Sequence[Item]) -> list[Item]:
    """Make brackets that have their counterpart in the line as high as what stands between."""
    found, begun = [*items], list[int]()
    if not any(item.kind == "open" for item in items):
        return found
    for at, item in enumerate(items):
        if item.kind == "open":
            begun.append(at)
        elif item.kind == "close" and begun:
            first = begun.pop()
            inside = [other.box for other in found[first + 1 : at]]
            up = max((box.ascent for box in inside), default=0.0)
            down = max((box.descent for box in inside), default=0.0)
            for end in (first, at):
                found[end] = Item(stretched(found[end].box, up, down), found[end].kind)
    return found


class _Reader:
    """Reads tokens, one after the other."""

    def __init__(self, tokens: list[str], pen: Pen) -> None:
        self._tokens, self._at, self._pen = [*tokens, ""], 0, pen  # an empty word stands for the end

    def items(self, until: str) -> list[Item]:
        """Read up to a word, which is taken, or to the end."""
        found: list[Item] = []
        while (word := self._next()) and word != until:
            if word.isspace():
                continue
            item = self._item(word, first=not found or found[-1].kind in ("sign", "times", "open"))
            if item is not None:
                found.append(self._with_scripts(item) if item.kind in ("plain", "close") else item)
        return found

    def _item(self, word: str, *, first: bool) -> Item | None:
        if word in ("+", "-", "−"):
            return Item(self._sign(word, spaced=not first), "plain" if first else "sign")
        if word == r"\cdot":
            return Item(self._spaced("·", _TIMES_PX), "times")
        if word in _BEFORE_BRACKET:
            opens = word in (r"\left", r"\bigl")
            return Item(
                self._pen.write(_LETTERS.get(mark := self._next(), mark)), "open" if opens else "close"
            )
        if word in ("(", ")"):
            return Item(self._pen.write(word), "open" if word == "(" else "close")
        box = self._box(word)
        return None if box is None else Item(box)

    def _box(self, word: str) -> Box | None:
        pen = self._pen
        if word in _COMMANDS:
            return _COMMANDS[word](self)
        if word == "{":
            return boxed(self.items(until="}"))
        if word in _UPRIGHT:
            return pen.write(self._raw())
        if word in _RELATIONS:
            return self._spaced(_RELATIONS[word], _SIGN_PX)
        if word in _SPACES:
            return pen.space(_SPACES[word])
        if word in _WORDS:
            return row([pen.write(word[1:]), pen.space(_TIMES_PX)])
        if word in _LETTERS:
            return pen.write(_LETTERS[word])
        return pen.write(word, italic=word.isalpha() and len(word) == 1)

    def leaf(self) -> Box:
        number = int(self._raw())
        return as_leaf(number, self._argument(self._pen.size))

    def blank(self) -> Box:
        real, typed = self._argument(self._pen.size), self._raw()
        return blank(self._pen, real, self._pen.write(typed) if typed else None)

    def tick(self) -> Box:
        return tick(self._pen)

    def fraction(self) -> Box:
        size = self._pen.size
        over, under = self._argument(size + 1), self._argument(size + 1)
        return fraction(self._pen, over, under)

    def root(self) -> Box:
        return radical(self._argument(self._pen.size))

    def mean(self) -> Box:
        return barred(self._argument(self._pen.size))

    def hat(self) -> Box:
        self._argument(self._pen.size)
        return self._pen.write("^")

    def table(self) -> Box:
        """Rows of cells: cases behind a brace, or the lines of a sum."""
        brace = self._raw() == "cases"
        rows: list[list[Box]] = [[]]
        cell: list[str] = []
        depth = 0
        while (word := self._next()) and word != r"\end":
            depth += (word == "{") - (word == "}")
            if depth == 0 and word in ("&", "\\\\"):
                rows[-1].append(self._cell(cell))
                cell = []
                if word != "&":
                    rows.append([])
            else:
                cell.append(word)
        rows[-1].append(self._cell(cell))
        self._raw()
        return tabled(self._pen, rows, brace=brace)

    def _cell(self, tokens: list[str]) -> Box:
        return boxed(_Reader(tokens, self._pen).items(until=""))

    def _with_scripts(self, item: Item) -> Item:
        below: Box | None = None
        above: list[Box] = []
        while (word := self._peek()) in ("_", "^", "'"):
            self._at += 1
            if word == "'":  # its sign is a small and raised one by itself
                item = Item(row([item.box, self._pen.write("′")]), item.kind)
            elif word == "_":
                below = self._argument(SMALLEST)
            else:
                above.append(self._argument(SMALLEST))
        if below is None and not above:
            return item
        return Item(scripts(self._pen, item.box, below, row(above) if above else None), item.kind)

    def _argument(self, size: int) -> Box:
        """What stands in braces, or the next word."""
        kept, self._pen = self._pen, self._pen.at(size)
        word = self._next()
        box = boxed(self.items(until="}")) if word == "{" else self._box(word)
        self._pen = kept
        return box or Box(0.0, 0.0, 0.0)

    def _raw(self) -> str:
        """The text in braces, as it is meant."""
        depth, text = 0, ""
        while word := self._next():
            depth += (word == "{") - (word == "}")
            if depth == 0:
                return text
            if word not in "{}":
                text += _PLAIN.get(word, word)
        return text

    def _sign(self, word: str, *, spaced: bool) -> Box:
        shown = "−" if word == "-" else word
        if spaced:
            return self._spaced(shown, _SIGN_PX)
        # What leads a line is the sign of a term, and stands off; that of a number does not.
        stands_off = self._pen.space(_SIGN_PX if self._peek().isspace() else 0.0)
        return row([self._pen.write(shown), stands_off])

    def _spaced(self, text: str, px: float) -> Box:
        room = self._pen.space(px)
        return row([room, self._pen.write(text), room])

    def _peek(self) -> str:
        return self._tokens[self._at]

    def _next(self) -> str:
        word = self._tokens[self._at]
        if word:
            self._at += 1
        return word


_PLAIN: Final[Mapping[str, str]] = {
    **_LETTERS,
    **dict.fromkeys(_SPACES, " "),
    r"\hat": "^",
}
_COMMANDS: Final[Mapping[str, Callable[[_Reader], Box]]] = {
    r"\leaf": _Reader.leaf,
    r"\blank": _Reader.blank,
    r"\tick": _Reader.tick,
    r"\frac": _Reader.fraction,
    r"\sqrt": _Reader.root,
    r"\overline": _Reader.mean,
    r"\hat": _Reader.hat,
    r"\begin": _Reader.table,
}
