"""Names of files made of what somebody wrote: no way out of a folder, nothing hidden, fit for every system."""

from __future__ import annotations

import re

LONGEST = 60
"""How many characters of a text go into a name: three bytes each leave room in the 255 of a file system."""

_REFUSED = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]')
_DEVICES = re.compile(
    r"(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\..*)?", re.IGNORECASE | re.DOTALL
)
"""Names that Windows keeps for devices, with any extension."""


def page_name(unit: str) -> str:
    """Return the file of a unit's page: its id, but for one that Windows keeps for a device (`con`)."""
    return f"{'_' if _DEVICES.fullmatch(unit) else ''}{unit}.html"


def safe_name(text: str, otherwise: str) -> str:
    """Return a text as the name of a file or folder, or `otherwise` where nothing of it is left."""
    name = _REFUSED.sub("_", text)[:LONGEST].strip(" .")
    return f"_{name}" if _DEVICES.fullmatch(name) else name or otherwise
