"""What the sentences of verdicts say in the cases that once read wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gongkai.commands import gongkai, read_verdicts, write_log

if TYPE_CHECKING:
    from pathlib import Path

    Reasons = dict[tuple[str, str], str]


def staff(kind: str, unit: str, subject: str, day: str) -> dict[str, object]:
    return {"type": f"staff.{kind}", "unit": unit, "subject": subject, "occurred_at": day}


LOG = (
    staff("appointed", "县民政局", "M1", "2023-03-01"),
    staff("released", "县民政局", "M1", "2023-08-01"),
    staff("appointed", "县民政局", "M2", "2023-09-01"),
    staff("released", "县民政局", "M2", "2023-12-01"),
    staff("appointed", "县水务局", "W1", "2023-09-01"),
    {
        "type": "information.published",
        "unit": "县民政局",
        "subject": "低保",
        "occurred_at": "2023-09-01",
        "data": {"topics": ["2.4"]},
    },
    {"type": "policy.issued", "unit": "县财政局", "subject": "财1", "occurred_at": "2023-08-01"},
    {
        "type": "policy.interpreted",
        "unit": "县财政局",
        "subject": "财1",
        "occurred_at": "2023-08-01",
        "data": {"forms": ["text"]},
    },
)


@pytest.fixture(scope="module")
def reasons(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reasons]:
    """Return the reasons of a log in both languages, by unit and rule."""
    home = tmp_path_factory.mktemp("words")
    log = write_log(home / "log.jsonl", *LOG)
    found = {}
    for lang in ("zh", "en"):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(home)
            _run(log, home / lang, lang)
        rows = read_verdicts(home / lang)
        found[lang] = {(row["unit"], row["rule"]): row["reason"] for row in rows}
    return found


def _run(log: Path, out: Path, lang: str) -> None:
    from gongkai.cli import run  # noqa: PLC0415 (a test that needs no run must not wait for it)

    arguments = ["evaluate", "--events", str(log), "--as-of", "2023-12-31", "--out", str(out)]
    assert run([*arguments, "--no-reports", "--lang", lang]) == 0


def test_a_gap_says_who_was_missing_from_when_to_when(reasons: dict[str, Reasons]) -> None:
    rule = "N2.dedicated-staff"
    said = reasons["zh"]["minzheng", rule]
    assert "2023-08-01至2023-08-31空缺（M1自2023-08-01起不在）；此后又有1段不足" in said
    assert "vacant from 2023-08-01 to 2023-08-31 (M1 left); and 1 more" in reasons["en"]["minzheng", rule]
    assert "2023-07-14至2023-08-31空缺。" in reasons["zh"]["shuiwu", rule]
    assert "2023-07-14至2023-12-31空缺，没有登记过任何一个。" in reasons["zh"]["caizheng", rule]
    for lang in ("zh", "en"):
        assert not [one for one in reasons[lang].values() if "最少的一天" in one or "at worst" in one]


def test_what_is_counted_has_its_own_measure_word(reasons: dict[str, Reasons]) -> None:
    assert "应不少于9类，只记录1类" in reasons["zh"]["minzheng", "2.4.nine-classes"]
    assert "应不少于1次，只记录0次" in reasons["zh"]["minzheng", "N6.training"]


def test_nothing_is_said_to_be_reached_where_nothing_is_owed(reasons: dict[str, Reasons]) -> None:
    for lang in ("zh", "en"):
        assert not [one for one in reasons[lang].values() if "覆盖0项，已覆盖0项" in one or one.startswith("0 to be")]


def test_the_remedy_counts_in_the_same_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = write_log(tmp_path / "log.jsonl", *LOG)
    said = gongkai(capsys, "check", "--unit", "县民政局", "--events", log, "--as-of", "2023-10-31").out
    assert "共需9类，还差8类" in "".join(said.split())
