"""What many functions of drawings need: what two lists of ids share, and answers that are remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import wraps
from operator import attrgetter, is_
from typing import Final, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


ID: Final = attrgetter("id")
"""Reads the id of a node; of a thousand it is quicker than to spell it out."""


def by_layer(
    places: Mapping[str, tuple[K, int]], nodes: Sequence[str]
) -> dict[K, tuple[list[int], list[int]]]:
    """Sort nodes by their layers: where each stands among these nodes, and in its layer.

    Args:
        places: Of each node its layer, and where it stands there.
        nodes: Ids; those without a place are left out.
    """
    found: dict[K, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for at, node in enumerate(nodes):
        if node in places:
            layer, position = places[node]
            found[layer][0].append(at)
            found[layer][1].append(position)
    return found


def common_places(first: Sequence[str], second: Sequence[str]) -> tuple[list[int], list[int]]:
    """Return where ids that are in both lists stand, in the first and in the second, in the first's order."""
    places = {one: at for at, one in enumerate(second)}
    both = [(at, places[one]) for at, one in enumerate(first) if one in places]
    return [at for at, _ in both], [place for _, place in both]


def kept_by_identity(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a function remember what it found for the last few arguments, which are known by being the same.

    For frozen values that are costly to compare or to hash, such as drawings with a million weights, about
    which several ask after every edit.  They are kept while they are remembered, so no other can be taken
    for one of them; a set that is replaced as a whole serves several threads.

    Args:
        most: So many answers are remembered.
    """

    def keeping(find: Callable[P, T]) -> Callable[P, T]:
        kept: tuple[tuple[tuple[object, ...], T], ...] = ()

        @wraps(find)
        def found(*args: P.args, **kwargs: P.kwargs) -> T:
            nonlocal kept
            for known, answer in kept if not kwargs else ():
                if len(known) == len(args) and all(map(is_, known, args)):
                    return answer
            answer = find(*args, **kwargs)
            if not kwargs:
                kept = ((args, answer), *kept[: most - 1])
            return answer

        return found

    return keeping
