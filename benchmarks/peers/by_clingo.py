"""The statuses of the headline rules by clingo: events as facts, the rules as an answer set program (headline.lp)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import clingo
import pyarrow as pa
import pyarrow.parquet as pq
from by_python import ELEMENTS, START, STOP, Days, standing
from work import UNITS, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

PROGRAM = Path(__file__).with_name("headline.lp")
EPOCH = datetime(1970, 1, 1)
RULES = {
    "feedback": "8.2.feedback",
    "training": "N6.training",
    "meetings": "8.4.attendance",
    "review": "10.1.review-first",
}
NOW = 28401119
"""The last minute of 2023."""


def minute(at: datetime) -> int:
    """Return a moment as minutes."""
    return int((at - EPOCH).total_seconds()) // 60


def day_number(day: date) -> int:
    """Return a day as a number."""
    return day.toordinal() - EPOCH.toordinal()


class Facts:
    """The facts as a text, with what the numbers in it stand for."""

    def __init__(self, folder: Path) -> None:
        self._numbers: dict[object, int] = {}
        self.keys: list[tuple[str, str]] = []
        self._events, self._days = standing(folder), Days(folder)
        self._owing = {(row["rule"], row["unit"]) for row in pq.read_table(folder / UNITS).to_pylist()}
        self.text = "\n".join([*self._decisions(), *self._counts(), *self._acts(), *self._calendar()])

    def _number(self, thing: object) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))

    def _key(self, unit: str, key: str) -> int:
        self.keys.append((unit, key))
        return len(self.keys) - 1

    def _decisions(self) -> Iterator[str]:
        for row in self._events["decision.issued"]:
            if row["data.consulted"] and ("8.2.feedback", row["unit"]) in self._owing and START <= row["day"] <= STOP:
                matter, key = self._number((row["unit"], row["subject"])), self._key(row["unit"], row["root"])
                yield f"decision({key},{matter},{minute(row['occurred_at'])},{day_number(row['day'])})."
        for row in self._events["consultation.feedback_published"]:
            matter = self._number((row["unit"], row["subject"]))
            for element in row["data.covers"] or ():
                if element in ELEMENTS:
                    yield f"answer({matter},{minute(row['occurred_at'])},{minute(row['latest'])},{element})."
        yield from (f"element({element})." for element in ELEMENTS)

    def _counts(self) -> Iterator[str]:
        units = {}
        for rule, unit in sorted(self._owing):
            if rule in {"N6.training", "8.4.attendance"}:
                name = "training" if rule == "N6.training" else "meetings"
                units[name, unit] = self._key(unit, "2023")
                yield f"owes({name},{units[name, unit]})."
        yield "least(training,1). least(meetings,10)."
        for kind, name in (("training.held", "training"), ("executive_meeting.attended", "meetings")):
            for row in self._events[kind]:
                if (name, row["unit"]) in units and START <= row["day"] <= STOP and row["data.delegates"] != 0:
                    thing = row["id"] if name == "training" else row["subject"] or f"e{row['id']}"
                    yield f"held({name},{units[name, row['unit']]},{self._number(thing)})."

    def _acts(self) -> Iterator[str]:
        for row in self._events["review.completed"]:
            matter = self._number(("r", row["unit"], row["subject"]))
            yield f"review({self._number(row['id'])},{matter},{minute(row['occurred_at'])})."
        places: dict[int, int] = {}
        for row in sorted(self._events["information.published"], key=lambda one: (one["latest"], one["id"])):
            if ("10.1.review-first", row["unit"]) in self._owing and START <= row["day"] <= STOP:
                matter = self._number(("r", row["unit"], row["subject"] or row["id"]))
                places[matter] = places.get(matter, 0) + 1
                key = self._key(row["unit"], row["root"])
                yield f"act({matter},{places[matter]},{key},{minute(row['latest'])})."

    def _calendar(self) -> Iterator[str]:
        yield f"now({NOW})."
        for day, ordinal in self._days.ordinal.items():
            yield f"ordinal({day_number(day)},{ordinal})."
        for ordinal in sorted(set(self._days.ordinal.values())):
            if ordinal >= 1:
                yield f"working({ordinal},{day_number(self._days.working[ordinal])})."


def judge(folder: Path, out: Path) -> None:
    """Write the statuses of a folder's log."""
    facts = Facts(folder)
    control = clingo.Control(["--warn=none"])
    control.load(str(PROGRAM))
    control.add("base", [], facts.text)
    control.ground([("base", [])])
    rows: list[tuple[str, str]] = []

    def keep(model: clingo.Model) -> None:
        """Take the statuses of the one model."""
        for symbol in model.symbols(shown=True):
            rule, key, status = symbol.arguments
            unit, name = facts.keys[key.number]
            rows.append((f"jinxiang-2023/{RULES[rule.name]}/{unit}/{name}", status.name))

    control.solve(on_model=keep)
    names, statuses = zip(*sorted(rows), strict=True)
    pq.write_table(pa.table({"obligation": names, "status": statuses}), out)


if __name__ == "__main__":
    run(judge)
