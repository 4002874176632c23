"""Settings: what is proposed is checked as the command line checks it, tried on the ledger, approved, and kept."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.db import transaction

from events.problems import Problem, Text, Where, has_errors
from gongkai.console.clock import now
from gongkai.console.folder import APPROVED, BOOKS, IN_FORCE, current, use, with_approved
from gongkai.console.live.thread import LIVE
from gongkai.console.models import Proposal
from gongkai.console.models import office_store as rows
from gongkai.console.models.proposals import P_APPROVED, P_PROPOSED, P_REJECTED
from gongkai.console.office.assessing import request_now
from gongkai.console.office.scoring import ScoreRow, policy_problems, scores_by
from gongkai.console.web.errors import ConflictError
from gongkai.evaluation.inputs import load_inputs
from gongkai.evaluation.judge import judge_inputs
from gongkai.options import DEFAULT_UNITS, BookOptions
from gongkai.services.rulebooks.views import check_books
from rules.loading.packaged import find_book, packaged_books

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from gongkai.console.models import Person
    from gongkai.options import Request

KINDS = {
    "books": "规则库",
    "readings": "读法",
    "waivers": "豁免",
    "calendar": "工作日历",
    "units": "单位名录",
    "policy": "评分办法",
}
LISTS = frozenset(("books", "readings"))
GONE_ON = "这份提议已经处理过了，请刷新页面再看。"
MOST = 200_000
EMPTY = {
    "books": "",
    "units": "",
    "policy": "",
    "readings": "[]\n",
    "waivers": "waivers: []\n",
    "calendar": "closures: {}\n",
}
FIRST_POLICY = Path(__file__).with_name("first-policy.yaml")
"""What the first proposal of a scoring policy begins with: it shows the form."""


def in_force(kind: str) -> str:
    """Return the text of a setting as it is in force now."""
    folder = current()
    settings = folder.settings
    if kind in LISTS:
        return list_text(getattr(settings, kind))
    path = folder.beside(getattr(settings, kind)) or (DEFAULT_UNITS if kind == "units" else None)
    try:
        return EMPTY[kind] if path is None else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return EMPTY[kind]


def version_of(kind: str) -> int:
    """Return the version of a setting that is in force, 0 where none was approved."""
    return rows.last_version(kind)


def changed_lines(proposal: Proposal) -> str:
    """Return the lines in which a proposal differs from what is in force, those that go with −, new ones with +."""
    pair = (in_force(proposal.kind).splitlines(), proposal.content.splitlines())
    found = [line for line in unified_diff(*pair, lineterm="", n=1) if not line.startswith(("---", "+++"))]
    return "\n".join("…" if line.startswith("@@") else line for line in found) if pair[0] else ""


def list_text(names: Sequence[str]) -> str:
    """Return a list as its setting has it."""
    text: str = yaml.safe_dump(list(names), allow_unicode=True, sort_keys=False)
    return text


@dataclass(frozen=True, slots=True)
class BookChoice:
    """A rulebook to choose: its name, what it calls itself, and whether it is chosen."""

    name: str
    title: str
    chosen: bool


def books_to_choose(content: str) -> tuple[BookChoice, ...]:
    """Return the rulebooks at hand, those that a setting names first and in its order."""
    try:
        found = yaml.safe_load(content)
    except yaml.YAMLError:
        found = None
    named = [one for one in found if one in books_at_hand()] if isinstance(found, list) else []
    order = (*named, *(one for one in books_at_hand() if one not in named))
    return tuple(BookChoice(one, str(_book_file(one).get("title", {}).get("zh", one)), one in named) for one in order)


def begun(kind: str) -> str:
    """Return the text that a proposal begins with: what is in force, or where nothing is an example of the form."""
    text = in_force(kind)
    return FIRST_POLICY.read_text(encoding="utf-8") if kind == "policy" and not text else text


def books_at_hand() -> tuple[str, ...]:
    """Return the names of the rulebooks that can be chosen: those of the product and the county's own."""
    own = sorted(one.parent.name for one in (current().root / BOOKS).glob("[!.]*/book.yaml"))
    return (*packaged_books(), *own)


def book_id(name: str) -> str:
    """Return the id that a rulebook has for itself; versions of one book share it."""
    return str(_book_file(name).get("id", name))


def _book_file(name: str) -> dict[str, Any]:
    """Return what a rulebook's `book.yaml` says, nothing where it cannot be read."""
    folder, _ = find_book(current().root / BOOKS / name if name not in packaged_books() else name)
    try:
        text = "" if folder is None else (folder / "book.yaml").read_text(encoding="utf-8")
        found = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (the safe loader, in C)
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        found = None
    return found if isinstance(found, dict) else {}


def _request(kind: str, content: str, work: Path) -> tuple[Request | None, tuple[Problem, ...]]:
    """Return the request of now with one setting in the place of that in force."""
    request = request_now()
    if kind not in LISTS:
        path = work / f"{kind}.yaml"
        path.write_text(content, encoding="utf-8", newline="\n")
        if kind == "policy":
            return request, ()
        changes: dict[str, Any] = {kind: path}
        return replace(request, **changes), ()
    try:
        found = yaml.safe_load(content) or []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        fact = Text("不是有效的 YAML", "this is no YAML")
        where = Where(kind, None if mark is None else mark.line + 1)
        return None, (Problem("bad-setting", where, fact, Text("改正这一行", "Mend this line")),)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found) or len(set(found)) != len(found):
        fact = Text("要写成一列文字，每行一个“- ”，不重复", "this has to be a list of texts")
        return None, (Problem("bad-setting", Where(kind), fact, Text("改正它", "Mend it")),)
    if kind == "readings":
        return replace(request, readings=tuple(found)), ()
    return _with_books(request, found)


def _with_books(request: Request, found: Sequence[str]) -> tuple[Request | None, tuple[Problem, ...]]:
    """Return the request with other rulebooks, None where they cannot be used together."""
    where = Where("books")
    unknown = [one for one in found if one not in books_at_hand()]
    if unknown or not found:
        fact = Text(f"没有规则库“{'、'.join(unknown)}”", f"there is no rulebook {unknown}")
        cure = Text(f"可用：{'、'.join(books_at_hand())}", f"There are {', '.join(books_at_hand())}")
        return None, (Problem("unknown-book", where, fact, cure),)
    ids = {one: book_id(one) for one in found}
    for one in found:
        same = [other for other in found if ids[other] == ids[one]]
        if len(same) > 1:
            fact = Text(f"“{'”“'.join(same)}”是同一本规则库的几个版本", f"{same} are versions of one rulebook")
            return None, (Problem("same-book", where, fact, Text("只留一个版本", "Keep one version")),)
    own = current().root / BOOKS
    return replace(request, books=tuple(str(own / one) if (own / one).is_dir() else one for one in found)), ()


@dataclass(frozen=True, slots=True)
class Tried:
    """What a setting would do.

    Attributes:
        problems: what is wrong with it, with lines.
        before: the number of verdicts by status now.
        after: the same with it; None where it cannot be used, or was not tried.
        changed: unit, clause and both statuses of each duty that changes.
        scores: what a scoring policy gives each unit.
    """

    problems: tuple[Problem, ...]
    before: Mapping[str, int]
    after: Mapping[str, int] | None
    changed: tuple[tuple[str, str, str, str], ...] = ()
    scores: tuple[ScoreRow, ...] = ()


def tried(kind: str, content: str, work: Path, *, judge: bool) -> Tried:
    """Return what is wrong with a setting, and what it would do to the verdicts.

    Args:
        kind: which.
        content: its YAML.
        work: a folder for its file.
        judge: whether to judge the whole ledger with it.
    """
    request, problems = _request(kind, content, work)
    if request is None:
        return Tried(problems, {}, None)
    if kind == "books":
        problems = check_books(BookOptions(books=request.books, units=request.units))
    inputs, more = load_inputs(request)
    if kind == "policy" and inputs is not None:
        more = (*more, *policy_problems(work / "policy.yaml", inputs))
    named = tuple(_shown(one, kind, work) for one in dict.fromkeys((*problems, *more)))
    if inputs is None or has_errors(named) or not judge:
        return Tried(named, {}, None)
    if kind == "policy":
        return Tried(named, {}, None, scores=scores_by(work / "policy.yaml", inputs))
    snapshot = LIVE.snapshot
    if snapshot is None:
        return Tried(named, {}, None)
    after = judge_inputs(inputs, "zh")
    before = snapshot.verdicts
    return Tried(named, _counts(before), _counts(after), _changed(before, after))


def _shown(problem: Problem, kind: str, work: Path) -> Problem:
    """Return a problem without the folder that the file was put into to be read."""
    if str(work) not in problem.where.file:
        return problem
    return replace(problem, where=replace(problem.where, file=f"{KINDS[kind]}.yaml"))


def _counts(table: pa.Table) -> dict[str, int]:
    return dict(sorted(Counter(table["status"].to_pylist()).items()))


def _changed(before: pa.Table, after: pa.Table) -> tuple[tuple[str, str, str, str], ...]:
    columns = ["obligation", "unit_name", "clause", "status"]
    old = {row["obligation"]: row for row in before.select(columns).to_pylist()}
    new = {row["obligation"]: row for row in after.select(columns).to_pylist()}
    found = []
    for key in sorted({*old, *new}):
        one, other = old.get(key), new.get(key)
        row = one or other or {}
        statuses = ("" if one is None else one["status"], "" if other is None else other["status"])
        if statuses[0] != statuses[1]:
            found.append((row["unit_name"], row["clause"], *statuses))
    return tuple(found)


def propose(person: Person, kind: str, content: str, reason: str) -> Proposal:
    """Return a new proposal; what is wrong with it was shown, and is asked again when it is approved."""
    made = Proposal(kind=kind, content=content, reason=reason[:1000], author=person, made_at=now())
    made.save()
    return made


def approve(person: Person, proposal: Proposal, work: Path) -> tuple[Problem, ...]:
    """Put a proposal in force, by another person; return what is wrong where it cannot be.

    Raises:
        ConflictError: it was decided already.
    """
    errors = tuple(
        one for one in tried(proposal.kind, proposal.content, work, judge=False).problems if one.severity == "error"
    )
    if errors:
        return errors
    folder = current()
    with transaction.atomic():
        locked = _proposed(proposal)
        version = rows.last_version(locked.kind) + 1
        name = f"{locked.kind}-{version}.yaml"
        place = folder.root / APPROVED
        place.mkdir(exist_ok=True)
        (place / name).write_text(locked.content, encoding="utf-8", newline="\n")
        _put_in_force(place, locked.kind, name)
        locked.state, locked.version, locked.approver, locked.decided_at = P_APPROVED, version, person, now()
        locked.save()
    settings, _ = with_approved(folder.root, folder.settings)
    if settings is not None:
        use(replace(folder, settings=settings))
    LIVE.forget()
    return ()


def _put_in_force(place: Path, kind: str, name: str) -> None:
    """Say which version is in force, the file whole or as it was."""
    path = place / IN_FORCE
    found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    part = path.with_suffix(".part")
    part.write_text(json.dumps({**found, kind: name}, indent=1, sort_keys=True), encoding="utf-8", newline="\n")
    part.replace(path)


def reject(person: Person, proposal: Proposal, remark: str) -> None:
    """Turn a proposal down, with a reason."""
    with transaction.atomic():
        locked = _proposed(proposal)
        locked.state, locked.approver, locked.decided_at, locked.remark = P_REJECTED, person, now(), remark[:1000]
        locked.save()


def _proposed(proposal: Proposal) -> Proposal:
    locked = rows.lock_proposal(proposal.pk)
    if locked.state != P_PROPOSED:
        raise ConflictError(GONE_ON)
    return locked


def with_waiver(text: str, found: Mapping[str, str]) -> str:
    """Return a file of waivers with one more to finish."""
    days = f"{now():%Y-%m-%d}"
    entry = {name: found.get(name, "") for name in ("unit", "rule", "reason")}
    entry |= {"approver": "", "from": days, "until": f"{now():%Y}-12-31"}
    content = yaml.safe_load(text) or {}
    waivers: Sequence[object] = content.get("waivers", []) if isinstance(content, dict) else []
    return yaml.safe_dump({"waivers": [*waivers, entry]}, allow_unicode=True, sort_keys=False)
