"""Spark: the same statements over partitioned Parquet, for a province or a country."""

from __future__ import annotations

import os
import re
import shutil
from typing import TYPE_CHECKING, Final, Self

from engine.backends.base import parsed
from engine.backends.spark_dialect import to_spark
from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    import pyarrow as pa
    from pyarrow import Table
    from pyspark.sql import DataFrame, SparkSession

    from engine.backends.base import Query

SETTINGS: Final[Mapping[str, str]] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
"""What every session needs for the same rows: moments are local times without a zone, a county's id is text."""

LOCAL: Final[Mapping[str, str]] = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""What a session on one machine needs besides: it listens to this machine only."""

DEFAULT_MASTER: Final = "local[*]"
_MASTER: Final = re.compile(r"local(-cluster)?(\[[^\]]+\])?|spark://.+|k8s://.+|yarn")


_MASTERS: Final = Text(
    "检查 --master，例如 local[2]、spark://主机:7077、yarn", "Check --master: local[2], spark://host:7077, yarn …"
)


class SparkError(Exception):
    """Spark cannot be used.

    Attributes:
        problem: why, and what to do.
    """

    def __init__(self, problem: Problem) -> None:
        """Carry the problem."""
        super().__init__(problem.line("en"))
        self.problem = problem


def _unusable(fact: Text, cure: Text, value: str = "spark") -> SparkError:
    return SparkError(Problem("no-engine", Where("--engine"), fact, cure, value))


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java") is not None or (
        home is not None and shutil.which("java", path=f"{home}/bin") is not None
    )


def start_session(master: str | None = None, settings: Mapping[str, str] | None = None) -> SparkSession:
    """Return a Spark session for evaluations; the one that runs already, where there is one.

    Args:
        master: where Spark runs, such as `local[2]` or `spark://host:7077`; without, what `spark-submit` gave, or this
            machine.
        settings: further settings of Spark.

    Raises:
        SparkError: pyspark or Java is missing, or the master cannot be reached.
    """
    try:
        from pyspark.errors import PySparkException  # noqa: PLC0415 (only with the extra)
        from pyspark.sql import SparkSession as Session  # noqa: PLC0415
    except ImportError as error:
        fact = Text("没有安装 pyspark", "pyspark is not installed")
        cure = Text(
            "安装：pip install 'gongkai[spark]'，或者用 --engine duckdb", "Install gongkai[spark], or use duckdb"
        )
        raise _unusable(fact, cure) from error
    if not _has_java():
        fact = Text("找不到 Java，Spark 要用它运行", "there is no Java, which Spark runs on")
        cure = Text("安装 Java 17（openjdk-17-jre-headless），或者设好 JAVA_HOME", "Install Java 17 or set JAVA_HOME")
        raise _unusable(fact, cure)
    wanted = master or os.environ.get("MASTER") or DEFAULT_MASTER
    if _MASTER.fullmatch(wanted) is None:
        fact = Text(f"“{wanted}”不是 Spark 的地址", f"{wanted!r} is no master of Spark")
        raise _unusable(fact, _MASTERS, wanted)
    builder = Session.builder.appName("gongkai").master(wanted)
    for name, value in {**SETTINGS, **(LOCAL if wanted.startswith("local") else {}), **(settings or {})}.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except (PySparkException, OSError, ValueError, RuntimeError) as error:
        raise _no_session(wanted, error) from error
    except Exception as error:
        # what the Java side raises has no common base with the rest, and its class is known once Java runs
        if type(error).__module__.startswith("py4j"):
            raise _no_session(wanted, error) from error
        raise
    session.sparkContext.setLogLevel("FATAL")
    return session


def _no_session(master: str, error: Exception) -> SparkError:
    detail = str(error).strip().split("\n")[0][:300]
    fact = Text(f"无法在“{master}”上启动 Spark：{detail}", f"Spark cannot be started on {master}: {detail}")
    return _unusable(fact, _MASTERS, master)


class SparkBackend:
    """A Spark session's tables for one evaluation (`engine.backends.base.Backend`)."""

    def __init__(self, session: SparkSession, scratch: Path | str) -> None:
        """Open a session of its own beside others, with names of its own.

        Args:
            session: a session with the settings of `start_session`.
            scratch: a folder that all executors can write to, for the tables that are computed on the way.
        """
        self._scratch = scratch
        self._names: list[str] = []
        self._session = session.newSession()
        for name, value in SETTINGS.items():
            self._session.conf.set(name, value)

    def __enter__(self) -> Self:
        """Return the backend."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget the names; the scratch folder is the caller's to remove."""
        for name in self._names:
            self._session.catalog.dropTempView(name)

    def _name(self, name: str, frame: DataFrame) -> None:
        """Make a frame known under a name until the evaluation ends."""
        frame.createOrReplaceTempView(name)
        self._names.append(name)

    def load(self, name: str, table: pa.Table) -> None:
        """Make an Arrow table known under a name."""
        self._name(name, self._session.createDataFrame(table))

    def read(self, name: str, paths: Sequence[Path | str]) -> None:
        """Make Parquet files or folders known under a name."""
        self._name(name, self._session.read.parquet(*(str(path) for path in paths)))

    def create(self, name: str, query: Query) -> None:
        """Write a table to the scratch folder; a plan that is not cut here would grow with every statement."""
        path = f"{self._scratch}/{name}"
        self._session.sql(self.render(query)).write.parquet(path)
        self._name(name, self._session.read.parquet(path))

    def define(self, name: str, query: Query) -> None:
        """Make a query known under a name."""
        self._name(name, self._session.sql(self.render(query)))

    def fetch(self, query: Query) -> Table:
        """Return the rows of a query."""
        return self._session.sql(self.render(query)).toArrow()

    def write(self, query: Query, path: Path | str) -> None:
        """Write the rows of a query as a folder of Parquet files, sorted by their names."""
        self._session.sql(self.render(query)).write.mode("errorifexists").option("compression", "zstd").parquet(
            str(path)
        )

    @staticmethod
    def render(query: Query, *, pretty: bool = False) -> str:
        """Return a query as Spark reads it."""
        return to_spark(parsed(query), pretty=pretty)
