"""The receipt of a run: enough to repeat it, and to see that a repeat read the same."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from engine.time.period import default_period
from gongkai.evaluation.left_out import left_out_record

if TYPE_CHECKING:
    from events.problems import Lang
    from gongkai.evaluation.inputs import Inputs


def product_version() -> str:
    """Return the installed version of gongkai."""
    try:
        return version("gongkai")
    except PackageNotFoundError:
        return "0+unknown"


def left_out(inputs: Inputs, lang: Lang) -> dict[str, object]:
    """Return what was left out of the log because it could not be read, nothing where nothing was."""
    record = left_out_record(inputs.left_out, inputs.registry, lang)
    return {"left_out": record} if record else {}


def receipt(inputs: Inputs, *, lang: Lang, engine: str = "duckdb") -> dict[str, object]:
    """Return what `run.json` says: versions, hashes of everything read, and the options."""
    return {
        "gongkai": product_version(),
        "engine": engine,
        "as_of": inputs.as_of.text,
        "known_by": (inputs.known_by or inputs.as_of).text,
        "period": (inputs.period or default_period(inputs.books, inputs.as_of.day)).text,
        "lang": lang,
        "units_asked": list(inputs.only) if inputs.only is not None else None,
        "registry": {"county": inputs.registry.county, "name": inputs.registry.name, "sha256": inputs.registry.sha256},
        "books": [
            {
                "id": book.id,
                "title": book.title.zh,
                "document": book.document,
                "issued_on": book.issued_on,
                "sha256": book.sha256,
                "readings": dict(sorted(book.readings.items())),
            }
            for book in inputs.books
        ],
        "calendar": {
            "last_announced": inputs.calendar.last_announced,
            "closures": {
                str(day): reason for day, reason in sorted(inputs.closures.items(), key=lambda item: str(item[0]))
            },
        },
        "options": dict(sorted(inputs.options.items())),
        "files": dict(sorted(inputs.hashes.items())),
        "events": [{"file": Path(file.path).name, "sha256": file.sha256, "rows": file.rows} for file in inputs.files],
        "ledgers": [
            {
                "ledger": Path(one.path).name,
                "head": one.loaded.head.hash,
                "entries": one.loaded.head.entries,
                "events": one.loaded.head.events,
            }
            for one in inputs.ledgers
        ],
        "ledger_heads": [list(one.loaded.heads) for one in inputs.ledgers],
        "warnings": len(inputs.problems),
        **left_out(inputs, lang),
    }
