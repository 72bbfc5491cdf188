"""Run what takes hours: ``python3 packaging/run.py test --long [NAME ...]``.

Each shard of a regime is a process of its own.  What came of it is a line in a file outside the repository;
shards that went well with the same sources are not run again, so a run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.long.regime import Regime
from tests.long.runner import Outcome, Records, found, revision, run_shard, summary


def main(words: Sequence[str]) -> int:
    """Run regimes; returns 1 if a shard failed, 2 if there is no such regime."""
    options = _parse(words)
    regimes = found()
    unknown = [name for name in options.names if name not in regimes]
    if unknown:
        print(f"There is no regime {', '.join(unknown)}; there are: {', '.join(regimes)}.", file=sys.stderr)
        return 2
    chosen = [regimes[name] for name in options.names or regimes]
    records = Records(options.figures, of=revision())
    if options.list:
        print(summary(chosen, records.outcomes))
        return 0
    wanted = [(one, shard) for one in chosen for shard in _shards(one, records, options.shard, options.again)]
    print(f"{len(wanted)} shards to run; what comes of them goes to {records.path}", flush=True)
    _run(wanted, records, options.jobs)
    print(summary(chosen, records.outcomes))
    failed = [one for one in records.outcomes if not one.ok and one.regime in {each.name for each in chosen}]
    return int(bool(failed))


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py test --long", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these regimes")
    parser.add_argument("--list", action="store_true", help="say which there are and how far they are")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="shards at a time")
    parser.add_argument("--shard", type=int, metavar="N", help="only this shard, though it may have been run")
    parser.add_argument("--again", action="store_true", help="also what has gone well with these sources")
    parser.add_argument("--figures", type=Path, default=_default_figures(), metavar="FILE")
    return parser.parse_args(words)


def _default_figures() -> Path:
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state, "bpviz", "long-figures.jsonl")


def _shards(regime: Regime, records: Records, only: int | None, again: bool) -> Sequence[int]:
    if only is not None:
        return [only]
    done = {one.shard for one in records.outcomes if one.regime == regime.name and one.ok}
    return [shard for shard in range(regime.shards) if again or shard not in done]


def _run(wanted: Sequence[tuple[Regime, int]], records: Records, jobs: int) -> None:
    with ThreadPoolExecutor(jobs) as pool:
        runs = [pool.submit(run_shard, regime, shard, records.of) for regime, shard in wanted]
        try:
            for at, run in enumerate(as_completed(runs), 1):
                outcome = run.result()
                records.add(outcome)
                print(f"{at}/{len(runs)}  {_line(outcome)}", flush=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _line(outcome: Outcome) -> str:
    went = "went well" if outcome.ok else f"FAILED\n{outcome.error}"
    return f"{outcome.regime} {outcome.shard}  {outcome.seconds:.0f} s  {went}"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
