"""Read a link to the Playground: the project it means, and what of it could not be had.

Values are taken as the page takes them: a word it does not know leaves its default, a number is what
JavaScript's ``Number`` makes of the text, and what its controls could not be set to counts all the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias
from zlib import crc32

from bpviz.data.datasets import DATASETS
from bpviz.data.settings import DataSettings
from bpviz.data.split import train_count
from bpviz.errors import DataError, ModelError
from bpviz.model.builder import layered_network
from bpviz.model.checks import LARGEST_SEED, MOST_NODES, check_project
from bpviz.model.playground.keys import (
    ACTIVATIONS,
    CLASS_SETS,
    FEATURES,
    FIRST_FEATURES,
    HIDDEN,
    KNOWN,
    LOOKS,
    NO_FEATURE,
    NUMBER_SETS,
    PENALTIES,
    PROBLEMS,
)
from bpviz.model.spec import Network, Project, Training
from bpviz.streams import playground_key

Reason: TypeAlias = Literal[
    "look", "hidden", "no_feature", "unknown", "word", "number", "clamped", "seed", "no_seed", "no_update"
]
SEED: Final = 59704
"""Of a link without a seed, for which the Playground draws another one at each visit."""

_LONGEST: Final = 20_000
_LINK: Final = re.compile(r"\s*(?:https?:/|playground\.tensorflow\.org\b)", re.IGNORECASE)
_HOST: Final = re.compile(r"\s*(?:https?:/+)?playground\.tensorflow\.org(?:[/?#\s]|$)", re.IGNORECASE)
_DECIMAL: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_WHOLE: Final = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)", re.ASCII)
_MOST_LAYERS: Final = 1_000
_SLIDERS_MOST_NOISE: Final = 80.0
_NOISE_BEYOND: Final = 50.0


@dataclass(frozen=True, slots=True)
class Unhad:
    """Something of a link that the project has not.

    Attributes:
        key: As it stands in the link.
        given: Its value there.
        reason: Why; see `bpviz.model.playground.words`.
        taken: What the project has instead, as a link would say it; empty for nothing.
    """

    key: str
    given: str
    reason: Reason
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link means.

    Attributes:
        project: With the page's points, first weights and settings.
        unhad: What could not be had, in the order of the link.
    """

    project: Project
    unhad: tuple[Unhad, ...]


def is_link(text: str) -> bool:
    """Whether a text is meant as an address, not as the name of a file."""
    return _LINK.match(text) is not None


def project_of(link: str) -> Linked:
    """Read a link; see the module.

    Raises:
        DataError: If it is no link to the Playground.
        ModelError: If no network can be drawn as it says.
    """
    link = link.strip()
    given = _fragment(link)
    reader = _Reader(given)
    project = reader.project()
    check_project(project)
    order = {key: at for at, key in enumerate(given)}
    unhad = [*reader.unhad, *_without_effect(given)]
    return Linked(project, tuple(sorted(unhad, key=lambda one: order.get(one.key, len(order)))))


def number(text: str) -> float:
    """Read a number as JavaScript's ``Number`` does; NaN for what is none."""
    text = text.strip()
    if not text:
        return 0.0
    if _WHOLE.fullmatch(text):
        return _float(int(text, 0))
    if _DECIMAL.fullmatch(text):
        return float(text)
    return {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}.get(text, math.nan)


def written(value: float) -> str:
    """Write a number so that `number` and JavaScript read it back."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _fragment(link: str) -> dict[str, str]:
    """Take a link apart as the page does: later keys win, nothing is decoded."""
    if len(link) > _LONGEST:
        raise DataError("This link is far too long for one to the Playground; copy it again.")
    address, _, fragment = link.partition("#")
    pairs: dict[str, str] = {}
    for part in fragment.split("&"):
        key, _, rest = part.partition("=")
        pairs.pop(key, None)  # its place is where it stands last
        pairs[key] = rest.split("=")[0]
    if not _HOST.match(address) and not KNOWN & pairs.keys():
        raise DataError(
            "This address is no link to the TensorFlow Playground; copy one that begins with "
            "https://playground.tensorflow.org/#."
        )
    return pairs


def _without_effect(given: Mapping[str, str]) -> Iterator[Unhad]:
    for key, value in given.items():
        if not key or value.strip() in ("", "false"):
            continue
        if key in NO_FEATURE:
            yield Unhad(key, value, "no_feature")
        elif key in LOOKS:
            yield Unhad(key, value, "look")
        elif key.endswith(HIDDEN):
            if value == "true":
                yield Unhad(key, value, "hidden")
        elif key not in KNOWN:
            yield Unhad(key, value, "unknown")


@dataclass(slots=True)
class _Reader:
    """Reads the keys one by one, and notes what can't be had."""

    given: Mapping[str, str]
    unhad: list[Unhad] = field(default_factory=list)

    def project(self) -> Project:
        """Put together what the link says."""
        numbers = self.word("problem", PROBLEMS, "classification") == "number"
        # Both are read, so that a word that is none is said of both.
        classes = self.word("dataset", CLASS_SETS, "circle")
        heights = self.word("regDataset", NUMBER_SETS, "reg-plane")
        source = heights if numbers else classes
        data = DataSettings(source=source, noise=self.noise(), train_share=self.share(source))
        network = self.network("linear" if numbers else "tanh")
        training = self.training(train_count(DATASETS[source].samples, data.train_share))
        return Project(network, data, training, title="Playground")

    def network(self, output: str) -> Network:
        """Draw the network."""
        features = [own for key, own in FEATURES.items() if self.truth(key, default=key in FIRST_FEATURES)]
        if not features:
            raise ModelError("This link has no feature, so its network has no input; switch one on there.")
        activation = self.word("activation", ACTIVATIONS, "tanh")
        return layered_network(features, self.shape(), 1, activation=activation, output_activation=output)

    def shape(self) -> list[int]:
        """Sizes of the hidden layers; the page counts up to a number, so of 2.5 it makes 3 nodes."""
        text = self.given.get("networkShape", "4,2")
        numbers = [number(word) for word in text.split(",")] if text.strip() else []
        for at, size in enumerate(numbers, start=1):
            if not size > 0:
                raise ModelError(
                    f"Hidden layer {at} of this link has no node; write at least 1 in its networkShape."
                )
            if size > MOST_NODES or at > _MOST_LAYERS:
                raise ModelError("The network of this link is too large; write smaller numbers there.")
        return [math.ceil(size) for size in numbers]

    def training(self, count: int) -> Training:
        """Read how it learns, from so many examples."""
        zeros = self.truth("initZero", default=False)
        return Training(
            seed=self.seed(),
            loss="half_squared",
            optimizer="sgd",
            learning_rate=self.amount("learningRate", 0.03, least=0.0, exclusive=True),
            batch_size=self.batch(count),
            shuffle="never",
            last_batch="carry over",
            penalty=self.word("regularization", PENALTIES, "none"),
            penalty_rate=self.amount("regularizationRate", 0.0, least=0.0),
            initializer="zeros" if zeros else "playground",
        )

    def word(self, key: str, table: Mapping[str, str], default: str) -> str:
        """Read a word of a table."""
        text = self.given.get(key, "")
        if text in table:
            return table[text]
        if text.strip():
            self.unhad.append(Unhad(key, text, "word", default))
        return table[default]

    def truth(self, key: str, *, default: bool) -> bool:
        """Read whether something is on: all but ``false`` is."""
        text = self.given.get(key, "")
        return text != "false" if text.strip() else default

    def amount(self, key: str, default: float, least: float = -math.inf, *, exclusive: bool = False) -> float:
        """Read a number; where a run could not have it, the default."""
        text = self.given.get(key, "")
        if not text.strip():
            return default
        value = number(text)
        if math.isfinite(value) and (value > least if exclusive else value >= least):
            return value
        self.unhad.append(Unhad(key, text, "number", written(default)))
        return default

    def noise(self) -> float:
        """Read the noise; beyond 80 the page takes 50, below 0 it takes 0."""
        value = self.amount("noise", 0.0)
        held = _NOISE_BEYOND if value > _SLIDERS_MOST_NOISE else max(value, 0.0)
        if held != value:
            self.unhad.append(Unhad("noise", self.given["noise"], "clamped", written(held)))
        return held / 100

    def share(self, source: str) -> float:
        """Read the share to train on: that of as many examples as the page would cut off."""
        value = self.amount("percTrainData", 50.0)
        size = DATASETS[source].samples
        # JavaScript's slice counts a negative number from the end.
        cut = math.floor(min(max(size * value / 100, -size), size))
        count = cut if cut >= 0 else size + cut
        if count == 0:
            self.unhad.append(Unhad("percTrainData", self.given["percTrainData"], "number", "50"))
            return 0.5
        plain = value / 100
        return plain if 0 < plain <= 1 and train_count(size, plain) == count else count / size

    def batch(self, count: int) -> int | None:
        """Read the batch size: the page updates whenever the number of examples done is a multiple of it."""
        value = self.amount("batchSize", 10.0)
        size = abs(value.as_integer_ratio()[0])
        if size == 0:
            self.unhad.append(Unhad("batchSize", self.given["batchSize"], "number", "10"))
            return min(10, count)
        if size > count:
            self.unhad.append(Unhad("batchSize", self.given.get("batchSize", "10"), "no_update", str(count)))
        return min(size, count)

    def seed(self) -> int:
        """Read the seed: of a text that no seed here can be, one that comes from its letters."""
        text = self.given.get("seed", "")
        if not text.strip():
            self.unhad.append(Unhad("seed", "", "no_seed", playground_key(SEED)))
            return SEED
        digits = text.removeprefix("0.")
        if digits.isascii() and digits.isdigit() and len(digits) <= len(str(LARGEST_SEED)):
            seed = int(digits)
            if seed <= LARGEST_SEED and playground_key(seed) == text:
                return seed
        seed = crc32(text.encode("utf-8", "surrogatepass")) % 100_000
        self.unhad.append(Unhad("seed", text, "seed", playground_key(seed)))
        return seed
