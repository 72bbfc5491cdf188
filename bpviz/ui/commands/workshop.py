"""`Workshop`: what commands work with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bpviz.ui.arrangement import Arrangement
from bpviz.ui.canvas import NetworkCanvas
from bpviz.ui.desk import Desk
from bpviz.ui.document import Document
from bpviz.ui.exports import Exports
from bpviz.ui.file_commands import FileCommands
from bpviz.ui.outlined import Outlined
from bpviz.ui.pages import Pages
from bpviz.ui.panels.data_panel import DataPanel
from bpviz.ui.preferences import Preferences
from bpviz.ui.proof.proving import Proving
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.run.past import Past
from bpviz.ui.speed_slider import SpeedSlider
from bpviz.ui.theme import Theme
from bpviz.ui.values import ValueEdits
from bpviz.ui.walks import Walks


class Frame(Protocol):
    """What only the window itself can do."""

    def close(self) -> bool: ...
    def show_welcome(self) -> None: ...
    def show_palette(self) -> None: ...
    def show_shortcuts(self) -> None: ...
    def allow_room(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Workshop:
    """The parts of one window, for what commands do and for when they can.

    Attributes:
        desk: The network, what is selected of it, and what can be asked.
        controller: The run.
        past: Of the run.
        walks: Through its steps.
        values: Sets weights and biases by hand.
        canvas: Shows the network.
        files: Opens and saves.
        exports: Writes results.
        proving: Checks and measures gradients.
        data_panel: Shows the data.
        arrangement: Of the panels.
        pages: In the middle of the window.
        speed: Of playing.
        outlined: Outline, history and search.
        theme: In force.
        preferences: What is remembered.
        frame: The window.
    """

    desk: Desk
    controller: TrainingController
    past: Past
    walks: Walks
    values: ValueEdits
    canvas: NetworkCanvas
    files: FileCommands
    exports: Exports
    proving: Proving
    data_panel: DataPanel
    arrangement: Arrangement
    pages: Pages
    speed: SpeedSlider
    outlined: Outlined
    theme: Theme
    preferences: Preferences
    frame: Frame

    @property
    def document(self) -> Document:
        """What is worked on."""
        return self.desk.document
