"""``bpviz explain``: how the numbers of one pass come about, as formulas with this network's own numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bpviz.cli.options import at_least, chosen_session, project_options
from bpviz.cli.rows import read_rows, row_numbers, step_as_run, step_on
from bpviz.errors import SettingError, grouped, one_line
from bpviz.training.explain.documents import FORMATS, Setting
from bpviz.training.explain.naming import names_of, read_refs
from bpviz.training.explain.notation import DIALECTS, Notation
from bpviz.training.explain.order import Section, count, sections
from bpviz.training.explain.writing import DIGITS, FOLD
from bpviz.training.passes import Pass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bpviz.training.session import Session

_MOST_DIGITS: Final = 17
_MOST_NUMBERS: Final = 50_000
"""A document of more than so many numbers is read by nobody."""


@click.command("explain")
@project_options
@click.option("--rows", metavar="A:B", default="0:1", help="Training examples, as a Python slice. [0:1]")
@click.option(
    "--of", "wanted", metavar="REF", multiple=True, help="A number, such as delta:h1; can be repeated."
)
@click.option("--notation", metavar="NAME", default="matrix", help=f"{', '.join(DIALECTS)}. [matrix]")
@click.option("--minus-delta", is_flag=True, help="Write minus delta, which some books call the error.")
@click.option("--as", "kind", metavar="FORMAT", default="text", help=f"{', '.join(FORMATS)}. [text]")
@click.option(
    "--digits", type=int, default=DIGITS, callback=at_least(1), help=f"Significant ones. [{DIGITS}]"
)
@click.option(
    "--terms", type=int, default=FOLD, callback=at_least(1), help=f"Longer sums are folded. [{FOLD}]"
)
def explain_command(file: Path | None, example: str | None, **chosen: Any) -> int:
    """Explain every number of one pass and the step it leads to, in the order of computation.

    It is the pass of the run as saved in FILE, or of the start; computed in float64.  A REF is a quantity
    and a place: delta:h1, gradient:x1->h1, bias:o1, loss; @3 after it means the example in row 3; a
    quantity alone means all of its numbers.
    """
    if chosen["digits"] > _MOST_DIGITS:
        raise click.UsageError(f"--digits can't be {chosen['digits']}; a number has at most {_MOST_DIGITS}.")
    dialect, written = DIALECTS[chosen["notation"]], FORMATS[chosen["kind"]]
    rows = read_rows(chosen["rows"])
    run = chosen_session(file, example)
    made = Pass(run.rule, step_on(run, rows), _stored(run, rows))
    names = names_of(run.compiled, [str(number) for number in row_numbers(run, rows)])
    notation = Notation(dialect, names, run.rule.optimizer, chosen["minus_delta"])
    setting = Setting(made, notation, chosen["digits"], chosen["terms"])
    parts: Iterator[Section] | list[Section]
    if chosen["wanted"]:
        refs = [ref for text in chosen["wanted"] for ref in read_refs(made, names, text)]
        parts = [Section("", tuple(refs))]
    else:
        _require_readable(made)
        parts = sections(made, accumulated=dialect.accumulates)
    title = f"{one_line(run.project.title) or 'Project'}, step {run.step}"
    for line in written.lines(title, setting, parts):
        click.echo(line)
    return 0


def _stored(run: Session, rows: slice) -> Any:
    """What the run itself comes to, if it computes in another precision than explanations do."""
    if run.parameters.dtype.itemsize == 8:
        return None
    return step_as_run(run, rows).after.parameters


def _require_readable(made: Pass) -> None:
    numbers = count(made)
    if numbers > _MOST_NUMBERS:
        raise SettingError(
            f"The whole pass has about {grouped(numbers)} numbers; name those you want, such as --of delta, "
            "or take fewer rows."
        )
