"""Error pages: a sentence and, where the program is at fault, a number."""

from __future__ import annotations

import secrets
import traceback
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string

from gongkai.console.clock import now
from gongkai.console.folder import current

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

MISSING = "没有这个页面，或者它不在您的权限内。"


class ConflictError(Exception):
    """What somebody wanted to change is no longer what the page showed."""


class ErrorMiddleware:
    """Turns a fault of the program into a number, under which its details are kept for the maintainers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next one."""
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        return self._next(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for an error of a page; None for those that Django has pages for."""
        if isinstance(error, ConflictError):
            return page(request, 409, "内容已改动", str(error))
        if isinstance(error, (Http404, PermissionDenied, SuspiciousOperation, RequestDataTooBig)):
            return None
        return page(request, 500, "程序出错", f"编号 {keep(error)}。请把编号告诉管理员；已经保存的内容没有受影响。")


def keep(error: BaseException) -> str:
    """Keep the details of a fault beside the data, and return its number."""
    number = f"{now():%Y%m%d}-{secrets.token_hex(3)}"
    folder = current().root / "errors"
    folder.mkdir(exist_ok=True)
    (folder / f"{number}.txt").write_text("".join(traceback.format_exception(error)), encoding="utf-8", newline="\n")
    return number


def page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """Return a page that says what went wrong."""
    context = {"title": title, "text": text, "status": status}
    return HttpResponse(render_to_string("error.html.j2", context, request), status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for what does not exist, or is not to be seen."""
    del exception
    return page(request, 404, "没有这个页面", MISSING)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for what is not allowed."""
    return page(request, 403, "不能这样做", str(exception) or "您的角色不能做这一步。")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the page for a request that makes no sense."""
    del exception
    return page(request, 400, "请求不对", "请回到上一页再试一次。")


def failed(request: HttpRequest) -> HttpResponse:
    """Return the page for a fault outside of pages."""
    return page(request, 500, "程序出错", "请告诉管理员。")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that did not come from the console."""
    del reason
    return page(request, 403, "页面已过期", "请回到上一页，刷新后再提交一次。")
