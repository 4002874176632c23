"""Units and records with hostile names: text on every page and in every list, and never a path."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import openpyxl

from tests.gongkai.commands import decision, gongkai, write_log

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

NAMES = {
    "script": "<script>document.title='x'</script>局",
    "formula": '=HYPERLINK("http://x","看")',
    "path": "../../x",
    "long": "长" * 2000,
    "direction": "镇\u200fabc",
}


def test_hostile_names_are_text_everywhere(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    units = [f"  - {{id: {key}, name: {json.dumps(name)}, sort: department}}" for key, name in NAMES.items()]
    registry = tmp_path / "units.yaml"
    head = "county: {id: xian, name: '<b>县</b>'}\ngroups: {units: [departments, towns]}\nunits:\n"
    registry.write_text(head + "\n".join(units) + "\n", encoding="utf-8")
    events = [{**decision(name, "2023-05-04", title=name), "unit": key} for key, name in NAMES.items()]
    log, out = write_log(tmp_path / "log.jsonl", *events), tmp_path / "deep" / "er" / "out"
    outcome = gongkai(capsys, "evaluate", "--units", registry, "--events", log, "--as-of", "2023-12-31", "--out", out)
    assert outcome.status == 0, outcome.err
    assert {path.name for path in (out / "units").iterdir()} == {f"{key}.html" for key in NAMES}
    assert not list(tmp_path.rglob("x*"))
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script>document" not in text
        assert "<b>县</b>" not in text
    assert "&lt;script&gt;document" in (out / "index.html").read_text(encoding="utf-8")
    assert NAMES["direction"] in (out / "index.html").read_text(encoding="utf-8")
    assert NAMES["long"] in (out / "units" / "long.html").read_text(encoding="utf-8")
    with (out / "violations.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["unit_name"] for row in csv.DictReader(file)}
    assert f"'{NAMES['formula']}" in listed
    assert NAMES["formula"] not in listed
    workbook = openpyxl.load_workbook(out / "violations.xlsx")
    assert {cell.data_type for sheet in workbook for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    check = gongkai(
        capsys, "check", "--units", registry, "--unit", "formula", "--events", log, "--as-of", "2023-12-31",
        "--xlsx", tmp_path / "check.xlsx",
    )  # fmt: skip
    assert check.status == 1
    filled = openpyxl.load_workbook(tmp_path / "check.xlsx")
    assert {cell.data_type for sheet in filled for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
