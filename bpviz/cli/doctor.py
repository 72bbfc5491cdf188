"""``bpviz doctor``: find out whether all that bpviz needs is there, and say how to mend what isn't.

To add a check, write a function that returns a `Finding` and add it to `CHECKS`.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import click

from bpviz.display import NO_DISPLAY, cause, obstacle
from bpviz.engine.kernels.cache import cache_folder, is_kept, is_noted
from bpviz.engine.kernels.choice import DEFAULTS, NEVER, Choice, is_measured, measured_here
from bpviz.errors import BpvizError, grouped
from bpviz.resources import resource
from bpviz.version import __version__

_PACKAGES: Final = (
    *("numpy", "scipy", "numba", "threadpoolctl", "matplotlib", "msgspec", "safetensors", "click"),
    *("PySide6-Essentials", "pyqtgraph"),
)
_BAD_QT: Final = (6, 12)  # from this one on Qt loses references under the Pythons below
_GOOD_PYTHON: Final = (3, 12)
_QT_SECONDS: Final = 60
_DRAW: Final = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
print(app.platformName())
sys.exit(app.primaryScreen() is None)
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Attributes:
        name: What was looked at.
        good: Whether it is as it should be.
        text: What was found.
        remedy: What to do about a problem; empty when there is none.
    """

    name: str
    good: bool
    text: str
    remedy: str = ""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor_command(as_json: bool) -> int:
    """Look at versions, Qt, linear algebra, folders and bundled files; exit with 1 if something is wrong."""
    findings = [check() for check in CHECKS]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        for finding in findings:
            click.echo(f"{'ok' if finding.good else 'problem':<9}{finding.name:<16}{finding.text}")
            if finding.remedy:
                click.echo(f"{'':<25}{finding.remedy}")
    return 0 if all(finding.good for finding in findings) else 1


def check_versions() -> Finding:
    """See that every library is there, and that Python and Qt go together."""
    found, missing = [f"bpviz {__version__}, Python {platform.python_version()}"], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    text = ", ".join(found)
    if missing:
        return Finding("versions", False, text, f"Install {', '.join(missing)}, or bpviz again.")
    qt = tuple(int(part) for part in version("PySide6-Essentials").split(".")[:2])
    if qt >= _BAD_QT and sys.version_info < _GOOD_PYTHON:
        remedy = (
            "This Qt crashes under this Python: pip install 'PySide6-Essentials<6.12', or use Python 3.12."
        )
        return Finding("versions", False, text, remedy)
    return Finding("versions", True, text)


def check_drawing() -> Finding:
    """See whether Qt can start at all, without a display."""
    return _qt("Qt drawing", {**os.environ, "QT_QPA_PLATFORM": "offscreen"})


def check_display() -> Finding:
    """See whether Qt can open a window on the display there is."""
    return _qt("display", os.environ)


def _qt(name: str, environment: Mapping[str, str]) -> Finding:
    """Look for what Qt would stumble over; then start it, in a process of its own that it may end."""
    in_the_way = obstacle(environment)
    if in_the_way == NO_DISPLAY:
        return Finding(name, True, "none; commands work, and open --screenshot draws into a picture")
    if in_the_way is not None:
        remedy = f"{in_the_way.remedy}: {in_the_way.line}"
        return Finding(name, False, in_the_way.text, remedy[0].upper() + remedy[1:])
    try:
        answer = subprocess.run(  # noqa: S603 - our own interpreter and our own words
            [sys.executable, "-c", _DRAW],
            env=environment,
            capture_output=True,
            text=True,
            timeout=_QT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Finding(
            name, False, "Qt did not answer", "Log in again, or start bpviz from another terminal."
        )
    if answer.returncode == 0:
        return Finding(name, True, f"Qt draws on {answer.stdout.strip()}")
    remedy = "Start with QT_DEBUG_PLUGINS=1: then Qt says what it looks for and where."
    return Finding(name, False, cause(answer.stderr.splitlines()), remedy)


def check_linear_algebra() -> Finding:
    """See whether linear algebra can be held to one thread, as bpviz does: more slow small networks down."""
    import numpy  # noqa: F401 - loads the library that is looked at
    import scipy.linalg.cython_blas  # noqa: F401 - loads the one that compiled programs use
    from threadpoolctl import threadpool_info

    from bpviz.engine.threads import use_one_thread

    use_one_thread()
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    text = ", ".join(f"{pool['internal_api']} {pool['version']}" for pool in pools) or "the system's own"
    if all(pool["num_threads"] == 1 for pool in pools):
        return Finding("linear algebra", True, f"{text}, held to one thread")
    counts = ", ".join(str(pool["num_threads"]) for pool in pools)
    remedy = "Install numpy and scipy anew from the Python package index, whose libraries can be held."
    return Finding("linear algebra", False, f"{text}, not held to one thread ({counts})", remedy)


def check_cache() -> Finding:
    """See whether compiled programs are kept, so that only the first start compiles, and can be read."""
    from bpviz.engine.kernels.engine import PROGRAMS
    from bpviz.engine.kernels.programs import load

    folder = cache_folder()
    if not is_kept(folder):
        remedy = "Set XDG_CACHE_HOME to a folder that you may write to; otherwise every start compiles."
        return Finding("cache", False, f"the user's cache can't be written; programs end in {folder}", remedy)
    found = [load(name, folder) for name in PROGRAMS if is_noted(folder, name)]
    if "damaged" in found:
        remedy = "bpviz compiles them again when it is opened; if it does not, delete that folder."
        return Finding("cache", False, f"compiled programs in {folder} are damaged", remedy)
    text = f"{found.count('ready')} of {len(PROGRAMS)} compiled programs are in {folder}"
    return Finding("cache", True, text)


def check_wide_layers() -> Finding:
    """Say which way wide layers are computed on this machine, and since when."""
    measured = measured_here(cache_folder())
    usual = "until that is measured here" if is_measured() else "as BPVIZ_WAYS asks"
    ways: dict[str, list[str]] = {}
    for precision, default in DEFAULTS.items():
        found = measured.get(precision)
        choice, why = (found.choice, f"since {found.since}") if found else (default, usual)
        ways.setdefault(f"{_in_words(choice)} ({why})", []).append(precision)
    text = "; ".join(f"{' and '.join(precisions)}: {way}" for way, precisions in ways.items())
    return Finding("wide layers", True, text)


def _in_words(choice: Choice) -> str:
    """Who multiplies, and how many passes over the weights a step takes."""
    few = f" and for batches under {grouped(choice.own_rows)}" if choice.own_rows > 1 else ""
    own = f"own products up to {grouped(choice.own_pairs)} weights a link, BLAS beyond{few}"
    products = own if choice.own_pairs else "products by BLAS"
    if choice.once_weights == NEVER:
        return f"several passes, {products}"
    size, rows = grouped(choice.once_weights), grouped(choice.once_rows)
    one = f"one pass for batches up to {rows} from {size} weights on, forward by {_forward_in_words(choice)}"
    return f"{one}; else several, {products}"


def _forward_in_words(choice: Choice) -> str:
    """Who multiplies on the way forward, where weights are passed over once."""
    examples, most = choice.turned_rows, choice.turned_most
    bounds = [f"{grouped(examples)} examples"] if examples <= most and examples != NEVER else []
    bounds += [f"{grouped(choice.turned_work)} multiplications"] if choice.turned_work != NEVER else []
    if not bounds:
        return "BLAS"
    longest = f", for up to {grouped(most)} examples" if most < choice.once_rows else ""
    return f"own products from {' or '.join(bounds)} on{longest}"


def check_resources() -> Finding:
    """See that the bundled tables and icons are there."""
    try:
        tables = len(list(resource("data").glob("*.csv")))
        icons = len(list(resource("icons").glob("*.svg")))
    except BpvizError as error:
        return Finding("resources", False, "missing", str(error))
    return Finding("resources", tables > 0 and icons > 0, f"{tables} tables, {icons} icons")


CHECKS: Final[tuple[Callable[[], Finding], ...]] = (
    check_versions,
    check_drawing,
    check_display,
    check_linear_algebra,
    check_cache,
    check_wide_layers,
    check_resources,
)
