"""The pictures of the handbook's page on the county's year are there, all of them shown, and small."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
MOST = 150_000


def test_the_pictures_of_the_county_year_are_there_and_small() -> None:
    page = (DOCS / "console-county-year.md").read_text("utf-8")
    shown = set(re.findall(r"!\[[^\]]+\]\(images/(county-[a-z]+\.png)\)", page))
    kept = {one.name: one.stat().st_size for one in (DOCS / "images").glob("county-*.png")}
    assert shown == set(kept)
    assert len(shown) >= 8
    assert {name: size for name, size in kept.items() if size > MOST} == {}
    script = (DOCS.parent / "scripts" / "county_pictures.py").read_text("utf-8")
    made = {f"county-{name}.png" for name in re.findall(r"walk\.shot\(.*, \"([a-z]+)\"", script)}
    assert made == shown, "every picture is made by the script"
