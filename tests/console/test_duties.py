"""我的事项: every duty is there, in the group of the self-check, and leads to its form, evidence and objection."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongkai.console.clock import start_at
from gongkai.console.live.thread import LIVE
from gongkai.console.models.store import submissions
from gongkai.console.office import runs
from gongkai.console.screens.duties import duty_key
from tests.console.county import CLERK, LETTERS, PDF, REVIEWER, canary, new_county
from tests.console.office_world import fill, obligation
from tests.console.world import A, B, World

if TYPE_CHECKING:
    from gongkai.console.models import CountyRun

SIFA = "sifa"
HEADINGS = {
    "joint": "共同承担，本单位台账看不全",
    "past": "时间已过、不能补做",
    "judged": "由县里评定",
    "unrecorded": "由县里评定",
}
OWN = "要办的事"


def _places(page: str) -> dict[str, str]:
    """Return under which heading each duty stands, by its key."""
    found, heading = {}, ""
    for mark, key in re.findall(r"<(?:h2|summary)>([^<]+)<|href=\"/u/[a-z]+/duty/(\w+)\"", page):
        heading = mark or heading
        if key:
            found[key] = heading
    return found


def _groups(unit: str) -> dict[str, str]:
    """Return the group of the self-check of each duty, by its key."""
    states = LIVE.refresh().states(unit)
    return {
        duty_key(one.verdict.row): group
        for state in states
        for group, many in state.check.groups.items()
        for one in many
    }


def test_every_duty_of_the_self_check_is_on_the_page_under_its_heading(world: World) -> None:
    groups = _groups(A)
    assert {"joint", "judged", "unrecorded", "overdue", "later"} <= set(groups.values())
    places = _places(world.client("clerk-a").get(f"/u/{A}/").content.decode())
    for key, group in groups.items():
        assert places[key].startswith(HEADINGS.get(group, OWN)), group


def test_what_is_owed_with_others_is_not_told_to_be_made_good_at_once(world: World) -> None:
    from gongkai.console.models.store import add_membership

    add_membership(world.people["clerk-c"], "clerk", SIFA)
    add_membership(world.people["reviewer-a"], "reviewer", SIFA)
    decision = {"type": "decision.issued", "subject": "决一", "occurred_at": "2023-08-01"}
    world.entered("clerk-c", "reviewer-a", SIFA, decision)
    start_at(datetime(2024, 1, 2, 10, 0))
    groups = _groups(SIFA)
    states = LIVE.refresh().states(SIFA)
    [row] = [one.row for state in states for one in state.check.part.verdicts if one.row["rule"] == "7.2.pages"]
    assert (row["status"], groups[duty_key(row)]) == ("violated", "joint")
    page = world.client("clerk-c").get(f"/u/{SIFA}/").content.decode()
    assert _places(page)[duty_key(row)] == HEADINGS["joint"]
    overdue = sum(group == "overdue" for group in groups.values())
    assert f"<b>{overdue}</b>已逾期" in page
    line = page.split(duty_key(row))[0].rsplit('<li class="duty">', 1)[1]
    assert "已逾期" not in line


def test_a_file_comes_with_the_form_as_evidence_or_nothing_is_kept(world: World) -> None:
    LIVE.refresh()
    client = world.client("clerk-a")
    page = client.get(f"/u/{A}/").content.decode()
    link = re.findall(rf'href="(/u/{A}/new/[^"]+)#f-file"', page)[0].replace("&amp;", "&")
    assert 'id="f-file"' in client.get(link).content.decode()
    address = f"/u/{A}/new/training.held"
    bad = {"occurred_at": "2023-08-01", "file": SimpleUploadedFile("a.pdf", b"MZ no such thing")}
    answer = client.post(address, bad)
    assert answer.status_code == 422
    assert 'id="f-file-error"' in answer.content.decode()
    assert not submissions().exists()
    form = {"occurred_at": "2023-08-01", "file": SimpleUploadedFile("签到表.pdf", PDF)}
    assert client.post(address, form).status_code == 303
    made = submissions().get()
    assert [one.name for one in made.attachments.all()] == ["签到表.pdf"]
    more = {"occurred_at": "2023-08-02", "file": SimpleUploadedFile("照片.jpg", b"\xff\xd8\xff photo")}
    assert client.post(f"/u/{A}/submissions/{made.number}/edit", more).status_code == 303
    assert made.attachments.count() == 2


def test_what_is_done_shows_its_evidence_and_takes_more(world: World) -> None:
    one = world.entered("clerk-a", "reviewer-a", A)
    row = next(row for row in LIVE.refresh().rows(A) if one.event_id(1) in row["evidence"])
    page = world.client("clerk-a").get(f"/u/{A}/duty/{duty_key(row)}").content.decode()
    assert f"/u/{A}/entries/{one.event_id(1)}/correct#f-file" in page
    assert "correct#f-file" not in world.client("auditor").get(f"/u/{A}/duty/{duty_key(row)}").content.decode()
    address = f"/u/{A}/entries/{one.event_id(1)}/correct"
    form = {"occurred_at": "2023-08-01", "file": SimpleUploadedFile("签到表.pdf", PDF)}
    assert world.client("clerk-a").post(address, form).status_code == 303
    assert submissions().get(kind="correct").attachments.count() == 1


@pytest.fixture
def run(world: World) -> CountyRun:
    made = runs.make(world.people["evaluator"], runs.AskedRun("年中评估", "2023-08-31"))
    fill(made, sort="own")
    return made


def test_a_published_verdict_can_be_objected_to_from_its_duty(world: World, run: CountyRun) -> None:
    LIVE.refresh()
    client = world.client("clerk-a")
    mine = f"/u/{A}/runs/{run.number}/objection?about="
    assert mine not in client.get(f"/u/{A}/").content.decode(), "nothing is published yet"
    runs.publish(world.people["publisher"], run, "units", date(2023, 9, 30))
    page = client.get(f"/u/{A}/").content.decode()
    assert page.count(mine) == 1, "only the duty that the run has"
    link = re.findall(rf'href="({re.escape(mine)}[^"]+)"', page)[0]
    assert client.get(link).status_code == 200
    row = next(row for row in LIVE.refresh().rows(A) if row["obligation"] == obligation("A"))
    assert mine in client.get(f"/u/{A}/duty/{duty_key(row)}").content.decode()
    assert "objection?about=" not in world.client("auditor").get(f"/u/{A}/").content.decode()
    form = {"about": obligation("A"), "ground": "missing", "statement": "漏登"}
    objection = client.post(link, form)["Location"]
    page = client.get(f"/u/{A}/").content.decode()
    assert mine not in page
    assert f'href="{objection}">异议：' in page
    assert objection not in world.client("clerk-b").get(f"/u/{B}/").content.decode()
    start_at(datetime(2023, 10, 1, 9, 0))
    LIVE.refresh()
    assert f'href="{objection}">异议：' in client.get(f"/u/{A}/").content.decode(), "what was filed is still shown"
    assert "/objection?about=" not in world.client("clerk-b").get(f"/u/{B}/").content.decode(), "it is too late"


def test_no_explanation_tells_of_another_units_entries(world: World) -> None:
    """Duties owed with others are explained as well, without what the others logged."""
    county = new_county(world)
    for letter, unit in LETTERS.items():
        for kind, more in (
            ("decision.issued", {"data.consulted": "true"}),
            ("policy.issued", {"data.normative": "true", "data.affects_rights": "true"}),
            ("indicator.reported", {"data.indicator": "城镇新增就业", "data.value": "100"}),
        ):
            row = {"type": kind, "subject": canary(letter, "entry", kind), "occurred_at": "2023-08-03", **more}
            world.entered(CLERK[letter], REVIEWER[letter], unit, row)
    client, seen = county.clients["clerk-a"], ""
    pages = [f"/u/{A}/duty/{duty_key(row)}" for row in LIVE.refresh().rows(A)]
    for page in [f"/u/{A}/", f"/u/{A}/print", *pages]:
        text = client.get(page).content.decode()
        assert not re.search(r"KANARI[BC]|w-(?:minzheng|shuiwu)-", text), page
        seen += text
    assert "KANARIAentry" in seen
