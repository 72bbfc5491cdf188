"""The practical ceiling for small networks: a C++ loop that a compiler unrolls for one network at a time.

``resources/bench/small_net.cpp`` is compiled into a temporary folder, if this machine has a compiler, and
trains what bpviz's kernels train, with the same records.  It needs tanh hidden nodes, plain gradient descent
and whole batches.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bpviz.arrays import Array, aligned_zeros
from bpviz.bench.task import Task
from bpviz.engine.plan import Plan
from bpviz.errors import BpvizError
from bpviz.resources import resource
from bpviz.training.bins import STEP_BINS

MOST_LINKS: Final = 1000
_COMPILERS: Final = ("g++", "clang++", "c++")
_FLAGS: Final = ("-O3", "-march=native", "-std=c++17", "-shared", "-fPIC", "-fno-math-errno", "-Wno-psabi")
_STRIDE: Final = 64
_OUTPUTS: Final = {
    ("linear", "half_squared"): 0,
    ("softmax", "categorical_cross_entropy"): 1,
}
"""By activation and loss of the output: the constant SOFTMAX."""


class CompilerError(BpvizError):
    """The C++ loop could not be built."""


class _Run(ctypes.Structure):
    """As the struct of this name in the source."""

    _fields_ = (
        *((name, ctypes.c_int64) for name in ("examples", "epoch", "position", "steps", "stride", "bins")),
        ("seed", ctypes.c_uint64),
        ("rate", ctypes.c_double),
        *(
            (name, ctypes.c_void_p)
            for name in ("x", "y", "order", "packed", "parameters", "sums", "of_steps", "of_nodes")
        ),
    )


def compiler() -> str | None:
    """Path of the C++ compiler to use: the one that CXX names, or the first there is."""
    named = os.environ.get("CXX", "").split()
    return next((path for name in (*named[:1], *_COMPILERS) if (path := shutil.which(name))), None)


def can_express(task: Task) -> bool:
    """Whether the loop can train this network."""
    plan, training = task.compiled.plan, task.training
    hidden = {name for layer in plan.layers[1:-1] for name in layer.activations}
    output = set(plan.layers[-1].activations)
    plain = training.optimizer == "sgd" and training.penalty == "none" and training.clip_norm is None
    return (
        plain
        and hidden <= {"tanh"}
        and len(output) == 1
        and (output.pop(), training.loss) in _OUTPUTS
        and len(task.x) % task.net.batch == 0
        and int(np.count_nonzero(plan.present[: plan.weight_count])) <= MOST_LINKS
    )


class LoopContender:
    """The C++ loop as a contender.

    Raises:
        CompilerError: If there is no compiler, or it refuses.
    """

    name = "c++"

    def __init__(self, task: Task) -> None:
        self._task = task
        self._wiring = Wiring(task.compiled.plan)
        self._library = build(task, self._wiring)
        sizes = (ctypes.c_int64 * 6)()
        self._library.sizes(sizes)
        batch, parameters, sums, of_steps, of_nodes, _ = sizes
        dtype, examples = task.x.dtype, len(task.x)
        self._places = np.zeros(len(self._wiring.order), dtype=np.int64)
        self._library.places(self._places.ctypes.data_as(ctypes.POINTER(ctypes.c_int64)))
        self._arrays: dict[str, NDArray[Any]] = {
            "x": np.ascontiguousarray(task.x),
            "y": np.ascontiguousarray(task.y),
            "order": np.zeros(examples, dtype=np.int32),
            "packed": aligned_zeros(examples // task.net.batch * batch, dtype),
            "parameters": aligned_zeros(parameters, dtype),
            "sums": aligned_zeros(sums, dtype),
            "of_steps": np.zeros(STEP_BINS * of_steps, dtype=dtype),
            "of_nodes": np.zeros(STEP_BINS * of_nodes, dtype=dtype),
        }
        self.restart()

    @property
    def parameters(self) -> Array:
        """(parameters,) as in the plan of the task."""
        result: Array = np.zeros(self._task.start.size, dtype=self._task.start.dtype)
        result[self._wiring.order] = self._arrays["parameters"][self._places]
        return result

    @property
    def last_loss(self) -> float:
        """Of the last batch before its update."""
        rows = self._arrays["of_steps"].reshape(STEP_BINS, -1, 4)
        return float(rows[(self._run.steps - 1) // _STRIDE % STEP_BINS, 0, 3])

    def restart(self) -> None:
        """Stand at the start again."""
        task = self._task
        self._arrays["parameters"][self._places] = task.start[self._wiring.order]
        pointers = {name: array.ctypes.data for name, array in self._arrays.items()}
        self._run = _Run(
            examples=len(task.x),
            stride=_STRIDE,
            bins=STEP_BINS,
            seed=task.training.seed,
            rate=task.training.learning_rate,
            **pointers,
        )

    def run(self, steps: int) -> None:
        """Make steps."""
        self._library.train(ctypes.byref(self._run), ctypes.c_int64(steps))


class Wiring:
    """A plan as the source wants it: nodes in the order they compute, and for each its links.

    Attributes:
        layers: Layer of each node but the inputs, from 0.
        starts: Where each node's links begin among `sources`; and their number.
        sources: Node that each link leaves, inputs counted too.
        order: (links + nodes,) place of each link's weight, then of each node's bias, in the plan's vector.
    """

    def __init__(self, plan: Plan) -> None:
        first = np.cumsum([0, *(layer.size for layer in plan.layers)])
        self.layers: list[int] = []
        self.starts = [0]
        self.sources: list[int] = []
        weights: list[int] = []
        biases: list[int] = []
        for at, layer in enumerate(plan.layers[1:], start=1):
            for node in range(layer.size):
                for k in plan.incoming[at]:
                    link = plan.links[k]
                    width = plan.layers[link.source].size
                    for source in np.flatnonzero(link.present[node]).tolist():
                        self.sources.append(int(first[link.source]) + source)
                        weights.append(plan.weight_slices[k].start + node * width + source)
                self.layers.append(at - 1)
                self.starts.append(len(self.sources))
                biases.append(plan.bias_slices[at].start + node)
        self.order = np.array([*weights, *biases], dtype=np.int64)


def build(task: Task, wiring: Wiring) -> ctypes.CDLL:
    """Compile the loop for one network and load it.

    Raises:
        CompilerError: If there is no compiler, or it refuses.
    """
    program = compiler()
    if program is None:
        raise CompilerError("There is no C++ compiler here; install g++ to compare with a C++ loop.")
    plan = task.compiled.plan
    constants = {
        "REAL": "double" if task.x.dtype == np.float64 else "float",
        "BATCH": task.net.batch,
        "INPUTS": plan.layers[0].size,
        "OUTPUTS": plan.layers[-1].size,
        "SOFTMAX": _OUTPUTS[plan.layers[-1].activations[0], task.training.loss],
        "NODE_LAYERS": _listed(wiring.layers),
        "STARTS": _listed(wiring.starts),
        "SOURCES": _listed(wiring.sources),
    }
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        library = Path(folder) / "small_net.so"
        words = [f"-D{name}={value}" for name, value in constants.items()]
        command = [program, *_FLAGS, *words, str(resource("bench", "small_net.cpp")), "-o", str(library)]
        answer = subprocess.run(command, capture_output=True, text=True)  # noqa: S603 - our own words
        if answer.returncode != 0:
            first = next((line for line in answer.stderr.splitlines() if "error" in line), "no reason given")
            raise CompilerError(f"{program} can't compile the C++ loop ({first}); install a newer compiler.")
        loaded = ctypes.CDLL(str(library))
    loaded.train.restype = loaded.sizes.restype = loaded.places.restype = None
    return loaded


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))
