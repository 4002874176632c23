"""The layout understood of a log, said before anything is imported: headings, columns, rows, types, units, days."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from events.mapping import IGNORE
from events.problems import Text
from events.sheets.body import TIME_OF_DAY
from events.table import place_of
from events.vocabulary import load_vocabulary
from reports.output.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from events.problems import Lang, Problem, Where
    from events.read import ReadResult
    from events.sheets.layout import ColumnLayout, TableLayout
    from rules.units import Registry

MOST_NAMED = 12
"""How many rows, cells, types or units a line names one by one."""

_WHY = {
    "title": Text("标题", "titles"),
    "total": Text("合计", "totals"),
    "note": Text("说明或签名", "notes"),
    "section": Text("分段标题", "captions"),
    "example": Text("示例", "examples"),
    "headings": Text("重复的列名", "headings again"),
    "undone": Text("还没有办的事项", "not yet done"),
    "struck": Text("划了删除线的", "struck out"),
}
_TIME = Text("发生日期的时刻", "time of day of occurred_at")


def understood_lines(result: ReadResult, registry: Registry, lang: Lang = "zh") -> Iterator[str]:
    """Return what was understood of each file and sheet, a line at a time.

    A CSV file or a sheet has a line each for its headings, the columns that were read and as what, those that were
    not, the rows passed over, and the cells that were not understood; every file or sheet with events has one each for
    their types, their units and their days. The problems themselves are not repeated.

    Args:
        result: what reading gave.
        registry: the units, for their names.
        lang: the language.
    """
    events = _by_part(result)
    for file in result.files:
        yield plain(file.path)
        tables = [table for table in result.tables if table.file == file.path]
        for table in tables:
            yield from (plain(f"  {line}") for line in _table_lines(table, result.problems, lang))
            found = [one for one in events.get((file.path, table.sheet), ()) if _is_of(one, table, tables)]
            if table.headings:
                yield from (plain(f"    {line}") for line in _event_lines(found, registry, lang))
        if not tables:
            yield Text(f"  读到{file.rows}条", f"  {file.rows} entries").in_(lang)
            yield from (
                plain(f"    {line}") for line in _event_lines(events.get((file.path, None), ()), registry, lang)
            )


def _by_part(result: ReadResult) -> dict[tuple[str, str | None], list[Mapping[str, Any]]]:
    """Return the events by file and sheet."""
    parts: dict[tuple[str, str | None], list[Mapping[str, Any]]] = {}
    for row in result.table.select(["file", "place", "type", "unit", "occurred_at"]).to_pylist():
        parts.setdefault((row["file"], place_of(row["file"], row["place"]).sheet), []).append(row)
    return parts


def _is_of(event: Mapping[str, Any], table: TableLayout, tables: Sequence[TableLayout]) -> bool:
    """Say whether an event stands below a table's headings, and above those of the next table of its sheet."""
    row = _row(place_of(event["file"], event["place"]))
    tops = sorted(max(one.headings) for one in tables if one.sheet == table.sheet and one.headings)
    above = [one for one in tops if one < row]
    return bool(table.headings) and (max(table.headings) == max(above) if above else table.headings == tuple(tops[:1]))


def _row(where: Where) -> int:
    digits = "".join(one for one in where.cell or "" if one.isdigit())
    return where.line or int(digits or 0)


def _table_lines(table: TableLayout, problems: Sequence[Problem], lang: Lang) -> Iterator[str]:
    """Return what is said of one CSV file or sheet."""
    yield _head(table).in_(lang)
    if not table.headings:
        return
    read = [one for one in table.columns if one.field not in {None, IGNORE}]
    yield (
        "  "
        + Text("读取的列：", "columns read: ").in_(lang)
        + _gap(lang).join(f"{one.cell} {one.heading} → {_field(one, lang)}" for one in read)
    )
    unread = [f"{one.cell} {one.heading}" for one in table.columns if one.field in {None, IGNORE}]
    if unread:
        yield "  " + Text("不读取的列：", "columns not read: ").in_(lang) + _named(unread, lang)
    if table.passed or table.blank:
        yield "  " + Text("跳过的行：", "rows passed over: ").in_(lang) + _passed(table, lang)
    cells = [
        one.where.cell or f"{one.where.line}:{one.where.column}"
        for one in problems
        if one.severity == "error" and (one.where.file, one.where.sheet) == (table.file, table.sheet)
    ]
    if cells:
        yield (
            "  "
            + Text(f"没有读懂的{len(cells)}处：", f"not understood ({len(cells)}): ").in_(lang)
            + _named(cells, lang)
        )


def _head(table: TableLayout) -> Text:
    """Return the name of a table, and where its headings stand."""
    hidden = Text("（隐藏）", " (hidden)") if table.hidden else Text("", "")
    sheet = Text(f"工作表“{table.sheet}”{hidden.zh}", f"sheet {table.sheet!r}{hidden.en}")
    name = sheet if table.sheet is not None else Text("表格", "table")
    if not table.headings:
        return Text(
            f"{name.zh}：没有找到列名，或者按对应表不读取", f"{name.en}: no headings, or not read by the mapping"
        )
    rows = "-".join(map(str, table.headings))
    return Text(
        f"{name.zh}：列名在第{rows}行，读到{table.rows}行", f"{name.en}: headings in row {rows}, {table.rows} rows read"
    )


def _field(column: ColumnLayout, lang: Lang) -> str:
    """Return the label of what a column was read as, with its name."""
    name, vocabulary = column.field or "", load_vocabulary()
    if name == TIME_OF_DAY:
        return _TIME.in_(lang)
    if column.event is not None:
        label = vocabulary.types[column.event].label
        return f"{label.zh}（{column.event}）" if lang == "zh" else column.event
    known = vocabulary.fields.get(name) or vocabulary.attributes[name.removeprefix("data.")]
    return f"{known.label.zh}（{name}）" if lang == "zh" else name


def _passed(table: TableLayout, lang: Lang) -> str:
    """Return which rows were passed over, by the reason."""
    rows: dict[str, list[str]] = {}
    for number, why in sorted(table.passed):
        rows.setdefault(why, []).append(str(number))
    parts = [
        Text(f"{_WHY[why].zh}（第{_named(numbers, 'zh')}行）", f"{_WHY[why].en} ({_named(numbers, 'en')})").in_(lang)
        for why, numbers in rows.items()
    ]
    if table.blank:
        parts.append(Text(f"空行{table.blank}行", f"{table.blank} blank").in_(lang))
    return _gap(lang).join(parts)


def _event_lines(events: Sequence[Mapping[str, Any]], registry: Registry, lang: Lang) -> Iterator[str]:
    """Return the types, units and days of some events."""
    if not events:
        yield Text("可用的事件：没有", "usable events: none").in_(lang)
        return
    types, names = load_vocabulary().types, {unit.id: unit.name for unit in registry.units}
    days = [row["occurred_at"].date() for row in events]
    total = Text(f"可用的事件{len(events)}条：", f"usable events, {len(events)}: ").in_(lang)
    yield total + _counted(
        events, "type", lambda one: types[one].label.in_(lang) + (f"（{one}）" if lang == "zh" else f" ({one})"), lang
    )
    yield Text("单位：", "units: ").in_(lang) + _counted(events, "unit", lambda one: names.get(one, one), lang)
    yield Text(f"日期：{min(days)} 至 {max(days)}", f"days: {min(days)} to {max(days)}").in_(lang)


def _counted(events: Sequence[Mapping[str, Any]], column: str, name: Callable[[str], str], lang: Lang) -> str:
    """Return the values of a column with how often they occur, the most frequent first."""
    counts = Counter(row[column] for row in events)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return _named([f"{name(value)} {count}" for value, count in ordered], lang)


def _named(words: Sequence[str], lang: Lang) -> str:
    """Return the first few of some words, and how many there are where there are more."""
    more = Text(f"等{len(words)}个", f" … ({len(words)} in all)").in_(lang) if len(words) > MOST_NAMED else ""
    return _gap(lang).join(words[:MOST_NAMED]) + more


def _gap(lang: Lang) -> str:
    return "，" if lang == "zh" else ", "
