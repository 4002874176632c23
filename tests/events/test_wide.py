from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from events.layouts import load_layouts
from events.problems import Where
from events.read import read_events
from events.sheets.headings import Headings
from events.vocabulary import load_vocabulary
from gongkai.files.mapping import load_mappings
from gongkai.options import DEFAULT_UNITS
from rules.loading.registry import load_registry
from tests.events.reading import codes, column, csv_file, only, read, xlsx

if TYPE_CHECKING:
    from events.read import ReadResult

OFFICES = Path(__file__).parents[1] / "data" / "offices"
HEAD = ("序号", "收到日期", "申请方式", "答复日期", "答复结果")
ROWS = [(1, "2023-02-06", "邮寄", "2023-02-24", "予以公开"), (2, "2023-04-11", "网上", "", "")]


def _told(log: ReadResult) -> list[tuple[Any, ...]]:
    rows = zip(*(column(log, name) for name in ("type", "subject", "occurred_at", "place")), strict=True)
    return sorted((kind, subject, str(day.date()), place) for kind, subject, day, place in rows)


def test_the_register_of_requests_of_an_office_is_read_as_it_is() -> None:
    registry, _ = load_registry(DEFAULT_UNITS)
    assert registry is not None
    log = read_events([OFFICES / "wide-register.xlsx"], registry)
    assert codes(log) == ["assumed-value", "row-passed-over"]
    assert set(column(log, "unit")) == {"sifa"}
    sheet = "依申请公开登记台账!"
    assert _told(log) == [
        ("request.answered", "2023-1", "2023-02-24", f"{sheet}J4"),
        ("request.answered", "2023-2", "2023-05-17", f"{sheet}J5"),
        ("request.answered", "2023-3", "2023-09-11", f"{sheet}J6"),
        ("request.corrected", "2023-2", "2023-04-20", f"{sheet}H5"),
        ("request.correction_asked", "2023-2", "2023-04-13", f"{sheet}G5"),
        ("request.extended", "2023-3", "2023-08-28", f"{sheet}I6"),
        ("request.received", "2023-1", "2023-02-06", f"{sheet}E4"),
        ("request.received", "2023-2", "2023-04-11", f"{sheet}E5"),
        ("request.received", "2023-3", "2023-08-01", f"{sheet}E6"),
    ]
    kinds = zip(column(log, "type"), column(log, "data.outcome"), column(log, "data.channel"), strict=True)
    assert [one for one in kinds if one[1] or one[2]][:4] == [
        ("request.received", None, "post"),
        ("request.received", None, "internet"),
        ("request.received", None, "in_person"),
        ("request.answered", "granted", None),
    ]


def test_a_mapping_makes_several_events_of_a_row_and_a_blank_date_did_not_happen(tmp_path: Path) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text(
        "columns:\n"
        "  登记号: subject\n"
        "  来函: {event: 收到申请, date: true, 怎么来的: channel}\n"
        "  回函: {event: request.answered, date: true, 怎么答的: outcome}\n"
        "constants: {unit: 县民政局}\n",
        encoding="utf-8",
    )
    found, problems = load_mappings([mapping])
    assert problems == ()
    rows = [
        ("登记号", "来函", "怎么来的", "回函", "怎么答的"),
        ("甲1", "2023-02-06", "邮寄", "2023-02-24", "公开"),
        ("甲2", "2023-03-06", "当面", "未答复", ""),
        ("甲3", "2023-03-07", "当面", "", "不予公开"),
    ]
    log = read(csv_file(tmp_path / "log.csv", rows), mapping=found)
    assert [one[:3] for one in _told(log)] == [
        ("request.answered", "甲1", "2023-02-24"),
        ("request.received", "甲1", "2023-02-06"),
        ("request.received", "甲2", "2023-03-06"),
        ("request.received", "甲3", "2023-03-07"),
    ]
    told = only(log)
    assert (told.code, told.where.line, told.where.column, told.severity) == ("not-finished", 4, 5, "warning")


@pytest.mark.parametrize(
    ("entry", "value", "hint"),
    [
        ("{date: true}", "回函", "event"),
        ("{event: 答付申请, date: true}", "答付申请", "答复申请"),
        ("{event: 答复申请, date: 答复日期}", None, "日期"),
        ("{event: 答复申请, date: true, 结果: outcom}", "outcom", "outcome"),
        ("{event: 答复申请, constants: {outcom: 公开}}", "outcom", "outcome"),
    ],
)
def test_a_mistake_in_a_column_that_makes_an_event_is_told(
    tmp_path: Path, entry: str, value: str | None, hint: str
) -> None:
    mapping = tmp_path / "m.yaml"
    mapping.write_text(f"columns:\n  回函: {entry}\n", encoding="utf-8")
    found, [problem] = load_mappings([mapping])
    assert (found, problem.code, problem.where.line, problem.value) == (None, "bad-mapping", 2, value)
    assert hint in problem.cure.zh


def test_a_register_without_its_unit_is_told_how_to_say_it(tmp_path: Path) -> None:
    bare = only(read(csv_file(tmp_path / "log.csv", [HEAD, *ROWS])))
    assert (bare.code, bare.severity) == ("missing-column", "error")
    assert "填报单位" in bare.cure.zh
    titled = read(csv_file(tmp_path / "b.csv", [("依申请公开登记簿",), ("填报单位：县民政局（盖章）",), HEAD, *ROWS]))
    assert (codes(titled), len(_told(titled))) == ([], 3)
    beside = read(csv_file(tmp_path / "c.csv", [("填报单位", "县民政局"), HEAD, *ROWS]))
    assert (codes(beside), set(column(beside, "unit"))) == ([], {"minzheng"})


def test_a_date_that_cannot_be_read_is_told_by_its_cell_and_the_other_dates_are_read(tmp_path: Path) -> None:
    rows = [("填报单位：县民政局",), HEAD, (1, "2023-02-06", "", "2月24日", "公开")]
    log = read(xlsx(tmp_path / "log.xlsx", rows))
    assert [(one.code, one.where.cell) for one in log.problems] == [("bad-date", "D3")]
    assert column(log, "type") == ["request.received"]


def test_a_row_without_the_day_that_it_begins_with_is_told_by_that_cell(tmp_path: Path) -> None:
    head = ("单位", "申请编号", "收到日期", "答复日期")
    rows = [
        head,
        ("县民政局", "甲", "", "2023-03-01"),
        ("县民政局", "乙", "/", ""),
        ("县民政局", "丙", "2023-03-02", ""),
    ]
    told = only(read(csv_file(tmp_path / "log.csv", rows)))
    assert (told.code, told.where.line, told.where.column, told.severity) == ("not-finished", 2, 3, "warning")
    assert "收到日期" in told.cure.zh


def test_a_document_is_normative_where_the_register_says_so(tmp_path: Path) -> None:
    head = ("文号", "文件名称", "印发日期", "解读日期", "解读形式")
    row = ("金民字〔2023〕5号", "低保标准", "2023-03-15", "2023-03-17", "文字、图片")
    plain = read(csv_file(tmp_path / "文件.csv", [("填报单位：县民政局",), head, row]))
    assert column(plain, "data.normative") == [None, None]
    titled = read(csv_file(tmp_path / "a.csv", [("县民政局规范性文件台账",), ("填报单位：县民政局",), head, row]))
    assert dict(zip(column(titled, "type"), column(titled, "data.normative"), strict=True)) == {
        "policy.issued": True,
        "policy.interpreted": None,
    }
    assert column(titled, "data.forms") == [None, ["text", "picture"]]


def test_every_layout_of_the_product_speaks_the_words_of_the_log() -> None:
    vocabulary = load_vocabulary()
    for layout in load_layouts():
        assert Headings(vocabulary, layout).wrong_targets(Where(layout.source)) == ()
        assert {one.heading for one in layout.events} >= set(layout.recognised_by)
        for event in layout.events:
            kind = vocabulary.find_type(event.event)
            assert kind is not None, event
            names = [vocabulary.find_attribute(name) for name in (*event.fields.values(), *event.constants)]
            assert all(name is not None and vocabulary.has(kind, name) for name in names), event


def test_a_mapping_belongs_to_its_file() -> None:
    columns = {"工作事项": "type", "办理时间": "occurred_at", "文件名称或文号": "subject"}
    mapping = {"columns": columns, "constants": {"unit": "县民政局"}, "types": {"培训": "training.held"}}
    log = read(OFFICES / "nounit.csv", mapping=mapping)
    assert (codes(log), log.table.num_rows) == (["mapping-of-another-file", "missing-value"], 0)


def test_a_unit_for_all_rows_is_not_given_to_a_second_file(tmp_path: Path) -> None:
    rows = [("编号", "日期"), ("1", "2023-07-14")]
    one, other = csv_file(tmp_path / "a.csv", rows), csv_file(tmp_path / "b.csv", [rows[0], ("2", "2023-07-15")])
    constants = {"type": "training.held", "unit": "县民政局"}
    log = read(one, other, mapping={"constants": constants})
    assert (codes(log), column(log, "id")) == (["mapping-of-another-file", "missing-column"], ["1"])
    both = read(one, other, mapping={"constants": constants, "files": ["?.csv"]})
    assert (codes(both), column(both, "id")) == ([], ["1", "2"])


def test_several_mappings_are_each_for_their_file(tmp_path: Path) -> None:
    texts = {
        "a.yaml": "files: a*.csv\ncolumns: {谁: unit, 何时: occurred_at}\nconstants: {type: training.held}\n",
        "b.yaml": "columns: {单位名: unit, 几号: occurred_at, 何时: ignore}\nconstants: {type: leading_group.met}\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found, problems = load_mappings([tmp_path / name for name in texts])
    assert problems == ()
    one = csv_file(tmp_path / "a1.csv", [("谁", "何时"), ("县民政局", "2023-07-14")])
    other = csv_file(tmp_path / "c.csv", [("单位名", "几号"), ("金乡街道", "2023-07-15")])
    log = read(one, other, mapping=found)
    assert codes(log) == []
    assert column(log, "type") == ["training.held", "leading_group.met"]


def test_a_unit_for_all_rows_that_contradicts_the_table_is_refused(tmp_path: Path) -> None:
    rows = [("填报单位：金乡街道",), ("编号", "类型", "日期"), ("1", "培训", "2023-07-14")]
    path = csv_file(tmp_path / "log.csv", rows)
    problem = only(read(path, mapping={"constants": {"unit": "县民政局"}}))
    assert (problem.code, problem.where.line, problem.value) == ("constant-contradicts", 1, "金乡街道")
    assert column(read(path), "unit") == ["jinxiang-jiedao"]
