"""The welcome page: three first steps, and every example with what to look at."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from bpviz.ui.keys import write_keys
from bpviz.ui.panels.form import panel_layout
from bpviz.ui.panels.gallery import Gallery, label
from bpviz.ui.theme import Theme

_STEPS: Final = (
    ("Play", "Press {}. Links grow blue where a weight is positive, orange where it is negative.", ("play",)),
    (
        "Draw",
        "Drag from the right edge of a node to another to connect them. {} removes what is selected.",
        ("delete",),
    ),
    ("Look", "{} walks through one step: forward, loss, backward, update.", ("step_phase",)),
)


class Welcome(QWidget):
    """A page, never in the way.

    Signals:
        example_chosen: (str), the example's name.
    """

    example_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = panel_layout(self)
        layout.setContentsMargins(32, 24, 32, 24)
        layout.setSpacing(12)
        layout.addWidget(label("See backpropagation happen", "headline"))
        steps = QGridLayout()
        steps.setHorizontalSpacing(16)
        steps.setColumnStretch(1, 1)
        for at, (word, text, commands) in enumerate(_STEPS):
            steps.addWidget(label(word, "title"), at, 0, Qt.AlignmentFlag.AlignTop)
            line = label("", "body")
            write_keys(line, text, *commands)
            steps.addWidget(line, at, 1)
        layout.addLayout(steps)
        layout.addWidget(label("Examples", "title"))
        self.gallery = Gallery(theme)
        self.gallery.chosen.connect(self.example_chosen)
        layout.addWidget(self.gallery, 1)

    def minimumSizeHint(self) -> QSize:
        """As narrow as one card."""
        return QSize(self.gallery.minimumSizeHint().width(), super().minimumSizeHint().height())
