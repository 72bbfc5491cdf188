"""Whatever people call networks, layers, nodes, columns and classes can be saved, exported and drawn."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bpviz import api, pictures
from bpviz.data.settings import DataSettings, Table
from bpviz.drawing.words import as_label
from bpviz.model.edits import set_training
from bpviz.model.spec import Project
from bpviz.training.figures import PLOTS

NAMES = {
    "long": "n" * 2_000,
    "wide": "W" * 2_000,
    "lines": "first\nsecond\r\nthird\u2028fourth",
    "right to left": "שלום \u202eabc\u202c مرحبا",
    "formula": '=HYPERLINK("http://x";"y")',
    "mathematics": "$\\frac{1}{0}$ _x^2_ \\alpha",
    "markup": "<b>bold</b> & &amp; <img src=x>",
    "steering": "a\x00b\x1b[31mc\x07\x7f\x85",
    "far letters": "日本語 🙂 \U0001f468\u200d\U0001f469 \ue000 \uffff \U0010ffff e\u0301",
    "old line ends": "a\rb",
    "half a letter": "a\ud800b\udcc3",
    "underscore": "_secret",
    "blank": " ",
    "quotes": "'\"`’",
}


def project(name: str) -> Project:
    """A table and a network where everything has this name."""
    rows = tuple((str(k), str(k * k % 7), name if k % 2 else f"{name}2") for k in range(12))
    table = Table(f"{name}.csv", (f"{name}a", f"{name}b", f"{name}t"), rows)
    data = DataSettings("table", table, (f"{name}t",))
    project = api.with_data(api.example("xor"), data)
    layers = tuple(
        replace(
            layer,
            name=f"{name}{at}",
            nodes=tuple(replace(node, name=f"{name}{at}.{k}") for k, node in enumerate(layer.nodes)),
        )
        for at, layer in enumerate(project.network.layers)
    )
    return replace(project, network=replace(project.network, layers=layers), title=name)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_anything_can_be_a_name(tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = api.train(set_training(project(name), batch_size=3), 2, engine="reference")
        api.save(tmp_path / "a.bpviz", run)
        again = api.resume(tmp_path / "a.bpviz", engine="reference")
        assert again.parameters.tobytes() == run.parameters.tobytes()
        again.advance(3)
        # Letters without a shape trouble PDF alone, and it takes the longest.
        for kind in ("svg",) if name.isascii() else ("svg", "pdf"):
            pictures.draw(run, tmp_path / f"network.{kind}")
        for plot in PLOTS:
            pictures.export_plot(run, plot, tmp_path / f"{plot}.csv")
        for plot in ("confusion", "deltas"):
            pictures.export_plot(run, plot, tmp_path / f"{plot}.svg")
        for kind in ("npz", "safetensors", "json", "csv"):
            api.export_weights(run, tmp_path / f"weights.{kind}")
    assert capfd.readouterr().err == ""
    for path in tmp_path.glob("*.svg"):
        ElementTree.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 - our own
    assert "layers" in json.loads((tmp_path / "weights.json").read_text(encoding="utf-8"))
    if name.isprintable() and name.strip():
        assert api.load(tmp_path / "a.bpviz").title == name


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_label_is_one_short_line(name: str) -> None:
    label = as_label(name)
    assert len(label) <= 32
    assert label.isprintable()


def test_a_usual_label_stays() -> None:
    assert as_label("Größe in µm – 日本") == "Größe in µm – 日本"
