"""Pack the Python environment of Spark executors: `python -m gongkai.evaluation.counties.spark_environment OUT.tar.gz`.

The archive has this program and the libraries that it needs, without extras and without Python itself: every executor
has a Python of the same minor version. Spark unpacks it (`spark.archives`), and `PYTHONPATH` names it (docs/spark.md).
"""

from __future__ import annotations

import re
import sys
import tarfile
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN: Final = ("events", "rules", "engine", "reports", "gongkai")
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")


def needed(start: str = "gongkai") -> tuple[str, ...]:
    """Return the names of the installed distributions that one needs, without extras, itself left out, sorted."""
    found: set[str] = set()
    queue = [start]
    while queue:
        try:
            requirements = distribution(queue.pop()).requires or []
        except PackageNotFoundError:  # a requirement of another system
            continue
        for text in requirements:
            name = _NAME.match(text)
            if name is not None and "extra ==" not in text and name[0].lower() not in found:
                found.add(name[0].lower())
                queue.append(name[0])
    return tuple(sorted(found))


def _files() -> Iterator[tuple[Path, str]]:
    """Give every file of the environment, with its name in the archive."""
    for package in OWN:
        home = Path(import_module(package).__path__[0])
        for file in sorted(home.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file, str(file.relative_to(home.parent))
    for name in needed():
        try:
            files = distribution(name).files or []
        except PackageNotFoundError:
            continue
        for one in sorted(files, key=str):
            file = Path(str(one.locate()))
            if ".." not in one.parts and "__pycache__" not in one.parts and file.is_file():
                yield file, str(one)


def pack(target: Path) -> int:
    """Write the archive, and return how many files it has.

    Raises:
        OSError: it cannot be written.
    """
    count = 0
    with tarfile.open(target, "w:gz", compresslevel=1) as archive:
        for file, name in _files():
            archive.add(file, name, recursive=False)
            count += 1
    return count


def main(arguments: list[str]) -> int:
    """Pack the environment into the file named, and say what is in it."""
    if len(arguments) != 1:
        sys.stderr.write("python -m gongkai.evaluation.counties.spark_environment OUT.tar.gz\n")
        return 2
    try:
        count = pack(Path(arguments[0]))
    except OSError as error:
        sys.stderr.write(f"{arguments[0]}: {error.strerror}\n")
        return 2
    sys.stdout.write(f"{arguments[0]}: {count} files\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
