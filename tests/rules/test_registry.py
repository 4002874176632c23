from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from pathlib import Path

    from rules.units import Registry

HEAD = "county: {id: test, name: 测试县}\n"


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("县发展和改革委员会", "fagai"),
        ("县发改局", "fagai"),
        ("金乡县人民政府办公室", "zhengfuban"),
        ("县政府办", "zhengfuban"),
        ("肖云镇", "xiaoyun"),
        ("金乡县羊山镇人民政府", "yangshan"),
        ("金乡街道办事处", "jinxiang-jiedao"),
        (" 县 民政局 ", "minzheng"),
        ("minzheng", "minzheng"),
        ("金乡县肖云中心卫生院", "xiaoyun-weishengyuan"),
        ("民政局", "minzheng"),
        ("发改委", "fagai"),
        ("金乡县司马镇", "sima"),
    ],
)
def test_units_are_found_by_any_of_their_names(registry: Registry, name: str, unit: str) -> None:
    assert registry.find(name) == unit


def test_a_short_name_that_two_units_could_have_is_nobodys(tmp_path: Path) -> None:
    file = tmp_path / "units.yaml"
    first = "{id: a, name: 县民政局, sort: department}"
    second = "{id: b, name: 测试县第二民政局, aliases: [测试县民政局], sort: department}"
    file.write_text(f"{HEAD}units: [{first}, {second}]\n", encoding="utf-8")
    registry, problems = load_registry(file)
    assert registry is not None
    assert not problems
    assert registry.find("县民政局") == "a"
    assert registry.find("测试县民政局") == "b"
    assert registry.find("民政局") is None


def test_the_county_has_the_units_of_the_notice(registry: Registry) -> None:
    sizes = {group: len(members) for group, members in registry.groups.items()}
    assert sizes["departments"] == 28
    assert sizes["towns"] == 13
    assert sizes["zones"] == 3
    assert sizes["institutions"] == 39
    assert sizes["units"] == 41
    assert registry.groups["各镇街"] == registry.groups["towns"]
    assert [unit.id for unit in registry.units if unit.evaluates] == ["zhengfuban"]
    assert registry.unit("gongdian").supervisor == "fagai"


def test_every_institution_has_a_supervisor(registry: Registry) -> None:
    supervisors = {unit.supervisor for unit in registry.units if unit.sort == "institution"}
    assert supervisors == {"jiaoti", "weijian", "shuiwu", "fagai", "zhujian", "jiaotong"}


def _problems(tmp_path: Path, text: str) -> list[tuple[str, int | None, int | None, str]]:
    path = tmp_path / "units.yaml"
    path.write_text(text, encoding="utf-8")
    found, problems = load_registry(path)
    assert found is None
    return [(problem.code, problem.where.line, problem.where.column, problem.cure.en) for problem in problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "units:\n  - {id: a, name: 县民政局, sort: department}\n  - {id: b, name: 县 民政局, sort: department}\n",
            ("duplicate-name", 4, 19, "Keep it in one place"),
        ),
        ("units:\n  - {id: A_b, name: 县民政局, sort: department}\n", ("bad-value", 3, 10, "It has to match")),
        (
            "units:\n  - {id: a, name: 县民政局, sort: departement}\n",
            ("bad-value", 3, 31, "Did you mean 'department'?"),
        ),
        (
            "units:\n  - {id: a, name: 县民政局, sort: department}\ngroups:\n  g: [县民政]\n",
            ("unknown-unit", 5, 7, "Did you mean '县民政局'?"),
        ),
        (
            "units:\n  - {id: a, name: 县民政局, sort: department}\ngroups:\n  g: [h]\n  h: [g]\n",
            ("group-cycle", 6, 7, "Name the units"),
        ),
        (
            "units:\n  - {id: a, name: 县民政局, sort: department}\ngroups:\n  towns: [a]\n",
            ("duplicate-name", 5, 3, "Choose another name"),
        ),
        (
            "units:\n  - {id: a, name: 县民政局, sort: department, supervisor: 水务}\n",
            ("unknown-unit", 3, 55, "Add it to units first"),
        ),
        (
            "units:\n  - {id: a, name: 县民政局, sort: department, alias: [x]}\n",
            ("unknown-key", 3, 43, "Did you mean 'aliases'?"),
        ),
        ("units: []\n", ("bad-value", 2, 8, "Add what is missing")),
    ],
)
def test_mistakes_are_problems_at_their_place(tmp_path: Path, text: str, expected: tuple[str, int, int, str]) -> None:
    code, line, column, cure = expected
    found = _problems(tmp_path, HEAD + text)
    assert any((each[0], each[1], each[2]) == (code, line, column) and each[3].startswith(cure) for each in found), (
        found
    )


def test_groups_may_contain_groups_and_chinese_names(tmp_path: Path) -> None:
    path = tmp_path / "units.yaml"
    path.write_text(
        HEAD
        + "units:\n  - {id: a, name: 甲局, sort: department}\n  - {id: b, name: 乙镇, sort: town}\n"
        + "groups:\n  全部: [半数, departments]\n  半数: [乙镇]\n",
        encoding="utf-8",
    )
    found, problems = load_registry(path)
    assert problems == ()
    assert found is not None
    assert found.groups["全部"] == ("a", "b")
    assert found.members(("半数",)) == ("b",)
