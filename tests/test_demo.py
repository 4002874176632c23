from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import gongkai as product
from rules.registry import UNITS, load_registry
from tests.commands import gongkai

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo year, made once."""
    from gongkai.cli import run  # noqa: PLC0415 (only the fixture makes one)

    folder = tmp_path_factory.mktemp("demo") / "year"
    assert run(["demo", str(folder)]) == 0
    return folder


def answers(year: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((year / "answers" / "faults.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def rows(year: Path) -> list[dict[str, Any]]:
    """The verdicts on the demo year as of its end."""
    found: list[dict[str, Any]] = product.evaluate(year, as_of="2023-12-31").verdicts.to_pylist()
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_planted_faults_are_exactly_the_violations_found(year: Path, rows: list[dict[str, Any]]) -> None:
    planted = {(fault["obligation"], fault["status"]) for fault in answers(year)["faults"]}
    found = {(row["obligation"], row["status"]) for row in rows if row["status"] in ("violated", "late")}
    assert found == planted
    assert len(planted) >= 40


def test_faults_are_of_many_sorts_and_in_many_units(year: Path) -> None:
    faults = answers(year)["faults"]
    assert {fault["status"] for fault in faults} == {"violated", "late"}
    assert len({fault["rule"] for fault in faults}) >= 7
    assert len({fault["unit"] for fault in faults}) >= 20


def test_every_department_and_town_has_a_register_of_its_own(year: Path) -> None:
    registry, _ = load_registry(UNITS / "jinxiang.yaml")
    assert registry is not None
    files = {path.stem for path in year.iterdir() if path.suffix in (".xlsx", ".csv")}
    assert {registry.unit(unit).name for unit in registry.members(("departments", "towns"))} <= files
    assert {path.suffix for path in year.iterdir()} == {".xlsx", ".csv", ".txt", ""}


def test_the_registers_are_read_without_an_error_or_a_warning(year: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome = gongkai(capsys, "events", "check", year)
    assert (outcome.status, outcome.err) == (0, "")
    number = int(outcome.out.removeprefix("读到").split("条")[0])
    assert 4000 <= number <= 12000


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_year(
    year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gongkai(capsys, "demo", tmp_path / "again").status == 0
    assert contents(tmp_path / "again") == contents(year)
    assert gongkai(capsys, "demo", tmp_path / "other", "--seed", "7").status == 0
    assert contents(tmp_path / "other") != contents(year)


@pytest.mark.parametrize("seed", ["2", "3", "4"])
def test_another_seed_has_its_own_faults_and_no_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: str
) -> None:
    assert gongkai(capsys, "demo", tmp_path / "year", "--seed", seed).status == 0
    verdicts = product.evaluate(tmp_path / "year", as_of="2023-12-31").verdicts.to_pylist()
    planted = {(fault["obligation"], fault["status"]) for fault in answers(tmp_path / "year")["faults"]}
    assert {(row["obligation"], row["status"]) for row in verdicts if row["status"] in ("violated", "late")} == planted


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    outcome = gongkai(capsys, "demo", tmp_path)
    assert outcome.status == 2
    assert "not-empty" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_one_unit_alone_gets_the_verdicts_that_it_gets_among_all(year: Path, rows: list[dict[str, Any]]) -> None:
    for name, unit in (("县住房和城乡建设局", "zhujian"), ("县政府办公室", "zhengfuban")):
        alone = product.evaluate(year, as_of="2023-12-31", only=[name]).verdicts.to_pylist()
        assert alone == [row for row in rows if row["unit"] == unit]


def test_mid_year_sees_nothing_of_the_second_half(year: Path) -> None:
    early = product.evaluate(year, as_of="2023-06-30").verdicts.to_pylist()
    assert all(row["met_on"] is None or str(row["met_on"]) <= "2023-06-30" for row in early)
    assert all(str(row["opened_on"]) <= "2023-06-30" for row in early if row["trigger"] is not None)
