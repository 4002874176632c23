"""The sheet that evaluators fill in: a row for each duty that a person has to judge; filled in, it is read as a log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Text
from events.vocabulary import load_vocabulary
from reports.output.plain import plain, plain_lines
from reports.selfcheck.workbook import CELL, FillIn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from events.problems import Lang
    from reports.run.evaluation import Evaluation, Verdict
    from reports.run.sources import Sources

SHEET = Text("评价记录", "To judge")
TYPE = "assessment.recorded"
SEEN = 6
"""Entries of the unit that are named as evidence at hand, for one duty."""

COLUMNS = (
    (Text("义务编号", "obligation"), 30),
    (Text("对应要求", "duty"), 30),
    (Text("评价要看什么", "what to look for"), 44),
    (Text("手头的材料", "evidence at hand"), 40),
    (Text("最晚日期", "latest"), 11),
)
"""Columns that say what a row is for; reading the workbook passes over them."""

FIELDS = (("type", 10), ("unit", 18), ("clause", 22), ("result", 10), ("evaluator", 16), ("score", 8))
DAYS = (("occurred_at", 12), ("note", 40))

HOW = Text(
    "每行是一项要由人评定的要求。看过材料，选评价结论（合格、不合格、需补充），写评价人和发生日期，备注一栏写理由，存盘。\n"
    "评价人应当是负责评估的单位的人（例如“县政府办公室 张三”）；本单位自评不算。"
    "需补充的视为还没有评定。没有填日期的行跳过。\n"
    "再评估：gongkai evaluate --events 原来的台账 本文件 --as-of 日期 --out 文件夹",
    "Each row is something that a person has to judge. Choose the result, name the evaluator and the day, give the"
    " reason under note.\nThe evaluator has to be of a unit that evaluates. Rows without a day are passed over.\n"
    "Evaluate again: gongkai evaluate --events LOG THIS-FILE --as-of DATE --out DIR",
)


def to_judge(evaluation: Evaluation, sources: Sources) -> tuple[Verdict, ...]:
    """Return the duties that wait for a judgement, by unit in the order of the registry."""
    return tuple(
        one
        for one in evaluation.verdicts
        if one.status == "unassessed" and sources.rule_of(one.row)[0].facets.by_person
    )


def at_hand(duty: tuple[str, str, str, str], sources: Sources) -> str:
    """Return entries of the unit about the duty's clause, a line each: what an evaluator would look at first.

    Args:
        duty: book, rule, clause and unit.
        sources: the log.
    """
    book, rule, clause, unit = duty
    kinds: dict[str, None] = {}
    for one in next(found for found in sources.books if found.id == book).rules:
        if one.clause == clause and one.id != rule and not one.facets.by_person:
            kinds.update(dict.fromkeys(selector.event for _, selector in one.selectors()))
    acts = [act for kind in kinds for act in sources.record.by(kind, unit)]
    acts.sort(key=lambda act: (act["occurred_at"], act["id"]))
    vocabulary = load_vocabulary()
    lines = [
        f"{act['occurred_at']:%Y-%m-%d} {vocabulary.label_of(act['type']).in_(sources.lang)} {act['subject'] or ''}"
        f" ({act['id']})"
        for act in acts[-SEEN:]
    ]
    if len(acts) > SEEN:
        told = Text(f"共{len(acts)}条，下面是最近的{SEEN}条：", f"{len(acts)} entries, the last {SEEN} of them:")
        lines.insert(0, told.in_(sources.lang))
    return "\n".join(lines)


def _told(verdict: Verdict, sources: Sources) -> tuple[str, ...]:
    """Return what a row says of itself."""
    rule, _ = sources.rule_of(verdict.row)
    look_for = rule.look_for.text().in_(sources.lang) if hasattr(rule, "look_for") else ""
    duty = f"{verdict.cited} {verdict.title}"
    row = verdict.row
    evidence = at_hand((row["book"], row["rule"], verdict.clause, row["unit"]), sources)
    return (row["obligation"], duty, look_for, evidence, str(verdict.due_on or ""))


def write_assess_sheet(verdicts: Sequence[Verdict], sources: Sources, path: Path, lang: Lang) -> None:
    """Write the workbook; the same verdicts give the same cells."""
    book, vocabulary = FillIn(path), load_vocabulary()
    sheet = book.file.add_worksheet(SHEET.in_(lang))
    labels = {name: one.label for name, one in vocabulary.attributes.items()}
    labels |= {name: one.label for name, one in vocabulary.fields.items()}
    named = (*FIELDS, *DAYS)
    heads = [(text.in_(lang), width) for text, width in COLUMNS]
    heads += [(labels[name].in_(lang), width) for name, width in named]
    book.headings(sheet, heads, HOW.in_(lang), len(COLUMNS))
    results = [Text(one.zh, one.en).in_(lang) for one in vocabulary.attributes["result"].values]
    at = len(COLUMNS)
    for number, verdict in enumerate(verdicts, 2):
        for column, text in enumerate(_told(verdict, sources)):
            sheet.write_string(number, column, plain_lines(text)[:CELL], book.soft)
        known = (vocabulary.label_of(TYPE).in_(lang), verdict.row["unit_name"], verdict.row["rule"])
        for column, text in enumerate(known, at):
            sheet.write_string(number, column, plain(text), book.text)
        for column, (name, _) in enumerate(named[3:], at + 3):
            sheet.write_blank(number, column, None, book.day if name == "occurred_at" else book.fill)
        cell = (number, at + 3, number, at + 3)
        sheet.data_validation(*cell, {"validate": "list", "source": results})
    book.finish(sheet, len(verdicts), len(heads))
