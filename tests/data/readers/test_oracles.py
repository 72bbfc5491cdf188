"""Files that other programs' libraries write come in with the numbers of the same table as CSV."""

from __future__ import annotations

import csv
import math
import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

import bpviz
from bpviz.data.settings import Table
from bpviz.errors import DataError

Oracle = Callable[[str], ModuleType]
_NAMES = ("größe", "count", "kind", "far")
_KINDS = ("north", "süd", "it's, so")


def _rows() -> list[tuple[float, int, str, float]]:
    dice = random.Random(11)
    return [
        (
            dice.gauss(0, 3),
            dice.randrange(-9, 99),
            dice.choice(_KINDS),
            dice.random() * 10.0 ** dice.randrange(-12, 12),
        )
        for _ in range(60)
    ]


ROWS = _rows()


@pytest.fixture
def of_csv(tmp_path: Path) -> Table:
    path = tmp_path / "own.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(_NAMES)
        writer.writerows(ROWS)
    return bpviz.read_table(path).table


def assert_same(read: Table, other: Table, within: float = 0.0) -> None:
    """Compare cell by cell, the numbers within a share of each."""
    assert read.columns == other.columns
    assert len(read.rows) == len(other.rows)
    for one, two in zip(read.rows, other.rows, strict=True):
        assert one[2] == two[2]
        for at in (0, 1, 3):
            assert math.isclose(float(one[at]), float(two[at]), rel_tol=within)


def test_excel_as_openpyxl_writes_it(oracle: Oracle, of_csv: Table, tmp_path: Path) -> None:
    openpyxl = oracle("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    sheet = book.create_sheet("Data")
    for row in (_NAMES, *ROWS):
        sheet.append(row)
    book.save(tmp_path / "own.xlsx")
    read = bpviz.read_table(tmp_path / "own.xlsx")
    assert read.found.sheet == "Data"
    assert_same(read.table, of_csv, within=1e-15)  # it writes 16 digits, not the 17 that name every number


def test_libreoffice_as_odfpy_writes_it(oracle: Oracle, of_csv: Table, tmp_path: Path) -> None:
    oracle("odf")
    document = oracle("odf.opendocument").OpenDocumentSpreadsheet()
    parts, text = oracle("odf.table"), oracle("odf.text")
    sheet = parts.Table(name="Data")
    for row in (_NAMES, *ROWS):
        line = parts.TableRow()
        for value in row:
            kind = (
                {"valuetype": "string"}
                if isinstance(value, str)
                else {"valuetype": "float", "value": repr(value)}
            )
            cell = parts.TableCell(**kind)
            cell.addElement(text.P(text=str(value)))
            line.addElement(cell)
        sheet.addElement(line)
    document.spreadsheet.addElement(sheet)
    document.save(str(tmp_path / "own.ods"))
    assert_same(bpviz.read_table(tmp_path / "own.ods").table, of_csv)


@pytest.mark.parametrize("suffix", ["parquet", "feather", "arrow"])
def test_parquet_and_arrow_as_pyarrow_writes_them(
    oracle: Oracle, of_csv: Table, tmp_path: Path, suffix: str
) -> None:
    arrow = oracle("pyarrow")
    table = arrow.table(
        {name: list(column) for name, column in zip(_NAMES, zip(*ROWS, strict=True), strict=True)}
    )
    path = tmp_path / f"own.{suffix}"
    if suffix == "parquet":
        oracle("pyarrow.parquet").write_table(table, path)
    elif suffix == "feather":
        oracle("pyarrow.feather").write_feather(table, path)
    else:
        with oracle("pyarrow.ipc").new_stream(path, table.schema) as writer:
            writer.write_table(table)
    assert_same(bpviz.read_table(path).table, of_csv)


def test_every_kind_of_column_of_arrow_is_read_or_refused_by_name(oracle: Oracle, tmp_path: Path) -> None:
    arrow, parquet = oracle("pyarrow"), oracle("pyarrow.parquet")
    path = tmp_path / "own.parquet"
    columns = {
        "single": arrow.array([0.1, None], arrow.float32()),
        "truth": [True, None],
        "day": arrow.array([18263, None], arrow.date32()),
        "time": arrow.array([1577934245000000001, None], arrow.timestamp("ns")),
        "exact": arrow.array(["1.50", "2.25"]).cast(arrow.decimal128(5, 2)),
        "kind": arrow.array(["u", "v"]).dictionary_encode(),
    }
    parquet.write_table(arrow.table(columns), path)
    read = bpviz.read_table(path).table
    assert read.rows == (
        ("0.1", "true", "2020-01-02", "2020-01-02 03:04:05", "1.50", "u"),
        ("", "", "", "", "2.25", "v"),
    )
    parquet.write_table(arrow.table({"a": [1], "many": [[1, 2]]}), path)
    with pytest.raises(DataError, match=r"The column 'many' of own\.parquet holds lists or records"):
        bpviz.read_table(path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match=r"own\.parquet is damaged"):
        bpviz.read_table(path)


def test_without_pyarrow_the_sentence_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    path = tmp_path / "own.parquet"
    path.write_bytes(b"PAR1 and so on")
    with pytest.raises(DataError, match=r"python3 packaging/run\.py extra arrow, or with pip install"):
        bpviz.read_table(path)


def test_arff_as_liac_arff_writes_it(oracle: Oracle, of_csv: Table, tmp_path: Path) -> None:
    arff = oracle("arff")
    path = tmp_path / "own.arff"
    attributes = [("größe", "REAL"), ("count", "INTEGER"), ("kind", list(_KINDS)), ("far", "NUMERIC")]
    document = {"relation": "own", "attributes": attributes, "data": list(map(list, ROWS))}
    path.write_text(arff.dumps(document), encoding="utf-8")
    assert_same(bpviz.read_table(path).table, of_csv)


def test_libsvm_as_scikit_learn_writes_it(oracle: Oracle, tmp_path: Path) -> None:
    oracle("sklearn")
    datasets = oracle("sklearn.datasets")
    inputs = [[row[0], 0.0, row[3]] for row in ROWS]
    labels = [row[1] for row in ROWS]
    path = tmp_path / "own.svm"
    datasets.dump_svmlight_file(inputs, labels, str(path), zero_based=False)
    read = bpviz.read_table(path).table
    assert read.columns == ("feature 1", "feature 2", "feature 3", "label")
    known, answers = datasets.load_svmlight_file(str(path), n_features=3, zero_based=False)
    for row, dense, label in zip(read.rows, known.toarray().tolist(), answers.tolist(), strict=True):
        assert [float(cell) for cell in row] == [*dense, label]
