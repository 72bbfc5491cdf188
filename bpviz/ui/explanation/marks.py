"""How a page looks: its formulas in ink, links in accent, and marks behind what is pointed at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from bpviz.ui.explanation.boxes import TICK
from bpviz.ui.explanation.gaps import Gaps
from bpviz.ui.explanation.pages import Page, Role
from bpviz.ui.theme import Theme

REACH_PX: Final = 2.0
"""Of a mark beyond what it marks."""
_CORNER_PX: Final = 4.0


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked.

    Attributes:
        links: Leaves that can be followed.
        terms: By leaf the term that it stands in; leaves of one term are marked together.
        lit: Leaves that are pointed at elsewhere.
        pointed: The leaf under the pointer.
        focused: The leaf that the keys are at.
        gaps: Which numbers can be worked out, and are hidden.
    """

    links: Sequence[int]
    terms: Mapping[int, int]
    lit: frozenset[int]
    pointed: int | None
    focused: int | None
    gaps: Gaps = field(default_factory=Gaps)

    @property
    def at(self) -> int | None:
        """The leaf that counts: the pointer's, or else that of the keys."""
        return self.pointed if self.pointed is not None else self.focused

    def strength(self, leaf: int) -> float:
        """How strongly a leaf is marked; 0 if it is not."""
        if leaf == self.at:
            return 0.22
        term = self.terms.get(self.at) if self.at is not None else None
        return 0.12 if leaf in self.lit or (term is not None and self.terms.get(leaf) == term) else 0.0


def paint_page(painter: QPainter, page: Page, marks: Marks, theme: Theme, *, outlined: bool = False) -> None:
    """Paint a page, its letters as their outlines if it goes where there may be other fonts."""
    for leaf, rect, role in page.spots():
        _paint_behind(painter, leaf, rect, role, marks, theme)
    text, accent = theme.color("text"), theme.color("accent")
    for at in page.placed:
        painter.setPen(text)
        ink = partial(_ink, marks, theme, accent if at.role == "symbols" else text)
        at.box.draw(painter, at.x, at.y, ink, outlined=outlined)
    painter.setPen(QPen(theme.color("strong_line"), 1.0))
    for left, right, y in page.rules:
        painter.drawLine(QPointF(left, round(y) + 0.5), QPointF(right, round(y) + 0.5))


def _paint_behind(painter: QPainter, leaf: int, rect: QRectF, role: Role, marks: Marks, theme: Theme) -> None:
    box, strength = rect.adjusted(-REACH_PX, -REACH_PX, REACH_PX, REACH_PX), marks.strength(leaf)
    guess = marks.gaps.hidden.get(leaf) if role != "symbols" else None
    if guess is not None and not guess.accepted:  # an empty field
        painter.setBrush(theme.color("surface"))
        painter.setPen(QPen(theme.color("secondary"), 1.0))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), _CORNER_PX, _CORNER_PX)
    elif role != "symbols" and leaf in marks.gaps.open:
        painter.setPen(QPen(theme.color("secondary"), 1.0, Qt.PenStyle.DotLine))
        y = round(rect.bottom()) + 0.5
        painter.drawLine(QPointF(round(rect.left()) + 0.5, y), QPointF(round(rect.right()) + 0.5, y))
    if strength:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent", strength))
        painter.drawRoundedRect(box, _CORNER_PX, _CORNER_PX)
    if leaf == marks.focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("accent"), 1.5))
        painter.drawRoundedRect(box, _CORNER_PX, _CORNER_PX)


def _ink(marks: Marks, theme: Theme, link: QColor, leaf: int) -> QColor:
    if leaf == TICK:
        return theme.color("good")
    if leaf == marks.at:
        return theme.color("accent")
    return link if leaf in marks.links else theme.color("text")
