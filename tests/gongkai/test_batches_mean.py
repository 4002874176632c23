"""Many counties: subjects are folded and figures converted as for one county, by any batches and any vocabulary."""

from __future__ import annotations

import json
import pickle
import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.batches import near
from events.table import schema
from events.vocabulary import load_vocabulary, product_vocabulary
from gongkai.evaluation.counties.run import run_counties
from gongkai.options import Request, RunRequest
from gongkai.services.evaluate import judge_request
from rules.loading.vocabulary import words_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

AS_OF = "2023-12-31"
BRACKETS = ("〔{}〕{}号", "[{}]{}号", "（{}）{}号", "【{}】0{}号", "〔{}〕 {} 号", "〈{}〉{}号")
FIGURES = [
    ("培训教师", "jiaoti", (1.31, 13100.0, 0.2, 9000.0), ("万人次", "人次", None)),
    ("治理采煤塌陷地", "ziran", (0.1, 1000.0, 70.0), ("万亩", "亩", "公顷", None)),
    ("医保参保率", "yibao", (97.0, 970.0, 96.0), ("%", "‰", None)),
    ("城镇新增就业", "renshe", (3900.0, 0.4, 3800.0), ("人", "万人", None)),
]
CLASHES = {("治理采煤塌陷地", 1000.0, "公顷")}


def row(number: int, kind: str, unit: str, day: datetime, **more: object) -> dict[str, Any]:
    """Return an event as a row of the log."""
    moments = {"occurred_at": day, "recorded_at": day, "timed": False}
    return {"id": f"e{number:03}", "type": kind, "unit": unit, **moments, **more}


def entries(seed: int) -> list[dict[str, Any]]:
    """Return a year in which documents are spelt in many ways and figures counted in many units."""
    chance = random.Random(seed)
    day = datetime(2023, 7, 20)
    found: list[dict[str, Any]] = []
    for number in range(1, 25):
        later = day + timedelta(days=number)
        subject = f"金政办字{chance.choice(BRACKETS).format(2023, number)}"
        if chance.random() < 0.3:
            subject = f"关于第{number}项 政策的通知"
        after = later + timedelta(days=chance.choice((0, 2)))
        again = chance.choice(BRACKETS).format(2023, number)
        other = (
            f"金政办字{again}"
            if subject.startswith("金")
            else chance.choice(
                (
                    f"关于第{number}项政策的通知",
                    f"《关于第{number}项政策的通知》解读",
                    f"关于第{number}项政策的通知解读",
                )
            )
        )
        unit = chance.choice(("minzheng", "caizheng"))
        issued = {"data.normative": True, "data.affects_rights": True}
        found.append(row(len(found), "policy.issued", unit, later, subject=subject, **issued))
        found.append(
            row(len(found), "policy.interpreted", unit, after, subject=other, **{"data.forms": ["text", "video"]})
        )
    for indicator, unit, values, measures in FIGURES:
        value, measure = chance.choice(values), chance.choice(measures)
        said = {"data.indicator": indicator, "data.value": value, "data.unit_of_measure": measure}
        found.append(row(len(found), "indicator.reported", unit, datetime(2023, 12, 20), **said))
    return found


def written(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    """Write a county's log, and return its file."""
    place = folder / f"county={name}"
    place.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema(load_vocabulary())), place / "part.parquet")
    return place / "part.parquet"


def alone(file: Path, county: str) -> list[dict[str, Any]]:
    """Return the verdicts of one county by `evaluate`, named as in a run over many."""
    table, problems = judge_request(Request(as_of=AS_OF, events=(file,)))
    assert table is not None, problems
    found = []
    for verdict in table.to_pylist():
        book, rule, rest = verdict["obligation"].split("/", 2)
        named = f"{book}/{rule}/{county}/{rest}"
        cause = named if verdict["cause"] == verdict["obligation"] else verdict["cause"]
        found.append({**verdict, "obligation": named, "cause": cause})
    return sorted(found, key=lambda one: str(one["obligation"]))


@pytest.mark.parametrize(("seeds", "most"), [((1, 2), 10**6), ((3, 4), 1)])
def test_spellings_and_units_of_measure_mean_the_same_in_any_batch(
    tmp_path: Path, seeds: tuple[int, ...], most: int
) -> None:
    files = {f"c{seed:04}": written(tmp_path / "events", f"c{seed:04}", entries(seed)) for seed in seeds}
    result = run_counties(RunRequest(as_of=AS_OF, events=(tmp_path / "events",), batch_events=most), tmp_path / "out")
    assert result.totals is not None, result.problems
    for name, file in files.items():
        found = pq.read_table(tmp_path / "out" / "verdicts.parquet" / f"county={name}" / "part.parquet").to_pylist()
        wanted = [{key: one[key] for key in found[0]} for one in alone(file, name)]
        assert found == wanted, name
        met = {one["rule"] for one in found if one["status"] == "met"}
        assert "5.1.interpretation" in met


def test_a_figure_in_a_unit_that_is_not_the_rules_is_refused_with_its_county(tmp_path: Path) -> None:
    said = {"data.indicator": "培训教师", "data.value": 9000.0, "data.unit_of_measure": "亩"}
    written(tmp_path / "events", "c1", [row(1, "indicator.reported", "jiaoti", datetime(2023, 12, 20), **said)])
    result = run_counties(RunRequest(as_of=AS_OF, events=(tmp_path / "events",)), tmp_path / "out")
    assert result.totals is None
    assert [(one.code, "c1 jiaoti:e001" in one.fact.zh) for one in result.problems] == [("bad-measure", True)]
    assert not (tmp_path / "out").exists()


def test_a_figure_far_off_or_of_nothing_is_told_and_judged(tmp_path: Path) -> None:
    day = datetime(2023, 12, 20)
    far = row(1, "indicator.reported", "jiaoti", day, **{"data.indicator": "培训教师", "data.value": 9000.0})
    nameless = [row(number, "indicator.reported", "jiaoti", day, **{"data.value": 5.0}) for number in range(2, 10)]
    written(tmp_path / "events", "c1", [far, *nameless])
    result = run_counties(RunRequest(as_of=AS_OF, events=(tmp_path / "events",)), tmp_path / "out")
    assert result.totals is not None
    told = [(one.code, one.fact.en) for one in result.problems]
    assert [code for code, _ in told] == ["far-off-target", *["figure-of-nothing"] * 5]
    assert told[-1][1].endswith("(3 more)")


def test_a_county_may_use_words_of_its_own_in_every_process(tmp_path: Path) -> None:
    words = tmp_path / "words.yaml"
    words.write_text("types:\n  hearing.held: {zh: 听证会, subject: none}\n", encoding="utf-8")
    day = datetime(2023, 5, 5)
    rows = [row(1, "training.held", "minzheng", day), row(2, "hearing.held", "minzheng", day)]
    for name in ("c1", "c2"):
        written(tmp_path / "events", name, rows)
    asked = RunRequest(as_of=AS_OF, events=(tmp_path / "events",), batch_events=1)
    refused = run_counties(asked, tmp_path / "out")
    assert {one.code for one in refused.problems} == {"unknown-type"}
    result = run_counties(replace(asked, vocabulary=words), tmp_path / "out")
    assert (result.counties, result.problems) == (2, ())
    assert "vocabulary" in json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert load_vocabulary() is product_vocabulary()
    grown, _ = words_of(product_vocabulary(), files=(words,))
    assert "hearing.held" in pickle.loads(pickle.dumps(grown)).types  # noqa: S301 - what this test dumped


def test_a_mapping_is_refused_with_what_to_do(tmp_path: Path) -> None:
    written(tmp_path / "events", "c1", [row(1, "training.held", "minzheng", datetime(2023, 5, 5))])
    asked = RunRequest(as_of=AS_OF, events=(tmp_path / "events",), mapping=(tmp_path / "m.yaml",))
    result = run_counties(asked, tmp_path / "out")
    assert [(one.code, "events convert --mapping" in one.cure.zh) for one in result.problems] == [("bad-option", True)]


def test_a_near_trigger_and_a_request_logged_twice_are_told_with_their_county(tmp_path: Path) -> None:
    day = datetime(2023, 5, 5)
    rows = [
        row(1, "policy.issued", "minzheng", day, subject="关于调整低保标准的通知"),
        row(2, "policy.interpreted", "minzheng", day, subject="关于调整低保标准通知"),
        row(3, "request.received", "minzheng", day, subject="2023-1"),
        row(4, "request.received", "minzheng", day + timedelta(days=1), subject="2023－1"),
        row(5, "policy.issued", "caizheng", day, subject="金财字〔2023〕1号"),
        row(6, "policy.interpreted", "caizheng", day + timedelta(days=1), subject="金财字[2023]1号"),
    ]
    for county in ("c1", "c2"):
        written(tmp_path / "events", county, rows if county == "c1" else rows[4:])
    result = run_counties(RunRequest(as_of=AS_OF, events=(tmp_path / "events",)), tmp_path / "out")
    told = [(one.code, one.fact.zh.split("：")[0]) for one in result.problems]
    found = [one for one in told if one[0] in {"no-trigger", "request-twice"}]
    assert found == [("no-trigger", "c1 minzheng:e002"), ("request-twice", "c1 minzheng:e004")]


def test_a_county_with_too_many_entries_to_compare_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "MOST", 3)
    day = datetime(2023, 5, 5)
    for county, count in (("c1", 4), ("c2", 2)):
        rows = [row(0, "policy.interpreted", "minzheng", day, subject="关于调整低保标准通知")]
        names = [f"关于调整低保标准的通知{number or ''}" for number in range(count)]
        rows += [row(at, "policy.issued", "minzheng", day, subject=name) for at, name in enumerate(names, 1)]
        written(tmp_path / "events", county, rows)
    result = run_counties(RunRequest(as_of=AS_OF, events=(tmp_path / "events",)), tmp_path / "out")
    told = {(one.code, one.fact.zh[:2]) for one in result.problems if one.code in {"no-trigger", "not-compared"}}
    assert told == {("not-compared", "c1"), ("no-trigger", "c2")}
