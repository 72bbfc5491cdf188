"""Links to the TensorFlow Playground: its golden runs by link alone, there and back, and any link at all."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import BpvizError, DataError, ModelError
from bpviz.model.builder import layered_network
from bpviz.model.examples import EXAMPLES
from bpviz.model.playground import is_link, link_of, obstacle_text, playground_link, project_of, unhad_text
from bpviz.model.playground.keys import ACTIVATIONS, CLASS_SETS, FEATURES, KNOWN, NUMBER_SETS, PENALTIES
from bpviz.model.playground.reading import number
from bpviz.model.spec import Network, Project, Stop, options
from bpviz.streams import playground_key
from bpviz.training.session import Session

SPIRAL = {"spiral": "spiral_playground"}  # the bundled spiral has settings of its own
PAGE = "https://playground.tensorflow.org/#"
GOLDEN = {
    "dataset=circle": {
        0: (0.499440, 0.501190),
        1: (0.497578, 0.498116),
        10: (0.486275, 0.484222),
        100: (0.010396, 0.011562),
    },
    "dataset=xor": {
        0: (0.500452, 0.502342),
        1: (0.495153, 0.500154),
        10: (0.482380, 0.497519),
        100: (0.041702, 0.051777),
    },
    "problem=regression&regDataset=reg-plane": {
        0: (0.163679, 0.167649),
        1: (0.034762, 0.037531),
        10: (0.004601, 0.005335),
        100: (0.000246, 0.000301),
    },
    "batchSize=30": {0: (0.499440, 0.501190), 1: (0.498844, 0.500330), 10: (0.495198, 0.495204)},
    "regularization=L1&regularizationRate=0.01": {
        0: (0.499440, 0.501190),
        1: (0.497500, 0.498069),
        10: (0.492645, 0.491736),
        100: (0.287222, 0.291407),
    },
}
"""The losses that the page's own engine gives; the seed is 0.59704."""


def of(settings: str) -> Project:
    return project_of(f"{PAGE}seed=0.59704&{settings}").project


def reasons(settings: str) -> list[tuple[str, str, str]]:
    found = project_of(f"{PAGE}seed=0.59704&{settings}").unhad
    assert all(unhad_text(one).endswith(".") for one in found)
    return [(one.key, one.reason, one.taken) for one in found]


def shape(network: Network) -> list[tuple[str, int, str, list[str | None]]]:
    return [(la.role, la.size, la.activation, [n.feature for n in la.nodes]) for la in network.layers]


def same(one: Project, other: Project) -> bool:
    settings = (one.data, one.training, shape(one.network)) == (
        other.data,
        other.training,
        shape(other.network),
    )
    return settings and len(one.network.links) == len(other.network.links)


@pytest.mark.thorough
@pytest.mark.parametrize("settings", GOLDEN)
def test_a_link_alone_gives_the_losses_of_the_page(settings: str) -> None:
    session = Session(of(settings))
    for epoch, losses in GOLDEN[settings].items():
        session.advance((epoch - int(session.epoch)) * session.steps_per_epoch)
        assert (session.metrics.train_loss, session.metrics.test_loss) == pytest.approx(losses, abs=5e-7)


@pytest.mark.parametrize(
    ("settings", "example"),
    [
        *((f"dataset={key}", SPIRAL.get(own, own)) for key, own in CLASS_SETS.items()),
        *((f"problem=regression&regDataset={key}", own) for key, own in NUMBER_SETS.items()),
    ],
)
def test_the_page_with_each_of_its_data_sets_is_the_bundled_example(settings: str, example: str) -> None:
    assert same(of(settings), EXAMPLES[example].build())


@pytest.mark.parametrize(
    "rate", ["0.00001", "0.0001", "0.001", "0.003", "0.01", "0.1", "0.3", "1", "3", "10"]
)
def test_every_rate_of_the_page_is_had(rate: str) -> None:
    project = of(f"learningRate={rate}&regularizationRate={rate}&regularization=L2")
    assert (project.training.learning_rate, project.training.penalty_rate) == (float(rate), float(rate))
    assert project.training.penalty == "playground_l2"


def test_all_settings_are_read() -> None:
    project = of(
        "activation=sigmoid&batchSize=7&noise=35&networkShape=3,2,1&percTrainData=70&x=false&xTimesY=true"
        "&sinX=true&cosX=false&initZero=true&discretize=false&dataset=spiral&collectStats=false&hideText=false"
    )
    assert shape(project.network) == [
        ("input", 3, "linear", ["y", "x*y", "sin(x)"]),
        ("hidden", 3, "sigmoid", [None] * 3),
        ("hidden", 2, "sigmoid", [None] * 2),
        ("hidden", 1, "sigmoid", [None]),
        ("output", 1, "tanh", [None]),
    ]
    assert (project.data.noise, project.data.train_share) == (0.35, 0.7)
    assert (project.training.batch_size, project.training.initializer) == (7, "zeros")


@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_shape_is_no_hidden_layer(value: str) -> None:
    assert len(of(f"networkShape={value}").network.layers) == 2


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("noise=81", [("noise", "clamped", "50")]),
        ("noise=-3", [("noise", "clamped", "0")]),
        ("noise=80", []),
        ("noise=many", [("noise", "number", "0")]),
        ("cosX=true", [("cosX", "no_feature", "")]),
        ("discretize=true", [("discretize", "look", "")]),
        ("playButton_hide=true&stepButton_hide=false", [("playButton_hide", "hidden", "")]),
        ("dropout=0.5", [("dropout", "unknown", "")]),
        ("activation=gelu", [("activation", "word", "tanh")]),
        ("learningRate=0", [("learningRate", "number", "0.03")]),
        ("regularizationRate=-1", [("regularizationRate", "number", "0")]),
        ("batchSize=0", [("batchSize", "number", "10")]),
        ("batchSize=999", [("batchSize", "no_update", "250")]),
        ("percTrainData=0", [("percTrainData", "number", "50")]),
    ],
)
def test_what_cannot_be_had_is_listed(settings: str, expected: list[tuple[str, str, str]]) -> None:
    assert reasons(settings) == expected


@pytest.mark.parametrize("text", ["monday", "0.5", "59704", "0.000001", "0.99999999999"])
def test_a_seed_that_is_none_of_the_page_gives_another_that_is_said(text: str) -> None:
    one, other = (project_of(f"{PAGE}seed={text}") for _ in range(2))
    (said,) = one.unhad
    assert (said.key, said.reason) == ("seed", "seed")
    assert said.taken == playground_key(one.project.training.seed)
    assert one.project.training.seed == other.project.training.seed


def test_a_link_without_a_seed_says_so() -> None:
    (one,) = project_of(PAGE).unhad
    assert (one.key, one.reason, one.taken) == ("seed", "no_seed", "0.59704")


@pytest.mark.parametrize(
    ("percent", "count"), [("50", 250), ("33.3", 166), ("100", 500), ("250", 500), ("-10", 450), ("29", 145)]
)
def test_the_page_cuts_the_examples_as_javascript_does(percent: str, count: int) -> None:
    assert Session(of(f"percTrainData={percent}")).prepared.train_x.shape[0] == count


@pytest.mark.parametrize(("value", "size"), [("2.5", 5), ("-10", 10), ("0x10", 16), ("1e1", 10)])
def test_the_page_updates_whenever_the_count_is_a_multiple_of_the_batch_size(value: str, size: int) -> None:
    assert of(f"batchSize={value}").training.batch_size == size


@pytest.mark.parametrize(
    "settings", ["x=false&y=false", "networkShape=4,0", "networkShape=4,,2", "networkShape=Infinity"]
)
def test_a_network_that_cannot_be_drawn_is_refused(settings: str) -> None:
    with pytest.raises(ModelError):
        of(settings)


@pytest.mark.parametrize("address", ["https://example.org/#a=b", "https://example.org", "http://", "ftp://x"])
def test_another_address_is_refused(address: str) -> None:
    with pytest.raises(DataError, match="no link to the TensorFlow Playground"):
        project_of(address)


def test_what_looks_like_an_address_is_a_link_and_a_file_is_none() -> None:
    assert is_link("https://playground.tensorflow.org/#seed=0.1")
    assert is_link("https:/playground.tensorflow.org/#seed=0.1")  # as pathlib writes it
    assert is_link("playground.tensorflow.org/#seed=0.1")
    assert not is_link("playground.bpviz")


@given(
    st.one_of(
        st.floats(allow_nan=False).map(repr), st.integers(-(10**20), 10**20).map(str), st.text(max_size=8)
    )
)
def test_a_number_is_read_or_is_none(text: str) -> None:
    value = number(text)
    assert isinstance(value, float)
    try:
        expected = float(text) if text.isascii() and "_" not in text and "n" not in text.lower() else None
    except ValueError:
        expected = None
    assert expected is None or value == expected or math.isnan(value)


@st.composite
def kind_of_its_own(draw: st.DrawFn) -> Project:
    source = draw(st.sampled_from([*CLASS_SETS.values(), *NUMBER_SETS.values()]))
    numbers = source in NUMBER_SETS.values()
    chosen = draw(st.sets(st.sampled_from(list(FEATURES.values())), min_size=1))
    network = layered_network(
        [feature for feature in FEATURES.values() if feature in chosen],
        draw(st.lists(st.integers(1, 8), max_size=6)),
        1,
        activation=draw(st.sampled_from(list(ACTIVATIONS.values()))),
        output_activation="linear" if numbers else "tanh",
    )
    project = EXAMPLES["circle"].build()
    data = replace(
        project.data,
        source=source,
        noise=draw(st.floats(0, 0.8, allow_subnormal=False)),
        train_share=draw(st.integers(10, 100)) / 100,
    )
    training = replace(
        project.training,
        seed=draw(st.integers(0, 2**32 - 1)),
        learning_rate=draw(st.floats(1e-5, 10)),
        penalty=draw(st.sampled_from(list(PENALTIES.values()))),
        penalty_rate=draw(st.floats(0, 10)),
        batch_size=draw(st.integers(1, 50)),
        initializer=draw(st.sampled_from(["playground", "zeros"])),
    )
    return Project(network, data, training)


@given(kind_of_its_own())
def test_a_link_gives_the_same_project_back(project: Project) -> None:
    link = link_of(project)
    if not isinstance(link, str):  # a few fractions have no percentage that is divided back to them
        assert {one.way for one in link} <= {"noise", "share"}
        assert project.data.noise * 100 != round(project.data.noise * 100)
        return
    linked = project_of(link)
    without_hidden = len(project.network.layers) == 2
    assert linked.unhad == ()
    assert without_hidden or same(linked.project, project)
    assert (linked.project.data, linked.project.training) == (project.data, project.training)
    assert link_of(linked.project) == link


@pytest.mark.parametrize(
    ("way", "change"),
    [
        ("order", {"shuffle": "each epoch"}),
        ("order", {"last_batch": "keep"}),
        ("loss", {"loss": "huber"}),
        ("optimizer", {"optimizer": "adam"}),
        ("optimizer", {"optimizer": "momentum", "optimizer_options": options(momentum=0.5)}),
        ("optimizer", {"warmup": 2.0}),
        ("clip", {"clip_norm": 1.0}),
        ("batch", {"batch_size": 251}),
        ("penalty", {"penalty": "l2"}),
        ("initializer", {"initializer": "he_normal"}),
        ("precision", {"precision": "float32"}),
        ("stop", {"stop": Stop(epochs=3)}),
    ],
)
def test_a_setting_that_no_link_says_stands_in_its_way(way: str, change: dict[str, object]) -> None:
    circle = EXAMPLES["circle"].build()
    found = link_of(replace(circle, training=replace(circle.training, **change)))  # type: ignore[arg-type]
    assert not isinstance(found, str)
    assert [one.way for one in found] == [way]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_has_a_link_or_a_sentence(name: str) -> None:
    project = EXAMPLES[name].build()
    found = link_of(project)
    if isinstance(found, str):
        assert playground_link(project) == found
    else:
        with pytest.raises(ModelError) as refused:
            playground_link(project)
        assert obstacle_text(found[0]) in str(refused.value)


def test_the_whole_training_part_as_a_batch_is_written_as_its_number() -> None:
    circle = EXAMPLES["circle"].build()
    link = playground_link(replace(circle, training=replace(circle.training, batch_size=None)))
    assert "batchSize=250&" in link


VALUES = (
    *("", " ", "true", "false", "0", "-1", "1", "2.5", "7", "33.3", "50", "99", "1e9", "-1e-9", "1e-320"),
    *("0x1f", "NaN", "Infinity", "-Infinity", "4,2", "4,,2", "8,8,8,8,8,8,8", "1e3,1e3", "😀", "%20", "null"),
    *("relu", "L1", "L2", "none", "spiral", "reg-gauss", "regression", "classification", "0.12345", "=", "#"),
    *("9" * 400, "0." + "9" * 9, "00", "+5", ".5", "5.", "tanh", "gauss", "cos", "x"),
)
KEYS = (*sorted(KNOWN), "playButton_hide", "", "constructor", "__proto__", "a b")


def test_ten_thousand_random_links_end_in_a_project_or_a_sentence() -> None:
    dice = random.Random(11)
    made, refused = 0, []
    for _ in range(10_000):
        pairs = [f"{dice.choice(KEYS)}={dice.choice(VALUES)}" for _ in range(dice.randrange(8))]
        try:
            linked = project_of(PAGE + "&".join(pairs))
        except BpvizError as error:
            refused.append(str(error))
        else:
            made += 1
            assert all(unhad_text(one) for one in linked.unhad)
    assert made > 5_000
    assert all(sentence.endswith(".") for sentence in refused)
