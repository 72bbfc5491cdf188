"""Missing values are filled by what the training part has, never by the test part."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.data.columns import lacking_count
from bpviz.data.prepare import OutputCode, Prepared, prepare
from bpviz.data.settings import DataSettings, Table
from bpviz.errors import DataError

ROWS = tuple(
    ("" if k in (2, 9) else str(k * k), "" if k == 5 else "ruby"[k % 3] if k % 4 else "r", str(k))
    for k in range(12)
)
TABLE = Table("t", ("x", "c", "y"), ROWS)


def prepared(how: str, features: tuple[str, ...] = ("x", "c=b", "c=r", "c=u"), seed: int = 1) -> Prepared:
    settings = DataSettings(
        "table", TABLE, targets=("y",), target_kind="number", uses=(("c", "category"),),
        fills=(("x", how), ("c", how)), train_share=0.5,
    )  # fmt: skip
    return prepare(settings, features, OutputCode(1), seed)


@pytest.mark.parametrize(("how", "function"), [("mean", np.mean), ("median", np.median)])
@pytest.mark.parametrize("seed", range(5))
def test_a_number_is_filled_as_the_training_part_has_it(how: str, function: object, seed: int) -> None:
    found = prepared(how, seed=seed)
    train = [int(row) for row in found.train_rows if ROWS[int(row)][0]]
    wanted = function([row * row for row in train])  # type: ignore[operator]
    assert found.dataset.inputs[[2, 9], 0].tolist() == [wanted, wanted]
    assert found.dataset.size == 12
    assert found.dataset.left_out == ()


@pytest.mark.parametrize("seed", range(5))
def test_a_category_is_filled_by_its_most_frequent_value(seed: int) -> None:
    found = prepared("mean", seed=seed)
    cells = [ROWS[int(row)][1] for row in found.train_rows if ROWS[int(row)][1]]
    filled = found.dataset.inputs[5, 1:]
    assert filled.sum() == 1
    best = "bru"[int(np.argmax(filled))]
    assert cells.count(best) == max(map(cells.count, cells))


def test_a_column_that_no_feature_uses_may_lack_values() -> None:
    assert np.isnan(prepared("mean", ("x",)).dataset.inputs[5, 1:]).all()


def test_rows_that_are_filled_lack_nothing() -> None:
    settings = DataSettings("table", TABLE, targets=("y",), uses=(("c", "category"),))
    assert lacking_count(TABLE, settings, ["x", "c=r"]) == 3
    filled = DataSettings("table", TABLE, targets=("y",), uses=(("c", "category"),), fills=(("x", "mean"),))
    assert lacking_count(TABLE, filled, ["x", "c=r"]) == 1


def test_a_column_without_any_value_can_not_be_filled() -> None:
    empty = Table("e", ("x", "z", "y"), tuple(("", str(k), str(k % 2)) for k in range(6)))
    settings = DataSettings("table", empty, targets=("y",), uses=(("x", "number"),), fills=(("x", "mean"),))
    with pytest.raises(DataError, match="No training example has a value in the column 'x'"):
        prepare(settings, ["x", "z"], OutputCode(1), 0)


def test_a_run_that_goes_on_keeps_what_stands_for_missing_values() -> None:
    before = prepared("mean")
    rows = (*ROWS, ("1000000", "b", "12"), ("", "", "13"))
    settings = DataSettings(
        "table", Table("t", ("x", "c", "y"), rows), targets=("y",), target_kind="number",
        uses=(("c", "category"),), fills=(("x", "mean"), ("c", "mean")), train_share=0.5,
    )  # fmt: skip
    after = prepare(settings, ("x", "c=b", "c=r", "c=u"), OutputCode(1), 1, before=before)
    assert after.dataset.inputs[13].tolist() == [before.dataset.inputs[2, 0], *before.dataset.inputs[5, 1:]]
    np.testing.assert_array_equal(after.dataset.inputs[:12], before.dataset.inputs)
    assert {*before.train_rows} <= {*after.train_rows}
