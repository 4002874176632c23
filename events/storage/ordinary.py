"""Reading files that somebody named: ordinary ones only. A pipe would be waited for, a device has no end.

Whatever is named on the command line, in a manifest or a rulebook, or stands in a folder of an earlier run, is read
through here.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from typing import TYPE_CHECKING, Any

from events.limits import limits
from events.storage.files import NotOrdinaryError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_HOW = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""Opening a pipe without a writer would wait for one; not so with O_NONBLOCK. Windows has other flags."""


class TooLongError(OSError):
    """A file with more bytes than the limit."""


def open_ordinary(path: Path) -> BinaryIO:
    """Return an ordinary file, opened for reading bytes; a link is followed.

    Raises:
        NotOrdinaryError: it is a pipe, a device or a socket.
        OSError: it cannot be opened, or is a folder.
    """
    _refuse_others(path, path.stat().st_mode)  # a socket cannot even be opened
    descriptor = os.open(path, _HOW)
    try:
        mode = os.fstat(descriptor).st_mode
        _refuse_others(path, mode)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _refuse_others(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        words = "不是普通文件，而是管道、设备或者套接字 · no ordinary file but a pipe, a device or a socket"
        raise NotOrdinaryError(errno.EINVAL, words, str(path))


def read_ordinary(path: Path, most: int | None = None) -> bytes:
    """Return the bytes of an ordinary file.

    Args:
        path: the file.
        most: the most bytes that it may have; by default the limit `file_bytes`.

    Raises:
        NotOrdinaryError: it is a pipe, a device or a socket.
        TooLongError: it has more bytes.
        OSError: it cannot be read.
    """
    most = limits().file_bytes if most is None else most
    with open_ordinary(path) as stream:
        raw = stream.read(most + 1)
    if len(raw) > most:
        raise TooLongError(errno.EFBIG, f"超过 {most} 字节 · over {most} bytes", str(path))
    return raw


def read_ordinary_text(path: Path) -> str:
    """Return the text of an ordinary file in UTF-8, without the mark that some programs begin it with.

    Raises:
        OSError: it cannot be read, see `read_ordinary`.
        UnicodeDecodeError: it is not UTF-8.
    """
    return read_ordinary(path).decode("utf-8-sig")


def parse_json(text: str | bytes) -> Any:  # noqa: ANN401 (whatever JSON can say)
    """Return what a JSON text says.

    Raises:
        ValueError: it is no JSON, or nested too deep.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        message = "嵌套过深 · nested too deep"
        raise ValueError(message) from error
