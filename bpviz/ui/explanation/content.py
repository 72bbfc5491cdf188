"""What a number's derivation says, made ready for a page: text, links, and the path of each term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from bpviz.training.explain.documents import Setting
from bpviz.training.explain.expressions import (
    Expression,
    Mean,
    Number,
    Rest,
    Sum,
    folded,
    leaves,
    parts,
)
from bpviz.training.explain.making import Derivation
from bpviz.training.explain.notation import DIALECTS, Notation
from bpviz.training.explain.styles import STYLES
from bpviz.training.explain.views import as_book
from bpviz.training.explain.writing import HIDDEN, Written, in_lines
from bpviz.training.explain.writing import write as write_derivation
from bpviz.training.passes import Pass
from bpviz.training.places import Place
from bpviz.training.quantities import QUANTITIES, Ref
from bpviz.ui.explanation.boxes import CONSTANT, Pen
from bpviz.ui.explanation.gaps import ESCAPED, RESULT, Gaps, Marked
from bpviz.ui.explanation.guessing import Mask
from bpviz.ui.explanation.moment import Moment
from bpviz.ui.explanation.options import Options
from bpviz.ui.explanation.pages import Page, Text, derivation_page, table_page
from bpviz.ui.explanation.topics import Topic

_ALL: Final = 10**9
_NO_MASK: Final = Mask()
_SETS: Final = ("latex", "text")


def _index(text: str) -> str:
    """An index as it is, whatever letters somebody gave to a node."""
    if all(letter in "0123456789,.()←+−" for letter in text):
        return text.replace("−", "-")
    return rf"\mathrm{{{''.join(ESCAPED.get(letter, letter) for letter in text)}}}"


def _symbol(base: str, lower: str, upper: str, example: str) -> str:
    bare = base.rstrip("'")
    above = r"\prime" * (len(base) - len(bare)) + _index(upper)
    above += rf"\,\langle {example}\rangle" if example else ""
    below = _index(lower)
    return f"{bare}{f'_{{{below}}}' if below else ''}{f'^{{{above}}}' if above else ''}"


_STYLE: Final = replace(STYLES["latex"], indexed=_symbol)


@dataclass(frozen=True, slots=True)
class Content:
    """A page to be, and what its leaves mean.

    Attributes:
        text: As LaTeX with leaves.
        refs: By leaf, where it leads.
        terms: By leaf the number of the term that it stands in.
        paths: By term what lights up in the picture.
        notes: Sentences.
        result: The number as plain text, with the sign before it: a long sum ends out of sight.  Empty if it
            is hidden.
        rest: How many terms are folded.
        plain: All of it as plain text.
        gaps: Which numbers can be hidden, and are.
    """

    text: Text
    refs: Mapping[int, Ref]
    terms: Mapping[int, int]
    paths: Mapping[int, tuple[Place, ...]]
    notes: tuple[str, ...]
    result: str
    rest: int
    plain: str
    gaps: Gaps = field(default_factory=Gaps)

    def page(self, pen: Pen, width: float) -> Page:
        """Set it."""
        return derivation_page(self.text, pen, width)


def notation_of(moment: Moment, options: Options) -> Notation:
    """Return what things are called in the notation that the user chose."""
    return Notation(DIALECTS[options.dialect], moment.names, moment.made.rule.optimizer, options.minus_delta)


def derive(moment: Moment, ref: Ref, options: Options, fold: int) -> Derivation:
    """Explain a number, in the way that the user chose, with so many terms of a long sum."""
    return as_book(moment.made, notation_of(moment, options), ref, fold)


def content_of(moment: Moment, ref: Ref, options: Options, fold: int, mask: Mask = _NO_MASK) -> Content:
    """Explain a number, and write it, with so many terms of a long sum."""
    found = derive(moment, ref, options, fold)
    notation = notation_of(moment, options)
    numbered = _numbered(folded(found.expression, fold))
    shown = replace(found, expression=numbered.expression)
    digits, made = options.digits, moment.made
    marked = _marked(made, mask, digits)
    refs: dict[int, Ref] = {}

    def leaf(at: Number, text: str) -> str:
        number = numbered.numbers.get(id(at), CONSTANT)
        if at.ref is None or number == CONSTANT:
            return rf"\leaf{{{number}}}{{{text}}}"
        refs[number] = at.ref
        return marked.leaf(number, at.ref, at.value, text)

    covered = partial(mask.covers, made)
    written = write_derivation(shown, notation, _STYLE, digits, _ALL, leaf, covered)
    plain = write_derivation(shown, notation, STYLES["text"], digits, _ALL, hidden=covered)
    sign, result = in_lines(written)[-1]
    return Content(
        Text(written.symbol, written.lines, sign, marked.leaf(RESULT, ref, found.value, result)),
        refs,
        numbered.terms,
        numbered.paths,
        tuple(Setting(made, notation, digits, fold).sentences(written)),
        "" if covered(ref) else " ".join(in_lines(plain)[-1]),
        _left_out(numbered.expression),
        plain_text(plain),
        marked.gaps({**refs, RESULT: ref}),
    )


def _marked(made: Pass, mask: Mask, digits: int) -> Marked:
    return Marked(made, mask, lambda value: STYLES["latex"].digits(value, digits), f"0.{'0' * digits}")


def plain_text(written: Written) -> str:
    """One line after the other."""
    first, *others = in_lines(written)
    return "\n".join([f"{written.symbol} {' '.join(first)}", *(" ".join(line) for line in others)])


@dataclass(frozen=True, slots=True)
class _Numbered:
    expression: Expression
    numbers: Mapping[int, int]
    terms: Mapping[int, int]
    paths: Mapping[int, tuple[Place, ...]]


def _numbered(expression: Expression) -> _Numbered:
    """Number the leaves that are quantities, and find the term of the widest sum that each stands in."""
    numbers: dict[int, int] = {}
    terms: dict[int, int] = {}
    paths: dict[int, tuple[Place, ...]] = {}
    by_ref: dict[Ref, int] = {}
    for at, term in enumerate(_terms(expression)):
        found = [leaf for leaf in leaves(term) if leaf.ref is not None]
        paths[at] = tuple(leaf.ref.place for leaf in found if leaf.ref is not None)
        for leaf in found:
            assert leaf.ref is not None
            # What stands twice in a formula is one link.
            number = by_ref.setdefault(leaf.ref, len(by_ref))
            numbers[id(leaf)] = number
            terms.setdefault(number, at)
    return _Numbered(expression, numbers, terms, paths)


def _terms(expression: Expression) -> Sequence[Expression]:
    """The terms of the outermost sum and, each by itself, the factors around it."""
    if isinstance(expression, Sum | Mean) and len(expression.terms) > 1:
        return expression.terms
    if isinstance(expression, Number):
        return [expression]
    return [term for part in parts(expression) for term in _terms(part)]


def _left_out(expression: Expression) -> int:
    """How many terms are not written out."""
    own = expression.count if isinstance(expression, Rest) else 0
    return own + sum(_left_out(part) for part in parts(expression))


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers of several nodes.

    Attributes:
        head: Of the columns, as LaTeX.
        rows: Likewise.
        refs: By leaf, where it leads.
        more: Nodes that are not shown.
        plain: All of it as plain text.
        gaps: Which numbers can be hidden, and are.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    refs: Mapping[int, Ref]
    more: int
    plain: str
    gaps: Gaps = field(default_factory=Gaps)

    def page(self, pen: Pen, width: float) -> Page:
        """Set it."""
        return table_page(self.head, self.rows, pen, width)


def table_of(
    moment: Moment, topic: Topic, example: int | None, options: Options, most: int, mask: Mask = _NO_MASK
) -> Table:
    """List the numbers of the first so many nodes; what is not known yet is empty."""
    shown, columns = topic.nodes[:most], topic.columns
    marked = _marked(moment.made, mask, options.digits)
    refs: dict[int, Ref] = {}
    rows, plain = [], [" ".join(["", *(QUANTITIES[key].symbol for key in columns)])]
    for node in shown:
        cells = [_index(moment.names.short(node))]
        texts = [moment.names.short(node)]
        for key in columns:
            text = _value(moment, moment.ref(key, node, example), options, refs, marked)
            cells.append(text[0])
            texts.append(text[1])
        rows.append(tuple(cells))
        plain.append(" ".join(texts))
    head = ("", *(rf"\text{{{QUANTITIES[key].symbol}}}" for key in columns))
    more = len(topic.nodes) - len(shown)
    return Table(head, tuple(rows), refs, more, "\n".join(plain), marked.gaps(refs))


def _value(
    moment: Moment, ref: Ref | None, options: Options, refs: dict[int, Ref], marked: Marked
) -> tuple[str, str]:
    if ref is None or not moment.knows(ref):
        return "", ""
    value = QUANTITIES[ref.key].read(moment.made, ref)
    value = -value if options.minus_delta and ref.key == "delta" else value
    number = len(refs)
    refs[number] = ref
    covered = marked.mask.covers(moment.made, ref)
    shown, plain = (HIDDEN if covered else STYLES[style].digits(value, options.digits) for style in _SETS)
    return marked.leaf(number, ref, value, shown), plain
