"""Paints a page of formulas and knows what stands where in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from bpviz.ui.explanation.boxes import Pen
from bpviz.ui.explanation.gaps import Gaps
from bpviz.ui.explanation.marks import REACH_PX, Marks, paint_page
from bpviz.ui.explanation.pages import Page
from bpviz.ui.theme import Theme

_EMPTY: Final = Page()
_NO_GAPS: Final = Gaps()


class PageView(QWidget):
    """Shows a page, and what of it is pointed at.

    Signals:
        shown: Another page, or the same one arranged anew.
        pointed: (int, as an object), the leaf under the pointer or in focus; None when there is none.

    Attributes:
        gaps: Which numbers can be worked out, and are hidden.
    """

    shown = Signal()
    pointed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._make: Callable[[Pen, float], Page] | None = None
        self._page = _EMPTY
        self._made: tuple[object, int, Pen] | None = None
        self._terms: Mapping[int, int] = {}
        self._links: list[int] = []
        self._stops: list[int] = []
        self.gaps = Gaps()
        self._pointed: int | None = None
        self._focused: int | None = None
        self._lit: frozenset[int] = frozenset()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Formula")
        self._pen = Pen(theme)
        theme.changed.connect(self._on_theme)

    @property
    def page(self) -> Page:
        """What is shown."""
        return self._page

    @property
    def links(self) -> list[int]:
        """Leaves that can be followed, in reading order."""
        return self._links

    @property
    def stops(self) -> list[int]:
        """What the keys can be led to, likewise: links, and numbers that can be worked out."""
        return self._stops

    @property
    def lit(self) -> frozenset[int]:
        """Leaves that are pointed at elsewhere."""
        return self._lit

    @property
    def focused(self) -> int | None:
        """The link that Return follows."""
        return self._focused

    def show_page(
        self,
        make: Callable[[Pen, float], Page],
        links: frozenset[int],
        terms: Mapping[int, int],
        text: str,
        gaps: Gaps = _NO_GAPS,
        *,
        anew: bool,
    ) -> None:
        """Show another page.

        Args:
            make: From a pen and a width to the page.
            links: Which leaves can be followed.
            terms: By leaf the term that it stands in; leaves of one term are marked together.
            text: The same as plain text, for assistive technology.
            gaps: Which numbers can be worked out, and are hidden.
            anew: Whether it explains something else than the page before.
        """
        self._make, self._terms, self.gaps = make, terms, gaps
        self._allowed = links
        self.setAccessibleDescription(text)
        led, pointed = self._focused, self._pointed
        self._arrange()
        if anew:  # who goes on by keys finds the first link ready
            self._lit, pointed = frozenset(), None
            led = self._links[0] if led is not None and self._links else None
        self._pointed, self._focused = (at if at in self._stops else None for at in (pointed, led))
        self._tell()
        self.shown.emit()

    def light(self, leaves: frozenset[int]) -> None:
        """Mark leaves that are pointed at elsewhere."""
        if leaves != self._lit:
            self._lit = leaves
            self.update()

    def rect_of(self, leaf: int) -> QRectF:
        """Where a leaf is shown last, where its number stands."""
        return [rect for number, rect, _ in self._page.spots() if number == leaf][-1]

    def field_of(self, leaf: int) -> QRectF | None:
        """Where the field of a hidden number is first; None if none is shown."""
        fields = (rect for number, rect, role in self._page.spots() if number == leaf and role != "symbols")
        return next(fields, None)

    def leaf_at(self, place: QPointF) -> tuple[int | None, bool]:
        """Return what can be chosen at a place, and whether it is a number there, not a symbol."""
        reach = REACH_PX + 1.0
        for leaf, rect, role in self._page.spots():
            if leaf in self._stops and rect.adjusted(-reach, -reach, reach, reach).contains(place):
                return leaf, role != "symbols"
        return None, False

    def focus_on(self, leaf: int | None) -> None:
        """Lead the keys to a number."""
        if leaf != self._focused:
            self._focused = leaf
            self._tell()

    def sizeHint(self) -> QSize:
        return QSize(self.width(), round(self._page.height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the page anew, unless it is the page itself that asked for this width."""
        super().resizeEvent(event)
        width = event.size().width()
        if width not in (event.oldSize().width(), self.minimumWidth()):
            self._arrange()
            self.shown.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self.leaf_at(event.position())[0])

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self._focused if self.hasFocus() else None
        marks = Marks(self._links, self._terms, self._lit, self._pointed, focused, self.gaps)
        paint_page(painter, self._page, marks, self._theme)
        painter.end()

    def _on_theme(self) -> None:
        self._pen = Pen(self._theme)
        self._arrange()
        self.shown.emit()

    def _arrange(self) -> None:
        if self._make is None:
            return
        made = (self._make, self.width(), self._pen)
        if made != self._made:  # it may only have been out of sight
            self._made = made
            self._page = self._make(self._pen, float(self.width()))
        seen = dict.fromkeys(leaf for leaf, _, _ in self._page.spots())
        self._links = [leaf for leaf in seen if leaf in self._allowed]
        self._stops = [leaf for leaf in seen if leaf in self._allowed or leaf in self.gaps.open]
        self.setFixedHeight(max(round(self._page.height), 1))
        self.setMinimumWidth(round(self._page.width) if self._page.width > self.width() else 0)
        self.update()

    def _point(self, leaf: int | None) -> None:
        if leaf != self._pointed:
            self._pointed = leaf
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if leaf is not None else Qt.CursorShape.ArrowCursor
            )
            self._tell()

    def _tell(self) -> None:
        self.update()
        self.pointed.emit(self._pointed if self._pointed is not None else self._focused)
