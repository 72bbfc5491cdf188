"""Every setting of the panels as an option of a command, made of `bpviz.model.settings`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

import click

from bpviz import typed
from bpviz.errors import SettingError, UnknownNameError
from bpviz.model.edits import set_data, set_training
from bpviz.model.naming import counting_from, first_free_number
from bpviz.model.settings import MORE, MOST_USED, OF_DATA, OPTIONS_OF, Amount, Setting, of_training
from bpviz.model.spec import Project

F = TypeVar("F", bound=Callable[..., object])

ELSEWHERE: Final = ("stop.epochs",)
"""Settings that a command has an option of its own for."""

_GROUPS: Final = (("Data", OF_DATA), ("Training", MOST_USED), *MORE)
_OPTION: Final = re.compile(r"(\w+)=(.*)")


class GroupedOption(click.Option):
    """An option that the help lists under a heading."""

    def __init__(self, *names: str, group: str, **settings: Any) -> None:
        super().__init__(list(names), **settings)
        self.group = group


class GroupedCommand(click.Command):
    """A command whose help has a heading for each group of options."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, first those of no group."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if isinstance(parameter, click.Option) and record is not None:
                groups.setdefault(getattr(parameter, "group", "Options"), []).append(record)
        for title, records in groups.items():
            with formatter.section(title):
                formatter.write_dl(records)


def settings_options(function: F) -> F:
    """Add an option for every setting of data and training; their values come as ``setting_<field>``."""
    for title, settings in reversed(_GROUPS):
        for setting in reversed(settings):
            if setting.field not in ELSEWHERE:
                _add(function, setting, title)
    return function


def _add(function: F, setting: Setting, title: str) -> None:
    kind = setting.kind
    if isinstance(kind, Amount):
        metavar, listed = "N" if kind.whole else "X", f"; or {kind.off}" if kind.off else ""
    else:
        metavar, listed = "NAME", f": {', '.join(key for key, _, _ in kind.entries)}"
    part = ", as a part of 1 or in %" if setting.factor != 1.0 else ""
    about = f"{setting.about}{listed}{part}."
    option = GroupedOption(option_of(setting), _keyword(setting), group=title, metavar=metavar, help=about)
    own: list[click.Parameter] = function.__dict__.setdefault("__click_params__", [])
    own.append(option)


def option_of(setting: Setting) -> str:
    """What the option is called: as the setting is in files and in Python."""
    return "--" + setting.field.replace(".", "-").replace("_", "-")


def _keyword(setting: Setting) -> str:
    return "setting_" + setting.field.replace(".", "_")


def with_settings(project: Project, given: Mapping[str, Any]) -> Project:
    """Set what was given on the command line, data first.

    Args:
        project: What to change.
        given: Values of a command's parameters, those of `settings_options` among them.

    Raises:
        UsageError: If something can't be read.
        BpvizError: If a value is outside what it may be; with the sentence of the window and of the API.
    """
    data = {setting.field: _read(setting, text) for setting, text in _given(OF_DATA, given)}
    if data:
        project = set_data(project, counting_from(first_free_number(project.network)), **data)
    for setting, text in _given(of_training(), given):
        name, _, options = text.partition(":") if setting.has_options else (text, "", "")
        changes = setting.fields(project.training, _read(setting, name))
        if options:
            changes[f"{setting.field}_options"] = _read_options(setting, options)
        project = set_training(project, **changes)
    return project


def any_given(given: Mapping[str, Any]) -> bool:
    """Whether a setting was given."""
    return any(True for _ in _given((*OF_DATA, *of_training()), given))


def _given(settings: tuple[Setting, ...], given: Mapping[str, Any]) -> Iterator[tuple[Setting, str]]:
    for setting in settings:
        text = given.get(_keyword(setting))
        if text is not None:
            yield setting, text


def _read(setting: Setting, text: str) -> Any:
    """Read a value as the setting takes it; whether it is in range is judged where it is set."""
    kind = setting.kind
    if not isinstance(kind, Amount):
        return _word(text, [key for key, _, _ in kind.entries])
    if kind.off and text.strip().casefold() == kind.off:
        return None
    percent = text.strip().endswith("%") and setting.factor != 1.0
    value = _number(option_of(setting), text.strip().rstrip("%") if percent else text)
    if kind.whole:
        if not value.is_integer():
            raise click.UsageError(f"{option_of(setting)} can't be {text!r}; write a whole number.")
        return int(value)
    return value / setting.factor if percent else value


def _word(text: str, known: list[str]) -> str:
    """Find a word whatever stands between its parts; one that is unknown is refused where it is set."""
    plain = re.sub(r"[\s_-]+", " ", text.strip().casefold())
    return next((word for word in known if re.sub(r"[\s_-]+", " ", word) == plain), text)


def _read_options(setting: Setting, text: str) -> tuple[tuple[str, float], ...]:
    """Read what follows the name of an entry, such as ``beta1=0.8,beta2=0.9``."""
    found = {}
    for part in text.split(","):
        match = _OPTION.fullmatch(part.strip())
        if match is None:
            example = _example(setting)
            raise click.UsageError(
                f"{option_of(setting)} can't have {part.strip()!r}; write such settings as {example}."
            )
        found[match[1]] = _number(f"{match[1]} in {option_of(setting)}", match[2])
    return tuple(sorted(found.items()))


def _example(setting: Setting) -> str:
    entry = next(entry for entry in OPTIONS_OF[setting.field].values() if entry.options)
    option = entry.options[0]
    return f"{entry.name}:{option.name}={option.default:g}"  # type: ignore[attr-defined]


def _number(what: str, text: str) -> float:
    try:
        return typed.number(text)
    except (SettingError, UnknownNameError) as error:
        raise click.UsageError(f"{what}: {error}") from None
