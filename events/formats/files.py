"""Which files a path stands for, and what is in them: ordinary files only, no links out of a folder, no pipes."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from events import findings
from events.limits import limits, over_limit
from events.problems import Problem, Text, Where, did_you_mean, suggestion

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".xlsx", ".xlsm", ".parquet")
"""Extensions of event files."""

BY_NAME = (".txt",)
"""Extensions of files that are read where they are named, and not as part of a folder: Excel's “Unicode text”."""

OTHER_SHEETS = (".xls", ".xlt", ".xlsb", ".ods", ".fods", ".et", ".ett", ".numbers")
"""Extensions of spreadsheets that are not read; in a folder they are told, since there may be events in them."""


def path_text(path: Path) -> str:
    """Return a path as problems and provenance show it; bytes of a name that are no text are escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def event_files(path: Path) -> tuple[list[Path], list[Problem]]:
    """Return the event files that a path stands for: itself, or those of a folder (not those of folders inside).

    In a folder, hidden files and those that offices keep while a file is open are passed over; a link, a pipe or a
    device under the name of an event file is not followed or opened, and told; so is a spreadsheet in another format.
    """
    try:
        entries = sorted(path.iterdir()) if path.is_dir() else None
    except OSError as error:
        return [], [unreadable(path, error)]
    if entries is None:
        return [path], []
    problems: list[Problem] = []
    files = [one for one in entries if _is_event_file(one, problems)]
    if not files and not problems:
        fact = Text("文件夹里没有事件文件", "there are no event files in the folder")
        cure = Text(f"事件文件的扩展名：{'、'.join(FORMATS)}", f"Event files end in {', '.join(FORMATS)}")
        problems.append(findings.simple("no-event-files", Where(path_text(path)), fact, cure))
    return files, problems


def _is_event_file(path: Path, problems: list[Problem]) -> bool:
    """Say whether an entry of a folder is a file of events; add a problem where it looks like one and is not read."""
    suffix = path.suffix.lower()
    if path.name.startswith((".", "~$")) or suffix not in {*FORMATS, *OTHER_SHEETS}:
        return False
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        problems.append(unreadable(path, error))
        return False
    if stat.S_ISDIR(mode):
        return False
    if stat.S_ISLNK(mode):
        problems.append(_link(path))
    elif not stat.S_ISREG(mode):
        problems.append(_not_a_file(path))
    elif suffix in OTHER_SHEETS:
        problems.append(other_format(path))
    else:
        return True
    return False


def read_file(path: Path) -> tuple[bytes, Problem | None]:
    """Return the bytes of an event file, or why there are none.

    Args:
        path: the file; a link that was named itself is followed.
    """
    suffix = path.suffix.lower()
    try:
        if suffix not in {*FORMATS, *BY_NAME}:
            path.stat()
            return b"", other_format(path)
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for, a device has no end
            return b"", _not_a_file(path)
        most = limits().file_bytes
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            raw = stream.read(min(size, most) + 1)
            if size < len(raw) <= most:  # it grows while it is read, or does not say its size
                raw += stream.read(most + 1 - len(raw))
    except (OSError, ValueError) as error:
        return b"", unreadable(path, error)
    if len(raw) > most:
        return b"", over_limit(Where(path_text(path)), "file_bytes", max(path.stat().st_size, len(raw)))
    return raw, None


def other_format(path: Path) -> Problem:
    """Return the problem of a file in a format that is not read."""
    fact = Text(f"不支持扩展名“{path.suffix}”", f"the extension {path.suffix!r} is not supported")
    cure = Text(f"请另存为 {'、'.join(FORMATS)} 之一", f"Save it as one of {', '.join(FORMATS)}")
    if path.suffix.lower() in OTHER_SHEETS:
        cure = Text(
            "请在 WPS 或 Excel 中打开，另存为 .xlsx；不是台账的请移出文件夹",
            "Open it in a spreadsheet program and save it as .xlsx; if it is no log, take it out of the folder",
        )
    return findings.simple("unknown-format", Where(path_text(path)), fact, cure, path.suffix)


def _link(path: Path) -> Problem:
    fact = Text("这是符号链接，没有读取", "it is a symbolic link, which is not followed")
    cure = Text(
        "请放入文件本身，或者直接写出所指的文件", "Put the file itself there, or name the file that it leads to"
    )
    return findings.simple("link-not-followed", Where(path_text(path)), fact, cure)


def _not_a_file(path: Path) -> Problem:
    fact = Text("这不是普通文件（管道、设备或者套接字）", "it is no ordinary file but a pipe, a device or a socket")
    return findings.simple("not-a-file", Where(path_text(path)), fact, Text("请给出普通文件", "Name an ordinary file"))


def unreadable(path: Path, error: OSError | ValueError) -> Problem:
    """Return the problem of a file or folder that cannot be opened."""
    where = Where(path_text(path))
    if isinstance(error, FileNotFoundError):
        near = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
        cure = suggestion(did_you_mean(path.name, near), Text("请检查路径", "Check the path"))
        return findings.simple("no-such-file", where, Text("没有这个文件", "there is no such file"), cure)
    why = getattr(error, "strerror", None) or str(error)
    fact = Text(f"文件读不了（{why}）", f"the file cannot be read: {why}")
    return findings.simple("unreadable-file", where, fact, Text("请检查文件权限", "Check its permissions"))
