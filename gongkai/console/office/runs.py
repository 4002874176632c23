"""Official runs: what is asked for becomes the arguments of `gongkai evaluate`, and what it writes is published."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.db import transaction

from engine.time.asof import AsOf
from engine.time.durations import parse_duration
from engine.time.period import RunPeriod
from events.ledger.folder import is_ledger, read_head
from gongkai.console.clock import now
from gongkai.console.folder import APPROVED, BOOKS, LEDGER, POLICIES, RUNS, current
from gongkai.console.models import office_store as rows
from gongkai.console.models.runs import DONE, PUBLISHED, TO_COUNTY, TO_UNITS
from gongkai.console.web.errors import ConflictError
from reports.run.folder import open_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from gongkai.console.models import CountyRun, Person
    from reports.run.folder import RunFolder

TOUCHED = "运行结果的文件在完成以后被改动过，不能公布。请重新运行。"


@dataclass(frozen=True, slots=True)
class AskedRun:
    """What somebody asks of a run; texts as the command line takes them.

    Attributes:
        title: what pages call it.
        as_of: 截至日.
        known_by: 登记截止, or nothing.
        period: or nothing.
        preset: or nothing.
        policy: the scoring policy, seen from the data folder (`policies`), or nothing.
        rectify_within: or nothing.
        readings: `RULE=NAME`.
        previous: earlier runs.
        revises: the published run that this one revises.
    """

    title: str
    as_of: str
    known_by: str = ""
    period: str = ""
    preset: str = ""
    policy: str = ""
    rectify_within: str = ""
    readings: tuple[str, ...] = ()
    previous: tuple[int, ...] = ()
    revises: CountyRun | None = None


def wrong_moment(text: str) -> bool:
    """Say whether a text is no date or moment."""
    try:
        AsOf.parse(text)
    except (ValueError, OverflowError):
        return True
    return False


def wrong_period(text: str) -> bool:
    """Say whether a text is no period."""
    try:
        RunPeriod.parse(text)
    except (ValueError, OverflowError):
        return True
    return False


def wrong_duration(text: str) -> bool:
    """Say whether a text is no length of time."""
    try:
        parse_duration(text)
    except ValueError:
        return True
    return False


def policies() -> dict[str, str]:
    """Return the scoring policies that a run may use, by their path in the data folder: what pages call each.

    Once one was approved, only approved versions are at hand, the one in force first; before, what the administrator
    laid into `policies/`.
    """
    root, present = current().root, current().settings.policy
    found = {} if present is None else {present.as_posix(): "现行的评分办法"}
    approved = rows.proposals().filter(kind="policy", version__isnull=False).order_by("-version")
    for version in approved.values_list("version", flat=True):
        path = f"{APPROVED}/policy-{version}.yaml"
        found[path] = f"评分办法第{version}版" + ("（现行）" if path in found else "")
    if not approved:
        found |= {f"{POLICIES}/{one.name}": one.name for one in sorted((root / POLICIES).glob("*.yaml"))}
    return {path: label for path, label in found.items() if (root / path).is_file()}


def arguments_of(asked: AskedRun, head: str) -> list[str]:
    """Return the arguments of `gongkai evaluate`, without `--out`, seen from the data folder."""
    settings = current().settings
    found = ["--events", LEDGER]
    pairs: list[tuple[str, object]] = [
        ("--head", head),
        ("--as-of", asked.as_of),
        ("--known-by", asked.known_by),
        ("--period", asked.period),
        ("--preset", asked.preset),
        ("--policy", asked.policy),
        ("--rectify-within", asked.rectify_within),
        *(("--book", _book(one)) for one in settings.books),
        ("--units", settings.units),
        ("--calendar", settings.calendar),
        ("--waivers", settings.waivers),
        *(("--reading", one) for one in (*settings.readings, *asked.readings)),
        *(("--previous", f"{RUNS}/{one}") for one in asked.previous),
    ]
    for flag, value in pairs:
        if value:
            found += [flag, str(value)]
    return found


def _book(name: str) -> str:
    """Return a rulebook as the command line takes it: one of the county's own by its folder."""
    return f"{BOOKS}/{name}" if (current().root / BOOKS / name / "book.yaml").is_file() else name


def make(person: Person, asked: AskedRun) -> CountyRun:
    """Return a new run that waits for its turn."""
    ledger = current().ledger
    head = read_head(ledger) if is_ledger(ledger) else None
    known = head.hash if head is not None and head.entries else ""
    with transaction.atomic():
        return rows.make_run(
            title=asked.title[:200],
            arguments=arguments_of(asked, known),
            as_of=asked.as_of,
            known_by=asked.known_by,
            head=known,
            revises=asked.revises,
            author=person,
            made_at=now(),
        )


def command(run: CountyRun, out: str = "结果") -> str:
    """Return the command that does the same, as a terminal in the data folder takes it."""
    return shlex.join(["gongkai", "evaluate", *map(str, run.arguments), "--out", out])


def folder_of(run: CountyRun) -> Path:
    """Return the folder of a run."""
    return current().root / RUNS / str(run.number)


def manifest(folder: Path) -> dict[str, str]:
    """Return the hash of each file of a folder, by its path in it."""
    return {
        one.relative_to(folder).as_posix(): sha256(one.read_bytes()).hexdigest()
        for one in sorted(folder.rglob("*"))
        if one.is_file()
    }


def untouched(run: CountyRun) -> bool:
    """Say whether the folder of a run is as its process left it."""
    return bool(run.files) and manifest(folder_of(run)) == run.files


def publish(person: Person, run: CountyRun, audience: str, until: date | None) -> None:
    """Let units see a run.

    Args:
        person: who publishes it, not who made it.
        run: the run.
        audience: `units` for each its own, `county` for all of it.
        until: the last day for objections.

    Raises:
        ConflictError: it is not done, is published already, or its folder was touched.
    """
    if audience not in {TO_UNITS, TO_COUNTY}:
        message = "公布范围不对。"
        raise ConflictError(message)
    whole = untouched(run)  # before the database is held: a folder takes a while to read
    with transaction.atomic():
        locked = rows.lock_run(run.pk)
        if locked.state != DONE:
            message = "这次运行还没有完成，或者已经公布。"
            raise ConflictError(message)
        if not whole or locked.files != run.files:
            raise ConflictError(TOUCHED)
        locked.state, locked.publisher, locked.published_at = audience, person, now()
        locked.objections_until = until
        locked.save()
        text = json.dumps(_announcement(locked), ensure_ascii=False, indent=1, sort_keys=True)
        (current().root / RUNS / f"{run.number}.published.json").write_text(text, encoding="utf-8", newline="\n")


def _announcement(run: CountyRun) -> dict[str, Any]:
    """Return what an office above the county reads of a published run."""
    return {
        "number": run.number,
        "title": run.title,
        "as_of": run.as_of,
        "known_by": run.known_by,
        "published_at": run.published_at.isoformat() if run.published_at else None,
        "objections_until": run.objections_until.isoformat() if run.objections_until else None,
        "revises": run.revises.number if run.revises else None,
        "statuses": run.statuses,
        "files": run.files,
    }


def read(run: CountyRun) -> RunFolder | None:
    """Return a run as its folder has it, None where that is none."""
    return open_run(folder_of(run))[0]


def rows_of(run: CountyRun, unit: str) -> list[Mapping[str, Any]]:
    """Return the verdict rows of a unit in a run, by obligation."""
    found = read(run)
    return [] if found is None else [row for row in found.rows.values() if row["unit"] == unit]


def obligations_of(run: CountyRun, unit: str) -> frozenset[str]:
    """Return the obligations of a unit in a published run, whose folder is read once."""
    return _obligations(folder_of(run), run.files.get("verdicts.jsonl", "")).get(unit, frozenset())


@lru_cache(maxsize=2)
def _obligations(folder: Path, digest: str) -> Mapping[str, frozenset[str]]:
    """Return the obligations of each unit in a folder, whose verdicts have a hash."""
    del digest  # with another one the folder is another
    found = open_run(folder)[0]
    units: dict[str, set[str]] = {}
    for row in () if found is None else found.rows.values():
        units.setdefault(row["unit"], set()).add(row["obligation"])
    return {unit: frozenset(own) for unit, own in units.items()}


def row_of(run: CountyRun, obligation: str) -> Mapping[str, Any] | None:
    """Return the verdict row of an obligation in a run, or None."""
    found = read(run)
    return None if found is None else found.rows.get(obligation)


def finished() -> Sequence[CountyRun]:
    """Return the runs that have a folder, the latest first."""
    return list(rows.runs().filter(state__in=[DONE, *sorted(PUBLISHED)]).order_by("-number"))
