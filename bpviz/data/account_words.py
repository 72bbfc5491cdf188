"""What the columns of a table are taken for, in words: the same in the window and on the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bpviz.data.accounts import ColumnAccount
from bpviz.data.inputs import USES
from bpviz.errors import counted, grouped, named

FILL_WORDS: Final[Mapping[str, str]] = {
    "mean": "mean",
    "median": "median",
    "frequent": "most frequent value",
}
"""How missing values are filled."""

_REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "text": ("it holds text", "they hold text"),
    "row number": ("it numbers the rows", "they number the rows"),
    "id": ("it is an id, another one in each row", "they are ids, another one in each row"),
    "constant": ("it never changes", "they never change"),
    "date": ("it holds dates or times", "they hold dates or times"),
    "empty": ("it holds no value", "they hold no value"),
}
"""Why a column is left out by rule: of one, of several."""

_SHORT: Final[Mapping[str, str]] = {
    "text": "text",
    "row number": "row number",
    "id": "id",
    "constant": "never changes",
    "date": "date or time",
    "empty": "no value",
}


def account_text(account: ColumnAccount) -> str:
    """Say in a few words what one column is taken for."""
    if account.use == "target":
        return "Target"
    if account.use == "out":
        why = _SHORT.get(account.kind) if not account.chosen else None
        return f"Left out: {why}" if why else USES["out"].label
    label = USES[account.use].label
    return f"{label}, {counted(account.inputs, 'input')}" if account.use == "category" else label


def missing_text(account: ColumnAccount) -> str:
    """Say how many cells of a column are missing, and which words stood there; empty if none is."""
    empty = account.missing - sum(times for _, times in account.words)
    parts = [f"{grouped(times)} {word}" for word, times in account.words]
    return ", ".join([*parts, f"{grouped(empty)} empty"] if empty else parts)


def remedy_text(account: ColumnAccount) -> str:
    """Say in a few words what is done about the missing cells of a column; empty if nothing need be."""
    if not account.missing or account.use == "out":
        return ""
    return remedy_label(account.fill)


def remedy_label(how: str) -> str:
    """What lists call what is done about missing values: an entry of `FILL_WORDS`, else rows are left out."""
    return FILL_WORDS.get(how, "leave rows out").capitalize()


def doubt_text(account: ColumnAccount) -> str:
    """Say which words of a column of texts count as missing and may be values, or the other way round."""
    if not account.doubtful:
        return ""
    parts = []
    for words, (one, several), (may_one, may_several) in (
        (account.words, ("counts as missing", "count as missing"), ("a value", "values")),
        (account.suspects, ("counts as a value", "count as values"), ("missing", "missing")),
    ):
        if words:
            known = named([f"{word} ({grouped(times)})" for word, times in words])
            single = len(words) == 1
            parts.append(
                f"{known} {one if single else several}, but may be {may_one if single else may_several}"
            )
    return f"In {named([account.name])}, {'; '.join(parts)}."


def account_sentences(accounts: Sequence[ColumnAccount]) -> list[str]:
    """Say of every column what it is taken for, those alike in one sentence."""
    numbers = _names(accounts, "number")
    sentences = [f"Taken as {_are('a number', 'numbers', numbers)}: {named(numbers)}."] if numbers else []
    categories = [f"{a.name} ({a.inputs})" for a in accounts if a.use == "category"]
    if categories:
        sentences.append(f"Encoded as one input for each value: {named(categories)}.")
    switches = _names(accounts, "switch")
    if switches:
        sentences.append(f"Taken as yes or no: {named(switches)}.")
    return [*sentences, *left_out_sentences(accounts), *_filled(accounts)]


def told_sentences(accounts: Sequence[ColumnAccount]) -> list[str]:
    """Say what a column of numbers or text that is simply taken would not show; nothing of numbers alone."""
    if all(account.use in ("number", "target") and not account.fill for account in accounts):
        return []
    return account_sentences(accounts)


def doubt_sentences(accounts: Sequence[ColumnAccount]) -> list[str]:
    """Say of every column of texts which words count as missing there, and may be values."""
    return [text for text in map(doubt_text, accounts) if text]


def left_out_sentences(accounts: Sequence[ColumnAccount]) -> list[str]:
    """Say which columns are left out, and why."""
    by_reason: dict[str, list[str]] = {}
    for account in accounts:
        if account.use == "out":
            why = account.kind if not account.chosen and account.kind in _REASONS else ""
            by_reason.setdefault(why, []).append(account.name)
    return [
        f"Left out because {_are(*_REASONS[why], names)}: {named(names)}."
        if why
        else f"Left out, as chosen: {named(names)}."
        for why, names in by_reason.items()
    ]


def left_out_text(accounts: Sequence[ColumnAccount]) -> str:
    """Say in one sentence which columns are left out; empty if none is."""
    left_out = [
        f"{one.name} ({_SHORT[one.kind]})" if one.kind in _SHORT and not one.chosen else one.name
        for one in accounts
        if one.use == "out"
    ]
    return f"Left out: {named(left_out)}." if left_out else ""


def filled_text(accounts: Sequence[ColumnAccount], counts: Mapping[str, int]) -> str:
    """Say in one sentence where how many missing values are filled by what; empty if none is."""
    filled = [
        f"{one.name} ({grouped(counts[one.name])}, by the {FILL_WORDS[one.fill]})"
        for one in accounts
        if one.fill and one.name in counts
    ]
    return f"Missing values filled, as the training part has them: {named(filled)}." if filled else ""


def _filled(accounts: Sequence[ColumnAccount]) -> list[str]:
    text = filled_text(accounts, {one.name: one.missing for one in accounts})
    return [text] if text else []


def _names(accounts: Sequence[ColumnAccount], use: str) -> list[str]:
    return [account.name for account in accounts if account.use == use]


def _are(one: str, several: str, names: Sequence[str]) -> str:
    return one if len(names) == 1 else several
