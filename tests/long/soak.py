"""Twenty minutes of play with an edit every second: memory stays flat once all is warm."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from bpviz.engine.kernels.loader import KernelLoader
from bpviz.model import edits
from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Layer, Stop
from bpviz.ui.app import make_window
from bpviz.ui.main_window import MainWindow
from bpviz.ui.measure.play import resident_mb
from bpviz.ui.preferences import Preferences
from tests.long.regime import Regime

_SOAK_S: Final = 20 * 60
_WARM_S: Final = 5 * 60
_EDIT_MS: Final = 1000
_LOOK_MS: Final = 5000
_MOST_MB: Final = 1.0
"""A minute."""
_NODES: Final = 12


class Soak:
    """Edits a window that plays, and looks at the memory."""

    def __init__(self, window: MainWindow) -> None:
        self._window, self._document = window, window.document
        self._random = random.Random(0)
        self._begun = monotonic()
        self.edits = 0
        self.memory: list[tuple[float, float]] = []
        kinds: list[Callable[[], None]] = [
            self._rename,
            self._move,
            self._tune,
            self._resize,
            self._activate,
            self._document.undo_stack.undo,
            self._document.undo_stack.redo,
        ]
        self._kinds = kinds

    def edit(self) -> None:
        """Make one edit, or take one back; and see that it plays on."""
        self._random.choice(self._kinds)()
        self.edits += 1
        if not self._window.controller.playing:
            self._window.controller.play()

    def look(self) -> None:
        """Note how much memory is in use."""
        self.memory.append((monotonic() - self._begun, resident_mb()))

    def growth(self) -> float:
        """Megabytes a minute since all was warm, by a straight line."""
        late = np.array([(at, used) for at, used in self.memory if at > _WARM_S])
        return float(np.polyfit(late[:, 0] / 60, late[:, 1], 1)[0])

    def _rename(self) -> None:
        name = f"Layer {self._random.randrange(100)}"
        layer = self._random.choice(self._document.project.network.layers)
        self._document.apply("rename", edits.on_network(partial(edits.rename, item_id=layer.id, name=name)))

    def _move(self) -> None:
        layer = self._random.choice(self._document.project.network.layers)
        x = layer.x + self._random.uniform(-5, 5)
        self._document.apply("move", edits.on_network(partial(edits.move_layer, layer_id=layer.id, x=x)))

    def _tune(self) -> None:
        rate = 10 ** self._random.uniform(-4, -2)
        self._document.apply("rate", partial(edits.set_training, learning_rate=rate))

    def _resize(self) -> None:
        layer = self._random.choice(self._hidden())
        size = self._random.randint(2, _NODES)
        new_ids = self._document.new_ids("n", max(size - layer.size, 0))
        edit = partial(edits.resize_layer, layer_id=layer.id, size=size, new_ids=new_ids)
        self._document.apply("resize", edits.on_network(edit))

    def _activate(self) -> None:
        layer, name = self._random.choice(self._hidden()), self._random.choice(("tanh", "relu", "sigmoid"))
        edit = partial(edits.set_activation, layer_id=layer.id, activation=name)
        self._document.apply("activation", edits.on_network(edit))

    def _hidden(self) -> list[Layer]:
        return [layer for layer in self._document.project.network.layers if layer.role == "hidden"]


def run_shard(_shard: int, folder: Path) -> dict[str, float]:
    """Open the window, play, edit and look; then judge."""
    app = QApplication(["bpviz"])
    window = make_window(app, Preferences(folder / "bpviz.ini"))
    project = EXAMPLES["spiral"].build()
    project = replace(project, training=replace(project.training, stop=Stop()))
    window.document.replace_all(project, window.document.next_id)
    window.controller.use_kernels(KernelLoader())
    window.start()
    window.show_as_new()
    soak = Soak(window)
    editing, looking = QTimer(interval=_EDIT_MS), QTimer(interval=_LOOK_MS)
    editing.timeout.connect(soak.edit)
    looking.timeout.connect(soak.look)
    editing.start()
    looking.start()
    QTimer.singleShot(_SOAK_S * 1000, app.exit)  # `quit` would ask about unsaved changes
    app.exec()
    editing.stop()
    looking.stop()
    window.abandon()
    window.deleteLater()
    growth = soak.growth()
    story = ", ".join(
        f"{at / 60:.1f}: {used:.0f}" for at, used in soak.memory[:: max(len(soak.memory) // 20, 1)]
    )
    assert growth <= _MOST_MB, f"memory grows by {growth:.2f} MB a minute (minute: MB): {story}"
    return {"mb_per_minute": growth, "edits": soak.edits, "mb": soak.memory[-1][1]}


REGIME: Final = Regime(
    name="soak",
    about="twenty minutes of play with an edit every second: memory grows by at most 1 MB a minute",
    shards=1,
    run=run_shard,
)
