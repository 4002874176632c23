"""Accounts, for the administrator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.console import access
from gongkai.console.forms.problems import FormProblems
from gongkai.console.models.people import OF_UNITS
from gongkai.console.models.reminders import address_of, set_address
from gongkai.console.registry import unit_names
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other
from gongkai.console.work import accounts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,31}")
_MOST = 64


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show all accounts."""
    return render(request, "people.html.j2", {"people": access.everybody(request)})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Make an account."""
    everybody = access.everybody(request)
    problems = FormProblems()
    username, name = (request.POST.get(key, "").strip()[:_MOST] for key in ("username", "name"))
    if request.method == "POST":
        if not _USERNAME.fullmatch(username):
            problems.add("username", "用户名用2到32个字母、数字、点、横线。")
        elif everybody.filter(username__iexact=username).exists():
            problems.add("username", "已经有这个用户名。")
        if not name:
            problems.add("name", "写上姓名。")
        if not problems:
            person = accounts.new_person(username, name)
            return see_other(f"/admin/people/{person.pk}/")
    context = {"problems": problems, "username": username, "name": name}
    return render(request, "person_new.html.j2", context, status=422 if problems else 200)


def _page(request: HttpRequest, key: int, problems: FormProblems, code: str = "") -> HttpResponse:
    person = access.person_of(request, key)
    roles = person.memberships.order_by("role", "unit")
    context = {
        "person": person,
        "roles": roles,
        "units": unit_names(),
        "problems": problems,
        "code": code,
        "mail": address_of(person),
    }
    return render(request, "person.html.j2", context, status=422 if problems else 200)


@require_safe
def detail(request: HttpRequest, key: int) -> HttpResponse:
    """Show one account."""
    return _page(request, key, FormProblems())


@require_POST
def role(request: HttpRequest, key: int) -> HttpResponse:
    """Give or take a role."""
    person = access.person_of(request, key)
    problems = FormProblems()
    taken = request.POST.get("take", "")
    if taken.isdigit():
        accounts.take_role(person, int(taken))
        return see_other(f"/admin/people/{key}/")
    chosen, unit = request.POST.get("role", ""), request.POST.get("unit", "")
    wrong = accounts.role_conflict(person, chosen, unit)
    if not wrong and chosen in OF_UNITS and unit not in unit_names():
        wrong = "名录里没有这个单位"
    if wrong:
        problems.add("role", wrong)
        return _page(request, key, problems)
    note(request, role=chosen, unit=unit, person=person.username)
    accounts.give_role(person, chosen, unit)
    return see_other(f"/admin/people/{key}/")


@require_POST
def link(request: HttpRequest, key: int) -> HttpResponse:
    """Make a one-time code, shown once."""
    person = access.person_of(request, key)
    note(request, person=person.username)
    return _page(request, key, FormProblems(), accounts.make_link(person))


@require_POST
def active(request: HttpRequest, key: int) -> HttpResponse:
    """Close or open an account."""
    person = access.person_of(request, key)
    person.is_active = request.POST.get("active") == "yes"
    person.save(update_fields=["is_active"])
    person.end_sessions()
    note(request, person=person.username, active=str(person.is_active))
    return see_other(f"/admin/people/{key}/")


@require_POST
def mail(request: HttpRequest, key: int) -> HttpResponse:
    """Set the address at which somebody is reminded, or take it away."""
    person = access.person_of(request, key)
    address, problems = request.POST.get("mail", "").strip()[:200], FormProblems()
    try:
        if address:
            validate_email(address)
    except ValidationError:
        problems.add("mail", "邮箱地址不对，例如 name@example.gov.cn。")
        return _page(request, key, problems)
    note(request, person=person.username)
    set_address(person, address)
    return see_other(f"/admin/people/{key}/")
