"""What every test stands on: no screen, one thread for linear algebra, nothing of the user's own folders.

Fixtures of one room stand in that room's own ``conftest.py``.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
ORACLES = {
    "torch": "torch==2.13.0",
    "sklearn": "scikit-learn",
    "keras": "keras",
    "onnx": "onnx",
    "onnxruntime": "onnxruntime",
    "arff": "liac-arff",
    "imageio_ffmpeg": "imageio-ffmpeg",
    "odf": "odfpy",
    "openpyxl": "openpyxl",
    "pyarrow": "pyarrow",
}

# Set before Qt or numpy are loaded, and inherited by every program that a test starts.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ[f"{library}_NUM_THREADS"] = "1"
os.environ["BPVIZ_WAYS"] = "default"  # nothing depends on which way was measured to be faster here

# The same examples at every run and no database beside the checkout; a slow machine is no failure.
EXAMPLES = int(os.environ.get("BPVIZ_EXAMPLES", "30"))
settings.register_profile("bpviz", derandomize=True, database=None, deadline=None, max_examples=EXAMPLES)
settings.load_profile("bpviz")


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the user's settings and data folders at an empty place."""
    home = tmp_path_factory.mktemp("home")
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))


@pytest.fixture(scope="session")
def oracle() -> Callable[[str], ModuleType]:
    """Import ``torch`` or ``sklearn``, which bpviz doesn't need, to compare with; skip where one is missing.

    With ``BPVIZ_ORACLES=required`` a missing one fails.
    """

    def load(name: str) -> ModuleType:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            wanted = ORACLES[name.partition(".")[0]]
            advice = f"{name} is not here to compare against; install it by: pip install {wanted}"
            if os.environ.get("BPVIZ_ORACLES") == "required":
                pytest.fail(advice)
            pytest.skip(advice)

    return load
