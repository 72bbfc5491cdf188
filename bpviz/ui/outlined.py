"""What stands beside the canvas and shows the same network: its outline, tied to selection and run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.document import Document
from bpviz.ui.outline import Outline
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.theme import Theme
from bpviz.ui.values import ValueEdits


class Outlined(QObject):
    """The panels of one window that show the network otherwise than as a picture.

    Attributes:
        outline: The network as a table.
        panels: Each of them, by the name of its dock.
        seen: What each is told when it comes into sight or goes, by the name of its dock.
    """

    def __init__(
        self,
        document: Document,
        theme: Theme,
        canvas: NetworkCanvas,
        controller: TrainingController,
        values: ValueEdits,
    ) -> None:
        super().__init__(canvas)
        self.outline = outline = Outline(document, theme)
        self.panels: Mapping[str, QWidget] = {"outline": outline}
        self.seen: dict[str, Callable[[bool], None]] = {"outline": outline.set_in_sight}
        document.opened.connect(outline.begin_anew)
        canvas.selection_changed.connect(outline.show_selection)
        outline.selected.connect(canvas.select)
        outline.value_edited.connect(values.set_value)
        outline.wants_changed.connect(partial(controller.set_wants, "outline"))
