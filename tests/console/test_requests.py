from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from tests.console.world import A

if TYPE_CHECKING:
    from tests.console.world import World

FORM = {
    "channel": "internet",
    "received": "2023年9月4日",
    "applicant": "钱某某",
    "contact": "某路1号，13800000000",
    "wanted": "一份关于某人的文件",
}


def _entries(world: World) -> str:
    return (world.folder.ledger / "entries.jsonl").read_text("utf-8")


def test_a_request_is_entered_at_once_without_anybody_s_name(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    clerk = world.client("clerk-a")
    answer = clerk.post(f"/u/{A}/requests/new", FORM)
    assert (answer.status_code, answer["Location"]) == (303, f"/u/{A}/requests/2023-1/")
    entries = _entries(world)
    assert '"request.received"' in entries
    for text in ("钱某某", "某路1号", "13800000000", "某人"):
        assert text not in entries
    LIVE.refresh()
    page = clerk.get(f"/u/{A}/requests/2023-1/").content.decode()
    assert "答复期限 <b>2023年10月8日" in page
    assert "确认收到申请" in page


def test_the_clock_stands_while_a_third_party_is_asked(world: World) -> None:
    from gongkai.console.live.request_clock import request_state
    from gongkai.console.live.thread import LIVE

    clerk, reviewer = world.client("clerk-a"), world.client("reviewer-a")
    clerk.post(f"/u/{A}/requests/new", {**FORM, "channel": "post"})
    LIVE.refresh()
    answer = clerk.post(f"/u/{A}/requests/2023-1/step/request.third_party_asked", {"occurred_at": "2023-9-11"})
    number = int(answer["Location"].rstrip("/").rpartition("/")[2])
    assert clerk.post(f"/u/{A}/submissions/{number}/submit").status_code == 303
    digest = (
        reviewer.get(f"/u/{A}/submissions/{number}/").content.decode().split('name="digest" value="')[1].split('"')[0]
    )
    assert reviewer.post(f"/u/{A}/submissions/{number}/approve", {"digest": digest}).status_code == 303
    state = request_state(LIVE.refresh(), A, f"2023-{A}-1")
    assert [(str(one.start), one.stands) for one in state.spans][:2] == [("2023-09-04", False), ("2023-09-11", True)]
    LIVE.refresh()
    page = clerk.get(f"/u/{A}/requests/2023-1/").content.decode()
    assert "第三方答复" in page
    assert "停 2023-09-11" in page


def test_only_steps_that_are_possible_are_taken(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    clerk = world.client("clerk-a")
    clerk.post(f"/u/{A}/requests/new", {**FORM, "channel": "post"})
    LIVE.refresh()
    for step in ("request.third_party_answered", "request.archived", "request.received", "policy.issued"):
        answer = clerk.post(f"/u/{A}/requests/2023-1/step/{step}", {"occurred_at": "2023-9-11"})
        assert answer.status_code == 404, step


def test_the_file_has_the_documents_and_purging_takes_the_person_away(world: World) -> None:
    from gongkai.console.entry.requests import purge
    from gongkai.console.models.store import cases

    clerk = world.client("clerk-a")
    clerk.post(f"/u/{A}/requests/new", FORM)
    file = SimpleUploadedFile("申请表.pdf", b"%PDF-1.7 form")
    assert clerk.post(f"/u/{A}/requests/2023-1/document", {"file": file}).status_code == 303
    body = clerk.get(f"/u/{A}/requests/2023-1/file.zip").content
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        assert packed.read("材料/01.pdf") == b"%PDF-1.7 form"
        assert "钱某某" in packed.read("办理经过.txt").decode("utf-8-sig")
    case = cases().get()
    assert purge(datetime(2030, 1, 1)) == 0
    case.archived_at = datetime(2023, 9, 20)
    case.save()
    assert purge(datetime(2030, 1, 1)) == 1
    page = clerk.get(f"/u/{A}/requests/2023-1/").content.decode()
    assert "钱某某" not in page
    assert "申请表" not in page


def test_a_download_with_personal_data_is_in_the_audit_log(world: World) -> None:
    from gongkai.console import audit

    clerk = world.client("clerk-a")
    clerk.post(f"/u/{A}/requests/new", FORM)
    clerk.get(f"/u/{A}/requests/2023-1/file.zip")
    assert [one["what"] for one in audit.lines(world.folder.audit)] == ["request-new", "request-zip"]


def test_a_number_with_a_day_that_is_not_there_yet_is_refused(world: World) -> None:
    answer = world.client("clerk-a").post(f"/u/{A}/requests/new", {**FORM, "received": "2023-12-01"})
    assert answer.status_code == 422
    assert "还没有到" in answer.content.decode()


def _received(world: World, **more: str) -> None:
    from gongkai.console.live.thread import LIVE

    answer = world.client("clerk-a").post(f"/u/{A}/requests/new", {**FORM, "channel": "post", **more})
    assert answer.status_code == 303
    LIVE.refresh()


def _step(world: World, step: str, form: dict[str, str]) -> HttpResponse:
    answer = world.client("clerk-a").post(f"/u/{A}/requests/2023-1/step/{step}", {"occurred_at": "2023-9-11", **form})
    assert isinstance(answer, HttpResponse)
    return answer


def _enter(world: World) -> None:
    """Enter whatever waits for it."""
    from gongkai.console.entry import states
    from gongkai.console.entry.post import enter
    from gongkai.console.live.thread import LIVE
    from gongkai.console.models.store import submissions

    for one in submissions().filter(state="draft"):
        states.take(world.people["clerk-a"], one, "submit")
        assert enter(states.take(world.people["reviewer-a"], one, "approve")) == ()
    LIVE.refresh()


def test_extensions_of_more_than_twenty_days_in_all_are_refused(world: World) -> None:
    _received(world)
    told = {"data.approved": "true", "data.notified": "true"}
    assert (
        "还可以延长20个"
        in world.client("clerk-a").get(f"/u/{A}/requests/2023-1/step/request.extended").content.decode()
    )
    assert _step(world, "request.extended", {**told, "data.working_days": "21"}).status_code == 422
    assert _step(world, "request.extended", told).status_code == 422
    assert _step(world, "request.extended", {**told, "data.working_days": "12"}).status_code == 303
    _enter(world)
    again = _step(world, "request.extended", {**told, "data.working_days": "9"})
    assert again.status_code == 422
    assert "还可以延长8个" in again.content.decode()
    assert _step(world, "request.extended", {**told, "data.working_days": "8"}).status_code == 303


def test_a_fee_is_that_of_the_tariff(world: World) -> None:
    from gongkai.console.models.store import submissions

    _received(world)
    for form, words in (
        ({"data.pages": "30"}, "不收费"),
        ({"data.pieces": "12", "data.pages": "40"}, "只能写一个"),
        ({}, "只能写一个"),
        ({"data.pages": "120", "data.fee": "1101"}, "按标准是1100元"),
    ):
        answer = _step(world, "request.fee_asked", form)
        assert answer.status_code == 422, form
        assert words in answer.content.decode(), form
    assert _step(world, "request.fee_asked", {"data.pages": "120"}).status_code == 303
    assert submissions().order_by("-number")[0].rows[0]["data.fee"] == "1100"


def test_the_form_of_a_fee_counts_the_month_of_the_same_applicant(world: World) -> None:
    for _ in range(11):
        _received(world)
    _received(world, applicant="孙某某")
    page = world.client("clerk-a").get(f"/u/{A}/requests/2023-1/step/request.fee_asked").content.decode()
    assert "当月有11件，按标准100元" in page


def test_the_ledger_has_the_sort_of_applicant_and_table_three_counts_it(world: World) -> None:
    _received(world, sort="business")
    assert '"applicant":"business"' in _entries(world)
    assert "钱某某" not in _entries(world)
    assert world.client("clerk-a").post(f"/u/{A}/requests/new", {**FORM, "sort": "钱某某"}).status_code == 422
    assert _step(world, "request.answered", {"data.outcome": "granted"}).status_code == 303
    _enter(world)
    page = world.client("reviewer-a").get(f"/u/{A}/requests/analysis").content.decode()
    assert "商业企业：1 件" in page
    assert "予以公开：1 件" in page
    assert "100%" in page
    row = page.split("（一）予以公开")[1].split("</tr>")[0]
    assert [one.split("<")[0] for one in row.split("<td>")[1:]] == ["0", "1", "0", "0", "0", "0", "1"]
    county = world.client("auditor").get("/county/requests/").content.decode()
    assert "商业企业：1 件" in county
    assert "没有年度报告的表式" in world.client("auditor").get("/county/requests/?year=1999").content.decode()


def test_a_withdrawn_step_is_no_step(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    _received(world)
    assert _step(world, "request.answered", {"data.outcome": "granted"}).status_code == 303
    _enter(world)
    clerk = world.client("clerk-a")
    assert clerk.get(f"/u/{A}/requests/2023-1/step/request.extended").status_code == 404
    clerk.post(f"/u/{A}/entries/w-{A}-2-1/withdraw", {"reason": "登记错了"})
    _enter(world)
    LIVE.refresh()
    assert clerk.get(f"/u/{A}/requests/2023-1/step/request.extended").status_code == 200


def test_personal_data_stays_until_the_archiving_is_entered(world: World) -> None:
    from gongkai.console.entry.requests import purge
    from gongkai.console.models.store import submissions

    _received(world)
    assert _step(world, "request.answered", {"data.outcome": "granted"}).status_code == 303
    _enter(world)
    assert _step(world, "request.archived", {}).status_code == 303
    assert purge(datetime(2030, 1, 1)) == 0
    assert submissions().filter(state="draft").exists()
    _enter(world)
    assert purge(datetime(2030, 1, 1)) == 1
