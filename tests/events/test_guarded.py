"""A workbook read in a process of its own: what it does to the reader stays there."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from events.formats.office import guarded
from events.formats.office.guarded import read_workbook
from events.limits import Limits, using
from tests.events.hostile import far_cell, repeated

if TYPE_CHECKING:
    from collections.abc import Sequence

SHEETS = Path(__file__).parents[1] / "data" / "sheets"


@pytest.mark.parametrize("name", ["old-format.xls", "open-document.ods"])
def test_workbooks_of_other_formats_are_read(name: str) -> None:
    sheets, problem = read_workbook((SHEETS / name).read_bytes(), name)
    assert problem is None
    assert (sheets[0].name, sheets[0].hidden) == ("台账", False)
    assert sheets[0].rows[1] == ["1", "业务培训", "县民政局", "", date(2023, 7, 14)]


@pytest.mark.parametrize("reference", ["xfd1048576", "XFD1048576", "A4294967295", "AAAAAA5"])
def test_a_workbook_that_aborts_the_reader_is_a_problem(reference: str) -> None:
    sheets, problem = read_workbook(far_cell(reference), "far.xlsx")
    assert sheets == ()
    assert problem is not None
    assert (problem.code, problem.where.file) == ("bad-workbook", "far.xlsx")


def test_a_text_that_thousands_of_cells_share_is_a_problem() -> None:
    with using(Limits(text_bytes=1 << 20)):
        _, problem = read_workbook(repeated(300, 32_000), "shared.xlsx")
    assert problem is not None
    assert problem.code == "file-too-large"


def test_more_cells_than_the_limit_are_a_problem_of_the_sheet() -> None:
    with using(Limits(cells=10)):
        _, problem = read_workbook((SHEETS / "old-format.xls").read_bytes(), "old.xls")
    assert problem is not None
    assert (problem.code, problem.where.sheet) == ("file-too-large", "台账")


def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded, "SECONDS", 0.001)
    _, problem = read_workbook((SHEETS / "old-format.xls").read_bytes(), "slow.xls")
    assert problem is not None
    assert problem.code == "too-slow"


@pytest.mark.parametrize("raw", [b"", b"x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600])
def test_what_is_no_workbook_is_a_problem(raw: bytes) -> None:
    sheets: Sequence[object]
    sheets, problem = read_workbook(raw, "x.xls")
    assert sheets == ()
    assert problem is not None
    assert problem.code == "bad-workbook"
