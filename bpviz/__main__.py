"""Let ``python -m bpviz`` do what the command ``bpviz`` does."""

from __future__ import annotations

from bpviz.cli import main

if __name__ == "__main__":
    main()
