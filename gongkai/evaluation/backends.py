"""The engines that a command can ask for, by name."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from engine.backends.duck import DuckBackend
from engine.counties import COUNTY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.backends.base import Backend, Query

SPARK = "spark"


def is_many(paths: Sequence[Path]) -> bool:
    """Say whether what a run names is the Parquet of many counties: folders `county=…`."""
    return any(next(path.glob(f"{COUNTY}=*"), None) is not None for path in paths if path.is_dir())


@contextmanager
def open_backend(engine: str, master: str | None, beside: Path) -> Iterator[Backend]:
    """Give a backend for one evaluation.

    Args:
        engine: `duckdb` or `spark`.
        master: where Spark runs.
        beside: where results go; what is computed on the way stands beside it, for all executors to reach, until the
            evaluation ends.

    Raises:
        engine.backends.spark.SparkError: Spark cannot be used.
        OSError: there is no writing beside the results.
    """
    parent = beside.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{beside.name}-", dir=parent) as work:
        scratch = Path(work) / "scratch"
        if engine == SPARK:
            from engine.backends.spark import SparkBackend, start_session  # noqa: PLC0415 (pyspark is an extra)

            with SparkBackend(start_session(master), scratch) as backend:
                yield backend
        else:
            with DuckBackend(scratch=scratch) as duck:
                yield duck


def render(engine: str, query: Query) -> str:
    """Return a statement as an engine reads it, over several lines; Spark itself is not needed for it."""
    if engine == SPARK:
        from engine.backends.base import parsed  # noqa: PLC0415 (only where it is asked for)
        from engine.backends.spark_dialect import to_spark  # noqa: PLC0415

        return to_spark(parsed(query), pretty=True)
    return DuckBackend.render(query, pretty=True)
