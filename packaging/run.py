"""Set up what bpviz needs and open it; nothing but Python itself has to be there before.

    python3 packaging/run.py              open the window; with no display, train and write pictures
    python3 packaging/run.py test         run the whole test suite, on every core
    python3 packaging/run.py test ...     run pytest; what follows goes to it
    python3 packaging/run.py test --long  run what takes hours, or go on with it; see tests/long
    python3 packaging/run.py extra NAME   install what few need: arrow (Parquet and Arrow tables), mp4 or onnx
    python3 packaging/run.py train ...    or any other command of bpviz

The first run makes ``.venv`` in this checkout and installs the locked versions into it; later runs find them.
This file uses the standard library alone and can be run as often as you like.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
BPVIZ: Sequence[str | Path] = (PYTHON, "-m", "bpviz")
REQUIREMENTS = ROOT / "packaging" / "requirements.txt"
TEST_REQUIREMENTS = ROOT / "packaging" / "requirements-dev.txt"  # all of the above, and what the tests use
EXTRAS = {
    path.stem.removeprefix("requirements-"): path
    for path in sorted(REQUIREMENTS.parent.glob("requirements-*.txt"))
    if path != TEST_REQUIREMENTS
}
OLDEST_PYTHON = (3, 11)
# One more than there are cores: windows wait for their screen, and others may work meanwhile.
ON_EVERY_CORE = (f"--numprocesses={(os.cpu_count() or 1) + 1}", "--dist=worksteal")
RESULTS = "bpviz-out"
SCREENSHOT_AFTER_STEPS = 3000  # by then the spiral has taken shape
NO_VENV = "This Python comes without the module ensurepip; install it, or uv, then start again."

if sys.version_info >= OLDEST_PYTHON:  # an older one is refused below
    sys.path.insert(0, str(ROOT))
    from bpviz import display  # it uses the standard library alone, too


class SetupError(Exception):
    """Something that the person at the keyboard has to mend; the text says what and how."""


def main(arguments: Sequence[str]) -> int:
    """Set up, then test, open the window or pass the words on; return the exit code."""
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(f"bpviz needs Python 3.11 or newer, and this is {sys.version.split()[0]}.")
    if arguments[:1] == ["extra"]:
        return provide_extras(arguments[1:])
    testing = arguments[:1] == ["test"]
    provide_system_packages({"QT_QPA_PLATFORM": "offscreen"} if testing else os.environ)
    set_up(TEST_REQUIREMENTS if testing else REQUIREMENTS)
    if testing:
        os.chdir(ROOT)
        if arguments[1:2] == ["--long"]:
            return become([PYTHON, "-m", "tests.long", *arguments[2:]])
        return become([PYTHON, "-m", "pytest", *(arguments[1:] or ON_EVERY_CORE)])
    # bpviz itself is not installed: it runs from this tree, in the folder where the user stands.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    if arguments or display.has_display(os.environ):
        return become([*BPVIZ, *arguments])
    print("No display was found, so the default example is trained without a window.", flush=True)
    return work_without_window()


def provide_extras(names: Sequence[str]) -> int:
    """Install what only some of bpviz's work needs.

    Raises:
        SetupError: If none is named, or one that does not exist.
    """
    if not names or not set(names) <= set(EXTRAS):
        wrong = ", ".join(name for name in names if name not in EXTRAS)
        problem = f"There is no extra {wrong}" if wrong else "An extra has no name here"
        raise SetupError(f"{problem}; choose among {', '.join(EXTRAS)}.")
    provide_system_packages({"QT_QPA_PLATFORM": "offscreen"})
    for name in names:
        set_up(EXTRAS[name])
        print(f"The extra {name} is installed.")
    return 0


# ---- the machine


def provide_system_packages(environment: Mapping[str, str]) -> None:
    """Install what Python and Qt lack if we are root on Debian, else say what the administrator has to do.

    Args:
        environment: Says on which screen Qt is to draw.

    Raises:
        SetupError: If something is missing and can't be installed from here.
    """
    libraries = display.missing_libraries(environment)
    packages = ["python3-venv"] * lacks_venv() + display.packages(libraries, "Debian")
    if not packages:
        return
    program, install = display.INSTALLERS["Debian"]
    if shutil.which(program) is None:
        raise SetupError(str(display.lack_of(libraries)) if libraries else NO_VENV)
    line = f"{install} {shlex.join(packages)}"
    if os.geteuid() != 0:
        raise SetupError(
            f"bpviz needs some packages of the system. Run this as root, then start again:\n    {line}"
        )
    print(f"Installing packages of the system:\n    {line}", flush=True)
    if run(["sh", "-c", line], environment={"DEBIAN_FRONTEND": "noninteractive"}) != 0:
        raise SetupError("The packages of the system could not be installed; the lines above say why.")


def lacks_venv() -> bool:
    """Tell whether this Python comes without what fills virtual environments: Debian packs it separately."""
    return importlib.util.find_spec("ensurepip") is None and shutil.which("uv") is None


# ---- the virtual environment


def set_up(requirements: Path) -> None:
    """Make the virtual environment and install the locked versions, unless that has been done.

    Raises:
        SetupError: If the folder can't be written or a package can't be had.
    """
    version = python_version(PYTHON)
    if version is not None and is_set_up(VENV, requirements, version):
        return
    if not os.access(ROOT, os.W_OK):
        raise SetupError(f"{ROOT} can't be written; copy it to a folder of your own and start bpviz there.")
    print("Setting up bpviz in .venv; this takes a minute, once.", flush=True)
    if version is None or version < OLDEST_PYTHON:
        if run([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV]) != 0:
            raise SetupError(f"The virtual environment {VENV} could not be made; the lines above say why.")
        version = sys.version_info[:2]
    if not install(requirements):
        raise SetupError(
            "The packages could not be installed; the lines above say why. Is the network there?"
        )
    note_set_up(VENV, requirements, version)


def python_version(python: Path) -> tuple[int, int] | None:
    """Ask an interpreter for its version, (major, minor); None if it does not run."""
    ask = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-I", "-S", "-c", ask], capture_output=True, text=True, check=True)
        major, minor = answer.stdout.split()
    except (OSError, subprocess.CalledProcessError):
        return None
    return int(major), int(minor)


def fingerprint(requirements: Path, version: tuple[int, int]) -> str:
    """Condense what an environment was set up from: the locked versions and the Python version."""
    return hashlib.sha256(requirements.read_bytes() + repr(version).encode()).hexdigest()


def is_set_up(venv: Path, requirements: Path, version: tuple[int, int]) -> bool:
    """Tell whether this environment holds just these requirements."""
    stamp = venv / f"{requirements.stem}.stamp"
    return stamp.is_file() and stamp.read_text() == fingerprint(requirements, version)


def note_set_up(venv: Path, requirements: Path, version: tuple[int, int]) -> None:
    """Remember what was installed; the test requirements contain those of the program."""
    for done in (REQUIREMENTS, requirements):
        (venv / f"{done.stem}.stamp").write_text(fingerprint(done, version))


def install(requirements: Path) -> bool:
    """Install with uv, if it is there, else with pip; either refuses what the hashes don't vouch for."""
    wanted: list[str | Path] = ["--quiet", "--require-hashes", "-r", requirements]
    uv = shutil.which("uv")
    if uv is not None and run([uv, "pip", "install", "--compile-bytecode", "--python", PYTHON, *wanted]) == 0:
        return True
    # An environment made by uv, or by the line above, has no pip.
    if run([PYTHON, "-m", "ensurepip"], quiet=True) != 0:
        return False
    return run([PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *wanted]) == 0


# ---- the program


def work_without_window() -> int:
    """Do the first job without a window: train, write weights and plots, and draw the window into a file."""
    picture: list[str | Path] = [
        "--screenshot",
        Path(RESULTS, "window.png"),
        "--after",
        str(SCREENSHOT_AFTER_STEPS),
    ]
    code = run([*BPVIZ, "train", "--example", "spiral", "--out", RESULTS])
    if code == 0:
        code = run([*BPVIZ, "open", *picture], environment={"QT_QPA_PLATFORM": "offscreen"})
    if code == 0:
        print(f"Written to {Path(RESULTS).resolve()}:")
        for file in sorted(path for path in Path(RESULTS).rglob("*") if path.is_file()):
            print(f"    {file.relative_to(RESULTS)!s:<32}{file.stat().st_size:>10,} bytes")
    return code


def run(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str] | None = None,
    quiet: bool = False,
) -> int:
    """Run a command to its end and return its exit code."""
    output = subprocess.DEVNULL if quiet else None
    return subprocess.call(command, env={**os.environ, **(environment or {})}, stdout=output)


def become(command: Sequence[str | Path]) -> int:
    """Run the last command, in place of this process where the system can, so that it gets the signals."""
    if os.name == "posix":
        os.execv(command[0], [str(word) for word in command])
    return run(command)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)  # what shells report after Ctrl+C
