"""What to animate of a run, in how many frames, and how large."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialogButtonBox, QVBoxLayout, QWidget

from bpviz.files.film_strip import FPS, MOST_FRAMES, USUAL_FPS, USUAL_FRAMES
from bpviz.files.frames import NETWORK
from bpviz.files.picture_settings import PX_PER_INCH, PictureSettings
from bpviz.training.figures import Plot
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import Form
from bpviz.ui.panels.labels import Wrapped
from bpviz.ui.panels.line_edits import Bounds, NumberEdit

_SIZE_PX: Final = QSize(340, 0)
_SIDES: Final = Bounds(100, 2000, step=20, whole=True)
_USUAL: Final = (720, 520)


class AnimationDialog(FittingDialog):
    """Asks for an animation; accepted when it is to be made."""

    def __init__(
        self, plots: Sequence[Plot], steps: tuple[int, int], theme: str, parent: QWidget | None = None
    ) -> None:
        """Make it.

        Args:
            plots: Those that the project has.
            steps: The first and the last step of the run.
            theme: ``light`` or ``dark``, of the window.
            parent: Qt's.
        """
        buttons = QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        super().__init__("Animation", buttons, _SIZE_PX, parent)
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setText("Save…")
        for button in self.buttons.buttons():
            button.setProperty("autoDefault", False)  # Return in a field takes its number and goes on
        self.what, self.theme = Choice(), Choice()
        drawing = (NETWORK, "Network", "The drawing with its weights")
        self.what.fill([drawing, *((plot.name, plot.label, plot.about) for plot in plots)])
        self.theme.fill([("light", "Light", "Dark on light"), ("dark", "Dark", "Light on dark")])
        self.theme.show_value(theme)
        self.frames = _number(Bounds(2, MOST_FRAMES, step=10, whole=True), USUAL_FRAMES)
        self.fps = _number(Bounds(*FPS, step=1), USUAL_FPS)
        self.width_field, self.height_field = (_number(_SIDES, side) for side in _USUAL)
        first, last = steps
        about = Wrapped()
        about.setText(f"Pictures of this run from step {first} to step {last}, evenly spread.")
        form = Form()
        form.add_wide(about)
        form.add("Show", self.what, "What is drawn in each frame")
        form.add("Frames", self.frames, "How many pictures; fewer where the run has fewer steps")
        form.add("Frames / s", self.fps, "How fast a GIF plays")
        form.add("Width (pixels)", self.width_field, "Of each frame")
        form.add("Height (pixels)", self.height_field, "Of each frame")
        form.add("Theme", self.theme, "Colors of the pictures")
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(form)
        column.addStretch(1)

    @property
    def settings(self) -> PictureSettings:
        """How each frame is made."""
        size = self.width_field.value, self.height_field.value
        return PictureSettings(size, dpi=PX_PER_INCH, theme=self.theme.value)

    @property
    def count(self) -> int:
        """How many frames."""
        return int(self.frames.value)

    @property
    def speed(self) -> float:
        """Frames a second."""
        return self.fps.value


def _number(bounds: Bounds, value: float) -> NumberEdit:
    field = NumberEdit(bounds)
    field.show_value(value)
    return field
