"""The names of places on the pages, which links lead to."""

from __future__ import annotations

import re


def anchor(book: str, clause: str) -> str:
    """Return the name of a clause's place on a page."""
    return "c-" + re.sub(r"[^\w.-]", "-", f"{book}-{clause}")
