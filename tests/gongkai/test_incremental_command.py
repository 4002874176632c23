"""`gongkai evaluate --incremental` at the door: the same folder as a full run, or a full run and why."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from tests.gongkai.commands import decision, feedback, gongkai, read_verdicts, write_log
from tests.ledger.ledgers import import_into, training

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gongkai.commands import Outcome


class Place:
    """A ledger and two output folders: one that is built on, and one that is always made anew."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.capsys, self.folder = capsys, folder
        self.ledger, self.out = folder / "ledger", folder / "out"

    def add(self, *events: dict[str, Any]) -> None:
        assert import_into(self.ledger, self.capsys, write_log(self.folder / "more.jsonl", *events)).status == 0

    def evaluate(self, *options: str | Path, out: Path | None = None, as_of: str = "2023-12-31") -> Outcome:
        ask: tuple[str | Path, ...] = (
            "evaluate",
            "--events",
            self.ledger,
            "--as-of",
            as_of,
            "--out",
            out or self.out,
            "--lang",
            "en",
        )
        outcome = gongkai(self.capsys, *ask, *options)
        assert outcome.status == 0, outcome.err
        return outcome

    def same_as_anew(self) -> bool:
        """Say whether the folder is, file for file and byte for byte, what a full run makes."""
        anew = self.folder / "anew"
        shutil.rmtree(anew, ignore_errors=True)
        self.evaluate(out=anew)
        files = [
            {one.relative_to(top): one.read_bytes() for one in top.rglob("*") if one.is_file()}
            for top in (self.out, anew)
        ]
        return len(files[0]) > 10 and files[0] == files[1]


@pytest.fixture
def place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Place:
    """Return a ledger with a decision, a feedback and a training."""
    found = Place(capsys, tmp_path)
    found.add(decision("d1", "2023-07-14"), feedback("d1", "2023-07-17"), training("t1"))
    return found


def test_a_second_run_judges_what_came_since_and_writes_what_a_full_run_writes(place: Place) -> None:
    first = place.evaluate("--incremental").out
    assert "Everything was evaluated anew: the output folder has no run that can be built on" in first
    assert "0 new entries, 0 obligations evaluated again" in place.evaluate("--incremental").out
    place.add(
        {**decision("d2", "2023-08-01"), "id": "d2"},
        training("t2", "2023-09-01"),
        training("w", "2023-09-02", retracts="t1"),
    )
    told = place.evaluate("--incremental").out
    again = int(told.split(" new entries, ")[1].split(" ")[0])
    assert "3 new entries" in told
    assert 0 < again < len(read_verdicts(place.out)) / 10
    assert place.same_as_anew()
    training_row = next(row for row in read_verdicts(place.out) if "/N6.training/minzheng/" in row["obligation"])
    assert training_row["evidence"] == ["t2"]


def test_an_early_entry_that_spells_a_matter_otherwise_touches_those_of_other_units(place: Place) -> None:
    place.add({**decision("金民字〔2023〕5号", "2023-08-01"), "id": "d5"})
    place.evaluate("--incremental")
    published = {"type": "information.published", "unit": "县司法局", "id": "p5", "occurred_at": "2023-02-01"}
    place.add({**published, "subject": "金民字[2023]5号"})
    assert "1 new entries" in place.evaluate("--incremental").out
    assert "金民字[2023]5号" in {row["subject"] for row in read_verdicts(place.out) if row["unit"] == "minzheng"}
    assert place.same_as_anew()


def test_only_files_that_say_something_else_are_written_again(place: Place) -> None:
    place.evaluate("--incremental")
    before = {one: one.stat().st_ino for one in place.out.rglob("*") if one.is_file()}
    place.add(training("t2", "2023-09-01"))
    place.evaluate("--incremental")
    pages = {one.name for one in before if one.parent.name == "units"}
    again = {one.name for one, inode in before.items() if one.parent.name == "units" and one.stat().st_ino != inode}
    assert "minzheng.html" in again
    assert len(again) < len(pages) / 10, "the pages of other units say what they said"
    assert (place.out / "run.json").stat().st_ino != before[place.out / "run.json"]
    assert place.same_as_anew()


def test_whatever_else_is_different_is_judged_anew_and_said(place: Place) -> None:
    place.evaluate()
    anew = "Everything was evaluated anew: "
    assert anew + "the as-of moment is not what it was" in place.evaluate("--incremental", as_of="2023-11-30").out
    other = ("--reading", "8.4.attendance=county")
    place.evaluate()
    assert anew + "a rulebook or reading is not what it was" in place.evaluate("--incremental", *other).out
    more = write_log(place.folder / "loose.jsonl", training("t3"))
    told = place.evaluate("--incremental", *other, "--events", more).out
    assert anew + "only a run over one ledger, and nothing else, can be built on" in told


def test_verdicts_changed_by_hand_and_another_ledger_are_not_built_on(place: Place) -> None:
    place.evaluate()
    verdicts = place.out / "verdicts.parquet"
    table = pq.read_table(verdicts)
    pq.write_table(table.slice(1), verdicts)
    anew = "Everything was evaluated anew: "
    assert anew + "verdicts.parquet of the run was changed since" in place.evaluate("--incremental").out
    assert place.same_as_anew()
    shutil.rmtree(place.ledger)
    place.add(decision("d1", "2023-07-14"), training("t1"))
    assert anew + "the ledger was never in the state that the run read" in place.evaluate("--incremental").out
    receipt = json.loads((place.out / "run.json").read_text(encoding="utf-8"))
    del receipt["ledgers"]
    (place.out / "run.json").write_text(json.dumps(receipt), encoding="utf-8")
    assert anew + "the output folder has no run that can be built on" in place.evaluate("--incremental").out
    (place.out / "run.json").write_text("{}", encoding="utf-8")
    asked = ("evaluate", "--events", place.ledger, "--as-of", "2023-12-31", "--out", place.out, "--incremental")
    assert gongkai(place.capsys, *asked).status == 2, "without a receipt nobody knows whose files those are"
