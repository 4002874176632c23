"""Numbers shared out among owners, units chosen by attributes of the registry, and different values counted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from engine.kinds import KINDS
from rules.loading.registry import load_registry
from rules.schema import rules_schema
from tests.gongkai.commands import gongkai

if TYPE_CHECKING:
    from pathlib import Path

UNITS = """\
county: {id: xx, name: 某县}
units:
  - {id: shangwu, name: 县商务局, sort: department, tags: [产业]}
  - {id: gongxin, name: 县工信局, sort: department, tags: [产业]}
  - {id: weijian, name: 县卫健局, sort: department, evaluates: true}
  - {id: hexi, name: 河西镇, sort: town, tags: [沿河]}
  - {id: hedong, name: 河东街道, sort: subdistrict, tags: [沿河]}
  - {id: shan, name: 山口镇, sort: town}
  - {id: yuan, name: 县医院, sort: institution, supervisor: 县卫健局}
"""
TEXT = "全年新增就业3000人，公开课不少于10次，解读采用3种形式。"
RULE: dict[str, Any] = {"clause": "1", "title": {"zh": "一条"}, "quote": "全年新增就业3000人"}
REACH = {
    "id": "1.jobs",
    "kind": "reach",
    "reported": {"event": "indicator.reported", "where": {"indicator": "就业"}},
    "target": 3000,
    "figure": {"zh": "人"},
    "by": "2024-12-31",
}
COUNT = {"id": "1.lessons", "kind": "count", "counted": "training.held", "at_least": 10}


def book(folder: Path, *rules: dict[str, Any]) -> tuple[Path, Path]:
    """Write a book of these rules, and the registry."""
    home = folder / "shares-2024"
    home.mkdir()
    clause = {"id": "1", "section": "一", "text": TEXT, "numbers": {"3": {"zh": "形式"}, "10": {"zh": "次"}}}
    entry = {
        "id": "shares-2024",
        "title": {"zh": "试"},
        "document": "某政〔2024〕1号",
        "issued_on": "2024-01-02",
        "in_force": {"from": "2024-01-01", "to": "2024-12-31"},
        "source": "source.txt",
        "clauses": [clause],
    }
    (home / "book.yaml").write_text(yaml.safe_dump(entry, allow_unicode=True), "utf-8")
    (home / "source.txt").write_text(TEXT, "utf-8")
    (home / "rules.yaml").write_text(
        yaml.safe_dump({"rules": [RULE | one for one in rules]}, allow_unicode=True), "utf-8"
    )
    (folder / "units.yaml").write_text(UNITS, "utf-8")
    return home, folder / "units.yaml"


def verdicts(
    folder: Path, capsys: pytest.CaptureFixture[str], events: list[dict[str, Any]], *rules: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return the verdict of each unit on the log of a year."""
    home, units = book(folder, *rules)
    lines = [json.dumps({"id": str(number), **one}, ensure_ascii=False) for number, one in enumerate(events)]
    (folder / "log.jsonl").write_text("\n".join(lines), "utf-8")
    ask = ("evaluate", "--book", home, "--units", units, "--events", folder / "log.jsonl", "--as-of", "2024-12-31")
    outcome = gongkai(capsys, *ask, "--no-reports", "--out", folder / "out")
    assert outcome.status == 0, outcome.err
    rows = [json.loads(line) for line in (folder / "out" / "verdicts.jsonl").read_text("utf-8").splitlines()]
    return {row["unit"]: row for row in rows}


def figure(unit: str, value: int) -> dict[str, Any]:
    return {
        "type": "indicator.reported",
        "unit": unit,
        "occurred_at": "2024-11-30",
        "data": {"indicator": "就业", "value": value},
    }


def test_each_owner_owes_its_own_part_of_the_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = REACH | {"owed_by": ["县商务局", "县工信局"], "shares": {"县商务局": "40%", "县工信局": 1800}}
    found = verdicts(tmp_path, capsys, [figure("县商务局", 1200), figure("县工信局", 1799)], rule)
    assert {name: (row["status"], row["required"]) for name, row in found.items()} == {
        "shangwu": ("met", 1200),
        "gongxin": ("violated", 1800),
    }


def test_a_share_of_a_number_of_events_is_rounded_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rule = COUNT | {"owed_by": ["县商务局", "县工信局"], "shares": {"县商务局": "25%", "县工信局": "75%"}}
    found = verdicts(tmp_path, capsys, [], rule)
    assert {name: row["required"] for name, row in found.items()} == {"shangwu": 3, "gongxin": 8}


@pytest.mark.parametrize(
    ("more", "code", "errors"),
    [
        ({"owed_by": ["县商务局"], "shares": {"县工信局": 3000}}, "bad-value", 1),
        ({"owed_by": ["县商务局"], "shares": {"县商务局": "140%"}}, "bad-value", 1),
        ({"owed_by": ["县商务局"], "shares": {"县商务局": 3000}, "jointly": True}, "bad-value", 1),
        (
            {"owed_by": ["县商务局", "departments"], "shares": {"县商务局": 1, "departments": 2}},
            "shares-twice",
            1,
        ),
        (
            {"owed_by": ["县商务局", "县工信局"], "shares": {"县商务局": 1000, "县工信局": 1900}},
            "shares-sum",
            0,
        ),
        ({"owed_by": {"tag": "沿江"}}, "unknown-unit", 1),
        ({"owed_by": {"sort": "village"}}, "unknown-unit", 1),
    ],
)
def test_shares_and_choices_that_do_not_fit_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: dict[str, Any], code: str, errors: int
) -> None:
    home, units = book(tmp_path, REACH | more)
    outcome = gongkai(capsys, "rules", "check", "--book", home, "--units", units)
    assert f"[{code}]" in outcome.err, outcome.err
    assert f"错误{errors}处" in outcome.out


@pytest.mark.parametrize(
    ("owner", "units"),
    [
        ({"sort": "town"}, {"hexi", "shan"}),
        ("sort:town", {"hexi", "shan"}),
        ({"tag": "沿河"}, {"hexi", "hedong"}),
        ({"sort": "town", "tag": "沿河"}, {"hexi"}),
        ([{"tag": "产业"}, "山口镇"], {"shangwu", "gongxin", "shan"}),
        ({"supervisor": "县卫健局"}, {"yuan"}),
    ],
)
def test_a_rule_binds_units_by_what_the_registry_says_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], owner: object, units: set[str]
) -> None:
    assert set(verdicts(tmp_path, capsys, [], COUNT | {"owed_by": owner})) == units


def test_a_group_of_the_registry_may_choose_by_attributes(tmp_path: Path) -> None:
    path = tmp_path / "units.yaml"
    path.write_text(UNITS + "groups:\n  river: ['tag:沿河', 县商务局]\n", "utf-8")
    registry, problems = load_registry(path)
    assert not problems
    assert registry is not None
    assert registry.members(("river",)) == ("shangwu", "hexi", "hedong")


def interpreted(day: str, forms: list[str] | None) -> dict[str, Any]:
    data = {} if forms is None else {"data": {"forms": forms}}
    return {"type": "policy.interpreted", "unit": "县商务局", "subject": day, "occurred_at": day, **data}


@pytest.mark.parametrize(
    ("events", "status", "measured"),
    [
        ([interpreted("2024-03-01", ["text", "picture"]), interpreted("2024-05-01", ["text", "video"])], "met", 3),
        ([interpreted("2024-03-01", ["text"]), interpreted("2024-05-01", ["text"])], "violated", 1),
        ([interpreted("2024-03-01", ["text", "picture"]), interpreted("2024-05-01", None)], "unassessed", 2),
    ],
)
def test_different_values_of_an_attribute_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], events: list[dict[str, Any]], status: str, measured: int
) -> None:
    """Three forms of interpretation, in however many acts; an act whose forms nobody recorded may be of any."""
    rule = {
        "id": "1.forms",
        "kind": "count",
        "owed_by": "县商务局",
        "counted": "政策解读",
        "distinct": {"attribute": "解读形式"},
        "at_least": 3,
    }
    row = verdicts(tmp_path, capsys, events, rule)["shangwu"]
    assert (row["status"], row["measured"]) == (status, measured)
    assert "3种" in row["reason"]
    assert "次" not in row["reason"]


def test_the_schema_takes_the_short_and_the_long_forms() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = rules_schema(KINDS)
    for more in ({"owed_by": {"sort": "town"}}, {"owed_by": ["a", {"tag": "b"}], "distinct": {"attribute": "topics"}}):
        jsonschema.validate({"rules": [RULE | COUNT | more]}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"rules": [RULE | COUNT | {"owed_by": {"colour": "red"}}]}, schema)
