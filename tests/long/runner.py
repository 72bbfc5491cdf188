"""Find regimes, run one shard in a process of its own, keep what came of it."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from tests.long.regime import Regime

ROOT: Final = Path(__file__).resolve().parent.parent.parent
_SOURCES: Final = ("bpviz", "tests/long", "tests/window")
_TAIL: Final = 6000
_ONE_THREAD: Final = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "MKL", "OMP")}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one shard.

    Attributes:
        regime: Its name.
        shard: Its number.
        revision: Of the sources.
        ok: Whether it went well.
        seconds: How long it took.
        figures: What it measured.
        error: What went wrong.
        at: When it ended.
    """

    regime: str
    shard: int
    revision: str
    ok: bool
    seconds: float
    figures: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    at: str = ""


class Records:
    """A file with a line of JSON for each shard that was run.

    Attributes:
        path: The file.
        of: The revision of the sources.
        outcomes: Of these sources, the last one of each shard.
    """

    def __init__(self, path: Path, of: str) -> None:
        self.path, self.of = path, of
        self._latest: dict[tuple[str, int], Outcome] = {}
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                self._keep(_read(line))

    @property
    def outcomes(self) -> Sequence[Outcome]:
        return list(self._latest.values())

    def add(self, outcome: Outcome) -> None:
        """Append an outcome to the file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(outcome)) + "\n")
        self._keep(outcome)

    def _keep(self, outcome: Outcome | None) -> None:
        if outcome is not None and outcome.revision == self.of:
            self._latest[outcome.regime, outcome.shard] = outcome


def _read(line: str) -> Outcome | None:
    """One outcome; a line that was cut off when the machine stopped counts as not written."""
    try:
        return Outcome(**json.loads(line))
    except (ValueError, TypeError):
        return None


def found() -> dict[str, Regime]:
    """Every regime of this folder, by name."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    modules = (importlib.import_module(f"tests.long.{name}") for name in names)
    regimes = [module.REGIME for module in modules if hasattr(module, "REGIME")]
    return {regime.name: regime for regime in regimes}


def revision() -> str:
    """Condense the sources that a shard stands on."""
    digest = hashlib.sha256()
    for path in sorted(path for folder in _SOURCES for path in (ROOT / folder).rglob("*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def run_shard(regime: Regime, shard: int, of: str) -> Outcome:
    """Run one shard in a process and a folder of its own, and end whatever it leaves running."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"bpviz-{regime.name}-", ignore_cleanup_errors=True) as name:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.long.shard", regime.run.__module__, str(shard), name],
            cwd=ROOT,
            env=_environment(Path(name)),
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            said, errors = process.communicate(timeout=regime.timeout_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGABRT)  # faulthandler says where it was
            said, errors = process.communicate()
            errors += f"\nIt was ended after {regime.timeout_s:g} s."
        finally:
            _end_group(process.pid)
    ok = process.returncode == 0
    again = f"\nTo see it again: python3 packaging/run.py test --long {regime.name} --shard {shard}"
    return Outcome(
        regime.name,
        shard,
        of,
        ok,
        round(time.monotonic() - begun, 1),
        json.loads(said.splitlines()[-1]) if ok else {},
        "" if ok else errors[-_TAIL:] + again,
        datetime.now().astimezone().isoformat(timespec="seconds"),
    )


def _environment(folder: Path) -> dict[str, str]:
    home = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    offscreen = {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": paths, "PYTHONFAULTHANDLER": "1"}
    return {**os.environ, **home, **offscreen, **_ONE_THREAD}


def _end_group(leader: int) -> None:
    with suppress(ProcessLookupError):  # usually nothing is left
        os.killpg(leader, signal.SIGKILL)


def summary(regimes: Iterable[Regime], outcomes: Sequence[Outcome]) -> str:
    """Write a table: for each regime how many shards went well, and the range and sum of its figures."""
    lines = []
    for regime in regimes:
        own = [one for one in outcomes if one.regime == regime.name]
        well = [one for one in own if one.ok]
        failed = sorted(one.shard for one in own if not one.ok)
        bad = f", FAILED: {', '.join(map(str, failed))}" if failed else ""
        spent = sum(one.seconds for one in own)
        lines.append(f"{regime.name:<12}{len(well)} of {regime.shards} shards, {spent:,.0f} s{bad}")
        lines.append(f"{'':<12}{regime.about}")
        for name in dict.fromkeys(key for one in well for key in one.figures):
            values = [one.figures[name] for one in well if name in one.figures]
            range_of = f"{min(values):,.6g} to {max(values):,.6g}"
            lines.append(f"{'':<12}{name}: {range_of}, together {sum(values):,.6g}")
    return "\n".join(lines)
