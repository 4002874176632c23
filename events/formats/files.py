"""Which files a path stands for, and what is in them: ordinary files only, no links out of a folder, no pipes."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from events import findings
from events.limits import limits, over_limit
from events.problems import Problem, Text, Where, did_you_mean, suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from events.grid import Grid

SHEETS = (
    ".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlt", ".et", ".ett", ".xlsb", ".ods", ".ots", ".fods", ".docx"
)  # fmt: skip
"""Extensions of spreadsheets, and of documents whose tables are read."""

FORMATS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", *SHEETS, ".parquet")
"""Extensions of event files."""

BY_NAME = (".txt",)
"""Extensions of files that are read where they are named, and not as part of a folder: Excel's “Unicode text”."""

OTHER_SHEETS = (".numbers",)
"""Extensions of spreadsheets that are not read; in a folder they are told, since there may be events in them."""

_OFFICE = (
    ".doc", ".dot", ".wps", ".wpt", ".rtf", ".pdf", ".ofd", ".zip", ".rar", ".7z", ".gz", ".tar", ".htm", ".html",
    ".mht", ".dbf", ".mdb", ".accdb", ".xml", ".eml",
)  # fmt: skip
"""Extensions of files that a log may be in and that are not read; each is told."""

_LEFTOVERS = ("thumbs.db", "desktop.ini", "说明.txt", "readme.txt", "readme.md")
"""Names of files that are no log: what systems leave in a folder, and notes on it."""

_OURS = frozenset({"run.json", "faults.json"})
"""Files by which a folder that `gongkai evaluate` or `gongkai demo` wrote is known; it holds no log."""
_NAMED = 5


def path_text(path: Path) -> str:
    """Return a path as problems and provenance show it; bytes of a name that are no text are escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def event_files(path: Path) -> tuple[list[Path], list[Problem]]:
    """Return the event files that a path stands for: itself, or those of a folder (not those of folders inside).

    In a folder, hidden files and those that offices keep while a file is open are passed over; everything else that is
    not read is told: a link, a pipe or a device under the name of an event file, a folder inside with event files in
    it, a file in another format.
    """
    try:
        entries = sorted(path.iterdir()) if path.is_dir() else None
    except OSError as error:
        return [], [unreadable(path, error)]
    if entries is None:
        return [path], []
    problems: list[Problem] = []
    others: list[Path] = []
    files = [one for one in entries if not _is_leftover(one) and _is_event_file(one, problems, others)]
    if others:
        problems.append(_others(path, others))
    if not files and not any(one.severity == "error" for one in problems):
        fact = Text("文件夹里没有事件文件", "there are no event files in the folder")
        cure = Text(f"事件文件的扩展名：{'、'.join(FORMATS)}", f"Event files end in {', '.join(FORMATS)}")
        problems.append(findings.simple("no-event-files", Where(path_text(path)), fact, cure))
    return files, problems


def _is_leftover(path: Path) -> bool:
    """Say whether an entry of a folder is none that a person put there."""
    name = path.name.lower()
    return name.startswith((".", "~$", ".~")) or name.endswith((".tmp", "~")) or name in _LEFTOVERS


def _is_event_file(path: Path, problems: list[Problem], others: list[Path]) -> bool:
    """Say whether an entry of a folder is a file of events; tell where there may be events that are not read."""
    suffix = path.suffix.lower()
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        problems.append(unreadable(path, error))
        return False
    if stat.S_ISDIR(mode):
        problems += _folder_inside(path)
        return False
    if suffix not in {*FORMATS, *OTHER_SHEETS}:
        if suffix in _OFFICE:
            problems.append(_not_read(path))
        else:
            others.append(path)
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


def _folder_inside(path: Path) -> list[Problem]:
    """Return the warning about a folder inside a folder that has event files in it, or folders that may."""
    try:
        inside = [one for one in path.iterdir() if not _is_leftover(one)]
    except OSError as error:
        return [unreadable(path, error)]
    found = [
        one for one in inside if one.suffix.lower() in {*FORMATS, *_OFFICE} or (one.is_dir() and not one.is_symlink())
    ]
    if not found or any(one.name in _OURS for one in inside):
        return []
    name = path_text(path)
    fact = Text(
        f"这是文件夹里的文件夹，没有读取（里面有{len(found)}个可能是台账的文件）",
        f"a folder inside the folder, which is not read; {len(found)} entries of it may be logs",
    )
    cure = Text(f"应当读取的，也写上它：--events … {name}", f"If it is to be read, name it too: --events … {name}")
    return [Problem("folder-not-read", Where(name), fact, cure, path.name, "warning")]


def _not_read(path: Path) -> Problem:
    fact = Text(
        f"{path.suffix} 文件不读取，里面可能有台账", f"a {path.suffix} file is not read; there may be a log in it"
    )
    cure = Text(
        "有台账的，请打开或者解压后另存为 .xlsx 或 .docx；不是台账的不用处理",
        "If it has a log, open or unpack it and save that as .xlsx or .docx; else leave it",
    )
    return Problem("file-not-read", Where(path_text(path)), fact, cure, path.suffix, "warning")


def _others(folder: Path, others: list[Path]) -> Problem:
    """Return the warning about the files of a folder that are no log by their extension."""
    names = "、".join(findings.shown(path_text(one).rpartition(os.sep)[2]) for one in others[:_NAMED])
    names += "…" if len(others) > _NAMED else ""
    fact = Text(
        f"有{len(others)}个文件不是台账格式，没有读取：{names}", f"{len(others)} files are no event files: {names}"
    )
    cure = Text("有台账的，请另存为 .xlsx；不是台账的不用处理", "If one is a log, save it as .xlsx; else leave it")
    return Problem("files-not-read", Where(path_text(folder)), fact, cure, None, "warning")


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


def read_sheets(raw: bytes, file: str) -> tuple[Sequence[Grid], tuple[Problem, ...]] | None:
    """Return the sheets of a document and what is wrong with them, None where it is no document but text."""
    from events.formats.office import workbooks  # noqa: PLC0415 (logs of lines do without)

    return workbooks.read_sheets(raw, file)
