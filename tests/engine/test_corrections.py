"""Which entries of a chain of corrections and withdrawals stand, as decision 0005 says."""

from __future__ import annotations

import json
from typing import Any

import pytest

import gongkai

CHAINS: list[Any] = [
    pytest.param(["A"], ["A"], id="alone"),
    pytest.param(["A", "B corrects A"], ["B"], id="corrected"),
    pytest.param(["A", "B corrects A", "C corrects B"], ["C"], id="a correction corrected holds down the first"),
    pytest.param(["A", "B corrects A", "C corrects B", "D corrects C"], ["D"], id="and so on"),
    pytest.param(["A", "B corrects A", "C corrects A"], ["C"], id="the one recorded last"),
    pytest.param(["A", "B corrects A", "C corrects A", "D corrects B"], ["C"], id="a rival corrected does not count"),
    pytest.param(["A", "B retracts A"], [], id="withdrawn"),
    pytest.param(["A", "B corrects A", "C retracts B"], ["A"], id="a correction withdrawn"),
    pytest.param(["A", "B corrects A", "C corrects B", "D retracts C"], ["B"], id="the last correction withdrawn"),
    pytest.param(["A", "B corrects A", "C corrects B", "D retracts B"], ["A"], id="the first correction withdrawn"),
    pytest.param(["A", "B retracts A", "C retracts B"], ["A"], id="a withdrawal withdrawn"),
    pytest.param(["A", "B corrects A", "C retracts A"], [], id="withdrawn after a correction"),
]


def _entries(subject: str, chain: list[str]) -> list[dict[str, object]]:
    """Return the entries of a chain: the n-th is a decision of 1 March, recorded on the n-th."""
    entries: list[dict[str, object]] = []
    for number, text in enumerate(chain, start=1):
        name, *change = text.split()
        entry: dict[str, object] = {
            "id": f"{subject}-{name}",
            "type": "decision.issued",
            "unit": "县民政局",
            "subject": subject,
            "occurred_at": "2023-03-01",
            "recorded_at": f"2023-03-{number:02d}",
            "data": {"consulted": True},
        }
        entries.append(entry | ({change[0]: f"{subject}-{change[1]}"} if change else {}))
    return entries


@pytest.fixture(scope="module")
def owed(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What all chains together set: the obligations of 8.2."""
    log = tmp_path_factory.mktemp("chains") / "log.jsonl"
    chains = [case.values[0] for case in CHAINS]
    entries = [entry for number, chain in enumerate(chains) for entry in _entries(str(number), chain)]
    log.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    rows: list[dict[str, Any]] = gongkai.evaluate(log, "2023-12-31", only=["县民政局"]).verdicts.to_pylist()
    return [row for row in rows if row["rule"] == "8.2.feedback"]


@pytest.mark.parametrize("number", range(len(CHAINS)), ids=[str(case.id) for case in CHAINS])
def test_only_the_last_link_of_a_chain_stands(owed: list[dict[str, Any]], number: int) -> None:
    own = [row for row in owed if row["subject"] == str(number)]
    assert [row["trigger"] for row in own] == [f"{number}-{name}" for name in CHAINS[number].values[1]]
    assert {row["obligation"].rpartition("/")[2] for row in own} <= {f"{number}-A"}
