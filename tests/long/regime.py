"""What takes hours to try, as one value each.

To add a regime, write a module ``tests/long/<name>.py`` that holds ``REGIME = Regime(...)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

RunShard = Callable[[int, Path], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Regime:
    """Something tried many times, cut into shards of which each is a few minutes at most.

    Attributes:
        name: As on the command line.
        about: What is tried and how often, in a line.
        shards: How many pieces there are, numbered from 0.
        run: Tries one piece: takes its number, from which all that is random follows, and an empty folder;
            returns figures (counts, seconds).  On failure it raises an `AssertionError` with how to replay.
        timeout_s: When a shard counts as hanging.
    """

    name: str
    about: str
    shards: int
    run: RunShard
    timeout_s: float = 1800.0
