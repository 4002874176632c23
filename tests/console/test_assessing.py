"""评定: the queue, the second person, the workbook, and nobody for a unit of his own."""

from __future__ import annotations

import io
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from gongkai.console.live.thread import LIVE
from gongkai.console.models import office_store as rows
from gongkai.console.models.store import add_membership
from gongkai.console.office import assessing
from tests.console.world import A, B, World

if TYPE_CHECKING:
    from gongkai.console.office.assessing import Waiting


def _waiting(unit: str) -> Waiting:
    return next(one for one in assessing.queue(LIVE.refresh()) if one.row["unit"] == unit)


def test_a_judgement_is_written_by_one_approved_by_another_and_settles_the_duty(world: World) -> None:
    from gongkai.console.screens.office.assess import key_of

    evaluator, publisher = world.client("evaluator"), world.client("publisher")
    found = _waiting(A)
    address = f"/county/assess/one/{key_of(found)}"
    page = evaluator.get(address).content.decode()
    assert found.quote[:10] in page
    form = {"result": "pass", "reason": "", "day": "2023-09-15"}
    assert evaluator.post(address, form).status_code == 422
    assert "手机号码" in evaluator.post(address, {**form, "reason": "电话 13812345678"}).content.decode()
    answer = evaluator.post(address, {**form, "reason": "看过材料"})
    assert answer.status_code == 303
    assert answer["Location"].startswith("/county/assess/one/"), "the next one is shown"
    made = rows.assessments().get()
    assert LIVE.snapshot is not None
    assert not [one for one in LIVE.snapshot.entries(A) if one["type"] == assessing.TYPE], "one person settles nothing"
    assert evaluator.post(f"/county/assess/{made.pk}/approve").status_code == 403
    assert publisher.post(f"/county/assess/{made.pk}/approve").status_code == 303
    assert publisher.post(f"/county/assess/{made.pk}/approve").status_code == 409
    snapshot = LIVE.refresh()
    row = next(one for one in snapshot.rows(A) if one["obligation"] == found.row["obligation"])
    assert row["status"] == "met"
    entry = next(one for one in snapshot.entries(A) if one["type"] == assessing.TYPE)
    assert entry["data.evaluator"] == "县政府办公室 姓名evaluator"

    # the unit sees the entry, and cannot take it back or write over it
    clerk = world.client("clerk-a")
    assert clerk.post(f"/u/{A}/entries/{entry['id']}/withdraw", {"reason": "不服"}).status_code == 422
    correction = {"occurred_at": "2023-09-15", "data.clause": found.row["rule"], "data.result": "pass"}
    assert clerk.post(f"/u/{A}/entries/{entry['id']}/correct", correction).status_code == 422
    assert _over(world, entry["id"])


def _over(world: World, entry: str) -> bool:
    """Say whether the console refuses an entry of another type in the place of a judgement."""
    from gongkai.console.clock import now
    from gongkai.console.entry.content import understand

    row = {"type": "training.held", "occurred_at": "2023-09-15", "corrects": entry}
    draft = world.draft("clerk-a", A, row, kind="correct")
    client, reviewer = world.client("clerk-a"), world.client("reviewer-a")
    address = f"/u/{A}/submissions/{draft.number}"
    assert understand(draft, now()).table.num_rows <= 1
    client.post(f"{address}/submit")
    draft.refresh_from_db()
    reviewer.post(f"{address}/approve", {"digest": draft.digest})
    draft.refresh_from_db()
    return draft.state != "entered"


def test_a_returned_judgement_lets_the_duty_wait_again(world: World) -> None:
    from datetime import date

    found = _waiting(A)
    made = assessing.write(world.people["evaluator"], found.row, "fail", "没有看到", date(2023, 9, 1))
    publisher = world.client("publisher")
    assert publisher.post(f"/county/assess/{made.pk}/return", {"remark": ""}).status_code == 422
    assert publisher.post(f"/county/assess/{made.pk}/return", {"remark": "再看"}).status_code == 303
    assert "再看" in world.client("evaluator").get(f"/county/assess/{made.pk}/").content.decode()
    assert assessing.write(world.people["evaluator"], found.row, "pass", "看过了", date(2023, 9, 2)).state == "waiting"


def test_nobody_assesses_a_unit_of_his_own(world: World) -> None:
    from gongkai.console.screens.office.assess import key_of

    add_membership(world.people["evaluator"], "clerk", A)
    client = world.client("evaluator")
    form = {"result": "pass", "reason": "看过", "day": "2023-09-01"}
    answer = client.post(f"/county/assess/one/{key_of(_waiting(A))}", form)
    assert answer.status_code == 403
    assert "您所在的单位" in answer.content.decode()
    assert client.post(f"/county/assess/one/{key_of(_waiting(B))}", form).status_code == 303


@pytest.fixture
def sheet(world: World) -> Any:
    LIVE.refresh()
    answer = world.client("evaluator").get("/county/assess/sheet.xlsx")
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def test_the_workbook_goes_out_and_comes_back(world: World, sheet: Any) -> None:
    page = sheet.active
    heads = next(row for row in page.iter_rows() if any(cell.value == "评价结论" for cell in row))
    column = {cell.value: cell.column for cell in heads}
    first = heads[0].row + 1
    page.cell(first, column["评价结论"], "合格")
    page.cell(first, column["备注"], "看过材料")
    page.cell(first, column["发生日期"], "2023-09-01")
    client = world.client("evaluator")
    assert _upload(client, sheet).status_code == 303
    made = rows.assessments().get()
    assert (made.result, made.reason, made.state) == ("pass", "看过材料", "waiting")
    # the same sheet again: the row waits no more, and nothing is taken
    again = _upload(client, sheet)
    assert again.status_code == 422
    assert rows.assessments().count() == 1


def _upload(client: Any, sheet: Any) -> Any:
    content = io.BytesIO()
    sheet.save(content)
    content.seek(0)
    content.name = "评定.xlsx"
    return client.post("/county/assess/upload", {"file": content})


def test_what_is_lacking_is_asked_of_the_unit_and_told_in_the_queue(world: World) -> None:
    found = _waiting(A)
    evaluator, publisher = world.client("evaluator"), world.client("publisher")
    address = f"/county/assess/one/{sha256(found.row['obligation'].encode()).hexdigest()[:20]}"
    form = {"result": "incomplete", "reason": "请附上公开的链接", "day": "2023-09-15"}
    assert evaluator.post(address, form).status_code == 303
    clerk = world.client("clerk-a")
    assert "补充材料" not in clerk.get(f"/u/{A}/notices/").content.decode(), "one person asks for nothing"
    assert publisher.post(f"/county/assess/{rows.assessments().get().pk}/approve").status_code == 303
    notice = rows.notices().get()
    assert (notice.unit, notice.kind, notice.state) == (A, "supplement", "sent")
    page = clerk.get(f"/u/{A}/notices/").content.decode()
    assert f"补充材料：{found.row['clause']} {found.title}" in page
    assert "请附上公开的链接" in page
    assert world.client("clerk-b").get(f"/notices/{notice.pk}/").status_code == 404
    LIVE.refresh()
    assert "2023-09-20 要求补充" in evaluator.get("/county/assess/", {"of": A}).content.decode(), "it waits on"
    assert "已经要求单位补充材料" in evaluator.get(address).content.decode()
    assert evaluator.post("/county/notices/prepare", {"run": "1", "what": "supplement", "units": A}).status_code == 422
