from __future__ import annotations

import inspect
import json
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import gongkai
from events.ledger.damage import DamageError
from events.problems import ProblemError
from events.vocabulary import load_vocabulary, product_vocabulary
from gongkai.options import LogOptions, RunRequest, options_of
from gongkai.services.ledger import open_for_adding
from tests.gongkai.commands import decision, feedback, write_log
from tests.gongkai.commands import gongkai as command

if TYPE_CHECKING:
    Capsys = pytest.CaptureFixture[str]

ROOT = Path(__file__).parents[2]
AT = "2023-07-01T09:00:00"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_log(
        tmp_path / "log.jsonl",
        decision("<b>甲</b>", "2023-03-01"),
        decision("乙", "2023-03-06"),
        feedback("乙", "2023-03-08"),
    )


def test_the_application_answers_as_the_commands_do(log: Path, tmp_path: Path, capsys: Capsys) -> None:
    app = gongkai.open(log, "2023-03-20", only="县民政局")
    asked = ("--events", log, "--as-of", "2023-03-20")
    assert command(capsys, "evaluate", *asked, "--unit", "县民政局", "--out", tmp_path / "command").status == 0
    verdicts = app.evaluate().verdicts
    result = app.evaluate(tmp_path / "api")
    assert result.verdicts.equals(verdicts)
    for file in (tmp_path / "command").rglob("*"):
        if file.is_file():
            assert (tmp_path / "api" / file.relative_to(tmp_path / "command")).read_bytes() == file.read_bytes(), file
    check = app.check("民政局")
    told = command(capsys, "check", *asked, "--unit", "县民政局")
    assert (check.violated, told.status) == (True, 1)
    assert check.lines() == tuple(told.out.splitlines())
    overdue = [row["subject"] for row in check.table() if row["group"] == "overdue" and row["clause"] == "8.2"]
    assert overdue == ["<b>甲</b>"]
    due = app.due("10 working days")
    assert due.lines() == tuple(
        command(capsys, "due", *asked, "--unit", "县民政局", "--within", "10 working days").out.splitlines()
    )
    [obligation] = [
        row["obligation"] for row in verdicts.to_pylist() if row["subject"] == "乙" and row["clause"] == "8.2"
    ]
    explained = app.explain(obligation)
    assert explained.verdict["status"] == "met"
    assert explained.lines() == tuple(command(capsys, "explain", obligation, *asked).out.splitlines())
    with pytest.raises(ProblemError, match="no obligation"):
        app.explain("nonsense")
    with pytest.raises(gongkai.InputError, match="not in the registry"):
        app.check("民正局")


def test_tables_are_shown_as_text_in_a_notebook_and_go_to_pandas_and_polars(log: Path) -> None:
    app = gongkai.open([log], as_of="2023-03-20", books=["jinxiang-2023"], readings={"8.4.attendance": "county"})
    assert app.request.readings == ("8.4.attendance=county",)
    shown = app.log()._repr_html_()
    assert "&lt;b&gt;甲&lt;/b&gt;" in shown
    assert "<b>甲" not in shown
    assert "<table>" in app._repr_html_()
    assert "<table>" in app.evaluate()._repr_html_()
    assert "&lt;b&gt;" in app.explain("8.2.feedback/minzheng/e1")._repr_html_()
    rules = app.rules()
    assert {"8.2.feedback", "N1.leading-group"} <= {row["rule"] for row in rules}
    assert len(rules.to_pandas()) == len(rules) == rules.to_polars().height


def test_a_run_is_compared_and_another_moment_asked_about(log: Path, tmp_path: Path) -> None:
    app = gongkai.open(log, "2023-03-03")
    app.evaluate(tmp_path / "a")
    later = app.at("2023-03-20")
    later.evaluate(tmp_path / "b")
    comparison = later.compare(tmp_path / "a", tmp_path / "b")
    assert any(changes for changes in comparison.groups.values())
    assert later.setting_hash == app.setting_hash
    assert gongkai.open(log, "2023-03-03", lang="en").setting_hash == app.setting_hash
    assert gongkai.open(log, "2023-03-03", readings={"8.4.attendance": "county"}).setting_hash != app.setting_hash


def test_options_are_those_of_the_command_line(log: Path) -> None:
    assert set(inspect.signature(gongkai.open).parameters) == {spec.name for spec in options_of(RunRequest)}
    with pytest.raises(TypeError, match="there is no option 'wavers'"):
        gongkai.open(log, "2023-12-31", wavers="x")
    with pytest.raises(gongkai.InputError, match="neither a date"):
        gongkai.open(log)


def test_a_ledger_is_recorded_in_read_and_judged(log: Path, tmp_path: Path) -> None:
    app = gongkai.open(log, "2023-03-20")
    ledger = app.ledger(tmp_path / "ledger")
    done = ledger.append([log], by="张三", at=AT)
    assert done.files == (("log.jsonl", 3, 0),)
    event = {"id": "w1", "type": "training.held", "unit": "县民政局", "occurred_at": "2023-02-01", "data": {}}
    assert ledger.record(event, by="李四", at=AT).files == (("record.jsonl", 1, 0),)
    assert ledger.record(event, by="李四", at=AT).files == (("record.jsonl", 0, 1),)
    with pytest.raises(gongkai.InputError, match="duplicate-id"):
        ledger.record({**event, "occurred_at": "2023-02-02"}, by="李四", at=AT)
    with pytest.raises(gongkai.InputError, match="unknown-unit"):
        ledger.record({**event, "id": "w2", "unit": "县民正局"}, by="李四", at=AT)
    assert [row["id"] for row in ledger.read()] == ["e1", "e2", "e3", "w1"]
    assert not ledger.verify().damaged
    assert len(gongkai.open(tmp_path / "ledger", "2023-03-20").log()) == 4
    assert ledger.export(tmp_path / "all.jsonl") == ledger.verify().head.hash  # type: ignore[union-attr]


def test_what_is_kept_of_a_ledger_in_memory_sees_what_others_add(tmp_path: Path) -> None:
    one, problems = open_for_adding(tmp_path / "ledger", LogOptions())
    other, _ = open_for_adding(tmp_path / "ledger", LogOptions())
    assert one is not None
    assert other is not None
    assert not problems
    event = {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-02-01"}
    for number in range(3):
        for who in (one, other):
            done, _ = who.record([{**event, "id": f"{number}"}], by="x", at=AT)
            assert done is not None
            assert done.files[0][1:] == ((1, 0) if who is one else (0, 1))
    clash, problems = other.record([{**event, "id": "0", "occurred_at": "2023-02-05"}], by="x", at=AT)
    assert clash is None
    assert [problem.code for problem in problems] == ["duplicate-id"]
    lines = (tmp_path / "ledger" / "entries.jsonl").read_text(encoding="utf-8").splitlines()
    assert sum("event" in json.loads(line) for line in lines) == 3


def test_nothing_is_added_to_a_ledger_that_was_changed_since_it_was_last_added_to(tmp_path: Path) -> None:
    ledger, _ = open_for_adding(tmp_path / "ledger", LogOptions())
    assert ledger is not None
    event = {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-02-01"}
    for number in range(3):
        assert ledger.record([{**event, "id": f"{number}"}], by="x", at=AT)[0] is not None
    entries = tmp_path / "ledger" / "entries.jsonl"
    whole = entries.read_bytes()
    time.sleep(0.02)  # a file's time goes on with the ticks of the clock
    entries.write_bytes(whole.replace(b"2023-02-01", b"2023-02-02", 1))
    with pytest.raises(DamageError, match=r"entries\.jsonl:2"):
        ledger.record([{**event, "id": "3"}], by="x", at=AT)
    assert len(entries.read_bytes()) == len(whole)
    entries.write_bytes(whole)
    assert ledger.record([{**event, "id": "3"}], by="x", at=AT)[0] is not None
    assert entries.read_bytes().startswith(whole)


def test_the_example_of_the_documentation_runs(log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python application\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    log.rename("台账.jsonl")
    names: dict[str, object] = {}
    exec(compile(code, "docs/python.md", "exec"), names)  # noqa: S102 (a page of the product)
    assert (tmp_path / "报告" / "index.html").is_file()
    assert (tmp_path / "steps.duckdb").is_file()
    assert names["explanation"].verdict["status"] == "violated"  # type: ignore[attr-defined]
    public = {name for name in vars(gongkai.Application) if not name.startswith("_")} - {"setting_hash", "reload"}
    assert not [name for name in public if f".{name}(" not in code]


def test_each_application_has_words_of_its_own(tmp_path: Path) -> None:
    """A county's vocabulary is in use for its application alone, however many are open at a time."""
    words = tmp_path / "words.yaml"
    words.write_text("types:\n  hearing.held: {zh: 听证会, subject: none}\n", encoding="utf-8")
    hearing = {"type": "hearing.held", "unit": "minzheng", "occurred_at": "2023-05-05"}
    own = write_log(tmp_path / "own.jsonl", hearing, decision("甲", "2023-03-01"))
    plain = write_log(tmp_path / "plain.jsonl", decision("甲", "2023-03-01"))
    county = gongkai.open(own, "2023-12-31", only="县民政局", vocabulary=words)
    other = gongkai.open(plain, "2023-12-31", only="县民政局")
    assert load_vocabulary() is product_vocabulary()
    assert ("hearing.held" in county.vocabulary.types, "hearing.held" in other.vocabulary.types) == (True, False)
    assert county.evaluate(tmp_path / "out").verdicts.equals(county.evaluate().verdicts)
    assert county.check("县民政局").violated
    [row] = [one for one in county.evaluate().verdicts.to_pylist() if one["rule"] == "8.2.feedback"]
    assert county.explain(row["obligation"]).lines()
    ledger = county.ledger(tmp_path / "账本")
    ledger.append([own], by="张三", at=AT)
    assert "hearing.held" in {row["type"] for row in ledger.read()}
    assert not ledger.verify().damaged
    with pytest.raises(gongkai.InputError, match="hearing"):
        gongkai.open(own, "2023-12-31")
    assert load_vocabulary() is product_vocabulary()
