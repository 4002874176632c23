"""Signing in and out, the first password, another password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.console.access import who
from gongkai.console.forms.problems import FormProblems
from gongkai.console.web.auditing import note
from gongkai.console.web.redirects import see_other
from gongkai.console.web.throttle import LOGINS
from gongkai.console.work.accounts import person_of_code, use_code

if TYPE_CHECKING:
    from django.http import HttpRequest

    from gongkai.console.models import Person

_MOST = 200


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def login_page(request: HttpRequest) -> HttpResponse:
    """Let somebody sign in."""
    problems = FormProblems()
    name = request.POST.get("username", "")[:_MOST].strip()
    status = 200
    if request.method == "POST":
        keys = (f"name:{name}", f"both:{name}|{request.META.get('REMOTE_ADDR', '')}")
        note(request, who=name)
        wait = LOGINS.wait(*keys)
        person = None if wait > 0 else authenticate(request, username=name, password=request.POST.get("password", ""))
        if person is not None:
            LOGINS.succeeded(*keys)
            login(request, person)
            return see_other(_next(request))
        if wait > 0:
            problems.add("password", f"试错次数太多，请等{int(wait) + 1}秒再试。")
            status = 429
        else:
            LOGINS.failed(*keys)
            problems.add("password", "用户名或者密码不对。")
            status = 422
    context = {"problems": problems, "username": name, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "login.html.j2", context, status=status)


def _next(request: HttpRequest) -> str:
    """Return where to go after signing in: a page of the console, nowhere else."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted.startswith("/") and safe else "/"


@require_POST
def logout_page(request: HttpRequest) -> HttpResponse:
    """Let somebody sign out."""
    logout(request)
    return see_other("/login")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def start_by_code(request: HttpRequest) -> HttpResponse:
    """Let somebody type the code of a slip."""
    problems = FormProblems()
    code = request.POST.get("code", "")[:_MOST].strip().lower()
    if request.method == "POST":
        key = f"code:{request.META.get('REMOTE_ADDR', '')}"
        if LOGINS.wait(key) <= 0 and person_of_code(code) is not None:
            return see_other(f"/start/{code}")
        LOGINS.failed(key)
        problems.add("code", "口令不对，或者已经用过、过期。请向管理员要一张新的口令条。")
    return render(request, "code.html.j2", {"problems": problems}, status=422 if problems else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Let somebody choose a first password."""
    person = person_of_code(token)
    if person is None:
        raise Http404
    problems = FormProblems()
    if request.method == "POST":
        note(request, who=person.username)
        _check_new(request, person, problems)
        if not problems and use_code(token, person, request.POST["password"]):
            return see_other("/login")
    context = {"problems": problems, "person": person, "own": False}
    return render(request, "password.html.j2", context, status=422 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Let somebody choose another password."""
    person = who(request)
    problems = FormProblems()
    if request.method == "POST":
        key = f"present:{person.pk}"
        if LOGINS.wait(key) > 0 or not person.check_password(request.POST.get("present", "")):
            LOGINS.failed(key)
            problems.add("present", "现在的密码不对。")
        _check_new(request, person, problems)
        if not problems:
            person.set_password(request.POST["password"])
            person.epoch += 1
            person.save()
            update_session_auth_hash(request, person)
            return see_other("/")
    context = {"problems": problems, "person": person, "own": True}
    return render(request, "password.html.j2", context, status=422 if problems else 200)


def _check_new(request: HttpRequest, person: Person, problems: FormProblems) -> None:
    """Look at a new password."""
    new = request.POST.get("password", "")
    try:
        validate_password(new, person)
    except ValidationError as error:
        problems.add("password", " ".join(error.messages))
    if new != request.POST.get("again", ""):
        problems.add("again", "两次输入的密码不一样。")
