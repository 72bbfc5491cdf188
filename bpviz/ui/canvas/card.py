"""The card that floats over the picture: a title and numbers, or one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from bpviz.ui.canvas.overlays import draw_sheet, float_above
from bpviz.ui.listing import Group
from bpviz.ui.numbers import signed
from bpviz.ui.theme import Theme

_PAD: Final = 12
_PAD_HIGH: Final = 8
_LINE: Final = 18
_BESIDE: Final = 18  # from the pointer to a sentence
_WIDTH: Final = 320
_UNTIL_EDGE: Final = 4
_DECIMALS: Final = 6


class Card(QWidget):
    """A title of one or two lines over rows of numbers, or one sentence."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._above = parent
        self._titles: list[str] = []
        self._rows: list[tuple[str, str]] = []
        self._sentence = ""
        float_above(self)
        self.hide()

    @property
    def room(self) -> QRect:
        """Where it may stand."""
        return self._above.rect().adjusted(_UNTIL_EDGE, _UNTIL_EDGE, -_UNTIL_EDGE, -_UNTIL_EDGE)

    @property
    def titles(self) -> Sequence[str]:
        """The lines of its title, as they are shown."""
        return self._titles

    @property
    def rows(self) -> Sequence[tuple[str, str]]:
        """What is below, line by line: captions without a number, and what has one."""
        return self._rows

    def fill(
        self, names: Sequence[str], groups: Sequence[Group], more: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Take other contents, and the size that they need; where it stands is another question.

        Args:
            names: What the numbers are of: one thing, or the two ends of a connection.
            groups: The numbers; those that are not computed yet take no room.
            more: What else stands below, as `rows`.
        """
        self._sentence = ""
        self._titles = self._lines(names)
        said = groups[0].whose if groups else ""
        rows = [row for group in groups for row in _rows(group, said)]
        above = [(groups[0].title, "")] if rows and groups[0].title else []
        self._rows = [*above, *rows, *more]
        metrics, bold = self._theme.metrics("caption"), QFontMetrics(self._bold())
        title = max(bold.horizontalAdvance(line) for line in self._titles)
        labels = max((metrics.horizontalAdvance(label) for label, _ in self._rows), default=0)
        numbers = max((metrics.horizontalAdvance(number) for _, number in self._rows), default=0)
        wide = max(title, labels + numbers + 2 * _PAD) + 2 * _PAD + 1
        lines = len(self._titles) + len(self._rows)
        self.resize(wide, self._theme.scaled(_LINE) * lines + 2 * _PAD_HIGH)
        self.update()

    def show_sentence(self, sentence: str, pointer: QPoint) -> None:
        """Show why something can't be done, beside the pointer and never under it."""
        self._titles, self._rows, self._sentence = [], [], sentence
        flags, wide = Qt.TextFlag.TextWordWrap, self._theme.scaled(_WIDTH)
        box = self._theme.metrics("body").boundingRect(QRect(0, 0, wide, 2 * wide), flags, sentence)
        self.resize(QSize(box.width() + 2 * _PAD + 2, box.height() + 2 * _PAD_HIGH))
        x, y = pointer.x() + _BESIDE, pointer.y() + _BESIDE
        if x + self.width() > self.room.right():
            x = pointer.x() - _BESIDE - self.width()
        if y + self.height() > self.room.bottom():
            y = pointer.y() - _BESIDE - self.height()
        self.show_at(QPoint(max(x, self.room.left()), max(y, self.room.top())))

    def show_at(self, place: QPoint) -> None:
        """Stand there, in front."""
        self.move(place)
        self.show()
        self.raise_()
        self.update()

    def _lines(self, names: Sequence[str]) -> list[str]:
        """Both ends of a connection in one line if that has room, else in one each; both can be read."""
        metrics, wide = QFontMetrics(self._bold()), self._theme.scaled(_WIDTH)
        lines = [" → ".join(names)]
        if metrics.horizontalAdvance(lines[0]) > wide:
            lines = [*names[:1], *(f"→ {name}" for name in names[1:])]
        return [metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, wide) for line in lines]

    def _bold(self) -> QFont:
        font = self._theme.font("caption")
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_sheet(painter, self._theme, self.size())
        inner = self.rect().adjusted(_PAD, _PAD_HIGH, -_PAD, -_PAD_HIGH)
        if self._sentence:
            painter.setPen(self._theme.color("bad"))
            painter.setFont(self._theme.font("body"))
            painter.drawText(inner, Qt.TextFlag.TextWordWrap, self._sentence)
        else:
            self._draw_facts(painter, inner)
        painter.end()

    def _draw_facts(self, painter: QPainter, inner: QRect) -> None:
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        line = QRect(inner.left(), inner.top(), inner.width(), self._theme.scaled(_LINE))
        painter.setPen(self._theme.color("text"))
        painter.setFont(self._bold())
        for title in self._titles:
            painter.drawText(line, middle, title)
            line.translate(0, line.height())
        caption = self._theme.font("caption")
        for label, number in self._rows:
            painter.setPen(self._theme.color("secondary"))
            painter.setFont(caption if number else self._bold())
            painter.drawText(line, middle, label)
            painter.setPen(self._theme.color("text"))
            painter.drawText(line, middle | right, number)
            line.translate(0, line.height())


def _rows(group: Group, said: str) -> list[tuple[str, str]]:
    """Write what is known of a group; what becomes of a number stands beside it."""
    found: list[tuple[str, str]] = []
    for line in group.lines:
        if line.value is None:
            continue
        label, number = line.label(said, symbol=False), signed(line.value, _DECIMALS)
        if line.replaces and found:
            label, old = found.pop()
            number = f"{old} → {number}"
        found.append((label, number))
    return found
