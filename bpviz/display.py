"""Whether Qt can open a window here, found out before Qt is loaded: where it can't, it ends the process.

Only the standard library is used, so that ``packaging/run.py`` can ask before anything is installed.

To add a library that Qt needs, add a line to `DRAWING`, `X11` or `WAYLAND`; a test compares them with what
the installed Qt names.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

PICTURE: Final = "bpviz open --screenshot window.png"
ELSEWHERE: Final = "start bpviz from a terminal on a screen that does, or draw a picture of the window"
INSTALLERS: Final = {
    "Debian": ("apt-get", "apt-get update && apt-get install -y --no-install-recommends"),
    "Fedora": ("dnf", "dnf install -y"),
    "Arch Linux": ("pacman", "pacman -S --needed"),
    "openSUSE": ("zypper", "zypper install -y"),
}
"""What installs packages, a program and the line to type, by distribution."""


@dataclass(frozen=True, slots=True)
class Library:
    """A library that PyPI can't bring.

    Attributes:
        file: What the dynamic linker looks for.
        names: What each distribution calls its package, in the order of `INSTALLERS`, with spaces between.
    """

    file: str
    names: str


DRAWING: Final = (
    Library("libglib-2.0.so.0", "libglib2.0-0 glib2 glib2 libglib-2_0-0"),
    Library("libgthread-2.0.so.0", "libglib2.0-0 glib2 glib2 libgthread-2_0-0"),
    Library("libGL.so.1", "libgl1 libglvnd-glx libglvnd libglvnd"),
    Library("libEGL.so.1", "libegl1 libglvnd-egl libglvnd libglvnd"),
    Library("libfontconfig.so.1", "libfontconfig1 fontconfig fontconfig libfontconfig1"),
    Library("libfreetype.so.6", "libfreetype6 freetype freetype2 libfreetype6"),
    Library("libX11.so.6", "libx11-6 libX11 libx11 libX11-6"),
    Library("libxkbcommon.so.0", "libxkbcommon0 libxkbcommon libxkbcommon libxkbcommon0"),
    Library("libdbus-1.so.3", "libdbus-1-3 dbus-libs dbus libdbus-1-3"),
)
"""What Qt loads at its start, also to draw without a display."""
X11: Final = (
    Library("libxcb.so.1", "libxcb1 libxcb libxcb libxcb1"),
    Library("libX11-xcb.so.1", "libx11-xcb1 libX11-xcb libx11 libX11-xcb1"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0 xcb-util-cursor xcb-util-cursor libxcb-cursor0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4 xcb-util-wm xcb-util-wm libxcb-icccm4"),
    Library("libxcb-image.so.0", "libxcb-image0 xcb-util-image xcb-util-image libxcb-image0"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1 xcb-util-keysyms xcb-util-keysyms libxcb-keysyms1"),
    Library("libxcb-randr.so.0", "libxcb-randr0 libxcb libxcb libxcb-randr0"),
    Library("libxcb-render.so.0", "libxcb-render0 libxcb libxcb libxcb-render0"),
    Library(
        "libxcb-render-util.so.0",
        "libxcb-render-util0 xcb-util-renderutil xcb-util-renderutil libxcb-render-util0",
    ),
    Library("libxcb-shape.so.0", "libxcb-shape0 libxcb libxcb libxcb-shape0"),
    Library("libxcb-shm.so.0", "libxcb-shm0 libxcb libxcb libxcb-shm0"),
    Library("libxcb-sync.so.1", "libxcb-sync1 libxcb libxcb libxcb-sync1"),
    Library("libxcb-util.so.1", "libxcb-util1 xcb-util xcb-util libxcb-util1"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0 libxcb libxcb libxcb-xfixes0"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1 libxcb libxcb libxcb-xkb1"),
    Library(
        "libxkbcommon-x11.so.0", "libxkbcommon-x11-0 libxkbcommon-x11 libxkbcommon-x11 libxkbcommon-x11-0"
    ),
)
"""What Qt loads besides for a window on an X server."""
WAYLAND: Final = (
    Library("libwayland-client.so.0", "libwayland-client0 libwayland-client wayland libwayland-client0"),
    Library("libwayland-cursor.so.0", "libwayland-cursor0 libwayland-cursor wayland libwayland-cursor0"),
)
"""What Qt loads besides for a window in a Wayland session."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps a window from opening.

    Attributes:
        text: What is wrong, the beginning of a sentence.
        remedy: What to do about it, its end.
        line: What to type; it stands alone, without a full stop, so that it can be copied.
    """

    text: str
    remedy: str
    line: str

    @property
    def sentence(self) -> str:
        """What is wrong and what to do; the line to type follows."""
        return f"{self.text}; {self.remedy}:"

    def __str__(self) -> str:
        return f"{self.sentence}\n    {self.line}"


NO_DISPLAY: Final = Obstacle(
    "There is no display to open a window on",
    "draw a picture of it, or train without it (bpviz train --help)",
    PICTURE,
)


def obstacle(environment: Mapping[str, str] = os.environ) -> Obstacle | None:
    """Look for what Qt would end the process over; None if there is nothing of that kind.

    Qt tries one platform after the other, so one that works is enough; else the first one's obstacle counts.
    """
    if not sys.platform.startswith("linux"):
        return None
    found = [_obstacle_on(platform, environment) for platform in platforms(environment)]
    if not found:
        return NO_DISPLAY
    return None if None in found else found[0]


def has_display(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a screen answers, or Qt was told to draw elsewhere; libraries are another question."""
    if not sys.platform.startswith("linux"):
        return True
    return any(_silence_of(platform, environment) is None for platform in platforms(environment))


def platforms(environment: Mapping[str, str]) -> list[str]:
    """List the platforms that Qt will try, in order: those it was told to, or those of the session."""
    told = environment.get("QT_QPA_PLATFORM", "")
    if told:
        return [name.partition(":")[0] for name in told.split(";")]
    wayland = any(environment.get(name) for name in ("WAYLAND_DISPLAY", "WAYLAND_SOCKET"))
    return ["wayland"] * wayland + ["xcb"] * bool(environment.get("DISPLAY"))


def missing_libraries(environment: Mapping[str, str] = os.environ) -> list[Library]:
    """List the libraries without which Qt can't draw, or not on any screen that there is."""
    if not sys.platform.startswith("linux"):
        return []
    lacking = _lacking(DRAWING)
    answering = [name for name in platforms(environment) if _silence_of(name, environment) is None]
    on_screens = [_lacking(_LIBRARIES.get(_base(name), ())) for name in answering]
    return lacking + min(on_screens, key=len, default=[])


def lack_of(libraries: Sequence[Library]) -> Obstacle:
    """Say what is missing, and the line that installs it; what it is called, where no installer is known."""
    text = f"Qt needs libraries that this system lacks ({', '.join(library.file for library in libraries)})"
    for distribution, (program, line) in INSTALLERS.items():
        if shutil.which(program) is not None:
            return Obstacle(text, "type as root", f"{line} {' '.join(packages(libraries, distribution))}")
    names = [f"{' '.join(packages(libraries, name))} ({name})" for name in INSTALLERS]
    return Obstacle(text, "install what your system calls these packages", ", ".join(names))


def packages(libraries: Iterable[Library], distribution: str) -> list[str]:
    """List what a distribution calls the packages of libraries, each once."""
    column = list(INSTALLERS).index(distribution)
    return list(dict.fromkeys(library.names.split()[column] for library in libraries))


def cause(lines: Sequence[str]) -> str:
    """Choose the line that says most of those with which Qt gave up."""
    said = [line.strip() for line in lines if line.strip()]
    telling = [line for line in said if not line.startswith(_SAID_ALWAYS)]
    return [*said[:1], *telling][-1] if said else "Qt does not say why"


def can_load(file: str) -> bool:
    """Tell whether the dynamic linker finds a library, with all that it depends on."""
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def _lacking(libraries: Iterable[Library]) -> list[Library]:
    return [library for library in libraries if not can_load(library.file)]


def _base(platform: str) -> str:
    """Shorten ``wayland-egl`` and its like, which one plugin offers, to that plugin's name."""
    return platform.partition("-")[0]


def _obstacle_on(platform: str, environment: Mapping[str, str]) -> Obstacle | None:
    known = _known_platforms(environment)
    if known and _base(platform) not in known:
        text = f"QT_QPA_PLATFORM asks for {platform!r}, and this Qt knows only {', '.join(sorted(known))}"
        return Obstacle(text, "let it choose", "unset QT_QPA_PLATFORM")
    silence = _silence_of(platform, environment)
    lacking = _lacking((*DRAWING, *_LIBRARIES.get(_base(platform), ())))
    return lack_of(lacking) if lacking and silence is None else silence


def _known_platforms(environment: Mapping[str, str]) -> set[str]:
    """Find the names of Qt's plugins; empty where they are kept in another way than PyPI's Qt keeps them."""
    found = find_spec("PySide6")
    roots = found.submodule_search_locations if found is not None else None
    if any(environment.get(name) for name in ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")):
        return set()
    plugins = (file for root in roots or () for file in Path(root, "Qt/plugins/platforms").glob("libq*.so"))
    return {plugin.stem.removeprefix("libq") for plugin in plugins}


def _silence_of(platform: str, environment: Mapping[str, str]) -> Obstacle | None:
    """Say that a platform's screen does not answer; None if it does or there is nobody to ask."""
    ask = _SCREENS.get(_base(platform))
    return ask(environment) if ask is not None else None


def _silence_of_x11(environment: Mapping[str, str]) -> Obstacle | None:
    name = environment.get("DISPLAY")
    if not name:
        return NO_DISPLAY
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return None  # nobody can ask; the missing library is told of
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(os.fsencode(name), None))
    answers: bool = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    if answers:
        return None
    return Obstacle(f"The X server that DISPLAY={name} names does not answer", ELSEWHERE, PICTURE)


def _silence_of_wayland(environment: Mapping[str, str]) -> Obstacle | None:
    if environment.get("WAYLAND_SOCKET"):
        return None  # a connection that was handed over can be used only once
    name, folder = environment.get("WAYLAND_DISPLAY"), environment.get("XDG_RUNTIME_DIR")
    if not name:
        return NO_DISPLAY
    if not folder and not Path(name).is_absolute():
        text = f"WAYLAND_DISPLAY={name} is a name in the folder XDG_RUNTIME_DIR, which is not set"
        return Obstacle(text, "say where that is", "export XDG_RUNTIME_DIR=/run/user/$(id -u)")
    path = Path(folder or "/", name)
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(os.fspath(path))
    except OSError:
        return Obstacle(f"No Wayland session answers at {path}", ELSEWHERE, PICTURE)
    return None


_SAID_ALWAYS: Final = (
    *("This application failed to start", "Available platform plugins", "Could not load the Qt platform"),
    "From 6.5.0, xcb-cursor0",  # said after every failure on X11, true or not
)
_LIBRARIES: Final = {"xcb": X11, "wayland": WAYLAND}
_SCREENS: Final[Mapping[str, Callable[[Mapping[str, str]], Obstacle | None]]] = {
    "xcb": _silence_of_x11,
    "wayland": _silence_of_wayland,
}
