from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bpviz.engine.kernels import cache
from bpviz.engine.kernels.engine import PROGRAMS
from bpviz.engine.kernels.loader import KernelLoader


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's cache folder that is empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return tmp_path


def test_programs_are_kept_in_the_users_cache(own_cache: Path) -> None:
    folder = cache.cache_folder()
    assert folder.is_dir()
    assert folder.is_relative_to(own_cache)
    assert cache.cache_folder() == folder


def test_a_cache_that_cannot_be_written_to_is_replaced_by_a_temporary_folder(own_cache: Path) -> None:
    (own_cache / "bpviz").write_text("a file where the folder should be")
    folder = cache.cache_folder()
    assert folder.is_dir()
    assert not folder.is_relative_to(own_cache)


def test_a_damaged_cache_is_emptied(own_cache: Path) -> None:
    folder = cache.cache_folder()
    (folder / "damaged").write_bytes(b"no program")
    assert cache.emptied(folder) == folder
    assert list(folder.iterdir()) == []


def test_a_damaged_cache_is_compiled_anew(tmp_path: Path) -> None:
    # In a process of its own, because a program that is loaded once stays loaded.
    code = """
import sys
from pathlib import Path
from bpviz.engine.kernels import programs

class Damaged:
    compiled = 0
    def disable_compile(self, value=True): pass
    def enable_caching(self): pass
    def compile(self, signature):
        self.compiled += 1
        if self.compiled == 1:
            raise EOFError

folder = Path(sys.argv[1])
(folder / "damaged").write_bytes(b"")
program = Damaged()
programs._load(program, None, folder)
print(program.compiled, len(list(folder.iterdir())))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["2", "0"]


def test_another_process_fills_the_cache_and_says_what_is_ready() -> None:
    loader = KernelLoader()
    assert not loader.ready(PROGRAMS[0])
    loader.start(first="links float32")
    assert loader.wait()
    assert all(loader.ready(name) for name in PROGRAMS)
    assert loader.error is None
    loader.close()
    loader.close()


def test_a_process_that_cannot_start_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(Path("no such program")))
    loader = KernelLoader()
    loader.start()
    assert loader.error is not None
    assert loader.error.endswith("goes on with the reference engine.")
    assert not loader.wait()


def test_a_process_that_fails_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "numba.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ["PYTHONPATH"]]))
    loader = KernelLoader()
    loader.start()
    assert not loader.wait()
    assert loader.error is not None


def test_a_loader_that_is_closed_ends_its_process() -> None:
    loader = KernelLoader()
    loader.start()
    loader.close()
    assert loader.error is None
