"""One shard, as the process that `tests.long.runner` starts: module of the regime, number, folder."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

if __name__ == "__main__":
    name, number, folder = sys.argv[1:]
    figures = importlib.import_module(name).REGIME.run(int(number), Path(folder))
    print(json.dumps({key: float(value) for key, value in figures.items()}))
