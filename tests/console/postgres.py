"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on loopback, gone with them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from tests.console.server import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

MISSING = "the tests need PostgreSQL's server: run scripts/system-packages, or install the package `postgresql`"


def binary(name: str) -> str:
    """Return a program of PostgreSQL's server."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    program = shutil.which(name) or (str(found[-1]) if found else None)
    assert program is not None, MISSING
    return program


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Run a cluster, and give the address of its server, without a database; root runs it as `postgres`."""
    data, port = Path("/tmp") / f"gongkai-pg-{uuid.uuid4().hex[:12]}", free_port()  # noqa: S108 (sockets and the user postgres)
    data.mkdir(mode=0o700)
    as_whom: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(data, owner.pw_uid, owner.pw_gid)
        as_whom = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    log = (folder / "postgres.log").open("ab")
    try:
        make = [
            *as_whom,
            binary("initdb"),
            "-D",
            str(data / "pg"),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        subprocess.run(make, check=True, stdout=log, stderr=log, cwd=data)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {data} -c shared_buffers=32MB -c max_connections=60"
        run = [*as_whom, binary("pg_ctl"), "-D", str(data / "pg"), "-w", "-o", options]
        subprocess.run([*run, "-l", str(data / "log"), "start"], check=True, stdout=log, stderr=log, cwd=data)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}"
        finally:
            subprocess.run([*run, "-m", "immediate", "stop"], check=False, stdout=log, stderr=log, cwd=data)
    finally:
        log.close()
        shutil.rmtree(data, ignore_errors=True)


def fresh_database(server: str) -> str:
    """Return the address of a new database."""
    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{server}/{name}"
