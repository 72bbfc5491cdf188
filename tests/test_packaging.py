"""Setting up on a fresh machine: what is missing, what is remembered, and that the lock files agree."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from bpviz import display

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "packaging" / "run.py"


@pytest.fixture
def setup() -> ModuleType:
    """The set-up script as a module of its own."""
    spec = importlib.util.spec_from_file_location("bpviz_setup", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Commands:
    """Takes the place of running commands: it notes them and says how they ended."""

    def __init__(self, *failing: str) -> None:
        self.lines: list[str] = []
        self._failing = failing

    def __call__(self, command: list[object], **_: object) -> int:
        line = " ".join(str(word) for word in command)
        self.lines.append(line)
        return int(any(word in line for word in self._failing))


# ---- what the machine lacks


@pytest.fixture
def lacking(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """A Debian where two libraries are missing; notes what is run."""
    commands = Commands()
    missing = [library for library in display.DRAWING if library.file in ("libGL.so.1", "libEGL.so.1")]
    monkeypatch.setattr(setup, "run", commands)
    monkeypatch.setattr(setup, "lacks_venv", lambda: False)
    monkeypatch.setattr(setup.display, "missing_libraries", lambda environment: missing)
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/usr/bin/{name}")
    return commands


LINE = "apt-get update && apt-get install -y --no-install-recommends libgl1 libegl1"


@pytest.mark.parametrize(("uv", "lacks"), [(None, True), ("/usr/bin/uv", False)])
def test_python_without_ensurepip_needs_the_venv_package_or_uv(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, uv: str | None, lacks: bool
) -> None:
    monkeypatch.setattr(setup.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(setup.shutil, "which", lambda name: uv)
    assert setup.lacks_venv() == lacks


def test_an_ordinary_user_is_told_what_root_has_to_run(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, lacking: Commands
) -> None:
    monkeypatch.setattr(setup.os, "geteuid", lambda: 1000)
    with pytest.raises(setup.SetupError, match="as root") as caught:
        setup.provide_system_packages({})
    assert str(caught.value).splitlines()[-1] == f"    {LINE}"
    assert lacking.lines == []


def test_root_sees_the_line_and_it_is_run(
    setup: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    lacking: Commands,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(setup.os, "geteuid", lambda: 0)
    setup.provide_system_packages({})
    assert LINE in capsys.readouterr().out
    assert lacking.lines == [f"sh -c {LINE}"]


def test_the_package_for_virtual_environments_is_installed_with_the_others(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, lacking: Commands
) -> None:
    monkeypatch.setattr(setup.os, "geteuid", lambda: 0)
    monkeypatch.setattr(setup, "lacks_venv", lambda: True)
    setup.provide_system_packages({})
    assert lacking.lines[0].endswith("python3-venv libgl1 libegl1")


def test_a_failed_line_stops_the_set_up(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, lacking: Commands
) -> None:
    monkeypatch.setattr(setup, "run", Commands("apt-get"))
    monkeypatch.setattr(setup.os, "geteuid", lambda: 0)
    with pytest.raises(setup.SetupError, match="could not be installed"):
        setup.provide_system_packages({})


def test_a_system_without_apt_is_given_the_names(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, lacking: Commands
) -> None:
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    with pytest.raises(setup.SetupError, match=r"libgl1 libegl1 \(Debian\)"):
        setup.provide_system_packages({})
    monkeypatch.setattr(setup.display, "missing_libraries", lambda environment: [])
    setup.provide_system_packages({})  # nothing is missing
    monkeypatch.setattr(setup, "lacks_venv", lambda: True)
    with pytest.raises(setup.SetupError, match="ensurepip"):
        setup.provide_system_packages({})
    assert lacking.lines == []


def test_the_tests_need_no_screen_and_the_window_needs_that_of_the_session(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, str]] = []
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setattr(setup, "provide_system_packages", lambda environment: asked.append(dict(environment)))
    monkeypatch.setattr(setup, "set_up", lambda requirements: None)
    monkeypatch.setattr(setup, "become", Commands())
    monkeypatch.chdir(ROOT)
    setup.main(["test"])
    setup.main(["examples"])
    assert [setup.display.platforms(environment) for environment in asked] == [["offscreen"], ["xcb"]]


# ---- what is remembered


def test_a_set_up_counts_until_the_requirements_or_python_change(setup: ModuleType, tmp_path: Path) -> None:
    requirements = tmp_path / "some.txt"
    requirements.write_text("numpy==2.4.6\n")
    assert not setup.is_set_up(tmp_path, requirements, (3, 11))
    setup.note_set_up(tmp_path, requirements, (3, 11))
    assert setup.is_set_up(tmp_path, requirements, (3, 11))
    assert not setup.is_set_up(tmp_path, requirements, (3, 13))
    requirements.write_text("numpy==2.5.5\n")
    assert not setup.is_set_up(tmp_path, requirements, (3, 11))


def test_what_was_set_up_for_the_tests_serves_the_program(setup: ModuleType, tmp_path: Path) -> None:
    setup.note_set_up(tmp_path, setup.TEST_REQUIREMENTS, (3, 11))
    assert setup.is_set_up(tmp_path, setup.REQUIREMENTS, (3, 11))
    setup.note_set_up(tmp_path / "..", setup.REQUIREMENTS, (3, 11))
    assert not setup.is_set_up(tmp_path / "..", setup.TEST_REQUIREMENTS, (3, 11))


def test_an_interpreter_tells_its_version_and_a_broken_one_tells_none(
    setup: ModuleType, tmp_path: Path
) -> None:
    assert setup.python_version(Path(sys.executable)) == sys.version_info[:2]
    assert setup.python_version(tmp_path / "python") is None


def test_a_finished_set_up_runs_no_command(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = Commands()
    monkeypatch.setattr(setup, "run", commands)
    monkeypatch.setattr(setup, "python_version", lambda python: (3, 11))
    monkeypatch.setattr(setup, "is_set_up", lambda *_: True)
    setup.set_up(setup.REQUIREMENTS)
    assert commands.lines == []


def test_a_new_environment_is_made_filled_and_remembered(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    commands = Commands()
    monkeypatch.setattr(setup, "run", commands)
    monkeypatch.setattr(setup, "VENV", tmp_path)
    monkeypatch.setattr(setup, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    setup.set_up(setup.REQUIREMENTS)
    made, brought_pip, installed = commands.lines
    assert "-m venv" in made
    assert "ensurepip" in brought_pip
    assert "-m pip install" in installed
    assert "--require-hashes" in installed
    assert setup.is_set_up(tmp_path, setup.REQUIREMENTS, sys.version_info[:2])


def test_an_extra_is_installed_beside_what_is_there(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[Path] = []
    monkeypatch.setattr(setup, "provide_system_packages", lambda environment: None)
    monkeypatch.setattr(setup, "set_up", done.append)
    assert setup.main(["extra", "arrow", "onnx"]) == 0
    assert [path.name for path in done] == ["requirements-arrow.txt", "requirements-onnx.txt"]
    assert "The extra onnx is installed." in capsys.readouterr().out


@pytest.mark.parametrize(("words", "said"), [(["tensor"], "no extra tensor"), ([], "arrow, mp4, onnx")])
def test_an_extra_that_does_not_exist_is_refused(setup: ModuleType, words: list[str], said: str) -> None:
    with pytest.raises(setup.SetupError, match=said):
        setup.main(["extra", *words])


def test_a_failed_installation_is_not_remembered(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(setup, "run", Commands("pip install"))
    monkeypatch.setattr(setup, "VENV", tmp_path)
    monkeypatch.setattr(setup, "PYTHON", tmp_path / "bin" / "python")
    with pytest.raises(setup.SetupError, match="could not be installed"):
        setup.set_up(setup.REQUIREMENTS)
    assert not setup.is_set_up(tmp_path, setup.REQUIREMENTS, sys.version_info[:2])


def test_uv_installs_where_it_is_there_and_pip_where_uv_fails(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup.shutil, "which", lambda name: "/usr/bin/uv")
    with_uv, without_uv = Commands(), Commands("/usr/bin/uv")
    monkeypatch.setattr(setup, "run", with_uv)
    assert setup.install(setup.REQUIREMENTS)
    assert len(with_uv.lines) == 1
    monkeypatch.setattr(setup, "run", without_uv)
    assert setup.install(setup.REQUIREMENTS)
    assert "-m pip install" in without_uv.lines[-1]


def test_an_old_python_is_told_which_one_is_needed(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup.sys, "version_info", (3, 9, 2))
    with pytest.raises(setup.SetupError, match=r"needs Python 3\.11 or newer"):
        setup.main([])


# ---- what is started


@pytest.mark.parametrize(
    ("arguments", "shown", "started"),
    [
        ([], True, ["-m bpviz"]),
        (["examples"], False, ["-m bpviz examples"]),
        (["test", "-k", "spiral"], False, ["-m pytest -k spiral"]),
        (["test", "--long", "edits"], False, ["-m tests.long edits"]),
        (
            [],
            False,
            [
                "-m bpviz train --example spiral --out bpviz-out",
                "-m bpviz open --screenshot bpviz-out/window.png --after 3000",
            ],
        ),
    ],
)
def test_the_words_on_the_line_decide_what_starts(
    setup: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    shown: bool,
    started: list[str],
) -> None:
    commands = Commands()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "")
    (tmp_path / "bpviz-out").mkdir()
    monkeypatch.setattr(setup, "run", commands)
    monkeypatch.setattr(setup, "become", commands)
    monkeypatch.setattr(setup, "provide_system_packages", lambda environment: None)
    monkeypatch.setattr(setup, "set_up", lambda requirements: None)
    monkeypatch.setattr(setup.display, "has_display", lambda environment: shown)
    assert setup.main(arguments) == 0
    assert commands.lines == [f"{setup.PYTHON} {line}" for line in started]


def test_without_a_display_the_results_are_listed(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bpviz-out").mkdir()
    (tmp_path / "bpviz-out" / "weights.npz").write_bytes(bytes(1234))
    monkeypatch.setattr(setup, "run", Commands())
    assert setup.work_without_window() == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Written to {tmp_path / 'bpviz-out'}:"
    assert lines[1].split() == ["weights.npz", "1,234", "bytes"]


def test_a_command_that_fails_hands_its_exit_code_on(setup: ModuleType) -> None:
    assert setup.run([sys.executable, "-c", "import sys; sys.exit(2)"]) == 2


def test_the_last_command_takes_the_place_of_the_script() -> None:
    code = """
        import os, sys
        sys.path.insert(0, "packaging")
        from run import become
        print(os.getpid(), flush=True)
        become([sys.executable, "-c", "import os; print(os.getpid())"])
    """
    command = [sys.executable, "-B", "-c", dedent(code)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    before, after = answer.stdout.split()
    assert before == after


# ---- the lock files


def _uv(*arguments: str) -> str:
    answer = subprocess.run(
        [sys.executable, "-m", "uv", *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def _without_comments(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_the_lock_answers_pyproject() -> None:
    _uv("lock", "--check", "--offline", "--python", sys.executable)


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("requirements.txt", ["--no-default-groups"]),
        ("requirements-dev.txt", []),
        ("requirements-arrow.txt", ["--no-default-groups", "--extra", "arrow"]),
        ("requirements-mp4.txt", ["--no-default-groups", "--extra", "mp4"]),
        ("requirements-onnx.txt", ["--no-default-groups", "--extra", "onnx"]),
    ],
)
def test_the_requirements_for_pip_say_what_the_lock_says(name: str, groups: list[str]) -> None:
    options = ["--frozen", "--offline", "--no-emit-project", "--no-annotate", "--python", sys.executable]
    exported = _uv("export", *groups, *options)
    committed = (ROOT / "packaging" / name).read_text()
    assert _without_comments(committed) == _without_comments(exported), (
        "run the command in its first lines again"
    )


def test_every_extra_can_be_installed_by_its_name(setup: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert set(setup.EXTRAS) == set(project["optional-dependencies"])
    assert all(name in (setup.__doc__ or "") for name in setup.EXTRAS)


def test_the_lock_names_no_source_but_the_public_index() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    sources = {next(iter(package["source"].items())) for package in lock["package"]}
    assert sources == {("editable", "."), ("registry", "https://pypi.org/simple")}


def test_the_version_is_the_same_everywhere() -> None:
    import bpviz

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert bpviz.__version__ == project["version"]
