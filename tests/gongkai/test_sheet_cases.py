"""Sheets that went wrong once: each is read as a person sees it, or a problem names the cell."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from events.formats.contract import canonical_events
from events.read import read_events
from events.subjects import one_spelling
from events.values.measures import convert
from gongkai.evaluation.figures import as_rules_count, default_books
from reports.annual.check.read import read_filled
from rules.loading.registry import UNITS, load_registry

SHEETS = Path(__file__).parents[1] / "data" / "sheets"
books = cache(default_books)


def as_read(*names: str) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Return the events of files, and code and cell (or line and column) of each problem."""
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    log = as_rules_count(read_events([SHEETS / name for name in names], registry), books())
    told = [
        (one.code, one.where.cell or f"{one.where.line}:{one.where.column}")
        for one in log.problems
        if one.code not in {"no-entries", "judgement-of-nobody"}
    ]
    return list(canonical_events(log.table)), told


def figures(name: str) -> list[tuple[float, str | None]]:
    """Return the figures of a file and their units."""
    return [(one["data"]["value"], one["data"].get("unit_of_measure")) for one in as_read(name)[0] if "data" in one]


@pytest.mark.parametrize(
    ("name", "moments"),
    [
        ("time_span.xlsx", ["2023-07-14T09:30:00", "2023-07-28T14:30:00", "2023-12-31T09:00:00"]),
        ("span_last_day.xlsx", ["2023-12-31T09:30:00"]),
        ("csv_midnight.csv", ["2023-07-14"] * 2 + ["2023-07-14T09:00:00", "2023-07-14"] * 2),
    ],
)
def test_a_span_of_times_is_no_time_zone_and_midnight_no_time(name: str, moments: list[str]) -> None:
    events, told = as_read(name)
    assert [one["occurred_at"] for one in events] == moments
    assert not told


def test_spans_in_a_date_stay_on_their_day() -> None:
    events, told = as_read("time_span_in_date.xlsx")
    assert {one["occurred_at"][:10] for one in events} == {"2023-12-31"}
    assert {cell for _, cell in told} >= {"E6", "E8", "E9", "E10"}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("teachers_text.xlsx", [(0.9, "万人次")]),
        ("teachers_headed.xlsx", [(0.9, "万人次")]),
        ("teachers_wanfmt.xlsx", [(0.9, "万人次")]),
        ("coal_mu.xlsx", [(0.001, "万亩")]),
        ("value_unit_heading.xlsx", [(1.3, "万人次")]),
        ("measure_unit_column.xlsx", [(3900.0, "人")]),
        ("pct_ok.xlsx", [(97.0, "%")]),
        ("styles_case.xlsx", [(97.0, "%")]),
        ("styles_named2.xlsx", [(97.0, "%")]),
        ("sst_case.xlsx", [(97.0, "%")]),
        ("wb_case.xlsx", [(97.0, "%")]),
        ("sheet_case_zip.xlsx", [(97.0, "%")]),
    ],
)
def test_a_figure_is_told_in_the_unit_of_its_rule(name: str, found: list[tuple[float, str]]) -> None:
    assert figures(name) == found
    assert not as_read(name)[1]


def test_money_is_told_in_the_unit_of_its_column() -> None:
    events, told = as_read("amount_wan.xlsx")
    assert ([one["data"]["amount"] for one in events], told) == ([0.5, 0.5], [])


def test_a_figure_far_off_its_target_is_told_with_its_cell() -> None:
    assert as_read("teachers_plain.xlsx")[1] == [("far-off-target", "F2")]


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("stacked_natural.xlsx", ["minzheng", "caizheng", "shuiwu", "minzheng"]),
        ("csv_stacked.csv", ["minzheng", "caizheng", "minzheng"]),
        ("two_sheets_caption_units.xlsx", ["minzheng", "caizheng"]),
        ("caption_right_unit.xlsx", ["caizheng", "caizheng"]),
        ("rel_backslash.xlsx", ["minzheng", "minzheng"]),
        ("rel_case.xlsx", ["minzheng", "minzheng"]),
        ("rel_dot.xlsx", ["minzheng", "minzheng"]),
        ("rel_slashslash.xlsx", ["minzheng", "minzheng"]),
        ("rel_updir.xlsx", ["minzheng", "minzheng"]),
        ("sheet_elsewhere.xlsx", ["minzheng", "minzheng"]),
        ("zip_backslash.xlsx", ["minzheng", "minzheng"]),
        ("src_for_lo.xls", ["minzheng", "minzheng"]),
        ("src_for_lo.ods", ["minzheng", "minzheng"]),
        ("src_for_lo.fods", ["minzheng", "minzheng"]),
        ("wps.et", ["minzheng", "minzheng"]),
        ("xls_named.xlsx", ["minzheng", "minzheng"]),
        ("ods_named.xlsx", ["minzheng", "minzheng"]),
        ("tsv_as.xls", ["minzheng"]),
        ("csv_as.xlsx", ["minzheng"]),
        ("word_table.docx", ["minzheng"]),
        ("violations_plus_ledger_sheet.xlsx", ["minzheng"]),
    ],
)
def test_every_table_sheet_and_format_is_read(name: str, units: list[str]) -> None:
    events, told = as_read(name)
    assert ([one["unit"] for one in events], told) == (units, [])


def test_a_table_whose_columns_are_swapped_is_read_by_its_own_headings() -> None:
    events, told = as_read("stacked_swapped.xlsx")
    assert (events[0]["occurred_at"], events[0]["recorded_at"]) == ("2023-09-16", "2023-09-14")
    assert ("missing-subject", "A3") in told


@pytest.mark.parametrize("name", ["html_export.xls", "html_export.xlsx"])
def test_a_web_page_named_as_a_workbook_is_told(name: str) -> None:
    assert as_read(name) == ([], [("web-page", "None:None")])


def test_sixty_sheets_are_of_the_unit_above_their_headings() -> None:
    assert {one["unit"] for one in as_read("sixty_sheets.xlsx")[0]} == {"minzheng"}


def test_long_numbers_that_a_spreadsheet_cut_are_refused() -> None:
    events, told = as_read("csv_scientific.csv")
    assert not events
    assert told == [("inexact-number", cell) for cell in ("2:4", "3:4", "4:4", "5:1")]


def test_a_formula_that_is_nothing_but_a_text_is_that_text() -> None:
    events, told = as_read("csv_eq_text.csv")
    assert ([(one["id"], one["subject"]) for one in events], told) == ([("001", "000012"), ("2", "000012")], [])


@pytest.mark.parametrize("name", ["circled_footnote.xlsx", "circled_footnote_only.xlsx", "rich_superscript.xlsx"])
def test_the_mark_of_a_footnote_is_no_digit(name: str) -> None:
    events, told = as_read(name)
    data = [one["data"] for one in events]
    assert data[0]["value"] == 3900
    assert data[1].get("value", data[1].get("participants")) == 12
    assert told[0] == ("footnote-mark", "F2")


def test_what_a_number_cell_shows_is_read_or_refused() -> None:
    events, told = as_read("clause_3_10.xlsx")
    assert ([one["data"]["clause"] for one in events], told) == (["3.10", "3.10", "8.2"], [("dropped-nought", "E2")])
    assert as_read("clause_3_10_unit.xlsx")[0][0]["data"]["clause"] == "3.10"
    assert as_read("topic_3_10_unit.xlsx") == ([], [("dropped-nought", "F2")])
    events, told = as_read("number_format_subject.xlsx")
    assert [one.get("subject") for one in events[:3]] == ["000012", "000012", "金政办字〔2023〕26号"]
    assert (events[4]["id"], told) == ("MZ-0005", [])


def test_commas_and_the_like_part_the_words_of_a_list() -> None:
    events, told = as_read("list_open_commas.xlsx")
    data = {one["id"]: one["data"] for one in events}
    assert data["5"]["forms"] == ["text", "picture"]
    assert data["6"]["forms"] == data["7"]["forms"] == ["picture", "video"]
    assert data["8"] == {"topics": ["land_acquisition", "elderly_care"], "media": ["website", "wechat_group"]}
    assert (data["10"]["topics"], told) == (["3.10", "3.13"], [("dropped-nought", "G6")])
    assert as_read("topic_comma.xlsx")[0][0]["data"]["topics"] == ["3.10", "3.3"]
    events, told = as_read("list_commas.xlsx")
    assert ([len(one["data"].get("covers", ())) for one in events[:4]], told) == ([3, 2, 2, 2], [])


def test_placeholders_are_blank() -> None:
    events, told = as_read("placeholders.xlsx")
    assert (["subject" in one for one in events], told) == (
        [False],
        [("missing-subject", cell) for cell in ("D2", "D3", "D4", "D5")],
    )
    events, told = as_read("placeholders2.xlsx")
    assert ([one["id"] for one in events], [cell for _, cell in told]) == (["5"], ["E3", "E4", "E5"])


def test_ditto_marks_stand_for_the_value_above() -> None:
    events, told = as_read("ditto.xlsx")
    assert ({one["subject"] for one in events}, len(events), told) == ({"第1次常务会"}, 7, [])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("hidden_day_or_year.xlsx", [("bad-date", cell) for cell in ("E2", "E3", "E4", "E5")]),
        ("hidden_day_or_year_only.xlsx", [("bad-date", "E2"), ("bad-date", "E3")]),
        ("planned_heading.xlsx", [("missing-column", "A1"), ("planned-column", "E1")]),
        ("merged_figure.xlsx", [("merged-figure", "F3"), ("merged-figure", "F4")]),
        ("selfcheck_figure_without_date.xlsx", [("not-finished", "H40")]),
        ("strike_row.xlsx", [("row-passed-over", "A3")]),
        ("rect_date_before_list.xlsx", [("before-list", "N2"), ("missing-value", "M3")]),
        ("template_example_row_used.xlsx", [("example-used", "E2")]),
        ("caption_tie.xlsx", [("missing-column", "A3")]),
        ("offices_blankind.csv", [("nameless-figure", "2:6")]),
    ],
)
def test_what_cannot_be_told_is_told_with_its_cell(name: str, told: list[tuple[str, str]]) -> None:
    assert as_read(name)[1] == told


def test_dates_shown_without_their_century_are_told() -> None:
    events, told = as_read("lo_typed_dates.xlsx")
    assert [one["id"] for one in events] == ["k7"]
    assert {cell for _, cell in told} >= {"E2", "E3", "E4", "E8", "E9", "E10", "E12"}


def test_a_log_sent_again_without_numbers_is_told() -> None:
    assert as_read("ledger_q1.xlsx", "ledger_q2.xlsx")[1] == [("sent-again", "B2")]


def test_one_document_under_many_spellings_is_one() -> None:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    for name in ("offices_a.csv", "subject_variants.xlsx", "subject_spaces.xlsx"):
        log = read_events([SHEETS / name], registry)
        subjects = one_spelling(log.table)["subject"].to_pylist()
        assert subjects[0::2] == subjects[1::2], name
        assert log.table["subject"].to_pylist()[1::2] != subjects[1::2], "the log itself keeps what was written"


def test_an_interpretation_of_another_spelling_is_told_before_anything_is_judged(tmp_path: Path) -> None:
    rows = [
        ("id", "type", "unit", "subject", "occurred_at"),
        ("1", "policy.issued", "县民政局", "金民字〔2023〕12号", "2023-06-20"),
        ("2", "policy.interpreted", "县民政局", "金民字〔2023〕21号", "2023-06-21"),
        ("3", "policy.issued", "县民政局", "关于调整低保标准的通知", "2023-06-22"),
        ("4", "policy.interpreted", "县民政局", "关于调整低保标准通知", "2023-06-23"),
        ("5", "policy.interpreted", "县财政局", "金财字〔2019〕3号", "2023-06-23"),
        ("6", "request.received", "县民政局", "2023-001", "2023-03-01"),
        ("7", "request.received", "县民政局", "2023－001", "2023-03-02"),
        ("8", "request.answered", "县民政局", "2023-001", "2023-03-10"),
        ("9", "request.received", "县民政局", "2023-001", "2023-05-10"),
    ]
    path = tmp_path / "log.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    told = [(one.code, one.where.line) for one in read_events([path], registry).problems]
    assert told == [("no-trigger", 3), ("no-trigger", 5), ("request-twice", 8), ("request-twice", 10)]


@pytest.mark.parametrize(
    ("text", "unit", "wanted", "found"),
    [
        ("9000", "人次", "万人次", "0.9"),
        ("5000", "万元", "亿元", "0.5"),
        ("97", "‰", "%", "9.7"),
        ("3", "公顷", "亩", "45"),
        ("1.31", "万", "万人次", "1.31"),
        ("5", "个", "家", "5"),
        ("5", "家", "个", None),
        ("9000", "人", "万人次", None),
        ("97", "%", "万人次", None),
        ("1", "万", "%", None),
    ],
)
def test_units_of_measure_convert_exactly_or_do_not_agree(text: str, unit: str, wanted: str, found: str | None) -> None:
    assert convert(Decimal(text), unit, wanted) == (None if found is None else Decimal(found))


def test_a_figure_in_a_unit_that_is_not_the_rules_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "编号,类型,单位,发生日期,指标,数值\n1,指标上报,县教育和体育局,2023-12-20,培训教师,9000亩\n", encoding="utf-8"
    )
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    log = as_rules_count(read_events([path], registry), books())
    assert (log.table.num_rows, [(one.code, one.where.column, one.value) for one in log.problems]) == (
        0,
        [("bad-measure", 6, "9000亩")],
    )


def test_an_annual_report_is_read_for_its_year_with_its_blank_table() -> None:
    two, told = read_filled(SHEETS / "annual_two_years.xlsx", 2025)
    assert two is not None
    assert (two.figure("three.received.natural_person").value, [one.code for one in told]) == (3753, ["other-year"])
    first, told = read_filled(SHEETS / "annual_two_years.xlsx", 2024)
    assert first is not None
    assert first.figure("three.received.natural_person").value == 3746
    for kind in ("xlsx", "csv"):
        blank, told = read_filled(SHEETS / f"annual_blank_table4.{kind}")
        assert blank is not None
        assert (sorted(blank.tables), told) == (["four", "three"], ())
    noted, _ = read_filled(SHEETS / "annual_footnote.xlsx")
    assert noted is not None
    assert noted.figure("three.received.natural_person").value == 3746


def test_a_list_of_unknown_words_with_commas_is_told(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    head = "编号,类型,单位,主题,发生日期,公开媒介\n"
    rows = '1,信息公开,县民政局,甲,2023-07-14,"某报，某刊"\n2,信息公开,县民政局,乙,2023-07-14,"政府网站，某刊"\n'
    path.write_text(head + rows, encoding="utf-8")
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    problems = read_events([path], registry).problems
    assert [(one.code, one.where.line, one.where.column) for one in problems] == [
        ("list-separator", 2, 6),
        ("bad-value", 3, 6),
    ]
    assert all("分号" in one.cure.zh for one in problems)


@pytest.mark.parametrize(
    ("heading", "cell", "told"),
    [
        ("数值", "0.98", ["far-off-target"]),
        ("数值（%）", "0.98", ["far-off-target"]),
        ("数值（%）", "0.97", ["far-off-target"]),
        ("数值", "0.98%", ["far-off-target"]),
        ("数值", "9800%", ["far-off-target"]),
        ("数值", "9.8‰", ["far-off-target"]),
        ("数值", "98%", []),
        ("数值（%）", "60", []),
        ("数值", "980‰", []),
    ],
)
def test_a_share_that_was_meant_as_a_fraction_is_told(tmp_path: Path, heading: str, cell: str, told: list[str]) -> None:
    path = tmp_path / "log.csv"
    row = f"1,指标上报,县医疗保障局,2023-12-20,医保参保率,{cell}\n"
    path.write_text(f"编号,类型,单位,发生日期,指标,{heading}\n{row}", encoding="utf-8")
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    log = as_rules_count(read_events([path], registry), books())
    assert (log.table.num_rows, [one.code for one in log.problems]) == (1, told)
