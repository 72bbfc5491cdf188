"""How the window looks: colors, fonts, icons and the style of stock widgets, light or dark.

One `Theme` is made by `bpviz.ui.app` and handed to every widget that draws by itself; it
connects to `Theme.changed` and asks again.  Colors come from `bpviz.palette`, shared with the
pictures that bpviz writes.  To add an icon, put an SVG on a 20 grid with strokes in
``currentColor`` into ``resources/icons`` and name it in `Theme.icon`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, QTemporaryDir, Signal, Slot
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolBar, QWidget

from bpviz.palette import DARK, LIGHT, Palette, ThemeMode
from bpviz.resources import resource
from bpviz.ui.stylesheet import stylesheet

FontRole: TypeAlias = Literal["caption", "body", "title", "headline"]

FONT_PX: Final[dict[FontRole, int]] = {"caption": 11, "body": 13, "title": 15, "headline": 20}
ICON_PX: Final = 20
_ICON_SIZES_PX: Final = (16, 20, 32, 40)  # at a text size of 100 %; the larger ones are for dense screens
_DIVERGING_STEPS: Final = 256
# What the style sheet draws by itself: style sheets take pictures from files only.
_DRAWN_BY_STYLE: Final = ("chevron-down", "chevron-up", "chevron-right", "check", "close", "dash", "dot")


class Theme(QObject):
    """The colors in force, and what is made from them.

    Signals:
        changed: Colors or sizes differ, or motion was switched; whatever was painted by hand paints again.
    """

    changed = Signal()

    def __init__(
        self, mode: ThemeMode = "system", text_percent: int = 100, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._mode: ThemeMode = mode
        self._text_percent = text_percent
        self._reduced_motion = False
        self._app: QApplication | None = None
        self._pictures = QTemporaryDir()
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._colors: dict[tuple[str, float], QColor] = {}
        self._fonts: dict[FontRole, QFont] = {}
        self._metrics: dict[FontRole, QFontMetrics] = {}

    @property
    def mode(self) -> ThemeMode:
        """What the user asked for."""
        return self._mode

    @property
    def dark(self) -> bool:
        """Whether the dark palette is in force."""
        if self._mode == "system" and self._app is not None:
            return self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode == "dark"

    @property
    def palette(self) -> Palette:
        """The colors in force, as texts."""
        return DARK if self.dark else LIGHT

    @property
    def text_percent(self) -> int:
        """How large texts are; 100 is the size of most programs."""
        return self._text_percent

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing is to move by itself."""
        return self._reduced_motion

    def apply(self, app: QApplication) -> None:
        """Dress the whole application: style, palette, fonts and style sheet."""
        if self._app is None:
            app.styleHints().colorSchemeChanged.connect(self._on_system_scheme)
        self._app = app
        # Without a desktop theme a color scheme has no effect; own palettes on Fusion look alike everywhere.
        app.setStyle("Fusion")
        self._dress()

    def set_mode(self, mode: ThemeMode) -> None:
        """Switch to light, dark, or whatever the system shows."""
        if mode != self._mode:
            self._mode = mode
            self._dress()

    def set_text_percent(self, percent: int) -> None:
        """Make texts, and whatever stands around them, larger or smaller."""
        if percent != self._text_percent:
            self._text_percent = percent
            self._dress()

    def set_reduced_motion(self, *, reduced: bool) -> None:
        """Let nothing move by itself, or allow it again."""
        if reduced != self._reduced_motion:
            self._reduced_motion = reduced
            self.changed.emit()

    def scaled(self, px: float) -> int:
        """Pixels in the text size in force, of something that is so large at 100 %."""
        return round(px * self._text_percent / 100)

    def size(self, widget: QWidget, width: int = 0, height: int = 0, icon: int = 0) -> None:
        """Give a widget a fixed size that goes with the text size, for as long as it lives.

        Args:
            widget: The widget.
            width: Pixels at 100 %; 0 leaves it as it is.
            height: The same.
            icon: The same, of a button's icon.
        """
        kept = widget.findChild(_Sizer, options=Qt.FindChildOption.FindDirectChildrenOnly)
        sizer = kept or _Sizer(widget)
        if kept is None:
            self.changed.connect(sizer.fit)
        sizer.keep(self, width, height, icon)

    def color(self, token: str, opacity: float = 1.0) -> QColor:
        """Color of a token of `Palette.color`, such as ``accent``, ``train`` or ``layer:1/4``."""
        key = (token, opacity)
        if key not in self._colors:
            color = QColor(self.palette.color(token))
            color.setAlphaF(opacity)
            self._colors[key] = color
        return QColor(self._colors[key])  # the caller's own: colors can be changed

    def diverging(self, value: float) -> QColor:
        """Color of a signed value already scaled to -1 ... 1."""
        return QColor(self.palette.diverging(value))

    def diverging_table(self) -> NDArray[np.uint8]:
        """(256, 4) red, green, blue and opacity from -1 to 1, for images and color bars."""
        return _diverging_table(self.palette)

    def font(self, role: FontRole = "body") -> QFont:
        """The interface's font in one of four sizes, digits of one width; titles are semibold."""
        if role not in self._fonts:
            font = QFont(QApplication.font())
            font.setPixelSize(self.scaled(FONT_PX[role]))
            font.setFeature(QFont.Tag("tnum"), 1)
            if role in ("title", "headline"):
                font.setWeight(QFont.Weight.DemiBold)
            self._fonts[role] = font
        return QFont(self._fonts[role])  # the caller's own: fonts can be changed

    def metrics(self, role: FontRole = "body") -> QFontMetrics:
        """Measures of one of the fonts."""
        if role not in self._metrics:
            self._metrics[role] = QFontMetrics(self.font(role))
        return self._metrics[role]

    def icon(self, name: str, color: str = "text") -> QIcon:
        """An icon of ``resources/icons`` in the color of a token, paler where it is disabled.

        Raises:
            BpvizError: If this copy of bpviz lacks it.
        """
        key = (name, color)
        if key not in self._icons:
            source = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
            icon = QIcon()
            for mode, token in ((QIcon.Mode.Normal, color), (QIcon.Mode.Disabled, "disabled")):
                drawing = QSvgRenderer(
                    QByteArray(source.replace("currentColor", self.palette.color(token)).encode())
                )
                for size in _ICON_SIZES_PX:
                    icon.addPixmap(_draw(drawing, self.scaled(size)), mode)
            self._icons[key] = icon
        return self._icons[key]

    def show_icon(self, on: QAction | QAbstractButton, name: str, color: str = "text") -> None:
        """Give an entry of a menu or a button an icon that goes with the theme, for as long as it lives."""
        kept = on.findChild(_Dyer, options=Qt.FindChildOption.FindDirectChildrenOnly)
        dyer = kept or _Dyer(on)
        if kept is None:
            self.changed.connect(dyer.dye)
        dyer.keep(self, name, color)

    @Slot()
    def _on_system_scheme(self) -> None:
        if self._mode == "system":
            self._dress()

    def _dress(self) -> None:
        for made in (self._icons, self._colors, self._fonts, self._metrics):
            made.clear()
        if self._app is not None:
            sheet = stylesheet(self.palette, self._write_pictures(), self._text_percent)
            with _nothing_collected():
                self._app.setPalette(_qt_palette(self.palette))
                self._app.setFont(self.font())
                # Replacing one sheet by another goes through a cache of Qt that may still hold widgets long
                # gone, and crashes; taking the old one off first empties the cache.
                self._app.setStyleSheet("")
                self._app.setStyleSheet(sheet)
        self.changed.emit()

    def _write_pictures(self) -> str:
        folder = Path(self._pictures.path())
        for name in _DRAWN_BY_STYLE:
            source = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
            for suffix, token in (("", "secondary"), ("-off", "disabled"), ("-on", "surface")):
                picture = folder / f"{self.palette.name}-{name}{suffix}.svg"
                if not picture.exists():
                    colored = source.replace("currentColor", self.palette.color(token))
                    picture.write_text(colored, encoding="utf-8")
        return f"{folder.as_posix()}/{self.palette.name}-"


class _Sizer(QObject):
    """Fits its parent to the text size; it lives in it and goes with it."""

    def keep(self, theme: Theme, width: int, height: int, icon: int) -> None:
        self._theme, self._width, self._height, self._icon = theme, width, height, icon
        self.fit()

    @Slot()
    def fit(self) -> None:
        widget, scaled = self.parent(), self._theme.scaled
        assert isinstance(widget, QWidget)
        if self._width:
            widget.setFixedWidth(scaled(self._width))
        if self._height:
            widget.setFixedHeight(scaled(self._height))
        if self._icon and isinstance(widget, QAbstractButton | QToolBar):
            widget.setIconSize(QSize(scaled(self._icon), scaled(self._icon)))


class _Dyer(QObject):
    """Colors its parent's icon as the theme asks; it lives in it and goes with it."""

    def keep(self, theme: Theme, name: str, color: str) -> None:
        self._theme, self._name, self._color = theme, name, color
        self.dye()

    @Slot()
    def dye(self) -> None:
        on = self.parent()
        assert isinstance(on, QAction | QAbstractButton)
        on.setIcon(self._theme.icon(self._name, self._color))


def scaled(px: float) -> int:
    """Do as `Theme.scaled`, for a widget that is given no theme: by the font that the theme gave to all."""
    size = QApplication.font().pixelSize()
    return round(px * size / FONT_PX["body"]) if size > 0 else round(px)


def packed(colors: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Pack colors (colors, 4), of red, green, blue and opacity, as Qt's images do: 0xAARRGGBB."""
    red, green, blue, opacity = colors.astype(np.uint32).T
    words: NDArray[np.uint32] = opacity << 24 | red << 16 | green << 8 | blue
    return words


def _draw(drawing: QSvgRenderer, size_px: int) -> QPixmap:
    pixmap = QPixmap(QSize(size_px, size_px))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    drawing.render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return pixmap


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Let Python end no widget that nobody needs any more, while Qt goes through all there are."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _qt_palette(colors: Palette) -> QPalette:
    role = QPalette.ColorRole
    tokens = {
        role.Window: "window",
        role.WindowText: "text",
        role.Base: "raised",
        role.AlternateBase: "window",
        role.Text: "text",
        role.Button: "raised",
        role.ButtonText: "text",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.PlaceholderText: "secondary",
        role.Highlight: "accent",
        role.HighlightedText: "surface",
        role.Accent: "accent",
        role.Link: "accent",
        role.Mid: "strong_line",
        role.Midlight: "hairline",
        role.Dark: "strong_line",
        role.Light: "surface",
        role.Shadow: "strong_line",
    }
    palette = QPalette()
    for at, token in tokens.items():
        palette.setColor(at, QColor(colors.color(token)))
    for at in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, at, QColor(colors.disabled))
    return palette


@cache  # heatmaps ask at every frame
def _diverging_table(palette: Palette) -> NDArray[np.uint8]:
    colors = [palette.diverging(value) for value in np.linspace(-1.0, 1.0, _DIVERGING_STEPS)]
    rows = [bytes.fromhex(color.removeprefix("#") + "ff") for color in colors]
    return np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(-1, 4)
