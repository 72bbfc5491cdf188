"""Do again what a hand did when a fault was found, and shorten it.

python -m tests.window.replay FILE            does the events once and tells what happened
python -m tests.window.replay FILE --shorten  leaves out what the fault does not need
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.window.hand import Event
from tests.window.program import Fault
from tests.window.stage import Stage, noted, play, session


def fault_of(stage: Stage, events: Sequence[Event]) -> str:
    """Do events in a fresh program; returns what is wrong, empty if nothing is."""
    try:
        with session(stage) as opened:
            play(opened, events)
            opened.leave()
    except Fault as fault:
        return str(fault)
    return ""


def shortened(events: Sequence[Event], fails: Callable[[Sequence[Event]], bool]) -> list[Event]:
    """Leave out events as long as the rest still fails (much as Zeller's ddmin).

    Args:
        events: What fails.
        fails: Whether others do.
    """
    left, size = list(events), max(len(events) // 2, 1)
    while True:
        at, shrunk = 0, False
        while at < len(left):
            fewer = left[:at] + left[at + size :]
            if fewer and fails(fewer):
                left, shrunk = fewer, True
            else:
                at += size
        if size == 1 and not shrunk:
            return left
        size = max(size // 2, 1)


def main(words: Sequence[str]) -> int:
    """Replay or shorten; returns 1 if the fault is still there."""
    path = Path(words[0])
    stage, events = noted(path)
    fault = fault_of(stage, events)
    print(fault or "nothing went wrong")
    if not fault or "--shorten" not in words:
        return int(bool(fault))

    def fails(fewer: Sequence[Event]) -> bool:
        found = bool(fault_of(stage, fewer))
        print(f"{len(fewer)} of {len(events)} events: {'fails' if found else 'does not fail'}", flush=True)
        return found

    shortest = shortened(events, fails)
    short = path.with_name(f"{path.stem}-short.json")
    short.write_text(json.dumps({"stage": asdict(stage), "events": shortest}))
    print(*shortest, f"Written to {short}", sep="\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
