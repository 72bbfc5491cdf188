"""Starting and ending: versions, pictures, files on the command line, time to open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from bpviz.errors import BpvizError
from bpviz.files.project import Saved, save_project
from bpviz.model.spec import Project
from bpviz.ui.app import check_versions

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[[str], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run statements after ``from bpviz.ui.app import run`` in a program of their own."""

    def start(statements: str) -> subprocess.CompletedProcess[str]:
        code = f"from pathlib import Path\nfrom bpviz.ui.app import run\n{statements}"
        return subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=100
        )

    return start


@pytest.mark.parametrize(
    ("python", "pyside", "fine"),
    [((3, 11), (6, 11), True), ((3, 11), (6, 12), False), ((3, 12), (6, 12), True), ((3, 13), (6, 13), True)],
)
def test_the_pair_that_would_crash_is_refused(
    python: tuple[int, ...], pyside: tuple[int, ...], fine: bool
) -> None:
    if fine:
        check_versions(python, pyside)
    else:
        with pytest.raises(BpvizError, match=r"PySide6 6\.12 crashes on Python 3\.11"):
            check_versions(python, pyside)


def test_a_picture_of_the_trained_window_is_taken_without_a_display(run: Run, tmp_path: Path) -> None:
    done = run("raise SystemExit(run(None, Path('window.png'), 30))")
    assert (done.returncode, done.stderr) == (0, "")
    image = QImage(str(tmp_path / "window.png"))
    assert (image.width(), image.height()) == (1280, 800)
    colors = {image.pixelColor(x, y).name() for x in range(0, 1280, 7) for y in range(0, 800, 7)}
    assert len(colors) > 100


def test_a_saved_project_is_opened(run: Run, tmp_path: Path, small: Project) -> None:
    save_project(tmp_path / "mine.bpviz", Saved(small, None, 99))
    done = run("raise SystemExit(run(Path('mine.bpviz'), Path('window.png'), 0))")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "window.png").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        "Path('nothing.bpviz'), Path('window.png'), 0",
        "None, Path('no/such/folder.png'), 0",
        "None, Path('window.png'), 0, example='quokka'",
    ],
    ids=["file", "picture", "example"],
)
def test_what_can_not_be_is_an_expected_failure(run: Run, arguments: str) -> None:
    done = run(
        "from bpviz.errors import BpvizError\n"
        f"try:\n    run({arguments})\nexcept BpvizError as error:\n    print(error)"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip().endswith(".")


@pytest.mark.skipif(sys.platform == "win32", reason="no process can send another one a signal there")
@pytest.mark.parametrize("busy", [False, True], ids=["idle", "behind a dialog"])
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_ends_the_window_at_once_without_a_question(
    run: Run, name: str, code: int, busy: bool
) -> None:
    done = run(
        f"""
import os, signal
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

app = QApplication(["bpviz"])
signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal
before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
QTimer.singleShot(500, lambda: os.kill(os.getpid(), signal.{name}))
if {busy}:
    QTimer.singleShot(300, lambda: QMessageBox(text="Really?").exec())
code = run()
assert before == (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM))
raise SystemExit(code)
"""
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_opening_loads_nothing_that_takes_long(run: Run) -> None:
    done = run("import sys\nprint(*{name.partition('.')[0] for name in sys.modules})")
    assert not set(done.stdout.split()) & {"matplotlib", "numba", "torch", "pandas", "safetensors"}
