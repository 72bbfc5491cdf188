"""Measure one part of the window, named on the command line, and print what was found as JSON."""

from __future__ import annotations

import importlib
import json
import signal
import sys
from typing import Final

PARTS: Final = {
    "start": "bpviz.ui.measure.start",
    "play": "bpviz.ui.measure.play",
    "drawing": "bpviz.ui.measure.drawing",
    "editing": "bpviz.ui.measure.editing",
}
"""Modules with a function ``measure(options)``; loaded when asked for, so that a start is timed as it is."""


def main(part: str, options: str) -> None:
    """Measure a part.

    Args:
        part: Key of `PARTS`.
        options: What `measure` of that part takes, as JSON.
    """
    # Nothing is to be saved here: Ctrl+C ends the process at once, also inside Qt's loop.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    found = importlib.import_module(PARTS[part]).measure(json.loads(options))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "{}")
