from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.console.world import A

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.test import Client

    from tests.console.world import World

HEAD = ("类型", "主题", "发生日期", "标题")
ONE = ("业务培训", "", "2023-08-01", "第一次")
TWO = ("政府信息公开", "一条信息", "2023-08-02", "原标题")
THREE = ("政府信息公开", "又一条", "2023-08-03", "三")


def workbook(rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("台账")
    for number, cells in enumerate([head, *rows]):
        sheet.write_row(number, 0, cells)
    book.close()
    return out.getvalue()


def send(client: Client, content: bytes, name: str = "台账.xlsx") -> int:
    """Upload a workbook and return the number of its submission."""
    answer = client.post(f"/u/{A}/upload/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 303, answer.content.decode()
    return int(answer["Location"].split("/submissions/")[1].split("/")[0])


def rows_of(number: int) -> list[dict[str, Any]]:
    from gongkai.console.models.store import submissions

    rows: list[dict[str, Any]] = submissions().get(unit=A, number=number).rows
    return rows


def enter(world: World, number: int) -> None:
    """Take a submission all the way."""
    from gongkai.console.entry import states
    from gongkai.console.entry.post import enter as post
    from gongkai.console.models.store import submissions

    one = submissions().get(unit=A, number=number)
    assert world.client("clerk-a").post(f"/u/{A}/submissions/{number}/submit").status_code == 303
    assert post(states.take(world.people["reviewer-a"], one, "approve")) == ()


def test_a_sheet_sent_again_is_a_difference(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    LIVE.refresh()
    clerk = world.client("clerk-a")
    first = send(clerk, workbook([ONE, TWO, THREE]))
    enter(world, first)
    LIVE.refresh()
    again = send(clerk, workbook([ONE, TWO, THREE]))
    assert rows_of(again) == []
    changed = ("政府信息公开", "一条信息", "2023-08-02", "新标题")
    added = ("政府信息公开", "第四条", "2023-08-04", "四")
    second = send(clerk, workbook([ONE, changed, added]))
    found = [(row.get("corrects"), row.get("retracts"), row.get("data.title")) for row in rows_of(second)]
    assert found == [(None, None, "四"), (f"w-{A}-{first}-2", None, "新标题")]
    page = clerk.get(f"/u/{A}/submissions/{second}/grid").content.decode()
    assert f"w-{A}-{first}-3" in page
    clerk.post(f"/u/{A}/submissions/{second}/grid", {"gone": f"w-{A}-{first}-3", "finish": "1"})
    assert [row.get("retracts") for row in rows_of(second)] == [None, None, f"w-{A}-{first}-3"]
    enter(world, second)
    LIVE.refresh()
    third = send(clerk, workbook([ONE, changed, added]))
    assert rows_of(third) == []


def test_mistakes_are_shown_in_their_cells_and_mended_there(world: World) -> None:
    clerk = world.client("clerk-a")
    number = send(clerk, workbook([("没有这种事", "x", "2023-08-41", "一"), ("没有这种事", "y", "2023-08-02", "二")]))
    page = clerk.get(f"/u/{A}/submissions/{number}/grid").content.decode()
    assert 'name="cell:台账!A2"' in page
    assert 'name="cell:台账!C2"' in page
    assert clerk.post(f"/u/{A}/submissions/{number}/submit").status_code == 422
    book = openpyxl.load_workbook(io.BytesIO(clerk.get(f"/u/{A}/submissions/{number}/problems.xlsx").content))
    cells = [row[1].value for row in book.active.iter_rows(min_row=2)] if book.active else []
    assert cells == ["A2", "C2", "A3"]
    form = {"cell:台账!A2": "业务培训", "cell:台账!A3": "业务培训", "cell:台账!C2": "2023年8月1日", "finish": "1"}
    answer = clerk.post(f"/u/{A}/submissions/{number}/grid", form)
    assert (answer.status_code, answer["Location"]) == (303, f"/u/{A}/submissions/{number}/")
    assert clerk.post(f"/u/{A}/submissions/{number}/submit").status_code == 303


def test_a_column_that_is_chosen_by_hand_is_remembered(world: World) -> None:
    clerk = world.client("clerk-a")
    head = ("类型", "啥事", "发生日期", "标题")
    number = send(clerk, workbook([TWO], head))
    assert not any("subject" in row for row in rows_of(number))
    clerk.post(f"/u/{A}/submissions/{number}/grid", {"col:啥事": "subject", "check": "1"})
    assert [row["subject"] for row in rows_of(number)] == ["一条信息"]
    again = send(clerk, workbook([THREE], head), "另一份.xlsx")
    assert [row["subject"] for row in rows_of(again)] == ["又一条"]


def test_rows_of_another_unit_and_days_of_entry_are_refused(world: World) -> None:
    clerk = world.client("clerk-a")
    number = send(clerk, workbook([(*ONE, "县民政局")], (*HEAD, "单位")))
    assert "不是本单位" in clerk.get(f"/u/{A}/submissions/{number}/grid").content.decode()
    assert clerk.post(f"/u/{A}/submissions/{number}/submit").status_code == 422
    number = send(clerk, workbook([(*ONE, "2023-01-01")], (*HEAD, "登记日期")))
    assert "登记日期由控制台写" in clerk.get(f"/u/{A}/submissions/{number}/grid").content.decode()
    assert clerk.post(f"/u/{A}/submissions/{number}/submit").status_code == 422
    clerk.post(f"/u/{A}/submissions/{number}/grid", {"col:登记日期": "ignore", "check": "1"})
    assert clerk.post(f"/u/{A}/submissions/{number}/submit").status_code == 303


def test_personal_numbers_in_a_sheet_are_refused(world: World) -> None:
    clerk = world.client("clerk-a")
    number = send(clerk, workbook([("业务培训", "", "2023-08-01", "联系张三13812345678")]))
    assert "手机号码" in clerk.get(f"/u/{A}/submissions/{number}/grid").content.decode()
    assert clerk.post(f"/u/{A}/submissions/{number}/submit").status_code == 422


def test_what_is_no_workbook_is_refused(world: World) -> None:
    clerk = world.client("clerk-a")
    for content in (b"", b"a,b\n1,2\n", b"%PDF-1.7", b"PK\x03\x04nonsense"):
        answer = clerk.post(f"/u/{A}/upload/", {"file": SimpleUploadedFile("x.xlsx", content)})
        assert answer.status_code == 422


def test_a_foreign_entry_cannot_be_corrected_by_a_sheet(world: World) -> None:
    from gongkai.console.live.thread import LIVE

    world.entered("clerk-b", "reviewer-b", "minzheng")
    LIVE.refresh()
    clerk = world.client("clerk-a")
    number = send(clerk, workbook([(*ONE, "w-minzheng-1-1")], (*HEAD, "更正编号")))
    assert clerk.post(f"/u/{A}/submissions/{number}/submit").status_code == 422
