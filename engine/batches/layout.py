"""How the logs of many counties lie: each in a folder `county=…`; and how large a batch of them is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

COUNTY: Final = "county"
"""The column, and the level of the folders, that says which county an event is of."""

MOST_EVENTS: Final = 1_000_000
"""Events of a batch of more than one county: enough that the fixed cost of a judging is paid seldom, and few enough
that the tables of a batch stay under a gigabyte."""

LEVEL: Final = f"{COUNTY}="
"""How the name of the folder of a county begins."""


def is_many(paths: Iterable[Path]) -> bool:
    """Say whether what a run names is the Parquet of many counties: folders `county=…`."""
    return any(
        entry.name.startswith(LEVEL) and entry.is_dir() for path in paths if path.is_dir() for entry in path.iterdir()
    )
