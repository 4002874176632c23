from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.events.reading import csv_file, jsonl, parquet, xlsx
from tests.gongkai.commands import gongkai
from tests.ledger.ledgers import (
    AT,
    events_of,
    hash_by_hand,
    head_of,
    import_into,
    lines,
    records_of,
    state,
    training,
    verified,
)

if TYPE_CHECKING:
    from pathlib import Path

CELLS = [
    ("编号", "类型", "单位", "日期", "备注"),
    ("1", "培训", "县民政局", "2023年7月14日", "甲"),
    ("2", "培训", "司法局", "2023/7/15", "乙"),
]


def test_entries_follow_one_another_as_the_documentation_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = tmp_path / "ledger"
    book = xlsx(tmp_path / "台账.xlsx", CELLS)
    outcome = import_into(ledger, capsys, book)
    assert outcome.status == 0, outcome.err
    assert "台账.xlsx：新增2条，已有0条" in outcome.out
    before = "0" * 64
    for line in lines(ledger):
        assert line.startswith(f'{{"prev":"{before}",'.encode())
        before = hash_by_hand(line)
    assert head_of(ledger) == before
    assert before in outcome.out
    size = (ledger / "entries.jsonl").stat().st_size
    assert (ledger / "head.json").read_text(encoding="utf-8") == (
        f'{{"format":"gongkai-ledger/1","bytes":{size},"entries":3,"events":2,"head":"{before}"}}\n'
    )
    second = lines(ledger)[2].decode()
    assert second.endswith(
        '"event":{"id":"2","type":"training.held","unit":"sifa","occurred_at":"2023-07-15","data":{"note":"乙"}},"place":"台账!A3"}'
    )


def test_an_import_is_kept_as_provenance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "ledger"
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("constants: {unit: 县民政局}\n", encoding="utf-8")
    book = csv_file(tmp_path / "台账.csv", [("编号", "类型", "日期"), ("1", "培训", "2023-07-14")])
    status = gongkai(
        capsys, "events", "import", book, "--ledger", ledger, "--mapping", mapping, "--by", "李四", "--at", AT
    ).status
    assert status == 0
    (record,) = records_of(ledger)
    assert {name: record[name] for name in ("at", "by", "file", "rows", "events")} == {
        "at": "2024-01-05T09:00:00",
        "by": "李四",
        "file": "台账.csv",
        "rows": 1,
        "events": 1,
    }
    assert record["sha256"] == hash_by_hand(book.read_bytes())
    assert record["mapping"] == hash_by_hand(mapping.read_bytes())


def test_what_is_there_already_adds_nothing_whatever_file_it_stands_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = tmp_path / "ledger"
    import_into(ledger, capsys, xlsx(tmp_path / "台账.xlsx", CELLS))
    before = state(ledger)
    rows = list(zip(*CELLS[1:], strict=True))
    names = ("id", "type", "unit", "occurred_at", "data.note")
    again = (
        tmp_path / "台账.xlsx",
        csv_file(tmp_path / "b.csv", CELLS, encoding="gb18030"),
        parquet(tmp_path / "c.parquet", dict(zip(names, map(list, rows), strict=True))),
    )
    for file in (*again, *again):
        outcome = import_into(ledger, capsys, file, by="别人", at="2025-01-01T00:00")
        assert (outcome.status, outcome.err) == (0, "")
        assert f"{file.name}：新增0条，已有2条" in outcome.out
        assert state(ledger) == before


def test_another_content_under_a_known_id_is_refused_with_both_versions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = tmp_path / "ledger"
    import_into(ledger, capsys, xlsx(tmp_path / "台账.xlsx", CELLS))
    before = state(ledger)
    other = jsonl(tmp_path / "b.jsonl", training("3"), training("1", "2023-07-20", data={"note": "甲"}))
    outcome = import_into(ledger, capsys, other)
    assert outcome.status == 2
    assert state(ledger) == before
    (line,) = outcome.err.splitlines()
    assert line.startswith(f"{other}:2: 错误 [duplicate-id] 编号“1”")
    assert "occurred_at：2023-07-14 ↔ 2023-07-20" in line
    assert "账本（台账.xlsx[台账]!A2）" in line
    assert '{"id":"1","type":"training.held","unit":"minzheng","occurred_at":"2023-07-14","data":{"note":"甲"}}' in line
    assert '"occurred_at":"2023-07-20"' in line
    twice = jsonl(tmp_path / "c.jsonl", training("4"), training("4"), training("4", subject="甲"))
    outcome = import_into(ledger, capsys, twice)
    assert (outcome.status, state(ledger)) == (2, before)
    assert f"{twice}:3: 错误 [duplicate-id]" in outcome.err
    assert "subject：（无） ↔ 甲" in outcome.err
    assert import_into(ledger, capsys, jsonl(tmp_path / "d.jsonl", training("4"), training("4"))).status == 0
    assert [one["id"] for one in events_of(ledger)] == ["1", "2", "4"]


def test_one_bad_row_keeps_all_files_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = tmp_path / "ledger"
    good = jsonl(tmp_path / "a.jsonl", training("1"))
    bad = jsonl(tmp_path / "b.jsonl", training("2"), training("3", "2023-02-30"))
    outcome = import_into(ledger, capsys, good, bad)
    assert outcome.status == 2
    assert "bad-date" in outcome.err
    assert "什么也没有导入" in outcome.out
    assert not ledger.exists()
    assert import_into(ledger, capsys, good).status == 0
    before = state(ledger)
    assert import_into(ledger, capsys, bad).status == 2
    assert state(ledger) == before


@pytest.mark.parametrize("field", ["corrects", "retracts"])
def test_a_correction_is_a_new_entry_whose_target_is_in_the_ledger_or_the_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], field: str
) -> None:
    ledger = tmp_path / "ledger"
    import_into(ledger, capsys, jsonl(tmp_path / "a.jsonl", training("JX-001")))
    old = lines(ledger)
    lost = jsonl(tmp_path / "b.jsonl", training("2", **{field: "JX-01"}))
    outcome = import_into(ledger, capsys, lost)
    assert (outcome.status, lines(ledger)) == (2, old)
    assert "unknown-target" in outcome.err
    assert "JX-001" in outcome.err
    good = jsonl(tmp_path / "c.jsonl", training("2", **{field: "JX-001"}), training("3", **{field: "4"}), training("4"))
    assert import_into(ledger, capsys, good).status == 0
    assert lines(ledger)[: len(old)] == old
    assert [one.get(field) for one in events_of(ledger)] == [None, "JX-001", "4", None]
    if field == "retracts":
        outcome = import_into(ledger, capsys, jsonl(tmp_path / "d.jsonl", training("5", corrects="2")))
        assert outcome.status == 2
        assert "bad-correction" in outcome.err


def test_an_export_gives_the_same_head_again_and_goes_on_from_an_earlier_state(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, out = tmp_path / "first", tmp_path / "second", tmp_path / "out.jsonl"
    import_into(first, capsys, xlsx(tmp_path / "台账.xlsx", CELLS))
    for day in ("2023-08-01", "2023-08-02"):
        assert gongkai(capsys, "events", "export", first, "--out", out).status == 0
        outcome = import_into(second, capsys, out, by="别人", at="2030-01-01T00:00")
        assert outcome.status == 0, outcome.err
        assert state(second) == state(first)
        assert import_into(second, capsys, out).status == 0
        assert state(second) == state(first)
        import_into(first, capsys, jsonl(tmp_path / f"{day}.jsonl", training(day, day)))
    older = state(first)
    assert import_into(first, capsys, out).status == 0
    assert state(first) == older


def test_the_export_of_another_ledger_adds_its_events_with_their_place_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town, county, out = tmp_path / "town", tmp_path / "county", tmp_path / "town.jsonl"
    import_into(town, capsys, xlsx(tmp_path / "台账.xlsx", CELLS))
    gongkai(capsys, "events", "export", town, "--out", out)
    import_into(county, capsys, jsonl(tmp_path / "a.jsonl", training("JX")))
    outcome = import_into(county, capsys, out)
    assert "town.jsonl：新增2条" in outcome.out
    assert verified(county).problems == ()
    assert [one["id"] for one in events_of(county)] == ["JX", "1", "2"]
    assert lines(county)[-1].decode().endswith('"place":"3"}'), (
        "what the file says of its own origin is not vouched for"
    )
    assert records_of(county)[-1]["file"] == "town.jsonl"


def test_text_of_any_kind_is_the_same_after_the_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = ['say "hi"', "back\\slash", 'x\\"y', '甲,"place":"乙', "🎉", "a\u3000b", "{}", "\\u0041", "</script>", "=1+1"]
    data = {"note": odd[0], "title": odd[1], "covers": [], "delegates": 3, "value": 1234.5, "consulted": False}
    events = [
        training(
            f"n{number}", type="indicator.reported", subject=text, data={**data, "title": text, "value": number / 8}
        )
        for number, text in enumerate(odd)
    ]
    events += [training(text, "2023-07-14T09:30:00.250000", recorded_at="2023-07-15") for text in odd]
    events += [training("m", "2023-07-14T00:00", recorded_at="2023-07-14T00:00"), training("n", "2023-07-14")]
    plain, ledger = jsonl(tmp_path / "log.jsonl", *events), tmp_path / "ledger"
    assert import_into(ledger, capsys, plain).status == 0
    from_ledger, from_file = (_read(path).drop_columns(["file", "place"]) for path in (ledger, plain))
    assert from_ledger.equals(from_file)
    for line in lines(ledger):
        entry = json.loads(line)
        assert json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() == line


def _read(path: Path):  # type: ignore[no-untyped-def]  # noqa: ANN202 - pyarrow ships no types
    from events.read import read_events  # noqa: PLC0415
    from rules.loading.registry import UNITS, load_registry  # noqa: PLC0415

    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    return read_events([path], registry).table


def test_a_folder_with_something_else_in_it_is_no_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = jsonl(tmp_path / "a.jsonl", training("1"))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("x", encoding="utf-8")
    for ledger, code in (
        (tmp_path / "other", "not-a-ledger"),
        (log, "ledger-not-writable"),
        (log / "below", "ledger-not-writable"),
    ):
        outcome = import_into(ledger, capsys, log)
        assert outcome.status == 2
        assert code in outcome.err
    for ledger in (tmp_path / "other", tmp_path / "none", log):
        assert gongkai(capsys, "events", "verify", ledger).status == 2
        assert gongkai(capsys, "events", "export", ledger, "--out", tmp_path / "out").status == 2
    assert not (tmp_path / "out").exists()
