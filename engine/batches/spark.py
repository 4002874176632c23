"""Batches on a cluster: Spark hands them out, and each is judged where it lands by the embedded engine."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import sys
from typing import TYPE_CHECKING, Final

from engine.batches.run import judge_batch
from events.problems import Problem, ProblemError, Text, Where
from events.without_pandas import let_numpy_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pyspark.sql import SparkSession

    from engine.batches.model import Outcome, Task

LOCAL: Final[Mapping[str, str]] = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""What a session on one machine needs: it listens to this machine only."""

DEFAULT_MASTER: Final = "local[*]"
_MASTER: Final = re.compile(r"local(-cluster)?(\[[^\]]+\])?|spark://.+|k8s://.+|yarn")
_MASTERS: Final = Text(
    "检查 --master，例如 local[2]、spark://主机:7077、yarn", "Check --master: local[2], spark://host:7077, yarn …"
)


class SparkError(ProblemError):
    """Spark cannot be used."""


def _unusable(fact: Text, cure: Text, value: str = "spark") -> SparkError:
    return SparkError(Problem("no-engine", Where("--engine"), fact, cure, value))


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java") is not None or (
        home is not None and shutil.which("java", path=f"{home}/bin") is not None
    )


def start_session(master: str | None = None, settings: Mapping[str, str] | None = None) -> SparkSession:
    """Return a Spark session that hands out batches; the one that runs already, where there is one.

    Args:
        master: where Spark runs, such as `local[2]` or `spark://host:7077`; without, what `spark-submit` gave, or this
            machine.
        settings: further settings of Spark.

    Raises:
        SparkError: pyspark or Java is missing, or the master cannot be reached.
    """
    let_numpy_in()
    try:
        from pyspark.sql import SparkSession as Session  # noqa: PLC0415 (only with the extra)
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
    if wanted.startswith("local"):
        # pyspark asks the environment, and no setting, which Python its workers are
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = Session.builder.appName("gongkai").master(wanted)
    for name, value in {**(LOCAL if wanted.startswith("local") else {}), **(settings or {})}.items():
        builder = builder.config(name, value)
    session = _started(builder, wanted)
    session.sparkContext.setLogLevel("FATAL")
    return session


def _started(builder: SparkSession.Builder, master: str) -> SparkSession:
    """Return the session that a builder makes.

    Raises:
        SparkError: it cannot be started.
    """
    try:
        return builder.getOrCreate()
    except (OSError, ValueError, RuntimeError) as error:
        raise _refused(master, error) from error
    except Exception as error:
        if _is_sparks(error):
            raise _refused(master, error) from error
        raise


def _is_sparks(error: Exception) -> bool:
    """Say whether an error comes from Spark or its Java side, which have no common base."""
    return type(error).__module__.split(".")[0] in ("py4j", "pyspark")


def _refused(master: str, error: Exception) -> SparkError:
    detail = str(error).strip().split("\n")[0][:300]
    fact = Text(f"无法在“{master}”上启动 Spark：{detail}", f"Spark cannot be started on {master}: {detail}")
    return _unusable(fact, _MASTERS, master)


def judge_on_spark(session: SparkSession, tasks: Iterable[Task]) -> Iterator[Outcome]:
    """Judge batches, a Spark task each in the order given, and give what came of each; only that comes back.

    Every executor needs this program's Python environment, and the folders of the log and of the verdicts under the
    same paths (docs/spark.md). A task whose executor is lost is done again elsewhere.

    Raises:
        SparkError: a task failed as often as Spark tries one.
    """
    payloads = [pickle.dumps(task) for task in tasks]
    if not payloads:
        return
    try:
        found = session.sparkContext.parallelize(payloads, len(payloads)).map(_judged).collect()
    except Exception as error:
        if not _is_sparks(error):
            raise
        detail = " ".join(str(error).split())[:400]
        fact = Text(f"Spark 上的评估没有做完：{detail}", f"the judging on Spark was not finished: {detail}")
        cure = Text(
            "看执行器的日志；每个执行器都要有同样的 Python 环境，并能读写台账和结果的文件夹（docs/spark.md）",
            "See the executors' logs; each needs the same Python environment and the same folders (docs/spark.md)",
        )
        raise _unusable(fact, cure) from error
    for one in found:
        yield pickle.loads(one)  # noqa: S301 - made by `_judged`


def _judged(payload: bytes) -> bytes:
    """Judge one batch in a worker of Spark."""
    return pickle.dumps(judge_batch(pickle.loads(payload)))  # noqa: S301 - made by `judge_on_spark`
