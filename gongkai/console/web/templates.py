"""The templates: Jinja2, everything escaped, nothing undefined."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gongkai.console import access
from gongkai.console.models.office_store import unsigned
from gongkai.console.models.people import ROLES
from gongkai.console.models.submissions import KINDS, STATES
from gongkai.console.registry import unit_names
from rules.book import clause_name

if TYPE_CHECKING:
    from gongkai.console.models.people import Person

FOLDER = Path(__file__).parents[1] / "templates"
OFFICE_MENU = (
    ("county", "全县"),
    ("county-submissions", "登记单"),
    ("county-requests", "依申请"),
    ("assess", "评定"),
    ("runs", "运行"),
    ("rectifications", "整改"),
    ("objections", "异议"),
    ("notices", "通知"),
    ("settings", "设置"),
)
"""The links that every page of the county office has."""
_WEEK = "一二三四五六日"


def environment(**options: Any) -> Environment:  # noqa: ANN401 (as Django hands them over)
    """Return the environment of the templates."""
    options.update(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    options["loader"] = FileSystemLoader(FOLDER)
    made = Environment(**options)  # noqa: S701 (autoescape is on)
    made.filters |= {"day": day, "moment": moment, "clause": lambda clause: clause_name(clause or "").zh}
    made.globals |= {
        "url": url,
        "STATES": STATES,
        "KINDS": KINDS,
        "ROLES": ROLES,
        "menu": menu,
        "office_menu": OFFICE_MENU,
        "unsigned": unsigned,
        "unit_name": lambda unit: unit_names().get(unit, unit),
    }
    return made


def url(name: str, *args: str | int) -> str:
    """Return the address of a page."""
    return reverse(name, args=args)


def day(value: date | None) -> str:
    """Return a day as people write it: 2023年10月9日（周一）."""
    if value is None:
        return "—"
    return f"{value.year}年{value.month}月{value.day}日（周{_WEEK[value.weekday()]}）"


def moment(value: datetime | None) -> str:
    """Return a moment as people write it."""
    return "—" if value is None else f"{value.year}年{value.month}月{value.day}日 {value:%H:%M}"


def menu(person: Person) -> list[tuple[str, str]]:
    """Return the links that a person has on every page."""
    names = unit_names()
    found = [(url("unit", one), names.get(one, one)) for one in access.units_of(person)]
    for action, route, label in (
        ("county.view", "county", "全县"),
        ("people.manage", "people", "人员"),
        ("health.view", "health", "运行状况"),
    ):
        if access.allowed(person, action, access.COUNTY).allowed:
            found.append((url(route), label))
    return [*found, (url("audit"), "操作记录")]
