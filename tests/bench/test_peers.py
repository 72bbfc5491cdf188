"""PyTorch and scikit-learn train the same networks on the same batches."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

from bpviz.bench.nets import NETS
from bpviz.bench.peers import PEERS, SklearnContender, TorchContender
from bpviz.bench.task import Task
from bpviz.engine.backprop import backprop

Oracle = Callable[[str], ModuleType]


@pytest.mark.parametrize("name", ["2-8-8-8-1-sparse", "4-16-3", "64-128-64-10"])
def test_pytorch_has_the_loss_and_gradient_of_the_engine(name: str, oracle: Oracle) -> None:
    torch = oracle("torch")
    task = Task.of(NETS[name], "sgd", "float64")
    contender = TorchContender(task)
    x, y = task.x[:40], task.y[:40]
    trace = backprop(task.compiled.plan, task.training.loss, task.start, x, y)
    wanted = torch.from_numpy(y)
    if task.training.loss == "categorical_cross_entropy":
        wanted = wanted.argmax(dim=1)
    loss = contender.loss(contender.network(torch.from_numpy(x)), wanted)
    loss.backward()
    assert float(loss.detach()) == pytest.approx(trace.mean_loss, rel=1e-12)
    size = np.sqrt(sum(float((part.grad**2).sum()) for part in contender.network.parameters))
    assert size == pytest.approx(float(np.linalg.norm(trace.gradient)), rel=1e-10)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_pytorch_learns(optimizer: str, oracle: Oracle) -> None:
    torch = oracle("torch")
    task = Task.of(NETS["4-16-3"], optimizer, "float32")
    contender = TorchContender(task)
    x, kinds = torch.from_numpy(task.x), torch.from_numpy(task.y).argmax(dim=1)
    before = float(contender.loss(contender.network(x), kinds).detach())
    contender.run(45)
    after = float(contender.loss(contender.network(x), kinds).detach())
    assert after < before
    contender.restart()
    assert float(contender.loss(contender.network(x), kinds).detach()) == pytest.approx(before)


@pytest.mark.parametrize("name", ["2-4-2-1", "4-16-3"])
def test_scikit_learn_sees_exactly_the_batches_it_is_asked_for(name: str, oracle: Oracle) -> None:
    oracle("sklearn")
    task = Task.of(NETS[name], "sgd", "float64")
    contender = SklearnContender(task)
    for steps in (1, 70, 4):
        contender.run(steps)
    assert contender.model.t_ == 75 * task.net.batch
    assert [weights.shape for weights in contender.model.coefs_] == [
        link.present.T.shape for link in task.compiled.plan.links
    ]


def test_scikit_learn_is_not_asked_for_what_it_can_not_express() -> None:
    expresses = PEERS["sklearn"].expresses
    assert not expresses(Task.of(NETS["2-8-8-8-1-sparse"], "sgd", "float64"))
    assert expresses(Task.of(NETS["784-128-10"], "adam", "float32"))
