"""The scale beside a heatmap or map: colors, numbers at its ends and middle, and a lock."""

from __future__ import annotations

import logging
import math
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from bpviz.training.marks import Scale
from bpviz.ui.numbers import MINUS, apart, short
from bpviz.ui.plots.colors import color_table
from bpviz.ui.plots.scales import power_of_ten
from bpviz.ui.texts import tip_text
from bpviz.ui.theme import Theme

_WIDTH_PX: Final = 64
_BAR_PX: Final = 8
_MARGIN_PX: Final = 10
_ROOMY_PX: Final = 130
_LOG: Final = logging.getLogger(__name__)


class ColorBar(QWidget):
    """Shows one `Scale`.

    Signals:
        lock_toggled: (bool), the user wants the scale to stay as it is.
    """

    lock_toggled = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.scale: Scale | None = None
        self._failed = False
        theme.size(self, _WIDTH_PX)
        self._lock = QToolButton(self)
        self._lock.setCheckable(True)
        self._lock.setProperty("look", "quiet")
        theme.size(self._lock, 22, 22, icon=14)
        self._lock.setToolTip("Keep this scale while the values change")
        self._lock.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lock.toggled.connect(self.lock_toggled)
        self._lock.toggled.connect(self._dress)
        theme.changed.connect(self._dress)
        self._dress()

    def show_scale(self, scale: Scale) -> None:
        """Show another scale."""
        if scale != self.scale:
            self.scale = scale
            self.setToolTip(tip_text(scale.label))
            self.update()

    def set_lockable(self, *, lockable: bool) -> None:
        """Offer the lock, or hide it."""
        self._lock.setVisible(lockable)

    def set_locked(self, *, locked: bool) -> None:
        """Close or open the lock."""
        self._lock.setChecked(locked)

    @Slot()
    def _dress(self) -> None:
        self._lock.setIcon(self._theme.icon("lock" if self._lock.isChecked() else "unlock", "secondary"))
        self._place_lock()
        self.update()

    def resizeEvent(self, event: object) -> None:
        self._place_lock()

    def _place_lock(self) -> None:
        self._lock.move(0, self.height() - self._lock.height() - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        # An exception that leaves here could end the process: say it once and draw nothing.
        if self.scale is None or self._failed:
            return
        painter = QPainter(self)
        try:
            self._paint(painter, self.scale)
        except (ValueError, OverflowError, TypeError, IndexError):
            self._failed = True
            _LOG.exception("the color bar could not be drawn")
        finally:
            painter.end()

    def _paint(self, painter: QPainter, scale: Scale) -> None:
        painter.fillRect(self.rect(), self._theme.color("surface"))
        bottom = self.height() - _MARGIN_PX - (self._lock.height() if self._lock.isVisible() else 0)
        bar = QRectF(2, _MARGIN_PX, _BAR_PX, max(bottom - _MARGIN_PX, 1))
        table = np.ascontiguousarray(color_table(self._theme, scale)[::-1].reshape(256, 1, 4))
        image = QImage(table.data, 1, 256, 4, QImage.Format.Format_RGBA8888)
        painter.drawImage(bar, image)
        painter.setFont(self._theme.font("caption"))
        painter.setPen(self._theme.color("secondary"))
        half = painter.fontMetrics().height() / 2
        low = -1.0 if scale.kind == "diverging" else 0.0
        for place, text in scale_ticks(scale, roomy=bar.height() >= _ROOMY_PX):
            y = bar.bottom() - (place - low) / (1.0 - low) * bar.height()
            painter.drawText(QPointF(bar.right() + 4, y + half / 2), text)


def _end(value: float) -> str:
    """Write the end of a scale; the very large and small as a power of ten, for which there is room."""
    text = short(value, 2)
    if "e" not in text:
        return text
    mantissa, decade = f"{abs(value):.0e}".split("e")
    power = power_of_ten(int(decade))
    return (MINUS if value < 0 else "") + (power if mantissa == "1" else f"{mantissa}·{power}")


def scale_ticks(scale: Scale, *, roomy: bool) -> list[tuple[float, str]]:
    """Places of a scale with their numbers: both ends and the middle, and one between where there is room.

    On a logarithmic scale the one between is the power of ten nearest to half way.
    """
    signs = (1.0, -1.0) if scale.kind == "diverging" else (1.0,)
    ticks = [(0.0, short(scale.center, 2))]
    for sign in signs:
        ticks.append((sign, _end(scale.value(sign))))
        if not roomy:
            continue
        if scale.floor is None:
            ticks.append((sign / 2, short(scale.value(sign / 2), 2)))
        else:
            decade = round(math.log10(scale.value(0.5) - scale.center))
            place = float(scale.place(np.array([scale.center + 10.0**decade]))[0])
            ticks.append((sign * place, ("" if sign > 0 else MINUS) + power_of_ten(decade)))
    if scale.center:  # far from 0 they may agree in their first digits
        texts = apart([scale.value(place) for place, _ in ticks], 2)
        ticks = [(place, text) for (place, _), text in zip(ticks, texts, strict=True)]
    return ticks
