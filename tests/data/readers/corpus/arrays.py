"""Arrays of NumPy, and images in IDX."""

from __future__ import annotations

import gzip
from typing import Final

import numpy as np

from tests.data.readers.corpus.cases import AB, right, wrong
from tests.data.readers.making import idx, npy, npz

_FIELDS: Final = np.array([(1, 2.5), (3, 4.5)], [("a", int), ("b", float)])
_PIXELS: Final = ("pixel_0_0", "pixel_0_1", "pixel_1_0", "pixel_1_1")
_IMAGES: Final = np.arange(8, dtype=np.uint8).reshape(2, 2, 2)
_IMAGE_ROWS: Final = (("0", "1", "2", "3"), ("4", "5", "6", "7"))
_LABELED: Final = ((*_PIXELS, "label"), tuple((*row, str(at + 5)) for at, row in enumerate(_IMAGE_ROWS)))
_PAIRS: Final = (("x1", "x2", "y"), (("1", "2", "0"), ("3", "4", "1")))
_MATRIX: Final = [[1, 2], [3, 4]]
ARRAYS: Final = (
    right("npy", npy(_MATRIX), (("x1", "x2"), AB[1]), name="t.npy"),
    right(
        "npy, float32", npy(np.array([[0.1, 2]], np.float32)), (("x1", "x2"), [("0.1", "2")]), name="t.npy"
    ),
    right("npy, NaN", npy([[np.nan, 2.0]]), (("x1", "x2"), [("", "2")]), "row 1: x1", name="t.npy"),
    right("npy, fields", npy(_FIELDS), (("a", "b"), [("1", "2.5"), ("3", "4.5")]), name="t.npy"),
    right("npy, images", npy(_IMAGES), (_PIXELS, _IMAGE_ROWS), name="t.npy"),
    right("npy, packed", gzip.compress(npy(_MATRIX)), (("x1", "x2"), AB[1]), name="t.npy.gz"),
    right("npz, X and y", npz(X=_MATRIX, y=[0, 1]), _PAIRS, name="t.npz"),
    right("npz, data and target", npz(data=_MATRIX, target=[0, 1]), _PAIRS, name="t.npz"),
    right(
        "npz of Keras",
        npz(x_train=_MATRIX, y_train=[0, 1], x_test=[[5, 6]], y_test=[1]),
        _PAIRS,
        "from the array train (there is also test)",
        name="t.npz",
    ),
    right(
        "npz, the other set",
        npz(x_train=_MATRIX, y_train=[0, 1], x_test=[[5, 6]], y_test=[1]),
        (_PAIRS[0], [("5", "6", "1")]),
        name="t.npz",
        sheet="test",
    ),
    right("npz, columns", npz(a=[1, 3], b=["u", "v"]), (("a", "b"), [("1", "u"), ("3", "v")]), name="t.npz"),
    right("idx", idx((2, 2, 2), range(8)), (_PIXELS, _IMAGE_ROWS), "there is no", name="a-images-idx3-ubyte"),
    right(
        "idx with labels",
        idx((2, 2, 2), range(8)),
        _LABELED,
        "labels from a-labels-idx1-ubyte",
        name="a-images-idx3-ubyte",
        beside={"a-labels-idx1-ubyte": idx((2,), (5, 6))},
    ),
    right(
        "idx, packed",
        gzip.compress(idx((2, 2, 2), range(8))),
        _LABELED,
        "labels from a-labels-idx1-ubyte.gz",
        name="a-images-idx3-ubyte.gz",
        beside={"a-labels-idx1-ubyte.gz": gzip.compress(idx((2,), (5, 6)))},
    ),
    wrong("npy, one dimension", npy([1, 2]), "has the shape (2), which is no table", "t.npy"),
    wrong("npy, objects", npy(np.array([[1, "x"]], object)), "a pickle, which is never opened", "t.npy"),
    wrong("npy, complex", npy([[1j]]), "holds complex numbers", "t.npy"),
    wrong("npy, cut off", npy(_MATRIX)[:-5], "is damaged; save it again", "t.npy"),
    wrong("npz, weights", npz(w=[1, 2]), "t.npz holds 'w', none of which is a table", "t.npz"),
    wrong("npz, no such set", npz(X=_MATRIX, y=[0, 1]), "has no array 'z'", "t.npz", sheet="z"),
    wrong("idx, labels alone", idx((2,), (5, 6)), "holds labels alone", "a-labels-idx1-ubyte"),
    wrong("idx, cut off", idx((2, 2, 2), range(7)), "is damaged: its size is not", "a-images-idx3-ubyte"),
)
