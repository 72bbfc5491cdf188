"""Files of SNNS as it writes them, made by the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

HEAD = """SNNS network definition file V1.4-3D
generated at Mon Apr 25 18:08:50 1994

network name : {name}
source files :
no. of units : {units}
no. of connections : {links}
no. of unit types : 0
no. of site types : 0


learning function : Std_Backpropagation
update function   : Topological_Order


unit default section :

act      | bias     | st | subnet | layer | act func     | out func
---------|----------|----|--------|-------|--------------|-------------
 0.00000 |  0.00000 | h  |      0 |     1 | {usual} | Out_Identity
---------|----------|----|--------|-------|--------------|-------------


unit definition section :

no. | typeName | unitName | act      | bias     | st | position | act func     | out func | sites
----|----------|----------|----------|----------|----|----------|--------------|----------|-------
{rows}
----|----------|----------|----------|----------|----|----------|--------------|----------|-------


connection definition section :

target | site | source:weight
-------|------|---------------------------------------------------------------------------------------
{connections}
-------|------|---------------------------------------------------------------------------------------
"""

Row = tuple[int, str, float, str, tuple[int, int], str]
"""Number, name, bias, kind, position and activation function, empty for the usual."""


def net(
    rows: Sequence[Row], links: Mapping[int, Mapping[int, float]], usual: str = "Act_Logistic", wide: int = 3
) -> str:
    """Write a network; links are {target: {source: weight}}, and lines break after `wide` of them."""
    units = [
        f"{number:3} |          | {name:8} |  0.00000 | {bias:8.5f} | {kind}  | {x}, {y}, 0  |"
        f" {function:12} |          |"
        for number, name, bias, kind, (x, y), function in rows
    ]
    lines = []
    for target, sources in links.items():
        words = [f"{source}:{weight: .5f}" for source, weight in sources.items()]
        parts = [", ".join(words[at : at + wide]) for at in range(0, len(words), wide)]
        lines.append(f"{target:6} |      | " + f",\n{' ' * 16}".join(parts))
    return HEAD.format(
        name="test",
        units=len(rows),
        links=sum(map(len, links.values())),
        usual=usual,
        rows="\n".join(units),
        connections="\n".join(lines),
    )


def pat(inputs: int, outputs: int, rows: Sequence[Sequence[float]]) -> str:
    """Write patterns, inputs and targets of each on lines of their own."""
    lines = []
    for number, row in enumerate(rows, start=1):
        lines.append(f"# Input pattern {number}:")
        lines.append(" ".join(f"{value:g}" for value in row[:inputs]))
        lines.append(f"# Output pattern {number}:")
        lines.append(" ".join(f"{value:g}" for value in row[inputs:]))
    return (
        "SNNS pattern definition file V3.2\ngenerated at Mon Apr 25 18:08:50 1994\n\n\n"
        f"No. of patterns : {len(rows)}\nNo. of input units : {inputs}\nNo. of output units : {outputs}\n\n"
        + "\n".join(lines)
        + "\n"
    )


XOR_ROWS: tuple[Row, ...] = (
    (1, "x1", 0.0, "i", (2, 2), ""),
    (2, "x2", 0.0, "i", (2, 4), ""),
    (3, "h", -3.08885, "h", (5, 3), ""),
    (4, "o", -2.54932, "o", (8, 3), ""),
)
XOR_LINKS = {3: {1: 4.92521, 2: -4.83963}, 4: {1: -4.67122, 2: 4.53903, 3: 11.11523}}
"""XOR with one hidden node and links that skip it."""
XOR_PATTERNS = ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0))


def encoder() -> tuple[str, str]:
    """Write an 8-3-8 encoder and its patterns."""
    rows: list[Row] = [(n, "", 0.0, "i", (1, n), "") for n in range(1, 9)]
    rows += [(n, "", 0.25 * (n - 10), "h", (4, n - 5), "") for n in range(9, 12)]
    rows += [(n, "", -0.5, "o", (7, n - 11), "Act_TanH") for n in range(12, 20)]
    links = {t: {s: (t * 7 + s * 3) % 11 / 8 - 0.5 for s in range(1, 9)} for t in range(9, 12)}
    links |= {t: {s: (t * 5 + s) % 13 / 8 - 0.75 for s in range(9, 12)} for t in range(12, 20)}
    patterns = [[float(k == at) for k in range(8)] * 2 for at in range(8)]
    return net(rows, links), pat(8, 8, patterns)
