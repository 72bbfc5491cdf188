"""The size of the images that rows of the user's own table are."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.data.images import NO_PLACES, Pixels
from bpviz.data.settings import DataSettings, Table
from bpviz.data.shapes import places_of, read_shape, shape_fault, shape_text, with_fitting_image
from bpviz.errors import SettingError

TABLE = Table(
    "own",
    ("name", *(f"c{k}" for k in range(6)), "kind"),
    (("a", *"123456", "x"), ("b", *"654321", "y")),
)
DATA = DataSettings("table", table=TABLE, targets=("kind",), image=(2, 3))


@given(st.tuples(st.integers(1, 9999), st.integers(1, 9999)))
def test_a_shape_is_read_as_it_is_written(shape: tuple[int, int]) -> None:
    assert read_shape(shape_text(shape)) == shape


@pytest.mark.parametrize("text", ["28x28", " 28 x 28 ", "28×28", "28*28", "28X28"])
def test_it_may_be_typed_in_many_ways(text: str) -> None:
    assert read_shape(text) == (28, 28)


def test_nothing_typed_is_no_image() -> None:
    assert read_shape("  ") is None
    assert shape_text(None) == ""


@pytest.mark.parametrize("text", ["28", "28x", "x28", "28x28x3", "-2x3", "2.0x3", "two", "9999999x1"])
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SettingError, match="28 x 28"):
        read_shape(text)


def test_columns_of_numbers_are_the_pixels_row_by_row() -> None:
    pixels = Pixels.of(tuple(f"c{k}" for k in range(6)), places_of(DATA))
    assert pixels is not None
    assert (pixels.rows, pixels.columns) == (2, 3)
    assert pixels.row.tolist() == [0, 0, 0, 1, 1, 1]
    assert pixels.column.tolist() == [0, 1, 2, 0, 1, 2]


def test_an_image_keeps_its_size_when_the_network_sees_only_some_pixels() -> None:
    pixels = Pixels.of(("c1", "c0"), places_of(DATA))
    assert pixels is not None
    assert (pixels.rows, pixels.columns, pixels.column.tolist()) == (2, 3, [1, 0])
    assert Pixels.of(("c1", "kind"), places_of(DATA)) is None


@pytest.mark.parametrize("shape", [(2, 2), (1, 6), (2, 3.5), (2,), "2x3", (9999, 2), (True, 6), 6])
def test_a_shape_that_does_not_fit_is_said_and_forgotten(shape: object) -> None:
    data = replace(DATA, image=shape)  # type: ignore[arg-type]
    assert shape_fault(data).endswith("28 x 28.")
    assert with_fitting_image(data).image is None
    assert places_of(data) is NO_PLACES


def test_it_is_only_about_tables() -> None:
    other = replace(DATA, source="circle")
    assert shape_fault(other) == ""
    assert places_of(other) is NO_PLACES
    assert with_fitting_image(DATA) is DATA
    assert places_of(replace(DATA, image=None)) is NO_PLACES
