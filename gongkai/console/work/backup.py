"""Backup and restore: database, ledger, uploads, audit log and settings, with a manifest of hashes."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from events.ledger.damage import DamageError
from events.ledger.folder import ENTRIES, STATE, is_ledger, read_head
from events.ledger.verify import verify_ledger
from events.problems import Problem, Text, Where
from events.vocabulary import load_vocabulary
from gongkai.console.clock import now
from gongkai.console.folder import (
    APPROVED,
    AUDIT,
    BACKUPS,
    BOOKS,
    DATABASE,
    LEDGER,
    POLICIES,
    PRIVATE,
    RUNS,
    SECRET,
    SETTINGS,
    UPLOADS,
    open_folder,
)

if TYPE_CHECKING:
    from gongkai.console.folder import DataFolder

MANIFEST = "manifest.json"
_DUMP = "console.pgdump"


def backup(folder: DataFolder, target: Path | None) -> Path:
    """Write a backup while the console runs, and return its folder.

    Order matters: the database first, then the ledger up to its head. What is 已入账 in the copy of the database is
    then in the copy of the ledger, and never the other way round.

    Raises:
        OSError: it cannot be written.
    """
    place = (target or folder.root / BACKUPS) / f"{now():%Y%m%d-%H%M%S}"
    part = place.with_name(place.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    part.mkdir(mode=PRIVATE)
    _copy_database(folder, part)
    _copy_ledger(folder.ledger, part / LEDGER)
    for name in (SETTINGS, SECRET, AUDIT):
        if (folder.root / name).exists():
            shutil.copy2(folder.root / name, part / name)
    for name in (UPLOADS, RUNS, APPROVED, BOOKS, POLICIES):
        if (folder.root / name).is_dir():
            shutil.copytree(folder.root / name, part / name, ignore=shutil.ignore_patterns("*.part"))
    files = {path.relative_to(part).as_posix(): digest_of(path) for path in sorted(part.rglob("*")) if path.is_file()}
    manifest = {"at": now().isoformat(), "files": files}
    (part / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8", newline="\n")
    part.replace(place)
    return place


def digest_of(path: Path) -> str:
    """Return the hash of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _copy_database(folder: DataFolder, part: Path) -> None:
    if folder.settings.database is not None:
        command = ["pg_dump", "--format=custom", f"--file={part / _DUMP}", folder.settings.database]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (PostgreSQL's own tool)
        return
    source = folder.root / DATABASE
    if source.exists():
        with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(part / DATABASE)) as other:
            one.backup(other)


def _copy_ledger(ledger: Path, target: Path) -> None:
    """Copy a ledger up to its head; what is written after it belongs to a later backup."""
    target.mkdir()
    if not is_ledger(ledger):
        return
    head = read_head(ledger)
    if head.size:
        with (ledger / ENTRIES).open("rb") as source, (target / ENTRIES).open("wb") as file:
            left = head.size
            while left and (block := source.read(min(left, 1 << 20))):
                file.write(block)
                left -= len(block)
    (target / STATE).write_bytes(head.text())


def restore(source: Path, root: Path) -> tuple[Problem, ...]:
    """Make a data folder of a backup, after checking that nothing in it was changed; nothing is written over."""
    problems = check_backup(source)
    if not problems and root.exists() and any(root.iterdir()):
        fact = Text("目标文件夹不是空的", "the folder is not empty")
        problems = (Problem("not-empty", Where(str(root)), fact, Text("换一个空文件夹", "Name an empty one")),)
    if problems:
        return problems
    root.parent.mkdir(parents=True, exist_ok=True)
    root.mkdir(mode=PRIVATE, exist_ok=True)
    for path in source.iterdir():
        if path.name in {MANIFEST, _DUMP}:
            continue
        (shutil.copytree if path.is_dir() else shutil.copy2)(path, root / path.name)
    if (root / SECRET).exists():
        (root / SECRET).chmod(0o600)
    return _restore_dump(source, root) if (source / _DUMP).exists() else ()


def _restore_dump(source: Path, root: Path) -> tuple[Problem, ...]:
    """Put the tables of a PostgreSQL backup into the database that the settings name, which has to be empty."""
    folder, problems = open_folder(root)
    if folder is None or folder.settings.database is None:
        return problems
    command = ["pg_restore", "--no-owner", "--exit-on-error", "--single-transaction"]
    command += [f"--dbname={folder.settings.database}", str(source / _DUMP)]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (PostgreSQL's own tool)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", b"").decode("utf-8", "replace").strip()[:300] or str(error)
        fact = Text(f"数据库没有恢复：{said}", f"the database was not restored: {said}")
        cure = Text(
            "给一个空的数据库，再恢复到另一个空文件夹", "Name an empty database, and restore into another folder"
        )
        return (Problem("bad-database", Where(str(root)), fact, cure),)
    return ()


def check_backup(source: Path) -> tuple[Problem, ...]:
    """Return what is wrong with a backup: files that are missing or changed, a ledger that does not follow."""
    try:
        manifest = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        files = {str(name): str(digest) for name, digest in manifest["files"].items()}
    except (OSError, ValueError, KeyError, AttributeError):
        fact = Text("这不是一份备份", "this is no backup")
        return (Problem("no-backup", Where(str(source)), fact, Text("写备份的文件夹", "Name the folder")),)
    base = source.resolve()
    problems = []
    for name, digest in files.items():
        path = (source / name).resolve()
        if not path.is_relative_to(base) or not path.is_file() or digest_of(path) != digest:
            fact = Text("备份里的文件缺失或者被改动", "the file is missing or was changed")
            problems.append(Problem("backup-changed", Where(name), fact, Text("换另一份备份", "Use another backup")))
    if not problems and is_ledger(source / LEDGER):
        problems += verify_ledger(source / LEDGER, load_vocabulary()).problems
    return tuple(problems)


def entered_and_missing() -> tuple[Problem, ...]:
    """Return a problem for each submission that says 已入账 and whose events the ledger does not have."""
    from events.ledger.load import load_ledger  # noqa: PLC0415 (only here)
    from gongkai.console.folder import current  # noqa: PLC0415
    from gongkai.console.models.store import submissions  # noqa: PLC0415
    from gongkai.console.models.submissions import ENTERED  # noqa: PLC0415

    try:
        known = set(load_ledger(current().ledger, load_vocabulary()).table["id"].to_pylist())
    except DamageError as error:
        return (error.problem,)
    problems = []
    for one in submissions().filter(state=ENTERED).order_by("unit", "number"):
        missing = [one.event_id(row) for row in range(1, len(one.rows) + 1) if one.event_id(row) not in known]
        if missing:
            fact = Text(f"已入账的登记单在账本里缺 {missing[0]}", f"{missing[0]} is not in the ledger")
            cure = Text("用更新的账本备份恢复", "Restore a later copy of the ledger")
            problems.append(Problem("entry-missing", Where(str(one)), fact, cure))
    return tuple(problems)


def uploads_wrong() -> tuple[Problem, ...]:
    """Return a problem for each file that people uploaded and that is missing, or is not what it was."""
    from gongkai.console.entry.attachments import path_of  # noqa: PLC0415 (only here)
    from gongkai.console.models.store import kept_digests  # noqa: PLC0415

    problems = []
    for digest, name in sorted(kept_digests().items()):
        path = path_of(digest)
        if not path.is_file() or digest_of(path) != digest:
            fact = Text(f"附件“{name}”缺失或者被改动", f"the file {name!r} is missing or was changed")
            problems.append(
                Problem("upload-wrong", Where(str(path)), fact, Text("从备份取回", "Take it from a backup"))
            )
    return tuple(problems)


def unlock(folder: DataFolder) -> None:
    """Take away what a server that was killed left behind; locks end with their process."""
    for path in folder.uploads.rglob("*.part"):
        path.unlink()
