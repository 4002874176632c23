"""What Declare4Py's multi-perspective DECLARE can say of the headline rules: order, limits in calendar days, counts.

A case is a unit and a subject, and for the counts a unit. `Response` has a limit here, in calendar days, so that a
make-up workday or a holiday gives another answer, and it asks for any feedback instead of the three elements;
`Precedence` lets one review serve every publication. `Existence` counts.
"""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

import pandas as pd
import pm4py
import pyarrow as pa
import pyarrow.parquet as pq
from by_python import START, STOP, standing
from Declare4Py.D4PyEventLog import D4PyEventLog
from Declare4Py.ProcessMiningTasks.ConformanceChecking.MPDeclareAnalyzer import MPDeclareAnalyzer
from Declare4Py.ProcessModels.DeclareModel import DeclareModel
from Declare4Py.Utils.Declare.TraceStates import TraceState
from matters import ANSWERED, DECIDED, PUBLISHED, REVIEWED, matters
from work import UNITS, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

TRAINED, ATTENDED = "training.held", "executive_meeting.attended"
OF_A_MATTER = {
    "8.2.feedback": (f"Response[{DECIDED}, {ANSWERED}] | | | 0,3,d", DECIDED),
    "10.1.review-first": (f"Precedence[{REVIEWED}, {PUBLISHED}] | | |", PUBLISHED),
}
OF_A_UNIT = {"N6.training": f"Existence1[{TRAINED}] | |", "8.4.attendance": f"Existence10[{ATTENDED}] | |"}


def told(rows: Sequence[dict[str, Any]], constraints: Sequence[str]) -> tuple[list[str], list[list[bool]]]:
    """Return the cases of a log, and for each whether it keeps each of the constraints."""
    frame = pd.DataFrame(rows, columns=["case:concept:name", "concept:name", "time:timestamp"])
    frame = frame.sort_values(["case:concept:name", "time:timestamp"], kind="stable", ignore_index=True)
    log = pm4py.convert_to_event_log(frame)
    log.properties.update({"pm4py:param:timestamp_key": "time:timestamp", "pm4py:param:activity_key": "concept:name"})
    activities = sorted(frame["concept:name"].unique())
    model = DeclareModel().parse_from_string("\n".join([*(f"activity {one}" for one in activities), *constraints]))
    wrapped = D4PyEventLog(log=log)
    with contextlib.redirect_stdout(io.StringIO()):
        found = MPDeclareAnalyzer(log=wrapped, declare_model=model, consider_vacuity=True).run()
    cases = [trace.attributes["concept:name"] for trace in log]
    return cases, [[one.state == TraceState.SATISFIED for one in results] for results in found.model_check_res]


def judge(folder: Path, out: Path) -> None:
    """Write, for each matter and for each unit that owes, whether its constraints are kept."""
    events = standing(folder)
    rows = matters(events)
    cases, kept = told(rows, [constraint for constraint, _ in OF_A_MATTER.values()])
    present = {(row["case:concept:name"], row["concept:name"]) for row in rows}
    answers = [
        (f"{rule}/{case}", holds)
        for case, results in zip(cases, kept, strict=True)
        for (rule, (_, kind)), holds in zip(OF_A_MATTER.items(), results, strict=True)
        if (case, kind) in present
    ]
    counted = [
        {"case:concept:name": row["unit"], "concept:name": row["type"], "time:timestamp": row["occurred_at"]}
        for kind in (TRAINED, ATTENDED)
        for row in events[kind]
        if START <= row["day"] <= STOP and row["data.delegates"] != 0
    ]
    cases, kept = told(counted, list(OF_A_UNIT.values()))
    owing = {(row["rule"], row["unit"]) for row in pq.read_table(folder / UNITS).to_pylist()}
    answers += [
        (f"{rule}/{case}", holds)
        for case, results in zip(cases, kept, strict=True)
        for rule, holds in zip(OF_A_UNIT, results, strict=True)
        if (rule, case) in owing
    ]
    names, holding = zip(*answers, strict=True)
    pq.write_table(pa.table({"matter": names, "status": ["met" if one else "violated" for one in holding]}), out)


if __name__ == "__main__":
    run(judge)
