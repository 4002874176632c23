"""`--incremental` makes only the pages that new entries matter to, and every file says what a full run says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gongkai.evaluation.earlier import kept_pages
from reports.pages import html, unit_page
from tests.gongkai.commands import decision, feedback
from tests.gongkai.test_incremental_command import Place
from tests.ledger.ledgers import training

if TYPE_CHECKING:
    from pathlib import Path


class Made(Place):
    """A ledger and its runs, with a record of the units whose pages are made."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path, patch: pytest.MonkeyPatch) -> None:
        super().__init__(capsys, folder)
        self.made: list[str] = []

        def recorded(evaluation: object, part: object, *more: object) -> object:
            self.made.append(part.unit.id)  # type: ignore[attr-defined]
            return unit_page.unit_page(evaluation, part, *more)  # type: ignore[arg-type]

        patch.setattr(html, "unit_page", recorded)

    def again(self, *options: str | Path, as_of: str = "2023-12-31") -> list[str]:
        """Evaluate on; return the units whose pages were made."""
        self.made.clear()
        self.evaluate("--incremental", *options, as_of=as_of)
        return list(self.made)


@pytest.fixture
def place(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """Return a ledger with entries of two units, and a run over it."""
    found = Made(capsys, tmp_path, monkeypatch)
    found.add(
        decision("d1", "2023-07-14"),
        feedback("d1", "2023-07-17"),
        training("t1"),
        {**training("j1"), "unit": "县司法局"},
    )
    found.evaluate()
    return found


def test_an_entry_makes_the_page_of_its_unit_alone(place: Made) -> None:
    assert place.again() == []
    place.add(training("t2", "2023-09-01"))
    assert place.again() == ["minzheng"]
    place.add({**decision("d2", "2023-08-01"), "id": "d2"})
    made = place.again()
    assert "minzheng" in made
    assert place.same_as_anew()


def test_what_mends_an_entry_or_files_for_the_first_time_makes_all_pages(place: Made) -> None:
    every = len(list((place.out / "units").iterdir()))
    place.add(training("t3", "2023-09-02", corrects="t1"))
    assert len(place.again()) == every
    place.add(training("w", "2023-09-03", retracts="t3"))
    assert len(place.again()) == every
    place.add({**training("m1"), "unit": "县财政局"})
    assert len(place.again()) == every, "duties that several units owe together say who has filed nothing"
    assert place.same_as_anew()


def test_whatever_else_stands_on_a_page_makes_all_of_them(place: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    every = len(list((place.out / "units").iterdir()))
    page = place.out / "units" / "minzheng.html"
    page.write_text("changed", encoding="utf-8")
    assert place.again() == ["minzheng"]
    assert len(place.again(as_of="2023-12-30")) == every
    waivers = place.folder / "waivers.yaml"
    waivers.write_text(
        "waivers:\n  - {unit: 县民政局, rule: N6.training, reason: 疫情, approver: 县政府办公室, "
        "from: 2023-01-01, until: 2023-12-31}\n",
        encoding="utf-8",
    )
    assert len(place.again("--waivers", waivers, as_of="2023-12-30")) == every
    assert place.again("--waivers", waivers, as_of="2023-12-30") == []
    monkeypatch.setattr(kept_pages, "made_by", lambda: "templates of another state")
    assert len(place.again("--waivers", waivers, as_of="2023-12-30")) == every


def test_an_entry_of_another_unit_on_the_matter_of_an_open_duty_is_told_on_the_page(place: Made) -> None:
    place.add({**decision("d2", "2023-08-01"), "id": "d2"})
    place.evaluate()
    place.add({**feedback("d2", "2023-08-02"), "id": "f9", "unit": "县司法局"})
    assert place.again() == ["minzheng", "sifa"]
    assert "f9" in (place.out / "units" / "minzheng.html").read_text(encoding="utf-8")
    assert place.same_as_anew()


def test_a_duty_that_looks_at_the_whole_county_makes_the_pages_that_tell_of_it(place: Made) -> None:
    place.again()
    published = {"type": "information.published", "unit": "县司法局", "occurred_at": "2023-02-01"}
    place.add({**published, "id": "p1", "subject": "通知", "data": {"topics": ["catalogue"]}})
    made = place.again()
    assert "sifa" in made
    assert place.same_as_anew()
    place.add({**published, "id": "p2", "subject": "公告"})
    again = place.again()
    assert "sifa" in again
    assert place.same_as_anew()
