from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.gongkai.commands import gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path


def request(
    subject: str, received: str, answered: str | None, unit: str = "县民政局", **data: str
) -> list[dict[str, Any]]:
    events = [{"type": "request.received", "unit": unit, "subject": subject, "occurred_at": received, "data": data}]
    if answered is not None:
        events.append(
            {"type": "request.answered", "unit": unit, "subject": subject, "occurred_at": answered,
             "data": {"outcome": "granted"}}
        )  # fmt: skip
    return events


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    log = write_log(
        tmp_path / "log.jsonl",
        *request("一", "2023-03-01", "2023-03-02", applicant="自然人", channel="当面"),  # 1 working day
        *request("二", "2023-03-01", "2023-03-08", channel="当面"),  # 5
        *request("三", "2023-03-01", "2023-04-04", channel="<b>鸽子</b>"),  # 24: late
        *request("四", "2023-05-08", None, unit="县财政局"),  # overdue
        *request("五", "2023-12-25", None, unit="县财政局"),  # open
    )
    out = tmp_path / "out"
    assert gongkai(capsys, "evaluate", "--events", log, "--as-of", "2023-12-31", "--out", out).status == 0
    return out


def test_requests_are_counted_by_month_channel_outcome_and_unit(folder: Path) -> None:
    page = (folder / "requests.html").read_text(encoding="utf-8")
    assert 'href="requests.html"' in (folder / "index.html").read_text(encoding="utf-8")
    cards = re.findall(r'<li class="\w+"><b>([^<]*)</b>', page)
    # received, answered, in time (2 of 4 judged), open, overdue, median of 1, 5, 24, nine in ten
    assert cards == ["5", "3", "50%", "2", "1", "5", "24"]
    described = re.findall(r"<desc[^>]*>([^<]*)</desc>", page)
    assert described[0] == "2023-03：3件；2023-05：1件；2023-12：1件"
    assert described[1] == "没有登记：2件；当面：2件；&lt;b&gt;鸽子&lt;/b&gt;：1件"
    assert described[3] == "予以公开：3件"
    assert described[4] == "5个工作日以内：2件；6至10个：0件；11至15个：0件；16至20个：0件；21至40个：1件"
    rows = {row[0]: row[1:] for row in (re.findall(r">([^<>]+)</t[hd]>", one) for one in page.split("<tr>"))
            if row}  # fmt: skip
    assert rows["县民政局"] == ["3", "3", "66.7%", "0", "0", "5", "24"]
    assert rows["县财政局"] == ["2", "0", "0%", "2", "1", "–", "–"]
    assert "<script" not in page


def test_nothing_is_shown_where_there_were_no_requests(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = write_log(tmp_path / "log.jsonl", {"type": "training.held", "unit": "县民政局", "occurred_at": "2023-05-10"})
    out = tmp_path / "out"
    assert gongkai(capsys, "evaluate", "--events", log, "--as-of", "2023-12-31", "--out", out).status == 0
    assert not (out / "requests.html").exists()
    assert "requests.html" not in (out / "index.html").read_text(encoding="utf-8")


def test_open_requests_are_listed_by_days_left_with_what_was_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unit = {"unit": "县财政局"}
    log = write_log(
        tmp_path / "log.jsonl",
        *request("已答", "2023-03-01", "2023-03-02"),
        *request("已答", "2023-03-01", None),  # logged twice: one request
        *request("早", "2023-05-08", None, **unit),
        *request("晚", "2023-12-25", None, **unit),
        *request("等", "2023-12-20", None, **unit),
        {"type": "request.third_party_asked", "subject": "等", "occurred_at": "2023-12-28", **unit},
        *request("延", "2023-12-01", None, **unit),
        {
            "type": "request.extended",
            "subject": "延",
            "occurred_at": "2023-12-27",
            "data": {"working_days": 20, "approved": True, "notified": True},
            **unit,
        },
    )
    out = tmp_path / "out"
    assert gongkai(capsys, "evaluate", "--events", log, "--as-of", "2023-12-31", "--out", out).status == 0
    page = (out / "requests.html").read_text(encoding="utf-8")
    cards = re.findall(r'<li class="\w+"><b>([^<]*)</b>', page)
    assert cards[:5] == ["5", "1", "50%", "4", "1"]
    table = page[page.index('id="waiting"') : page.index('class="charts"')]
    rows = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in table.split("<tr>")[2:]]
    assert [row[1] for row in rows] == ["早", "晚", "延", "等"]
    assert rows[0][4].startswith("已逾期")
    assert rows[1][4] == "16"
    assert rows[2][5] == "延期答复"
    assert (rows[3][4], rows[3][5]) == ("29", "征求意见（不计入期限）"), "silence stops it for 15 days"
    said = dict(
        zip(
            re.findall(r"<figcaption>([^<]*)</figcaption>", page),
            re.findall(r"<desc[^>]*>([^<]*)</desc>", page),
            strict=True,
        )
    )
    assert said["按月的按期答复率（%）"] == "2023-03：100%；2023-05：0%"
    assert said["按期答复率不到100%的单位（%）"] == "县财政局：0%"
    assert said["延期、中止计算和补正"] == "延期答复：1件；征求意见（不计入期限）：1件；告知补正：0件"
