"""The six data sets of the TensorFlow Playground, number for number.

They follow its ``src/dataset.ts``: the same generator, the same order of draws, noise drawn even where it is
0, and one shuffle at the end.  So a link to the Playground names exactly these points.

Each generator takes (random, samples, noise) and returns points (x, y, label); noise is the Playground's
slider divided by 100, and a class label is -1 or +1.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, floor, log, pi, sin, sqrt
from typing import TypeAlias

import numpy as np

from bpviz.data.dataset import Dataset, Task
from bpviz.streams import SeedRandom, playground_key

Point: TypeAlias = tuple[float, float, float]
Generator: TypeAlias = Callable[[SeedRandom, int, float], list[Point]]

RADIUS = 5.0  # of circle and spiral, and half the square of xor
REACH = 6.0  # half the square of the two regressions
GAP = 0.3  # by which xor keeps its points off the axes
TURNS = 1.75  # of each arm of the spiral
GAUSSIANS = (
    (-4.0, 2.5, 1.0),
    (0.0, 2.5, -1.0),
    (4.0, 2.5, 1.0),
    (-4.0, -2.5, -1.0),
    (0.0, -2.5, 1.0),
    (4.0, -2.5, -1.0),
)  # (x, y, sign) of each hill and hollow
HILL_RADIUS = 2.0


def draw(
    name: str, generator: Generator, classes: tuple[str, str] | None, samples: int, noise: float, seed: int
) -> Dataset:
    """Draw and shuffle one of the data sets.

    Args:
        name: Its name in the table of data sets.
        generator: One of the functions below.
        classes: Names of the classes labeled -1 and +1; None for a regression.
        samples: How many; the sets made of two halves round up to an even number.
        noise: The Playground's slider divided by 100.
        seed: 59704 is the Playground's ``0.59704``.
    """
    random = SeedRandom(playground_key(seed))
    points = np.array(_shuffled(generator(random, samples, noise), random))
    task: Task = "number" if classes is None else "class"
    return Dataset(
        name=name,
        columns=("x", "y"),
        inputs=np.ascontiguousarray(points[:, :2]),
        target_names=("label",),
        classes=classes,
        labels=(points[:, 2] > 0).astype(np.int64) if task == "class" else None,
        targets=points[:, 2:].copy() if task == "number" else None,
        own_split=True,
        after=random,
    )


def circle(random: SeedRandom, samples: int, noise: float) -> list[Point]:
    """A disk inside a ring; the label is that of the point with noise, the point is kept without."""
    points = []
    for low, high in ((0.0, RADIUS * 0.5), (RADIUS * 0.7, RADIUS)):
        for _ in range(_half(samples)):
            r, angle = random.uniform(low, high), random.uniform(0, 2 * pi)
            x, y = r * sin(angle), r * cos(angle)
            nx = random.uniform(-RADIUS, RADIUS) * noise
            ny = random.uniform(-RADIUS, RADIUS) * noise
            inside = sqrt((x + nx) ** 2 + (y + ny) ** 2) < RADIUS * 0.5
            points.append((x, y, 1.0 if inside else -1.0))
    return points


def xor(random: SeedRandom, samples: int, noise: float) -> list[Point]:
    """The square, labeled by the sign of x times y; noise moves only the label."""

    def coordinate() -> float:
        value = random.uniform(-RADIUS, RADIUS)
        return value + (GAP if value > 0 else -GAP)

    points = []
    for _ in range(samples):
        x, y = coordinate(), coordinate()
        nx = random.uniform(-RADIUS, RADIUS) * noise
        ny = random.uniform(-RADIUS, RADIUS) * noise
        points.append((x, y, 1.0 if (x + nx) * (y + ny) >= 0 else -1.0))
    return points


def gauss(random: SeedRandom, samples: int, noise: float) -> list[Point]:
    """Two round clouds; noise raises their variance from 0.5 to 4 (at 0.5)."""
    variance = 0.5 + noise / 0.5 * (4 - 0.5)
    return [
        (_normal(random, center, variance), _normal(random, center, variance), label)
        for center, label in ((2.0, 1.0), (-2.0, -1.0))
        for _ in range(_half(samples))
    ]


def spiral(random: SeedRandom, samples: int, noise: float) -> list[Point]:
    """Two arms wound around each other; noise moves the points."""
    half = samples / 2
    points = []
    for turn, label in ((0.0, 1.0), (pi, -1.0)):
        for i in range(_half(samples)):
            r = i / half * RADIUS
            t = TURNS * i / half * 2 * pi + turn
            x = r * sin(t) + random.uniform(-1, 1) * noise
            y = r * cos(t) + random.uniform(-1, 1) * noise
            points.append((x, y, label))
    return points


def plane(random: SeedRandom, samples: int, noise: float) -> list[Point]:
    """A tilted plane, (x + y) / 10; noise moves where it is read."""
    return _regression(random, samples, noise, lambda x, y: (x + y) / 10)


def multi_gauss(random: SeedRandom, samples: int, noise: float) -> list[Point]:
    """Three hills and three hollows, each a cone of radius 2; noise moves where they are read."""

    def height(x: float, y: float) -> float:
        highest = 0.0
        for center_x, center_y, sign in GAUSSIANS:
            distance = sqrt((x - center_x) ** 2 + (y - center_y) ** 2)
            here = sign * min(max(1 - distance / HILL_RADIUS, 0.0), 1.0)
            if abs(here) > abs(highest):
                highest = here
        return highest

    return _regression(random, samples, noise, height)


def _regression(
    random: SeedRandom, samples: int, noise: float, height: Callable[[float, float], float]
) -> list[Point]:
    points = []
    for _ in range(samples):
        x, y = random.uniform(-REACH, REACH), random.uniform(-REACH, REACH)
        nx = random.uniform(-REACH, REACH) * noise
        ny = random.uniform(-REACH, REACH) * noise
        points.append((x, y, height(x + nx, y + ny)))
    return points


def _normal(random: SeedRandom, mean: float, variance: float) -> float:
    """Draw from a normal distribution by Marsaglia's polar method (1964), using one of its two numbers."""
    while True:
        u, v = 2 * random.random() - 1, 2 * random.random() - 1
        s = u * u + v * v
        if 0 < s <= 1:
            return mean + sqrt(variance) * (sqrt(-2 * log(s) / s) * u)


def _half(samples: int) -> int:
    return (samples + 1) // 2


def _shuffled(points: list[Point], random: SeedRandom) -> list[Point]:
    """Shuffle as Fisher and Yates do, from the end, with one draw an element."""
    for last in range(len(points) - 1, -1, -1):
        other = floor(random.random() * (last + 1))
        points[last], points[other] = points[other], points[last]
    return points
