"""The demo: the made-up county in the middle of its year, with people of every role who all have the same password."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from events.ledger.folder import is_ledger
from events.ledger.importing.imports import Provenance, import_stage
from events.ledger.importing.stage import Stage
from events.read import read_events
from gongkai.console.folder import SETTINGS
from gongkai.demo.make import make_demo
from gongkai.evaluation.receipt import product_version
from gongkai.options import DEFAULT_UNITS
from rules.loading.registry import load_registry

if TYPE_CHECKING:
    from gongkai.console.folder import DataFolder

MOMENT = datetime(2023, 9, 20, 9, 0)  # noqa: DTZ001 (local time without a zone, as everywhere in the log)
SEED = 2023
PASSWORD = "yanshi-2023-gongkai"  # noqa: S105 (it is printed; the demo has no secrets)
SETTINGS_TEXT = f"""\
# 演示县：虚构的数据，时间停在 {MOMENT:%Y-%m-%d} 前后。 A made-up county.
books: [jinxiang-2023, regulation-2019]
clock: {MOMENT.isoformat()}
review-by-county: [shuiwu]
"""
PEOPLE = {
    "dengji": ("登记员（人社局）", [("clerk", "renshe")]),
    "shenhe": ("审核员（人社局）", [("reviewer", "renshe")]),
    "minzheng": ("登记员（民政局）", [("clerk", "minzheng")]),
    "minzheng2": ("审核员（民政局）", [("reviewer", "minzheng")]),
    "shuiwu": ("登记员（水务局，县里审核）", [("clerk", "shuiwu")]),
    "pinggu": ("评估员", [("evaluator", "")]),
    "fabu": ("发布人", [("publisher", "")]),
    "shenji": ("审计员", [("auditor", "")]),
    "guanli": ("系统管理员", [("admin", "")]),
}


def lay_out(root: Path) -> list[str]:
    """Make the data folder of the demo where there is none, and return what to say about it."""
    root.mkdir(parents=True, exist_ok=True)
    if not (root / SETTINGS).exists():
        (root / SETTINGS).write_text(SETTINGS_TEXT, encoding="utf-8", newline="\n")
    if not is_ledger(root / "ledger"):
        _fill_ledger(root / "ledger")
    return [f"演示县（虚构），时间从 {MOMENT:%Y-%m-%d %H:%M} 起；数据在 {root}"]


def _fill_ledger(ledger: Path) -> None:
    """Enter what the units of the demo county logged until its moment."""
    registry, _ = load_registry(DEFAULT_UNITS)
    if registry is None:
        return
    with tempfile.TemporaryDirectory() as work:
        make_demo(Path(work) / "year", registry, seed=SEED)
        table = read_events((Path(work) / "year",), registry).table
    seen = pc.and_(pc.less_equal(table["recorded_at"], MOMENT), pc.less_equal(table["occurred_at"], MOMENT))
    table = table.filter(seen)
    known = set(table["id"].to_pylist())
    targets = pc.coalesce(table["corrects"], table["retracts"]).to_pylist()
    table = table.filter([target is None or target in known for target in targets])
    with Stage() as stage:
        stage.add(table, "演示县台账")
        stage.end("演示县台账", "0" * 64, table.num_rows)
        import_stage(ledger, stage, Provenance(MOMENT.isoformat(), "演示", product_version(), registry.sha256))


def add_people(folder: DataFolder) -> list[str]:
    """Make the accounts of the demo, and return what to say about them."""
    from gongkai.console.models.store import add_membership, make_person, people  # noqa: PLC0415 (after Django is set up)

    del folder
    for username, (name, roles) in PEOPLE.items():
        if not people().filter(username=username).exists():
            person = make_person(username, name)
            person.set_password(PASSWORD)
            person.save()
            for role, unit in roles:
                add_membership(person, role, unit)
    lines = [f"  {username:<10} {name}" for username, (name, _) in PEOPLE.items()]
    return [f"账号（密码都是 {PASSWORD}）：", *lines]
