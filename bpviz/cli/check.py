"""``bpviz check``: whether a number that somebody worked out is right, and if not, which slip gives it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bpviz.cli.options import chosen_session, example_option
from bpviz.cli.rows import read_rows, row_numbers, step_on
from bpviz.errors import SettingError
from bpviz.training.explain.checking import check, read_answer
from bpviz.training.explain.naming import Names, names_of, read_refs
from bpviz.training.explain.verdicts import verdict_sentence
from bpviz.training.passes import Pass

if TYPE_CHECKING:
    from bpviz.training.quantities import Ref


# So that an answer may begin with a minus sign.
@click.command("check", context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, metavar="[FILE] REF ANSWER")
@example_option
@click.option("--rows", metavar="A:B", default="0:1", help="Training examples, as a Python slice. [0:1]")
@click.option(
    "--mine",
    metavar="REF=NUMBER",
    multiple=True,
    help="Your own earlier number, from which others may follow; can be repeated.",
)
@click.option(
    "--minus-delta", is_flag=True, help="Of a delta ask for minus delta, “the error” of some books."
)
def check_command(
    words: tuple[str, ...],
    example: str | None,
    rows: str,
    mine: tuple[str, ...],
    *,
    minus_delta: bool,
) -> int:
    """Check a number that you worked out; exit with 1 if it is not right.

    A REF is a quantity and a place: delta:h1, gradient:x1->h1@3, bias:o1, loss.  An ANSWER is a number such
    as 0.5, 0,5, 1/2 or 5e-1: right within half a percent, or within half a unit of its last digit.  Of a
    weight's step the change is asked, never the new value.
    """
    file, ref_text, answer = _split(words, example)
    chosen = read_rows(rows)
    run = chosen_session(file, example)
    made = Pass(run.rule, step_on(run, chosen))
    names = names_of(run.compiled, [str(number) for number in row_numbers(run, chosen)])
    earlier = dict(_own(made, names, text, minus_delta=minus_delta) for text in mine)
    ref = _one_ref(made, names, ref_text)
    verdict = check(made, ref, answer, earlier, turned=minus_delta and ref.key == "delta")
    sentence = verdict_sentence(verdict, names)
    if verdict.kind in ("not_asked", "no_number"):
        raise SettingError(sentence)
    click.echo(sentence)
    return 0 if verdict.accepted else 1


def _split(words: tuple[str, ...], example: str | None) -> tuple[Path | None, str, str]:
    unknown = next((word for word in words if word.startswith("--")), None)
    if unknown is not None:
        raise click.NoSuchOption(unknown)
    wanted = 2 if example is not None else 3
    if len(words) != wanted:
        raise click.UsageError(
            "Name a .bpviz file or --example NAME, then one number and your answer, such as delta:h1 0.25."
        )
    *files, ref, answer = words
    return Path(files[0]) if files else None, ref, answer


def _one_ref(made: Pass, names: Names, text: str) -> Ref:
    found = read_refs(made, names, text)
    if len(found) > 1:
        raise SettingError(
            f"{text} is {len(found)} numbers; name one of them, such as {names.ref(found[0])}."
        )
    return found[0]


def _own(made: Pass, names: Names, text: str, *, minus_delta: bool) -> tuple[Ref, float]:
    name, equals, number = text.partition("=")
    if not equals:
        raise SettingError(f"Your own numbers are written REF=NUMBER, such as z:h1=0.5; {text!r} is none.")
    ref, value = _one_ref(made, names, name), read_answer(number).value
    return ref, -value if minus_delta and ref.key == "delta" else value
