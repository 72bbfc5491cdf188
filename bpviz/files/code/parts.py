"""What programs for all frameworks share: the head, the data, the order of batches, the learning rate, how
a program is put together.

All of it is NumPy, whatever the network is then made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.data.features import COLUMN
from bpviz.data.scaling import Affine
from bpviz.engine.schedules import SCHEDULES
from bpviz.files.code.account import Account, Weights
from bpviz.files.code.text import MOST_ROWS, Beside, array_text, block, comment, number, plain
from bpviz.version import __version__

FEATURES: Final[Mapping[str, str]] = {
    COLUMN: "{0}",
    "square": "{0} * {0}",
    "product": "{0} * {1}",
    "sin": "np.sin({0})",
    "cos": "np.cos({0})",
}
"""Forms of features, of columns ``{0}`` and ``{1}``."""

SCHEDULE_FACTORS: Final[Mapping[str, tuple[str, ...]]] = {
    "constant": (),
    "step": (
        "# The tiny factor counts a drop that rounding would miss: 0.3 / 0.1 is less than 3.",
        "rate *= {factor} ** math.floor(epochs / {every} * (1 + 2**-40))",
    ),
    "exponential": ("rate *= {decay} ** epochs",),
    "cosine": (
        "done = min(1, epochs / {epochs})",
        "rate *= {lowest} + (1 - {lowest}) * (1 + math.cos(math.pi * done)) / 2",
    ),
    "inverse": ("rate /= 1 + {decay} * epochs",),
}
"""How schedules change the rate after so many ``epochs``."""


_MAIN: Final = """
if __name__ == "__main__":
    for number, value in enumerate(train(int(sys.argv[1]) if len(sys.argv) > 1 else 200), start=1):
        print(f"step {number}  loss {value!r}")
""".strip("\n")


def assembled(
    account: Account,
    framework: str,
    beside: Beside,
    sections: Iterable[str],
    libraries: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Put a program together of its sections, those that are empty left out.

    Args:
        account: Of the run.
        framework: As it is called.
        beside: The file of its arrays.
        sections: Between head and what starts it.
        libraries: Lines that import what it is made of, each with what shows that it is needed; "" is always.
    """
    whole = "\n\n\n".join(filter(None, [*sections, _MAIN]))
    needed = [line for line, sign in libraries.items() if sign in whole]
    return f"{head(account, framework, beside)}\n\n{imports(whole, beside, needed)}\n\n{whole}\n"


def train(body: Iterable[str], account: Account, counter: str = "_") -> str:
    """The function that makes steps; ``body`` makes one, of ``rows`` unless they are all."""
    coming = [] if account.whole else ["coming = batches()"]
    rows = [] if account.whole else ["rows = next(coming)"]
    lines = [
        '"""Make steps, and return the loss of each batch before its step."""',
        "losses = []",
        *coming,
        f"for {counter} in range(steps):",
        *(f"    {line}" for line in (*rows, *body)),
        "return losses",
    ]
    return f"def train(steps):\n{block(lines)}"


def head(account: Account, framework: str, beside: Beside) -> str:
    """The docstring: what the program is, how to run it, what its names mean."""
    title = plain(account.title) or "A network"
    since = (
        f"It goes on from step {account.step} of that run, with its weights and the optimizer's memory."
        if account.step
        else "It begins where that run began, with the same weights."
    )
    lines = [
        f'"""{title}: {account.sizes}, trained by {framework}; written by bpviz {__version__}.',
        "",
        since,
        "Run it, for 200 steps or as many as you like, by:  python THIS_FILE [STEPS]",
        *([f"Its arrays are in {beside.name}, which belongs beside it."] if beside.arrays else []),
        *(["The run computes in single precision, this program in double."] if account.single else []),
        "",
        "z is what a node sums up, a its activation; delta is d loss / d z of one example.",
        "The training part is all it learns from; examples kept for testing are not in it.",
        '"""',
    ]
    return "\n".join(lines)


def imports(text: str, beside: Beside, others: Iterable[str]) -> str:
    """The imports that a program needs, in their order."""
    libraries = [name for name in ("math", "sys") if f"{name}." in text]
    lines = [f"import {name}" for name in libraries]
    lines += ["from pathlib import Path"] if beside.arrays else []
    beyond = sorted(["import numpy as np", *others], key=lambda line: (line.startswith("from"), line))
    named = "\n".join(beyond)
    if not beside.arrays:
        return "\n".join(lines) + f"\n\n{named}"
    opened = f'with np.load(Path(__file__).with_name("{beside.name}")) as file:\n    beside = dict(file)'
    return "\n".join(lines) + f"\n\n{named}\n\n{opened}"


def module_name(account: Account, weights: Weights) -> str:
    """What holds a matrix: ``layer_2`` also holds the biases of layer 2, ``layer_2_from_0`` only a skip."""
    first = account.into(weights.target)[0]
    return f"layer_{weights.target}" + ("" if weights is first else f"_from_{weights.source}")


def named_arrays(
    name: str, arrays: dict[str, Array], beside: Beside, aside: bool, captions: dict[str, str] | None = None
) -> Iterator[str]:
    """Lines of a dict of arrays."""
    yield f"{name} = {{"
    for key, array in arrays.items():
        about = (captions or {}).get(key)
        if about:
            yield f"    # {about}"
        kept = beside.put(f"{name}/{key}", array) if aside else array_code(array, f"    {key}")
        yield f'    "{key}": {kept},'
    yield "}"


def array_code(array: Array, before: str) -> str:
    """An array as code.

    Args:
        array: Of one or two dimensions.
        before: What stands before it in its first line.
    """
    head = f"{before}xxxxnp.array("  # quotes, colon and blank
    return f"np.array({array_text(array, head)}{'' if np.size(array) else ', dtype=float'})"


def data(account: Account, beside: Beside) -> str:
    """Read the examples and make them what input and output layer show: ``x`` and ``y``."""
    prepared, rows = account.prepared, account.prepared.train_rows
    dataset = prepared.dataset
    used = sorted({column for feature in prepared.features for column in feature.columns})
    raw = dataset.inputs[rows][:, used]
    names = [dataset.columns[column] for column in used]
    targets = dataset.targets[rows] if dataset.targets is not None else _labels(account)
    table = np.column_stack([raw, targets])
    about = f"The training examples, a row each: {', '.join(names)}; then {_target_text(account)}."
    lines = [comment(plain(about))]
    lines += ["# Where a value was missing, stands what it was filled with."] if dataset.fills else []
    before = "table = np.array("
    if len(table) > MOST_ROWS:
        lines += [f"table = {beside.put('table', table)}"]
    else:
        lines += [f"{before}{array_text(table, before)})"]
    lines += [f"raw, target = table[:, :{len(used)}], table[:, {len(used)}:]", "", ""]
    lines += [*_inputs(account, used), "", ""]
    lines += ["x = inputs(raw)", *_targets(account)]
    return "\n".join(lines)


def order(account: Account) -> str:
    """The function that shuffles an epoch."""
    return f'''
def mix(v):
    """Scramble 64-bit numbers (SplitMix64); what runs over is cut off, as it should be."""
    v = v + np.uint64(0x9E3779B97F4A7C15)
    v = (v ^ (v >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    v = (v ^ (v >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return v ^ (v >> np.uint64(31))


def order(epoch):
    """Shuffle the examples for an epoch (Fisher-Yates); seed and epoch alone determine how."""
    key = mix(mix(np.array([{account.training.seed}], dtype=np.uint64)) + np.uint64(epoch))
    place = np.arange(len(x), dtype=np.uint64)
    chance = mix(key + place * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
    partner = (chance * (place + np.uint64(1))) >> np.uint64(32)  # of each place, from 0 to itself
    rows = list(range(len(x)))
    for i, j in zip(range(len(x) - 1, 0, -1), partner[:0:-1].tolist()):
        rows[i], rows[j] = rows[j], rows[i]
    return np.array(rows, dtype=int)
'''.strip("\n")


def batches(account: Account) -> str:
    """The generator of batches; nothing where each step learns from all examples."""
    if account.whole:
        return ""
    lines = [order(account), "", ""] if account.batching.shuffled else []
    place, size = account.place, account.batching.size
    shuffled = "order(epoch)" if account.batching.shuffled else "np.arange(len(x))"
    body = [f"epoch, done = {place.epoch}, {place.position}  # epochs, and batches of the next one"]
    if account.batching.carries_over:
        about = "A short rest of an epoch waits for the first batch of the next."
        body += _carrying(account, shuffled)
    else:
        about = "The last batch of an epoch may be a short one."
        body += [
            "while True:",
            f"    rows = {shuffled}",
            f"    for begin in range(done * {size}, len(x), {size}):",
            f"        yield rows[begin : begin + {size}]",
            "    epoch, done = epoch + 1, 0",
        ]
    lines += ["def batches():", block([f'"""Yield the rows of each batch, for ever. {about}"""', *body])]
    return "\n".join(lines)


def rate(account: Account, *, share: bool = False) -> str:
    """The learning rate of a step, as a function; nothing where it stays what it is.

    Args:
        account: Of the run.
        share: As a share of the rate that was set, ``rate_share(step)``, in place of ``learning_rate(step)``.
    """
    if account.steady:
        return ""
    training, steps = account.training, account.steps_per_epoch
    if share:
        name, about, base = "rate_share", "What the learning rate is multiplied by at a step", 1.0
    else:
        name, about, base = "learning_rate", "The rate of a step", training.learning_rate
    body = [f'"""{about}, counted from 0."""', f"rate = {number(base)}"]
    if training.schedule != "constant":
        about = f"{SCHEDULES[training.schedule].label}: t in epochs of {steps} steps"
        options = {name: number(value) for name, value in account.schedule_options.items()}
        lines = [line.format(**options) for line in SCHEDULE_FACTORS[training.schedule]]
        body += [f"epochs = step / {steps}  # {about}", *lines]
    if training.warmup > 0:
        climb = number(training.warmup * steps)
        body += [f"rate *= min(1, (step + 1) / {climb})  # warm-up"]
    return "\n".join([f"def {name}(step):", block([*body, "return rate"])])


def first_step(account: Account) -> int:
    """The step that the schedule counts by where the program begins."""
    return account.place.epoch * account.steps_per_epoch + account.place.position


def plus(number: int) -> str:
    """A number before something that is added to it; nothing for 0."""
    return f"{number} + " if number else ""


def _labels(account: Account) -> Array:
    labels = account.prepared.dataset.labels
    assert labels is not None, "data have classes or numbers"
    return labels[account.prepared.train_rows].astype(np.float64)


def _target_text(account: Account) -> str:
    dataset = account.prepared.dataset
    if dataset.classes is None:
        return ", ".join(dataset.target_names)
    known = [f"{number} = {name}" for number, name in enumerate(dataset.classes[:12])]
    return f"{', '.join(dataset.target_names)} ({', '.join(known)}{', ...' * (len(dataset.classes) > 12)})"


def _inputs(account: Account, used: list[int]) -> Iterator[str]:
    prepared = account.prepared
    yield "def inputs(raw):"
    yield '    """Make rows of the table what the input layer shows."""'
    plainly = [feature.columns for feature in prepared.features] == [(column,) for column in used]
    if plainly and all(feature.form == COLUMN for feature in prepared.features):
        result = "raw"
    else:
        yield "    features = ["
        for feature in prepared.features:
            columns = [f"raw[:, {used.index(column)}]" for column in feature.columns]
            yield f"        {FEATURES[feature.form].format(*columns)},  # {plain(feature.text)}"
        yield "    ]"
        result = "np.column_stack(features)"
    if _is_plain(prepared.input_scaling):
        yield f"    return {result}"
        return
    for name, values in (("shift", prepared.input_scaling.shift), ("scale", prepared.input_scaling.scale)):
        yield f"    {name} = np.array({array_text(values, f'    {name} = np.array(')})"
    yield f"    return ({result} - shift) / scale"


def _targets(account: Account) -> Iterator[str]:
    prepared, code = account.prepared, account.prepared.code
    if prepared.dataset.classes is None:
        if _is_plain(prepared.target_scaling):
            yield "y = target"
            return
        shift = array_text(prepared.target_scaling.shift)
        scale = array_text(prepared.target_scaling.scale)
        yield f"y = (target - np.array({shift})) / np.array({scale})"
    elif code.size == 1:
        yield f"y = np.where(target == 1, {number(code.high)}.0, {number(code.low)}.0)"
    else:
        yield f"y = np.eye({code.size})[target[:, 0].astype(int)]  # 1 at the right class, else 0"


def _is_plain(scaling: Affine) -> bool:
    return bool((scaling.shift == 0).all() and (scaling.scale == 1).all())


def _carrying(account: Account, shuffled: str) -> list[str]:
    size, steps = account.batching.size, account.steps_per_epoch
    waiting = f"[{', '.join(map(str, account.place.carried))}]"
    return [
        f"waiting = np.array({waiting}, dtype=int)",
        "while True:",
        f"    rows, more = np.concatenate([waiting, {shuffled}]), len(waiting)",
        f"    for batch in range(done, {steps}):",
        f"        begin = more + batch * {size} if batch else 0",
        f"        yield rows[begin : more + (batch + 1) * {size}]",
        f"    waiting = rows[more + {steps * size} :]",
        "    epoch, done = epoch + 1, 0",
    ]
