"""Attachments: known sorts of files by what is in them, kept under the hash of their bytes."""

from __future__ import annotations

import io
import os
import re
import subprocess
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from events.limits import limits
from gongkai.console.clock import now
from gongkai.console.entry.states import CHANGED, digest_of
from gongkai.console.folder import current
from gongkai.console.models.store import add_attachment, add_step, lock_submission
from gongkai.console.web.errors import ConflictError

if TYPE_CHECKING:
    from gongkai.console.models import Person, Submission

MOST_BYTES = 20 << 20
MOST_FILES = 20
KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
}
_SORTS = "PDF、DOCX、XLSX、PNG、JPG"
_NAME = 120
LOCKED = "加密的文件不收。请去掉密码再传。"
_LOCKED_PDF = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
"""What the trailer of an encrypted PDF says; it is never compressed."""
_MACROS = re.compile(r"vbaproject|macrosheets/|macro.*\.bin$")
"""Parts of an office file with macros, those of Excel 4 among them."""
_OLE = b"\xd0\xcf\x11\xe0"


class AttachmentError(Exception):
    """A file that is not taken, with the reason in words."""


def kind_of(content: bytes) -> str:
    """Return the sort of a file by what is in it.

    Raises:
        AttachmentError: it is of no known sort, or has macros, or is encrypted.
    """
    if content.startswith(b"%PDF-"):
        if _LOCKED_PDF.search(content):
            raise AttachmentError(LOCKED)
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content.startswith(_OLE):
        message = f"旧格式或者加密的文件不收。请另存为 {_SORTS} 再传。"
        raise AttachmentError(message)
    message = f"只收 {_SORTS}，这个文件的内容都不是。"
    raise AttachmentError(message)


def _office(content: bytes) -> str:
    """Return which of the office formats a ZIP file is.

    Raises:
        AttachmentError: it is none, or has macros, or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        message = "文件已经损坏，打不开。"
        raise AttachmentError(message) from error
    bound = limits()
    if len(parts) > bound.entries or sum(one.file_size for one in parts) > bound.unpacked_bytes:
        message = "文件展开后太大。"
        raise AttachmentError(message)
    names = {one.filename.lower() for one in parts}
    if any(_MACROS.search(name) for name in names):
        message = "带宏的文件不收。请另存为不带宏的格式再传。"
        raise AttachmentError(message)
    if any(one.flag_bits & 1 for one in parts):
        raise AttachmentError(LOCKED)
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    message = f"只收 {_SORTS}，这个压缩文件不是。"
    raise AttachmentError(message)


def path_of(digest: str) -> Path:
    """Return where a file is kept; the hash is all that its path is made of."""
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):  # noqa: PLR2004 (hexadecimal of SHA-256)
        message = "not a hash"
        raise ValueError(message)
    return current().uploads / digest[:2] / digest


def store(content: bytes) -> str:
    """Keep a file under the hash of its bytes, and return the hash.

    Raises:
        AttachmentError: it is too large, or the scanner found something.
    """
    if len(content) > MOST_BYTES:
        message = f"文件超过 {MOST_BYTES >> 20} MiB。"
        raise AttachmentError(message)
    digest = sha256(content).hexdigest()
    path = path_of(digest)
    if path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{digest}.{os.getpid()}.part")
    part.write_bytes(content)
    _scan(part)
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)
    return digest


def _scan(path: Path) -> None:
    """Let the scanner that the settings name look at a file.

    Raises:
        AttachmentError: it found something, or could not be run.
    """
    command = current().settings.scanner
    if not command:
        return
    try:
        done = subprocess.run([*command, str(path)], capture_output=True, timeout=120, check=False)  # noqa: S603 (the administrator's)
        clean = done.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        clean = False
    if not clean:
        path.unlink(missing_ok=True)
        message = "病毒扫描没有通过，文件没有保存。"
        raise AttachmentError(message)


def clean_name(name: str) -> str:
    """Return the name of a file as pages show it; it never becomes a path."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(one for one in base if one.isprintable())[:_NAME] or "附件"


def keep_upload(person: Person, submission: Submission, name: str, content: bytes) -> None:
    """Add a file to a draft as evidence.

    Raises:
        AttachmentError: it is not taken.
        ConflictError: the submission is no draft any more.
    """
    kind = kind_of(content)
    digest = store(content)
    with transaction.atomic():
        locked = lock_submission(submission.pk)
        if locked.state not in {"draft", "returned"}:
            raise ConflictError(CHANGED)
        if locked.attachments.count() >= MOST_FILES:
            message = f"一份登记单最多{MOST_FILES}个附件。"
            raise AttachmentError(message)
        add_attachment(locked, clean_name(name), digest, len(content), kind)
        locked.state, locked.editor, locked.changed_at = "draft", person, now()
        locked.digest = digest_of(locked)
        locked.save()
        add_step(locked, person, "attach", now())
