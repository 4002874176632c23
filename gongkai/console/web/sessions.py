"""Sessions that end when nobody uses them, and pages that ask to sign in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware

from events.vocabulary import use_vocabulary
from gongkai.console.live.thread import LIVE

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

IDLE = 30 * 60
"""Seconds after which an unused session ends."""
LONGEST = 12 * 3600
"""Seconds after which any session ends."""
_STEP = 60
_SEEN, _BEGUN = "seen", "begun"


class IdleMiddleware:
    """Ends sessions that were not used for half an hour, and all after twelve hours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next one."""
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        if request.session.session_key and request.user.is_authenticated:
            moment = time.time()
            seen = float(request.session.get(_SEEN, moment))
            begun = float(request.session.setdefault(_BEGUN, moment))
            if moment - seen > IDLE or moment - begun > LONGEST or not request.user.is_active:
                logout(request)
            elif _SEEN not in request.session or moment - seen > _STEP:
                request.session[_SEEN] = moment
        return self._next(request)


class VocabularyMiddleware:
    """Lets pages use the vocabulary of the rulebooks, which may have more than that of the product."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep the next one."""
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        snapshot = LIVE.snapshot
        if snapshot is not None:
            use_vocabulary(snapshot.vocabulary)
        return self._next(request)


class SignedInMiddleware(LoginRequiredMiddleware):
    """Sends whoever is not signed in to the page for it, from every page that does not say otherwise."""
