"""Reading YAML so that every key and value keeps its line and column.

The scalars are those of YAML 1.2's core: `true` and `false`, whole and decimal numbers, `null`; dates stay text, and
so does everything quoted. Identifiers are always text, so that clause `3.10` does not turn into the number 3.1.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from events.problems import Problem, Text, Where
from events.storage.compiled import keep, recall
from events.storage.ordinary import TooLongError, read_ordinary
from rules.yaml.node import Node, Plain, Scalar, pack, unpack
from rules.yaml.problems import not_utf8, too_large

__all__ = ["Node", "Plain", "Scalar", "parse_yaml", "read_yaml"]

MAX_BYTES = 2_000_000

_MAKERS = (str(Path(__file__).with_name("composed.py")), str(Path(__file__).with_name("node.py")))
"""The modules whose code decides what is kept."""

WORTH_KEEPING = 4_000
"""Characters from which a text takes longer to read than what was kept of it."""

SHORT = 8_000
"""Characters up to which a text is one of many: a file of cases."""


def read_yaml(path: Path, *, kept: bool = False) -> tuple[Node | None, tuple[Problem, ...]]:
    """Read a YAML file of one document.

    Args:
        path: the file.
        kept: whether what it says is kept for the next process; of rulebooks, and not of people's data.

    Returns:
        The file's value, None where it cannot be read, and what is wrong with it.
    """
    where = Where(str(path))
    try:
        raw = read_ordinary(path, MAX_BYTES)
    except TooLongError:
        return None, (too_large(where, Text(f"文件超过 {MAX_BYTES} 字节", f"the file is over {MAX_BYTES} bytes")),)
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        why = getattr(error, "strerror", None) or str(error)
        fact = Text(f"文件无法读取（{why}）", f"the file cannot be read ({why})")
        return None, (
            Problem("unreadable-file", where, fact, Text("请检查路径和权限", "Check the path and its rights")),
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, (not_utf8(where, raw, error),)
    return _kept(text, str(path)) if kept and len(text) >= WORTH_KEEPING else parse_yaml(text, str(path))


def parse_yaml(text: str, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Read YAML text of one document.

    A run asks for the same few files more than once, and who works on a book looks at the hundreds of short files of
    its cases again and again. Composing YAML is what takes longest of it: the values of the last texts are kept, and
    nobody changes them.

    Args:
        text: the text.
        file: the name that places show.

    Returns:
        The value, None where it cannot be read, and what is wrong with it.
    """
    return (_short if len(text) <= SHORT else _long)(text, file)


def _parsed(text: str, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    from rules.yaml.composed import read_text  # noqa: PLC0415 - PyYAML is not needed for what was kept

    return read_text(text, file)


_short = lru_cache(maxsize=1024)(_parsed)
_long = lru_cache(maxsize=64)(_parsed)


@lru_cache(maxsize=64)
def _kept(text: str, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Return what `parse_yaml` does, from what an earlier process kept where it did; what has problems is not kept."""
    try:
        return unpack(recall(_MAKERS, text), file), ()
    except (TypeError, ValueError):  # nothing was kept, or no value
        node, problems = parse_yaml(text, file)
    if node is not None and not problems:
        keep(_MAKERS, text, pack(node))
    return node, problems
