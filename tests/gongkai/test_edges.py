"""Odd files, values and names in every option: a problem, never a wait, a crash or a fault of the program."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from gongkai.cli import run
from reports.output.names import page_name, safe_name
from reports.output.plain import plain_lines
from tests.gongkai.commands import decision, feedback, gongkai, read_verdicts, write_log
from tests.rules.small_book import BOOK, RULES, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Capture = pytest.CaptureFixture[str]
LOG = "LOG"
WHOLE = ("evaluate", "--events", LOG, "--as-of", "2023-12-31", "--out", "OUT", "--no-reports")
PIPES = {
    "units": (*WHOLE, "--units", "PIPE.yaml"),
    "waivers": (*WHOLE, "--waivers", "PIPE.yaml"),
    "waivers as a workbook": (*WHOLE, "--waivers", "PIPE.xlsx"),
    "calendar": (*WHOLE, "--calendar", "PIPE.yaml"),
    "mapping": (*WHOLE, "--mapping", "PIPE.yaml"),
    "policy": (*WHOLE, "--policy", "PIPE.yaml"),
    "preset": (*WHOLE, "--preset", "PIPE.yaml"),
    "manifest": ("batch", "PIPE.yaml", "--out", "OUT"),
    "events": ("events", "check", "PIPE.jsonl"),
    "export": ("events", "check", "PIPE.parquet"),
    "annual report": ("annual-report", "check", "PIPE.xlsx"),
    "calendar alone": ("calendar", "add", "2023-09-28", "3日", "--calendar", "PIPE.yaml"),
}


def words(tmp_path: Path, command: tuple[str, ...], make: Callable[[Path], object]) -> list[str]:
    """Return a command line with its files made."""
    made = []
    for one in command:
        path = tmp_path / one
        if one.startswith("PIPE"):
            make(path)
        if one == LOG:
            path = write_log(tmp_path / "log.jsonl", decision("1号", "2023-03-01"))
        made.append(str(path) if one.startswith(("PIPE", LOG, "OUT")) else one)
    return made


@pytest.mark.parametrize("name", PIPES)
def test_a_pipe_is_told_and_not_waited_for(capsys: Capture, tmp_path: Path, name: str) -> None:
    outcome = gongkai(capsys, *words(tmp_path, PIPES[name], os.mkfifo))
    assert outcome.status == 2, outcome
    assert "PIPE" in outcome.err
    assert "管道" in outcome.err, outcome.err


@pytest.mark.parametrize("file", ["book.yaml", "rules.yaml", "source.txt"])
def test_a_pipe_in_a_rulebook_is_told(capsys: Capture, tmp_path: Path, file: str) -> None:
    book(tmp_path)
    (tmp_path / file).unlink()
    os.mkfifo(tmp_path / file)
    assert gongkai(capsys, "rules", "check", "--book", tmp_path).status == 2


DEEP = "[" * 100_000
YAML = {name: command for name, command in PIPES.items() if any(one == "PIPE.yaml" for one in command)}


@pytest.mark.parametrize("name", YAML)
@pytest.mark.parametrize("text", [DEEP, "a: &a [*a]", "x" * 2_000_001], ids=["deep", "in itself", "long"])
def test_a_yaml_file_beyond_the_limits_is_told(capsys: Capture, tmp_path: Path, name: str, text: str) -> None:
    outcome = gongkai(capsys, *words(tmp_path, YAML[name], lambda path: path.write_text(text, encoding="utf-8")))
    assert outcome.status == 2
    assert re.search(r"\[(nested-too-deep|file-too-large|yaml-syntax)\]", outcome.err), outcome.err


def book(folder: Path, rules: str = RULES, **changes: str) -> Path:
    """Write a rulebook of one rule."""
    text = BOOK
    for old, new in changes.items():
        text = text.replace(old, new)
    (folder / "book.yaml").write_text(text, encoding="utf-8")
    (folder / "source.txt").write_text(SOURCE, encoding="utf-8")
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    return folder


@pytest.mark.parametrize("value", ["1e999", ".inf", "-.INF", ".nan", "nan", "inf", "1.0e+999", "'" + "9" * 400 + "'"])
@pytest.mark.parametrize("command", ["check", "evaluate"])
def test_a_number_that_nothing_reaches_is_told(capsys: Capture, tmp_path: Path, value: str, command: str) -> None:
    book(tmp_path, RULES.replace("at_least: 1", f"at_least: {value}"))
    log = write_log(tmp_path / "log.jsonl", decision("1号", "2023-03-01"))
    more: tuple[str | Path, ...] = ("--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "out")
    line: tuple[str | Path, ...] = ("rules", "check") if command == "check" else ("evaluate", *more)
    outcome = gongkai(capsys, *line, "--book", tmp_path)
    assert (outcome.status, "[bad-value]" in outcome.err) == (2, True), outcome


@pytest.mark.parametrize("moment", ["9998-12-31", "9999-12-31", "9999-12-31T23:59:59+00:00", "0001-01-01T00:00+14:00"])
@pytest.mark.parametrize("command", ["evaluate", "check", "due", "explain"])
def test_a_day_that_no_log_has_is_told(capsys: Capture, tmp_path: Path, moment: str, command: str) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("1号", "2023-03-01"))
    more: dict[str, tuple[str | Path, ...]] = {
        "evaluate": ("--out", tmp_path / "out"),
        "check": ("--unit", "县民政局"),
        "due": ("--within", "10日"),
        "explain": (),
    }
    first = ("explain", "x") if command == "explain" else (command,)
    outcome = gongkai(capsys, *first, "--events", log, "--as-of", moment, *more[command])
    assert (outcome.status, "[bad-option]" in outcome.err) == (2, True), outcome


def test_signs_of_patterns_in_a_path_are_letters(capsys: Capture, tmp_path: Path) -> None:
    for name, subject in (("d[1]", "甲"), ("d1", "乙"), ("d*", "丙")):
        folder = tmp_path / name / "events"
        folder.mkdir(parents=True)
        write_log(folder / "log.jsonl", decision(subject, "2023-03-01"), feedback(subject, "2023-03-02"))
    for name, subject in (("d[1]", "甲"), ("d*", "丙")):
        out = tmp_path / "out"
        line = ("evaluate", "--events", tmp_path / name / "events", "--as-of", "2023-12-31", "--out", out)
        assert gongkai(capsys, *line, "--no-reports").status == 0
        assert {row["subject"] for row in read_verdicts(out) if row["rule"] == "8.2.feedback" and row["subject"]} == {
            subject
        }


def test_names_that_windows_keeps_are_written_under_others() -> None:
    for name in ("con", "nul", "com1", "lpt9", "aux", "prn"):
        assert page_name(name) == f"_{name}.html"
        assert safe_name(f"{name}.xlsx", "x").startswith("_")
    assert page_name("minzheng") == "minzheng.html"
    for name in ("a:b", "a?", "a*", "a ", "a.", "CON", "con .txt", "com¹", "a\u202eb", ".."):
        safe = safe_name(name, "x")
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f\u202e]', safe)
        assert not safe.endswith((" ", "."))
        assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9])\s*(\..*)?", safe)


def test_a_unit_that_is_called_as_a_device_has_its_page(capsys: Capture, tmp_path: Path) -> None:
    units = tmp_path / "units.yaml"
    groups = "groups:\n  units: [con, other]\n"
    units.write_text(
        "county: {id: x, name: 某县}\nunits:\n  - {id: con, name: 甲局, sort: department}\n"
        f"  - {{id: other, name: 乙局, sort: department}}\n{groups}",
        encoding="utf-8",
    )
    folder = tmp_path / "book"
    folder.mkdir()
    event = {"type": "training.held", "unit": "甲局", "occurred_at": "2023-03-01"}
    log = write_log(tmp_path / "log.jsonl", event)
    out = tmp_path / "out"
    line = ("evaluate", "--events", log, "--as-of", "2023-12-31", "--out", out, "--units", units)
    outcome = gongkai(capsys, *line, "--book", book(folder))
    assert outcome.status == 0, outcome.err
    assert (out / "units" / "_con.html").is_file()
    assert 'href="units/_con.html' in (out / "index.html").read_text(encoding="utf-8")
    assert 'href="units/con.html' not in (out / "index.html").read_text(encoding="utf-8")


def test_the_description_of_a_calendar_entry_keeps_its_lines(capsys: Capture, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", decision("1号", "2023-03-01"))
    ics = tmp_path / "due.ics"
    outcome = gongkai(
        capsys, "due", "--events", log, "--as-of", "2023-03-02", "--within", "30 working days", "--ics", ics
    )
    assert outcome.status == 0, outcome.err
    text = ics.read_bytes().decode().replace("\r\n ", "")
    events = re.sub(r"BEGIN:VALARM.*?END:VALARM", "", text, flags=re.DOTALL)  # an alarm has one line
    descriptions = re.findall(r"DESCRIPTION:(.*)\r\n", events)
    assert descriptions
    assert all("\\n" in one for one in descriptions)
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f]", text)
    assert plain_lines("a\nb\x1b\u2028c") == "a\nb�\nc"


@pytest.mark.parametrize("option", ["--backfill-days", "--jobs"])
def test_a_huge_number_of_an_option_is_told(option: str, capsys: Capture, tmp_path: Path) -> None:
    words_ = ("evaluate", "--events", str(tmp_path), "--as-of", "2023-12-31", "--out", str(tmp_path / "o"))
    assert run([*words_, option, "9" * 30]) == 2
    assert "itself failed" not in capsys.readouterr().err


@pytest.mark.parametrize("last", ["9999-12-31", "9998-12-31", "2101-01-01"])
def test_books_rules_units_and_waivers_without_an_end_are_taken(last: str, capsys: Capture, tmp_path: Path) -> None:
    rules = f"{RULES.rstrip()}\n    period: {{from: 2023-01-01, to: {last}}}\n"
    folder = tmp_path / "book"
    folder.mkdir()
    book(folder, rules, **{"to: 2023-12-31": f"to: {last}"})
    units = tmp_path / "units.yaml"
    units.write_text(
        "county: {id: x, name: 某县}\ngroups:\n  units: [a, b]\nunits:\n"
        f"  - {{id: a, name: 甲局, sort: department, from: 2020-01-01, until: {last}}}\n"
        "  - {id: b, name: 乙局, sort: department}\n",
        encoding="utf-8",
    )
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(
        "waivers:\n  - {unit: 乙局, rule: 3.10.training, reason: 并入甲局, approver: 县政府办公室, "
        f"from: 2023-01-01, until: {last}}}\n",
        encoding="utf-8",
    )
    log = write_log(tmp_path / "log.jsonl", {"type": "training.held", "unit": "甲局", "occurred_at": "2023-03-01"})
    shared = ("--events", log, "--as-of", "2023-12-31", "--units", units, "--waivers", waivers, "--book", folder)
    checked = gongkai(capsys, "rules", "check", "--book", folder, "--units", units)
    assert (checked.status, "错误 [" in checked.err) == (0, False), checked.err
    outcome = gongkai(capsys, "evaluate", *shared, "--out", tmp_path / "out", "--no-reports")
    assert outcome.status == 0, outcome.err
    assert {row["unit"]: row["status"] for row in read_verdicts(tmp_path / "out")} == {"a": "met", "b": "waived"}
    for command in (("due", "--within", "9999 days"), ("check", "--unit", "甲局"), ("explain", "3.10.training/a")):
        assert gongkai(capsys, *command, *shared).status in {0, 1}, command


@pytest.mark.parametrize("period", ["9999", "9999-Q4", "9999-12", "2023-01-01/9999-12-31", "0001"])
def test_a_period_at_the_end_of_time_is_answered_or_told(period: str, capsys: Capture, tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-03-01"})
    line = ("--events", log, "--as-of", "2023-12-31", "--book", book(tmp_path), "--period", period)
    outcome = gongkai(capsys, "evaluate", *line, "--out", tmp_path / "out", "--no-reports")
    assert outcome.status == 0 or "[bad-option]" in outcome.err, outcome


@pytest.mark.parametrize("year", ["1", "9998", "9999", "10000"])
def test_a_calendar_at_the_end_of_time_is_read_or_told(year: str, capsys: Capture, tmp_path: Path) -> None:
    calendar = tmp_path / "calendar.yaml"
    day = f"{int(year):04}-12-31"
    calendar.write_text(
        f"closures: [{day}]\narrangements:\n  - {{year: {year}, notice: 某通知, "
        f"holidays: [{{from: {day}, to: {day}}}], workdays: [{day[:-2]}30]}}\n",
        encoding="utf-8",
    )
    log = write_log(tmp_path / "log.jsonl", {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-03-01"})
    for command in (
        ("calendar", "add", "2023-09-28", "3 working days"),
        ("calendar", "between", "2023-09-28", "2023-10-09"),
        ("check", "--unit", "县民政局", "--events", log, "--as-of", "2023-12-31", "--book", book(tmp_path)),
    ):
        outcome = gongkai(capsys, *command, "--calendar", calendar)
        assert outcome.status in {0, 1} or "calendar.yaml" in outcome.err, (command, outcome)
