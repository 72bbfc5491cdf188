"""Let ``python -m bpviz`` do what the command ``bpviz`` does."""

from __future__ import annotations

from bpviz.interrupts import left_to_the_system

with left_to_the_system():
    from bpviz.cli import main

if __name__ == "__main__":
    main()
