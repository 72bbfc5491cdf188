"""Workbooks of Excel and LibreOffice."""

from __future__ import annotations

import gzip
from typing import Final

from tests.data.readers.corpus.cases import AB, right, wrong
from tests.data.readers.making import ods, xlsx

_ROWS: Final[list[list[object]]] = [["a", "b"], [1, 2], [3, 4]]
_ERROR_CELL: Final = '<c t="e"><v>#DIV/0!</v></c>'
_FORMULA: Final = "<c ><f>1+1</f></c>"
_DATE_CELL: Final = '<c s="1"><v>43832</v></c>'


BOOKS: Final = (
    right("xlsx", xlsx({"Data": _ROWS}), AB, "from the sheet Data", name="t.xlsx"),
    right(
        "xlsx, first of two", xlsx({"A": _ROWS, "B": [["c"], [1]]}), AB, "(there is also B)", name="t.xlsx"
    ),
    right(
        "xlsx, by name",
        xlsx({"A": [["c"], [1]], "B": _ROWS}),
        AB,
        "from the sheet B",
        name="t.xlsx",
        sheet="B",
    ),
    right(
        "xlsx, by number", xlsx({"A": [["c"], [1]], "B": _ROWS}), AB, "the sheet B", name="t.xlsx", sheet=2
    ),
    right("xlsx, empty first", xlsx({"A": [], "B": _ROWS}), AB, "from the sheet B", name="t.xlsx"),
    right("xlsx, a note first", xlsx({"A": [["read me"]], "B": _ROWS}), AB, "the sheet B", name="t.xlsx"),
    right("xlsx, hidden first", xlsx({"A": _ROWS, "B": _ROWS}, ["A"]), AB, "the sheet B", name="t.xlsx"),
    right("xlsx, other name", xlsx({"Data": _ROWS}), AB, name="t.csv"),
    right("xlsx, packed", gzip.compress(xlsx({"Data": _ROWS})), AB, name="t.xlsx.gz"),
    right(
        "xlsx, title above",
        xlsx({"A": [["Results"], [], ["a", "b"], [1, 2], [3, 4]]}),
        AB,
        "1 line above the table was skipped",
        name="t.xlsx",
    ),
    right(
        "xlsx, not at the corner",
        xlsx({"A": [[], [None, "a", "b"], [None, 1, 2], [None, 3, 4]]}),
        AB,
        name="t.xlsx",
    ),
    right(
        "xlsx, every kind of cell",
        xlsx({"A": [["n", "t", "b", "d"], [0.1, "x", True, _DATE_CELL], [1e300, "1.50", False, None]]}),
        (("n", "t", "b", "d"), [("0.1", "x", "true", "2020-01-02"), ("1e+300", "1.50", "false", "")]),
        "row 2: d",
        name="t.xlsx",
    ),
    right(
        "xlsx, texts with decimal commas",
        xlsx({"A": [["n", "t"], [1.5, "1,5"], [2.125, "2,5"]]}),
        (("n", "t"), [("1.5", "1.5"), ("2.125", "2.5")]),
        "with decimal commas",
        name="t.xlsx",
    ),
    right(
        "xlsx, errors",
        xlsx({"A": [["a", "b"], [1, _ERROR_CELL], [3, 4]]}),
        (("a", "b"), [("1", ""), ("3", "4")]),
        "1 cell with an error such as #DIV/0! was read as missing",
        name="t.xlsx",
    ),
    right(
        "xlsx, formulas never computed",
        xlsx({"A": [["a", "b"], [1, _FORMULA], [3, 4]]}),
        (("a", "b"), [("1", ""), ("3", "4")]),
        "1 formula was never computed and read as missing",
        name="t.xlsx",
    ),
    right(
        "xlsx, blank row",
        xlsx({"A": [*_ROWS[:2], [], _ROWS[2]]}),
        AB,
        "1 blank row was left out",
        name="t.xlsx",
    ),
    right(
        "xlsx, units",
        xlsx({"A": [["a", "b"], ["cm", "kg"], [1, 2], [3, 4]]}),
        (("a (cm)", "b (kg)"), AB[1]),
        "a row of units",
        name="t.xlsx",
    ),
    right(
        "xlsx, no header", xlsx({"A": _ROWS[1:]}), (("column 1", "column 2"), AB[1]), "without", name="t.xlsx"
    ),
    right("xlsx, skip", xlsx({"A": [["x", "y"], *_ROWS]}), AB, "1 line above", name="t.xlsx", skip=1),
    right("ods", ods({"Data": _ROWS}), AB, "from the sheet Data", name="t.ods"),
    right("ods, by name", ods({"A": [["c"], [1]], "B": _ROWS}), AB, "the sheet B", name="t.ods", sheet="b"),
    wrong(
        "xlsx, no such sheet", xlsx({"A": _ROWS}), "has no sheet 'Z'; it has 1 sheet: A", "t.xlsx", sheet="Z"
    ),
    wrong("xlsx, empty", xlsx({"A": []}), "The sheet 'A' of t.xlsx is empty", "t.xlsx"),
    wrong("xlsx, cut off", xlsx({"A": _ROWS})[:300], "damaged", "t.xlsx"),
    wrong(
        "xlsx, password",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "is protected by a password",
        "t.xlsx",
    ),
    wrong(
        "old Word", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "holds no sheet, or damaged", "t.doc"
    ),
)
