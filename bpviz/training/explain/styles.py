r"""How formulas are set: as plain text, or as LaTeX that needs amsmath alone.

A style writes the parts of a formula; `bpviz.training.explain.writing` puts them together.  To add one, add
an entry to `STYLES`; to add a letter, a line to `LETTERS`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bpviz.registry import Registry
from bpviz.training.explain.notation import Mark, RateMark, SlopeMark, Symbol

MINUS: Final = "−"
BREAK: Final = "\n"
"""Where a formula may go on in the next line."""
_PLAIN: Final = (1e-4, 1e6)
"""Numbers of this size are written without a power of ten."""

_ROUNDING: Final = 1e-15
_BAR: Final = "\u0304"  # over the letter before it

LETTERS: Final[Mapping[str, tuple[str, str]]] = {
    "alpha": ("α", r"\alpha"),
    "beta": ("β", r"\beta"),
    "delta": ("δ", r"\delta"),
    "Delta": ("Δ", r"\Delta"),
    "epsilon": ("ε", r"\varepsilon"),
    "eta": ("η", r"\eta"),
    "kappa": ("κ", r"\kappa"),
    "lambda": ("λ", r"\lambda"),
    "mu": ("μ", r"\mu"),
    "omega": ("ω", r"\omega"),
    "phi": ("φ", r"\varphi"),
    "rho": ("ρ", r"\rho"),
    "Theta": ("Θ", r"\Theta"),
    "ell": ("ℓ", r"\ell"),
    "net": ("net", r"\mathrm{net}"),
    "Err": ("Err", r"\mathrm{Err}"),
    "norm": ("‖g‖", r"\lVert g \rVert"),
}
"""As plain text and as LaTeX; what is not here is written as it is."""


@dataclass(frozen=True, slots=True)
class Style:
    """A way to set formulas.

    Attributes:
        name: Key.
        label: In words.
        letter: Which of `LETTERS` it takes.
        times: Between factors.
        indexed: From base, lower and upper indices and example to a symbol.
        barred: From a symbol to that of its mean.
        fraction: From over and under; None if it is written in a line, with `slash`.
        root: Around its argument.
        power: From base and exponent.
        brackets: Around what holds no fraction, and around what does.
        number: From digits and a power of ten.
        words: From a text in a formula.
        cases: From (yes, condition, no, else) to a formula.
        relations: What `Case.relation` is written as.
    """

    name: str
    label: str
    letter: int
    times: str
    indexed: Callable[[str, str, str, str], str]
    barred: str
    fraction: str | None
    root: str
    power: str
    brackets: tuple[str, str]
    number: str
    cases: str
    relations: Mapping[str, str]

    def symbol(self, symbol: Symbol) -> str:
        """Write what a quantity is called."""
        if isinstance(symbol, SlopeMark):
            shown = f"{self._letter(symbol.function)}'({self.symbol(symbol.of)})"
            return self.barred.format(shown) if symbol.mean else shown
        if isinstance(symbol, RateMark):
            partial = ("∂", r"\partial ")[self.letter]
            over, under = f"{partial}{self._mark(symbol.over)}", f"{partial}{self._mark(symbol.under)}"
            shown = self.fraction.format(over, under) if self.fraction else f"{over}/{under}"
            return self.barred.format(shown) if symbol.mean else shown
        return self._mark(symbol)

    def digits(self, value: float, digits: int) -> str:
        """Write a number to so many significant digits."""
        low, high = _PLAIN
        value = value or 0.0  # no minus before a 0
        if value == 0 or low <= abs(value) < high:
            places = f"{value:#.{digits}g}"
            if "e" in places:  # more digits before the point than are asked for
                places = f"{value:.0f}"
            return self._trimmed(places, value, digits)
        mantissa, power = f"{value:#.{digits - 1}e}".split("e")
        shortened = self._trimmed(mantissa, value, digits)
        return self.number.format(shortened, f"{int(power)}".replace("-", self.minus))

    def _trimmed(self, places: str, value: float, digits: int) -> str:
        """Leave out zeros at the end, but where they are digits that rounding gave."""
        if "." in places and is_exact(value, digits):
            places = places.rstrip("0")
        return places.removesuffix(".").replace("-", self.minus)

    @property
    def minus(self) -> str:
        return ("−", "-")[self.letter]

    def _letter(self, key: str) -> str:
        return LETTERS[key][self.letter] if key in LETTERS else key

    def _mark(self, mark: Mark) -> str:
        base = self._letter(mark.base)
        if mark.change:
            base = f"{self._letter('Delta')}{' ' if self.letter and base[0].isalpha() else ''}{base}"
        if mark.prime:
            base = f"{base}{('′', chr(39))[self.letter]}"
        if mark.mean and len(base) == 1 and not self.letter:
            return self.indexed(f"{base}{_BAR}", mark.lower, mark.upper, mark.example)
        shown = self.indexed(base, mark.lower, mark.upper, mark.example)
        return self.barred.format(shown) if mark.mean else shown


def rounded(value: float, digits: int) -> float:
    """Round to so many significant digits, as numbers are written."""
    return float(f"{value:.{digits - 1}e}") if math.isfinite(value) else value


def is_exact(value: float, digits: int) -> bool:
    """Whether a number has no more digits than these, but for what the computer's own rounding left."""
    return abs(rounded(value, digits) - value) <= _ROUNDING * abs(value)


def _plain_symbol(base: str, lower: str, upper: str, example: str) -> str:
    below = f"_{{{lower}}}" if "," in lower or " " in lower else f"_{lower}" if lower else ""
    above = f"^{{{upper}}}" if "←" in upper else f"^{upper}" if upper else ""
    return f"{base}{above}{below}{f'⟨{example}⟩' if example else ''}"


def _latex_symbol(base: str, lower: str, upper: str, example: str) -> str:
    primes = len(base) - len(base.rstrip("'"))
    above = r"\prime" * primes + latex_index(upper).replace("←", r" \leftarrow ")
    if example:
        above += rf"\langle {example} \rangle"
    below = latex_index(lower)
    return f"{base.rstrip(chr(39))}{f'_{{{below}}}' if below else ''}{f'^{{{above}}}' if above else ''}"


_INDEX: Final = re.compile(r"[A-Za-z]\w*(?:[ .]\w+)*", re.ASCII)


def latex_index(text: str) -> str:
    """Write an index: names upright, and what a formula can't hold escaped."""
    if not text or all(letter in "0123456789,.()←+−" for letter in text):
        return text.replace("−", "-")
    return ", ".join(rf"\mathrm{{{_upright(part)}}}" for part in text.split(","))


def _upright(text: str) -> str:
    return latex_text(text).replace(" ", r"\ ")


_SPECIAL: Final = {
    "\\": r"\backslash ",
    "^": r"\hat{}",
    "~": r"\sim ",
    "²": "^2",
    "³": "^3",
    **{letter: f"\\{letter}" for letter in "#$%&_{}"},
}


def latex_text(text: str) -> str:
    r"""Escape a text for the inside of ``\mathrm{...}``; letters that LaTeX may not have are spelt out."""
    return "".join(_SPECIAL.get(letter) or _ascii(letter) for letter in text)


def _ascii(letter: str) -> str:
    if letter.isascii():
        return letter
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode("ascii")
    return plain or f"U{ord(letter):X}"


STYLES: Final = Registry(
    "style",
    Style(
        "text",
        "Plain text",
        0,
        times=" · ",
        indexed=_plain_symbol,
        barred="mean {}",
        fraction=None,
        root="√({})",
        power="{}^{}",
        brackets=("({})", "({})"),
        number="{}e{}",
        cases="{yes} {if_} {condition}, {else_} {no}",
        relations={name: name for name in ("<", ">", "≤", "≥", "=", "≠")},
    ),
    Style(
        "latex",
        "LaTeX",
        1,
        times=r" \cdot ",
        indexed=_latex_symbol,
        barred=r"\overline{{{}}}",
        fraction=r"\frac{{{}}}{{{}}}",
        root=r"\sqrt{{{}}}",
        power="{}^{{{}}}",
        brackets=("({})", r"\bigl({}\bigr)"),
        number=r"{} \cdot 10^{{{}}}",
        cases=r"\begin{{cases}} {yes} & \text{{{if_}}}\ {condition} \\ {no} & \text{{{else_}}} \end{{cases}}",
        relations={"<": "<", ">": ">", "≤": r"\le", "≥": r"\ge", "=": "=", "≠": r"\ne"},
    ),
)


def added(terms: Sequence[str], separators: Sequence[str]) -> str:
    """Add up terms, which bring their signs; before each but the first its separator."""
    head, *others = terms
    text = head
    for separator, part in zip(separators, others, strict=True):
        has_minus = part.startswith((MINUS, "-"))
        text += f"{separator}{part[0] if has_minus else '+'} {part[1:] if has_minus else part}"
    return text


def width(text: str) -> int:
    """Return how many columns a plain text takes: marks above letters take none."""
    return sum(not unicodedata.combining(letter) for letter in text)
