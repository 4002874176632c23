from __future__ import annotations

import json
import random
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.table import schema
from events.vocabulary import load_vocabulary
from tests.events.reading import HEADINGS, csv_text, event, jsonl, parquet, read, xlsx

pytestmark = pytest.mark.slow

ROWS = [(*HEADINGS, "标题"), *((str(number), "业务培训", "县民政局", "2023-07-14", "一") for number in range(3))]


def assert_events_or_problems(content: bytes, suffix: str) -> None:
    """Read some bytes; whatever they are, there are a table and problems that can be printed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"log{suffix}"
        path.write_bytes(content)
        log = read(path)
    assert log.table.schema.equals(schema(load_vocabulary()))
    for problem in log.problems:
        for lang in ("zh", "en"):
            line = problem.line(lang)
            assert "\n" not in line
            line.encode()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["id", "type", "unit", "subject", "occurred_at", "recorded_at", "corrects", "retracts", "data", "specversion"]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=6), JSON, max_size=6))
def test_any_object_is_an_event_or_problems(changes: dict[str, object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = jsonl_of(Path(folder) / "log.jsonl", {**event(), **changes})
        assert_events_or_problems(path.read_bytes(), ".jsonl")


def jsonl_of(path: Path, one: dict[str, object]) -> Path:
    """Write an object with everything beyond ASCII escaped: a lone surrogate has no UTF-8."""
    path.write_text(json.dumps(one), encoding="ascii")
    return path


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([".jsonl", ".json", ".csv", ".xlsx", ".parquet"]))
def test_any_bytes_are_events_or_problems(content: bytes, suffix: str) -> None:
    assert_events_or_problems(content, suffix)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx", ".parquet"])
def test_a_damaged_file_is_events_or_problems(tmp_path: Path, suffix: str, seed: int) -> None:
    path = tmp_path / f"good{suffix}"
    if suffix == ".csv":
        path.write_text(csv_text(ROWS), encoding="utf-8")
    elif suffix == ".jsonl":
        jsonl(path, event("1"), event("2", data={"title": "一"}))
    elif suffix == ".xlsx":
        xlsx(path, ROWS)
    else:
        parquet(path, dict(zip(ROWS[0], map(list, zip(*ROWS[1:], strict=True)), strict=True)))
    chance = random.Random(seed)
    assert_events_or_problems(
        damaged(path, chance) if suffix == ".xlsx" else spoiled(path.read_bytes(), chance), suffix
    )


def spoiled(content: bytes, chance: random.Random) -> bytes:
    """Return some bytes with a few changed, taken away or put in."""
    result = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(result) + 1)
        result[at : at + chance.randrange(20)] = chance.choice(
            (b"", b'"', b"9" * 12, b"<", bytes([chance.randrange(256)]))
        )
    return bytes(result)


def damaged(path: Path, chance: random.Random) -> bytes:
    """Return a workbook with one of its parts spoiled."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    spoilt = chance.choice([name for name in parts if name.startswith("xl/")])
    parts[spoilt] = spoiled(parts[spoilt], chance)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path.read_bytes()
