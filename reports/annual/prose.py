"""The six sections of the report: the figures stand where figures belong, and what a person must write is a gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.annual.form import LAWSUITS, SECTIONS, TOTAL, four, three
from reports.annual.layout import shown

if TYPE_CHECKING:
    from reports.annual.report import AnnualReport

TABLES = {1: 0, 2: 1, 3: 2}
"""Which table stands in which section, both from 0."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A place where a person must write: what belongs there."""

    what: str

    def __str__(self) -> str:
        """Return the mark that stands in the text."""
        return f"【待填写：{self.what}】"


Paragraph = tuple[str | Hole, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its heading, its paragraphs, and which table stands in it."""

    heading: str
    paragraphs: tuple[Paragraph, ...]
    table: int | None = None


def title_of(report: AnnualReport) -> str:
    """Return the title of a report."""
    return f"{report.name}{report.year}年政府信息公开工作年度报告"


def opening(report: AnnualReport) -> str:
    """Return the paragraph before the sections: on what grounds, and for which time."""
    covers = "本报告由本级政府各部门、各乡镇（街道）的年度报告汇总而成。" if report.parts else ""
    year = report.year
    return (
        "本报告根据《中华人民共和国政府信息公开条例》第四十九条、第五十条的规定编制，由总体情况、主动公开政府信息情况、"
        "收到和处理政府信息公开申请情况、政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项"
        f"六部分组成。{covers}所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
    )


def sections_of(report: AnnualReport) -> tuple[Section, ...]:
    """Return the six sections in their order."""
    texts = (
        _overall(report),
        (),
        (),
        (),
        (
            (Hole("政府信息公开工作存在的主要问题，结合本单位实际，不与往年雷同"),),
            (Hole("上一年度问题的改进情况，以及本年度的改进措施"),),
        ),
        _other(report),
    )
    return tuple(
        Section(heading, paragraphs, TABLES.get(number))
        for number, (heading, paragraphs) in enumerate(zip(SECTIONS, texts, strict=True))
    )


def _figure(report: AnnualReport, key: str) -> str | Hole:
    """Return a figure of the tables, or a gap where it is blank."""
    value = report.cells.get(key)
    return shown(value) if value is not None else Hole(report.form.labels.get(key, key))


def _fact(report: AnnualReport, name: str, what: str) -> str | Hole:
    """Return a figure that the log counts besides the tables, or a gap where nothing of the sort was logged."""
    value = report.facts.get(name)
    return shown(value) if value is not None else Hole(what)


def _overall(report: AnnualReport) -> tuple[Paragraph, ...]:
    """Return section one: disclosure, requests, management, platforms, supervision."""
    published = _fact(report, "published", "主动公开政府信息的条数")
    return (
        (
            "（一）主动公开。本年度主动公开政府信息", published, "条，发布政策解读",
            _fact(report, "interpreted", "政策解读的件数"), "件", *_conferences(report), "。",
            Hole("重点领域信息公开的做法和成效"),
        ),
        ("（二）依申请公开。", *_requests(report), Hole("依申请公开工作的做法")),
        ("（三）政府信息管理。", *_management(report)),
        (
            "（四）平台建设。政务新媒体全年更新", _fact(report, "account_updates", "政务新媒体更新的次数"), "次。",
            Hole("政府网站、政务新媒体、政府公报、政务公开专区的建设情况"),
        ),
        (
            "（五）监督保障。本年度举办政务公开业务培训", _fact(report, "trainings", "业务培训的次数"), "次。",
            Hole("机构队伍和经费保障情况"), Hole("工作考核、社会评议和责任追究结果情况"),
        ),
    )  # fmt: skip


def _conferences(report: AnnualReport) -> Paragraph:
    """Return what is said of press conferences, where there were some: how many, and how many the head spoke at."""
    number = report.facts.get("press_conferences")
    if number is None:
        return ("，召开新闻发布会", Hole("新闻发布会的次数"), "次，其中主要负责同志参加", Hole("次数"), "次")
    headed = shown(report.facts.get("headed", 0))
    return (f"，召开新闻发布会{shown(number)}次，其中主要负责同志参加{headed}次",)


def _requests(report: AnnualReport) -> Paragraph:
    """Return what section one says of requests and disputes."""
    rows = {name: _figure(report, three(name, TOTAL)) for name in ("received", "carried_in", "handled", "carried_out")}
    return (
        "本年度新收政府信息公开申请", rows["received"], "件，上年结转", rows["carried_in"], "件；办理答复",
        rows["handled"], "件，结转下年度继续办理", rows["carried_out"], "件。因政府信息公开被申请行政复议",
        _figure(report, four("reconsideration", TOTAL)), f"件，被提起{LAWSUITS}", _lawsuits(report), "件。",
    )  # fmt: skip


def _lawsuits(report: AnnualReport) -> str | Hole:
    """Return how many lawsuits there were, brought at once and after a reconsideration."""
    values = [report.cells[four(kind, TOTAL)] for kind in ("direct_lawsuit", "lawsuit_after_reconsideration")]
    known = [value for value in values if value is not None]
    return shown(sum(known)) if len(known) == len(values) else Hole("行政诉讼的件数")


def _management(report: AnnualReport) -> Paragraph:
    """Return what section one says of documents and of the review before publication."""
    parts: list[str | Hole] = ["本年度制发行政规范性文件", _figure(report, "two.normative_issued"), "件"]
    if "two.normative_repealed" in report.cells:
        parts += ["，废止", _figure(report, "two.normative_repealed"), "件"]
        parts += ["，现行有效", _figure(report, "two.normative_in_force"), "件"]
    reviewed = _fact(report, "reviewed", "公开前审查的件数")
    return (*parts, "；公开前审查信息", reviewed, "件。", Hole("政府信息制作、获取、保存、动态调整的情况"))


def _other(report: AnnualReport) -> tuple[Paragraph, ...]:
    """Return section six: the fees for handling information, and what else there is."""
    cases = report.facts.get("fee_cases")
    if cases is None:
        fee: Paragraph = ("（一）收取信息处理费情况。", Hole("收取信息处理费的件数和金额；没有收取的，写明没有收取"))
    elif not cases:
        fee = ("（一）收取信息处理费情况。本年度没有收取信息处理费。",)
    else:
        amount = shown(report.facts.get("fee_amount"))
        fee = (f"（一）收取信息处理费情况。本年度有{shown(cases)}件申请收取信息处理费，共{amount}元。",)
    return (fee, ("（二）其他事项。", Hole("本级政府年度政务公开工作要点的落实情况、工作创新等其他需要报告的事项")))
