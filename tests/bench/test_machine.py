"""The machine is told of as it is."""

from __future__ import annotations

import pytest

from bpviz.bench import machine


def test_it_names_processor_libraries_and_what_forced_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    found = machine.look(1e-6)
    assert found.processor
    assert found.cores >= 1
    assert found.packages.keys() >= {"bpviz", "numpy", "scipy"}
    assert found.blas
    assert "OPENBLAS_CORETYPE=Haswell" in found.forced


def test_peaks_are_rates_of_a_product_that_was_computed() -> None:
    assert all(peak > 0 for peak in machine.look(1e-6).peak.values())
    assert machine.look(1e-6).peak.keys() == {"float64", "float32"}
