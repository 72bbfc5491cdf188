"""Networks are written as graphs for Graphviz."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
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
    chains = [line for line in text.splitlines() if "rank=same" in line]
    assert len(re.findall(" -> ", text)) - sum(line.count(" -> ") for line in chains) == present
    assert [len(re.findall(r'"\w+"', line)) for line in chains] == [layer.size for layer in network.layers]
    assert len(re.findall("style=dashed", text)) == frozen > 0
    assert len(re.findall("pos=", text)) == sum(layer.size for layer in network.layers)
    assert LIGHT.negative in text
    assert LIGHT.positive in text
    assert text.count("{") == text.count("}")


def test_layers_and_inputs_have_their_names() -> None:
    text = dot_text(layered_network(["x", "sin(y)"], [3], ["cat"], activation="relu"), None, DARK)
    for words in ("Hidden 1: 3 nodes, ReLU", 'label="sin(y)"', 'label="cat"'):
        assert words in text
    assert "penwidth" not in text


@given(st.text())
def test_any_name_stays_inside_its_quotes(name: str) -> None:
    inner = quoted(name)[1:-1]
    assert not re.search(r'(?<!\\)(\\\\)*"', inner)
    assert "\n" not in inner


def test_graphviz_keeps_layers_in_columns_and_nodes_in_their_order(hard_project: Project) -> None:
    dot = shutil.which("dot")
    if dot is None:
        pytest.skip("Graphviz is not here to lay it out; install it by: apt-get install graphviz")
    network = hard_project.network
    made = subprocess.run(
        [dot, "-Tplain"], input=dot_text(network, None, LIGHT), capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in made.stdout.splitlines() if line.startswith("node ")]
    place = {row[1]: (float(row[2]), float(row[3])) for row in rows}
    for layer in network.layers:
        nodes = [place[node.id] for node in sorted(layer.nodes, key=lambda node: node.y)]
        assert len({x for x, _ in nodes}) == 1
        assert [y for _, y in nodes] == sorted((y for _, y in nodes), reverse=True)


def test_it_is_a_kind_of_picture(tmp_path: Path) -> None:
    draw_network(layered_network(["x"], [2], 1), tmp_path / "net.dot")
    assert (tmp_path / "net.dot").read_text(encoding="utf-8").startswith("digraph network {")
