"""Whatever is edited, undone and done again: nothing is lost, nothing is left behind."""

from __future__ import annotations

import pytest

from tests.model.edits.histories import Histories, run_histories

EXAMPLES = 500
STEPS = 50
SHARDS = 2  # so that more than one core works at them


@pytest.mark.parametrize("shard", range(SHARDS))
def test_any_history_can_be_undone_and_done_again(shard: int) -> None:
    run_histories(Histories, EXAMPLES // SHARDS, STEPS, shard)
