"""The same training by PyTorch and scikit-learn, as one would write it there, if they are installed.

Neither records anything, which is in their favor.  Both shuffle at every epoch and use one thread.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from bpviz.bench.loop import LoopContender, can_express, compiler
from bpviz.bench.task import Task
from bpviz.bench.timing import Contender
from bpviz.registry import Registry


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody to compare with.

    Attributes:
        name: Its column; key on the command line.
        label: In tables.
        remedy: How to get it.
        here: Whether it can be used.
        expresses: Whether it can train a network.
        contender: Makes it ready.
    """

    name: str
    label: str
    remedy: str
    here: Callable[[], bool]
    expresses: Callable[[Task], bool]
    contender: Callable[[Task], Contender]


class TorchContender:
    """PyTorch in eager mode: `nn.Linear` modules, a loss and an optimizer of its own, one thread."""

    name = "torch"

    def __init__(self, task: Task) -> None:
        self._task = task
        self._torch: Any = importlib.import_module("torch")
        self._torch.set_num_threads(1)
        self._x = self._torch.from_numpy(np.array(task.x))
        self._y = self._torch.from_numpy(np.array(task.y))
        self._softmax = task.training.loss == "categorical_cross_entropy"
        if self._softmax:
            self._y = self._y.argmax(dim=1)
        self.restart()

    def restart(self) -> None:
        """Begin with a network at the start values of the task."""
        torch, training = self._torch, self._task.training
        self.network = TorchNetwork(torch, self._task)
        kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[training.optimizer]
        self._optimizer = kind(self.network.parameters, lr=training.learning_rate)
        self._batches = self._epochs()

    def run(self, steps: int) -> None:
        """Make steps."""
        for _ in range(steps):
            rows = next(self._batches)
            self._optimizer.zero_grad()
            loss = self.loss(self.network(self._x[rows]), self._y[rows])
            loss.backward()
            self._optimizer.step()

    def loss(self, answers: Any, wanted: Any) -> Any:
        """The mean loss of a batch."""
        if self._softmax:
            return self._torch.nn.functional.cross_entropy(answers, wanted)
        return 0.5 * (answers - wanted).square().sum(dim=1).mean()

    def _epochs(self) -> Iterator[Any]:
        while True:
            yield from self._torch.randperm(len(self._x)).split(self._task.net.batch)


class TorchNetwork:
    """Layers of modules whose links may skip layers and lack connections.

    Attributes:
        parameters: All of them, as PyTorch's optimizers take them.
    """

    def __init__(self, torch: Any, task: Task) -> None:
        plan = task.compiled.plan
        names = {"tanh": torch.tanh, "relu": torch.relu, "linear": None, "softmax": None}
        self._linear = torch.nn.functional.linear
        self._layers: list[tuple[Any, list[tuple[int, Any, Any]]]] = []
        for at, layer in enumerate(plan.layers[1:], start=1):
            links = []
            for number, k in enumerate(plan.incoming[at]):
                link = plan.links[k]
                module = torch.nn.Linear(
                    plan.layers[link.source].size, layer.size, bias=number == 0, dtype=_dtype(torch, task)
                )
                with torch.no_grad():
                    module.weight.copy_(torch.from_numpy(np.array(plan.weights(task.start, k))))
                    if number == 0:
                        module.bias.copy_(torch.from_numpy(np.array(plan.biases(task.start, at))))
                whole = bool(link.present.all())
                mask = None if whole else torch.from_numpy(link.present.astype(task.x.dtype))
                links.append((link.source, module, mask))
            # A softmax is part of PyTorch's loss.
            self._layers.append((names[layer.activations[0]], links))
        self.parameters = [
            parameter
            for _, links in self._layers
            for _, module, _ in links
            for parameter in module.parameters()
        ]

    def __call__(self, x: Any) -> Any:
        """(examples, inputs) -> (examples, outputs)."""
        values = [x]
        for function, links in self._layers:
            z = None
            for source, module, mask in links:
                if mask is None:
                    part = module(values[source])
                else:
                    part = self._linear(values[source], module.weight * mask, module.bias)
                z = part if z is None else z + part
            values.append(z if function is None else function(z))
        return values[-1]


class SklearnContender:
    """scikit-learn's multi-layer perceptron by `partial_fit`, up to an epoch of batches a call.

    A call for each batch would be several times slower: most of it checks its arguments.
    """

    name = "sklearn"

    def __init__(self, task: Task) -> None:
        self._task = task
        self._module: Any = importlib.import_module("sklearn.neural_network")
        self._classes = task.training.loss == "categorical_cross_entropy"
        self._y = task.y.argmax(axis=1) if self._classes else np.ascontiguousarray(task.y[:, 0])
        self._extra = {"classes": np.unique(self._y)} if self._classes else {}
        self.restart()

    def restart(self) -> None:
        """Begin with a new network; its start values are scikit-learn's own."""
        task, plan = self._task, self._task.compiled.plan
        kind = self._module.MLPClassifier if self._classes else self._module.MLPRegressor
        settings: dict[str, Any] = {
            "hidden_layer_sizes": tuple(layer.size for layer in plan.layers[1:-1]),
            "activation": plan.layers[1].activations[0],
            "solver": task.training.optimizer,
            "alpha": 0.0,
            "batch_size": task.net.batch,
            "learning_rate_init": task.training.learning_rate,
            "momentum": 0.0,
            "nesterovs_momentum": False,
            "random_state": 0,
        }
        self.model = kind(**settings)
        self._position = 0

    def run(self, steps: int) -> None:
        """Make steps."""
        batch, examples = self._task.net.batch, len(self._task.x)
        while steps > 0:
            begin = self._position
            end = min(begin + steps * batch, examples)
            rows = slice(begin, end)
            self.model.partial_fit(self._task.x[rows], self._y[rows], **self._extra)
            steps -= -(-(end - begin) // batch)
            self._position = end % examples


def _plain_layers(task: Task) -> bool:
    """Whether it is a plain stack of layers, with activations that scikit-learn has."""
    plan = task.compiled.plan
    dense = all(link.present.all() and link.target == link.source + 1 for link in plan.links)
    hidden = {name for layer in plan.layers[1:-1] for name in layer.activations}
    output = set(plan.layers[-1].activations)
    return dense and len(hidden) == 1 and hidden <= {"tanh", "relu"} and output <= {"linear", "softmax"}


def _dtype(torch: Any, task: Task) -> Any:
    return torch.float64 if task.x.dtype == np.float64 else torch.float32


def _installed(name: str) -> Callable[[], bool]:
    return lambda: find_spec(name) is not None


PEERS: Final = Registry(
    "peer",
    Peer(
        "torch",
        "PyTorch",
        "pip install torch",
        _installed("torch"),
        lambda _task: True,
        TorchContender,
    ),
    Peer(
        "sklearn",
        "scikit-learn",
        "pip install scikit-learn",
        _installed("sklearn"),
        _plain_layers,
        SklearnContender,
    ),
    Peer(
        "c++",
        "C++ loop",
        "install g++",
        lambda: compiler() is not None,
        can_express,
        LoopContender,
    ),
)
"""In the order of their columns."""
