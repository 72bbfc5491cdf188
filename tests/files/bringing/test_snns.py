"""Networks of SNNS: shortcuts, positions, several targets, and what is refused by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import bpviz
from bpviz.errors import FileFormatError, ModelError
from bpviz.files.bringing import Proposal, bring, brought_project, outputs, patterns, remarks_of
from bpviz.model.spec import Address, BiasAddress, WeightAddress
from tests.files.bringing.nets import XOR_LINKS, XOR_PATTERNS, XOR_ROWS, encoder, net, pat


def written(folder: Path, text: str, name: str = "net.net") -> Path:
    path = folder / name
    path.write_text(text, encoding="latin-1")
    return path


def xor(folder: Path) -> Proposal:
    return bring(
        written(folder, net(XOR_ROWS, XOR_LINKS)),
        examples=written(folder, pat(2, 1, XOR_PATTERNS), "xor.pat"),
    )


def test_xor_with_shortcuts_is_the_worked_example(tmp_path: Path) -> None:
    found = xor(tmp_path)
    assert found.sizes == (2, 1, 1)
    assert set(found.weights) == {(1, 0), (2, 0), (2, 1)}
    project = brought_project(found)
    assert remarks_of(found) == ()
    trace = bpviz.backprop(project)
    assert trace.a[-1][:, 0] == pytest.approx(
        [0.1125420077, 0.8801354804, 0.9142401214, 0.1037718651], abs=1e-9
    )
    assert trace.delta[-1][:, 0] == pytest.approx(
        [0.0112402798, -0.0126453492, -0.0067240137, 0.0096511223], abs=1e-9
    )
    assert trace.delta[1][:, 0] == pytest.approx(
        [0.0052063321, -0.0000506106, -0.0088626175, 0.0048319757], abs=1e-9
    )
    assert trace.mean_loss == pytest.approx(0.0056445704, abs=1e-9)
    layers = project.network.layers
    (x1, x2), (h,), (o,) = (tuple(node.id for node in layer.nodes) for layer in layers)
    gradient = bpviz.session(project, engine="reference").compiled
    expected: dict[Address, float] = {
        WeightAddress(x1, h): -0.00100766,
        WeightAddress(x2, h): 0.00119534,
        BiasAddress(h): 0.00028127,
        WeightAddress(h, o): -0.00121453,
        WeightAddress(x1, o): 0.00073178,
        WeightAddress(x2, o): -0.00074856,
        BiasAddress(o): 0.00038051,
    }
    for address, value in expected.items():
        assert trace.gradient[gradient.index(address)] == pytest.approx(value, abs=1e-8)


def test_names_and_places_come_along(tmp_path: Path) -> None:
    project = brought_project(xor(tmp_path))
    layers = project.network.layers
    assert [node.feature for node in layers[0].nodes] == ["x1", "x2"]
    assert layers[1].nodes[0].name == "h"
    assert (layers[0].nodes[0].y, layers[1].x) == (2 * 56.0, 5 * 56.0)


def test_an_encoder_has_several_targets_and_computes_what_its_weights_say(tmp_path: Path) -> None:
    network, examples = encoder()
    found = bring(written(tmp_path, network), examples=written(tmp_path, examples, "e.pat"))
    assert found.sizes == (8, 3, 8)
    trace = bpviz.backprop(brought_project(found))
    hidden = 1 / (1 + np.exp(-(np.eye(8) @ found.weights[1, 0].T + found.biases[1])))
    assert trace.a[1] == pytest.approx(hidden)
    assert trace.a[2] == pytest.approx(np.tanh(hidden @ found.weights[2, 1].T + found.biases[2]))
    assert bpviz.train(brought_project(found), 3, engine="reference").epoch == 3


def test_patterns_alone_are_data(tmp_path: Path) -> None:
    data = patterns(written(tmp_path, pat(2, 1, XOR_PATTERNS), "xor.pat"))
    assert data.table is not None
    assert data.table.rows[1] == ("0", "1", "1")


def test_a_missing_connection_stays_missing(tmp_path: Path) -> None:
    links = {3: {1: 1.0}, 4: {2: 2.0, 3: 3.0}}
    found = bring(written(tmp_path, net(XOR_ROWS, links)))
    assert found.present[1, 0].tolist() == [[True, False]]
    assert outputs(found, [[1, 1]]).shape == (1, 1)
    assert len(brought_project(found).network.links) == 3


def test_the_identity_of_snns_leaves_out_its_bias_and_that_is_said(tmp_path: Path) -> None:
    rows = (*XOR_ROWS[:3], (4, "o", 5.0, "o", (8, 3), "Act_Identity"))
    found = bring(written(tmp_path, net(rows, XOR_LINKS)))
    assert found.biases[2].tolist() == [0.0]
    assert ("snns_bias", "1") in found.remarks
    plus = (*XOR_ROWS[:3], (4, "o", 5.0, "o", (8, 3), "Act_IdentityPlusBias"))
    assert bring(written(tmp_path, net(plus, XOR_LINKS))).biases[2].tolist() == [5.0]


@pytest.mark.parametrize(
    ("rows", "links", "words"),
    [
        (XOR_ROWS, {**XOR_LINKS, 3: {3: 1.0, 1: 1.0}}, "linked to itself"),
        (
            (*XOR_ROWS, (5, "", 0.0, "h", (1, 1), "")),
            {3: {1: 1.0, 5: 1.0}, 5: {3: 1.0}, 4: {3: 1.0}},
            "form a loop",
        ),
        ((*XOR_ROWS, (5, "", 0.0, "s", (1, 1), "")), XOR_LINKS, "kind 's'"),
        (
            (*XOR_ROWS[:2], (3, "", 0.0, "h", (1, 1), "Act_RBF_Gaussian"), XOR_ROWS[3]),
            XOR_LINKS,
            "Act_RBF_Gaussian",
        ),
        (XOR_ROWS, {**XOR_LINKS, 3: {4: 1.0, 1: 1.0}, 4: {1: 1.0}}, "out of the output unit 4"),
        (XOR_ROWS, {**XOR_LINKS, 1: {2: 1.0}}, "into the input unit 1"),
        (XOR_ROWS, {9: {1: 1.0}}, "unit that is not there"),
    ],
)
def test_other_kinds_are_refused_by_name(tmp_path: Path, rows: object, links: object, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        bring(written(tmp_path, net(rows, links)))  # type: ignore[arg-type]


def test_a_cut_off_or_foreign_file_is_refused(tmp_path: Path) -> None:
    text = net(XOR_ROWS, XOR_LINKS)
    with pytest.raises(ModelError, match="cut off"):
        bring(written(tmp_path, text[: text.index("     4 |")]))
    with pytest.raises(FileFormatError, match="does not begin with"):
        bring(written(tmp_path, "hello"))
    with pytest.raises(ModelError, match="numbers where their head says"):
        patterns(written(tmp_path, pat(2, 1, XOR_PATTERNS) + "7\n", "xor.pat"))
    with pytest.raises(ModelError, match="belong together"):
        bring(written(tmp_path, text), examples=written(tmp_path, pat(1, 1, [(0, 1)]), "o.pat"))
