"""The losses that the TensorFlow Playground itself gives, to the six digits at which they were noted.

They come from running its own engine and data sets with the seed 0.59704, learning rate 0.03, half of the
data to train on, two hidden layers of 4 and 2 tanh nodes, and batches of 10 unless said otherwise.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Project
from bpviz.training.session import Session

pytestmark = pytest.mark.thorough

Losses = dict[int, tuple[float, float]]

CIRCLE: Losses = {
    0: (0.499440, 0.501190),
    1: (0.497578, 0.498116),
    10: (0.486275, 0.484222),
    100: (0.010396, 0.011562),
}
XOR: Losses = {
    0: (0.500452, 0.502342),
    1: (0.495153, 0.500154),
    10: (0.482380, 0.497519),
    100: (0.041702, 0.051777),
}
PLANE: Losses = {
    0: (0.163679, 0.167649),
    1: (0.034762, 0.037531),
    10: (0.004601, 0.005335),
    100: (0.000246, 0.000301),
}
# 250 examples by 30 leave ten, which join the first batch of the next epoch.
CIRCLE_BY_30: Losses = {0: (0.499440, 0.501190), 1: (0.498844, 0.500330), 10: (0.495198, 0.495204)}
CIRCLE_L1: Losses = {
    0: (0.499440, 0.501190),
    1: (0.497500, 0.498069),
    10: (0.492645, 0.491736),
    100: (0.287222, 0.291407),
}


def example(name: str, **training: object) -> Project:
    project = EXAMPLES[name].build()
    return replace(project, training=replace(project.training, **training))  # type: ignore[arg-type]


def trained(project: Project, losses: Losses) -> Session:
    """Train to the last epoch that losses are known for, comparing on the way."""
    session = Session(project)
    for epoch, expected in sorted(losses.items()):
        session.advance((epoch - int(session.epoch)) * session.steps_per_epoch)
        assert session.epoch == epoch
        found = (session.metrics.train_loss, session.metrics.test_loss)
        assert found == pytest.approx(expected, abs=5e-7)
    return session


@pytest.mark.parametrize(("name", "losses"), [("circle", CIRCLE), ("xor", XOR), ("plane", PLANE)])
def test_the_examples_have_the_playgrounds_losses(name: str, losses: Losses) -> None:
    trained(example(name), losses)


def test_what_a_short_batch_leaves_over_joins_the_next_epoch_as_in_the_playground() -> None:
    trained(example("circle", batch_size=30), CIRCLE_BY_30)


def test_l1_kills_as_many_weights_as_in_the_playground() -> None:
    session = trained(example("circle", penalty="playground_l1", penalty_rate=0.01), CIRCLE_L1)
    weights = session.parameters[: session.compiled.plan.weight_count]
    assert (len(weights), int((weights == 0).sum())) == (18, 13)
