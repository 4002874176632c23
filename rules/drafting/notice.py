"""A notice from its blocks: title, number, issuer, day of issue, and the clauses of letter and table."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from events.problems import Problem, Text, Where, sort_problems
from rules.drafting.blocks import Paragraph, TableRow, squeezed
from rules.drafting.drafted import NoticeClause, NoticeText
from rules.drafting.phrases.named import names_in
from rules.drafting.prose import is_numbered, read_prose
from rules.drafting.table import TableReading, header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.drafting.blocks import Block, Document

_NUMBER: Final = re.compile(r"^[一-鿿]{2,12}\s*[〔\[【（(]\s*(\d{4})\s*[〕\]】）)]\s*第?\s*\d+\s*号$")
_DAY: Final = re.compile(r"^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日$")
_ADDRESSEES: Final = re.compile(r"^(?:各|县|市|区)[^。]{4,120}[:：]$")
_ISSUER: Final = re.compile(r"(?:人民政府|办公室|委员会|领导小组|局|厅|中心)$")
_TITLED: Final = re.compile(r"方案|任务|要点|计划|清单|通知|意见|规定|办法|细则|安排|分工|制度")
_YEAR: Final = re.compile(r"(20\d\d)\s*年")
_STOPS: Final = ("附件", "附：", "（此件", "(此件")


def read_notice(document: Document, name: str) -> NoticeText:
    """Return the notice that a document's blocks make."""
    blocks = _with_titles(document.blocks)
    paragraphs = [one for one in blocks if isinstance(one, Paragraph)]
    texts = [squeezed(part) for one in paragraphs for part in _parts(one.text)]
    number = next((text.replace(" ", "") for text in texts if _NUMBER.match(text)), "")
    issued = next((_day(text) for text in reversed(texts) if _day(text) is not None), None)
    title = _title(texts)
    letter = read_prose(_letter(paragraphs))
    table = TableReading()
    for one in blocks:
        if isinstance(one, TableRow):
            table.add(one)
    items = letter.items + _addressees(paragraphs, with_table=bool(table.clauses))
    clauses = (*_named(items, letters=bool(table.clauses)), *_numbered(table.clauses))
    year = _year([title, *texts, Path(name).name], issued)
    problems = [*document.problems, *_problems(name, clauses, table, number, issued)]
    text = "\n".join("\t".join(one.cells) if isinstance(one, TableRow) else one.text for one in document.blocks)
    return NoticeText(
        title or name, number, _issuer(texts, issued), issued, year, clauses, text, sort_problems(problems)
    )


def _with_titles(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with what stands above a table's headings, as the title of a sheet does, as paragraphs."""
    heads = [place for place, one in enumerate(blocks) if isinstance(one, TableRow) and header(one.cells)]
    found: list[Block] = []
    for place, one in enumerate(blocks):
        filled = [cell for cell in one.cells if cell.strip()] if isinstance(one, TableRow) else []
        if heads and place < heads[0] and 1 <= len(filled) <= _IN_A_TITLE:
            found += [Paragraph(line.strip(), one.place) for cell in filled for line in cell.split("\n")]
        else:
            found.append(one)
    return found


_IN_A_TITLE: Final = 2
"""How many cells a line above the headings has at the most: a number on the left, a day on the right."""


def _parts(text: str) -> list[str]:
    """Return the parts of a line that has the document's number and its day with a gap between; else the line."""
    parts = re.split(r"[ \t\u00a0\u3000]{2,}", text.strip())
    return parts if any(_NUMBER.match(part) or _day(squeezed(part)) for part in parts) else [text]


def _day(text: str) -> date | None:
    found = _DAY.match(text)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def _title(texts: Sequence[str]) -> str:
    """Return the title of what was issued: in 《》 of a notice's heading, else the heading."""
    head = texts[:12]
    for place, text in enumerate(head):
        if text.startswith("关于") or "关于印发" in text:
            whole = "".join(head[place : place + 3])
            whole = whole[: whole.find("通知") + 2] if "通知" in whole else text
            quoted = re.search(r"《([^》]+)》", whole)
            return (quoted[1] if quoted else whole).replace(" ", "")
    heads = [text for text in head if text and not _NUMBER.match(text) and len(text) < 60]  # noqa: PLR2004
    titles = [one for one in heads if not one.endswith("。") and not is_numbered(one)] or heads
    return (next((one for one in titles if _TITLED.search(one)), titles[0]) if titles else "").replace(" ", "")


def _issuer(texts: Sequence[str], issued: date | None) -> str:
    """Return who issued it: the line before the day of issue, or the first one that is a name."""
    for place, text in enumerate(texts):
        if issued is not None and place and _day(text) == issued:
            before = next((one for one in reversed(texts[:place]) if one), "")
            if _ISSUER.search(before):
                return before
    return next((text for text in texts[:12] if _ISSUER.search(text) and len(text) < 40), "")  # noqa: PLR2004


def _year(texts: Sequence[str], issued: date | None) -> int:
    """Return the year that the notice is for: that of its title, else of its day, else the one named most."""
    own = _YEAR.search(texts[0]) if texts else None
    if own is not None:
        return int(own[1])
    if issued is not None:
        return issued.year
    named = Counter(found for text in texts for found in _YEAR.findall(text))
    return int(named.most_common(1)[0][0]) if named else 2000


def _letter(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs of the letter itself: up to its annexes and signature."""
    found: list[Paragraph] = []
    for one in paragraphs[: _end(paragraphs)]:
        text = squeezed(one.text)
        if (
            found
            and text.startswith(_STOPS)
            and any(re.match(r"[一二三四五六七八九十]+、", squeezed(other.text)) for other in found)
        ):
            break
        if _day(text) is None and not _NUMBER.match(text):
            found.append(one)
    while found and _is_signature(squeezed(found[-1].text)):
        found.pop()
    return found


def _end(paragraphs: Sequence[Paragraph]) -> int:
    """Return where the text ends: at the day below its last section, where an issuer's name stands above the day."""
    texts = [squeezed(one.text) for one in paragraphs]
    last = max((at for at, text in enumerate(texts) if is_numbered(text)), default=len(texts))
    days = (at for at in range(last + 1, len(texts)) if _day(texts[at]) is not None)
    return next((at for at in days if _is_signature(texts[at - 1])), len(texts))


_SHORT: Final = 30
"""How long a signature is at the most."""


def _is_signature(text: str) -> bool:
    return not text or (len(text) < _SHORT and _ISSUER.search(text) is not None)


def _addressees(paragraphs: Sequence[Paragraph], *, with_table: bool) -> list[NoticeClause]:
    """Return the addressees as the last item of a letter: they are whom its duties bind."""
    for one in paragraphs[:25]:
        text = squeezed(one.text)
        if with_table and _ADDRESSEES.match(text):
            return [NoticeClause("", "主送单位", text, (), names_in(text.rstrip(":：")), None, one.place)]
    return []


def _named(items: Sequence[NoticeClause], *, letters: bool) -> list[NoticeClause]:
    """Return items with names: N1, N2 … beside a table; else by section and number."""
    if letters:
        return [one.named(f"N{number}") for number, one in enumerate(items, 1)]
    found, sections = [], list(dict.fromkeys(one.section for one in items))
    counts: Counter[str] = Counter()
    for one in items:
        counts[one.section] += 1
        found.append(one.named(f"{sections.index(one.section) + 1}.{counts[one.section]}"))
    return found


def _numbered(clauses: Sequence[NoticeClause]) -> list[NoticeClause]:
    """Return the clauses of tables, no name twice: a second table's go on with a letter of their own."""
    taken: set[str] = set()
    found = []
    for one in clauses:
        name, suffix = one.id, 0
        while name in taken:
            suffix += 1
            name = f"{one.id}{chr(ord('a') + suffix % 26)}" if suffix < 26 else f"{one.id}x{suffix}"  # noqa: PLR2004
        taken.add(name)
        found.append(one.named(name))
    return found


def _problems(
    name: str, clauses: Sequence[NoticeClause], table: TableReading, number: str, issued: date | None
) -> list[Problem]:
    """Return what a person has to look at."""
    where, found = Where(name), []
    if not clauses:
        fact = Text(
            "没有读出条款：没有任务表，也没有“一、（一）”的分条",
            "no clause was found: no table of tasks, no numbered sections",
        )
        headings = Text(
            "检查表头（工作任务、具体要求、责任单位、完成时限），或者正文的分条",
            "See the headings of the table, or the numbering of the text",
        )
        found.append(Problem("no-clauses", where, fact, headings))
    if table.passed and not table.clauses:
        fact = Text("有表格，但是认不出表头", "there is a table, but its headings are not known")
        cure = Text(
            "表头写作：工作任务、具体要求、责任单位、完成时限", "Head it 工作任务, 具体要求, 责任单位, 完成时限"
        )
        found.append(Problem("unknown-headings", table.passed[0].place, fact, cure, severity="warning"))
    for heading, row in table.unread:
        fact = Text(f"列“{heading}”没有读，里面有内容", f"the column {heading!r} was not read, and has something in it")
        cure = Text(
            "是要求的，请并入“具体要求”一列再拟", "Put it into the column of requirements where it asks for something"
        )
        found.append(Problem("unknown-column", row.place, fact, cure, heading, severity="warning"))
    if not number:
        fact = Text("没有找到文号", "no document number was found")
        cure = Text("在 book.yaml 的 document 里补上", "Write it as `document` in book.yaml")
        found.append(Problem("no-number", where, fact, cure, severity="warning"))
    if issued is None:
        fact = Text("没有找到成文日期，先写作当年1月1日", "no day of issue was found; 1 January stands in")
        cure = Text("在 book.yaml 的 issued_on 里改正", "Put it right as `issued_on` in book.yaml")
        found.append(Problem("no-day", where, fact, cure, severity="warning"))
    return found
