"""A unit's self-check in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Text
from reports.output.plain import plain
from reports.output.texts import PAGE, SIGNS, STATUS
from reports.selfcheck.check import FOLDED, GROUPS, numbered, when
from reports.selfcheck.coloured import ColouredLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reports.run.evaluation import Evaluation
    from reports.selfcheck.check import SelfCheck, ToDo

STYLES = {
    "violated": "bold red",
    "late": "yellow",
    "unassessed": "magenta",
    "pending": "cyan",
    "met": "green",
}
HEADS = {"overdue": "violated", "soon": "late", "behind": "pending", "unrecorded": "unassessed", "past": "violated"}
"""The status whose colour a group's heading has."""

BAR = 20
"""Characters of a progress bar."""


def bar(share: float) -> str:
    """Return a share (0 to 1) as a bar."""
    full = int(share * BAR)
    return "█" * full + "░" * (BAR - full)


def _to_do_lines(number: int, one: ToDo, evaluation: Evaluation) -> Iterator[ColouredLine]:
    """Return one duty: what it is, how it stands, how far it is, what would settle it, and its id."""
    row = one.verdict.row
    head = f"{one.verdict.cited} {one.verdict.title}"
    colon = Text("：", ": ").in_(evaluation.lang)
    head = f"{head}{colon}{row['subject']}" if row["subject"] else head
    style = STYLES.get(one.verdict.status, "")
    yield ColouredLine(f"{number:>3} ", (plain(f"{SIGNS[one.verdict.status]} {head}"), style))
    at = when(one, evaluation)
    yield ColouredLine(plain(f"      {row['reason']}" + (f" {at}" if at else "")))
    document, *more = evaluation.grounds.basis(row)
    words = f"{document}：“{one.verdict.quote}”"
    for line in (Text(f"依据：{words}", f"Basis: {words}").in_(evaluation.lang), *more):
        yield ColouredLine(plain(f"      {line}"), style="dim")
    for line in evaluation.grounds.not_enough(row):
        yield ColouredLine(plain(f"      {line}"))
    if one.done is not None and one.pace is not None:
        yield ColouredLine("      ", (bar(one.done), "cyan"), plain(f" {one.pace}"))
    yield ColouredLine(plain(f"      → {one.remedy.words}"))
    yield ColouredLine(plain(f"      {row['obligation']}"), style="dim")


def check_lines(checks: Sequence[SelfCheck], evaluation: Evaluation) -> Iterator[ColouredLine]:
    """Return the self-check, a line at a time, for a console that leaves long lines alone.

    Args:
        checks: the self-check of each unit.
        evaluation: what they were made from.
    """
    lang = evaluation.lang
    for check in checks:
        yield ColouredLine(
            plain(check.part.unit.name) + f"  {PAGE['as_of'].in_(lang)} {evaluation.as_of.text}", style="bold"
        )
        counts = check.part.counts().items()
        signs = [
            (f"{SIGNS[status]} {STATUS[status].in_(lang)} {count}", STYLES.get(status, "")) for status, count in counts
        ]
        yield ColouredLine(*[part for sign in signs for part in ("  ", sign)][1:])
        numbers = {one.verdict.row["obligation"]: number for _, number, one in numbered(check)}
        folded: list[ColouredLine] = []
        for group, found in check.groups.items():
            if group in FOLDED:
                folded += [
                    ColouredLine(""),
                    ColouredLine(f"■ {GROUPS[group].in_(lang)} {len(found)} {PAGE['items'].in_(lang)}"),
                ]
                continue
            yield ColouredLine("")
            heading = Text(f"{GROUPS[group].zh}（{len(found)}）", f"{GROUPS[group].en} ({len(found)})").in_(lang)
            yield ColouredLine(f"■ {heading}", style=STYLES.get(HEADS.get(group, ""), "bold"))
            for one in found:
                yield from _to_do_lines(numbers[one.verdict.row["obligation"]], one, evaluation)
        yield from folded
        yield ColouredLine("")
        if not numbers:
            yield ColouredLine(Text("没有要办的事项。", "Nothing to see to.").in_(lang), style="green")
    if not checks:
        yield ColouredLine(Text("没有需要履行的要求。", "Nothing is owed.").in_(lang))
        return
    how = Text("每项的推算过程：gongkai explain 义务编号", "The derivation of each: gongkai explain OBLIGATION")
    yield ColouredLine(how.in_(lang), style="dim")
