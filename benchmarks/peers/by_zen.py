"""The statuses of the headline rules by zen-engine: one compiled decision table, asked once an obligation.

It knows neither events nor working days: plain Python finds each obligation, what serves it and when it is due, and the
table says the status. So its time is that of plain Python's joins and of the decisions together.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import zen
from by_python import MOMENT, end_of, verdicts
from work import run

if TYPE_CHECKING:
    from pathlib import Path

TABLE = (
    # needed, found, done, limit, now -> status
    ("found >= needed and done <= limit", "met"),
    ("found >= needed and kind == 'respond'", "late"),
    ("kind == 'precede'", "violated"),
    ("kind == 'none'", "not_applicable"),
    ("now >= limit", "violated"),
    ("true", "pending"),
)
KINDS = {"8.2.feedback": "respond", "N6.training": "count", "8.4.attendance": "count", "10.1.review-first": "precede"}


def decision_graph() -> str:
    """Return the decision table as the engine's JSON."""
    rules = [{"_id": f"r{place}", "i1": test, "o1": json.dumps(status)} for place, (test, status) in enumerate(TABLE)]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": "i1", "name": "test"}],
        "outputs": [{"id": "o1", "name": "status", "field": "status"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": table},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return json.dumps({"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges})


def question(row: dict[str, Any]) -> dict[str, object]:
    """Return what the table is asked of an obligation."""
    if row["status"] == "not_applicable":
        return {"kind": "none", "needed": 1, "found": 0, "done": 0, "limit": 0, "now": 0}
    return {
        "kind": KINDS[row["rule"]],
        "needed": row["required"],
        "found": row["measured"],
        "done": row["met_on"].toordinal() if row["met_on"] else 0,
        "limit": row["due_on"].toordinal(),
        "now": MOMENT.toordinal() if end_of(row["due_on"]) <= MOMENT else row["due_on"].toordinal() - 1,
    }


def judge(folder: Path, out: Path) -> None:
    """Write the statuses of a folder's log."""
    decision = zen.ZenEngine().create_decision(decision_graph())
    rows = verdicts(folder)
    statuses = [decision.evaluate(question(row))["result"]["status"] for row in rows]
    pq.write_table(pa.table({"obligation": [row["obligation"] for row in rows], "status": statuses}), out)


if __name__ == "__main__":
    run(judge)
