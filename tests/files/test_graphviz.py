"""Networks are written as graphs for Graphviz."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bpviz.files.diagram import draw_network
from bpviz.files.graphviz import dot_text, quoted
from bpviz.model.builder import layered_network
from bpviz.model.spec import Project
from bpviz.palette import DARK, LIGHT
from bpviz.training.session import Session


def test_every_node_and_every_connection_stands_there_once(hard_project: Project) -> None:
    network, run = hard_project.network, Session(hard_project)
    values = {address: run.value(address) for address in run.compiled.addresses()}
    text = dot_text(network, values, LIGHT)
    present = sum(int((~link.removed.array).sum()) for link in network.links)
    frozen = sum(int((link.frozen.array & ~link.removed.array).sum()) for link in network.links)
    assert len(re.findall(" -> ", text)) == present
    assert len(re.findall("style=dashed", text)) == frozen > 0
    assert len(re.findall("pos=", text)) == sum(layer.size for layer in network.layers)
    assert LIGHT.negative in text
    assert LIGHT.positive in text
    assert text.count("{") == text.count("}")


def test_layers_and_inputs_have_their_names() -> None:
    text = dot_text(layered_network(["x", "sin(y)"], [3], ["cat"], activation="relu"), None, DARK)
    for words in ("Hidden 1: 3 nodes, ReLU", 'xlabel="sin(y)"', 'xlabel="cat"'):
        assert words in text
    assert "penwidth" not in text


@given(st.text())
def test_any_name_stays_inside_its_quotes(name: str) -> None:
    inner = quoted(name)[1:-1]
    assert not re.search(r'(?<!\\)(\\\\)*"', inner)
    assert "\n" not in inner


def test_it_is_a_kind_of_picture(tmp_path: Path) -> None:
    draw_network(layered_network(["x"], [2], 1), tmp_path / "net.dot")
    assert (tmp_path / "net.dot").read_text(encoding="utf-8").startswith("digraph network {")
