"""Costs in words: rows, ratios, and sentences that hold."""

from __future__ import annotations

from bpviz.engine.forward_mode import METHODS, Shape
from bpviz.training.cost_words import (
    HEADER,
    METHOD_ABOUT,
    METHOD_LABELS,
    METHOD_WORDS,
    cost_rows,
    cost_sentences,
    time_text,
)
from bpviz.training.costs import GradientCosts, MethodCost


def _costs(moved_s: float = 90e-3, timed: int = 25) -> GradientCosts:
    shape = Shape.chain([2, 3, 3, 1], fused=False)
    return GradientCosts(
        shape,
        1,
        (
            MethodCost("backprop", 55, 5e-3, 25, 0.0),
            MethodCost("forward", 73, 8e-3, 25, 1.5e-17),
            MethodCost("differences", 900, moved_s, timed, 2e-11),
        ),
    )


def test_every_way_has_its_words() -> None:
    for table in (METHOD_LABELS, METHOD_WORDS, METHOD_ABOUT):
        assert tuple(table) == METHODS


def test_rows_hold_counts_times_and_how_often_the_first() -> None:
    rows = cost_rows(_costs())
    assert rows == [
        ("Backpropagation", "55", "×1", "5 ms", "×1", ""),
        ("Multiplying forward", "73", "×1.33", "8 ms", "×1.6", "1.5e−17"),
        ("Finite differences", "900", "×16.4", "90 ms", "×18", "2.0e−11"),
    ]
    assert {len(row) for row in rows} == {len(HEADER)}


def test_sentences_say_what_is_counted() -> None:
    back, ahead, moved = cost_sentences(_costs())
    assert back.startswith("Backpropagation takes 55 multiplications, about 3.1 for each of 18 connections:")
    assert ahead.endswith("for each of its nodes: 1.33 times as many.")
    assert moved.endswith("for each of 25 weights and biases: 16.4 times as many.")


def test_a_part_that_was_timed_is_said_and_times_that_lag_are_explained() -> None:
    *_, part, lag = cost_sentences(_costs(moved_s=20e-3, timed=8))
    assert part.startswith("They were timed on 8 of these")
    assert lag.startswith("The times differ by less than the counts")


def test_times_have_the_unit_that_suits_them() -> None:
    texts = [time_text(seconds) for seconds in (2e-7, 31.24e-6, 4.25e-3, 0.4123, 3.14, 600.0, 12_000.0)]
    assert texts == ["0.2 µs", "31.2 µs", "4.25 ms", "412 ms", "3.14 s", "10 min", "200 min"]
