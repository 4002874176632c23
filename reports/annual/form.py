"""The forms of the annual report as data: rows, columns and their order, by report year.

A cell of a form has a key: `two.licence_decisions`, `three.received.natural_person`, `four.reconsideration.total`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMS = Path(__file__).with_name("forms")
FIRST_YEAR = 2019
"""The first report year of the Regulation of 2019; earlier reports had no tables of this kind."""

RULE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
"""The rule that is printed in the head of table three."""

TOTAL = "total"
ORGANISATIONS = "法人或其他组织"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of table three, or of a group of table four: its id, the form's label, and other labels of it."""

    id: str
    label: str
    aliases: tuple[str, ...] = ()


COLUMNS = (
    Column("natural_person", "自然人", ("公民",)),
    Column("business", "商业企业"),
    Column("research_institution", "科研机构"),
    Column("public_welfare", "社会公益组织"),
    Column("legal_services", "法律服务机构"),
    Column("other_organisation", "其他"),
    Column(TOTAL, "总计", ("合计",)),
)
"""The number columns of table three; the ids of the first six are values of the attribute `applicant`."""

APPLICANTS = tuple(column.id for column in COLUMNS[:-1])

RESULTS = (
    Column("result_upheld", "结果维持", ("维持",)),
    Column("result_corrected", "结果纠正", ("纠正",)),
    Column("result_other", "其他结果"),
    Column("open", "尚未审结", ("未审结",)),
    Column(TOTAL, "总计", ("合计",)),
)
"""The columns of each group of table four; the ids of the first three are values of `dispute_result`."""

DISPUTES = (
    Column("reconsideration", "行政复议"),
    Column("direct_lawsuit", "未经复议直接起诉", ("直接起诉",)),
    Column("lawsuit_after_reconsideration", "复议后起诉"),
)
"""The groups of table four; the ids are values of the attribute `dispute`."""

LAWSUITS = "行政诉讼"
SECTIONS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
"""The six sections in their order."""


@dataclass(frozen=True, slots=True)
class Row:
    """A number row of table three.

    Attributes:
        id: its name in keys.
        labels: the form's labels, from the outermost heading to its own.
        aliases: other labels of the row.
        outcomes: codes of `request.answered` that it counts.
    """

    id: str
    labels: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A row of a block of section two: its label, other labels of it, and the figure of each cell."""

    label: str
    cells: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormBlock:
    """A block of the table of section two: the item of article 20, its headings, and its rows."""

    item: str
    heads: tuple[str, ...]
    rows: tuple[BlockRow, ...]


@dataclass(frozen=True)
class Form:
    """One version of the form.

    Attributes:
        id: its first year.
        first: first report year.
        last: last report year, or None.
        source: the document that prescribes it.
        blocks: the table of section two.
        rows: the number rows of table three, in order.
        groups: rows of each heading that a coarse outcome such as `refused` may mean.
    """

    id: str
    first: int
    last: int | None
    source: str
    blocks: tuple[FormBlock, ...]
    rows: tuple[Row, ...]
    groups: Mapping[str, tuple[str, ...]]

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The ids of the rows that count outcomes, in order."""
        return tuple(row.id for row in self.rows if row.outcomes)

    @cached_property
    def row_of(self) -> Mapping[str, str]:
        """The row that counts each outcome code."""
        return {outcome: row.id for row in self.rows for outcome in row.outcomes}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What each cell is called, such as `（一）予以公开·自然人`, by its key in the order of the form."""
        found = {}
        for block in self.blocks:
            for row in block.rows:
                for head, cell in zip(block.heads, row.cells, strict=True):
                    found[f"two.{cell}"] = f"{row.label}·{head}"
        for line in self.rows:
            for column in COLUMNS:
                found[three(line.id, column.id)] = f"{line.labels[-1]}·{column.label}"
        for dispute in DISPUTES:
            for result in RESULTS:
                found[four(dispute.id, result.id)] = f"{dispute.label}·{result.label}"
        return found


def three(row: str, column: str) -> str:
    """Return the key of a cell of table three."""
    return f"three.{row}.{column}"


def four(dispute: str, result: str) -> str:
    """Return the key of a cell of table four."""
    return f"four.{dispute}.{result}"


@cache
def load_forms() -> tuple[Form, ...]:
    """Return the forms, the oldest first."""
    contents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FORMS.glob("*.yaml"))]
    return tuple(_form(content) for content in contents)


def form_of(year: int) -> Form | None:
    """Return the form of a report year, or None before there was one."""
    fitting = [form for form in load_forms() if form.first <= year and (form.last is None or year <= form.last)]
    return fitting[0] if fitting else None


def _form(content: Mapping[str, Any]) -> Form:
    blocks = tuple(
        FormBlock(
            block["item"],
            tuple(block["heads"]),
            tuple(BlockRow(row["label"], tuple(row["cells"]), tuple(row.get("aliases", ()))) for row in block["rows"]),
        )
        for block in content["section_two"]
    )
    rows = tuple(
        Row(row["id"], tuple(row["labels"]), tuple(row.get("aliases", ())), tuple(row.get("outcomes", ())))
        for row in content["rows"]
    )
    groups = {name: tuple(members) for name, members in content["groups"].items()}
    return Form(content["id"], content["first"], content["last"], content["source"], blocks, rows, groups)
