"""Entries of one matter together: an answer whose subject is nearly that of a request, a request logged twice."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from datetime import datetime, time
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from events.problems import Problem, Text, suggestion
from events.subjects import fold_subject, interpreted, keys_of
from events.table import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from events.problems import Where
    from events.vocabulary import EventType, Vocabulary

RECEIVED, ANSWERED = "request.received", "request.answered"
_NEAR = 0.8
"""From this share of common text on two subjects are near."""
_SHORT = 4
"""A shorter subject is not looked for inside others."""
_MOST = 300
"""So many entries without what they follow are compared, with at most ten times as many others."""
_NUMBERS = r"〔\d{4}〕\d+号?[、,，;；和及至-].*\d+号"
"""Two documents' numbers in one subject."""
_DIGITS = re.compile(r"\d+")


def matter_problems(table: pa.Table, vocabulary: Vocabulary) -> list[Problem]:
    """Return warnings about entries that are probably of one matter and do not say so, or say so twice.

    Args:
        table: the log (`events.table`).
        vocabulary: the vocabulary, that says which types follow which.
    """
    if not table.num_rows:
        return []
    again = list(_sent_again(table, vocabulary))
    rows = _matters(table, vocabulary)
    return [*_apart(rows, vocabulary), *_twice(rows), *_several(rows), *again]


def near_or_twice(table: pa.Table, vocabulary: Vocabulary) -> list[Problem]:
    """Return warnings about entries that follow nothing and are near something, and about requests logged twice.

    Args:
        table: the log, or those entries of it (`engine.batches.near`).
        vocabulary: the vocabulary, that says which types follow which.
    """
    rows = _matters(table, vocabulary)
    return [*_apart(rows, vocabulary), *_twice(rows)]


def _matters(table: pa.Table, vocabulary: Vocabulary) -> pa.Table:
    """Return the entries that have a subject and that no other one corrects or withdraws, with the key of each."""
    rows = table.select(
        ["id", "type", "unit", "subject", "occurred_at", "timed", "retracts", "data.title", "file", "place"]
    )
    keys = keys_of(table, vocabulary)
    stands = pc.and_(pc.is_valid(keys), pc.is_null(table["retracts"]))
    return rows.append_column("key", keys).filter(pc.and_(stands, pc.invert(_changed(table))))


def _changed(table: pa.Table) -> pa.Array:
    """Say of each entry whether another one corrects or withdraws it."""
    targets = pc.coalesce(table["corrects"], table["retracts"])
    if targets.null_count == len(targets):
        return pa.repeat(False, len(targets))  # noqa: FBT003 - a value
    changed = pc.binary_join_element_wise(table["unit"], targets, "/").drop_null()
    return pc.is_in(pc.binary_join_element_wise(table["unit"], table["id"], "/"), changed.combine_chunks())


def _several(rows: pa.Table) -> Iterator[Problem]:
    """Yield a warning for each entry that is about several documents at once: it counts for none of them."""
    found = rows.filter(pc.match_substring_regex(rows["key"], _NUMBERS))
    for row in found.to_pylist():
        fact = Text(
            f"主题“{row['subject']}”写了几个文号，按一件计算",
            f"{row['subject']!r} has several numbers: one matter",
        )
        cure = Text("是几件文件的，请各写一行", "Write a row for each document")
        yield Problem("several-subjects", _where(row), fact, cure, row["subject"], "warning")


def _sent_again(table: pa.Table, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield a warning for each entry without a number whose unit, type, matter and day another file has otherwise."""
    mine = table.filter(pc.starts_with(table["id"], "auto-"))
    if not mine.num_rows:
        return
    rows = mine.select(["id", "type", "unit", "subject", "occurred_at", "file", "place"])
    rows = rows.append_column("key", pc.fill_null(keys_of(mine, vocabulary), ""))
    rows = rows.append_column("day", pc.cast(rows["occurred_at"], pa.date32(), safe=False))
    same = ["unit", "type", "key", "day"]
    counts = rows.group_by(same).aggregate([("file", "count_distinct")])
    several = counts.filter(pc.greater(counts["file_count_distinct"], 1)).select(same).to_pylist()
    if not several:
        return
    wanted = {tuple(one.values()) for one in several}
    first: dict[tuple[object, ...], Mapping[str, Any]] = {}
    for row in rows.filter(pc.is_in(rows["key"], pa.array([one["key"] for one in several], pa.string()))).to_pylist():
        key = tuple(row[name] for name in same)
        if key in wanted and first.setdefault(key, row)["file"] != row["file"]:
            yield _other_content(row, _where(first[key]), vocabulary.types[row["type"]].label)


def _other_content(row: Mapping[str, Any], first: Where, label: Text) -> Problem:
    subject = f"“{row['subject']}”" if row["subject"] else ""
    fact = Text(
        f"{first}也有同一单位同一天的{label.zh}{subject}，内容不同，都没有编号，按两件事计算",
        f"{first} has the same unit's {label.en} of the same day with other content and no id: they count as two",
    )
    cure = Text(
        "是同一件事再报一次的，请只给出最后一份，或者填写编号",
        "If it is one event sent again, give the last file only, or give ids",
    )
    return Problem("sent-again", _where(row), fact, cure, row["subject"], "warning")


def _apart(rows: pa.Table, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Yield a warning for each entry that follows nothing, where its unit has a near subject that it may follow."""
    present = set(pc.unique(rows["type"]).to_pylist())
    others = rows.select(["unit", "subject", "data.title", "key"])
    for name in sorted(present):
        kind = vocabulary.types.get(name)
        before = [one for one in kind.follows if one in present] if kind is not None else []
        if kind is None or not before:
            continue
        ours = pc.indices_nonzero(pc.equal(rows["type"], name))
        keys = rows["key"].take(ours)
        theirs = others.filter(pc.is_in(rows["type"], pa.array(before, pa.string())))
        alone = ours.filter(pc.invert(pc.is_in(keys, theirs["key"].combine_chunks())).combine_chunks())
        if 0 < len(alone) <= _MOST and theirs.num_rows <= _MOST * 10:
            yield from _near(rows.take(alone).to_pylist(), theirs.to_pylist(), set(keys.to_pylist()), kind, vocabulary)


def _near(
    alone: Sequence[Mapping[str, Any]],
    theirs: Sequence[Mapping[str, Any]],
    followed: set[str],
    kind: EventType,
    vocabulary: Vocabulary,
) -> Iterator[Problem]:
    """Yield the warnings about entries of one type."""
    by_unit: dict[str, dict[str, str]] = defaultdict(dict)
    titled: dict[tuple[str, str], str] = {}
    for row in theirs:
        by_unit[row["unit"]].setdefault(row["key"], row["subject"])
        if row["data.title"]:
            titled.setdefault((row["unit"], fold_subject(row["data.title"])), row["subject"])
    for row in alone:
        candidates = by_unit.get(row["unit"], {})
        names = (row["key"], interpreted(row["subject"]) or "")
        called = next((titled[row["unit"], one] for one in names if (row["unit"], one) in titled), None)
        if called is not None:
            labels = "、".join(vocabulary.types[one].label.zh for one in kind.follows[:2])
            yield _told(row, kind, labels, (called,))
            continue
        near = [one for one in candidates if _is_near(row["key"], one, followed=one in followed)]
        near.sort(key=lambda one: (-difflib.SequenceMatcher(None, row["key"], one).ratio(), one))
        if near:
            labels = "、".join(vocabulary.types[one].label.zh for one in kind.follows[:2])
            yield _told(row, kind, labels, tuple(candidates[one] for one in near[:2]))


def _is_near(text: str, other: str, *, followed: bool) -> bool:
    """Say whether two subjects may be one; where only their numbers differ, not if the other one has its follower."""
    if min(len(text), len(other)) >= _SHORT and (text in other or other in text):
        return True
    form, numbers = _form(text)
    form_of_other, numbers_of_other = _form(other)
    if form == form_of_other:
        return not followed and _one_digit(text, other)
    if 2 * min(len(text), len(other)) < _NEAR * (len(text) + len(other)) or numbers != numbers_of_other:
        return False  # looked at first: comparing every letter of every pair takes most of the time of a large log
    return difflib.SequenceMatcher(None, text, other).ratio() >= _NEAR


@lru_cache(maxsize=_MOST * 10)
def _form(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without its numbers, and these; each is compared with many others."""
    return _DIGITS.sub("#", text), tuple(_DIGITS.findall(text))


def _one_digit(text: str, other: str) -> bool:
    """Say whether two texts of the same form differ in one digit, two that changed places, or noughts before them."""
    if [one.lstrip("0") for one in _DIGITS.findall(text)] == [one.lstrip("0") for one in _DIGITS.findall(other)]:
        return True
    if len(text) != len(other):
        return False
    different = [at for at, (a, b) in enumerate(zip(text, other, strict=True)) if a != b]
    if len(different) == 2:  # noqa: PLR2004 - two digits that changed places
        first, second = different
        return second == first + 1 and text[first] + text[second] == other[second] + other[first]
    return len(different) == 1


def _told(row: Mapping[str, Any], kind: EventType, labels: str, near: tuple[str, ...]) -> Problem:
    fact = Text(
        f"“{kind.label.zh}”的主题“{row['subject']}”前面没有{labels}，本单位有相近的",
        f"{kind.name} of {row['subject']!r} follows nothing in the log, but the unit has a near subject",
    )
    otherwise = Text("", "")
    cure = suggestion(near, otherwise)
    cure = Text(f"{cure.zh}同一件事写成一样", f"{cure.en} Write one matter the same everywhere")
    return Problem("no-trigger", _where(row), fact, cure, row["subject"], "warning")


def _twice(rows: pa.Table) -> Iterator[Problem]:
    """Yield a warning for each request that is logged again, before or after it was answered.

    Entries that another one corrects or withdraws are not among the rows: they are no request of their own.
    """
    received = rows.filter(pc.equal(rows["type"], RECEIVED))
    # counted as texts: grouping a table by columns loads a quarter of Arrow that reading a ledger has no use for
    counts = pc.value_counts(pc.binary_join_element_wise(received["unit"], received["key"], "\0"))
    again = counts.field("values").filter(pc.greater(counts.field("counts"), 1)).to_pylist()
    if not again:
        return
    wanted = pa.array(sorted({one.partition("\0")[2] for one in again}), pa.string())
    by_request: dict[tuple[str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows.filter(pc.is_in(rows["key"], wanted)).to_pylist():
        if row["type"] in {RECEIVED, ANSWERED}:
            by_request[row["unit"], row["key"]].append(row)
    for entries in by_request.values():
        receipts = [one for one in entries if one["type"] == RECEIVED]
        receipts.sort(key=lambda one: (one["occurred_at"], one["id"]))
        answers = [one for one in entries if one["type"] == ANSWERED]
        first = receipts[0]
        for before, row in pairwise(receipts):
            answered = any(_between(before, one, row) for one in answers)
            yield _again(row, _where(first), answered=answered)
            first = row if answered else first


def _between(before: Mapping[str, Any], answer: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Say whether an answer lies between two receipts; of a moment that is not known, the day is enough."""
    start, end = before["occurred_at"], row["occurred_at"]
    return bool(start < end and _latest(answer) >= start and answer["occurred_at"] <= _latest(row))


def _latest(row: Mapping[str, Any]) -> datetime:
    at: datetime = row["occurred_at"]
    return at if row["timed"] else datetime.combine(at.date(), time.max)


def _again(row: Mapping[str, Any], first: Where, *, answered: bool) -> Problem:
    subject = row["subject"]
    if answered:
        fact = Text(
            f"申请“{subject}”答复以后又收到一次（前一次：{first}），按新的申请计算",
            f"the request {subject!r} is received again after its answer (first at {first}): it counts as a new one",
        )
        cure = Text(
            "如果是新的申请，请另编编号；不是的，请删去这一行",
            "Give a new request a number of its own, or delete the row",
        )
    else:
        fact = Text(
            f"申请“{subject}”在答复以前登记了两次（前一次：{first}），按一件申请计算",
            f"the request {subject!r} is logged twice before it is answered (first at {first}): it counts as one",
        )
        cure = Text(
            "重复登记的，请删去一行；是两件申请的，请各编一个编号",
            "Delete one row, or give each request its own number",
        )
    return Problem("request-twice", _where(row), fact, cure, subject, "warning")


def _where(row: Mapping[str, Any]) -> Where:
    return place_of(row["file"], row["place"])
