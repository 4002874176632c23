from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import gongkai as api
from gongkai.cli import run as commanded
from gongkai.options import RunRequest, options_of
from gongkai.services.evaluate import run
from tests.gongkai.commands import decision, feedback, gongkai, write_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    Capsys = pytest.CaptureFixture[str]

HERE = Path(__file__).parents[2]
ONE_COUNTY_ONLY = {
    "--policy": ("policy.yaml",),
    "--previous": ("earlier",),
    "--rectify-within": ("10 working days",),
    "--since": ("earlier",),
    "--incremental": (),
    "--sheets-per-unit": (),
    "--backfill-days": ("7",),
    "--unit": ("县民政局",),
    "--waivers": ("waivers.yaml",),
    "--mapping": ("mapping.yaml",),
    "--head": ("0" * 64,),
}


@pytest.fixture(scope="module")
def counties(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small log of many counties."""
    home = tmp_path_factory.mktemp("many")
    assert commanded(["demo", str(home), "--counties", "2", "--events", "300"]) == 0
    return home / "events"


def files(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def log(home: Path) -> Path:
    late = {**feedback("甲", "2023-03-09"), "recorded_at": "2023-06-01"}
    return write_log(home / "log.jsonl", decision("甲", "2023-03-01"), late, decision("乙", "2023-05-04"))


def test_evaluate_batch_and_api_write_the_same_bytes(capsys: Capsys, tmp_path: Path) -> None:
    events = log(tmp_path)
    earlier = tmp_path / "earlier"
    assert gongkai(capsys, "evaluate", "--events", events, "--as-of", "2023-06-30", "--out", earlier).status == 0
    asked: list[str | Path] = ["--events", events, "--as-of", "2023-12-31", "--preset", "annual", "--previous", earlier]
    asked += ["--since", earlier, "--backfill-days", "20", "--rectify-within", "10 working days", "--sheets-per-unit"]
    outcome = gongkai(capsys, "evaluate", *asked, "--out", tmp_path / "command")
    assert outcome.status == 0, outcome.err
    manifest = tmp_path / "batch.yaml"
    manifest.write_text(
        "runs:\n  - {name: county, events: log.jsonl, as_of: 2023-12-31, preset: annual, previous: earlier, "
        "since: earlier, backfill_days: 20, rectify_within: 10 working days, sheets_per_unit: true}\n",
        encoding="utf-8",
    )
    assert gongkai(capsys, "batch", manifest, "--out", tmp_path / "batch").status == 0
    request = RunRequest(
        events=(events,),
        as_of="2023-12-31",
        preset="annual",
        previous=(earlier,),
        since=earlier,
        backfill_days=20,
        rectify_within="10 working days",
        sheets_per_unit=True,
    )
    assert run(request, tmp_path / "service").written == tmp_path / "service"
    command = files(tmp_path / "command")
    assert {"backfilled.csv", "backfilled.html", "run.json", "index.html"} <= set(command)
    assert "e2" in command["backfilled.csv"].decode("utf-8-sig")
    assert "preset" in json.loads(command["run.json"])
    assert files(tmp_path / "batch" / "county") == command
    assert files(tmp_path / "service") == command


@pytest.mark.parametrize("option", ONE_COUNTY_ONLY)
def test_over_many_counties_what_cannot_be_honoured_is_refused(
    option: str, counties: Path, capsys: Capsys, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    asked: list[str | Path] = [
        "--events",
        counties,
        "--as-of",
        "2023-12-31",
        "--out",
        out,
        option,
        *ONE_COUNTY_ONLY[option],
    ]
    outcome = gongkai(capsys, "evaluate", *asked)
    assert outcome.status == 2
    assert [line for line in outcome.err.splitlines() if line.startswith(f"{option}: 错误 [bad-option] 评估多个县时")]
    assert not out.exists()


def test_commands_for_one_county_ask_for_one_of_many(counties: Path, capsys: Capsys) -> None:
    asked: list[str | Path] = ["--events", counties, "--as-of", "2023-12-31", "--lang", "en"]
    for command in (["check", "--unit", "minzheng"], ["due", "--within", "10 days"], ["explain", "x"]):
        outcome = gongkai(capsys, *command, *asked)
        assert (outcome.status, outcome.out) == (2, "")
        assert "it is a log of many counties. Name one" in outcome.err
    with pytest.raises(api.InputError, match="many counties"):
        api.evaluate(counties, "2023-12-31")


def test_the_manifest_takes_every_option(capsys: Capsys, tmp_path: Path) -> None:
    log(tmp_path)
    manifest = tmp_path / "batch.yaml"
    manifest.write_text("runs:\n  - {name: a, events: log.jsonl, as_of: 2023-12-31, nonsense: 1}\n", encoding="utf-8")
    outcome = gongkai(capsys, "batch", manifest, "--out", tmp_path / "out", "--lang", "en")
    assert outcome.status == 2
    keys = [spec.name for spec in options_of(RunRequest)]
    assert {"policy", "preset", "since", "backfill_days", "known_by", "period", "vocabulary", "jobs"} <= set(keys)
    # a run an option, each on a line of its own; the last one shows that what is wrong in any run is told at its line
    lines = ["defaults: {events: log.jsonl, as_of: nonsense}", "runs:"]
    for number, spec in enumerate(options_of(RunRequest)):
        value = "{a: b}" if spec.about.pairs else {bool: "true", int: "1"}.get(spec.type, "x")
        value = {"lang": "en", "engine": "duckdb"}.get(spec.name, value)
        lines.append(f"  - {{name: run{number}, {spec.name}: {value}}}")
    lines.append("  - {name: last, nonsense: 1}")
    manifest.write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = gongkai(capsys, "batch", manifest, "--out", tmp_path / "out").err
    at = [int(line) for line in re.findall(r"batch\.yaml:(\d+)", told)]
    assert told.count("unknown-key") == 1, told
    assert [lines[line - 1] for line in at if line > 2] == [lines[-1]], told


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log and its run as of a day that is written as the help says."""
    home = tmp_path_factory.mktemp("usual")
    asked = ["--events", str(log(home)), "--as-of", "2023-12-31", "--out", str(home / "out"), "--no-reports"]
    assert commanded(["evaluate", *asked]) == 0
    return home


@pytest.mark.parametrize("written", ["2023/12/31", "2023年12月31日", "2023.12.31", " 2023-12-31"])
def test_dates_of_options_are_taken_as_sheets_have_them(
    written: str, usual: Path, capsys: Capsys, tmp_path: Path
) -> None:
    asked: list[str | Path] = ["--events", usual / "log.jsonl", "--as-of", written, "--no-reports"]
    assert gongkai(capsys, "evaluate", *asked, "--out", tmp_path / "out").status == 0
    assert files(tmp_path / "out") == files(usual / "out")


def test_the_moment_of_an_import_is_taken_as_sheets_have_it(capsys: Capsys, tmp_path: Path) -> None:
    heads = {}
    for name, at in (("usual", "2023-07-05T10:00"), ("written", "2023年7月5日 10时"), ("slashes", "2023/7/5 10:00")):
        outcome = gongkai(
            capsys, "events", "import", log(tmp_path), "--ledger", tmp_path / name, "--at", at, "--by", "甲"
        )
        assert outcome.status == 0, outcome.err
        heads[name] = outcome.out.split()[-1]
    assert len(set(heads.values())) == 1


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (("evaluate",), "--out: 错误 [missing-option] 没有写 --out", "--out is not given"),
        (("evaluate",), "--events: 错误 [missing-option] 没有写 --events", "--events is not given"),
        (("evaluate", "--nonsense"), "没有这个选项", "there is no such option"),
        (("evalute",), "没有“evalute”这个命令。是不是“evaluate”", "there is no command 'evalute'. Did you mean"),
        (("calendar", "show", "abc"), "不是整数", "no whole number"),
        (("calendar", "add", "2023-01-01", "3日", "x"), "多出了“x”", "'x' is too much"),
        (("annual-report",), "没有写 --year", "--year is not given"),
        (("notices",), "没有写 --out", "--out is not given"),
        (("batch", "m", "--out", "o", "--jobs", "0"), "“0”小于1", "'0' is below 1"),
    ],
)
def test_mistakes_in_the_words_are_told_in_the_language_asked_for(
    arguments: tuple[str, ...], zh: str, en: str, capsys: Capsys
) -> None:
    outcome = gongkai(capsys, *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert zh in outcome.err
    if arguments == ("evalute",):
        return
    outcome = gongkai(capsys, *arguments, "--lang", "en")
    assert outcome.status == 2
    assert en in outcome.err
    assert not [sign for sign in outcome.err if "一" <= sign <= "鿿"]


def test_the_words_of_a_help_follow_the_language(capsys: Capsys) -> None:
    assert "用法： gongkai check [选项]" in gongkai(capsys, "check", "--help").out
    for command in (("check",), ("rules", "test"), ("demo",), ("serve",)):
        told = gongkai(capsys, *command, "--help").out
        english = ("default", "required", "Usage", "OPTIONS", "Options:", " TEXT", " PATH", " FILE", "<path>", "<int")
        assert not [word for word in english if word in told], command
    assert "Usage: gongkai check [OPTIONS]" in gongkai(capsys, "check", "--help", "--lang", "en").out


def edited(copy: Path) -> Iterator[str]:
    """Add an option to a copy of the product, and yield the files that it takes."""
    options = copy / "gongkai" / "options.py"
    text = options.read_text(encoding="utf-8")
    field = '    remark: str | None = option("--remark", "备注", "a remark", default=None, recorded=True)\n'
    options.write_text(text.replace("    jobs: int = option(\n", f"{field}    jobs: int = option(\n"), encoding="utf-8")
    yield "gongkai/options.py"


def test_a_new_option_is_one_field(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    for name in ("events", "rules", "engine", "reports", "gongkai"):
        shutil.copytree(HERE / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    assert len(list(edited(copy))) <= 2
    events = log(tmp_path)
    manifest = tmp_path / "batch.yaml"
    manifest.write_text(
        "runs:\n  - {name: a, events: log.jsonl, as_of: 2023-12-31, reports: false, remark: 复核}\n", encoding="utf-8"
    )
    start = [sys.executable, "-P", "-m", "gongkai"]
    asked = ["evaluate", "--events", str(events), "--as-of", "2023-12-31", "--no-reports", "--remark", "复核"]
    environment = {"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin"}
    for arguments in ([*asked, "--out", "out"], ["batch", str(manifest), "--out", "many"]):
        subprocess.run([*start, *arguments], check=True, capture_output=True, cwd=tmp_path, env=environment)
    for receipt in (tmp_path / "out" / "run.json", tmp_path / "many" / "a" / "run.json"):
        assert json.loads(receipt.read_text(encoding="utf-8"))["options"] == {"remark": "复核"}
