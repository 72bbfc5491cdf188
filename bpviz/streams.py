"""Random numbers: independent named streams of one seed, and the TensorFlow Playground's generator.

What is drawn for one purpose never shifts what is drawn for another: each purpose (``data``, ``split``,
``start``) has its own stream, so the batch size or the initializer can't change the data.
"""

from __future__ import annotations

import numpy as np

from bpviz.errors import SettingError

# seedrandom joins six bytes to 48 bits, then adds bytes until 52 bits are significant and never more than 53.
_BYTES = 6
_SIGNIFICANT = 2**52
_OVERFLOW = 2**53


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one purpose; the same seed and name give the same numbers for ever.

    Args:
        seed: The project's seed, 0 or above.
        name: The purpose, such as ``data``.

    Raises:
        SettingError: If the seed is negative.
    """
    _check_seed(seed)
    sequence = np.random.SeedSequence(seed, spawn_key=tuple(name.encode()))
    # Named outright: numpy may one day make another generator its default.
    return np.random.Generator(np.random.PCG64(sequence))


def playground_key(seed: int) -> str:
    """Write a seed as the Playground does in its links: 59704 is its ``0.59704``.

    Raises:
        SettingError: If the seed is negative.
    """
    _check_seed(seed)
    return f"0.{seed:05d}"


class SeedRandom:
    """The generator of the JavaScript library seedrandom, which the TensorFlow Playground draws from.

    It is ARC4 keyed by a text, with the first 256 bytes thrown away.  Draws change the object: `copy` it to
    draw the same numbers again.

    Args:
        key: The seed as a text, such as ``0.59704``.
    """

    __slots__ = ("_box", "_i", "_j")

    def __init__(self, key: str) -> None:
        codes = _mix(key)
        box, j = list(range(256)), 0
        for i in range(256):
            j = (j + codes[i % len(codes)] + box[i]) & 255
            box[i], box[j] = box[j], box[i]
        self._box, self._i, self._j = box, 0, 0
        self._join(256)

    def random(self) -> float:
        """Draw a number from [0, 1)."""
        number, rest = self._join(_BYTES), 0
        denominator = 1 << 8 * _BYTES
        while number < _SIGNIFICANT:
            number = (number + rest) << 8
            denominator <<= 8
            rest = self._join(1)
        while number >= _OVERFLOW:
            number >>= 1
            denominator >>= 1
            rest >>= 1
        return (number + rest) / denominator

    def uniform(self, low: float, high: float) -> float:
        """Draw a number from [low, high), rounded as the Playground rounds it."""
        return self.random() * (high - low) + low

    def copy(self) -> SeedRandom:
        """Return a generator that will draw what this one would draw next."""
        twin = SeedRandom.__new__(SeedRandom)
        twin._box, twin._i, twin._j = self._box.copy(), self._i, self._j
        return twin

    def _join(self, count: int) -> int:
        """Join the next bytes to one number, the first in the highest place."""
        box, i, j, joined = self._box, self._i, self._j, 0
        for _ in range(count):
            i = (i + 1) & 255
            one = box[i]
            j = (j + one) & 255
            other = box[j]
            box[i], box[j] = other, one
            joined = joined << 8 | box[(one + other) & 255]
        self._i, self._j = i, j
        return joined


def _mix(key: str) -> list[int]:
    """Smear a text over at most 256 bytes, as seedrandom's ``mixkey`` does; an empty text gives one 0."""
    mixed: list[int] = []
    smear = 0
    for at, letter in enumerate(key):
        if at < 256:
            mixed.append(0)
        smear ^= mixed[at & 255] * 19
        mixed[at & 255] = (smear + ord(letter)) & 255
    return mixed or [0]


def _check_seed(seed: int) -> None:
    if seed < 0:
        raise SettingError(f"The seed must be 0 or a positive whole number, not {seed}.")
