"""Sentences stay one line, whatever the names and files that they quote hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import (
    LONGEST_NAME,
    LONGEST_SENTENCE,
    BpvizError,
    CycleError,
    DataError,
    FileError,
    UnknownNameError,
    listed,
    named,
    one_line,
    suggestion,
)

any_text = st.text(st.characters(), max_size=300) | st.text("'\"\\x \n\u202e", max_size=2_000)
"""Lone surrogates are among them: they stand for bytes of names that are no text."""


@given(any_text, any_text)
def test_any_error_is_one_line_of_some_length_that_can_be_written(first: str, second: str) -> None:
    for error in (
        DataError(f"The column {first!r} of {second} is wrong; choose another."),
        FileError(f"Can't open {first}: {second}."),
        CycleError((first, second, "c")),
        UnknownNameError("thing", first, (second,)),
    ):
        text = str(error)
        assert len(text) <= LONGEST_SENTENCE
        assert len(text.splitlines()) == 1
        text.encode()
        assert "\u202e" not in text


def test_what_steers_is_written_as_python_writes_it() -> None:
    assert one_line("a\nb\rc\td\x1b[31m\u202ee\u2028f\udcc3\0") == (
        "a\\nb\\rc\\td\\x1b[31m\\u202ee\\u2028f\\udcc3\\x00"
    )
    assert one_line("größe 日本 1\u202f000 – “x”") == "größe 日本 1\u202f000 – “x”"


def test_a_long_name_lacks_its_middle_and_the_sentence_stays() -> None:
    name = "n" * 2_000
    assert str(DataError(f"There's no column {name!r}; choose another.")) == (
        f"There's no column '{'n' * 53}…{'n' * 26}'; choose another."
    )
    assert str(BpvizError(f"I can't, you can't and she can't, {'so ' * 40}we don't.")).count("so") == 40
    text = str(BpvizError(f"Can't open {'x' * 10_000_000}: there is no such file."))
    assert (len(text), text[:12], text[-24:]) == (
        LONGEST_SENTENCE,
        "Can't open x",
        ": there is no such file.",
    )


def test_lists_name_a_few_and_count_the_others() -> None:
    names = [f"c{number}" for number in range(4_000)]
    assert listed(names, 2) == "'c0', 'c1' and 3\u202f998 more"
    assert named(names, 2) == "c0, c1 and 3\u202f998 more"
    assert named(["a", "b"]) == "a, b"
    assert len(listed(["x" * 1_000] * 3)) == 3 * (LONGEST_NAME + 2) + 2 * 2


def test_only_short_names_are_compared() -> None:
    assert suggestion("adamm", ("sgd", "adam")) == "adam"
    assert suggestion("x" * 100_000, ("x" * 100_001,)) is None  # to compare them takes hours
    assert suggestion("x", ()) is None
