"""Every project value survives being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.arrays import Array
from bpviz.data.settings import DataSettings
from bpviz.errors import ModelError
from bpviz.files import schema
from bpviz.files.starts import Blocks
from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import (
    BiasAddress,
    Layer,
    Link,
    Network,
    Node,
    PairMask,
    Project,
    Role,
    Start,
    Stop,
    Training,
    WeightAddress,
    WeightBlock,
)

ROLES: st.SearchStrategy[Role] = st.sampled_from(("input", "hidden", "output"))
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=8)


@st.composite
def masks(draw: st.DrawFn, targets: int, sources: int) -> PairMask:
    pairs = draw(st.lists(st.booleans(), min_size=targets * sources, max_size=targets * sources))
    return PairMask.of(np.array(pairs, dtype=np.bool_).reshape(targets, sources))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    layers = []
    for at, size in enumerate(draw(st.lists(st.integers(0, 3), max_size=4))):
        nodes = tuple(
            Node(
                f"n{at}-{k}",
                draw(TEXTS),
                draw(NUMBERS),
                draw(st.none() | TEXTS),
                draw(st.booleans()),
                draw(st.none() | TEXTS),
                draw(st.none() | NUMBERS),
                draw(st.booleans()),
            )
            for k in range(size)
        )
        role = draw(ROLES)
        layers.append(
            Layer(f"l{at}", draw(TEXTS), role, nodes, draw(TEXTS), draw(NUMBERS), draw(st.booleans()))
        )
    links = []
    for a, source in enumerate(layers):
        for target in layers[a + 1 :]:
            removed = draw(masks(target.size, source.size))
            if removed.count < target.size * source.size:
                frozen = draw(masks(target.size, source.size))
                links.append(Link(source.id, target.id, removed, frozen))
    return Network(tuple(layers), tuple(links))


OPTIONS = st.dictionaries(TEXTS, NUMBERS, max_size=2).map(lambda found: tuple(sorted(found.items())))
STOPS = st.builds(
    Stop,
    st.none() | st.integers(0, 10**6),
    st.none() | NUMBERS,
    st.none() | NUMBERS,
    st.none() | NUMBERS,
    st.none() | st.integers(0, 10**6),
)
TRAININGS = st.builds(
    Training,
    seed=st.integers(0, 2**32 - 1),
    optimizer=TEXTS,
    optimizer_options=OPTIONS,
    learning_rate=NUMBERS,
    schedule_options=OPTIONS,
    batch_size=st.none() | st.integers(1, 1000),
    shuffle=st.sampled_from(["each epoch", "never"]),
    last_batch=st.sampled_from(["keep", "carry over"]),
    clip_norm=st.none() | NUMBERS,
    initializer_options=OPTIONS,
    precision=st.sampled_from(["float64", "float32"]),
    stop=STOPS,
)
STARTS = st.lists(
    st.tuples(st.builds(WeightAddress, TEXTS, TEXTS) | st.builds(BiasAddress, TEXTS), NUMBERS), max_size=3
).map(lambda values: Start(tuple(values)))
BLOCKS = st.builds(
    lambda sources, targets: WeightBlock.of(sources, targets, np.full((len(targets), len(sources)), 0.1)),
    *[st.lists(TEXTS, min_size=1, max_size=3, unique=True)] * 2,
)
STARTS = st.builds(
    lambda start, block: start.with_block(block) if block else start, STARTS, st.none() | BLOCKS
)
PROJECTS = st.builds(Project, networks(), st.just(DataSettings()), TRAININGS, STARTS, TEXTS)


def written(project: Project) -> tuple[schema.ProjectDocument, Mapping[str, Array]]:
    blocks = Blocks()
    document = msgspec.json.encode(schema.to_document(project, 9, "bpviz", blocks))
    return msgspec.json.decode(document, type=schema.ProjectDocument), blocks.arrays


@given(PROJECTS)
def test_any_project_survives_being_written(project: Project) -> None:
    document, starts = written(project)
    assert schema.to_project(document, None, starts) == project


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_survives_being_written(name: str) -> None:
    project = EXAMPLES[name].build()
    document, starts = written(project)
    assert schema.to_project(document, project.data.table, starts) == project


@pytest.mark.parametrize(
    ("value", "document"),
    [
        (Node, schema.NodeDocument),
        (Layer, schema.LayerDocument),
        (Link, schema.LinkDocument),
        (Network, schema.NetworkDocument),
        (DataSettings, schema.DataDocument),
        (Training, schema.TrainingDocument),
        (Stop, schema.StopDocument),
    ],
)
def test_no_field_of_a_value_is_forgotten(value: type, document: type[msgspec.Struct]) -> None:
    # What version 1 called them, and what belongs to the table, whose rows are a file of their own.
    others = {"target", "gaps"} if document is schema.DataDocument else set()
    assert {field.name for field in fields(value)} | others == set(document.__struct_fields__)


def test_pair_sets_are_readable_rows() -> None:
    mask = PairMask.of(np.array([[True, False, False], [False, True, True]]))
    layers = (
        Layer("a", "", "input", (Node("1"), Node("2"), Node("3"))),
        Layer("b", "", "output", (Node("4"), Node("5"))),
    )
    network = Network(layers, (Link("a", "b", mask, PairMask(2, 3)),))
    document = schema.to_document(Project(network), 1, "", Blocks())
    assert document.network.links[0].removed == ["100", "011"]
    assert document.network.links[0].frozen == []


def test_what_is_not_locked_is_written_as_before_there_were_locks() -> None:
    layers = (
        Layer("a", "", "input", (Node("1"), Node("2", locked=True))),
        Layer("b", "", "output", (), locked=True),
    )
    written = msgspec.to_builtins(schema.network_document(Network(layers)))
    assert ["locked" in layer for layer in written["layers"]] == [False, True]
    assert [node.get("locked") for node in written["layers"][0]["nodes"]] == [None, True]


def test_a_node_in_its_column_is_written_as_before_there_were_others() -> None:
    layer = Layer("a", "", "input", (Node("1"), Node("2", x=7.5)))
    written = msgspec.to_builtins(schema.network_document(Network((layer,))))
    assert [node.get("x") for node in written["layers"][0]["nodes"]] == [None, 7.5]
    assert "x" not in written["layers"][0]["nodes"][0]


@pytest.mark.parametrize(
    "rows", [["10"], ["100", "01"], ["100", "01x"], ["100", "011", "000"], ["1٠0", "000"]]
)
def test_pair_sets_of_another_shape_are_refused(rows: list[str]) -> None:
    document = schema.NetworkDocument(
        [
            schema.LayerDocument("a", "", "input", "tanh", 0, [schema.NodeDocument(i) for i in "123"]),
            schema.LayerDocument("b", "", "output", "tanh", 0, [schema.NodeDocument(i) for i in "45"]),
        ],
        [schema.LinkDocument("a", "b", rows)],
    )
    with pytest.raises(ModelError, match="shape"):
        schema.to_network(document)


def test_a_link_with_a_loose_end_is_refused() -> None:
    document = schema.NetworkDocument([], [schema.LinkDocument("a", "b")])
    with pytest.raises(ModelError, match="both ends"):
        schema.to_network(document)
