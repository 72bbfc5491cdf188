from __future__ import annotations

import os
import subprocess
import sys
import threading
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
import threading
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


def test_a_program_counts_as_cached_once_that_is_noted(own_cache: Path) -> None:
    folder = cache.cache_folder()
    assert not cache.is_cached(folder, PROGRAMS[0])
    cache.note_cached(folder, PROGRAMS[0])
    assert [cache.is_cached(folder, name) for name in PROGRAMS] == [True, False, False, False]


def test_a_note_that_cannot_be_written_is_left_out(own_cache: Path) -> None:
    cache.note_cached(own_cache / "nowhere", PROGRAMS[0])
    assert not cache.is_cached(own_cache / "nowhere", PROGRAMS[0])


def test_folders_used_long_ago_are_thrown_away(own_cache: Path) -> None:
    folder = cache.cache_folder()
    for age in range(1, 5):
        other = folder.parent / f"kernels-{age}"
        other.mkdir()
        os.utime(other, (1e9 - age, 1e9 - age))
    cache.prune(folder)
    assert sorted(other.name for other in folder.parent.iterdir()) == sorted(
        [folder.name, "kernels-1", "kernels-2"]
    )


def test_a_temporary_folder_has_no_neighbors_to_throw_away(tmp_path: Path) -> None:
    for name in ("kernels-a", "kernels-b", "kernels-c", "kernels-d"):
        (tmp_path / name).mkdir()
    cache.prune(tmp_path / "kernels-a")
    assert len(list(tmp_path.iterdir())) == 4


def loaded(loader: KernelLoader, name: str = PROGRAMS[0]) -> bool:
    """Start, and wait until a program can be called; False if it never can."""
    loader.ready(name)
    loader.start()
    while not loader.ready(name) and loader.error is None and loader._thread.is_alive():
        loader._thread.join(0.01)
    return loader.ready(name)


def test_another_process_compiles_and_a_thread_loads_what_is_wanted() -> None:
    loader = KernelLoader()
    assert loaded(loader, "links float32")
    assert (loader.error, loader.notice) == (None, None)
    assert not loader.ready("blocks float32")  # nobody had asked for it
    loader.close()
    loader.close()
    assert not loader._thread.is_alive()


def test_a_process_that_cannot_start_is_told_in_a_sentence(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(Path("no such program")))
    loader = KernelLoader()
    assert not loaded(loader)
    assert loader.error is not None
    assert loader.error.endswith("goes on with the reference engine.")
    loader.close()


def test_a_process_that_fails_is_told_in_a_sentence(
    own_cache: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path_factory.mktemp("broken")
    (broken / "numba.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(broken), os.environ["PYTHONPATH"]]))
    loader = KernelLoader()
    assert not loaded(loader)
    assert loader.error is not None
    loader.close()


def test_a_fault_while_loading_is_told_in_a_sentence(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.note_cached(cache.cache_folder(), PROGRAMS[0])
    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", faults.append)
    monkeypatch.setattr("bpviz.engine.kernels.programs.program", None)
    loader = KernelLoader()
    assert not loaded(loader)
    assert loader.error is not None
    assert len(faults) == 1
    loader.close()


def test_a_cache_that_cannot_be_kept_is_told_in_a_sentence(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_cache / "bpviz").write_text("a file where the folder should be")
    monkeypatch.setattr(sys, "executable", str(Path("no such program")))
    loader = KernelLoader()
    assert not loaded(loader)
    assert loader.notice is not None
    assert "doctor" in loader.notice
    loader.close()


def test_a_loader_that_is_closed_ends_its_process(own_cache: Path) -> None:
    loader = KernelLoader()
    loader.ready(PROGRAMS[0])
    loader.start()
    while loader._process is None and loader._thread.is_alive():
        loader._thread.join(0.01)
    assert loader._process is not None
    loader.close()
    assert loader._process.poll() is not None
    assert loader.error is None


def test_a_loader_that_never_began_is_closed() -> None:
    KernelLoader().close()
