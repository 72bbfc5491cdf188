"""The networks of the benchmark are those it names."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from bpviz.bench.nets import NETS, OPTIMIZERS, PRECISIONS, Net, table
from bpviz.bench.task import Task
from bpviz.model.compile import compile_network
from bpviz.model.problems import problems


@pytest.fixture(params=NETS.values(), ids=lambda net: net.name)
def net(request: pytest.FixtureRequest) -> Net:
    """Every network in turn."""
    found: Net = request.param
    return found


def test_a_network_has_the_sizes_of_its_name(net: Net) -> None:
    sizes = [str(layer.size) for layer in net.make().network.layers]
    assert net.name.removesuffix("-sparse") == "-".join(sizes)
    assert net.label.startswith("-".join(sizes))


def test_every_project_can_run(net: Net) -> None:
    for optimizer in OPTIMIZERS:
        for precision in PRECISIONS:
            project = net.project(optimizer, precision)
            assert problems(project) == ()
            assert project.training.optimizer == optimizer
            assert project.training.precision == precision
            assert project.training.batch_size == net.batch


def test_batches_are_whole(net: Net) -> None:
    task = Task.of(net, "sgd", "float32")
    assert len(task.x) % net.batch == 0
    assert task.examples_a_step == net.batch


def test_the_sparse_network_lacks_three_tenths_of_its_links_and_has_one_that_skips() -> None:
    dense, sparse = (
        compile_network(NETS[name].make().network).plan for name in ("2-8-8-8-1", "2-8-8-8-1-sparse")
    )
    skipping = [link for link in sparse.links if link.target > link.source + 1]
    kept = sum(int(link.present.sum()) for link in sparse.links if link not in skipping)
    assert kept == round(0.7 * dense.weight_count)
    assert [(link.source, link.target) for link in skipping] == [(1, 4)]
    assert skipping[0].present.all()


def test_a_made_up_table_has_its_classes_in_equal_parts_and_is_always_the_same() -> None:
    made = table(5, 3, 60)
    assert made.columns == ("c1", "c2", "c3", "c4", "c5", "kind")
    assert set(Counter(row[-1] for row in made.rows).values()) == {20}
    table.cache_clear()
    assert table(5, 3, 60) == made
    numbers = np.array([row[:-1] for row in made.rows], dtype=int)
    assert numbers.min() >= 0
    assert numbers.max() <= 15
