"""A unit's self-check in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Text
from reports.texts import PAGE, SECTIONS, SIGNS, STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.evaluation import Evaluation, UnitPart, Verdict

COLOURS = {"violated": "31", "late": "33", "unassessed": "35", "pending": "36", "met": "32"}
LISTED = ("violated", "late", "unassessed", "pending", "waived", "not_taken")
"""Statuses whose verdicts are listed one by one; of the others the number is enough."""

CONTROL = {code: "�" for code in (*range(32), *range(127, 160)) if chr(code) != "\t"}


def plain(text: str) -> str:
    """Return a text without control characters: what somebody wrote into a log must not steer a terminal."""
    return text.translate(CONTROL)


def _coloured(text: str, status: str, *, colour: bool) -> str:
    """Return the text in the colour of a status."""
    code = COLOURS.get(status)
    return f"\x1b[{code}m{text}\x1b[0m" if colour and code else text


def _verdict_lines(verdict: Verdict, evaluation: Evaluation, *, colour: bool) -> Iterator[str]:
    """Return what is said of one verdict: the duty, the reason, the obligation's id."""
    head = f"{SIGNS[verdict.status]} {verdict.clause} {verdict.title}"
    subject = verdict.row["subject"]
    yield "  " + _coloured(plain(f"{head}：{subject}" if subject else head), verdict.status, colour=colour)
    provisional = f"（{PAGE['provisional'].in_(evaluation.lang)}）" if verdict.row["provisional"] else ""
    yield plain(f"      {verdict.row['reason']}{provisional}")
    if verdict.row["waiver"]:
        yield plain(f"      {PAGE['waiver'].in_(evaluation.lang)}：{verdict.row['waiver']}")
    yield plain(f"      {verdict.row['obligation']}")


def _unit_lines(part: UnitPart, evaluation: Evaluation, *, colour: bool) -> Iterator[str]:
    """Return the self-check of one unit."""
    lang = evaluation.lang
    yield f"{part.unit.name}  {PAGE['as_of'].in_(lang)} {evaluation.as_of.text}"
    for status in LISTED:
        found = part.of(status)
        if found:
            yield ""
            heading = f"{SECTIONS[status].in_(lang)}（{len(found)}）"
            yield _coloured(heading, status, colour=colour)
            for verdict in found:
                yield from _verdict_lines(verdict, evaluation, colour=colour)
    yield ""
    counts = part.counts().items()
    yield "  ".join(f"{SIGNS[status]} {STATUS[status].in_(lang)} {number}" for status, number in counts)


def check_lines(evaluation: Evaluation, *, colour: bool = False) -> Iterator[str]:
    """Return the self-check, a line at a time.

    Args:
        evaluation: the verdicts, of one unit or of several.
        colour: whether the lines go to a terminal that shows colours.
    """
    for part in evaluation.units:
        yield from _unit_lines(part, evaluation, colour=colour)
    if not evaluation.units:
        yield Text("没有需要履行的要求。", "Nothing is owed.").in_(evaluation.lang)
    else:
        how = Text("每项的推算过程：gongkai explain 义务编号", "The derivation of each: gongkai explain OBLIGATION")
        yield how.in_(evaluation.lang)
