"""Notices to units: one DOCX each, from a template that an office can edit in Word."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from docxtpl import DocxTemplate
from jinja2 import TemplateError, UndefinedError
from jinja2.exceptions import SecurityError

from events.problems import Problem, ProblemError, Text, Where, did_you_mean, suggestion
from events.storage.ordinary import read_ordinary
from reports.circulars import circular_parts
from reports.notice_templates import TemplateWords
from reports.output.names import safe_name
from reports.output.plain import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.circulars import Circular

Kind = Literal["rectification", "interview", "praise", "circular"]

TEMPLATES = Path(__file__).parent / "templates" / "notices"
FILE_NAMES: dict[Kind, str] = {
    "rectification": "整改通知单",
    "interview": "约谈通知",
    "praise": "表扬通报",
    "circular": "情况通报",
}
LIST_NAME = "问题清单"
STAMP = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class NoticeProblem:
    """One row of a notice's table; every field is a placeholder `problem.<name>`, and may be empty.

    Attributes:
        number: from 1.
        clause: the clause.
        task: what the rule asks.
        quote: the clause's words.
        subject: what it is about.
        reason: the reason of the verdict.
        status: the status in words.
        due: the due date.
        overdue: working days overdue; hours, with the word, where the limit is in hours.
        rectify_by: the day by which it is to be rectified; empty for what cannot be made good.
        mendable: whether it can still be made good, late.
        limit_source: where the limit comes from, where the quote does not say it; else empty.
        reading: the reading used with its reason, where the clause has several; else empty.
        mark: ※ where the act lies before the document's day of issue, else empty.
        outcome: what became of it since earlier evaluations.
        document: number of the document that the clause is of.
        obligation: its id.
    """

    number: int
    clause: str
    task: str
    quote: str
    subject: str
    reason: str
    status: str
    due: str
    overdue: str
    rectify_by: str
    mendable: bool
    limit_source: str
    reading: str
    mark: str
    outcome: str
    document: str
    obligation: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What a template is filled with; every field is a placeholder.

    Attributes:
        county: name of the county.
        unit: name of the unit.
        unit_id: its id.
        as_of: the as-of date in Chinese.
        documents: title and number of each document.
        rectify_by: the day asked for, in Chinese, where it is the same for all that can be made good; else empty.
        open_count: how many problems are violated.
        late_count: how many are late.
        long_count: how many are long unrectified.
        mend_count: how many can still be made good, and are to be rectified.
        past_count: how many look at a time that is over, and are to be explained.
        before_count: how many are marked as before the document's day of issue.
        problems: the rows of the table.
    """

    county: str
    unit: str
    unit_id: str
    as_of: str
    documents: str
    rectify_by: str
    open_count: int
    late_count: int
    long_count: int
    mend_count: int
    past_count: int
    before_count: int
    problems: tuple[NoticeProblem, ...]


class TemplateFaultError(ProblemError):
    """A template that cannot be filled."""


def read_template(path: Path | None, kind: Kind) -> bytes:
    """Return a template: the office's own, or the one that ships.

    Raises:
        TemplateFaultError: the file cannot be read.
    """
    source = path if path is not None else TEMPLATES / f"{kind}.docx"
    try:
        return read_ordinary(source)
    except OSError as error:
        fact = Text(f"模板无法读取（{error.strerror}）", f"the template cannot be read ({error.strerror})")
        cure = Text("检查路径和权限", "Check its path and permissions")
        raise TemplateFaultError(Problem("unreadable-file", Where(str(source)), fact, cure)) from error


def fill_notice(template: bytes, notice: Notice | Circular, name: str) -> bytes:
    """Return a notice or a circular as DOCX; the same one gives the same bytes.

    Args:
        template: the DOCX with placeholders.
        notice: what they stand for; put in as text, never as markup.
        name: the template's name, for problems.

    Raises:
        TemplateFaultError: the template is no DOCX, or names what there is not.
    """
    words = TemplateWords()
    filled = io.BytesIO()
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.render(_cleaned(asdict(notice)), words, autoescape=True)
        document.save(filled)
    except (TemplateError, SecurityError) as error:
        raise TemplateFaultError(_bad_placeholder(error, name, notice)) from error
    except Exception as error:  # a damaged DOCX makes python-docx and lxml raise whatever they meet
        fact = Text(f"模板不是可以读取的DOCX（{error}）", f"the template is not a readable DOCX ({error})")
        cure = Text("在Word中打开并另存为.docx", "Open it in Word and save it as .docx again")
        raise TemplateFaultError(Problem("bad-template", Where(name), fact, cure)) from error
    return _repacked(filled.getvalue())


def _cleaned(value: object) -> object:
    """Return a value whose texts have no characters that XML cannot have."""
    if isinstance(value, str):
        return plain(value).replace("\t", " ")
    if isinstance(value, dict):
        return {name: _cleaned(part) for name, part in value.items()}
    return [_cleaned(one) for one in value] if isinstance(value, list | tuple) else value


def _placeholders(notice: Notice | Circular) -> list[str]:
    """Return what a template may name."""
    if isinstance(notice, Notice):
        return [*Notice.__dataclass_fields__, *(f"problem.{field}" for field in NoticeProblem.__dataclass_fields__)]
    return [*type(notice).__dataclass_fields__, *(f"one.{name}" for name in circular_parts())]


def _bad_placeholder(error: TemplateError, name: str, notice: Notice | Circular) -> Problem:
    """Return the problem of a placeholder that is not known or not closed."""
    known = _placeholders(notice)
    said = str(error.message or error)
    wanted = re.findall(r"'(\w+)'", said)
    near = did_you_mean(wanted[-1], [one.rpartition(".")[2] for one in known]) if wanted else ()
    unknown = isinstance(error, UndefinedError)
    fact = Text(
        f"模板里有不认识的占位符（{said}）" if unknown else f"模板里的占位符写得不对（{said}）",
        f"the template has an unknown placeholder ({said})" if unknown else f"a placeholder is malformed ({said})",
    )
    cure = suggestion(near, Text(f"可用的占位符：{'、'.join(known)}", f"Placeholders are {', '.join(known)}"))
    return Problem("bad-template", Where(name), fact, cure, wanted[-1] if wanted else None)


def _repacked(raw: bytes) -> bytes:
    """Return a DOCX whose parts all have the same time stamp."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            part = zipfile.ZipInfo(entry.filename, STAMP)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(entry))
    return made.getvalue()


def file_names(kind: Kind, notices: Sequence[Notice]) -> list[tuple[str, str]]:
    """Return safe names for each notice and the list beside it: no folder, nothing hidden, each one once."""
    taken: set[str] = set()
    names = []
    for notice in notices:
        end = safe_name(notice.unit, notice.unit_id)
        if end.casefold() in taken:
            end = f"{end}_{notice.unit_id}"
        taken.add(end.casefold())
        names.append((f"{FILE_NAMES[kind]}_{end}.docx", f"{LIST_NAME}_{end}.xlsx"))
    return names
