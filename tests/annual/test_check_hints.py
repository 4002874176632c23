"""The hints on a report: figures in force (A6), fees against section six (A10), last year's text again (A11)."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Checks = dict[tuple[str, str], dict[str, Any]]
    Check = Callable[..., tuple[int, Checks]]

IN_FORCE = ("规章·现行有效件数", "行政规范性文件·现行有效件数")
HEADS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
OVERALL = (
    "全年围绕重点领域公开，修订了公开目录和办事指南，组织各镇街核对栏目，清理过期链接，补齐了征地补偿和义务教育的信息，"
    "公开平台改版上线，政务新媒体按周更新，政策解读配了图解和问答。"
)
PROBLEMS = (
    "基层站所报送不及时，解读形式单一，部分文件没有标注有效性。下一步按季度通报更新情况，培训各单位联络员，"
    "把公开属性的审查放进公文流程，并请群众代表评议公开的内容。"
)


def report(path: Path, year: int, *, two: Sequence[Sequence[object]] = (), **sections: str) -> Path:
    """Write a report as CSV: table two, the two first rows of table three, and sections by name (`s5="…"`)."""
    rows: list[Sequence[object]] = [[f"{year}年政府信息公开工作年度报告"]]
    for number, head in enumerate(HEADS, start=1):
        rows.append([head])
        if number == 2:
            rows += [["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"], *two]
        if number == 3:
            rows.append(
                ["", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"],
            )
            rows.append(["一、本年新收政府信息公开申请数量", 3, 0, 0, 0, 0, 0, 3])
        rows += [[text]] if (text := sections.get(f"s{number}")) else []
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def outcome(checks: Checks, check: str) -> dict[str, tuple[str, str]]:
    """Return status and level of a check's comparisons, by scope."""
    return {scope: (one["status"], one["level"]) for (name, scope), one in checks.items() if name == check}


def test_a6_what_is_in_force_goes_on_from_last_year(check: Check, tmp_path: Path) -> None:
    last = report(tmp_path / "2023.csv", 2023, two=[["规章", 0, 0, 4], ["行政规范性文件", 2, 0, 20]])
    this = tmp_path / "2024.csv"
    report(this, 2024, two=[["规章", 1, 2, 3], ["行政规范性文件", 5, 3, 23]])
    status, checks = check(this, "--last-year", last)
    assert status == 0
    rules, normative = IN_FORCE
    assert outcome(checks, "A6") == {rules: ("pass", "hint"), normative: ("fail", "hint")}
    assert "23+3≠20+5，相差1" in checks["A6", normative]["text"]
    assert [cell["value"] for cell in checks["A6", normative]["cells"]] == [23, 3, 20, 5]


@pytest.mark.parametrize(
    ("now", "before", "status"),
    [
        ((5, 3, 22), 20, "pass"),
        ((5, 3, 21), 20, "fail"),
        ((3, 5, 22), 20, "fail"),  # issued and repealed the wrong way round
        ((5, 3, 22), "", "uncertain"),
        (("", 3, 22), 20, "uncertain"),
    ],
)
def test_a6_counts_what_was_issued_and_repealed(
    now: tuple[object, ...], before: object, status: str, check: Check, tmp_path: Path
) -> None:
    last = report(tmp_path / "2023.csv", 2023, two=[["行政规范性文件", 2, 0, before]])
    this = report(tmp_path / "2024.csv", 2024, two=[["行政规范性文件", *now]])
    assert outcome(check(this, "--last-year", last)[1], "A6") == {IN_FORCE[1]: (status, "hint")}


def test_a6_needs_last_years_report_with_the_table(check: Check, tmp_path: Path) -> None:
    this = report(tmp_path / "2024.csv", 2024, two=[["行政规范性文件", 5, 3, 22]])
    assert outcome(check(this)[1], "A6") == {"": ("not_assessable", "error")}
    last = report(tmp_path / "2023.csv", 2023)
    assert outcome(check(this, "--last-year", last)[1], "A6") == {"": ("not_assessable", "error")}


@pytest.mark.parametrize("nothing", ["无", "没有其他需要报告的事项。", "无其他事项", ""])
@pytest.mark.parametrize("place", ["s1", "s3"])
def test_a10_fees_and_nothing_to_report_contradict(place: str, nothing: str, check: Check, tmp_path: Path) -> None:
    said = {place: "全年收取信息处理费共计320元。", "s6": nothing}
    status, checks = check(report(tmp_path / "2024.csv", 2024, **said))
    assert status == 0, "a hint never makes a report wrong"
    assert outcome(checks, "A10") == {HEADS[5]: ("fail", "hint")}
    assert "320元" in checks["A10", HEADS[5]]["text"]


@pytest.mark.parametrize(
    ("fees", "other"),
    [
        ("全年收取信息处理费共计320元。", "本年收取信息处理费320元，已上缴国库。"),
        ("全年收取信息处理费0元。", "无"),
        ("全年没有收取信息处理费。", "无"),
        ("全年发放补贴320元。", "无"),
    ],
)
def test_a10_passes_over_what_does_not_contradict(fees: str, other: str, check: Check, tmp_path: Path) -> None:
    _, checks = check(report(tmp_path / "2024.csv", 2024, s3=fees, s6=other))
    assert outcome(checks, "A10") == {}


SCOPE = "一、五、六部分"


def texts(path: Path, year: int, overall: str, problems: str) -> Path:
    return report(path, year, s1=overall, s5=problems, s6="无")


def test_a11_last_years_text_with_other_figures_is_told(check: Check, tmp_path: Path) -> None:
    last = texts(tmp_path / "2023.csv", 2023, f"{OVERALL}发布信息812条。", PROBLEMS)
    this = texts(tmp_path / "2024.csv", 2024, f"{OVERALL}发布信息1 046条。", PROBLEMS)
    status, checks = check(this, "--last-year", last)
    assert status == 0, "a hint never makes a report wrong"
    assert outcome(checks, "A11") == {SCOPE: ("fail", "hint")}
    assert "100%相同" in checks["A11", SCOPE]["text"]


def test_a11_passes_a_text_of_its_own_and_what_is_too_short_to_tell(check: Check, tmp_path: Path) -> None:
    last = texts(tmp_path / "2023.csv", 2023, OVERALL, PROBLEMS)
    own = texts(tmp_path / "2024.csv", 2024, PROBLEMS[::-1], OVERALL[::-1])
    assert outcome(check(own, "--last-year", last)[1], "A11") == {SCOPE: ("pass", "hint")}
    short = texts(tmp_path / "short.csv", 2024, OVERALL[:60], "")
    shorter = texts(tmp_path / "shorter.csv", 2023, OVERALL[:60], "")
    assert outcome(check(short, "--last-year", shorter)[1], "A11") == {}
    assert outcome(check(own)[1], "A11") == {}


def test_a11_compares_the_parts_that_only_people_can_write(check: Check, tmp_path: Path) -> None:
    """Section two and three are in the form's own words, alike in every year."""
    same = f"{OVERALL}{PROBLEMS}{OVERALL}"
    own = {"s1": PROBLEMS[::-1], "s5": OVERALL[::-1]}
    last = report(tmp_path / "2023.csv", 2023, s1=OVERALL, s2=same, s3=same, s5=PROBLEMS)
    this = report(tmp_path / "2024.csv", 2024, s2=same, s3=same, **own)
    assert outcome(check(this, "--last-year", last)[1], "A11") == {SCOPE: ("pass", "hint")}
