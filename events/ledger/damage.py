"""Damages of a ledger, each as a problem with its fact and its cure."""

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


def inside_a_ledger(ledger: Path) -> Problem:
    """Return the problem of a folder within a ledger, where another one is to be made."""
    fact = Text("这个文件夹在另一个账本里面", "the folder lies in another ledger")
    cure = Text("没有改动任何内容。请换一个文件夹", "Nothing was touched. Choose another folder")
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


def other_fields(file: Path | str, detail: str) -> Problem:
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


def no_locks(ledger: Path) -> Problem:
    """Return the problem of a ledger on a file system where two could write at the same time."""
    fact = Text(
        "这个文件系统不能加锁，两个人同时写会丢记录，所以没有写",
        "the file system has no locks: two that write at once would lose entries, so nothing was written",
    )
    cure = Text("请把账本放到本机硬盘上", "Put the ledger on a disk of this machine")
    return Problem("no-locks", Where(str(ledger)), fact, cure)


def strange_file(path: Path) -> Problem:
    """Return the problem of a link or a pipe among the files of a ledger."""
    fact = Text(
        "账本文件夹里的这一项是链接、管道或者别的东西，没有打开",
        "this one of the ledger's files is a link, a pipe or something else, and was not opened",
    )
    cure = Text("请换成文件本身", "Put the file itself there")
    return Problem("ledger-link", Where(str(path)), fact, cure)


def shared_file(path: Path) -> Problem:
    """Return the problem of entries that another name leads to as well."""
    fact = Text(
        "这个文件还有别的名字（硬链接），写入会改动那一处",
        "the file has another name too (a hard link), and writing would change it there",
    )
    cure = Text("复制一份放在这里，再导入", "Put a copy here, and import again")
    return Problem("ledger-link", Where(str(path)), fact, cure)


def too_long(where: Where, size: int, most: int) -> Problem:
    """Return the problem of an entry that is longer than entries may be."""
    fact = Text(f"这一条有{size}字节，账本的一条最多{most}字节", f"it has {size} bytes; an entry has {most} at most")
    cure = Text("请缩短文字或者列表，分成几条", "Shorten its texts or lists, or make several of it")
    return Problem("entry-too-long", where, fact, cure, str(size))


def extra_bytes(ledger: Path, entry: int, size: int) -> Problem:
    """Return the problem of something after the last entry that no import left there."""
    fact = Text(
        f"最后一条之后多出{size}字节，不是导入留下的",
        f"there are {size} bytes after the last entry that no import left there",
    )
    cure = Text(
        "请查明来历。没有删去任何内容：把它们另存，再用 head -c 取 head.json 所说的字节数，导入新的文件夹",
        "Find out where they came from. Nothing is taken away: keep a copy, cut the file to the bytes that head.json "
        "says with head -c, and import that into a new folder",
    )
    return Problem("ledger-damaged", Where(str(ledger / "entries.jsonl"), entry), fact, cure, str(entry))


def older_state(ledger: Path, entry: int, entries: int, head: str) -> Problem:
    """Return the problem of whole entries after the state: an older state was put back."""
    file = ledger / "entries.jsonl"
    fact = Text(
        f"head.json 之后还有{entries}条完整的记录（到链头 {head}）：head.json 被换成了旧的，或者记录不是导入加上的",
        f"{entries} whole entries stand after what head.json says (up to the head {head}): an older one was put back, "
        "or they were added by something else than an import",
    )
    cure = Text(
        f"没有删去任何内容。放回新的 head.json；没有时 gongkai events import {file} --ledger 新账本，全部记录都在，"
        "再与报告 run.json 里的链头核对",
        f"Nothing is taken away. Put the newer head.json back; without one, gongkai events import {file} --ledger NEW "
        "has every entry again: hold its head against that in the run.json of a report",
    )
    return Problem("ledger-damaged", Where(str(file), entry), fact, cure, str(entry))


def unfinished(ledger: Path, size: int) -> Problem:
    """Return the warning about what an import that was broken off left behind."""
    fact = Text(
        f"有一次导入没有完成，留下{size}字节，不属于账本",
        f"an import was broken off and left {size} bytes, which are no part of the ledger",
    )
    cure = Text(
        "请重新导入那些文件；留下的部分会放到 entries.rest-… 文件里，不会丢",
        "Import the files again; what was left is put aside in a file entries.rest-…, and not lost",
    )
    return Problem("import-unfinished", Where(str(ledger)), fact, cure, None, "warning")


def put_aside(aside: Path) -> Problem:
    """Return the warning that what an import left which was broken off is in a file of its own now."""
    fact = Text("上一次没有完成的导入留下的部分放在这里", "what an import that was broken off had left is here now")
    cure = Text(
        "那些文件已经重新导入的，可以删去；没有的，请再导入",
        "Delete it where those files have been imported again, and else import them",
    )
    return Problem("import-put-aside", Where(str(aside)), fact, cure, None, "warning")


def backwards(where: Where, at: str, before: str) -> Problem:
    """Return the warning about an import that says it was made before the one before it."""
    fact = Text(
        f"导入时刻 {at} 早于上一次导入的 {before}",
        f"it says {at}, and the import before it {before}: time runs backwards",
    )
    cure = Text("请核对 --at 和本机的时钟", "Check --at and the clock of this machine")
    return Problem("import-backwards", where, fact, cure, at, "warning")
