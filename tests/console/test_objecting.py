"""异议 and 整改: filed, decided without interest, ordered, returned once, accepted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from gongkai.console.live.thread import LIVE
from gongkai.console.models import office_store as rows
from gongkai.console.office import runs
from tests.console.county import LETTERS, PDF
from tests.console.office_world import fill, obligation, published
from tests.console.world import A, World

if TYPE_CHECKING:
    from gongkai.console.models import CountyRun


@pytest.fixture
def run(world: World) -> CountyRun:
    return published(world, "units")


def test_an_objection_is_drafted_submitted_and_decided(world: World, run: CountyRun) -> None:
    clerk, reviewer, publisher = (world.client(one) for one in ("clerk-a", "reviewer-a", "publisher"))
    entered = world.entered("clerk-a", "reviewer-a", A)
    other = world.entered("clerk-b", "reviewer-b", LETTERS["B"])
    about = obligation("A")
    new = f"/u/{A}/runs/{run.number}/objection"
    assert clerk.post(new, {"about": about, "ground": "missing", "statement": ""}).status_code == 422
    answer = clerk.post(new, {"about": about, "ground": "missing", "statement": "八月办过培训"})
    page = f"/u/{A}/objections/1/"
    assert answer["Location"] == page
    form = {"ground": "missing", "statement": "八月办过培训", "linked": [str(entered.number), str(other.number)]}
    assert clerk.post(f"{page}change", form).status_code == 303
    objection = rows.objections().get()
    assert [one.pk for one in objection.linked.all()] == [entered.pk], "only what is the unit's own is linked"
    assert publisher.get(page).status_code == 404, "a draft is the unit's own"
    assert clerk.post(f"{page}submit").status_code == 403
    assert reviewer.post(f"{page}submit").status_code == 303
    assert clerk.post(f"{page}change", form).status_code == 409
    assert "已提出" in publisher.get("/county/objections/").content.decode()
    decision = {"decision": "partly", "follows": "none", "answer": "补登记的算"}
    assert publisher.post(f"{page}decide", decision).status_code == 422, "what is upheld has a next step"
    assert publisher.post(f"{page}decide", {**decision, "follows": "correction"}).status_code == 303
    text = clerk.get(page).content.decode()
    assert "部分采纳" in text
    assert "补登记的算" in text
    assert LIVE.refresh().head.events == 2, "an objection enters nothing"


def test_nobody_objects_after_the_last_day_or_decides_what_he_assessed(world: World, run: CountyRun) -> None:
    from datetime import datetime

    from gongkai.console.clock import start_at
    from gongkai.console.office import assessing, objecting

    row = runs.row_of(run, obligation("A"))
    assert row is not None
    made = assessing.write(world.people["evaluator"], {**row, "rule": "N6.training"}, "fail", "没有", date(2023, 8, 1))
    made.approver = world.people["publisher"]
    made.save()
    one = objecting.draft(world.people["clerk-a"], run, row, "N6", ("assessment", "评错了"))
    objecting.submit(world.people["reviewer-a"], one)
    decision = {"decision": "rejected", "follows": "none", "answer": "维持"}
    answer = world.client("publisher").post(f"/u/{A}/objections/1/decide", decision)
    assert answer.status_code == 403
    assert "利害关系" in answer.content.decode()
    start_at(datetime(2023, 10, 1, 9, 0))
    form = {"about": obligation("A"), "ground": "missing", "statement": "晚了"}
    assert world.client("clerk-a").post(f"/u/{A}/runs/{run.number}/objection", form).status_code == 409


def _post(world: World, who: str, step: str, form: dict[str, Any] | None = None, number: int = 1) -> int:
    return world.client(who).post(f"/u/{A}/rectification/{number}/{step}", form or {}).status_code


def test_a_rectification_is_returned_once_and_then_accepted(world: World, run: CountyRun) -> None:
    evaluator = world.client("evaluator")
    form = {"run": str(run.number), "due": "2023-9-30"}
    assert evaluator.post("/county/rectification/prepare", {**form, "due": "2023-9-1"}).status_code == 422
    assert evaluator.post("/county/rectification/prepare", form).status_code == 303
    assert evaluator.post("/county/rectification/prepare", form).status_code == 303
    assert rows.rectifications().count() == len(LETTERS), "one problem is prepared once"
    assert world.client("clerk-a").get(f"/u/{A}/rectification/1/").status_code == 404
    assert _post(world, "publisher", "order") == 303
    assert _post(world, "publisher", "order") == 409
    measure = {"measure": "补办了培训", "done_on": "2023-9-10"}
    assert _post(world, "clerk-a", "fill", {**measure, "measure": "电话13812345678"}) == 422
    assert _post(world, "clerk-a", "fill", measure) == 303
    file: Any = _file()
    assert _post(world, "clerk-a", "attach", {"file": file}) == 303
    assert _post(world, "reviewer-a", "approve") == 303
    assert _post(world, "evaluator", "opinion", {"text": "材料不全"}) == 303
    assert _post(world, "publisher", "return") == 422
    assert _post(world, "publisher", "return", {"text": "缺签到表"}) == 303
    assert _post(world, "publisher", "extend", {"text": "补材料", "due": "2023-9-20"}) == 409
    assert _post(world, "publisher", "extend", {"text": "补材料", "due": "2023-10-20"}) == 303
    assert _post(world, "clerk-a", "fill", {**measure, "measure": "补办了培训，附签到表"}) == 303
    assert _post(world, "reviewer-a", "send-back", {"text": "日期"}) == 303
    assert _post(world, "clerk-a", "fill", {**measure, "done_on": "2023-9-12"}) == 303
    assert _post(world, "reviewer-a", "approve") == 303
    assert _post(world, "publisher", "accept") == 303
    assert _post(world, "clerk-a", "fill", measure) == 409
    text = world.client("clerk-a").get(f"/u/{A}/rectification/1/").content.decode()
    for word in ("缺签到表", "延到2023-10-20", "销号", "补办了培训，附签到表"):
        assert word in text
    entries = [one["type"] for one in LIVE.refresh().entries(A)]
    assert sorted(entries) == ["rectification.ordered"] * 2 + ["rectification.reported"] * 2


def _file() -> Any:
    import io

    content = io.BytesIO(PDF)
    content.name = "签到表.pdf"
    return content


def test_a_problem_that_an_earlier_published_run_had_is_long_standing(world: World, run: CountyRun) -> None:
    from gongkai.console.office import rectifying

    later = runs.make(world.people["evaluator"], runs.AskedRun("年度评估", "2023-12-31"))
    fill(later, sort="own")
    runs.publish(world.people["publisher"], later, "units", None)
    later.refresh_from_db()
    assert rectifying.long_open(run) == frozenset()
    assert obligation("A") in rectifying.long_open(later)
    rectifying.prepare(world.people["evaluator"], later, {A}, date(2024, 1, 31))
    rectifying.order(world.people["publisher"], rows.rectifications().get())
    page = world.client("publisher").get("/county/rectification/").content.decode()
    assert "长期未整改" in page
