from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from bpviz.engine.kernels import cache
from bpviz.engine.kernels.engine import PROGRAMS
from bpviz.engine.kernels.loader import KernelLoader, prepare
from bpviz.engine.kernels.process import compiling
from bpviz.engine.kernels.programs import program
from tests.engine.processes import printed


def test_programs_are_kept_in_the_users_cache(own_cache: Path) -> None:
    folder = cache.cache_folder()
    assert folder.is_relative_to(own_cache)
    assert cache.cache_folder() == folder
    assert not folder.exists()  # as long as there is nothing to keep


def test_a_cache_that_cannot_be_written_to_is_replaced_by_a_temporary_folder(own_cache: Path) -> None:
    (own_cache / "bpviz").write_text("a file where the folder should be")
    folder = cache.cache_folder()
    assert folder.is_dir()
    assert not folder.is_relative_to(own_cache)


def test_a_damaged_cache_is_emptied(own_cache: Path) -> None:
    folder = cache.cache_folder()
    folder.mkdir()
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
    signatures = ()
    def disable_compile(self, value=True): pass
    def enable_caching(self): pass
    def compile(self, signature):
        self.compiled += 1
        if self.compiled == 1:
            raise EOFError

folder = Path(sys.argv[1])
(folder / "damaged").write_bytes(b"")
program = Damaged()
programs._compile(program, None, folder)
print(program.compiled, len(list(folder.iterdir())))
"""
    assert printed(code, tmp_path) == ["2", "0"]


def test_a_program_that_is_kept_is_noted(own_cache: Path) -> None:
    folder = cache.cache_folder()
    folder.mkdir()
    assert not cache.is_noted(folder, PROGRAMS[0])
    cache.note_cached(folder, PROGRAMS[0])
    assert [cache.is_noted(folder, name) for name in PROGRAMS] == [True, False, False, False]


def test_a_note_that_cannot_be_written_is_left_out(own_cache: Path) -> None:
    cache.note_cached(own_cache / "nowhere", PROGRAMS[0])
    assert not cache.is_noted(own_cache / "nowhere", PROGRAMS[0])


def test_folders_used_long_ago_are_thrown_away(own_cache: Path) -> None:
    folder = cache.cache_folder()
    for age in range(6):
        other = folder.parent / f"kernels-{age}"
        other.mkdir()
        if age > 1:  # those used last hold nothing, and count for nothing
            (other / "program").touch()
        os.utime(other, (1e9 - age, 1e9 - age))
    folder.mkdir()
    cache.prune(folder)
    assert {other.name for other in folder.parent.iterdir()} == {folder.name, "kernels-2", "kernels-3"}


def test_a_temporary_folder_has_no_neighbors_to_throw_away(tmp_path: Path) -> None:
    for name in ("kernels-a", "kernels-b", "kernels-c", "kernels-d"):
        (tmp_path / name).mkdir()
    cache.prune(tmp_path / "kernels-a")
    assert len(list(tmp_path.iterdir())) == 4


def test_one_process_at_a_time_compiles(own_cache: Path) -> None:
    folder = cache.cache_folder()
    entered: list[str] = []

    def enter() -> None:
        with cache.alone(folder):
            entered.append("second")

    second = threading.Thread(target=enter)
    with cache.alone(folder):
        second.start()
        second.join(0.05)
        entered.append("first")
    second.join()
    assert entered == ["first", "second"]


def test_what_is_not_whole_or_not_for_these_sources_is_found_out_without_compiling(tmp_path: Path) -> None:
    # In a process of its own, because a program that is loaded once stays loaded.
    loader = KernelLoader()
    assert loaded(loader)
    loader.close()
    shutil.copytree(cache.cache_folder(), tmp_path, dirs_exist_ok=True)
    code = """
import shutil
import sys
from pathlib import Path
from numba.core.caching import _CacheLocator
from bpviz.engine.kernels import links, programs

name, folder = sys.argv[1], Path(sys.argv[2])
# Checkouts with the same sources share the cache, each with a folder of its own in it.
own = _CacheLocator.get_suitable_cache_subpath(links.__file__)
index = next((folder / own).glob("links*.nbi"))
whole = index.read_bytes()
index.write_bytes(b"garbage")
print(programs.load(name, folder))
index.write_bytes(whole)
other = index.parent.rename(folder / "elsewhere")
print(programs.load(name, folder))
shutil.rmtree(index.parent, ignore_errors=True)  # numba may have begun another one
other.rename(index.parent)
print(programs.load(name, folder), len(programs.program(name, folder).signatures))
"""
    assert printed(code, PROGRAMS[0], tmp_path) == ["damaged", "missing", "ready", "1"]


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


def test_matrices_are_multiplied_by_one_thread_although_another_thread_loaded_the_program() -> None:
    # As in the window.  In a process of its own, whose libraries would use two threads if they were let.
    code = """
from threadpoolctl import threadpool_info
from bpviz.engine.kernels.loader import KernelLoader, compiling, prepare
from bpviz.engine.kernels.programs import program
from bpviz.engine.threads import use_one_thread
import numpy

use_one_thread()
loader = KernelLoader()
loader.ready("blocks float64")
loader.start()
while not loader.ready("blocks float64") and loader.error is None:
    loader._thread.join(0.01)
print(loader.ready("blocks float64"), *{pool["num_threads"] for pool in threadpool_info()})
loader.close()
"""
    assert printed(code, threads=2) == ["True", "1"]


def test_notes_without_programs_make_another_process_compile_and_never_this_one(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = cache.cache_folder()
    folder.mkdir()
    for name in PROGRAMS:
        cache.note_cached(folder, name)
    started: list[list[str]] = []

    def refuse(_folder: Path, names: Sequence[str]) -> None:
        started.append(list(names))
        raise OSError

    monkeypatch.setattr("bpviz.engine.kernels.programs.load", lambda name, folder: "missing")
    monkeypatch.setattr("bpviz.engine.kernels.loader.compiling", refuse)
    loader = KernelLoader()
    assert not loaded(loader, PROGRAMS[2])
    assert [sorted(names) for names in started] == [sorted(PROGRAMS)]
    assert started[0][0] == PROGRAMS[2]
    loader.close()


def test_the_process_that_compiles_ends_with_its_input(own_cache: Path) -> None:
    with compiling(cache.cache_folder(), PROGRAMS) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait() == 1


@pytest.fixture
def loaded_before() -> None:
    """A program that is loaded, from the cache of all tests."""
    program(PROGRAMS[0])


def test_who_waits_for_a_program_is_told_once_and_gets_it_even_if_no_process_can_be_started(
    loaded_before: None, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In this order: so nothing is compiled for this test.
    monkeypatch.setattr(sys, "executable", str(Path("no such program")))
    told: list[str] = []
    prepare(PROGRAMS[0], told.append)
    assert len(told) == 1
    assert "Preparing the compiled engine" in told[0]


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
    cache.cache_folder().mkdir()
    cache.note_cached(cache.cache_folder(), PROGRAMS[0])
    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", faults.append)
    monkeypatch.setattr("bpviz.engine.kernels.programs.load", None)
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
