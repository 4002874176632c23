from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import gongkai as api
from events.read import read_events
from gongkai.files.mapping import load_mapping
from rules.loading.registry import load_registry
from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from events.read import ReadResult

FOLDER = Path(__file__).parents[1] / "examples" / "real"
LOG, UNITS, MAPPING = FOLDER / "events.csv", FOLDER / "units.yaml", FOLDER / "mapping.yaml"

LEFT_OUT = [(15, "RE016"), (16, "RE017"), (27, "RE028"), (49, "RE050"), (50, "RE051")]
"""Lines and ids of the acts whose organ the page does not name, or that is no unit."""


@cache
def written() -> list[dict[str, str]]:
    """Return the rows of the file as they stand there."""
    with LOG.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read(*, mapped: bool = True) -> ReadResult:
    registry, problems = load_registry(UNITS)
    assert registry is not None, problems
    mapping, wrong = load_mapping(MAPPING if mapped else None)
    assert wrong == ()
    return read_events([LOG], registry, mapping=mapping)


@cache
def verdicts(as_of: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the verdicts that concern a whole year, by rule and unit."""
    # the sample's meetings are of governments and their towns, which the default reading of row 8.4 does not bind
    reading = {"8.4.attendance": "each-unit"}
    result = api.evaluate(LOG, as_of, units=UNITS, mapping=MAPPING, readings=reading)
    return {(row["rule"], row["unit_name"]): row for row in result.verdicts.to_pylist()}


def told(row: dict[str, Any]) -> tuple[str, str | None, float, list[str]]:
    """Return what a verdict rests on."""
    met_on = row["met_on"]
    return row["status"], met_on and met_on.isoformat(), row["measured"], row["evidence"]


def test_every_act_is_read_but_those_whose_organ_is_not_named() -> None:
    log = read()
    left_out = {event_id for _, event_id in LEFT_OUT}
    assert log.table["id"].to_pylist() == [row["id"] for row in written() if row["id"] not in left_out]
    assert [(one.where.line, one.code, one.severity) for one in log.problems] == [
        (line, "left-out", "warning") for line, _ in LEFT_OUT
    ]
    by_id = {row["id"]: row for row in written()}
    for event in log.table.to_pylist():
        row = by_id[event["id"]]
        assert event["occurred_at"].date().isoformat() == row["occurred_at"]
        assert event["recorded_at"].date().isoformat() == (row["recorded_at"] or row["occurred_at"])
        assert (event["type"], event["subject"], event["data.url"]) == (row["type"], row["subject"], row["source_url"])


def test_without_the_mapping_the_same_rows_are_errors_and_further_columns_are_named() -> None:
    log = read(mapped=False)
    assert [(one.where.line, one.code) for one in log.problems if one.severity == "error"] == [
        (line, "unknown-unit") for line, _ in LEFT_OUT
    ]
    warned = [one.value for one in log.problems if one.severity == "warning"]
    assert warned == ["county", "related", "source_url", "certainty"]


def test_an_organ_under_its_old_name_is_the_unit_of_today() -> None:
    log = read()
    units = dict(zip(log.table["id"].to_pylist(), log.table["unit"].to_pylist(), strict=True))
    assert units["RE001"] == "yanzhou-fuban"
    assert units["RE055"] == "wenshang-ciqiu"


def test_every_unit_of_the_registry_has_an_act_in_the_file() -> None:
    registry, _ = load_registry(UNITS)
    assert registry is not None
    assert {unit.id for unit in registry.units} == set(read().table["unit"].to_pylist())
    assert registry.groups["units"] == tuple(unit.id for unit in registry.units)


# The expected values below were read off the lines of events.csv named in `evidence`, by hand.


@pytest.mark.parametrize(
    ("rule", "unit", "expected"),
    [
        (
            "N6.training",
            "济宁市公共资源交易服务中心鱼台分中心",
            ("met", "2023-04-07", 3.0, ["RE025", "RE030", "RE034"]),
        ),
        ("N6.training", "高青县常家镇人民政府", ("met", "2023-03-30", 1.0, ["RE023"])),
        # The zone's only training in the file, RE008, was held in 2020.
        ("N6.training", "高青县经济开发区", ("violated", None, 0.0, [])),
        ("8.4.attendance", "济南市历城区人民政府", ("violated", None, 1.0, ["RE021"])),
        ("8.4.attendance", "钢城区人民政府", ("violated", None, 1.0, ["RE031"])),
        # The public attended a meeting of 静安区 in 2019: RE006.
        ("8.4.attendance", "上海市静安区人民政府", ("violated", None, 0.0, [])),
    ],
)
def test_the_verdicts_of_2023_are_what_the_lines_say(
    rule: str, unit: str, expected: tuple[str, str | None, float, list[str]]
) -> None:
    assert told(verdicts("2023-12-31")[rule, unit]) == expected


@pytest.mark.parametrize(
    ("as_of", "unit", "expected"),
    [
        ("2023-04-06", "济宁市公共资源交易服务中心鱼台分中心", ("pending", None, 0.0, [])),
        ("2023-06-30", "济宁市公共资源交易服务中心鱼台分中心", ("met", "2023-04-07", 2.0, ["RE025", "RE030"])),
        ("2023-03-29", "高青县常家镇人民政府", ("pending", None, 0.0, [])),
    ],
)
def test_trainings_that_had_not_been_held_are_not_seen(
    as_of: str, unit: str, expected: tuple[str, str | None, float, list[str]]
) -> None:
    assert told(verdicts(as_of)["N6.training", unit]) == expected


def test_a_meeting_is_known_from_the_day_that_its_page_was_published() -> None:
    unit = "济南市历城区人民政府"
    assert told(verdicts("2023-03-17")["8.4.attendance", unit]) == ("pending", None, 0.0, [])
    assert told(verdicts("2023-03-18")["8.4.attendance", unit]) == ("pending", None, 1.0, ["RE021"])


def test_no_training_but_the_two_units_own_is_counted() -> None:
    met = [unit for (rule, unit), row in verdicts("2023-12-31").items() if rule == "N6.training" and row["measured"]]
    assert sorted(met) == ["济宁市公共资源交易服务中心鱼台分中心", "高青县常家镇人民政府"]


def test_rules_of_organs_that_the_sample_does_not_have_are_owed_by_nobody() -> None:
    owed = {rule for rule, _ in verdicts("2023-12-31")}
    assert owed.isdisjoint({"N1.leading-group", "7.1.catalogue"})


def test_without_a_period_the_year_of_the_day_is_listed_and_what_an_act_set_off_and_is_not_done() -> None:
    result = api.evaluate(LOG, "2026-06-30", units=UNITS, mapping=MAPPING, books=["regulation-2019"])
    rows = result.verdicts.to_pylist()
    reports = {row["rule"] for row in rows if row["rule"].startswith("art49.")}
    assert reports == {f"art49.{what}.2025" for what in ("published", "submitted")}
    assert not [row for row in rows if row["due_on"] and row["due_on"].year < 2026 and row["met_on"]]


def test_departments_alone_owe_attendance_by_default() -> None:
    result = api.evaluate(LOG, "2023-12-31", units=UNITS, mapping=MAPPING)
    owing = {row["unit"] for row in result.verdicts.to_pylist() if row["rule"] == "8.4.attendance"}
    registry, _ = load_registry(UNITS)
    assert registry is not None
    assert owing == {unit.id for unit in registry.units if unit.sort == "department"}


def test_the_readme_says_that_not_met_means_not_in_the_file() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "只表示样本里没有记录" in readme
    assert "only means “not in the file”" in readme
    for _, event_id in LEFT_OUT:
        assert event_id in readme


def test_the_command_lists_by_line_what_does_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("events", "check", "--events", LOG, "--units", UNITS)
    outcome = gongkai(capsys, *arguments, "--mapping", MAPPING)
    assert outcome.status == 0
    assert "51" in outcome.out
    assert gongkai(capsys, *arguments).status == 2
    for line, _ in LEFT_OUT:
        assert f"events.csv:{line}:3: " in outcome.err


def test_the_command_evaluates_the_sample(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ("--events", LOG, "--units", UNITS, "--mapping", MAPPING, "--as-of", "2023-12-31", "--out", out)
    assert gongkai(capsys, "evaluate", *options).status == 0
    assert (out / "verdicts.jsonl").is_file()


@cache
def regulation() -> list[dict[str, Any]]:
    """Return the verdicts of the Regulation on the whole file, over all years of it."""
    years = "2019-01-01/2027-12-31"
    result = api.evaluate(LOG, "2026-06-30", period=years, units=UNITS, mapping=MAPPING, books=["regulation-2019"])
    rows: list[dict[str, Any]] = result.verdicts.to_pylist()
    return rows


def test_the_annual_reports_of_departments_are_found_in_time_year_by_year() -> None:
    met = {
        (row["rule"], row["unit_name"], str(row["met_on"]), tuple(row["evidence"]))
        for row in regulation()
        if row["rule"].startswith("art49.") and row["status"] == "met"
    }
    assert met == {
        ("art49.published.2022", "嘉祥县行政审批服务局", "2023-01-29", ("RE018",)),
        ("art49.published.2022", "嘉祥县人民政府办公室", "2023-01-30", ("RE019",)),
        ("art49.published.2025", "济宁市人民政府办公室", "2026-01-29", ("RE057",)),
    }


def test_no_act_of_the_file_is_late_and_few_are_violated() -> None:
    rows = regulation()
    assert [row["obligation"] for row in rows if row["status"] == "late"] == []
    on_acts = {(row["rule"], row["trigger"]) for row in rows if row["status"] == "violated" and row["trigger"]}
    # reviews are internal: no page shows one, so a log of pages alone cannot show that article 17 was kept
    # and one office closed its consultation, on an open month, after 23 days; nothing says that it was not major
    assert {rule for rule, _ in on_acts} == {"art17.reviewed", "decision15.kept-open"}
    assert [act for rule, act in on_acts if rule == "decision15.kept-open"] == ["RE042"]
    assert len(on_acts) == 5


def test_duties_of_years_to_come_are_told_a_year_ahead_and_no_further() -> None:
    years = {row["rule"][-4:] for row in regulation() if row["rule"].startswith("art49.published")}
    assert years == {str(year) for year in range(2019, 2027)}


def test_the_contents_of_reports_that_nobody_recorded_are_left_to_a_person() -> None:
    contents = [row for row in regulation() if row["rule"] == "art50.contents" and row["trigger"] is not None]
    reports = [row for row in written() if row["type"] == "annual_report.published"]
    assert sorted(row["trigger"] for row in contents) == sorted(row["id"] for row in reports)
    assert {row["status"] for row in contents} == {"unassessed"}
