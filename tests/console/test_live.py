from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

from tests.console.world import A, B

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from gongkai.console.live.snapshot import Snapshot
    from tests.console.world import World


def _policy(number: str, day: str = "2023-08-01") -> dict[str, str]:
    row = {"type": "policy.issued", "subject": number, "occurred_at": day}
    return {**row, "data.normative": "true", "data.affects_rights": "true"}


def _full(snapshot: Snapshot) -> pa.Table:
    """Everything read and judged anew as of the moments of a snapshot."""
    from gongkai.console.live.judging import judged_anew

    return judged_anew(snapshot.made_at, snapshot.hour_inputs.as_of.moment)


def test_a_built_on_snapshot_equals_a_full_judging(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    LIVE.refresh()
    world.entered("clerk-a", "reviewer-a", A, _policy("金人社发〔2023〕1号"))
    first = LIVE.refresh()
    opinion = {"type": "opinion.detected", "subject": "一件舆情", "occurred_at": "2023-09-19 15:00"}
    world.entered("clerk-b", "reviewer-b", B, opinion)
    one = world.entered("clerk-a", "reviewer-a", A, _policy("金人社发〔2023〕2号"))
    second = LIVE.refresh()
    assert second.inputs.books is first.inputs.books, "it was not built on"
    assert second.verdicts.equals(_full(second))
    withdrawn = {"type": "policy.issued", "subject": "金人社发〔2023〕2号", "occurred_at": "2023-08-01"}
    world.entered("clerk-a", "reviewer-a", A, {**withdrawn, "retracts": one.event_id(1), "data.note": "重复"})
    third = LIVE.refresh()
    assert third.verdicts.equals(_full(third))


def test_a_matter_that_a_later_entry_spells_otherwise_is_one_in_a_built_on_snapshot(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    world.entered("clerk-a", "reviewer-a", A, _policy("金人社发〔2023〕1号"))
    first = LIVE.refresh()
    interpreted = {"type": "policy.interpreted", "subject": "金人社发[2023]1号", "occurred_at": "2023-08-02"}
    world.entered("clerk-a", "reviewer-a", A, {**interpreted, "data.forms": "text"})
    second = LIVE.refresh()
    assert second.inputs.books is first.inputs.books, "it was not built on"
    assert second.verdicts.equals(_full(second))
    rows = [row for row in second.rows(A) if row["rule"] == "5.1.interpretation" and row["subject"]]
    assert {row["subject"] for row in rows} <= {"金人社发〔2023〕1号"}
    earlier = {"type": "policy.issued", "subject": "金人社发（2023）1号", "occurred_at": "2023-07-01"}
    world.entered("clerk-a", "reviewer-a", A, {**earlier, "data.normative": "true"})
    third = LIVE.refresh()
    assert third.verdicts.equals(_full(third))
    assert "金人社发（2023）1号" in {row["subject"] for row in third.rows(A)}, "the first entry spells the matter"


def _shown(world: World) -> list[str]:
    """The duties of two units, as three people see them."""
    pages = (("clerk-a", A), ("reviewer-a", A), ("clerk-b", B))
    texts = [world.client(name).get(f"/u/{unit}/").content.decode() for name, unit in pages]
    return [re.sub(r'value="[^"]{20,}"|核算到 [^。]*', "", text) for text in texts]


def test_pages_say_the_same_with_what_was_kept_and_without(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    policy = world.entered("clerk-a", "reviewer-a", A, _policy("金人社发〔2023〕1号"))
    item = {"type": "information.created", "subject": "一条信息", "occurred_at": "2023-09-01"}
    withdrawn = {"type": "policy.issued", "subject": "金人社发〔2023〕1号", "occurred_at": "2023-08-01"}
    steps = (
        ("a", A, _policy("金人社发〔2023〕2号", "2023-09-10")),
        ("b", B, item),
        ("a", A, {**withdrawn, "retracts": policy.event_id(1), "data.note": "重复"}),
    )
    LIVE.refresh()
    for hand, unit, row in steps:
        _shown(world)
        world.entered(f"clerk-{hand}", f"reviewer-{hand}", unit, row)
        LIVE.refresh()
        kept = _shown(world)
        assert kept == _shown(world)
        LIVE.forget()
        LIVE.refresh()
        assert kept == _shown(world)
    assert "登记" in kept[0]
    assert "登记<" not in kept[1], "a reviewer enters nothing"


def test_where_nothing_is_new_what_pages_made_of_a_snapshot_stays(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    states = LIVE.refresh().states(A)
    assert LIVE.refresh().states(A) is states
    world.entered("clerk-a", "reviewer-a", A, _policy("金人社发〔2023〕1号"))
    assert LIVE.refresh().states(A) is not states


def test_the_page_says_what_check_says(world: World, tmp_path: Path) -> None:
    from gongkai.cli import run
    from gongkai.console.live.thread import LIVE

    world.entered("clerk-a", "reviewer-a", A, _policy("金人社发〔2023〕1号"))
    rows = {row["obligation"]: row["status"] for row in LIVE.refresh().day.to_pylist() if row["unit"] == A}
    out = tmp_path / "run"
    books = ["--book", "jinxiang-2023", "--book", "regulation-2019"]
    words = ["evaluate", "--events", str(world.folder.ledger), "--as-of", "2023-09-20T23:59:59", *books]
    assert run([*words, "--out", str(out), "--no-reports"]) == 0
    said = [json.loads(line) for line in (out / "verdicts.jsonl").read_text("utf-8").splitlines()]
    there = {row["obligation"]: row["status"] for row in said if row["unit"] == A and row["obligation"] in rows}
    assert there == rows
    assert len(there) > 50


def test_what_is_due_today_can_still_be_done(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    decided = {"type": "decision.issued", "subject": "一项决策", "occurred_at": "2023-09-15", "data.consulted": "true"}
    world.entered("clerk-a", "reviewer-a", A, decided)
    due = [row for row in LIVE.refresh().rows(A) if row["subject"] == "一项决策" and row["rule"] == "8.2.feedback"]
    assert [(str(row["due_on"]), row["status"]) for row in due] == [("2023-09-20", "pending")]
    page = world.client("clerk-a").get(f"/u/{A}/").content.decode()
    assert "今天到期" in page


def test_a_unit_sees_its_own_entry_at_once_and_an_import_beside_the_server(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    LIVE.start()
    snapshot, _ = LIVE.for_unit(None, timeout=60)
    assert snapshot is not None
    world.entered("clerk-a", "reviewer-a", A, _policy("金人社发〔2023〕1号"))
    snapshot, _ = LIVE.for_unit(A, timeout=60)
    assert snapshot is not None
    assert [one["subject"] for one in snapshot.entries(A)] == ["金人社发〔2023〕1号"]
    _import_beside(world)
    for _ in range(100):
        snapshot, fresh = LIVE.for_unit(B, timeout=0.3)
        if fresh:
            break
        time.sleep(0.2)
    assert snapshot is not None
    assert [one["id"] for one in snapshot.entries(B)] == ["beside-1"]


def _import_beside(world: World) -> None:
    """Import a file by the command line's own function, as if beside the server."""
    from events.ledger.importing.imports import Provenance, import_stage
    from events.ledger.importing.stage import Stage
    from events.read import read_events
    from gongkai.console.registry import registry

    file = world.folder.root / "beside.jsonl"
    event = {"id": "beside-1", "type": "training.held", "unit": B, "occurred_at": "2023-07-01"}
    file.write_text(json.dumps(event), encoding="utf-8")
    table = read_events((file,), registry()).table
    with Stage() as stage:
        stage.add(table, str(file))
        stage.end("beside.jsonl", "0" * 64, 1)
        imported, problems = import_stage(world.folder.ledger, stage, Provenance("2023-09-20T10:00:00", "x", "0", "0"))
    assert imported is not None, problems
