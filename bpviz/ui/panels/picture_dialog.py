"""How a picture is made, with the picture beside it as it will be: size, resolution, letters, theme.

What is chosen is remembered, for the next picture too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, TypeAlias

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from bpviz.errors import BpvizError
from bpviz.files.picture_settings import (
    DPI,
    FONT_SIZE,
    MM_PER_INCH,
    PX_PER_INCH,
    USUAL_FONT_SIZE,
    PictureSettings,
)
from bpviz.palette import PALETTES
from bpviz.ui.background import Background, Tell
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import LONGER_LABEL_PX, Form, Problem
from bpviz.ui.panels.line_edits import Bounds, NumberEdit, OptionalNumber
from bpviz.ui.preferences import Preferences
from bpviz.ui.theme import Theme, scaled

Draw: TypeAlias = Callable[[str, PictureSettings], bytes]
"""Makes the bytes of a picture: from ``png``, ``svg`` or ``pdf``, and how it is made."""

AS_WINDOW: Final = "window"
_SIZE_PX: Final = QSize(820, 460)
_FORM_PX: Final = 276
_PREVIEW_LEAST_PX: Final = QSize(320, 260)
_WAIT_MS: Final = 150
_SHOWN_DPI: Final = (DPI[0], 400)
_UNITS: Final = (("px", "Pixels", "Of the picture that is written"), ("mm", "Millimeters", "On paper"))
_SIDES: Final = {"px": (1200.0, 800.0), "mm": (120.0, 80.0)}
_COUNT: Final = Bounds(1, 20_000, step=10)


@dataclass(frozen=True, slots=True)
class PictureChoice:
    """How the user wants pictures.

    Attributes:
        settings: All but the theme, if that is the window's.
        theme: ``light``, ``dark``, or ``window`` for that of the window.
    """

    settings: PictureSettings = field(default_factory=PictureSettings)
    theme: str = AS_WINDOW

    def of(self, theme: Theme) -> PictureSettings:
        """How pictures are made now."""
        name = theme.palette.name if self.theme == AS_WINDOW else self.theme
        return replace(self.settings, theme=name)

    @classmethod
    def remembered(cls, preferences: Preferences) -> PictureChoice:
        """Read what was chosen the last time; what is damaged counts as not chosen."""
        try:
            found: Any = json.loads(preferences.picture or "{}")
            theme = found.pop("theme", AS_WINDOW)
            if found.get("size") is not None:
                found["size"] = tuple(map(float, found["size"]))
            settings = PictureSettings(**found)
        except (BpvizError, ValueError, TypeError, AttributeError):
            return cls()
        return cls(settings, theme if theme in PALETTES else AS_WINDOW)

    def remember(self, preferences: Preferences) -> None:
        """Keep it for the next time."""
        preferences.picture = json.dumps(asdict(self.settings) | {"theme": self.theme})


class Preview(QLabel):
    """A picture as large as it has room, drawn beside the window.

    Signals:
        resized: There is other room than before.
    """

    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(scaled(_PREVIEW_LEAST_PX.width()), scaled(_PREVIEW_LEAST_PX.height()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAccessibleName("Preview")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText("Drawing…")  # until there is a picture, which may take a while
        self._image = QImage()

    @property
    def image(self) -> QImage:
        """What is shown."""
        return self._image

    def show_image(self, image: QImage) -> None:
        """Show another picture, never larger than it was drawn."""
        self._image = image
        pixmap = QPixmap.fromImage(image)
        ratio = self.devicePixelRatioF()
        room = self.size() * ratio
        if pixmap.width() > room.width() or pixmap.height() > room.height():
            kept = Qt.AspectRatioMode.KeepAspectRatio
            pixmap = pixmap.scaled(room, kept, Qt.TransformationMode.SmoothTransformation)
        pixmap.setDevicePixelRatio(ratio)
        self.setPixmap(pixmap)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class PictureDialog(FittingDialog):
    """Asks how a picture is made; accepted when it is to be written.

    Attributes:
        choice: What is chosen.
    """

    def __init__(
        self,
        title: str,
        draw: Draw,
        theme: Theme,
        preferences: Preferences,
        parent: QWidget | None = None,
    ) -> None:
        buttons = QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        super().__init__(title, buttons, _SIZE_PX, parent)
        self._draw, self._theme, self._preferences = draw, theme, preferences
        self.choice = PictureChoice.remembered(preferences)
        self._drawing = Background(self)
        self._drawing.finished.connect(self._on_drawn)
        self._drawing.failed.connect(self._on_failed)
        self._soon = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._soon.timeout.connect(self._show_preview)
        self.copy = self.buttons.addButton("Copy picture", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.clicked.connect(self._on_copy)
        save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setText("Save…")
        for button in self.buttons.buttons():
            button.setProperty("autoDefault", False)  # Return in a field takes its number and goes on
        self.preview, self.problem = Preview(), Problem()
        self.preview.resized.connect(self._soon.start)
        self._make_fields()
        self._lay_out()
        self._show_choice()

    def _make_fields(self) -> None:
        self.width_field = OptionalNumber(_COUNT, _SIDES["px"][0], "as it suits")
        self.height_field = OptionalNumber(_COUNT, _SIDES["px"][1], "as it suits")
        self.unit = Choice()
        self.unit.fill(_UNITS)
        self.dpi = NumberEdit(Bounds(*DPI, step=24, whole=True))
        self.font_size = OptionalNumber(Bounds(*FONT_SIZE, step=0.5), USUAL_FONT_SIZE, "as it suits")
        self.theme = Choice()
        self.theme.fill(
            [
                (AS_WINDOW, "As the window", "Light or dark as the window is"),
                ("light", "Light", "Dark on light"),
                ("dark", "Dark", "Light on dark"),
            ]
        )
        self.width_field.committed.connect(self._on_width)
        self.height_field.committed.connect(self._on_height)
        self.unit.chosen.connect(self._on_unit)
        self.dpi.committed.connect(lambda value: self._change(dpi=int(value)))
        self.font_size.committed.connect(lambda value: self._change(font_size=value))
        self.theme.chosen.connect(self._on_theme)

    def _lay_out(self) -> None:
        form = Form(label_px=LONGER_LABEL_PX)
        form.add("Width", self.width_field, "Of the picture; off leaves it to what is drawn")
        form.add("Height", self.height_field, "Of the picture; off leaves it to what is drawn")
        form.add("Unit", self.unit, "Of width and height")
        form.add("Dots per inch", self.dpi, "How fine the picture is")
        form.add("Letters (pt)", self.font_size, "Size of the numbers at axes, and all others in proportion")
        form.add("Theme", self.theme, "Colors of the picture")
        self.facts = QLabel()
        self.facts.setProperty("look", "caption")
        self.facts.setWordWrap(True)
        column = QVBoxLayout()
        column.addWidget(form)
        column.addWidget(self.problem)
        column.addWidget(self.facts)
        column.addStretch(1)
        left = QWidget()
        left.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        left.setFixedWidth(scaled(_FORM_PX))
        row = QHBoxLayout(self.content)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(left)
        row.addWidget(self.preview, 1)

    @property
    def settings(self) -> PictureSettings:
        """How the picture is made."""
        return self.choice.of(self._theme)

    def _show_choice(self) -> None:
        settings = self.choice.settings
        width, height = settings.size or (None, None)
        self.width_field.show_value(width)
        self.height_field.show_value(height)
        self.unit.show_value(settings.unit)
        self.dpi.show_value(settings.dpi)
        self.font_size.show_value(settings.font_size)
        self.theme.show_value(self.choice.theme)
        self._soon.start()

    def _change(self, **fields: Any) -> None:
        """Take over what was chosen, or say why it can't be."""
        try:
            settings = replace(self.choice.settings, **fields)
        except BpvizError as error:
            self.problem.say(str(error))
            return
        self.problem.say("")
        self.choice = replace(self.choice, settings=settings)
        self.choice.remember(self._preferences)
        self._show_choice()

    @Slot(object)
    def _on_width(self, value: float | None) -> None:
        usual = _SIDES[self.choice.settings.unit][1]
        height = (self.choice.settings.size or (usual, usual))[1]
        self._change(size=None if value is None else (value, height))

    @Slot(object)
    def _on_height(self, value: float | None) -> None:
        usual = _SIDES[self.choice.settings.unit][0]
        width = (self.choice.settings.size or (usual, usual))[0]
        self._change(size=None if value is None else (width, value))

    @Slot(str)
    def _on_unit(self, unit: str) -> None:
        """Keep the size and write it in the other unit."""
        settings = self.choice.settings
        size = settings.size
        if size is not None and unit != settings.unit:
            scale = settings.dpi / MM_PER_INCH if unit == "px" else MM_PER_INCH / settings.dpi
            size = float(round(size[0] * scale)), float(round(size[1] * scale))
        self._change(unit=unit, size=size)

    @Slot(str)
    def _on_theme(self, name: str) -> None:
        self.choice = replace(self.choice, theme=name)
        self.choice.remember(self._preferences)
        self._show_choice()

    @Slot()
    def _show_preview(self) -> None:
        """Draw it as it will be, in as many pixels as there is room for."""
        settings, draw = self.settings, self._draw
        room = self.preview.size() * self.preview.devicePixelRatioF()

        def compute(tell: Tell) -> QImage:
            low, high = _SHOWN_DPI
            rough = QImage.fromData(draw("png", _at(settings, low)))
            tell(0, 1)
            fit = min(room.width() / max(rough.width(), 1), room.height() / max(rough.height(), 1))
            dpi = int(min(max(low * fit, low), high, max(settings.dpi, PX_PER_INCH)))
            return QImage.fromData(draw("png", _at(settings, dpi)))

        self._drawing.start(compute)

    @Slot(object)
    def _on_drawn(self, image: QImage) -> None:
        self.problem.say("")
        self.preview.show_image(image)
        self.facts.setText(self._facts())

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self.problem.say(sentence)

    def _facts(self) -> str:
        """How large what is written will be."""
        settings, image = self.settings, self.preview.image
        if settings.size is None:
            return f"As large as suits it, at {settings.dpi} dpi." if not image.isNull() else ""
        width, height = settings.inches((0.0, 0.0))
        pixels = f"{int(width * settings.dpi)} × {int(height * settings.dpi)} pixels"
        return f"{pixels}, {width * MM_PER_INCH:.0f} × {height * MM_PER_INCH:.0f} mm at {settings.dpi} dpi."

    @Slot()
    def _on_copy(self) -> None:
        try:
            content = self._draw("png", self.settings)
        except BpvizError as error:
            self.problem.say(str(error))
            return
        QGuiApplication.clipboard().setImage(QImage.fromData(content))
        self.facts.setText("Copied to the clipboard.")

    def done(self, result: int) -> None:
        """Close; nobody waits for a preview any more."""
        self._soon.stop()
        self._drawing.close()
        super().done(result)


def _at(settings: PictureSettings, dpi: int) -> PictureSettings:
    """The same picture in other pixels: as large on paper."""
    if settings.size is None:
        return replace(settings, dpi=dpi)
    width, height = settings.inches((0.0, 0.0))
    size = width * MM_PER_INCH, height * MM_PER_INCH
    return replace(settings, size=size, unit="mm", dpi=dpi)
