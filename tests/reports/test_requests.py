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
