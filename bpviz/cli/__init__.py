"""The command line: every command, of which the window is one.

Exit codes: 0 done; 1 the answer is no, as when a check failed; 2 bad input, with one sentence on stderr; 130
after Ctrl+C.  Results go to stdout, the same for the same input; progress and remarks go to stderr.

To add a command, write it in a module of this package and add a line to `COMMANDS`.  A command's module is
loaded when it is called, so that ``bpviz --version`` is quick.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from bpviz.cli.streams import give_up_output, output_fault, prepare_streams
from bpviz.errors import BpvizError, one_line, suggestion
from bpviz.reading import is_there
from bpviz.version import __version__

COMMANDS: Final = {
    "open": ("show", "Open the window, or draw it into a picture."),
    "train": ("train", "Train without a window, and write weights, plots and the project."),
    "table": ("table", "Show how a table of your own is read."),
    "gradients": ("gradients", "Show every number of one pass forward and backward."),
    "explain": ("explain", "Say how each number of one pass comes about, as formulas."),
    "check": ("check", "Check a number that you worked out, and find the slip."),
    "cost": ("cost", "Say what the gradient costs by three ways, and why backprop is cheap."),
    "import": ("bringing", "Bring in a network or weights of another program, or bpviz's own back."),
    "export": ("export", "Write weights or a plot of a saved project."),
    "render": ("export", "Draw the network into a picture."),
    "animate": ("animate", "Draw how a saved run went, as a GIF, a video or pictures."),
    "report": ("report", "Write a page about a saved run."),
    "examples": ("tables", "List the bundled examples."),
    "datasets": ("tables", "List the bundled data sets."),
    "plots": ("tables", "List the plots."),
    "doctor": ("doctor", "Find out whether all that bpviz needs is there."),
    "bench": ("bench", "Measure how fast bpviz is on this machine."),
}
"""For each command the module of this package it stands in, and what the help says of it."""

ONE_THREAD: Final = {
    **{f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "MKL", "BLIS", "OMP")},
    "VECLIB_MAXIMUM_THREADS": "1",
}
"""What libraries of linear algebra look for while they are loaded; the last is macOS's own.

Each of them gets one thread, here and in every process that is started; see `bpviz.engine.threads`.
"""

BAD_INPUT: Final = 2
INTERRUPTED: Final = 130


class Commands(click.Group):
    """The group of all commands.  Without a word, or with a file as the first one, it opens the window."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"{__name__}.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        # From the table: to ask each command would load them all.
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        first = args[0] if args else ""
        own = {
            name
            for parameter in self.get_params(ctx)
            for name in (*parameter.opts, *parameter.secondary_opts)
        }
        if first in own or first in COMMANDS:
            return super().parse_args(ctx, args)
        if first and not first.startswith("-") and not _is_file(first):
            close = suggestion(first, tuple(COMMANDS))
            hint = f"did you mean {close!r}?" if close else "see bpviz --help."
            raise click.UsageError(f"There is no command and no file named {first!r}; {hint}")
        return super().parse_args(ctx, ["open", *args])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:
        """Run a command and leave with its exit code."""
        extra.update(standalone_mode=False, prog_name="bpviz")
        prepare_streams()
        try:
            code = super().main(args, *rest, **extra)
        except click.exceptions.Exit as error:
            code = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            _say("Stopped.")
            code = INTERRUPTED
        except click.ClickException as error:
            _say(_sentence(error))
            code = BAD_INPUT
        except BpvizError as error:
            _say(str(error))
            code = BAD_INPUT
        except OSError as error:
            fault = output_fault(error)
            if fault is None:
                raise
            give_up_output()
            _say(fault)
            code = BAD_INPUT
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="bpviz %(version)s")
def cli() -> None:
    """See backpropagation happen in a neural network that you drew yourself.

    Without a command the window opens: bpviz [FILE].
    """


def main() -> NoReturn:
    """Run the command line; the script ``bpviz``."""
    os.environ.update(ONE_THREAD)
    cli.main()


def window() -> NoReturn:
    """Open the window; the script ``bpviz-window``, which has no console."""
    os.environ.update(ONE_THREAD)
    cli.main(["open", *sys.argv[1:]])


def _say(sentence: str) -> None:
    with suppress(OSError):  # who closed stderr does not want to know
        click.echo(sentence, err=True)


def _is_file(word: str) -> bool:
    """Whether a word is meant as a file: it is there, or looks like one."""
    path = Path(word)
    return bool(path.suffix) or len(path.parts) > 1 or is_there(path)


def _sentence(error: click.ClickException) -> str:
    """Make what click says one sentence, which says what to do."""
    line = one_line(" ".join(error.format_message().split()))
    if isinstance(error, click.NoSuchOption):
        line = f"There is no option {error.option_name!r}"
    # Ours are plain usage errors and say so themselves; the other kinds are click's own.
    if isinstance(error, click.UsageError) and type(error) is not click.UsageError and error.ctx is not None:
        line = f"{line.rstrip('.')}; see {error.ctx.command_path} --help."
    return line if line.endswith((".", "?")) else f"{line}."
