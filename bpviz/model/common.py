"""What two lists of ids have in common."""

from __future__ import annotations

from collections.abc import Sequence


def common_places(first: Sequence[str], second: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return where ids that are in both lists stand, in the first and in the second, in the first's order."""
    places = {one: at for at, one in enumerate(second)}
    both = [(at, places[one]) for at, one in enumerate(first) if one in places]
    return [at for at, _ in both], [place for _, place in both]
