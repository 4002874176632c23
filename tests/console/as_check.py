"""Pages of the console held to what the command line says of the same ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.console.world import A, B

if TYPE_CHECKING:
    from gongkai.console.live.snapshot import Snapshot
    from reports.selfcheck.check import SelfCheck


def assert_as_check_says(snapshot: Snapshot) -> None:
    """Hold the pages of units to `gongkai check` on the folder of the ledger: the same duties in the same groups."""
    from gongkai.console.office.assessing import request_now
    from gongkai.services.self_check import check_units

    compared = 0
    by_day, by_hour = request_now(), replace(request_now(), as_of=snapshot.hour_inputs.as_of.moment.isoformat())
    for request in (by_day, by_hour):
        result, problems = check_units(request)
        assert result is not None, problems
        said = {one.part.unit.id: _said(one) for one in result.checks}
        for unit in (A, B):
            for state in snapshot.states(unit):
                if state.evaluation.as_of == result.evaluation.as_of:
                    shown = _said(state.check)
                    assert shown
                    assert shown == {key: one for key, one in said[unit].items() if key in shown}
                    compared += 1
    assert compared >= len((A, B))


def _said(check: SelfCheck) -> dict[str, tuple[object, ...]]:
    """Return group, status, due day and evidence of each duty of a self-check."""
    groups = {one.verdict.row["obligation"]: name for name, many in check.groups.items() for one in many}
    rows = [one.row for one in check.part.verdicts]
    return {
        row["obligation"]: (groups.get(row["obligation"]), row["status"], row["due_on"], tuple(row["evidence"]))
        for row in rows
    }
