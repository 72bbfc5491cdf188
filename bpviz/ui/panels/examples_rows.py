"""Which rows of a table are which examples of its data set: those without a value may be left out."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from bpviz.data.datasets import TABLE, load
from bpviz.errors import BpvizError
from bpviz.model.spec import Project


@dataclass(frozen=True, slots=True)
class ExampleRows:
    """Leads from rows of a table to examples and back.

    Attributes:
        left_out: Rows that are no examples, counted from 0, ascending.
    """

    left_out: tuple[int, ...] = ()

    @classmethod
    def of(cls, project: Project) -> ExampleRows:
        """Of a project's own table; all others have an example in every row."""
        if project.data.source != TABLE or not project.data.drop_missing:
            return cls()
        start = project.network.input
        features = [node.feature or "" for node in start.nodes] if start is not None else None
        try:
            numbers = load(project.data, project.training.seed, features).left_out
        except BpvizError:  # a project that can't run has no examples to look at
            return cls()
        return cls(tuple(number - 1 for number in numbers))

    def example(self, row: int) -> int | None:
        """Return which example a row is; None if it is left out."""
        before = bisect_left(self.left_out, row)
        return None if row in self.left_out[before : before + 1] else row - before

    def row(self, example: int) -> int:
        """Return the row of an example."""
        row = example
        for left_out in self.left_out:
            if left_out > row:
                break
            row += 1
        return row
