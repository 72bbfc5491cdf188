"""The machine under the figures: processor, libraries, and how fast one thread of it multiplies matrices."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from bpviz.bench.nets import PRECISIONS, Precision
from bpviz.bench.timing import best_rate
from bpviz.version import __version__

_MATRIX: Final = 1024  # wide enough for the peak, small enough for the cache that it needs
_PACKAGES: Final = ("numpy", "scipy", "numba", "PySide6-Essentials", "torch", "scikit-learn")
_FORCING: Final = ("OPENBLAS_CORETYPE", "MKL_DEBUG_CPU_TYPE", "NPY_DISABLE_CPU_FEATURES")
"""Variables of the environment that choose how fast linear algebra is."""
_VECTORS: Final = {"avx512f": "AVX-512", "avx2": "AVX2", "avx": "AVX"}
"""What Linux calls wide vectors, the widest first."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Where figures were measured.

    Attributes:
        processor: Its name and, where the system says, its model and the widest vectors it has.
        cores: How many this process may use.
        system: Operating system and Python.
        packages: Name and version of what took part.
        blas: Name, version and processor kernel of every linear algebra library in this process.
        forced: Variables of the environment that chose that kernel, as ``NAME=value``.
        peak: Gigaflop a second of one thread that multiplies two matrices, by precision.
        busy: How many programs wanted a core in the minute before; None where the system doesn't say.
    """

    processor: str
    cores: int
    system: str
    packages: Mapping[str, str]
    blas: tuple[str, ...]
    forced: tuple[str, ...]
    peak: Mapping[Precision, float]
    busy: float | None = None


def look(seconds: float) -> Machine:
    """Find out where this runs, and measure its peaks for some seconds each."""
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    with threadpool_limits(limits=1, user_api="blas"):
        peak = {precision: _peak(np.dtype(precision), seconds) for precision in PRECISIONS}
    return Machine(
        processor=_processor(),
        cores=_cores(),
        system=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        packages={"bpviz": __version__, **_versions()},
        blas=_blas(),
        forced=tuple(f"{name}={os.environ[name]}" for name in _FORCING if name in os.environ),
        peak=peak,
        busy=busy,
    )


def _peak(dtype: np.dtype[np.float64] | np.dtype[np.float32], seconds: float) -> float:
    draw = np.random.default_rng(0)
    a, b = (draw.standard_normal((_MATRIX, _MATRIX)).astype(dtype) for _ in range(2))
    out = np.empty_like(a)
    return best_rate(lambda: np.matmul(a, b, out=out), 2.0 * _MATRIX**3, seconds) / 1e9


def _blas() -> tuple[str, ...]:
    found = (
        f"{pool['internal_api']} {pool['version']} for {pool.get('architecture', 'any processor')}"
        for pool in threadpool_info()
        if pool["user_api"] == "blas"
    )
    return tuple(dict.fromkeys(found))


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    """Its name; the clouds' processors are often called by no more than their maker's."""
    facts: dict[str, str] = {}
    for line in _cpuinfo():
        name, colon, value = line.partition(":")
        if colon:
            facts.setdefault(name.strip(), value.strip())  # the first core's
    named = facts.get("model name") or platform.processor() or platform.machine()
    details = []
    if {"cpu family", "model"} <= facts.keys():
        details.append(f"family {facts['cpu family']}, model {facts['model']}")
    flags = facts.get("flags", "").split()
    details += [label for flag, label in _VECTORS.items() if flag in flags][:1]
    return f"{named} ({', '.join(details)})" if details else named


def _cpuinfo() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
