"""A guard that does not let tests wait."""

from __future__ import annotations

import pytest

from bpviz.ui.proof import proving


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the gradient at once after an edit; before a window is made."""
    monkeypatch.setattr(proving, "GUARD_AFTER_MS", 10)
