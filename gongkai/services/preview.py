"""A rule looked at beforehand: whom it binds, how many obligations it makes, and what a log gives of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from events.problems import Problem, ProblemError, Text, Where, did_you_mean, suggestion
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judge_inputs
from gongkai.services.rulebooks.views import load_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from events.problems import Lang
    from gongkai.evaluation.inputs import Inputs
    from gongkai.options import Request
    from rules.book import Book
    from rules.model import Rule

SHOWN: Final = 20
"""How many obligations are shown."""

_STATUSES: Final[Mapping[str, Text]] = {
    "met": Text("落实", "met"),
    "late": Text("逾期落实", "late"),
    "violated": Text("未落实", "violated"),
    "pending": Text("进行中", "pending"),
    "not_applicable": Text("没有触发", "not applicable"),
    "not_taken": Text("未采取", "not taken"),
    "waived": Text("豁免", "waived"),
    "unassessed": Text("待核定", "unassessed"),
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What one rule comes to.

    Attributes:
        book: the book's title, and the clause.
        rule: the rule.
        units: the names of the units that it binds.
        rows: its verdicts on the log (`engine.verdicts.SCHEMA`), by obligation.
    """

    book: Text
    rule: Rule
    units: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]

    def lines(self, lang: Lang) -> Iterator[str]:
        """Go through what it comes to, for the terminal."""
        yield f"{self.rule.id}  {self.rule.title.text().in_(lang)}"
        yield self.book.in_(lang)
        yield f"“{self.rule.quote}”"
        names = "、".join(self.units)
        yield Text(f"约束{len(self.units)}个单位：{names}", f"It binds {len(self.units)} units: {names}").in_(lang)
        counts = Counter(str(row["status"]) for row in self.rows)
        said = "，".join(f"{text.in_(lang)}{counts[name]}" for name, text in _STATUSES.items() if counts[name])
        total = Text(f"这份台账得出{len(self.rows)}项", f"This log gives {len(self.rows)} obligations").in_(lang)
        yield f"{total}{'：' if said else ''}{said}"
        for row in self.rows[:SHOWN]:
            status = _STATUSES[row["status"]].in_(lang)
            about = f" {row['subject']}" if row["subject"] else ""
            yield f"  {row['unit_name']}{about}\t{status}\t{row['due_on'] or ''}\t{row['reason']}"
        left = len(self.rows) - SHOWN
        if left > 0:
            yield Text(f"  ……另有{left}项", f"  … {left} more").in_(lang)


def preview(name: str, request: Request) -> tuple[Preview | None, tuple[Problem, ...]]:
    """Judge a log by one rule alone, proposals included.

    Args:
        name: the rule's id.
        request: log, books, units and moment; without a moment, the last day of the books.

    Returns:
        What it comes to, None where the input is not usable or there is no such rule; and what is wrong.
    """
    try:
        inputs, problems = load_inputs(replace(request, with_proposals=True, as_of=request.as_of or _last_day(request)))
    except ProblemError as error:
        return None, (error.problem,)
    if inputs is None:
        return None, problems
    book = next((one for one in inputs.books if any(rule.id == name for rule in one.rules)), None)
    if book is None:
        return None, (*problems, _unknown(name, inputs.books))
    return _previewed(name, book, inputs, request.lang), problems


def _last_day(request: Request) -> str:
    """Return the last day on which any of the books is in force; nothing where none can be read."""
    found, _ = load_for(request.books, request.units)
    return max((book.in_force.end.isoformat() for book in found.books), default="")


def _previewed(name: str, book: Book, inputs: Inputs, lang: Lang) -> Preview:
    """Return what a rule of a book comes to."""
    part = book.only(lambda one: one.id == name)
    books = tuple(part if one is book else one.only(_nothing) for one in inputs.books)  # listed is what all of them say
    found = judge_inputs(replace(inputs, books=books), lang).to_pylist()
    [rule] = part.rules
    registry = inputs.registry
    units = tuple(registry.unit(unit).name for unit in registry.members(rule.owed_by))
    document, cited = book.document_of(rule.clause), book.cited(rule.clause)
    title = Text(f"{book.title.zh}（{document}）{cited.zh}", f"{book.title.en} ({document}) {cited.en}")
    return Preview(title, rule, units, tuple(found))


def _nothing(_: Rule) -> bool:
    """Leave every rule of a book out."""
    return False


def _unknown(name: str, books: Sequence[Book]) -> Problem:
    known = [rule.id for book in books for rule in book.rules]
    fact = Text(f"没有规则“{name}”", f"there is no rule {name!r}")
    cure = suggestion(did_you_mean(name, known), Text("编号见 gongkai rules list", "Ids: gongkai rules list"))
    return Problem("unknown-rule", Where("rules preview"), fact, cure, name)
