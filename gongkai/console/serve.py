"""Starting the console: folder, database, ledger, judging thread, server."""

from __future__ import annotations

import ctypes
import ipaddress
import logging
import os
import re
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from events.problems import Problem, Text, Where
from gongkai.console.folder import open_folder, use

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gongkai.console.folder import DataFolder

THREADS = 16
CONNECTIONS = 1000
LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1", "[::1]"))
_TICK = 30.0
_ARENA_MAX, _ARENAS = -8, 2
"""The option of glibc's `mallopt`, and how many stores of memory there may be."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server listens.

    Attributes:
        host: the address.
        port: the port.
        behind: the address that people use, where a proxy stands in front.
        proxies: addresses of the proxies that are believed.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    behind: str | None = None
    proxies: tuple[str, ...] = ()


def listening(
    listen: str, behind: str | None, proxies: tuple[str, ...]
) -> tuple[Listening | None, tuple[Problem, ...]]:
    """Return where to listen, or what is wrong with the options."""
    host, _, port = listen.rpartition(":")
    if not _HOST.fullmatch(host) or not _PORT.fullmatch(port) or not 0 < int(port) < 1 << 16:
        fact = Text(f"“{listen}”不是“地址:端口”", f"{listen!r} is not HOST:PORT")
        cure = Text("例如 127.0.0.1:8000", "For example 127.0.0.1:8000")
        return None, (Problem("bad-option", Where("--listen"), fact, cure, listen),)
    if behind is None and host not in LOOPBACK:
        fact = Text("对外监听要写明用户访问的地址", "to listen beyond this machine, name the address that people use")
        cure = Text(
            "加上 --behind https://…，由前面的代理提供 TLS；只在本机使用的，监听 127.0.0.1",
            "Add --behind https://…, with a proxy in front that has TLS, or listen on 127.0.0.1",
        )
        return None, (Problem("bad-option", Where("--listen"), fact, cure, listen),)
    if behind is not None and not _is_address(behind):
        fact = Text(f"“{behind}”不是网址", f"{behind!r} is no address")
        cure = Text("例如 https://zwgk.example.gov.cn", "For example https://zwgk.example.gov.cn")
        return None, (Problem("bad-option", Where("--behind"), fact, cure, behind),)
    wrong = next((one for one in proxies if not _is_ip(one)), None)
    if wrong is not None or len(proxies) > 1:
        told = wrong if wrong is not None else "、".join(proxies)
        fact = Text(f"“{told}”不是一个代理的 IP 地址", f"{told!r} is not the IP address of one proxy")
        cure = Text("写一个地址，例如 --trust-proxy 10.0.0.2", "Give one address, such as --trust-proxy 10.0.0.2")
        return None, (Problem("bad-option", Where("--trust-proxy"), fact, cure, told),)
    return Listening(host, int(port), None if behind is None else behind.rstrip("/"), proxies), ()


_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]*::[0-9A-Fa-f:.]*|\[[0-9A-Fa-f:.]+\]")
_PORT = re.compile(r"[0-9]{1,5}")
_ADDRESS = re.compile(r"https?://(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]*)?")
"""What a browser can be sent to: a host, perhaps a port and a path; nothing that steers a terminal or a unit file."""


def _is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def set_up(folder: DataFolder) -> None:
    """Let Django use a data folder; once in a process."""
    use(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.console.settings"
    import django  # noqa: PLC0415 (only after the folder is known)

    django.setup()


def open_console(root: Path, where: Listening | None = None) -> tuple[DataFolder | None, tuple[Problem, ...]]:
    """Return the data folder with its database as this version has it; a backup is made before tables change."""
    folder, problems = open_folder(root)
    if folder is None:
        return None, problems
    if where is not None:
        folder = replace(folder, behind=where.behind, proxies=where.proxies)
    set_up(folder)
    from django.db import OperationalError  # noqa: PLC0415

    try:
        migrate(folder)
    except OperationalError as error:
        fact = Text(f"数据库不能用：{error}", f"the database cannot be used: {error}")
        cure = Text("检查 gongkai.yaml 里的 database，和数据库是否在运行", "Check `database` in gongkai.yaml")
        return None, (Problem("bad-database", Where(str(root)), fact, cure),)
    return folder, problems


def migrate(folder: DataFolder) -> None:
    """Bring the tables to this version."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if steps and executor.loader.applied_migrations:
        from gongkai.console.work.backup import backup  # noqa: PLC0415

        backup(folder, None)
    if steps:
        call_command("migrate", verbosity=0, interactive=False)


class Scheduler:
    """One thread for what time alone sets off: entries that wait, the new day, sessions that ended."""

    def __init__(self) -> None:
        """Start later."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415
        from django.db import close_old_connections  # noqa: PLC0415

        from gongkai.console.entry.post import recover  # noqa: PLC0415
        from gongkai.console.entry.requests import purge_old  # noqa: PLC0415
        from gongkai.console.live.thread import LIVE  # noqa: PLC0415
        from gongkai.console.mail.sending import remind  # noqa: PLC0415
        from gongkai.console.web.errors import keep  # noqa: PLC0415

        while not self._stop.wait(_TICK):
            try:
                recover()
                LIVE.poke()
                purge_old()
                remind()
                SessionStore.clear_expired()
            except Exception as error:  # noqa: BLE001 (the thread must live on; the details are kept)
                keep(error)
            finally:
                close_old_connections()


def _share_memory() -> None:
    """Let threads share what memory they free, that of Arrow's tables too: a store for each of them never shrinks."""
    import pyarrow as pa  # noqa: PLC0415 (only where there are threads)

    pa.set_memory_pool(pa.system_memory_pool())
    with suppress(OSError, AttributeError):  # another C library, or none
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def start_threads() -> Scheduler:
    """Enter what was broken off, and start judging and the scheduler."""
    from gongkai.console.entry.post import forget_listeners, on_entry, recover  # noqa: PLC0415
    from gongkai.console.live.thread import LIVE  # noqa: PLC0415
    from gongkai.console.office import runner  # noqa: PLC0415

    forget_listeners()
    on_entry(LIVE.entered)
    recover()
    runner.recover()
    LIVE.start()
    scheduler = Scheduler()
    scheduler.start()
    return scheduler


def serve(where: Listening, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until the process is told to end."""
    import waitress  # noqa: PLC0415
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415

    from gongkai.console.office import runner  # noqa: PLC0415
    from gongkai.console.web.security import MOST_BYTES  # noqa: PLC0415

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    _share_memory()
    scheduler = start_threads()
    trusted = where.proxies[0] if where.proxies else None
    try:
        server = waitress.create_server(
            get_wsgi_application(),
            host=where.host.strip("[]"),
            port=where.port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            max_request_body_size=MOST_BYTES,
            ident=None,
            clear_untrusted_proxy_headers=True,
            **_proxy(trusted),
        )
        ready()
        server.run()
    finally:
        runner.stop()
        scheduler.stop()


def _proxy(trusted: str | None) -> dict[str, object]:
    if trusted is None:
        return {}
    headers = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
    return {"trusted_proxy": trusted, "trusted_proxy_headers": headers}
