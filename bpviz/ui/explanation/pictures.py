"""Formulas as pictures: black on white whatever the window's colors, for sheets and slides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from bpviz.ui.explanation.boxes import Pen
from bpviz.ui.explanation.gaps import Gaps
from bpviz.ui.explanation.marks import Marks, paint_page
from bpviz.ui.explanation.pages import Page
from bpviz.ui.theme import Theme

MakePage: TypeAlias = Callable[[Pen, float], Page]

_WIDE_PX: Final = 720.0  # room for a formula; a picture is as wide as it needs
_EDGE_PX: Final = 12
_SCALE: Final = 3  # of pixels, so that it prints well
_SVG: Final = "image/svg+xml"


def pictures(make: MakePage, gaps: Gaps) -> Mapping[str, bytes]:
    """Draw a page; what is hidden is an empty field, so that it can be handed out.

    Returns:
        By suffix of a file what belongs into it.
    """
    theme = Theme("light")
    page = make(Pen(theme), _WIDE_PX)
    return {".png": _png(_image(page, gaps, theme)), ".svg": _svg(page, gaps, theme)}


def to_copy(drawn: Mapping[str, bytes]) -> QMimeData:
    """Return a picture for the clipboard: as pixels and, for those who can read it, as lines."""
    data = QMimeData()
    data.setImageData(QImage.fromData(drawn[".png"]))
    data.setData(_SVG, QByteArray(drawn[".svg"]))
    return data


def _size(page: Page) -> QSize:
    right = max(at.x + at.box.width for at in page.placed)
    return QSize(round(right) + 2 * _EDGE_PX, round(page.height) + 2 * _EDGE_PX)


def _image(page: Page, gaps: Gaps, theme: Theme) -> QImage:
    size = _size(page)
    image = QImage(size * _SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SCALE)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint(painter, page, gaps, theme, outlined=False)
    painter.end()
    return image


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _svg(page: Page, gaps: Gaps, theme: Theme) -> bytes:
    buffer, size = QBuffer(), _size(page)
    writer = QSvgGenerator()
    writer.setOutputDevice(buffer)
    writer.setSize(size)
    writer.setViewBox(QRectF(0, 0, size.width(), size.height()))
    painter = QPainter(writer)
    _paint(painter, page, gaps, theme, outlined=True)  # it looks the same where other fonts are
    painter.end()
    return bytes(buffer.data().data())


def _paint(painter: QPainter, page: Page, gaps: Gaps, theme: Theme, *, outlined: bool) -> None:
    painter.translate(_EDGE_PX, _EDGE_PX)
    right = max(at.x + at.box.width for at in page.placed)
    shown = Page(page.placed, [(left, min(end, right), y) for left, end, y in page.rules])
    marks = Marks((), {}, frozenset(), None, None, Gaps({}, gaps.hidden))
    paint_page(painter, shown, marks, theme, outlined=outlined)
