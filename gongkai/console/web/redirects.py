"""After a change, the next page (303): to load a page again never sends a form again."""

from __future__ import annotations

from django.http import HttpResponseRedirect


class SeeOther(HttpResponseRedirect):
    """303 See Other."""

    status_code = 303


def see_other(address: str) -> HttpResponseRedirect:
    """Return the answer that leads to another page of the console."""
    return SeeOther(address)
