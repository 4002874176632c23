"""The difference of a sheet that was sent again from the ledger, told before anything is added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from events.findings import field_label, shown
from events.normalise.by_row import DERIVED
from events.problems import Problem, Text
from events.table import place_of
from events.vocabulary import load_vocabulary
from reports.output.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.ledger.importing.difference import Change, Difference
    from events.problems import Lang

MOST_SHOWN = 20
"""How many rows of each sort are shown one by one."""


def difference_lines(found: Sequence[Difference], lang: Lang = "zh") -> Iterator[str]:
    """Yield what each file says against the ledger: counts, then changes and what is gone, row by row."""
    for one in found:
        counts = Text(
            f"{one.file}：新增{len(one.new)}条，相同{len(one.same)}条，有改动{len(one.changed)}条，少了{len(one.gone)}条",
            f"{one.file}: {len(one.new)} new, {len(one.same)} same, {len(one.changed)} changed, {len(one.gone)} gone",
        )
        yield plain(counts.in_(lang))
        if one.earlier is not None:
            taken = Text(
                f"与“{one.earlier}”大部分相同，按它的再次报送对照", f"mostly {one.earlier}: taken as it sent again"
            )
            yield plain(f"  {taken.in_(lang)}")
        changes = [_change(change, lang) for change in one.changed[:MOST_SHOWN]]
        changes += [_gone(gone.entry, lang) for gone in one.gone[:MOST_SHOWN]]
        yield from (plain(f"  {line}") for line in changes)
        more = max(0, len(one.changed) - MOST_SHOWN) + max(0, len(one.gone) - MOST_SHOWN)
        if more:
            yield Text(f"  另有{more}条", f"  and {more} more").in_(lang)


def difference_problems(found: Sequence[Difference]) -> list[Problem]:
    """Return a warning for each row that may be an act that another file has, or whose entry was withdrawn."""
    problems = [_again(change) for one in found for change in one.again]
    return [*problems, *(_withdrawn(row) for one in found for row in one.withdrawn)]


def unconfirmed(found: Sequence[Difference]) -> list[Problem]:
    """Return an error for each row without an id that changes an entry, where nobody said that it is a correction."""
    changes = (change for one in found for change in one.changed)
    return [_unconfirmed(change) for change in changes if change.new["id"].startswith(DERIVED)]


def _change(change: Change, lang: Lang) -> str:
    said = "；" if lang == "zh" else "; "
    details = said.join(
        f"{field_label(load_vocabulary(), name).in_(lang)} {_value(change.old.get(name), lang)} → "
        f"{_value(change.new[name], lang)}"
        for name in change.fields
    )
    where = place_of(change.new["file"], change.new["place"])
    return Text(
        f"有改动 {change.old['id']}（{where}）：{details}", f"changed {change.old['id']} ({where}): {details}"
    ).in_(lang)


def _gone(row: dict[str, Any], lang: Lang) -> str:
    label = load_vocabulary().label_of(row["type"]).in_(lang)
    what = " ".join(filter(None, (label, row["subject"], row["occurred_at"].date().isoformat())))
    return Text(f"少了 {row['id']}：{what}", f"gone {row['id']}: {what}").in_(lang)


def _value(value: object, lang: Lang) -> str:
    if value is None:
        return Text("（无）", "(none)").in_(lang)
    if isinstance(value, list):
        return "、".join(map(str, value))
    return shown(str(value))


def _again(change: Change) -> Problem:
    where = place_of(change.new["file"], change.new["place"])
    fact = Text(
        f"账本里（{change.old['file']}）同一单位、同一天、同一主题已经有一条“{_label(change)}”，这里又有一条",
        f"the ledger ({change.old['file']}) has this act of the unit, subject and day already; here it is again",
    )
    cure = Text(
        "如果是同一件事，请不要重复导入；另一件事不用处理", "Do not import it twice if it is the same; else leave it"
    )
    return Problem("logged-twice", where, fact, cure, change.new["subject"], "warning")


def _withdrawn(row: dict[str, Any]) -> Problem:
    fact = Text(
        f"“{shown(row['id'])}”在账本里已经撤销，这一行没有作用",
        f"{shown(row['id'])!r} was withdrawn; the row does nothing",
    )
    cure = Text("要恢复的，请另用一个编号登记", "To bring it back, enter it under another id")
    return Problem("withdrawn-entry", place_of(row["file"], row["place"]), fact, cure, row["id"], "warning")


def _unconfirmed(change: Change) -> Problem:
    vocabulary = load_vocabulary()
    names = [field_label(vocabulary, name) for name in change.fields]
    fact = Text(
        f"账本里已有这件事（“{_label(change)}”，{change.old['id']}），这里{'、'.join(one.zh for one in names)}不同",
        f"the ledger has this already ({change.old['id']}); {', '.join(one.en for one in names)} differ",
    )
    cure = Text(
        "是更正的，导入时写 --as-correction（先用 --dry-run 看清改动）；是另一件事的，请填写编号",
        "Import it with --as-correction if it is a correction (--dry-run shows all of it), or give it an id",
    )
    return Problem("changed-row", place_of(change.new["file"], change.new["place"]), fact, cure, change.old["id"])


def _label(change: Change) -> str:
    return load_vocabulary().label_of(change.new["type"]).zh
