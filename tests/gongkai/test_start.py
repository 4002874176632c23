"""The start of the command line: what a run has no use for is not imported, and nothing of that reaches a library."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.gongkai.commands import feedback, write_log

if TYPE_CHECKING:
    from pathlib import Path

EVALUATE = """
import sys
from gongkai.__main__ import main
try:
    main()
except SystemExit as status:
    assert status.code == 0
loaded = {name for name in ("pyarrow", "pandas", "rich", "holidays") if name in sys.modules}
assert "pyarrow" in loaded
assert "pandas" not in loaded, "an evaluation has imported pandas"
"""

LEAN = """
import sys
from gongkai.__main__ import main
try:
    main()
except SystemExit as status:
    assert status.code in (0, 1)
no_use = {
    "openpyxl", "docx", "python_calamine", "xlsxwriter", "jinja2", "django", "pandas", "pyspark", "pdfplumber",
    "events.formats.office.workbooks", "events.layouts", "rules.lint.whole_book", "rules.drafting",
}
assert not no_use & set(sys.modules), sorted(no_use & set(sys.modules))
"""

AFTERWARDS = """
import sys
from events.without_pandas import keep_pandas_out
keep_pandas_out()
import pyarrow as pa
table = pa.table({"a": [1, None]})
assert "pandas" not in sys.modules
frame = table.to_pandas()
assert "pandas" in sys.modules
import pandas as pd
assert isinstance(frame, pd.DataFrame)
assert pa.table(frame).num_rows == 2
assert pa.array(pd.Series([1.5, float("nan")])).null_count == 1
keep_pandas_out()
assert pa.Table.from_pandas(frame).num_rows == 2
assert not any("pandas" in getattr(one, "__module__", "") for one in sys.meta_path)
"""

LIBRARY = """
import sys
import gongkai
result = gongkai.evaluate(sys.argv[1], "2023-12-31")
frame = result.to_pandas()
assert len(frame) == result.verdicts.num_rows
import pyarrow as pa
import pandas as pd
assert pa.array(pd.Series([1.5, float("nan")])).null_count == 1
"""


def python(code: str, *arguments: str | Path) -> None:
    """Run some code in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def test_an_evaluation_does_not_import_pandas(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", feedback("一", "2023-06-01"))
    python(EVALUATE, "evaluate", "--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "out")


def test_a_log_of_lines_without_reports_loads_no_readers_or_writers_of_documents(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", feedback("一", "2023-06-01"))
    asked = ("--events", log, "--as-of", "2023-12-31")
    python(LEAN, "evaluate", *asked, "--out", tmp_path / "out", "--no-reports")
    python(LEAN, "check", *asked, "--unit", "县民政局")


def test_pandas_can_still_be_asked_for() -> None:
    python(AFTERWARDS)


def test_the_api_leaves_pandas_to_arrow(tmp_path: Path) -> None:
    python(LIBRARY, write_log(tmp_path / "log.jsonl", feedback("一", "2023-06-01")))
