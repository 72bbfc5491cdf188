"""ARFF, JSON and LIBSVM."""

from __future__ import annotations

import gzip
from typing import Final

from tests.data.readers.corpus.cases import AB, KINDS, right, wrong

_ARFF: Final = "@relation r\n@attribute x numeric\n@attribute kind {u,v}\n@data\n"
RECORDS: Final = (
    right("arff", f"{_ARFF}1.5,u\n2,v\n3,u\n", KINDS, name="t.arff"),
    right(
        "arff, other case",
        f"% c\n{_ARFF.upper().replace('{U,V}', '{u,v}')}1.5,u\n",
        (("X", "KIND"), [("1.5", "u")]),
    ),
    right(
        "arff, missing", f"{_ARFF}?,u\n2,v\n", (KINDS[0], [("", "u"), ("2", "v")]), "row 1: x", name="t.arff"
    ),
    right(
        "arff, sparse",
        f"{_ARFF}{{0 1.5, 1 v}}\n{{}}\n",
        (KINDS[0], [("1.5", "v"), ("0", "u")]),
        name="t.arff",
    ),
    right(
        "arff, quotes",
        "@relation r\n@attribute 'a b' real\n@attribute c {'x, y',\"it's\"}\n@data\n1,'x, y'\n2,\"it's\"\n",
        (("a b", "c"), [("1", "x, y"), ("2", "it's")]),
        name="t.arff",
    ),
    right(
        "arff, date and string",
        "@relation r\n@attribute d date \"yyyy-MM-dd\"\n@attribute s string\n@data\n2020-01-02,'a\\'b'\n",
        (("d", "s"), [("2020-01-02", "a'b")]),
        name="t.arff",
    ),
    right("arff, packed", gzip.compress(f"{_ARFF}1.5,u\n2,v\n3,u\n".encode()), KINDS, name="t.arff.gz"),
    wrong("arff, unknown value", f"{_ARFF}1,w\n", "Line 5 of t.arff has 'w' for 'kind'", "t.arff"),
    wrong("arff, no number", f"{_ARFF}one,u\n", "has 'one' for the number 'x'", "t.arff"),
    wrong("arff, too few", f"{_ARFF}1\n", "Line 5 of t.arff has 1 values for 2 attributes", "t.arff"),
    wrong(
        "arff, relational",
        "@relation r\n@attribute a relational\n@data\n1\n",
        "the kind 'relational'",
        "t.arff",
    ),
    wrong("arff, no data", "@relation r\n@attribute a real\n", "has no line @data", "t.arff"),
    wrong("arff, no rows", _ARFF, "has attributes but no rows", "t.arff"),
    right("json", '[{"a": 1, "b": 2}, {"a": 3, "b": 4}]', AB, name="t.json"),
    right("json, by content", '[{"a": 1, "b": 2}, {"a": 3, "b": 4}]', AB, name="t.txt"),
    right("json lines", '{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n', AB, name="t.jsonl"),
    right("json, columns", '{"a": [1, 3], "b": [2, 4]}', AB, name="t.json"),
    right("json of pandas", '{"a": {"0": 1, "1": 3}, "b": {"0": 2, "1": 4}}', AB, name="t.json"),
    right("json of pandas, split", '{"columns": ["a", "b"], "index": [0, 1], "data": [[1, 2], [3, 4]]}', AB),
    right("json, list inside", '{"n": 2, "rows": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}', AB, "the list rows"),
    right("json, lists", '[["a", "b"], [1, 2], [3, 4]]', AB, name="t.json"),
    right("json, lists by line", '["a", "b"]\n[1, 2]\n[3, 4]\n', AB, name="t.jsonl"),
    right(
        "json, every kind",
        '[{"a": 1.0, "b": "x"}, {"b": null, "c": true}, {"a": NaN, "c": false}]',
        (("a", "b", "c"), [("1", "x", ""), ("", "", "true"), ("", "", "false")]),
        "3 rows lack a value",
        name="t.json",
    ),
    wrong("json, nested", '[{"a": [1, 2]}]', "'a' of record 1 of t.json holds a list", "t.json"),
    wrong("json, key twice", '[{"a": 1, "a": 2}]', "has the key 'a' twice", "t.json"),
    wrong("json, damaged", '[{"a": 1}, {"a": ]', "is damaged JSON: Expecting value at line 1", "t.json"),
    wrong(
        "json, damaged line", '{"a": 1}\n{"a": }\n', "is damaged JSON: Expecting value at line 2", "t.jsonl"
    ),
    wrong("json, no records", '{"a": 1}', "is JSON without records", "t.json"),
    wrong("json, a notebook", '{"cells": [], "nbformat": 4}', "is JSON without records", "t.json"),
    wrong("json, deep", "[" * 100_000, "JSON", "t.json"),
    right(
        "libsvm",
        "1 1:0.5 3:2\n-1 2:1\n",
        (("feature 1", "feature 2", "feature 3", "label"), [("0.5", "0", "2", "1"), ("0", "1", "0", "-1")]),
        "values that are left out count as 0",
        name="t.libsvm",
    ),
    right(
        "libsvm, by content",
        "+1 1:1 2:2 # c\n-1 1:3\n",
        (("feature 1", "feature 2", "label"), [("1", "2", "+1"), ("3", "0", "-1")]),
        name="t.txt",
    ),
    right(
        "libsvm, from 0", "2 0:1\n3 0:2\n", (("feature 0", "label"), [("1", "2"), ("2", "3")]), name="t.svm"
    ),
    wrong("libsvm, two labels", "1,2 1:1\n", "Line 1 of t.svm has several labels (1,2)", "t.svm"),
    wrong("libsvm, a query", "1 qid:1 1:1\n", "belongs to a query (qid)", "t.svm"),
    wrong("libsvm, damaged", "1 1:1\n1 1:\n", "Line 2 of t.svm has '1:' where index:value", "t.svm"),
)
