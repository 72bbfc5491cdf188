"""The order in which an epoch visits the training examples.

A Fisher-Yates shuffle whose random numbers are a function of seed, epoch and position alone.  So there is no
random state to save, any epoch can be looked up without the ones before it, and compiled code gives the same
order from the same few integer operations.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import IntArray

# SplitMix64: Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", figure 17.
GOLDEN_GAMMA: Final = 0x9E3779B97F4A7C15
MIX_1: Final = 0xBF58476D1CE4E5B9
MIX_2: Final = 0x94D049BB133111EB


def order(seed: int, epoch: int, count: int) -> IntArray:
    """Return a permutation of 0..count-1, (count,).

    From the last place down to place 1, the element at place i is exchanged with the one at a random place
    from 0 to i.

    Args:
        seed: 0 to 2**32 - 1.
        epoch: From 0.
        count: How many examples, below 2**32.
    """
    key = mix(mix(np.array([seed], dtype=np.uint64)) + np.uint64(epoch))
    places = np.arange(count, dtype=np.uint64)
    # The high half, scaled by its count of choices: the tiny bias, below count / 2**32, is no matter here.
    partner = ((mix(key + places * np.uint64(GOLDEN_GAMMA)) >> np.uint64(32)) * (places + 1)) >> np.uint64(32)
    shuffled = list(range(count))
    for i, j in zip(range(count - 1, 0, -1), partner[:0:-1].tolist(), strict=True):
        shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
    return np.array(shuffled, dtype=np.int64)


def mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64-bit numbers, elementwise, so that neighbors become unlike; arithmetic is modulo 2**64."""
    values = values + np.uint64(GOLDEN_GAMMA)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(MIX_1)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(MIX_2)
    return values ^ (values >> np.uint64(31))
