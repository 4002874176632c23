"""The verdict: one obligation's status as of a moment, as a row of the public contract."""

from __future__ import annotations

import pyarrow as pa

STATUSES = ("met", "late", "violated", "pending", "not_applicable", "waived", "unassessed", "not_taken")

SCHEMA = pa.schema(
    [
        pa.field("obligation", pa.string(), nullable=False),
        pa.field("book", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("clause", pa.string(), nullable=False),
        pa.field("modality", pa.string(), nullable=False),
        pa.field("unit", pa.string(), nullable=False),
        pa.field("unit_name", pa.string(), nullable=False),
        pa.field("subject", pa.string()),
        pa.field("opened_on", pa.date32()),
        pa.field("due_on", pa.date32()),
        pa.field("met_on", pa.date32()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("required", pa.float64()),
        pa.field("measured", pa.float64()),
        pa.field("evidence", pa.list_(pa.string())),
        pa.field("trigger", pa.string()),
        pa.field("provisional", pa.bool_(), nullable=False),
        pa.field("reading", pa.string()),
        pa.field("waiver", pa.string()),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("document", pa.string(), nullable=False),
        pa.field("limit_at", pa.timestamp("us")),
        pa.field("before_issue", pa.bool_(), nullable=False),
        pa.field("cause", pa.string()),
    ]
)
