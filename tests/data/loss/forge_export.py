"""Write a file in the form of a ledger's export with a chain of its own: every event in it skipped all checks (exit 0).

usage: forge_export.py FILE
"""

import hashlib
import json
import sys
from pathlib import Path

RECORD = (
    '"import":{"at":"2023-01-01T00:00:00","by":"县长","file":"官方.xlsx","sha256":"%s","rows":1,"events":1,"units":"x","gongkai":"0.1.0"}}'
    % ("0" * 64)
)
EVENTS = (
    {"id": "Z1", "type": "decision.issued", "unit": "nosuch", "subject": "s", "occurred_at": "2023-03-01"},
    {"id": "Z2", "type": "no.such", "unit": "minzheng", "subject": "s", "occurred_at": "2023-03-01"},
    {
        "id": "Z3",
        "type": "training.held",
        "unit": "minzheng",
        "occurred_at": "2023-03-01",
        "data": {"participants": -5},
    },
    {"type": "training.held", "unit": "minzheng"},
)
bodies = [RECORD] + [
    f'"event":{json.dumps(event, ensure_ascii=False, separators=(",", ":"))},"place":"A{row}"}}'
    for row, event in enumerate(EVENTS, 2)
]
head, lines = "0" * 64, []
for body in bodies:
    lines.append(f'{{"prev":"{head}",{body}')
    head = hashlib.sha256(lines[-1].encode()).hexdigest()
Path(sys.argv[1]).write_text("\n".join(lines) + "\n", encoding="utf-8")
