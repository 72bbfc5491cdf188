"""Roots of other machines: what they take from this one, what is asked of a command, what the table says."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "packaging" / "bare_roots.py"


@pytest.fixture
def roots(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module of its own."""
    spec = importlib.util.spec_from_file_location("bpviz_bare_roots", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # dataclasses look there
    spec.loader.exec_module(module)
    return module


def test_settings_come_along_with_the_files_they_name_and_without_folders_of_the_host(
    roots: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root, host = tmp_path / "root", tmp_path / "host"
    (root / "etc/apt/apt.conf.d").mkdir(parents=True)
    host.mkdir()
    (host / "ca.crt").write_text("certificate")
    (host / "pip.conf").write_text(
        f"[global]\ncert = {host / 'ca.crt'}\nindex-url = https://mirror/simple\nfind-links = {host}\n"
        "extra-index-url = file:///wheels\n"
    )
    monkeypatch.setattr(roots, "PIP_CONFIGURATIONS", [str(host / "pip.conf")])
    monkeypatch.setattr(roots, "TAKEN_FILES", ())
    dump = subprocess.CompletedProcess([], 0, 'Acquire::Retries "3";\nDPkg::Post-Invoke "reboot";\n')
    monkeypatch.setattr(roots.subprocess, "run", lambda *_, **__: dump)
    variables = {
        "PIP_CERT": str(host / "ca.crt"),
        "PIP_FIND_LINKS": str(host),
        "https_proxy": "p:1",
        "TERM": "x",
    }
    copy = f"/opt/host{host}/ca.crt"
    assert roots.take_settings(root, variables) == {"PIP_CERT": copy, "https_proxy": "p:1"}
    assert (root / copy.lstrip("/")).read_text() == "certificate"
    assert (root / "etc/apt/apt.conf.d/00host").read_text() == 'Acquire::Retries "3";\n'
    lines = (root / "etc/pip.conf").read_text().splitlines()
    assert [line for line in lines if line] == [
        "[global]",
        f"cert = {copy}",
        "index-url = https://mirror/simple",
    ]


def test_one_line_for_root_is_found(roots: ModuleType) -> None:
    said = "bpviz needs packages. Run this as root, then start again:\n    apt-get install x\n"
    assert roots.names_a_line_for_root(said) == ""
    assert roots.lines_for_root(said) == ["apt-get install x"]
    assert roots.names_a_line_for_root("Traceback\n    a\n    b\n")


def test_a_set_up_is_wanted_once(roots: ModuleType) -> None:
    said = "Setting up bpviz in .venv\n"
    assert roots.has_set_up(said) == roots.has_found_all("") == ""
    assert roots.has_set_up("")
    assert roots.has_found_all(said)


def test_tests_have_to_run(roots: ModuleType) -> None:
    assert roots.has_tested("3 passed in 2 s") == ""
    assert roots.has_tested("no tests ran")


def test_a_command_tells_its_exit_code_and_leaves_what_it_printed(roots: ModuleType, tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert (
        roots.run([sys.executable, "-c", "import sys; print(sys.stdin.read() + 'x'); sys.exit(3)"], log) == 3
    )
    assert roots.tail(log) == "x"


def test_a_command_that_does_not_end_is_ended(
    roots: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(roots, "LONGEST_S", 0.01)
    assert roots.run([sys.executable, "-c", "import time; time.sleep(100)"], tmp_path / "log") != 0


def test_the_table_says_what_went_wrong(roots: ModuleType) -> None:
    steps = [
        roots.Step("Debian 12", "root", "start 1", 61.4, ""),
        roots.Step("Debian 13", "x", "test 1", 5, "no"),
    ]
    lines = [line.split() for line in roots.table(steps).splitlines()]
    assert lines[0] == ["machine", "user", "step", "seconds", "verdict"]
    assert lines[1:] == [
        ["Debian", "12", "root", "start", "1", "61", "good"],
        ["Debian", "13", "x", "test", "1", "5", "no"],
    ]


def test_one_failure_fails_the_whole(
    roots: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = []

    class Machine:
        def __init__(self, root: Path, name: str, user: str, steps: list[object]) -> None:
            self.steps, self.step = steps, (name, user)
            self.is_there, self.variables = True, dict[str, str]()

        def make_from(self, base: Path) -> None:
            made.append((self.step, base))

        def try_commands(self, starts: int, tests: int) -> None:
            trouble = "broken" if self.step == failing else ""
            self.steps.append(roots.Step(*self.step, f"{starts} and {tests}", 1.0, trouble))

    monkeypatch.setattr(roots, "check_host", lambda: None)
    monkeypatch.setattr(roots.signal, "signal", lambda *_: None)
    monkeypatch.setattr(roots, "bare_root", lambda *_: tmp_path)
    monkeypatch.setattr(roots, "Machine", Machine)
    failing = ("Debian 13", "tester")
    assert roots.main(["--keep", str(tmp_path)]) == 1
    assert roots.main(["--keep", str(tmp_path), "--release", "bookworm"]) == 0
    assert roots.main(["--keep", str(tmp_path), "--user", "root", "--tests", "1"]) == 0
    assert len(made) == 4 + 2 + 2
    assert roots.main(["--keep", str(tmp_path), "--go-on"]) == 1
    assert len(made) == 4 + 2 + 2, "what was kept was made anew"


def test_an_ordinary_user_is_told_to_be_root(roots: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roots.os, "geteuid", lambda: 1000)
    with pytest.raises(roots.HostError, match="as root"):
        roots.check_host()
