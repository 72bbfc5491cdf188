"""Pages of formulas: lines under each other, numbers under their symbols, broken where a width ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import Final, Literal, TypeAlias

from PySide6.QtCore import QRectF

from bpviz.training.explain.styles import BREAK
from bpviz.ui.explanation.boxes import SIZES_PX, Box, Pen, row, widened
from bpviz.ui.explanation.formulas import Item, boxed, grown, read

Role: TypeAlias = Literal["symbols", "numbers", "result"]
_Part: TypeAlias = tuple[float, Box, Role]
"""Of a line: x, box, role."""

_LINE_GAP: Final = 9.0
_RULE_GAP: Final = 8.0
_INDENT: Final = 14.0
_COLUMN_GAP: Final = 16.0
_CELL_GAPS: Final = (10.0, 44.0)
_EQUALS_GAP: Final = 8.0
_LEAST_ROOM: Final = 60.0
_MARGIN: Final = 3.0
"""Around the page: what is marked reaches beyond its letters."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a page is made of, as LaTeX.

    Attributes:
        symbol: What the number is called.
        lines: What it equals; each may hold BREAK.
        sign: Before the result.
        result: The number.
    """

    symbol: str
    lines: tuple[str, ...]
    sign: str
    result: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A box on the page, its baseline beginning at (x, y)."""

    x: float
    y: float
    box: Box
    role: Role


@dataclass(slots=True)
class Page:
    """Boxes in their places.

    Attributes:
        placed: The boxes.
        rules: (left, right, y) of hairlines.
        width: Pixels that it takes.
        height: Likewise.
        broken: 0 if all lines had room, more the worse they had to be broken.
    """

    placed: list[Placed] = field(default_factory=list)
    rules: list[tuple[float, float, float]] = field(default_factory=list)
    width: float = 0.0
    height: float = _MARGIN
    broken: int = 0

    def spots(self) -> Iterator[tuple[int, QRectF, Role]]:
        """List the leaves, constants too, and where they are."""
        for at in self.placed:
            yield from ((leaf, rect, at.role) for leaf, rect in at.box.leaves(at.x, at.y))

    def add(self, parts: Sequence[_Part]) -> None:
        """Append a line of boxes, each at its x."""
        ascent = max(box.ascent for _, box, _ in parts)
        baseline = self.height + ascent
        self.placed += [Placed(x, baseline, box, role) for x, box, role in parts]
        self.height = baseline + max(box.descent for _, box, _ in parts) + _LINE_GAP
        self.width = max(self.width, *(x + box.width + _MARGIN for x, box, _ in parts))

    def rule(self, left: float, right: float) -> None:
        """Append a hairline."""
        y = self.height - _LINE_GAP + _RULE_GAP
        self.rules.append((left, right, y))
        self.height = y + _RULE_GAP


def derivation_page(text: Text, pen: Pen, width: float) -> Page:
    """Set a derivation: its name, the lines that it equals, a hairline, the number.

    Where its lines are too long in the largest letters, those of the next size are tried before they are
    broken.
    """
    page = _derivation(text, pen, width)
    if not page.broken:
        return page
    smaller = _derivation(text, pen.at(1), width)
    return smaller if smaller.broken < page.broken else page


def _derivation(text: Text, pen: Pen, width: float) -> Page:
    page = Page()
    symbol, equals = boxed(read(text.symbol, pen)), pen.write("=")
    left = _MARGIN + symbol.width + _EQUALS_GAP
    body = left + equals.width + _EQUALS_GAP
    room = max(width - body - _MARGIN, _LEAST_ROOM)
    lines = [[read(part, pen) for part in line.split(BREAK)] for line in text.lines]
    head: list[_Part] = [(_MARGIN, symbol, "symbols")]
    bodies, page.broken = _bodies(lines, room, equals, body - _MARGIN)
    for begins, parts in bodies:
        if begins:
            head.append((left, equals, "symbols"))
        page.add([*head, *((body + x, box, role) for x, box, role in parts)])
        head = []
    if text.lines:
        page.rule(_MARGIN, max(width - _MARGIN, page.width))
    result: list[_Part] = [
        (left, pen.write(text.sign), "symbols"),
        (body, boxed(read(text.result, pen)), "result"),
    ]
    page.add([*head, *result])
    page.height += _MARGIN - _LINE_GAP
    return page


_Body: TypeAlias = tuple[bool, list[_Part]]
"""A line: whether an equals sign stands before it, and its parts."""


def _bodies(
    lines: Sequence[Sequence[list[Item]]], room: float, equals: Box, hang: float
) -> tuple[list[_Body], int]:
    """Arrange lines, and say how badly they had to be broken."""
    roles: list[Role] = ["symbols"] * len(lines)
    if len(lines) > 1:
        roles[-1] = "numbers"
    split = 0
    if all(len(parts) == 1 for parts in lines):
        boxes = aligned([parts[0] for parts in lines])
        if all(box.width <= room for box in boxes):
            return [(True, [(0.0, box, role)]) for box, role in zip(boxes, roles, strict=True)], 0
        lines, split = _in_terms(lines), 1
    if (
        max(map(len, lines), default=0) > 1
        and len(lines) > 1
        and len({len(parts) for parts in lines[-2:]}) == 1
    ):
        beside = _side_by_side(lines[-2], lines[-1], room, equals, hang)
        if beside:
            above = [_broken(parts, room, role) for parts, role in zip(lines[:-2], roles, strict=False)]
            return [*chain(*above), *beside], split
        below = _under_each_other(lines[-2], lines[-1], room, hang) if len(lines) == 2 else []
        if below:
            return below, 2
    broken = [_broken(parts, room, role) for parts, role in zip(lines, roles, strict=True)]
    return [*chain(*broken)], 3


def _in_terms(lines: Sequence[Sequence[list[Item]]]) -> Sequence[Sequence[list[Item]]]:
    """Split lines that are too long into terms, if all of them have as many."""
    split = [_pieces(parts[0], "sign") for parts in lines]
    return split if len({len(parts) for parts in split}) == 1 else lines


def _side_by_side(
    symbols: Sequence[list[Item]], numbers: Sequence[list[Item]], room: float, equals: Box, hang: float
) -> list[_Body]:
    """One term a line, its numbers beside its symbols; nothing if there is no room for that.

    Where it is narrow, the terms begin as far to the left as they may hang out.
    """
    terms = _Terms.of(symbols, numbers)
    begins = (_INDENT, _INDENT) if terms.headed else (0.0, 0.0)
    for left, right in (begins, (_INDENT - hang, 0.0)):
        across = max(terms.head[0].width + equals.width + _EQUALS_GAP, left + terms.width(0)) + _COLUMN_GAP
        if across + max(terms.head[1].width, right + terms.width(1)) <= room:
            return terms.placed(left, across, right, equals, own_line=terms.headed or left < 0)
    return []


@dataclass(frozen=True, slots=True)
class _Terms:
    """Terms in symbols and in numbers.

    Attributes:
        head: What stands before the first of them.
        columns: The terms.
        left_out: Which of them is what the sum leaves out, and says the same in both.
    """

    head: tuple[Box, Box]
    columns: tuple[list[Box], list[Box]]
    left_out: list[bool]

    @classmethod
    def of(cls, symbols: Sequence[list[Item]], numbers: Sequence[list[Item]]) -> _Terms:
        at = [_until_terms(lines[0]) for lines in (symbols, numbers)]
        head = boxed(symbols[0][: at[0]]), boxed(numbers[0][: at[1]])
        left = aligned([symbols[0][at[0] :], *symbols[1:]], as_terms=True)
        right = aligned([numbers[0][at[1] :], *numbers[1:]], as_terms=True)
        left_out = [not any(item.box.has_leaf for item in items) for items in numbers]
        return cls(head, (left, right), left_out)

    @property
    def headed(self) -> bool:
        return any(box.width for box in self.head)

    def width(self, column: int) -> float:
        boxes = zip(self.columns[column], self.left_out, strict=True)
        return max((box.width for box, left_out in boxes if not left_out), default=0.0)

    def placed(self, left: float, across: float, right: float, equals: Box, *, own_line: bool) -> list[_Body]:
        sign: _Part = (across - equals.width - _EQUALS_GAP, equals, "symbols")
        found: list[_Body] = []
        if own_line:
            found.append((True, [(0.0, self.head[0], "symbols"), sign, (across, self.head[1], "numbers")]))
        for one, other, left_out in zip(*self.columns, self.left_out, strict=True):
            line: list[_Part] = [(left, other, "numbers")]
            if not left_out:
                line = [(left, one, "symbols"), (across + right, other, "numbers")]
            if not found:
                line.append(sign)
            found.append((not found, line))
        return found


def _under_each_other(
    symbols: Sequence[list[Item]], numbers: Sequence[list[Item]], room: float, hang: float
) -> list[_Body]:
    """Term by term, its numbers under its symbols; nothing if there is no room even for that."""
    at = _until_terms(symbols[0]), _until_terms(numbers[0])
    heads = aligned([symbols[0][: at[0]], numbers[0][: at[1]]])
    terms = zip([symbols[0][at[0] :], *symbols[1:]], [numbers[0][at[1] :], *numbers[1:]], strict=True)
    pairs = [aligned(pair) for pair in terms]
    wide = max(box.width for pair in pairs for box in pair)
    left = _INDENT if _INDENT + wide <= room else _INDENT - hang
    if left + wide > room:
        return []
    roles: tuple[Role, Role] = "symbols", "numbers"
    found: list[_Body] = [(True, [(0.0, box, role)]) for box, role in zip(heads, roles, strict=True)]
    for pair in pairs:
        found += [(False, [(left, box, role)]) for box, role in zip(pair, roles, strict=True)]
    return found


def _until_terms(items: Sequence[Item]) -> int:
    """How many items of a first line stand before its terms: up to the bracket around all of them."""
    open_ones: list[int] = []
    for at, item in enumerate(items):
        if item.kind == "open":
            open_ones.append(at)
        elif item.kind == "close" and open_ones:
            open_ones.pop()
    return open_ones[-1] + 1 if open_ones else 0


def _broken(parts: Sequence[list[Item]], room: float, role: Role) -> Iterator[_Body]:
    first = True
    for items in parts:
        for line in _fitted(items, room - _INDENT):
            yield first, [(0.0 if first else _INDENT, boxed(line), role)]
            first = False


def _fitted(items: Sequence[Item], room: float) -> Iterator[list[Item]]:
    """Break a line where it is too long: before signs if there are any, else before factors."""
    if _width(items) <= room:
        yield [*items]
        return
    for kind in ("sign", "times"):
        pieces = _pieces(items, kind)
        if len(pieces) > 1:
            yield from (line for packed in _packed(pieces, room) for line in _once_more(packed, items, room))
            return
    yield [*items]


def _once_more(line: list[Item], whole: Sequence[Item], room: float) -> Iterator[list[Item]]:
    if len(line) < len(whole):
        yield from _fitted(line, room)
    else:
        yield line


def _pieces(items: Sequence[Item], kind: str) -> list[list[Item]]:
    """Split before items of a kind, but only where the fewest brackets are open."""
    depths, depth = [], 0
    for item in items:
        depth += (item.kind == "open") - (item.kind == "close")
        depths.append(depth)
    cuts = [at for at, item in enumerate(items) if at and item.kind == kind]
    least = min((depths[at] for at in cuts), default=0)
    pieces: list[list[Item]] = [[]]
    for at, item in enumerate(items):
        if at in cuts and depths[at] == least:
            pieces.append([])
        pieces[-1].append(item)
    return pieces


def _packed(pieces: Sequence[list[Item]], room: float) -> Iterator[list[Item]]:
    """Put as many pieces into each line as fit."""
    line: list[Item] = []
    for piece in pieces:
        if line and _width(line) + _width(piece) > room:
            yield line
            line = []
        line = [*line, *piece]
    yield line


def _width(items: Iterable[Item]) -> float:
    return sum(item.box.width for item in items)


def aligned(lines: Sequence[Sequence[Item]], *, as_terms: bool = False) -> list[Box]:
    """Put lines into boxes, leaves under each other where the lines have as many of them.

    Args:
        lines: The lines.
        as_terms: Align them also where some have fewer, and so that decimal points stand under each other.
    """
    split = [_cells(grown(items)) for items in lines]
    if not as_terms and len({len(cells) for cells in split}) != 1:
        return [boxed(items) for items in lines]
    if as_terms:
        split = [cells if len(cells) > 1 else [] for cells in split]
    wide = [max(box.width for box in column) for column in zip_longest(*split, fillvalue=_NOTHING)]
    return [
        row([widened(box, wide[at], centered=not as_terms) for at, box in enumerate(cells)])
        if cells
        else boxed(items)
        for cells, items in zip(split, lines, strict=True)
    ]


def _cells(items: Iterable[Item]) -> list[Box]:
    """What stands between leaves and leaves, by turns."""
    between: list[Box] = []
    found: list[Box] = []
    for item in items:
        if item.box.has_leaf:
            found += [row(between) if between else _NOTHING, item.box]
            between = []
        else:
            between.append(item.box)
    return [*found, row(between) if between else _NOTHING]


_NOTHING: Final = Box(0.0, 0.0, 0.0)


def table_page(head: Sequence[str], rows: Sequence[Sequence[str]], pen: Pen, width: float) -> Page:
    """Set a table of formulas: the first column at the left, the others at the right of their columns.

    It takes smaller letters where it is too wide.
    """
    page = Page()
    for size in range(len(SIZES_PX)):
        table = [[boxed(read(cell, pen.at(size))) for cell in line] for line in (head, *rows)]
        wide = [max(box.width for box in column) for column in zip(*table, strict=True)]
        free = width - 2 * _MARGIN - sum(wide)
        if free >= _CELL_GAPS[0] * (len(wide) - 1):
            break
    gap = min(max(free / max(len(wide) - 1, 1), _CELL_GAPS[0]), _CELL_GAPS[1])
    for at, line in enumerate(table):
        x, parts = _MARGIN, list[_Part]()
        for column, (box, room) in enumerate(zip(line, wide, strict=True)):
            role: Role = "symbols" if at == 0 or column == 0 else "numbers"
            parts.append((x if column == 0 else x + room - box.width, box, role))
            x += room + gap
        page.add(parts)
        if at == 0:
            page.rule(_MARGIN, x - gap)
    page.height += _MARGIN - _LINE_GAP
    return page
