"""Problems of a YAML file before anybody asks what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    import yaml

SYNTAX_CURE = Text("请检查缩进、冒号后的空格和引号", "Check the indent, the space after colons, and the quotes")


def syntax_problem(error: yaml.YAMLError, file: str) -> Problem:
    """Return the problem that PyYAML found."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    words = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable")
    where = Where(file, mark.line + 1, mark.column + 1) if mark is not None else Where(file, 1, 1)
    if words.startswith("found undefined alias"):
        fact = Text("引用了没有定义的锚点", "an alias stands for an anchor that is not there")
        return Problem(
            "yaml-syntax", where, fact, Text("请先定义锚点，或者把内容写出来", "Define it first, or write it out")
        )
    return Problem("yaml-syntax", where, Text(f"YAML 语法不对（{words}）", f"this is not YAML: {words}"), SYNTAX_CURE)


def too_large(where: Where, fact: Text) -> Problem:
    """Return the problem of a file over a limit."""
    cure = Text("请拆成几个文件，并把重复的引用写成具体内容", "Split it into several files, and write out what repeats")
    return Problem("file-too-large", where, fact, cure)


def too_deep(mark: yaml.Mark, most: int) -> Problem:
    """Return the problem of nesting over the limit."""
    fact = Text(f"嵌套超过 {most} 层", f"it is nested more than {most} deep")
    cure = Text("请减少嵌套，引用不能包含自身", "Nest less; an alias cannot contain itself")
    return Problem("nested-too-deep", Where("", mark.line + 1, mark.column + 1), fact, cure)


def not_utf8(where: Where, raw: bytes, error: UnicodeDecodeError) -> Problem:
    """Return the problem of bytes that are not UTF-8, at the first of them."""
    before = raw[: error.start]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    fact = Text(f"文件不是 UTF-8 编码（字节 0x{raw[error.start]:02X}）", f"not UTF-8 (byte 0x{raw[error.start]:02X})")
    cure = Text("请用 UTF-8 编码另存，例如从 GBK 转换", "Save it as UTF-8; it may be GBK")
    return Problem("not-utf8", Where(where.file, line, column), fact, cure)


def unknown_tag(where: Where, tag: str) -> Problem:
    """Return the problem of a YAML tag that we do not read."""
    fact = Text(f"不支持 YAML 标签“{tag}”", f"the YAML tag {tag!r} is not supported")
    return Problem("yaml-tag", where, fact, Text("请删除标签，直接写值", "Take the tag away and write the value"), tag)


def duplicate(where: Where, name: str, first: Where) -> Problem:
    """Return the problem of a key given twice."""
    fact = Text(f"键“{name}”重复，第 {first.line} 行已有", f"the key {name!r} is there already, on line {first.line}")
    return Problem("duplicate-key", where, fact, Text("请只保留一个", "Keep one of them"), name)
