"""What pm4py's DECLARE conformance can say of the headline rules: the order of events in a case, and no more.

A case is a unit and a subject. DECLARE's `response` has no limit of time here, no working days and no elements, and its
`precedence` lets one review serve every publication. What it gives: whether each decision has any feedback after it,
and whether each published matter has a review before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pm4py
import pyarrow as pa
import pyarrow.parquet as pq
from by_python import standing
from matters import ANSWERED, DECIDED, PUBLISHED, REVIEWED, matters
from work import run

if TYPE_CHECKING:
    from pathlib import Path

MODEL = {
    "response": {(DECIDED, ANSWERED): {"support": 1.0, "confidence": 1.0}},
    "precedence": {(REVIEWED, PUBLISHED): {"support": 1.0, "confidence": 1.0}},
}


def judge(folder: Path, out: Path) -> None:
    """Write, for each case with a decision or a publication, whether the order is kept."""
    rows = matters(standing(folder))
    log = pd.DataFrame(rows).sort_values(["case:concept:name", "time:timestamp"], kind="stable", ignore_index=True)
    found = pm4py.conformance_declare(log, MODEL, return_diagnostics_dataframe=False)
    cases = log["case:concept:name"].drop_duplicates().tolist()
    kinds = log.groupby("case:concept:name", sort=False)["concept:name"].agg(set).tolist()
    names, statuses = [], []
    for case, present, told in zip(cases, kinds, found, strict=True):
        broken = {deviation[0] for deviation in told["deviations"]}
        for kind, template in ((DECIDED, "response"), (PUBLISHED, "precedence")):
            if kind in present:
                names.append(f"{'8.2.feedback' if kind == DECIDED else '10.1.review-first'}/{case}")
                statuses.append("violated" if template in broken else "met")
    pq.write_table(pa.table({"matter": names, "status": statuses}), out)


if __name__ == "__main__":
    run(judge)
