"""The table of data sets, and the two questions anyone has: `facts` and `load`.

To add a generator, write it in `bpviz.data.generators` and add an entry made by `_drawn`.  To add a table,
put ``resources/data/<name>.csv`` with one header row, tell its source and license in ``SOURCES.md`` beside
it, and add an entry made by `_bundled`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Final

import numpy as np

from bpviz.data import generators, playground
from bpviz.data.columns import load_table, table_facts
from bpviz.data.dataset import DataFacts, Dataset, TargetRange, Task, target_range
from bpviz.data.settings import DataSettings, Table
from bpviz.errors import SettingError, grouped
from bpviz.registry import Registry
from bpviz.resources import resource
from bpviz.streams import stream

TABLE: Final = "table"
"""The source that is no entry of `DATASETS`: the user's own table."""

LARGEST_NOISE: Final = 0.5
MOST_SAMPLES: Final = 100_000


@dataclass(frozen=True, slots=True)
class DatasetEntry:
    """A data set that bpviz brings along.

    Attributes:
        name: Key in files and on the command line; never renamed.
        label: What menus show.
        about: One sentence for tooltips and lists.
        task: Whether a class or a number is learned.
        plane: Whether two raw inputs span a plane that a map can show.
        generated: Whether it is drawn, so that noise and the number of examples are the user's choice.
        samples: Its own number of examples.
        facts: From the number of examples to what is known without drawing.
        load: From settings and seed to the examples; see `load`.
    """

    name: str
    label: str
    about: str
    task: Task
    plane: bool
    generated: bool
    samples: int
    facts: Callable[[int], DataFacts]
    load: Callable[[DataSettings, int], Dataset]


def facts(settings: DataSettings) -> DataFacts:
    """Say what a network must fit, without drawing examples.

    Raises:
        UnknownNameError: If there is no such data set.
        DataError: If the table has no such target, or it can't be learned as it is.
        SettingError: If the number of examples is outside its range, or no table is open.
    """
    if settings.source == TABLE:
        chosen = (settings.targets, settings.target_kind, settings.classes, settings.uses)
        return table_facts(_table(settings), *chosen)
    entry = DATASETS[settings.source]
    return entry.facts(_samples(entry, settings))


def load(settings: DataSettings, seed: int, features: Sequence[str] | None = None) -> Dataset:
    """Draw or read the raw examples.

    Args:
        settings: Which data, how many and how noisy.
        seed: The project's; only generators depend on it.
        features: Of the user's table: those the network sees.  Values are needed in their columns only; None
            means in every column of numbers.

    Raises:
        UnknownNameError: If there is no such data set.
        DataError: If the table can't be used as it is.
        SettingError: If a setting or the seed is outside its range.
    """
    if settings.source == TABLE:
        return load_table(_table(settings), settings, features)
    return DATASETS[settings.source].load(settings, seed)


def _table(settings: DataSettings) -> Table:
    if settings.table is None:
        raise SettingError("No table is open; open one or choose a data set.")
    return settings.table


def _samples(entry: DatasetEntry, settings: DataSettings) -> int:
    """The number of examples in force."""
    if not entry.generated or settings.samples is None:
        return entry.samples
    if not 2 <= settings.samples <= MOST_SAMPLES:
        most, wanted = grouped(MOST_SAMPLES), grouped(settings.samples)
        raise SettingError(f"The number of examples must be from 2 to {most}, not {wanted}.")
    return settings.samples


def _noise(settings: DataSettings) -> float:
    if not 0 <= settings.noise <= LARGEST_NOISE:
        raise SettingError(f"The noise must be from 0 to {LARGEST_NOISE}, not {settings.noise}.")
    return settings.noise


def _playground(
    name: str,
    label: str,
    about: str,
    generator: playground.Generator,
    classes: tuple[str, str] | None,
    *,
    halves: bool = False,
) -> DatasetEntry:
    """An entry for a data set of the Playground.

    Args:
        name: Its key.
        label: Its name in menus.
        about: Its sentence.
        generator: One of `bpviz.data.playground`.
        classes: Those labeled -1 and +1; None for a regression.
        halves: It is made of two halves of the same number of points.
    """
    task: Task = "number" if classes is None else "class"

    def known(samples: int) -> DataFacts:
        rows = samples + samples % 2 if halves else samples
        return DataFacts(("x", "y"), classes, ("label",), plane=True, task=task, rows=rows)

    def draw(settings: DataSettings, seed: int) -> Dataset:
        samples = _samples(DATASETS[name], settings)
        return playground.draw(name, generator, classes, samples, _noise(settings), seed)

    samples = 1200 if classes is None else 500  # what the Playground draws
    return DatasetEntry(
        name, label, about, task, plane=True, generated=True, samples=samples, facts=known, load=draw
    )


def _drawn(
    name: str,
    label: str,
    about: str,
    samples: int,
    generator: Callable[[np.random.Generator, int, float], Dataset],
) -> DatasetEntry:
    """An entry for a data set of `bpviz.data.generators` that has noise and any number of examples."""

    def draw(settings: DataSettings, seed: int) -> Dataset:
        return generator(stream(seed, "data"), _samples(DATASETS[name], settings), _noise(settings))

    # Two examples show everything but how many there are.
    sample = generator(stream(0, "data"), 2, 0.0)
    return DatasetEntry(
        name,
        label,
        about,
        sample.task,
        plane=len(sample.columns) == 2,
        generated=True,
        samples=samples,
        facts=partial(_facts_of, sample),
        load=draw,
    )


def _given(name: str, label: str, about: str, build: Callable[[], Dataset]) -> DatasetEntry:
    """An entry for a handful of examples that are always the same."""
    dataset = build()
    # A single example has no spread, so a map around it would have no frame.
    plane = len(dataset.columns) == 2 and dataset.size > 1
    numbers: TargetRange = "any" if dataset.targets is None else target_range(dataset.targets)
    return DatasetEntry(
        name,
        label,
        about,
        dataset.task,
        plane=plane,
        generated=False,
        samples=dataset.size,
        facts=lambda samples: replace(_facts_of(dataset, samples), target_range=numbers),
        load=lambda _settings, _seed: build(),
    )


def _facts_of(dataset: Dataset, samples: int) -> DataFacts:
    return DataFacts(
        columns=dataset.columns,
        classes=dataset.classes,
        target_names=dataset.target_names,
        plane=len(dataset.columns) == 2 and samples > 1,
        task=dataset.task,
        rows=samples,
    )


def _bundled(name: str, label: str, about: str, target: str, task: Task, rows: int) -> DatasetEntry:
    """An entry for ``resources/data/<name>.csv``, read when first asked for."""

    def known(_samples: int) -> DataFacts:
        return _bundled_facts(name, target, task)

    def read(settings: DataSettings, _seed: int) -> Dataset:
        own = replace(settings, targets=(target,), target_kind=task, classes=(), uses=(), fills=())
        return load_table(read_bundled(name), own)

    return DatasetEntry(
        name, label, about, task, plane=False, generated=False, samples=rows, facts=known, load=read
    )


@cache
def _bundled_facts(name: str, target: str, task: Task) -> DataFacts:
    return table_facts(read_bundled(name), (target,), task)


@cache
def read_bundled(name: str) -> Table:
    """Read a bundled table as a table of the user's would be."""
    with resource("data", f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, strict=True)
    return Table(name, tuple(header), tuple(map(tuple, rows)))


DATASETS: Final = Registry(
    "data set",
    _playground(
        "circle", "Circle", "A disk inside a ring.", playground.circle, ("ring", "disk"), halves=True
    ),
    _playground(
        "xor",
        "Exclusive or",
        "Four quarters, opposite ones alike.",
        playground.xor,
        ("unlike signs", "like signs"),
    ),
    _playground(
        "gauss", "Gaussian", "Two round clouds.", playground.gauss, ("lower left", "upper right"), halves=True
    ),
    _playground(
        "spiral",
        "Spiral",
        "Two arms wound around each other, the hardest of the Playground's sets.",
        playground.spiral,
        ("second arm", "first arm"),
        halves=True,
    ),
    _playground("plane", "Plane", "A tilted plane: its height is learned.", playground.plane, None),
    _playground(
        "multi_gauss",
        "Multi Gaussian",
        "Three hills and three hollows: their height is learned.",
        playground.multi_gauss,
        None,
    ),
    _drawn("moons", "Two moons", "Two half circles that reach into each other.", 200, generators.moons),
    _drawn("sine", "Sine", "One period of a sine, learned from its points.", 200, generators.sine),
    _given("xor_points", "XOR, four points", "The truth table of exclusive or.", generators.xor_points),
    _given(
        "linear_case",
        "Linear neuron, one case",
        "One training case whose error surface is a trough with a whole line of solutions.",
        generators.linear_case,
    ),
    _given("mazur", "Mazur's example", "The example of a well-known worked step.", generators.mazur),
    _given(
        "four_layers",
        "Four layers, one example",
        "One example to follow the chain rule through four layers.",
        generators.four_layers,
    ),
    _bundled(
        "iris", "Iris", "Three species of iris by four measurements of the flower.", "species", "class", 150
    ),
    _bundled(
        "wine", "Wine", "Three cultivars of wine by thirteen chemical measurements.", "cultivar", "class", 178
    ),
    _bundled(
        "breast_cancer",
        "Breast cancer",
        "Benign or malignant, by thirty measurements of cell nuclei.",
        "diagnosis",
        "class",
        569,
    ),
    _bundled(
        "diabetes",
        "Diabetes",
        "Progression of diabetes within a year, by ten figures of a patient.",
        "progression",
        "number",
        442,
    ),
    _bundled(
        "penguins", "Penguins", "Three species of penguin by four measurements.", "species", "class", 333
    ),
    _bundled("digits", "Digits", "Handwritten digits of 8 by 8 pixels.", "digit", "class", 1797),
)
