"""What the tests of the engine share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bpviz.engine.kernels import shapes
from bpviz.engine.kernels.choice import DEFAULTS


@pytest.fixture
def rng() -> np.random.Generator:
    """Random numbers, the same at every run."""
    return np.random.default_rng(20261121)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's cache folder that is empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Change which way matrices are multiplied: the numbers of a `Choice`, in both precisions."""
    choices = dict(DEFAULTS)

    def change(**numbers: int) -> None:
        for precision, choice in choices.items():
            choices[precision] = replace(choice, **numbers)

    monkeypatch.setattr(shapes, "chosen", choices.__getitem__)
    return change
