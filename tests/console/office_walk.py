"""The work of the office from beginning to end, by the forms of its pages: each object made, moved, refused, listed."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from gongkai.console.live.thread import LIVE
from gongkai.console.models import office_store as rows
from gongkai.console.office import assessing, runs
from tests.console.county import PDF
from tests.console.office_world import fill, obligation
from tests.console.world import A, B

if TYPE_CHECKING:
    from tests.console.world import World


class Walk:
    """What somebody did, and what was answered.

    Attributes:
        steps: who, what and status of each step.
        pages: the words of each page that was looked at.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients = {name: world.client(name) for name in world.people}
        self.steps: list[tuple[str, str, int]] = []
        self.pages: list[tuple[str, bool]] = []

    def post(self, who: str, address: str, wanted: int = 303, **form: Any) -> None:
        """Send a form, and hold what is answered to what is wanted."""
        answer = self.clients[who].post(address, form)
        self.steps.append((who, address, answer.status_code))
        assert answer.status_code == wanted, (who, address, answer.content.decode()[:2000])

    def see(self, who: str, address: str, *words: str) -> None:
        """Look at a page, and find words on it."""
        answer = self.clients[who].get(address)
        assert answer.status_code == 200, (who, address, answer.status_code)
        page = answer.content.decode()
        for word in words:
            assert word in page, (who, address, word)
            self.pages.append((f"{address} {word}", True))


def walk(world: World) -> Walk:
    """Go the whole way once."""
    found = Walk(world)
    world.entered("clerk-a", "reviewer-a", A)
    LIVE.refresh()
    _assess(found)
    run = _run(found)
    _notices(found, run)
    _objections(found, run)
    _mend(found, run)
    _settings(found)
    return found


def _assess(found: Walk) -> None:
    snapshot = LIVE.refresh()
    one, other = [one for one in assessing.queue(snapshot) if one.row["unit"] == A][:2]
    keys = [sha256(waiting.row["obligation"].encode()).hexdigest()[:20] for waiting in (one, other)]
    form: dict[str, Any] = {"result": "pass", "reason": "看过材料", "day": "2023-09-15"}
    for key in keys:
        found.post("evaluator", f"/county/assess/one/{key}", **form)
    found.post("evaluator", f"/county/assess/one/{keys[0]}", 404, **form)
    first, second = [one.pk for one in rows.assessments().order_by("pk")]
    found.see("publisher", "/county/assess/", f"/county/assess/{first}/")
    found.post("evaluator", f"/county/assess/{first}/approve", 403)
    found.post("publisher", f"/county/assess/{first}/approve")
    found.post("publisher", f"/county/assess/{first}/approve", 409)
    found.post("publisher", f"/county/assess/{second}/return", remark="再看")
    found.see("evaluator", f"/county/assess/{second}/", "再看")
    row = next(row for row in LIVE.refresh().rows(A) if row["obligation"] == one.row["obligation"])
    assert row["status"] == "met"


def _run(found: Walk) -> int:
    from unittest import mock

    from gongkai.console.office import runner

    with mock.patch.object(runner, "start", lambda: None):
        for title in ("年中评估", "又一次"):
            found.post("evaluator", "/county/runs/new", title=title, as_of="2023-08-31")
    found.post("evaluator", "/county/runs/2/cancel")
    found.see("auditor", "/county/runs/", "年中评估", "没有完成")
    run = rows.runs().get(number=1)
    found.post("publisher", "/county/runs/1/publish", 409, audience="units")
    fill(run, sort="own")
    found.post("evaluator", "/county/runs/1/publish", 403, audience="units")
    found.post("publisher", "/county/runs/1/publish", audience="units", until="2023-10-30")
    found.post("publisher", "/county/runs/1/publish", 409, audience="county")
    found.see("clerk-b", f"/u/{B}/runs/", "年中评估")
    found.see("clerk-b", f"/u/{B}/runs/1/", "KANARIBownreason")
    assert runs.untouched(rows.runs().get(number=1))
    return 1


def _notices(found: Walk, run: int) -> None:
    found.post("evaluator", "/county/remind", unit=B, units=B, text="请报台账")
    prepare: dict[str, Any] = {"run": str(run), "what": "rectification", "units": A, "text": "请整改"}
    found.post("evaluator", "/county/notices/prepare", **prepare)
    notice = rows.notices().exclude(kind="reminder").get()
    found.post("evaluator", "/county/notices/send", notice=str(notice.pk), wanted=403)
    found.post("publisher", "/county/notices/send", notice=str(notice.pk))
    found.post("clerk-a", f"/notices/{notice.pk}/sign", 403)
    found.post("reviewer-a", f"/notices/{notice.pk}/sign")
    found.post("reviewer-a", f"/notices/{notice.pk}/sign", 409)
    found.see("evaluator", "/county/notices/", "整改通知单")
    found.see("clerk-a", f"/u/{A}/notices/", "整改通知单")


def _objections(found: Walk, run: int) -> None:
    said: dict[str, Any] = {"ground": "missing", "statement": "八月办过培训"}
    about = f"/u/{A}/runs/{run}/objection"
    found.post("clerk-a", about, about=obligation("A"), **said)
    mine = f"/u/{A}/objections/1/"
    found.post("clerk-a", f"{mine}change", linked="1", **said)
    found.post("clerk-a", f"{mine}submit", 403)
    found.post("reviewer-a", f"{mine}submit")
    found.post("evaluator", f"{mine}opinion", opinion="有理")
    decision: dict[str, Any] = {"decision": "partly", "follows": "correction", "answer": "补登的算"}
    found.post("reviewer-a", f"{mine}decide", 403, **decision)
    found.post("publisher", f"{mine}decide", **decision)
    found.post("publisher", f"{mine}decide", 409, **decision)
    found.see("clerk-a", mine, "部分采纳", "补登的算")
    found.see("auditor", "/county/objections/", "部分采纳")


def _mend(found: Walk, run: int) -> None:
    import io

    found.post("evaluator", "/county/rectification/prepare", run=str(run), units=A, due="2023-9-30")
    mine = f"/u/{A}/rectification/1/"
    found.post("evaluator", f"{mine}order", 403)
    found.post("publisher", f"{mine}order")
    found.post("clerk-a", f"{mine}fill", measure="补办了培训", done_on="2023-9-10")
    file: Any = io.BytesIO(PDF)
    file.name = "签到表.pdf"
    found.post("clerk-a", f"{mine}attach", file=file)
    found.post("clerk-a", f"{mine}approve", 403)
    found.post("reviewer-a", f"{mine}approve")
    found.post("evaluator", f"{mine}opinion", text="材料不全")
    found.post("publisher", f"{mine}return", text="缺照片")
    found.post("publisher", f"{mine}extend", text="补材料", due="2023-10-20")
    found.post("clerk-a", f"{mine}fill", measure="补了照片", done_on="2023-9-12")
    found.post("reviewer-a", f"{mine}approve")
    found.post("publisher", f"{mine}accept")
    found.post("publisher", f"{mine}accept", 409)
    found.see("clerk-a", mine, "缺照片", "销号", "补了照片")
    found.see("auditor", "/county/rectification/", "已销号")
    entries = [one["type"] for one in LIVE.refresh().entries(A)]
    assert entries.count("rectification.ordered") == entries.count("rectification.reported") == 2


def _settings(found: Walk) -> None:
    form: dict[str, Any] = {"kind": "readings", "content": "- 8.4.attendance=county\n", "reason": "请示过"}
    for _ in range(3):
        found.post("evaluator", "/county/settings/new", **form)
    found.post("evaluator", "/county/settings/1/approve", 403)
    found.post("publisher", "/county/settings/1/approve")
    found.post("publisher", "/county/settings/1/approve", 409)
    found.post("publisher", "/county/settings/2/reject", remark="不必")
    found.post("publisher", "/county/settings/3/approve")
    found.see("clerk-a", "/county/settings/", "读法")
    assert [one.version for one in rows.proposals().order_by("pk")] == [1, None, 2]
