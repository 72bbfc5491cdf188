"""Derivations as documents: plain text, Markdown, LaTeX that compiles by itself, JSON.

To add a format, add an entry to `FORMATS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from bpviz.registry import Registry
from bpviz.training.explain.expressions import Apply, Case, Expression, Mean, Number, Rest, evaluate, parts
from bpviz.training.explain.making import Derivation
from bpviz.training.explain.notation import Notation
from bpviz.training.explain.order import Section
from bpviz.training.explain.styles import BREAK, STYLES, Style, latex_text, width
from bpviz.training.explain.views import as_book
from bpviz.training.explain.words import sentence
from bpviz.training.explain.writing import DIGITS, FOLD, Hidden, Written, in_lines, write
from bpviz.training.passes import Pass
from bpviz.training.quantities import QUANTITIES, known_from


@dataclass(frozen=True, slots=True)
class Setting:
    """What a document is made of.

    Attributes:
        made: The step.
        notation: What things are called.
        digits: Significant digits of each number.
        fold: So many terms of a long sum are written out.
        hidden: Which numbers are not to be seen.
    """

    made: Pass
    notation: Notation
    digits: int = DIGITS
    fold: int = FOLD
    hidden: Hidden | None = None

    def derive(self, section: Section) -> Iterator[Derivation]:
        """Explain each number of a section, in the sign convention that is asked for."""
        for ref in section.refs:
            yield as_book(self.made, self.notation, ref)

    def write(self, found: Derivation, style: Style) -> Written:
        return write(found, self.notation, style, self.digits, self.fold, hidden=self.hidden)

    def sentences(self, written: Written) -> list[str]:
        """The notes in words."""
        digits = max(self.digits, DIGITS)
        return [
            sentence(note, self.notation.names, lambda value: STYLES["text"].digits(value, digits))
            for note in written.notes
        ]

    def heading(self, found: Derivation) -> str:
        """What a number is called in words, and how people refer to it."""
        return f"{self.notation.names.ref(found.ref)} ({QUANTITIES[found.ref.key].label})"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document.

    Attributes:
        name: Key on the command line.
        label: In words.
        lines: From a title, what to write and its sections to lines.
    """

    name: str
    label: str
    lines: Callable[[str, Setting, Iterable[Section]], Iterator[str]]


def _text(title: str, setting: Setting, sections: Iterable[Section]) -> Iterator[str]:
    yield title
    for section in sections:
        if section.title:
            yield f"\n{section.title}\n{'-' * len(section.title)}"
        for found in setting.derive(section):
            written = setting.write(found, STYLES["text"])
            yield f"\n{setting.heading(found)}"
            indent = " " * (width(written.symbol) + 2)
            for at, (sign, line) in enumerate(in_lines(written)):
                head = f"  {written.symbol}" if at == 0 else indent
                yield f"{head} {sign} {line.replace(BREAK, f'{BREAK}{indent}   ')}"
            yield from (f"  {text}" for text in setting.sentences(written))


def equations(written: Written, environment: str) -> Iterator[str]:
    """Write a derivation in LaTeX, as one of amsmath's environments such as ``align*``."""
    yield rf"\begin{{{environment}}}"
    rows = []
    for at, (sign, line) in enumerate(in_lines(written)):
        relation = "=" if sign == "=" else r"\approx"
        broken = line.replace(BREAK, rf" \\{BREAK}&\qquad ")
        rows.append(f"{written.symbol if at == 0 else ''} &{relation} {broken}")
    yield " \\\\\n".join(rows)
    yield rf"\end{{{environment}}}"


def _markdown(title: str, setting: Setting, sections: Iterable[Section]) -> Iterator[str]:
    yield f"# {_markdown_text(title)}"
    for section in sections:
        if section.title:
            yield f"\n## {_markdown_text(section.title)}"
        for found in setting.derive(section):
            written = setting.write(found, STYLES["latex"])
            yield f"\n### {_markdown_text(setting.heading(found))}\n"
            yield "$$"
            yield from equations(written, "aligned")
            yield "$$"
            notes = setting.sentences(written)
            if notes:
                yield ""
            yield from (f"- {_markdown_text(text)}" for text in notes)


def _markdown_text(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|$" else letter for letter in text)


_PREAMBLE: Final = r"""\documentclass{article}
\usepackage{amsmath}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\begin{document}"""


def _latex(title: str, setting: Setting, sections: Iterable[Section]) -> Iterator[str]:
    yield _PREAMBLE
    yield rf"\section*{{{_prose(title)}}}"
    for section in sections:
        if section.title:
            yield f"\n\\subsection*{{{_prose(section.title)}}}"
        for found in setting.derive(section):
            written = setting.write(found, STYLES["latex"])
            yield f"\n\\medskip\\textbf{{{_prose(setting.heading(found))}}}"
            yield from equations(written, "align*")
            yield from (f"{_prose(text)}\n" for text in setting.sentences(written))
    yield r"\end{document}"


_IN_PROSE: Final = {
    **{letter: f"${name}$" for letter, name in zip("<>|", ("<", ">", "|"), strict=True)},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "→": r"$\to$",
    "←": r"$\leftarrow$",
    "−": "$-$",
    "·": r"$\cdot$",
    "≤": r"$\le$",
    "Σ": r"$\Sigma$",
    "½": "$1/2$",
    "λ": r"$\lambda$",
    "η": r"$\eta$",
    "μ": r"$\mu$",
    "ρ": r"$\rho$",
    "δ": r"$\delta$",
    "Δ": r"$\Delta$",
    "β": r"$\beta$",
    "ε": r"$\varepsilon$",
    "σ": r"$\sigma$",
    "Φ": r"$\Phi$",
    "φ": r"$\varphi$",
    "√": r"$\surd$",
    "∂": r"$\partial$",
    "²": "$^2$",
    "³": "$^3$",
    "₁": "$_1$",
    "₂": "$_2$",
    "⁻": "$^-$",
    "⁺": "$^+$",
    "ŝ": r"$\hat s$",
    "\u0302": "",
    "\u202f": r"\,",
}


def _prose(text: str) -> str:
    """Write a sentence as LaTeX, whatever stands in it."""
    return "".join(_IN_PROSE.get(letter) or latex_text(letter) for letter in text)


# ---- JSON


def _json(title: str, setting: Setting, sections: Iterable[Section]) -> Iterator[str]:
    document = {
        "title": title,
        "notation": setting.notation.dialect.name,
        "minus_delta": setting.notation.minus_delta,
        "digits": setting.digits,
        "examples": list(setting.notation.names.examples),
        "quantities": [
            _entry(setting, section, found) for section in sections for found in setting.derive(section)
        ],
    }
    yield json.dumps(document, indent=1, ensure_ascii=False)


def _entry(setting: Setting, section: Section, found: Derivation) -> dict[str, Any]:
    """All of a derivation, also what the other formats fold."""
    text, latex = setting.write(found, STYLES["text"]), setting.write(found, STYLES["latex"])
    example = found.ref.example
    return {
        "ref": setting.notation.names.ref(found.ref),
        "quantity": found.ref.key,
        "label": QUANTITIES[found.ref.key].label,
        "section": section.title,
        "example": None if example is None else setting.notation.names.examples[example],
        "known_from_phase": known_from(setting.made.plan, found.ref),
        "value": found.value,
        "symbol": text.symbol,
        "text": [f"{sign} {line}" for sign, line in in_lines(text)],
        "latex_symbol": latex.symbol,
        "latex": [line for _, line in in_lines(latex)],
        "expression": _tree(setting, found.expression),
        "notes": [
            {"key": note.key, "text": words}
            for note, words in zip(text.notes, setting.sentences(text), strict=True)
        ],
    }


def _tree(setting: Setting, at: Expression) -> dict[str, Any]:
    """An expression as it stands, with what each part comes to."""
    tree: dict[str, Any] = {"kind": type(at).__name__.lower(), "value": evaluate(at)}
    if isinstance(at, Number):
        if at.ref is not None:
            tree["ref"] = setting.notation.names.ref(at.ref)
        if at.symbol:
            tree["symbol"] = at.symbol
        return tree
    if isinstance(at, Apply):
        tree["function"] = at.function
    if isinstance(at, Case):
        tree |= {"relation": at.relation, "holds": at.holds}
    if isinstance(at, Mean | Rest):
        tree["count"] = at.count
    return tree | {"parts": [_tree(setting, part) for part in parts(at)]}


FORMATS: Final = Registry(
    "format",
    Format("text", "Plain text", _text),
    Format("markdown", "Markdown", _markdown),
    Format("latex", "LaTeX", _latex),
    Format("json", "JSON", _json),
)
