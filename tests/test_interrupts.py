"""Ctrl+C while modules are loaded, however these tests were started themselves."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bpviz.interrupts import left_to_the_system


@pytest.fixture(autouse=True)
def raised() -> Iterator[None]:
    """Let it raise, as it does; a job in the background of a shell ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def handler() -> object:
    with left_to_the_system():
        return signal.getsignal(signal.SIGINT)


def test_ctrl_c_is_left_to_the_system_for_a_while() -> None:
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert handler() == signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_whoever_ignores_it_goes_on_doing_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert handler() == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_another_thread_can_load_too() -> None:
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(handler).result() is signal.default_int_handler
