"""Finding the tables of a report by their labels: neither positions nor spaces nor merged cells matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.annual.check.filled import MONEY, FilledFigure, fold, parse_amount, parse_figure
from reports.annual.form import COLUMNS, DISPUTES, RESULTS, Column, Form, four, three

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from events.grid import Grid, Row

ANCHOR = 3
"""How many labels of columns a row of headings must have."""
ABOVE = 3
"""How many rows above the last row of headings have headings too."""
LONG = 4
"""An alias of so many characters is also found inside a longer label."""

Found = dict[str, FilledFigure]


def match(label: object, known: Mapping[str, str]) -> str | None:
    """Return what a label stands for: itself, or the longest alias inside it."""
    folded = fold(label)
    if folded in known or not folded:
        return known.get(folded)
    inside = [alias for alias in known if len(alias) >= LONG and alias in folded]
    return known[max(inside, key=len)] if inside else None


def _index(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Return what each folded label stands for."""
    return {fold(label): target for target, labels in named for label in labels}


def _columns(columns: Sequence[Column]) -> dict[str, str]:
    return _index((column.id, (column.label, *column.aliases)) for column in columns)


def find_two(grid: Grid, form: Form) -> Found:
    """Return the figures of the table of section two; a block starts at a row whose first label is 信息内容."""
    rows = {
        fold(label): (block, row) for block in form.blocks for row in block.rows for label in (row.label, *row.aliases)
    }
    heads: dict[int, str] = {}
    found: Found = {}
    for number, cells in grid.rows:
        labels = _labels(cells)
        if not labels:
            continue
        if labels[0][1] == "信息内容":
            heads = {}
            for column, label in labels[1:]:
                if label not in heads.values():
                    heads[column] = label
            continue
        block_row = rows.get(labels[0][1])
        if not heads or block_row is None:
            continue
        block, row = block_row
        for head, cell in zip(block.heads, row.cells, strict=True):
            places = [column for column, label in heads.items() if _unit(head, label) is not None]
            if places and places[0] < len(cells):
                place, unit = grid.cell(number, places[0] + 1), _unit(head, heads[places[0]])
                raw = cells[places[0]]
                figure = parse_amount(raw, place, unit) if unit else parse_figure(raw, place)
                found.setdefault(f"two.{cell}", figure)
    return found


def _unit(head: str, label: str) -> str | None:
    """Return the unit of money that a label gives its column, nothing where it is of counts; None for another head."""
    wanted = fold(head)
    if "万元" not in head:
        return "" if wanted in label else None
    base = wanted.removesuffix("单位万元")
    rest = label.removeprefix(base).removeprefix("单位") if label.startswith(base) else ""
    return rest if rest in MONEY else "万元" if wanted in label else None


def _labels(cells: Sequence[object]) -> list[tuple[int, str]]:
    """Return the cells of a row that have something in them, by column."""
    return [(column, fold(cell)) for column, cell in enumerate(cells) if isinstance(cell, str) and fold(cell)]


def find_three(grid: Grid, form: Form) -> Found:
    """Return the figures of table three."""
    known = _columns(COLUMNS)
    rows = _index((row.id, (row.labels[-1], *row.aliases)) for row in form.rows)
    best: Found = {}
    for index, row in enumerate(grid.rows):
        own = {known[label] for _, label in _labels(row[1]) if label in known}
        if len(own) < ANCHOR or "business" not in own:
            continue
        columns = _number_columns(grid.rows[max(index - ABOVE + 1, 0) : index + 1], known)
        found = _rows_of(grid, index, columns, rows)
        if len(found) > len(best):
            best = found
    return best


def _number_columns(head: Sequence[Row], known: Mapping[str, str]) -> dict[str, int]:
    """Return the column of each label of the headings; what stands lowest counts, then what stands first."""
    columns: dict[str, int] = {}
    for _, cells in reversed(head):
        for column, label in _labels(cells):
            if label in known:
                columns.setdefault(known[label], column)
    return columns


def _rows_of(grid: Grid, index: int, columns: Mapping[str, int], rows: Mapping[str, str]) -> Found:
    """Return the figures of the rows below the headings, each found by the last label before its numbers."""
    found: Found = {}
    first = min(columns.values())
    for number, cells in grid.rows[index + 1 :]:
        labels = [cell for cell in cells[:first] if isinstance(cell, str) and fold(cell)]
        row = match(labels[-1], rows) if labels else None
        if row is None:
            continue
        for name, column in columns.items():
            if three(row, name) not in found and column < len(cells):
                found[three(row, name)] = parse_figure(cells[column], grid.cell(number, column + 1))
        if row == "carried_out":
            break
    return found


def find_four(grid: Grid) -> Found:
    """Return the figures of table four: three groups in one row, or a row each."""
    known, groups = _columns(RESULTS), _columns(DISPUTES)
    for index, (_, cells) in enumerate(grid.rows):
        heads = [(column, known[label]) for column, label in _labels(cells) if label in known]
        if len({name for _, name in heads}) < ANCHOR:
            continue
        above = grid.rows[max(index - ABOVE, 0) : index]
        starts = _group_starts(above, groups)
        # a result whose heading is as high as the name of the group beside it stands above, its cell merged downwards
        own = {column for column, _ in heads}
        higher = [(column, known[label]) for _, cells in above for column, label in _labels(cells) if label in known]
        heads = [*((column, name) for column, name in higher if column not in own), *heads]
        found = _across(grid, index, heads, starts) if len(starts) > 1 else _down(grid, index, heads, groups)
        if found:
            return found
    return {}


def _group_starts(above: Sequence[Row], groups: Mapping[str, str]) -> dict[str, int]:
    """Return the first column of each group that is named above the results."""
    starts: dict[str, int] = {}
    for _, cells in above:
        for column, label in _labels(cells):
            if label in groups:
                name = groups[label]
                starts[name] = min(column, starts.get(name, column))
    return starts


def _across(grid: Grid, index: int, heads: list[tuple[int, str]], starts: Mapping[str, int]) -> Found:
    """Return the figures of the row below the results: each belongs to the last group that starts before it."""
    texts = {label for _, label in _labels(grid.rows[index][1])}
    below = [row for row in grid.rows[index + 1 :] if not any(label in texts for _, label in _labels(row[1]))]
    # a row in which nothing is filled in is not among the rows where it is the last one
    number, cells = below[0] if below else (grid.rows[index][0] + 1, ())
    if _is_text(cells):
        cells = ()
    found: Found = {}
    for column, result in heads:
        names = [name for name, start in starts.items() if start <= column]
        if names:
            name = max(names, key=lambda one: starts[one])
            cell = cells[column] if column < len(cells) else ""
            found.setdefault(four(name, result), parse_figure(cell, grid.cell(number, column + 1)))
    return found


def _is_text(cells: Sequence[object]) -> bool:
    """Say whether a row has one cell only that is filled, and no figure in it: the text below a table left blank."""
    filled = [str(cell) for cell in cells if fold(cell)]
    return len(filled) == 1 and not any(mark.isdigit() for mark in filled[0][-2:])


def _down(grid: Grid, index: int, heads: list[tuple[int, str]], groups: Mapping[str, str]) -> Found:
    """Return the figures of the rows below the results, each found by its label."""
    found: Found = {}
    first = min(column for column, _ in heads)
    for number, cells in grid.rows[index + 1 :]:
        labels = [cell for cell in cells[:first] if isinstance(cell, str) and fold(cell)]
        name = match(labels[-1], groups) if labels else None
        for column, result in heads if name else ():
            if column < len(cells):
                found.setdefault(four(str(name), result), parse_figure(cells[column], grid.cell(number, column + 1)))
    return found
