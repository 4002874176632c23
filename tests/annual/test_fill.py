from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from events.read import read_events
from reports.annual.check.comparison import equation
from reports.annual.check.filled import Filled, FilledFigure
from reports.annual.check.tables import check_last_year, check_tables
from reports.annual.fill import fill_report
from reports.annual.form import COLUMNS, TOTAL, form_of, four, load_forms, three
from reports.annual.log import UnitLog, read_log
from reports.annual.report import AnnualReport, sum_reports
from rules.loading.registry import UNITS, load_registry
from tests.gongkai.commands import gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

UNIT = "minzheng"
APPLICANTS = tuple(column.id for column in COLUMNS[:-1])
YEARS = (2019, 2020, 2021, 2022)


def filled_of(report: AnnualReport) -> Filled:
    cells = {key: FilledFigure("" if value is None else str(value), value, None) for key, value in report.cells.items()}
    return Filled("log", report.form, report.year, cells, frozenset(("two", "three", "four")))


def report_of(log: UnitLog, year: int) -> AnnualReport:
    form = form_of(year)
    assert form is not None
    return fill_report(UNIT, "县民政局", year, form, log)


def log_of(path: Path, *events: dict[str, Any]) -> dict[str, UnitLog]:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    read = read_events([write_log(path, *events)], registry)
    assert not [one for one in read.problems if one.severity == "error"], read.problems
    return read_log(read.table)


def event(kind: str, day: str, subject: str | None = None, unit: str = "县民政局", **data: object) -> dict[str, Any]:
    return {"type": kind, "unit": unit, "subject": subject, "occurred_at": day, "data": data}


TURNS = [date(year, *day) for year in (2019, 2020, 2021, 2022) for day in ((1, 1), (12, 31))]
days = st.one_of(st.dates(date(2018, 6, 1), date(2022, 12, 31)), st.sampled_from(TURNS))
FORM = load_forms()[-1]
OUTCOMES = [*FORM.row_of, *FORM.groups, "别的", None]


@st.composite
def requests(draw: st.DrawFn, subject: str, complete: bool) -> list[dict[str, Any]]:  # noqa: FBT001 - drawn, not called
    """One request: received once, twice or never on the log; answered never, once or twice, perhaps too early."""
    received = draw(days)
    who = draw(st.sampled_from(APPLICANTS if complete else (*APPLICANTS, "不详", None)))
    receipts = draw(st.sampled_from((1, 1, 1, 2) if complete else (0, 1, 1, 1, 2)))
    events = [event("request.received", received.isoformat(), subject, applicant=who)] * receipts
    for _ in range(draw(st.sampled_from((0, 1, 1, 1, 2)))):
        later = received + timedelta(days=draw(st.integers(0 if complete else -30, 500)))
        day = draw(st.sampled_from([later, *(turn for turn in TURNS if turn >= received)]))
        outcome = draw(st.sampled_from([*FORM.row_of] if complete else OUTCOMES))
        events.append(event("request.answered", day.isoformat(), subject, outcome=outcome))
    return [dict(one) for one in events]


@st.composite
def disputes(draw: st.DrawFn, subject: str) -> list[dict[str, Any]]:
    """One case, closed or not."""
    opened = draw(days)
    kind = draw(st.sampled_from(("reconsideration", "direct_lawsuit", "lawsuit_after_reconsideration")))
    events = [event("dispute.opened", opened.isoformat(), subject, dispute=kind)]
    if draw(st.booleans()):
        closed = opened + timedelta(days=draw(st.integers(0, 600)))
        result = draw(st.sampled_from(("result_upheld", "result_corrected", "result_other")))
        events.append(event("dispute.closed", closed.isoformat(), subject, dispute_result=result))
    return events


@st.composite
def logs(draw: st.DrawFn) -> tuple[list[dict[str, Any]], bool]:
    """Requests and cases over years, some entries corrected or withdrawn; and whether nothing is missing."""
    complete = draw(st.booleans())  # half of the logs lack nothing, so that everything must be filled and hold
    events = [event("register.confirmed", "2018-12-31", year=2018)]
    confirmed = [year for year in YEARS if complete or draw(st.booleans())]
    events += [event("register.confirmed", f"{year}-12-31", year=year) for year in confirmed]
    for number in range(draw(st.integers(0, 8))):
        events += draw(requests(f"申请{number}", complete))
    for number in range(draw(st.integers(0, 3))):
        events += draw(disputes(f"案{number}"))
    for number, one in enumerate(events, 1):
        data = {name: value for name, value in one["data"].items() if value is not None}
        one |= {"id": f"e{number}", "data": data, "recorded_at": "2023-01-10"}
    for one in draw(st.lists(st.sampled_from(events), max_size=2, unique_by=lambda one: str(one["id"]))):
        if one["type"] == "request.received":
            events.append({**one, "id": f"c{one['id']}", "corrects": one["id"], "occurred_at": draw(days).isoformat()})
        elif one["type"] == "request.answered":
            events.append({**one, "id": f"r{one['id']}", "retracts": one["id"]})
    return events, complete


@settings(max_examples=60, deadline=None)
@given(made=logs())
def test_whatever_the_log_the_tables_hold_and_go_on_from_year_to_year(
    made: tuple[list[dict[str, Any]], bool], tmp_path_factory: pytest.TempPathFactory
) -> None:
    events, complete = made
    log = log_of(tmp_path_factory.mktemp("log") / "log.jsonl", *events)[UNIT]
    # a correction may move a receipt behind its answer, and a log may have answers without receipts
    orphans = any(one.received is None for one in log.requests)
    reports = {year: report_of(log, year) for year in YEARS}
    found = [one for report in reports.values() for one in check_tables(filled_of(report))]
    for year in YEARS[1:]:
        found += check_last_year(filled_of(reports[year]), filled_of(reports[year - 1]))
    held = [one for one in found if one.check in {"A1", "A2", "A3", "A4", "A5"}]
    assert len(held) > len(YEARS) * 30
    assert not [one for one in held if one.status == "fail"]
    if complete and not orphans:
        assert {one.status for one in held} == {"pass"}
        for report in reports.values():
            total = report.cells[three("handled", TOTAL)]
            year = report.year
            assert total == sum(one.answered is not None and one.answered.year == year for one in log.requests)


def test_what_the_log_cannot_say_is_blank_and_listed(tmp_path: Path) -> None:
    received = [event("request.received", f"2023-0{n}-10", f"申请{n}", applicant="自然人") for n in (3, 4, 5)]
    received[2]["data"] = {}
    log = log_of(
        tmp_path / "log.jsonl",
        *received,
        event("request.answered", "2023-04-03", "申请3", outcome="予以公开"),
        event("request.answered", "2023-05-03", "申请4", outcome="不予公开"),
    )[UNIT]
    cells = report_of(log, 2023).cells
    assert (cells[three("received", TOTAL)], cells[three("received", "natural_person")]) == (3, None)
    assert cells[three("granted", "natural_person")] == 1
    assert cells[three("partly_granted", "natural_person")] == 0
    assert cells[three("refused_process", "natural_person")] is None  # refused, but on which ground?
    assert cells[three("refused_process", "business")] == 0
    assert (cells[three("handled", "natural_person")], cells[three("carried_out", TOTAL)]) == (2, 1)
    assert cells[three("carried_in", TOTAL)] is None  # the log begins with the year
    assert cells[four("reconsideration", TOTAL)] is None  # nobody said that there was none
    gaps = report_of(log, 2023).gaps
    assert {cell for gap in gaps for cell in gap.cells} == set(report_of(log, 2023).blanks)
    assert any("e5" in gap.events for gap in gaps)
    nothing = report_of(UnitLog(), 2023).cells
    assert {key for key, value in nothing.items() if value is not None} == {key for key in nothing if "rules_" in key}
    confirmed = log_of(tmp_path / "zero.jsonl", event("register.confirmed", "2023-12-29"))[UNIT]
    cells = report_of(confirmed, 2023).cells
    assert (cells[three("received", TOTAL)], cells[four("direct_lawsuit", "open")]) == (0, 0)
    assert cells[three("carried_in", TOTAL)] is None
    assert cells["two.licence_decisions"] is None


def test_section_two_is_reported_counted_and_goes_on(tmp_path: Path) -> None:
    log = log_of(
        tmp_path / "log.jsonl",
        event("report_figure.reported", "2023-01-05", figure="行政规范性文件现行有效件数", value=7, year=2022),
        event("report_figure.reported", "2023-12-20", figure="行政许可处理决定数量", value=10),
        event("report_figure.reported", "2024-01-05", figure="行政许可处理决定数量", value=12, year=2023),
        event("policy.issued", "2023-05-05", "甲", normative=True),
        event("policy.issued", "2023-06-05", "乙", normative=False),
        event("policy.repealed", "2023-07-05", "丙", normative=True),
        event("policy.issued", "2024-02-05", "丁", normative=True),
    )[UNIT]
    cells = report_of(log, 2023).cells
    assert [cells[f"two.normative_{end}"] for end in ("issued", "repealed", "in_force")] == [1, 1, 7]
    assert cells["two.licence_decisions"] == 12
    assert cells["two.penalty_decisions"] is None
    assert report_of(log, 2024).cells["two.normative_in_force"] == 8
    assert "two.procurement_projects" in report_of(log, 2020).cells


def test_the_county_is_the_sum_and_blank_where_a_unit_is(tmp_path: Path) -> None:
    form = form_of(2023)
    assert form is not None
    logs_by_unit = log_of(
        tmp_path / "log.jsonl",
        *(
            event("register.confirmed", f"{year}-12-29", unit=unit)
            for unit in ("县民政局", "县财政局")
            for year in (2022, 2023)
        ),
        event("request.received", "2023-02-01", "一", applicant="natural_person"),
        event("request.received", "2023-02-01", "一", unit="县财政局", applicant="business"),
        event("report_figure.reported", "2023-12-29", figure="fees_collected", value=0.1),
        event("report_figure.reported", "2023-12-29", unit="县财政局", figure="fees_collected", value=0.2),
        event("report_figure.reported", "2023-12-29", unit="县财政局", figure="licence_decisions", value=5),
    )
    parts = [fill_report(unit, unit, 2023, form, logs_by_unit[unit]) for unit in ("minzheng", "caizheng")]
    county = sum_reports("jinxiang", "金乡县", parts, 2023, form)
    assert county.cells[three("received", TOTAL)] == 2
    assert county.cells["two.fees_collected"] == 0.3
    assert county.cells["two.licence_decisions"] is None
    assert any("minzheng" in gap.why.zh for gap in county.gaps)
    rows = [("全县", FilledFigure("", county.cells[key], None)) for key in county.cells]
    assert equation("A14", "x", rows[:1], rows[:1]).status in {"pass", "uncertain"}


def test_the_command_writes_all_files_and_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = write_log(tmp_path / "log.jsonl", event("request.received", "2023-02-01", "一", applicant="自然人"))
    out = tmp_path / "out"
    arguments = ("annual-report", "--unit", "县民政局", "--year", "2023", "--events", log, "--out", out)
    outcome = gongkai(capsys, *arguments)
    assert outcome.status == 0
    assert "上年结转数无从得知" in outcome.out
    stem = "县民政局2023年政府信息公开工作年度报告"
    assert {path.name for path in out.iterdir()} == {f"{stem}{end}" for end in (".xlsx", ".docx", ".json")}
    first = (out / f"{stem}.json").read_bytes()
    (out / "别人的.txt").write_text("留着", encoding="utf-8")
    assert gongkai(capsys, *arguments, "--unit", "金乡县").status == 0
    assert (out / f"{stem}.json").read_bytes() == first
    assert (out / "别人的.txt").read_text(encoding="utf-8") == "留着"
    county = json.loads((out / "金乡县2023年政府信息公开工作年度报告.json").read_text(encoding="utf-8"))
    assert len(county["parts"]) > 40
    assert {one["value"] for key, one in county["cells"].items() if "rules_" not in key} == {None}


def test_what_is_asked_wrongly_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = write_log(tmp_path / "log.jsonl", event("register.confirmed", "2023-12-29"))
    base = ("annual-report", "--events", log, "--out", tmp_path / "out")
    for arguments, told in (
        (("--year", "2018", "--unit", "县民政局"), "--year"),
        (("--year", "2023", "--unit", "县民政"), "县民政局"),
        (("--year", "2023", "--as-of", "2023-06-30"), "--as-of"),
        (("--unit", "县民政局"), "--year"),
    ):
        outcome = gongkai(capsys, *base, *arguments)
        assert outcome.status == 2
        assert told in outcome.err
    assert not (tmp_path / "out").exists()


def test_what_a_county_organ_cannot_have_is_zero_with_the_reason(tmp_path: Path) -> None:
    log = log_of(tmp_path / "log.jsonl", event("training.held", "2023-05-10"))[UNIT]
    for year in (2020, 2023):
        report = report_of(log, year)
        cells = {key for gap in report.prefilled for key in gap.cells}
        assert cells == {key for key in report.cells if key.startswith("two.rules_")}
        assert len(cells) == 3
        assert {report.cells[key] for key in cells} == {0}
        assert "规章" in report.prefilled[0].why.zh
        assert not cells & {cell for gap in report.gaps for cell in gap.cells}
    reported = event("report_figure.reported", "2023-12-20", year=2023, figure="rules_in_force", value=1)
    report = report_of(log_of(tmp_path / "more.jsonl", reported)[UNIT], 2023)
    assert report.cells["two.rules_in_force"] == 1, "what somebody reported stands"
    assert "two.rules_in_force" not in report.prefilled[0].cells


def test_the_report_that_is_written_passes_its_own_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    confirmed = [event("register.confirmed", f"{year}-12-31", year=year) for year in (2022, 2023)]
    log = write_log(
        tmp_path / "log.jsonl", *confirmed, event("request.received", "2023-05-10", "申1", channel="counter")
    )
    asked = ("--events", log, "--unit", "县民政局", "--year", "2023")
    assert gongkai(capsys, "annual-report", *asked, "--out", tmp_path / "out").status == 0
    [path] = (tmp_path / "out").glob("*.xlsx")
    outcome = gongkai(capsys, "annual-report", "check", path, "--events", log, "--unit", "县民政局")
    assert outcome.status == 0, outcome.out
    assert "没有不符" in outcome.out
