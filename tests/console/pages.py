"""What pages in a browser say, waited for: after a click the new page may be there and still be empty."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
PATIENCE = 30_000  # milliseconds that a page is waited for on a busy machine

expect.set_options(timeout=PATIENCE)


def says(page: Page, text: str) -> None:
    """Fail unless a page comes to show a text."""
    expect(page.locator("body")).to_contain_text(text)
