"""Figures follow from timings by plain arithmetic."""

from __future__ import annotations

import json

import pytest

from bpviz.bench.report import as_json, share_of_peak
from tests.bench.reports import MACHINE, line, report


def test_rates_come_from_the_median_round() -> None:
    found = line(reference=(1e-3, 4e-3, 2e-3))
    assert found.steps_per_s("reference") == pytest.approx(500.0)
    assert found.examples_per_s("reference") == pytest.approx(5000.0)
    assert found.gflops("reference") == pytest.approx(1.0)
    assert share_of_peak(found, "reference", MACHINE) == pytest.approx(1 / 40)


def test_ratios_are_medians_over_pairs_and_not_ratios_of_medians() -> None:
    found = line(kernel=(1.0, 2.0, 4.0), torch=(10.0, 10.0, 10.0))
    # Pairs: 10, 5, 2.5.
    assert found.ratios == {"torch": pytest.approx(5.0)}
    found = line(kernel=(1.0, 2.0, 9.0), torch=(30.0, 6.0, 9.0))
    # Pairs: 30, 3, 1; the medians alone would say 9 / 2.
    assert found.ratios == {"torch": pytest.approx(3.0)}


def test_the_kernel_is_compared_if_it_is_there_and_the_reference_otherwise() -> None:
    assert line(reference=(1.0,), torch=(2.0,)).ratios == {"torch": 2.0}
    assert line(reference=(1.0,), kernel=(0.5,), torch=(2.0,)).ratios == {"reference": 2.0, "torch": 4.0}


def test_json_holds_everything_and_can_be_read_back() -> None:
    values = json.loads(json.dumps(as_json(report(line(reference=(1e-3,), torch=(2e-3,))))))
    (entry,) = values["training"]
    assert entry["network"] == "2-4-2-1"
    assert entry["columns"]["torch"]["steps_per_s"] == pytest.approx(500.0)
    assert entry["times_as_fast_as"] == {"torch": 2.0}
    assert values["window"][0]["value"] == 2.0
    assert values["machine"]["peak"] == {"float64": 40.0, "float32": 80.0}
    assert values["notes"] == ["Nothing is | missing."]
