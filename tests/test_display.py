"""What keeps Qt from opening a window is found before Qt is loaded, and told in a sentence."""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import PySide6
import pytest

from bpviz import display
from bpviz.display import DRAWING, NO_DISPLAY, WAYLAND, X11, Library, obstacle

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt finds its screen elsewhere")

ROOT = Path(__file__).resolve().parents[1]
QT = Path(PySide6.__file__).parent / "Qt"
LOADED_BY_QT = {
    "drawing": (DRAWING, ["lib/libQt6Gui.so.6", "lib/libQt6Widgets.so.6", "lib/libQt6DBus.so.6"]),
    "X11": (X11, ["plugins/platforms/libqxcb.so", "lib/libQt6XcbQpa.so.6"]),
    "Wayland": (WAYLAND, ["plugins/platforms/libqwayland.so", "lib/libQt6WaylandClient.so.6"]),
}
# The C and C++ runtimes and what Python itself and dpkg stand on are on every machine.
EVERYWHERE = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "libz.so.1"}


@pytest.fixture
def lack(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Take libraries away."""

    def take(*files: str) -> None:
        monkeypatch.setattr(display, "can_load", lambda file: file not in files)

    take()
    return take


@pytest.fixture
def wayland(tmp_path_factory: pytest.TempPathFactory, lack: Callable[..., None]) -> Iterator[dict[str, str]]:
    """The environment of a Wayland session that answers."""
    folder = tmp_path_factory.mktemp("w")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "wayland-0"))
        server.listen()
        yield {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(folder)}


def needed(file: Path) -> set[str]:
    """Read from a 64-bit ELF file which libraries it asks the dynamic linker for."""
    data = file.read_bytes()
    table, size, count = (*struct.unpack_from("<Q", data, 32), *struct.unpack_from("<HH", data, 54))
    parts = [struct.unpack_from("<IIQQQQ", data, table + size * number) for number in range(count)]
    offset, length = next((part[2], part[5]) for part in parts if part[0] == 2)  # PT_DYNAMIC
    entries = list(struct.iter_unpack("<qQ", data[offset : offset + length - length % 16]))
    address = next(value for tag, value in entries if tag == 5)  # DT_STRTAB
    names = next(
        address - part[3] + part[2] for part in parts if part[0] == 1 and 0 <= address - part[3] < part[5]
    )
    starts = [names + value for tag, value in entries if tag == 1]  # DT_NEEDED
    return {data[start : data.index(0, start)].decode() for start in starts}


# ---- one truth


@pytest.mark.skipif(
    sys.byteorder != "little" or sys.maxsize < 2**32, reason="the files are read as 64-bit ELF"
)
@pytest.mark.parametrize("kind", LOADED_BY_QT)
def test_every_library_that_qt_asks_the_system_for_has_a_package(kind: str) -> None:
    table, files = LOADED_BY_QT[kind]
    asked = {name for file in files for name in needed(QT / file)}
    own = {file.name for folder in (QT / "lib", QT.parent) for file in folder.iterdir()}
    known = {library.file for library in (*DRAWING, *table)} | EVERYWHERE
    assert asked - own - known == set()
    assert asked & {library.file for library in table}


def test_every_library_has_a_name_in_every_distribution_and_stands_there_once() -> None:
    libraries = (*DRAWING, *X11, *WAYLAND)
    assert {len(library.names.split()) for library in libraries} == {len(display.INSTALLERS)}
    assert len({library.file for library in libraries}) == len(libraries)


def test_the_set_up_script_can_ask_before_anything_is_installed() -> None:
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import bpviz.display
print(*{{name.partition(".")[0] for name in sys.modules}} - sys.stdlib_module_names)
"""
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert set(answer.stdout.split()) == {"__main__", "bpviz"} - sys.stdlib_module_names


# ---- libraries


def test_a_library_that_lacks_is_named_with_the_line_that_installs_it(
    wayland: dict[str, str], lack: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    lack("libwayland-cursor.so.0", "libEGL.so.1")
    found = obstacle(wayland)
    assert found is not None
    assert found.text.endswith("(libEGL.so.1, libwayland-cursor.so.0)")
    assert found.line.endswith("install -y --no-install-recommends libegl1 libwayland-cursor0")
    assert str(found) == f"{found.text}; type as root:\n    {found.line}"


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("dnf", "dnf install -y xcb-util-cursor libxcb"),
        ("pacman", "pacman -S --needed xcb-util-cursor libxcb"),
        ("zypper", "zypper install -y libxcb-cursor0 libxcb-shape0 libxcb-shm0"),
    ],
)
def test_each_system_is_given_its_own_line(monkeypatch: pytest.MonkeyPatch, program: str, line: str) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: name if name == program else None)
    names = ("libxcb-cursor.so.0", "libxcb-shape.so.0", "libxcb-shm.so.0")
    assert display.lack_of([library for library in X11 if library.file in names]).line == line


def test_a_system_that_nobody_knows_is_told_what_others_call_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    line = display.lack_of([Library("libGL.so.1", "libgl1 libglvnd-glx libglvnd libglvnd")]).line
    assert line == "libgl1 (Debian), libglvnd-glx (Fedora), libglvnd (Arch Linux), libglvnd (openSUSE)"


def test_libraries_of_x11_count_only_for_x11(wayland: dict[str, str], lack: Callable[..., None]) -> None:
    lack("libxcb-cursor.so.0")
    assert obstacle(wayland) is None
    assert obstacle({"QT_QPA_PLATFORM": "offscreen"}) is None
    assert display.missing_libraries(wayland) == []


def test_libraries_of_one_screen_that_answers_are_enough(
    wayland: dict[str, str], lack: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(display._SCREENS, "xcb", lambda environment: None)
    both = {**wayland, "DISPLAY": ":0"}
    lack("libwayland-client.so.0")
    assert obstacle(both) is None
    assert display.missing_libraries(both) == []
    lack("libwayland-client.so.0", "libwayland-cursor.so.0", "libxcb-cursor.so.0")
    assert [library.file for library in display.missing_libraries(both)] == ["libxcb-cursor.so.0"]


def test_what_draws_is_needed_without_a_screen_too(lack: Callable[..., None]) -> None:
    lack("libEGL.so.1", "libxcb-cursor.so.0")
    assert [library.file for library in display.missing_libraries({})] == ["libEGL.so.1"]
    assert "libEGL.so.1" in str(obstacle({"QT_QPA_PLATFORM": "offscreen"}))


def test_whether_a_library_loads_is_asked_of_the_linker() -> None:
    assert display.can_load("libc.so.6")
    assert not display.can_load("libnothing-of-this-name.so.0")


# ---- screens


def test_without_a_display_a_picture_is_offered() -> None:
    assert obstacle({}) == NO_DISPLAY
    assert obstacle({"QT_QPA_PLATFORM": "xcb"}) == NO_DISPLAY
    assert obstacle({"QT_QPA_PLATFORM": "wayland-egl"}) == NO_DISPLAY
    assert not display.has_display({})


def test_an_x_server_that_does_not_answer_is_named() -> None:
    if not display.can_load("libxcb.so.1"):
        pytest.skip("libxcb is not here")
    environment = {"DISPLAY": ":4711"}
    assert "DISPLAY=:4711" in str(obstacle(environment))
    assert not display.has_display(environment)
    assert obstacle({"DISPLAY": "no display"}) is not None


def test_where_nobody_can_ask_the_x_server_its_library_is_what_lacks(
    lack: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(file: str) -> object:
        raise OSError(file)

    monkeypatch.setattr(ctypes, "CDLL", load)
    lack("libxcb.so.1")
    assert "(libxcb.so.1)" in str(obstacle({"DISPLAY": ":0"}))


def test_a_wayland_session_answers_at_its_socket(wayland: dict[str, str]) -> None:
    assert obstacle(wayland) is None
    assert display.has_display(wayland)
    path = Path(wayland["XDG_RUNTIME_DIR"], "wayland-0")
    assert obstacle({"WAYLAND_DISPLAY": str(path)}) is None
    path.unlink()
    assert f"at {path}" in str(obstacle(wayland))
    assert not display.has_display(wayland)


def test_a_wayland_session_without_a_folder_is_told_which_variable_lacks() -> None:
    assert "XDG_RUNTIME_DIR, which is not set" in str(obstacle({"WAYLAND_DISPLAY": "wayland-0"}))


def test_one_screen_that_answers_is_enough(wayland: dict[str, str]) -> None:
    assert obstacle({**wayland, "DISPLAY": ":4711"}) is None


# ---- what Qt is told


def test_a_platform_that_qt_does_not_have_is_named_with_those_it_has() -> None:
    found = obstacle({"QT_QPA_PLATFORM": "nonsense"})
    assert found is not None
    assert "'nonsense'" in found.text
    assert "offscreen" in found.text
    assert found.line == "unset QT_QPA_PLATFORM"


@pytest.mark.parametrize("name", ["offscreen", "minimal", "vnc:size=1280x800", "nonsense;offscreen"])
def test_a_platform_that_qt_has_is_left_to_it(name: str, lack: Callable[..., None]) -> None:
    assert obstacle({"QT_QPA_PLATFORM": name}) is None
    assert display.has_display({"QT_QPA_PLATFORM": name})


def test_plugins_from_elsewhere_are_not_doubted(lack: Callable[..., None]) -> None:
    assert obstacle({"QT_QPA_PLATFORM": "own", "QT_PLUGIN_PATH": "/opt/plugins"}) is None


def test_a_wish_of_the_user_comes_before_the_session(wayland: dict[str, str]) -> None:
    assert display.platforms({**wayland, "DISPLAY": ":0"}) == ["wayland", "xcb"]
    assert display.platforms({**wayland, "QT_QPA_PLATFORM": "xcb"}) == ["xcb"]


def test_other_systems_have_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(display, "can_load", lambda file: False)
    assert obstacle({}) is None
    assert display.has_display({})
    assert display.missing_libraries({}) == []


# ---- Qt's own words


@pytest.mark.parametrize(
    ("said", "telling"),
    [
        ("first\nlast\n", "last"),
        (
            "could not connect to display \nAvailable platform plugins are: a, b.",
            "could not connect to display",
        ),
        ("Could not load the Qt platform plugin", "Could not load the Qt platform plugin"),
        ("\n", "Qt does not say why"),
    ],
)
def test_the_line_that_says_why_is_chosen(said: str, telling: str) -> None:
    assert display.cause(said.splitlines()) == telling


# ---- the program itself


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "no display"),
        ({"DISPLAY": ":4711"}, "DISPLAY=:4711"),
        ({"WAYLAND_DISPLAY": "/nowhere/wayland-0"}, "/nowhere/wayland-0"),
        ({"QT_QPA_PLATFORM": "nonsense"}, "'nonsense'"),
        ({"QT_QPA_PLATFORM": "nonsense", "QT_PLUGIN_PATH": "/nowhere"}, '"nonsense"'),  # only Qt itself knows
        ({"QT_QPA_PLATFORM": "offscreen:configfile=none.json"}, "can't open a window"),  # no screen at all
    ],
)
def test_where_qt_would_abort_the_program_says_a_sentence(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    (tmp_path / "none.json").write_text('{"screens": []}')
    unset = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_SESSION_TYPE")
    environment = {name: value for name, value in os.environ.items() if name not in unset} | settings
    command = [sys.executable, "-m", "bpviz"]
    answer = subprocess.run(
        command, env=environment, capture_output=True, text=True, cwd=tmp_path, timeout=100
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    sentence, line = answer.stderr.splitlines()
    assert named in sentence
    assert line.startswith("    ")
