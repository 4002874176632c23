"""What can be wrong with a ledger, each as a problem with its fact and its cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.problems import Problem, ProblemError, Text, Where

if TYPE_CHECKING:
    from pathlib import Path

_RESTORE = Text(
    "账本不能再用，请用备份或者导出的文件恢复，做法见 docs/ledger.md“恢复”",
    "Do not use it; restore it from a copy or an export, see docs/ledger.md, recovery",
)


class DamageError(ProblemError):
    """A ledger that cannot be read or written as one."""


def no_ledger(ledger: Path) -> Problem:
    """Return the problem of a ledger that does not exist."""
    fact = Text("没有这个账本", "there is no such ledger")
    cure = Text("请检查路径；第一次导入时自动建立", "Check the path; the first import makes it")
    return Problem("no-ledger", Where(str(ledger)), fact, cure)


def not_a_ledger(ledger: Path) -> Problem:
    """Return the problem of a folder with something else in it."""
    if not ledger.exists():
        return no_ledger(ledger)
    fact = Text("这个文件夹不是账本", "the folder is not a ledger")
    cure = Text("请换一个空文件夹，或者检查路径", "Choose an empty folder, or check the path")
    return Problem("not-a-ledger", Where(str(ledger)), fact, cure)


def state_lost(ledger: Path) -> Problem:
    """Return the problem of entries without a state."""
    fact = Text("账本缺少 head.json", "the ledger has lost its head.json")
    return Problem("ledger-damaged", Where(str(ledger / "head.json")), fact, _RESTORE)


def state_unreadable(ledger: Path) -> Problem:
    """Return the problem of a state that is not one."""
    fact = Text("head.json 被改动或者损坏", "head.json was changed or is damaged")
    return Problem("ledger-damaged", Where(str(ledger / "head.json")), fact, _RESTORE)


def damaged(file: Path, entry: int, fact: Text) -> Problem:
    """Return the problem of the first entry that does not fit; its number is its line."""
    return Problem("ledger-damaged", Where(str(file), entry), fact, _RESTORE, str(entry))


def unreadable(path: Path, error: OSError) -> Problem:
    """Return the problem of a file that cannot be read."""
    why = error.strerror or str(error)
    fact = Text(f"账本读不了（{why}）", f"the ledger cannot be read: {why}")
    return Problem("ledger-unreadable", Where(str(path)), fact, Text("请检查权限和磁盘", "Check permissions and disk"))


def unwritable(ledger: Path, error: OSError) -> Problem:
    """Return the problem of a ledger that cannot be written; what was in it still is."""
    why = error.strerror or str(error)
    fact = Text(
        f"账本写不进去（{why}），这次什么也没有导入，原有内容没有改动",
        f"the ledger cannot be written: {why}; nothing was imported, and what was there is as it was",
    )
    cure = Text("请检查磁盘空间和权限，然后重新导入", "Check space and permissions, and import again")
    return Problem("ledger-not-writable", Where(str(ledger)), fact, cure)


def other_fields(file: Path, detail: str) -> Problem:
    """Return the problem of entries that this version cannot read."""
    fact = Text(
        f"账本里有这个版本不认识的内容（{detail}）", f"the ledger has content that this version does not know: {detail}"
    )
    cure = Text("请用写入它的版本或者更新的版本", "Use the version that wrote it, or a later one")
    return Problem("ledger-version", Where(str(file)), fact, cure)


def unknown_head(ledger: Path, wanted: str) -> Problem:
    """Return the problem of a state that the ledger was never in."""
    fact = Text(
        f"账本从来没有过链头 {wanted}，它不是那份报告所依据的账本，或者被改动过",
        f"the ledger never had the head {wanted}: it is another one, or it was changed",
    )
    cure = Text(
        "请核对 run.json 中的 ledger.head 和账本的来历", "Check ledger.head in run.json, and where this is from"
    )
    return Problem("unknown-head", Where(str(ledger)), fact, cure, wanted)


def extra_bytes(ledger: Path, entry: int, size: int) -> Problem:
    """Return the problem of something after the last entry that no import left there."""
    fact = Text(
        f"最后一条之后多出{size}字节，不是导入留下的",
        f"there are {size} bytes after the last entry that no import left there",
    )
    cure = Text("请查明来历；下一次导入会清除它", "Find out where they came from; the next import takes them away")
    return Problem("ledger-damaged", Where(str(ledger / "entries.jsonl"), entry), fact, cure, str(entry))


def unfinished(ledger: Path, size: int) -> Problem:
    """Return the warning about what an import that was broken off left behind."""
    fact = Text(
        f"有一次导入没有完成，留下{size}字节，不属于账本",
        f"an import was broken off and left {size} bytes, which are no part of the ledger",
    )
    cure = Text("请重新导入那些文件；留下的部分会自动清除", "Import the files again; the rest is taken away")
    return Problem("import-unfinished", Where(str(ledger)), fact, cure, None, "warning")
