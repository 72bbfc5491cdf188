"""ARFF, the format of Weka and of many collections: attributes with their kinds, then the rows.

Source: the format's description by Weka, https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bpviz.data.dialect import is_number
from bpviz.data.readers.encodings import decode
from bpviz.data.readers.grid import Cell, Choices, Found, Grid, Source
from bpviz.errors import DataError, listed

_QUOTED: Final = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_ATTRIBUTE: Final = re.compile(rf"@attribute\s+({_QUOTED}|\S+)\s+(.+)", re.IGNORECASE)
_VALUE: Final = re.compile(rf"\s*({_QUOTED}|[^,]*?)\s*(?:,|$)")
_PAIR: Final = re.compile(rf"\s*(\d+)\s+({_QUOTED}|[^,]*?)\s*(?:,|$)")
_ESCAPED: Final = re.compile(r"\\(.)")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r"}
_NUMERIC: Final = ("numeric", "real", "integer")
_MISSING: Final = "?"


@dataclass(frozen=True, slots=True)
class _Attribute:
    """A column.

    Attributes:
        name: Its name.
        kind: ``number``, ``nominal``, ``string`` or ``date``.
        values: Of a nominal one, all it may have.
    """

    name: str
    kind: str
    values: tuple[str, ...] = ()


def is_arff(content: bytes, name: str) -> bool:
    """Whether it begins as ARFF does, behind comments."""
    if name.endswith(".arff"):
        return True
    lines = (line.strip() for line in content[:20_000].splitlines())
    first = next((line for line in lines if line and not line.startswith(b"%")), b"")
    return first.lower().startswith(b"@relation")


def read_arff(source: Source, choices: Choices) -> Grid:
    """Read the attributes and the rows, each value checked against its attribute.

    Raises:
        DataError: If something is not as the format has it, by its line.
    """
    text, encoding = decode(source.content, source.name, choices.encoding)
    lines = _lines(text, source)
    attributes = _attributes(lines, source)
    rows: list[list[Cell]] = []
    for number, line in lines:
        sparse = line.startswith("{")
        rows.append((_sparse if sparse else _dense)(line, number, attributes, source))
        source.check_size(len(rows), 1)
    if not rows:
        raise DataError(f"{source.name} has attributes but no rows; open one that has.")
    found = Found(encoding="" if encoding == "UTF-8" else encoding)
    return Grid(rows, found, tuple(attribute.name for attribute in attributes))


def _lines(text: str, source: Source) -> Iterator[tuple[int, str]]:
    """Lines that hold something, with their numbers; comments stand alone in a line."""
    done = 0
    for number, line in enumerate(text.splitlines(), start=1):
        done += len(line) + 1
        if number % 4096 == 0:
            source.tell(done, len(text))
        bare = line.strip()
        if bare and not bare.startswith("%"):
            yield number, bare


def _attributes(lines: Iterator[tuple[int, str]], source: Source) -> list[_Attribute]:
    found: list[_Attribute] = []
    for number, line in lines:
        word = line.split(None, 1)[0].lower()
        if word == "@data":
            source.check_size(0, len(found))
            if not found:
                raise DataError(f"{source.name} has no attributes before its data; mend it.")
            return found
        if word == "@attribute":
            found.append(_attribute(line, number, source))
        elif word != "@relation":
            raise DataError(f"Line {number} of {source.name} is none that ARFF knows before @data; mend it.")
    raise DataError(f"{source.name} has no line @data; it may have been cut off.")


def _attribute(line: str, number: int, source: Source) -> _Attribute:
    match = _ATTRIBUTE.fullmatch(line)
    if match is None:
        raise DataError(f"Line {number} of {source.name} is no attribute with a name and a kind; mend it.")
    name, kind = _plain(match[1]), match[2].strip()
    if kind.startswith("{"):
        values = [] if kind.strip("{} ") == "" else _cut(kind.removeprefix("{").rstrip().removesuffix("}"))
        return _Attribute(name, "nominal", tuple(map(_plain, values)))
    word = kind.split(None, 1)[0].lower()
    if word in _NUMERIC:
        return _Attribute(name, "number")
    if word in ("string", "date"):
        return _Attribute(name, word)
    raise DataError(
        f"The attribute {name!r} of {source.name} is of the kind {word!r}, which can't be read; "
        "numeric, nominal, string and date can."
    )


def _dense(line: str, number: int, attributes: Sequence[_Attribute], source: Source) -> list[Cell]:
    values = _cut(line)
    if len(values) != len(attributes):
        raise DataError(
            f"Line {number} of {source.name} has {len(values)} values for {len(attributes)} "
            "attributes; mend it."
        )
    pairs = zip(values, attributes, strict=True)
    return [_checked(value, attribute, number, source) for value, attribute in pairs]


def _sparse(line: str, number: int, attributes: Sequence[_Attribute], source: Source) -> list[Cell]:
    """A row that leaves out zeros, and of nominal attributes their first value, which counts as zero."""
    row: list[Cell] = ["0" if one.kind == "number" else next(iter(one.values), None) for one in attributes]
    if not line.endswith("}"):
        raise DataError(f"Line {number} of {source.name} lacks its closing brace; mend it.")
    inner, at, met = line[1:-1].strip(), 0, set()
    while at < len(inner):
        match = _PAIR.match(inner, at)
        index = int(match[1][:9]) if match else -1
        if match is None or index >= len(attributes) or index in met:
            raise DataError(f"Line {number} of {source.name} is no sparse row {{index value, ...}}; mend it.")
        row[index] = _checked(match[2], attributes[index], number, source)
        met.add(index)
        at = match.end()
    for index, attribute in enumerate(attributes):
        if attribute.kind in ("string", "date") and index not in met:
            raise DataError(
                f"Line {number} of {source.name} leaves out {attribute.name!r}, whose text nobody "
                "can know; write it."
            )
    return row


def _checked(value: str, attribute: _Attribute, number: int, source: Source) -> Cell:
    if value == _MISSING:
        return None
    text = _plain(value)
    if attribute.kind == "number" and not is_number(text):
        raise DataError(
            f"Line {number} of {source.name} has {text!r} for the number {attribute.name!r}; mend it."
        )
    if attribute.kind == "nominal" and text not in attribute.values:
        raise DataError(
            f"Line {number} of {source.name} has {text!r} for {attribute.name!r}, which may be "
            f"{listed(attribute.values)}; mend it."
        )
    return text


def _cut(line: str) -> list[str]:
    """Divide a line at its commas, or at blanks where there are no commas."""
    if "," not in line and not line.startswith(("'", '"')) and len(line.split()) > 1:
        return line.split()
    values, at = [], 0
    while at <= len(line):
        match = _VALUE.match(line, at)
        if match is None:  # text behind a closing quotation mark: it is a part of the value
            end = line.find(",", at)
            end = len(line) if end < 0 else end
            values.append(line[at:end].strip())
            at = end + 1
            continue
        values.append(match[1])
        if match.end() == len(line) and not line[match.start() : match.end()].rstrip().endswith(","):
            break
        at = match.end()
    return values


def _plain(value: str) -> str:
    """A value without its quotation marks."""
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), value[1:-1])
    return value
