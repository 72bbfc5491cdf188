"""A column of examples at a glance: how its values are spread, their ends and their mean."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from bpviz.data.summary import Summary
from bpviz.errors import counted, grouped
from bpviz.ui.numbers import short
from bpviz.ui.panels.form import caption
from bpviz.ui.texts import name_text
from bpviz.ui.theme import Theme

_BARS_PX: Final = QSize(148, 34)
_GAP_PX: Final = 1.0
_LEAST_PX: Final = 1.0
_WORDS: Final = 4


class ColumnSummary(QWidget):
    """A histogram, and beside it what it is of."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars = _Bars(theme)
        self.text: QLabel = caption()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._bars)
        row.addWidget(self.text, 1)

    def show_summary(self, summary: Summary) -> None:
        """Show a column."""
        self._bars.show_bars(summary.bars)
        self.text.setText(name_text(summary_text(summary)))
        self._bars.setAccessibleName(f"How the values of {summary.name} are spread")


def summary_text(summary: Summary) -> str:
    """Say what a column holds."""
    missing = f", {grouped(summary.missing)} missing" if summary.missing else ""
    if summary.words and summary.bars[0] == 1:
        return f"{summary.name}: {counted(summary.count, 'value')}, all different{missing}"
    if summary.words:
        named = ", ".join(
            f"{word} ({grouped(times)})"
            for word, times in zip(summary.words[:_WORDS], summary.bars, strict=False)
        )
        more = len(summary.words) - _WORDS + summary.others
        rest = f" and {grouped(more)} more" if more > 0 else ""
        return f"{summary.name}: {named}{rest}{missing}"
    if summary.ends is None:
        return f"{summary.name}: nothing yet{missing}"
    low, mean, high = map(short, summary.ends)
    return f"{summary.name}: {low} to {high}, mean {mean}; {counted(summary.count, 'value')}{missing}"


class _Bars(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._counts: tuple[int, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(_BARS_PX.width()), self._theme.scaled(_BARS_PX.height()))

    def show_bars(self, counts: tuple[int, ...]) -> None:
        self._counts = counts
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("hairline"))
        painter.drawRect(QRectF(0, self.height() - 1, self.width(), 1))
        painter.setBrush(self._theme.color("accent"))
        most, width = max(self._counts, default=0), self.width() / max(len(self._counts), 1)
        for at, count in enumerate(self._counts):
            if count:
                high = max((self.height() - 1) * count / most, _LEAST_PX)
                painter.drawRect(
                    QRectF(at * width, self.height() - 1 - high, max(width - _GAP_PX, 1.0), high)
                )
        painter.end()
