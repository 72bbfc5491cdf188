"""The window while it trains with every plot in sight: does it answer quickly, and does training suffer?"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication

from bpviz.engine.kernels.loader import KernelLoader
from bpviz.files.project import open_project
from bpviz.model.edits import set_training
from bpviz.model.examples import DEFAULT_EXAMPLE, EXAMPLES
from bpviz.model.naming import first_free_number
from bpviz.model.spec import Project, Stop
from bpviz.training.paths import RUNNERS
from bpviz.training.session import Session
from bpviz.training.snapshot import Path as EnginePath
from bpviz.training.snapshot import Snapshot
from bpviz.training.speed import FLAT_OUT
from bpviz.ui.document import Document
from bpviz.ui.housekeeping import Housekeeping
from bpviz.ui.main_window import MainWindow
from bpviz.ui.measure.stage import Scene, application, perform, screen
from bpviz.ui.preferences import Preferences
from bpviz.ui.theme import Theme

_SIZE_PX: Final = (1600, 1000)
_TICK_MS: Final = 5
_SETTLE_MS: Final = 400
_CHUNK_S: Final = 0.003
_SECOND_MS: Final = 1000


class Ticker(QObject):
    """A timer that notes how late it is.

    Attributes:
        late_ms: Of each tick since `reset`.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.late_ms: list[float] = []
        self._due_s = 0.0
        self._timer = QTimer(self, interval=_TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    def start(self) -> None:
        """Begin anew."""
        self.late_ms = []
        self._due_s = perf_counter() + _TICK_MS / 1000
        self._timer.start()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    @Slot()
    def _on_tick(self) -> None:
        now = perf_counter()
        self.late_ms.append(max(0.0, 1000 * (now - self._due_s)))
        self._due_s = now + _TICK_MS / 1000


class Player(QObject):
    """Plays one window and writes down how it does.

    Attributes:
        found: What was measured so far.
    """

    def __init__(self, window: MainWindow, project: Project, options: Mapping[str, Any]) -> None:
        super().__init__(window)
        self.found: dict[str, Any] = {
            name: []
            for name in ("late_p50", "late_p99", "window_steps_per_s", "headless_steps_per_s", "frames_per_s")
        }
        self.found["memory_mb"] = []
        self._window, self._project, self._options = window, project, options
        self._ticker = Ticker(self)
        self._frames = 0
        window.controller.snapshot.connect(self._on_snapshot)

    @Slot(object)
    def _on_snapshot(self, _snapshot: Snapshot) -> None:
        self._frames += 1

    @property
    def _path(self) -> EnginePath:
        latest = self._window.controller.latest
        return "reference" if latest is None else latest.path

    def scene(self) -> Scene:
        """Warm up, then rounds of window and headless in turn, then one long play."""
        controller, found = self._window.controller, self.found
        controller.set_speed(FLAT_OUT)
        yield _SETTLE_MS
        controller.play()
        for _ in range(self._options["kernel_within_s"]):
            yield _SECOND_MS
            if "kernel" not in RUNNERS or self._path == "kernel":
                break
        controller.pause()
        yield _SETTLE_MS
        for _ in range(self._options["rounds"]):
            yield from self._round()
            speed = headless(self._project, self._path, self._options["round_s"])
            found["headless_steps_per_s"].append(speed)
        found["path"] = self._path
        controller.reset()
        yield _SETTLE_MS
        controller.play()
        for second in range(1, self._options["play_s"] + 1):
            yield _SECOND_MS
            found["memory_mb"].append((second, resident_mb()))
        controller.pause()
        yield _SETTLE_MS

    def _round(self) -> Scene:
        """Play from the start of the run for a while."""
        controller, found = self._window.controller, self.found
        controller.reset()
        yield _SETTLE_MS
        self._frames = 0
        begin = perf_counter()
        controller.play()
        self._ticker.start()
        yield int(1000 * self._options["round_s"])
        self._ticker.stop()
        found["frames_per_s"].append(self._frames / (perf_counter() - begin))
        controller.pause()
        yield _SETTLE_MS
        late = np.array(self._ticker.late_ms or [0.0])
        found["late_p50"].append(float(np.percentile(late, 50)))
        found["late_p99"].append(float(np.percentile(late, 99)))
        latest = controller.latest
        assert latest is not None
        found["window_steps_per_s"].append(latest.step / max(latest.seconds, 1e-9))


def measure(options: dict[str, Any]) -> dict[str, Any]:
    """Train in the window.

    Args:
        options: ``kernel_within_s``, how long to wait for the kernels, which may have to be compiled first;
            ``rounds``, of ``round_s`` each; ``play_s`` of play to watch the memory; ``project``, the file of
            what is to be trained, instead of the example that the window begins with.

    Returns:
        One number a round for ``late_p50`` and ``late_p99`` (milliseconds), ``window_steps_per_s``,
        ``headless_steps_per_s`` and ``frames_per_s``; ``memory_mb``, pairs of second and megabytes; ``path``;
        ``screen``; ``plots``, how many were in sight.
    """
    app = application()
    given = options.get("project")
    chosen = EXAMPLES[DEFAULT_EXAMPLE].build() if given is None else open_project(Path(given)).project
    # Without a stop rule: a run that ended would be a window at rest.
    project = set_training(chosen, stop=Stop())
    with TemporaryDirectory() as folder:
        window = open_window(app, project, Preferences(Path(folder) / "bpviz.ini"))
        window.controller.use_kernels(KernelLoader())
        housekeeping = Housekeeping(window.document, window.controller, window)
        player = Player(window, project, options)

        def close() -> None:
            player.found["plots"] = sum(panel.isVisible() for panel in window.board.panels.values())
            housekeeping.end()
            window.abandon()
            window.deleteLater()

        perform(app, player.scene(), close)
    return {**player.found, "screen": screen(app)}


def open_window(app: QApplication, project: Project, preferences: Preferences) -> MainWindow:
    """Open the window on a project, with every plot in sight."""
    theme = Theme("light")
    theme.apply(app)
    document = Document(project, first_free_number(project.network))
    window = MainWindow(document, theme, preferences, welcome=False)
    window.start()
    window.show_as_new()
    window.resize(*_SIZE_PX)
    docks = window.arrangement.docks
    for name in window.board.panels:
        for behind in window.tabifiedDockWidgets(docks[name]):
            window.splitDockWidget(docks[name], behind, Qt.Orientation.Vertical)
    return window


def headless(project: Project, path: EnginePath, seconds: float) -> float:
    """Train the same run without a window; steps a second."""
    session = Session(project, path=path)
    session.advance(1)
    chunk, begin = 1, perf_counter()
    first = session.step
    while (now := perf_counter()) - begin < seconds:
        session.advance(chunk)
        if perf_counter() - now < _CHUNK_S:
            chunk *= 2
    return (session.step - first) / (perf_counter() - begin)


def resident_mb() -> float:
    """Memory of this process that is in use, in megabytes; where only the largest so far is known, that."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        import resource

        return int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e6
    if sys.platform == "win32":
        return float("nan")
    import resource

    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / 1e6 if sys.platform == "darwin" else largest * 1024 / 1e6
