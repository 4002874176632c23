"""Accounts in bulk: a list as XLSX in, slips with one-time codes as DOCX out."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from docx import Document
from docx.shared import Pt

from events.formats.office.xlsx import read_grids
from events.problems import Problem, Text, Where, suggestion
from events.rows import is_blank
from events.vocabulary import fold
from gongkai.console.models.people import ADMIN, OF_UNITS, ROLES
from gongkai.console.registry import registry
from gongkai.console.work.accounts import NewPerson, add_people
from reports.output.folder import WriteError, write_one

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from events.grid import Grid

HEADINGS = {"用户名": "username", "姓名": "name", "角色": "role", "单位": "unit", "邮箱": "mail"}
OPTIONAL = frozenset(("mail",))
_MAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")
_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,31}")
_LABELS = {label: role for role, label in ROLES.items()} | {role: role for role in ROLES}


def import_people(names: Path, slips: Path, address: str) -> tuple[int, tuple[Problem, ...]]:
    """Make the accounts of a list, all or none, and write a slip for each; return how many, and what is wrong."""
    try:
        raw = names.read_bytes()
    except OSError as error:
        fact = Text(f"读不了：{error}", f"cannot be read: {error}")
        return 0, (Problem("unreadable", Where(str(names)), fact, Text("检查路径", "Check the path")),)
    found, problems = read_people(raw, str(names))
    if problems:
        return 0, problems
    made = add_people(found)
    try:
        write_one(slips, slips_document(made, address))
    except WriteError as error:
        return 0, (error.problem,)
    return len(made), ()


def read_people(raw: bytes, name: str) -> tuple[tuple[NewPerson, ...], tuple[Problem, ...]]:
    """Return the people of a list; somebody with several roles has a row for each."""
    grids, wrong = read_grids(raw, name)
    problems = [*wrong]
    people: dict[str, NewPerson] = {}
    for grid in grids[:1]:
        for row in _rows(grid, problems):
            _add(people, row, problems)
    if not people and not problems:
        fact = Text("名单里没有人", "nobody is in the list")
        cure = Text("表头写：用户名、姓名、角色、单位", "Headings: 用户名, 姓名, 角色, 单位")
        problems.append(Problem("no-people", Where(name), fact, cure))
    return tuple(people.values()), tuple(problems)


def _rows(grid: Grid, problems: list[Problem]) -> Iterator[tuple[Where, dict[str, str]]]:
    columns: dict[int, str] = {}
    for number, cells in grid.rows:
        if not columns:
            columns = {index: HEADINGS[fold(str(one))] for index, one in enumerate(cells) if fold(str(one)) in HEADINGS}
            if set(columns.values()) | OPTIONAL != set(HEADINGS.values()):
                columns = {}
            continue
        values = {name: str(cells[index]).strip() for index, name in columns.items() if not is_blank(cells[index])}
        if values:
            yield grid.cell(number, 1), values
    if not columns:
        fact = Text("没有找到表头", "there are no headings")
        cure = Text("表头写：用户名、姓名、角色、单位", "Headings: 用户名, 姓名, 角色, 单位")
        problems.append(Problem("no-headings", grid.top(), fact, cure))


def _add(people: dict[str, NewPerson], row: tuple[Where, dict[str, str]], problems: list[Problem]) -> None:
    """Add one row to the people, or say what is wrong with it."""
    where, values = row
    username, role = values.get("username", ""), _LABELS.get(values.get("role", ""))
    if not _USERNAME.fullmatch(username):
        fact = Text(f"用户名“{username}”不能用", f"{username!r} is no name to sign in with")
        problems.append(Problem("bad-username", where, fact, Text("用2到32个字母、数字", "2 to 32 letters and digits")))
        return
    if role is None:
        fact = Text(f"没有“{values.get('role', '')}”这个角色", f"there is no role {values.get('role', '')!r}")
        cure = Text(f"可用：{'、'.join(ROLES.values())}", f"There are {', '.join(ROLES)}")
        problems.append(Problem("unknown-role", where, fact, cure))
        return
    unit = registry().find(values.get("unit", "")) if role in OF_UNITS else ""
    if unit is None:
        fact = Text(f"名录里没有“{values.get('unit', '')}”", f"{values.get('unit', '')!r} is not in the registry")
        cure = suggestion(registry().near(values.get("unit", "")), Text("核对名称", "Check the name"))
        problems.append(Problem("unknown-unit", where, fact, cure))
        return
    before = people.get(username)
    roles = (*(before.roles if before else ()), (role, unit))
    if len({one == ADMIN for one, _ in roles}) > 1:
        fact = Text("系统管理员不能兼任其他角色", "an administrator has no other role")
        problems.append(Problem("role-conflict", where, fact, Text("用另一个账号", "Use another account")))
        return
    mail = values.get("mail", before.mail if before else "")
    if mail and not _MAIL.fullmatch(mail):
        fact = Text(f"“{mail}”不是邮箱地址", f"{mail!r} is no mail address")
        cure = Text("例如 name@example.gov.cn", "For example name@example.gov.cn")
        problems.append(Problem("bad-mail", where, fact, cure, mail))
        return
    people[username] = NewPerson(username, values.get("name", username), roles, mail)


def slips_document(made: Sequence[tuple[NewPerson, str]], address: str) -> bytes:
    """Return the slips as a Word document, one below the other, to be cut apart."""
    names = {unit.id: unit.name for unit in registry().units}
    document = Document()
    for person, code in made:
        roles = "、".join(f"{names.get(unit, '')}{ROLES[role]}" for role, unit in person.roles)
        for text, size in (
            (f"{person.name}（{roles}）", 14),
            (f"网址 {address}/start", 12),
            (f"用户名 {person.username}", 12),
            (f"一次性口令 {code}", 16),
            ("14天内有效，只能用一次。设置密码以后，这张纸可以销毁。", 10),
            ("- " * 40, 10),
        ):
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.add_run(text).font.size = Pt(size)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
