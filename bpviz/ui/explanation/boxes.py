"""Boxes that formulas are made of: each knows its size, and where its parts stand within it.

A box has a baseline; parts stand at an offset from its left end, measured on the baseline, downwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, TypeVar

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from bpviz.ui.theme import Theme

SIZES_PX: Final = (17, 15, 13)
"""Of a formula, of what stands in a fraction, of indices."""
SMALLEST: Final = len(SIZES_PX) - 1
"""Size of indices."""
_RULE_PX: Final = 1.0
_TICK_PX: Final = 1.75
_GAP_PX: Final = 3.0
_T = TypeVar("_T")
CONSTANT: Final = -1
"""Stands for the number of a leaf that leads nowhere."""
TICK: Final = -2
"""Likewise for the sign that a number was found out, which has a color of its own."""
Ink: TypeAlias = Callable[[int], QColor]
"""In which color a leaf is drawn."""
_MOST_KEPT: Final = 4000  # texts and formulas; measuring them is what takes longest
_INSIDE_PX: Final = 4.0  # of a field, before what is typed
_LEAST_PX: Final = 56.0  # a field that somebody can type six digits into
_STRETCH_FROM: Final = 1.5  # of a bracket's own height


@dataclass(slots=True)
class Box:
    """A piece of a formula.

    Attributes:
        width: Pixels.
        ascent: Above the baseline.
        descent: Below it.
        text: What is written, in `font`.
        font: For the text.
        parts: (right, down, box) of what stands in it.
        strokes: Lines to draw, from the box's own origin.
        leaf: Number of the leaf that it shows; None for anything else.
    """

    width: float
    ascent: float
    descent: float
    text: str = ""
    font: QFont | None = None
    parts: tuple[tuple[float, float, Box], ...] = ()
    strokes: tuple[QPainterPath, ...] = ()
    leaf: int | None = None

    def draw(self, painter: QPainter, x: float, y: float, ink: Ink, *, outlined: bool = False) -> None:
        """Draw it, its baseline beginning at a place; its letters perhaps as their outlines."""
        if self.leaf is not None:
            kept = painter.pen()
            painter.setPen(ink(self.leaf))
            self._draw(painter, x, y, ink, outlined)
            painter.setPen(kept)
        else:
            self._draw(painter, x, y, ink, outlined)

    def _draw(self, painter: QPainter, x: float, y: float, ink: Ink, outlined: bool) -> None:
        if self.font is not None:
            self._write(painter, QPointF(x, y), self.font, outlined)
        if self.strokes:
            kept = painter.pen()
            painter.setPen(QPen(kept.color(), _TICK_PX if self.leaf == TICK else _RULE_PX))
            for stroke in self.strokes:
                painter.drawPath(stroke.translated(x, y))
            painter.setPen(kept)
        for right, down, part in self.parts:
            part.draw(painter, x + right, y + down, ink, outlined=outlined)

    def _write(self, painter: QPainter, place: QPointF, font: QFont, outlined: bool) -> None:
        if outlined:
            letters = QPainterPath()
            letters.addText(place, font, self.text)
            painter.fillPath(letters, painter.pen().color())
        else:
            painter.setFont(font)
            painter.drawText(place, self.text)

    def leaves(self, x: float, y: float) -> Iterator[tuple[int, QRectF]]:
        """List the leaves in it and where they are."""
        if self.leaf is not None:
            yield self.leaf, QRectF(x, y - self.ascent, self.width, self.ascent + self.descent)
            return
        for right, down, part in self.parts:
            yield from part.leaves(x + right, y + down)

    @property
    def has_leaf(self) -> bool:
        """Whether it shows a leaf, or holds something that does."""
        return self.leaf is not None or any(part.has_leaf for _, _, part in self.parts)


@dataclass(slots=True, eq=False)
class Pen:
    """Writes in the fonts of a theme at one of the sizes.

    Attributes:
        theme: Whose fonts.
        size: Index into SIZES_PX.
    """

    theme: Theme
    size: int = 0
    _fonts: dict[tuple[int, bool], tuple[QFont, QFontMetricsF]] = field(default_factory=dict)
    _written: dict[tuple[int, bool, str], Box] = field(default_factory=dict)
    _read: dict[tuple[int, str], Any] = field(default_factory=dict)

    def at(self, size: int) -> Pen:
        """Return a pen of another size."""
        return Pen(self.theme, min(size, SMALLEST), self._fonts, self._written, self._read)

    def kept(self, latex: str, make: Callable[[], _T]) -> _T:
        """Return what was made of a formula in this size; who walks sees most of them again and again."""
        key = self.size, latex
        if key not in self._read:
            if len(self._read) > _MOST_KEPT:
                self._read.clear()
            self._read[key] = make()
        found: _T = self._read[key]
        return found

    @property
    def smaller(self) -> Pen:
        """A pen for indices."""
        return self.at(SMALLEST)

    def metrics(self, *, italic: bool = False) -> QFontMetricsF:
        """Measures of its font."""
        return self._font(italic)[1]

    def write(self, text: str, *, italic: bool = False) -> Box:
        """Make a box of a text."""
        key = self.size, italic, text
        if key not in self._written:
            if len(self._written) > _MOST_KEPT:
                self._written.clear()
            self._written[key] = self._write(text, italic=italic)
        return self._written[key]

    def _write(self, text: str, *, italic: bool) -> Box:
        font, metrics = self._font(italic)
        slant = metrics.height() * 0.06 if italic else 0.0  # what a slanted letter leans over its own width
        return Box(metrics.horizontalAdvance(text) + slant, metrics.ascent(), metrics.descent(), text, font)

    def space(self, px: float) -> Box:
        """Make an empty box."""
        return Box(self.theme.scaled(px * 100) / 100, 0.0, 0.0)

    @property
    def axis(self) -> float:
        """Height of the middle of operators and fractions above the baseline."""
        return self.metrics().xHeight() * 0.55

    def _font(self, italic: bool) -> tuple[QFont, QFontMetricsF]:
        key = self.size, italic
        if key not in self._fonts:
            font = self.theme.font("body")
            font.setPixelSize(self.theme.scaled(SIZES_PX[self.size]))
            font.setItalic(italic)
            self._fonts[key] = font, QFontMetricsF(font)
        return self._fonts[key]


def row(boxes: Sequence[Box]) -> Box:
    """Put boxes side by side."""
    if len(boxes) == 1:
        return boxes[0]
    parts, x, ascent, descent = [], 0.0, 0.0, 0.0
    for box in boxes:
        parts.append((x, 0.0, box))
        x += box.width
        ascent, descent = max(ascent, box.ascent), max(descent, box.descent)
    return Box(x, ascent, descent, parts=tuple(parts))


def as_leaf(number: int, body: Box) -> Box:
    """Let a box stand for a leaf."""
    return Box(body.width, body.ascent, body.descent, parts=((0.0, 0.0, body),), leaf=number)


def tick(pen: Pen) -> Box:
    """Make the sign behind a number that was found out."""
    high = pen.metrics().capHeight()
    stroke = QPainterPath(QPointF(3.0, -high * 0.45))
    stroke.lineTo(3.0 + high * 0.3, -high * 0.1)
    stroke.lineTo(3.0 + high * 0.85, -high * 0.9)
    return Box(4.0 + high * 0.85, high, 0.0, strokes=(stroke,), leaf=TICK)


def blank(pen: Pen, real: Box, typed: Box | None) -> Box:
    """Make an empty field in place of a number, with what was typed in it.

    It is as wide as the number will be with its sign when it is found out, so that nothing moves then.
    """
    inside = () if typed is None else ((_INSIDE_PX, 0.0, typed),)
    least = max(pen.space(_LEAST_PX).width, (0.0 if typed is None else typed.width) + 2 * _INSIDE_PX)
    return Box(
        max(real.width + tick(pen).width, least),
        pen.metrics().ascent(),
        pen.metrics().descent(),
        parts=inside,
    )


def widened(box: Box, width: float, *, centered: bool) -> Box:
    """Put a box into one of another width."""
    if width <= box.width:
        return box
    return Box(width, box.ascent, box.descent, parts=(((width - box.width) / 2 * centered, 0.0, box),))


def scripts(pen: Pen, base: Box, lower: Box | None, upper: Box | None) -> Box:
    """Put indices behind a box, one above the other."""
    x, parts = base.width + 1.0, [(0.0, 0.0, base)]
    ascent, descent, wide = base.ascent, base.descent, 0.0
    capital = pen.metrics().capHeight()
    if upper is not None:
        up = max(capital * 0.55, base.ascent - pen.metrics().ascent() + capital * 0.55)
        parts.append((x, -up, upper))
        ascent, wide = max(ascent, up + upper.ascent), upper.width
    if lower is not None:
        down = capital * (0.42 if upper is not None else 0.3)
        parts.append((x, down, lower))
        descent, wide = max(descent, down + lower.descent), max(wide, lower.width)
    return Box(x + wide, ascent, descent, parts=tuple(parts))


def fraction(pen: Pen, over: Box, under: Box) -> Box:
    """Put one box over another."""
    width, axis = max(over.width, under.width) + 2 * _GAP_PX, pen.axis
    rule = QPainterPath(QPointF(1.0, -axis))
    rule.lineTo(width - 1.0, -axis)
    up, down = axis + 2.0 + over.descent, -axis + 2.0 + under.ascent
    parts = (((width - over.width) / 2, -up, over), ((width - under.width) / 2, down, under))
    return Box(width, up + over.ascent, down + under.descent, parts=parts, strokes=(rule,))


def radical(body: Box) -> Box:
    """Draw a root around a box."""
    left, high = 11.0, body.ascent + 2.0
    stroke = QPainterPath(QPointF(1.0, -body.ascent * 0.3))
    for x, y in (
        (3.5, -body.ascent * 0.36),
        (7.0, body.descent),
        (left - 1, -high),
        (left + body.width, -high),
    ):
        stroke.lineTo(x, y)
    return Box(
        left + body.width + 2.0, high + 2.0, body.descent, parts=((left, 0.0, body),), strokes=(stroke,)
    )


def barred(body: Box) -> Box:
    """Draw a line over a box."""
    stroke = QPainterPath(QPointF(0.0, -body.ascent))
    stroke.lineTo(body.width, -body.ascent)
    return Box(body.width, body.ascent + 2.0, body.descent, parts=((0.0, 0.0, body),), strokes=(stroke,))


def stretched(bracket: Box, ascent: float, descent: float) -> Box:
    """Make a bracket as high as what it surrounds; one that nearly is stays a letter."""
    if ascent + descent < _STRETCH_FROM * (bracket.ascent + bracket.descent):
        return bracket
    width, top, bottom = 8.0, -ascent, descent
    near, far = (width - 2.0, 2.0) if bracket.text in "([{" else (2.0, width - 2.0)
    if bracket.text in "|‖":
        near = far = width / 2
    stroke = QPainterPath(QPointF(near, top))
    stroke.cubicTo(far, top * 0.6 + bottom * 0.4, far, top * 0.4 + bottom * 0.6, near, bottom)
    return Box(width, ascent, descent, strokes=(stroke,))


def tabled(pen: Pen, rows: Sequence[Sequence[Box]], *, brace: bool) -> Box:
    """Put rows of cells under each other, their columns in line, perhaps behind a brace."""
    columns = [max(line[at].width for line in rows if at < len(line)) for at in range(max(map(len, rows)))]
    heights = [(max(cell.ascent for cell in line), max(cell.descent for cell in line)) for line in rows]
    total = sum(up + down for up, down in heights) + _GAP_PX * (len(rows) - 1)
    top, left, between = -total / 2 - pen.axis, 12.0 * brace, 14.0 * brace
    parts, y = [], top
    for line, (up, down) in zip(rows, heights, strict=True):
        x = left
        for cell, wide in zip(line, columns, strict=False):
            parts.append((x, y + up, cell))
            x += wide + between
        y += up + down + _GAP_PX
    width = left + sum(columns) + between * (len(columns) - 1)
    strokes = (_brace(top, top + total),) if brace else ()
    return Box(width, -top, top + total, parts=tuple(parts), strokes=strokes)


def _brace(top: float, bottom: float) -> QPainterPath:
    middle = (top + bottom) / 2
    brace = QPainterPath(QPointF(8.0, top))
    brace.cubicTo(2.0, top, 7.0, middle, 2.0, middle)
    brace.cubicTo(7.0, middle, 2.0, bottom, 8.0, bottom)
    return brace
