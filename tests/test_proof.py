"""What scripts ask about the gradient itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import bpviz
from bpviz.errors import DataError, FileError, SettingError
from bpviz.training.marks import Heat


def test_costs_are_of_the_rows_asked_for() -> None:
    one = bpviz.gradient_costs(bpviz.example("mazur"))
    assert [cost.multiplications for cost in one.methods] == [24, 26, 192]
    told: list[tuple[int, int]] = []
    four = bpviz.gradient_costs(
        bpviz.example("iris"),
        slice(0, 4),
        progress=lambda *both: told.append(both),
    )
    assert four.examples == 4
    assert told
    with pytest.raises(DataError, match="no example"):
        bpviz.gradient_costs(bpviz.example("mazur"), slice(5, 6))


def test_growth_is_a_figure_to_write(tmp_path: Path) -> None:
    project = bpviz.example("spiral")
    assert bpviz.cost_figure(project).name == "cost-depth"
    bpviz.export_figure(bpviz.cost_figure(project, "width"), tmp_path / "width.csv")
    assert "backprop" in (tmp_path / "width.csv").read_text(encoding="utf-8")
    with pytest.raises(SettingError, match="depth or width, not with 'height'"):
        bpviz.cost_figure(project, "height")  # type: ignore[arg-type]


def test_the_gradient_of_the_inputs_is_had_as_numbers_and_as_a_picture(tmp_path: Path) -> None:
    run = bpviz.session(bpviz.example("digits"), engine="reference")
    found = bpviz.input_gradient(run, slice(0, 3))
    assert found.shape == (3, 64)
    figure = bpviz.input_figure(run, 2)
    np.testing.assert_allclose(figure.all(Heat)[0].values.ravel(), found[2], rtol=1e-10)
    bpviz.export_figure(figure, tmp_path / "pixels.png", dark=True)
    assert (tmp_path / "pixels.png").stat().st_size > 1000
    with pytest.raises(DataError, match="no example"):
        bpviz.input_figure(run, 100_000)
    with pytest.raises(FileError, match="pixel_ROW_COLUMN"):
        bpviz.export_figure(bpviz.input_figure(bpviz.example("mazur")), tmp_path / "none.png")
