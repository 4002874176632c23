from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.console.world import A

if TYPE_CHECKING:
    from tests.console.world import World


def test_a_clerk_logs_and_a_reviewer_approves(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    LIVE.refresh()
    clerk, reviewer = world.client("clerk-a"), world.client("reviewer-a")
    assert clerk.get("/").status_code == 302
    page = clerk.get(f"/u/{A}/")
    assert page.status_code == 200
    form = {"data.title": "县政务公开培训", "occurred_at": "2023年8月1日"}
    made = clerk.post(f"/u/{A}/new/training.held", form)
    assert (made.status_code, made["Location"]) == (303, f"/u/{A}/submissions/1/")
    shown = clerk.get(made["Location"]).content.decode()
    assert "试算" in shown
    assert "县政务公开培训" in shown
    assert clerk.post(f"/u/{A}/submissions/1/submit").status_code == 303
    shown = reviewer.get(f"/u/{A}/submissions/1/").content.decode()
    digest = shown.split('name="digest" value="')[1].split('"')[0]
    assert clerk.post(f"/u/{A}/submissions/1/approve", {"digest": digest}).status_code == 403
    assert reviewer.post(f"/u/{A}/submissions/1/approve", {"digest": "0" * 64}).status_code == 409
    assert reviewer.post(f"/u/{A}/submissions/1/approve", {"digest": digest}).status_code == 303
    LIVE.refresh()
    entries = reviewer.get(f"/u/{A}/entries/").content.decode()
    assert f"w-{A}-1-1" in entries


@pytest.mark.parametrize(
    "text", ["11010519491231002X", "张三 138 1234 5678", "电话13812345678", "１３８１２３４５６７８"]
)
def test_personal_numbers_are_refused(world: World, text: str) -> None:
    form = {"occurred_at": "2023-08-01", "data.note": text}
    answer = world.client("clerk-a").post(f"/u/{A}/new/training.held", form)
    assert answer.status_code == 422
    assert "号码" in answer.content.decode()
