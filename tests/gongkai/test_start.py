"""The start of the command line: what a run has no use for is not imported, and nothing of that reaches a library."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gongkai.cli import COMMANDS, GROUPS, command_tree
from tests.gongkai.commands import feedback, gongkai, write_log

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

LOADED = """
import sys
from gongkai.__main__ import main
try:
    main()
except SystemExit as status:
    assert status.code in (0, 1)
sys.stderr.write("loaded: " + " ".join(sys.modules))
"""

DOCUMENTS = {
    *("openpyxl", "docx", "python_calamine", "xlsxwriter", "jinja2", "django", "pandas", "pyspark", "pdfplumber"),
    *("events.formats.office.workbooks", "events.layouts", "rules.lint.whole_book", "rules.drafting"),
}
"""What reads and writes documents."""

OTHERS = {
    *("numpy._core", "pyarrow.acero", "pyarrow.dataset"),
    *("gongkai.cli.annual", "gongkai.cli.events", "gongkai.cli.rulebooks.rules", "gongkai.cli.serve"),
    *("events.sheets.headings", "events.sheets.tables", "events.formats.csvfile", "events.formats.parquet"),
    *("events.ledger.importing.imports", "engine.batches.model", "engine.explain.derivation"),
    *("reports.pages.unit_page", "reports.run.requests", "reports.run.kept_inputs", "babel.messages", "rich"),
}
"""Other commands, readers of other formats, what explains a verdict and what makes pages."""

FILES = {
    *("events.formats.reader", "events.normalise.by_row", "events.normalise.by_column", "events.rows"),
    *("events.values.attributes", "events.values.text", "events.values.dates", "pyarrow.parquet"),
}
"""What reads files, which a ledger is not."""

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

NUMPY = """
import sys
from events.without_pandas import keep_numpy_out, keep_pandas_out, let_numpy_in
keep_numpy_out()
keep_pandas_out()
import pyarrow.compute as pc
assert pc.sum([1, 2, None]).as_py() == 3
try:
    import numpy
    raise SystemExit("numpy is there")
except ModuleNotFoundError:
    pass
let_numpy_in()
import numpy, pandas
assert pandas.Series([1, 2]).sum() == numpy.sum([1, 2])
keep_numpy_out()
import numpy
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


def python(code: str, *arguments: str | Path) -> str:
    """Run some code in a process of its own; return what it says on standard error."""
    run = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stderr


def loaded(*arguments: str | Path) -> set[str]:
    """Return the modules that a command loads in a process of its own."""
    return set(python(LOADED, *arguments).rpartition("loaded: ")[2].split())


def test_an_evaluation_does_not_import_pandas(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", feedback("一", "2023-06-01"))
    python(EVALUATE, "evaluate", "--events", log, "--as-of", "2023-12-31", "--out", tmp_path / "out")


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of JSON lines."""
    return write_log(tmp_path_factory.mktemp("log") / "log.jsonl", feedback("一", "2023-06-01"))


def test_a_log_of_lines_without_reports_loads_what_it_needs(log: Path, tmp_path: Path) -> None:
    asked = ("--events", log, "--as-of", "2023-12-31")
    for command in (("evaluate", "--out", tmp_path / "out", "--no-reports"), ("check", "--unit", "县民政局")):
        found = loaded(*command, *asked)
        assert FILES - {"events.values.dates", "pyarrow.parquet"} <= found
        assert not found & (DOCUMENTS | OTHERS), found & (DOCUMENTS | OTHERS)


def test_a_check_from_a_ledger_loads_no_readers_of_files(
    log: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--ledger", tmp_path / "ledger", "--at", "2024-01-01T09:00")
    assert gongkai(capsys, "events", "import", log, *words).status == 0
    found = loaded("check", "--events", tmp_path / "ledger", "--as-of", "2023-12-31", "--unit", "县民政局")
    no_use = DOCUMENTS | OTHERS | FILES
    assert "events.ledger.load" in found
    assert not found & no_use, found & no_use


def test_a_command_is_the_same_whether_the_others_are_loaded_or_not() -> None:
    whole = command_tree()
    assert list(whole.commands) == [*COMMANDS, *GROUPS]
    for name, command in whole.commands.items():
        alone = command_tree(name)
        assert list(alone.commands) == [name]
        assert [one.opts for one in alone.commands[name].params] == [one.opts for one in command.params]
        assert alone.help == whole.help


def test_pandas_can_still_be_asked_for() -> None:
    python(AFTERWARDS)


def test_numpy_is_kept_out_until_somebody_needs_it() -> None:
    python(NUMPY)


def test_the_api_leaves_pandas_to_arrow(tmp_path: Path) -> None:
    python(LIBRARY, write_log(tmp_path / "log.jsonl", feedback("一", "2023-06-01")))
