"""Which way wide layers are computed: by products of our own or by BLAS, in one pass over weights or several.

Ways round differently, so the one taken is part of a run.  What was measured on a machine (`choosing`) stands
in a file beside the compiled programs, which outlives their folder, and a process reads it once: so a run
goes on bit for bit, also after its programs were compiled anew.  Only who empties the whole cache is measured
anew; as that departs from what stood before, or from `DEFAULTS`, only where another way is clearly faster, it
comes out otherwise only where the two are close, and ``BPVIZ_WAYS=default`` leaves nothing to a measurement.

That variable is for numbers that have to be the same on several machines of one kind, whatever each measured.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import msgspec

from bpviz.engine.kernels.cache import cache_folder, choice_file, older_choice_files, write_whole

NEVER: Final = 2**62
"""More than there can be of anything: a way from so many on is never taken."""

_SWITCH: Final = "BPVIZ_WAYS"

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=NEVER)]


@dataclass(frozen=True, slots=True)
class Choice:
    """From where on which way is taken, in one precision.

    Rows are the examples of a batch; pairs are the weights of a link, weights those of the network.

    Attributes:
        once_weights: With so many weights and more the way back takes one pass over them,
        once_rows: for batches of at most so many examples; else several.
        turned_rows: There, products on the way forward are ours from so many examples on,
        turned_work: or from so many products (pairs times rows),
        turned_most: and up to so many examples; else BLAS's.
        own_pairs: Elsewhere, products are ours for links with fewer pairs than these,
        own_rows: and batches of so many examples or more; else BLAS's.
    """

    once_weights: Count
    once_rows: Count
    turned_rows: Count
    turned_work: Count
    turned_most: Count
    own_pairs: Count
    own_rows: Count

    def once(self, weights: int, rows: int) -> bool:
        """Whether weights are passed over once on the way back."""
        return weights >= self.once_weights and rows <= self.once_rows

    def turned(self, pairs: int, rows: int) -> bool:
        """Whether a link's products on the way forward are ours, where weights are passed over once."""
        enough = rows >= self.turned_rows or pairs * rows >= self.turned_work
        return enough and rows <= self.turned_most

    def own(self, pairs: int, rows: int) -> bool:
        """Whether a link's products are ours where weights are passed over several times."""
        return pairs < self.own_pairs and rows >= self.own_rows


DEFAULTS: Final = {
    "float64": Choice(
        once_weights=2**16,
        once_rows=256,
        turned_rows=9,
        turned_work=2**19,
        turned_most=256,
        own_pairs=2**17,
        own_rows=9,
    ),
    "float32": Choice(
        once_weights=2**16,
        once_rows=256,
        turned_rows=9,
        turned_work=2**19,
        turned_most=256,
        own_pairs=2**19,
        own_rows=1,
    ),
}
"""Where nothing was measured, by precision; as seen with AVX-512 from 64 x 64 to 1,024 x 1,024 weights.

One pass back takes a third to nine tenths of the time of products by BLAS and a pass each for norms and
update.  Fewer weights stay near the processor anyway, and packing costs up to a quarter; with 256 examples
and 1,024 x 1,024 weights it takes nine tenths.  There our products forward take half to nine tenths of BLAS's
time, the more examples the more, and with AVX2 up to an eighth longer from 128 examples on; for a few
examples, and weights that fit near the processor, BLAS takes down to a fifth of ours.

Other products of ours take three quarters to nine tenths of BLAS's time, in float64 with AVX2 as long.  For
more pairs, numbers of a column stand so far apart that they push each other out of the cache, which BLAS
avoids.  For few examples BLAS with AVX-512 takes half of our time, with AVX2 three times as long: there
float32 is ours and float64 BLAS's.
"""


class Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A choice that was measured.

    Attributes:
        choice: What came out.
        since: The day on which it did.
    """

    choice: Choice
    since: date


@cache
def chosen(precision: str) -> Choice:
    """Return the choice of this process.

    It is read once, so that whatever this process repeats of a run is computed as the run was.
    """
    measured = measured_here(cache_folder()).get(precision)
    return DEFAULTS[precision] if measured is None else measured.choice


def is_measured() -> bool:
    """Whether the user leaves the choice to a measurement."""
    return os.environ.get(_SWITCH) != "default"


def is_settled(folder: Path, program: str) -> bool:
    """Whether nothing is left to measure before a program, named as by `engine.program_for`, is used.

    Where a measurement couldn't be kept, each start would come out otherwise: there none is made.
    """
    shape, precision = program.split()
    if shape == "links" or not is_measured() or choice_file(folder) is None:
        return True
    return precision in measured_here(folder)


def measured_here(folder: Path) -> Mapping[str, Measured]:
    """Return by precision what was measured for the programs in a folder; nothing if that shall not count."""
    file = choice_file(folder)
    return {} if file is None or not is_measured() else _read(file)


def stood_before(folder: Path, precision: str) -> Choice:
    """Return what the next measurement departs from: what last stood on this processor, or the default."""
    for file in older_choice_files(folder):
        found = _read(file).get(precision)
        if found is not None:
            return found.choice
    return DEFAULTS[precision]


def keep(folder: Path, precision: str, choice: Choice) -> None:
    """Write down what was measured for the programs in a folder.

    Raises:
        OSError: If it can't be written.
    """
    file = choice_file(folder)
    if file is not None:
        known = {**_read(file), precision: Measured(choice, date.today())}
        write_whole(file, msgspec.json.format(msgspec.json.encode(known), indent=1))


def _read(file: Path) -> dict[str, Measured]:
    """What a file holds; nothing if it is not there, broken, or of somebody else."""
    try:
        found = msgspec.json.decode(file.read_bytes(), type=dict[str, Measured])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return found if found.keys() <= DEFAULTS.keys() else {}
