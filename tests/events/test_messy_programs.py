"""Workbooks that LibreOffice made, and others whose XML no library of ours would write."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.events.messy import EVENT, HEAD, row, seen, wide_headings, with_openpyxl, with_xlsxwriter
from tests.events.reading import csv_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow

BLANK = ""
CALC = (
    ("台账",),
    HEAD,
    row("1", 发生日期="2023年7月14日"),
    row("2", 单位=" 县民政局 ", 发生日期="2023-07-14"),
    row("3", 发生日期="2023/7/14"),
    ("合计", None, None, None, 3),
)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, str], Path]:
    """Return what converts a file with LibreOffice."""
    program = shutil.which("soffice")
    assert program is not None, "LibreOffice is not installed: make packages"
    profile = tmp_path_factory.mktemp("profile")

    def convert(path: Path, suffix: str) -> Path:
        filters = ["--infilter=CSV:44,34,UTF8"] if path.suffix == ".csv" else []
        command = [program, *filters, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", suffix]
        subprocess.run([*command, "--outdir", path.parent, path], check=True, capture_output=True, timeout=120)
        return path.with_suffix(f".{suffix}")

    return convert


def test_what_libreoffice_makes_of_a_csv_file_is_read(tmp_path: Path, office: Callable[[Path, str], Path]) -> None:
    path = tmp_path / "log.csv"
    path.write_text(csv_text(CALC), encoding="utf-8-sig")
    book = office(path, "xlsx")
    assert seen(book) == ([EVENT] * 3, [("row-passed-over", "A6")])


def test_what_libreoffice_makes_of_our_own_workbooks_is_read(
    tmp_path: Path, office: Callable[[Path, str], Path]
) -> None:
    path = tmp_path / "log.xlsx"
    wide_headings(path)
    expected = seen(path)
    ods = office(path, "ods")
    path.unlink()
    assert seen(office(ods, "xlsx")) == expected
    assert seen(office(ods, "xls")) == expected


def test_formulas_that_libreoffice_computed_have_their_values(
    tmp_path: Path, office: Callable[[Path, str], Path]
) -> None:
    path = tmp_path / "log.xlsx"
    with_openpyxl(HEAD, row("1", 单位='="县民"&"政局"', 发生日期="=DATE(2023,7,14)"), row("2", 单位="=1/0"))(path)
    ods = office(path, "ods")
    path.unlink()
    # a program that speaks English shows the day as 07/14/23: the year is told
    assert seen(office(ods, "xlsx")) == ([], [("bad-date", "E2"), ("formula-error", "C3")])


def rewritten(path: Path, name: str, change: Callable[[str], str]) -> None:
    """Change one part of a workbook as text."""
    with zipfile.ZipFile(path) as archive:
        content = {one: archive.read(one) for one in archive.namelist()}
    content[name] = change(content[name].decode()).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for one, part in content.items():
            archive.writestr(one, part)


def test_workbooks_of_other_programs_are_read(tmp_path: Path) -> None:
    """Cells without names, another prefix of the namespace, strings in the cells, a part with a path from the root."""
    path = tmp_path / "log.xlsx"
    cells = "".join(
        "<x:row>"
        + "".join(f'<x:c t="inlineStr"><x:is><x:t>{one or BLANK}</x:t></x:is></x:c>' for one in cells)
        + "</x:row>"
        for cells in (HEAD, row("1"))
    )
    with_xlsxwriter(HEAD)(path)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<x:worksheet xmlns:x="{space}"><x:sheetData>{cells}</x:sheetData></x:worksheet>'
    rewritten(path, "xl/worksheets/sheet1.xml", lambda _: sheet)
    rewritten(path, "xl/_rels/workbook.xml.rels", lambda text: text.replace('"worksheets/', '"/xl/worksheets/'))
    assert seen(path) == ([EVENT], [])
