"""Sheets of every kind that are read as a person sees them: how many entries, and what is told with its cell."""

from __future__ import annotations

import pytest

from events.read import read_events
from gongkai.files.mapping import load_mappings
from rules.loading.registry import UNITS, load_registry
from tests.gongkai.test_sheet_cases import SHEETS, as_read


def cells(column: str, *rows: int) -> list[str]:
    """Return the names of cells of a column."""
    return [f"{column}{row}" for row in rows]


@pytest.mark.parametrize(
    ("name", "entries", "told"),
    [
        ("caption_no_mapping.xlsx", 2, {}),
        ("caption_right.xlsx", 2, {}),
        ("clause_3_10_text.xlsx", 1, {}),
        ("clause_via_topics.xlsx", 1, {"dropped-nought": ["F2"]}),
        ("cp936_euro.csv", 0, {"bad-encoding": ["2:None"]}),
        ("cr_only.csv", 2, {}),
        ("csv_sep.csv", 1, {}),
        ("dimension_a1.xlsx", 4, {}),
        ("double_bom.csv", 1, {}),
        ("fullwidth_comma.csv", 0, {"missing-value": ["2:2", "2:3", "2:5"]}),
        ("gb18030_4byte.csv", 1, {}),
        ("hidden_column.xlsx", 1, {}),
        ("iso_cells.xlsx", 4, {}),
        ("merged_caption_with_note.xlsx", 2, {"missing-value": ["C6"], "row-passed-over": cells("A", 3, 5)}),
        (
            "merged_event_rows.xlsx",
            3,
            {"unknown-column": ["G1"], "repeated-row": cells("B", 3, 4), "merged-figure": cells("F", 3, 4)},
        ),
        (
            "merged_training_rows.xlsx",
            3,
            {"unknown-column": ["F1"], "repeated-row": cells("B", 3, 4), "merged-figure": cells("E", 3, 4)},
        ),
        ("mixed_enc.csv", 0, {"no-headings": ["1:None"]}),
        ("phonetic.xlsx", 1, {}),
        ("pipe.csv", 0, {"no-headings": ["1:None"]}),
        ("quoted_breaks.csv", 1, {}),
        ("semicolon_list.csv", 1, {}),
        ("side_by_side.xlsx", 1, {"duplicate-column": ["E1", "F1", "G1"]}),
        ("src_for_lo.xlsx", 2, {}),
        ("stacked_tables.xlsx", 2, {"missing-subject": ["A4"]}),
        ("strict.xlsx", 2, {}),
        ("time_rounding.xlsx", 12, {"date-number": cells("E", 10, 11, 12, 13)}),
        ("topic_3_10_text.xlsx", 1, {}),
        ("unit_as_caption.xlsx", 0, {"missing-column": ["A1"]}),
        ("utf16be.csv", 1, {}),
        ("utf16le_nobom.csv", 0, {"binary-file": ["1:None"]}),
        ("x000D.xlsx", 2, {}),
        ("year_nian.xlsx", 3, {}),
        (
            "date_formats.xlsx",
            16,
            {"bad-date": cells("E", 7, 8, 12, 16, 17, 18, 21), "date-number": cells("E", 9, 10, 11, 13, 14)},
        ),
        (
            "dates_csv.csv",
            11,
            {"bad-date": [f"{line}:5" for line in (3, 4, 5, 6, 8, *range(15, 26), 28, 30, 31)]},
        ),
        (
            "builtin_zh_formats.xlsx",
            21,
            {"bad-date": cells("E", 23, 24, 25), "part-of-a-date": cells("E", 4, 5, 6, 7, *range(9, 23))},
        ),
    ],
)
def test_what_was_right_stays_right(name: str, entries: int, told: dict[str, list[str]]) -> None:
    events, problems = as_read(name)
    found: dict[str, set[str]] = {}
    for code, cell in problems:
        found.setdefault(code, set()).add(cell)
    assert (len(events), found) == (entries, {code: set(places) for code, places in told.items()})


def test_days_and_years_are_those_that_the_cells_show() -> None:
    for name, day in (("date_formats.xlsx", "2023-07-14"), ("builtin_zh_formats.xlsx", "2023-07-01")):
        assert {one["occurred_at"][:10] for one in as_read(name)[0]} == {day}
    assert {one["data"]["year"] for one in as_read("year_nian.xlsx")[0]} == {2023}


def test_money_in_many_rows_is_told_in_the_unit_of_its_column() -> None:
    assert [one["data"]["amount"] for one in as_read("amount_wan_many.xlsx")[0]] == [1.2] * 19 + [0.5]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("map_bom.yaml", None),
        ("map_ok.yaml", None),
        ("map_numkey.yaml", None),
        ("map_cn_targets.yaml", ("bad-mapping", 1)),
        ("map_dup.yaml", ("duplicate-key", 1)),
        ("map_fullcolon.yaml", ("bad-mapping", 1)),
        ("map_fullcolon2.yaml", ("bad-mapping", 2)),
        ("map_fullcomma.yaml", ("yaml-syntax", 1)),
        ("map_gbk.yaml", ("not-utf8", 1)),
        ("map_nospace.yaml", ("bad-mapping", 2)),
        ("map_smart_quotes.yaml", ("bad-mapping", 1)),
        ("map_tab.yaml", ("yaml-syntax", 2)),
        ("map_utf16.yaml", ("not-utf8", 1)),
        ("map_word.yaml", ("yaml-syntax", 2)),
    ],
)
def test_a_mapping_as_somebody_types_it_is_used_or_told_with_its_line(name: str, told: tuple[str, int] | None) -> None:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    found, problems = load_mappings([SHEETS / "mappings" / name], registry)
    if told is not None:
        assert (found, told in {(one.code, one.where.line) for one in problems}) == (None, True)
        return
    log = read_events([SHEETS / "mappings" / "map_src.xlsx"], registry, mapping=found)
    assert (problems, log.table.num_rows) == ((), 1)
    assert ("left-out", "C3") in {(one.code, one.where.cell) for one in log.problems}


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "fods"])
def test_one_sheet_is_read_alike_in_every_format(kind: str) -> None:
    events, told = as_read(f"one-sheet-in-four-formats.{kind}")
    assert [(one["id"], one.get("subject"), one["occurred_at"]) for one in events] == [
        ("MZ-0005", None, "2023-07-14"),
        ("8", None, "2023-07-14T09:30:00"),
        ("10", None, "2023-07-14"),
        ("11", None, "2023-07-14"),
        ("12", "3.10", "2023-07-14"),
    ]
    assert {cell for code, cell in told if code not in {"part-of-a-date", "hidden-rows"}} == {"F4", "D5", "A7"}
