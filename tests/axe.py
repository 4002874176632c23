"""Axe on a page in a browser: what is wrong with it for those who cannot see or use it as others do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SCRIPT = Axe().axe_script
_RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"


def violations(page: Page) -> list[dict[str, Any]]:
    """Return what breaks a rule of axe, by any of its rules.

    What breaks none stays in the browser: to hand it over takes longer than to look at a small page.
    """
    page.evaluate(_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return found
