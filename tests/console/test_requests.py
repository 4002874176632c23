from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

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
    from gongkai.console.live.clock import request_state
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
