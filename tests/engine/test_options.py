"""Settings of table entries: defaults, choices and refusals."""

from __future__ import annotations

import pytest

from bpviz.engine.initializers import INITIALIZERS
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.options import HasOptions, resolve
from bpviz.engine.schedules import SCHEDULES
from bpviz.errors import SettingError, UnknownNameError

ENTRIES: list[HasOptions] = [*OPTIMIZERS.values(), *SCHEDULES.values(), *INITIALIZERS.values()]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.label)
def test_defaults_are_allowed_and_every_option_says_what_it_does(entry: HasOptions) -> None:
    values = resolve(entry, ())
    for option in entry.options:
        assert option.low <= values[option.name] == option.default <= option.high
        assert option.about.endswith(".")


def test_a_choice_replaces_a_default_and_leaves_the_others() -> None:
    expected = {"beta1": 0.8, "beta2": 0.999, "epsilon": 1e-8}
    assert resolve(OPTIMIZERS["adam"], (("beta1", 0.8),)) == expected
    assert resolve(OPTIMIZERS["adam"], {"beta1": 0.8}) == expected


@pytest.mark.parametrize("value", [-0.1, 1.0, float("nan"), float("inf")])
def test_a_value_out_of_range_is_refused_with_the_range(value: float) -> None:
    with pytest.raises(SettingError, match=r"Momentum of Momentum can't be .*; choose a number from 0 to"):
        resolve(OPTIMIZERS["momentum"], (("momentum", value),))


def test_an_unknown_option_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="'beta1'"):
        resolve(OPTIMIZERS["adam"], (("beta_1", 0.8),))
    with pytest.raises(SettingError, match="has no settings"):
        resolve(OPTIMIZERS["sgd"], (("momentum", 0.8),))
