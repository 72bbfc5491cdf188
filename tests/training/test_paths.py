from __future__ import annotations

import pytest

from bpviz.errors import SettingError
from bpviz.training.paths import RUNNERS, make_runner
from bpviz.training.session import Session
from tests.training.projects import circle
from tests.training.test_runner import begun


def test_a_path_computes_under_its_own_name() -> None:
    setup, _ = begun()
    assert [make_runner(path, setup).path for path in RUNNERS] == list(RUNNERS)


def test_only_known_paths_compute() -> None:
    with pytest.raises(SettingError, match="no engine named 'abacus'"):
        Session(circle(), path="abacus")  # type: ignore[arg-type]
