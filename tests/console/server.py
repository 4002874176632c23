"""A console in a process of its own, for browsers and for kills."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class Server:
    """A running console."""

    address: str
    process: subprocess.Popen[bytes]

    def end(self) -> None:
        """End it as an administrator would."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(20)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def start(root: Path, *, wait: float = 90.0) -> Server:
    """Start a console on a data folder, and wait until it answers."""
    port = free_port()
    command = [sys.executable, "-m", "gongkai", "serve", str(root), "--listen", f"127.0.0.1:{port}"]
    environment = {**os.environ}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with (root / "server.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    address = f"http://127.0.0.1:{port}"
    end = time.monotonic() + wait
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/alive", timeout=5) as answer:  # noqa: S310 (our own address)
                if answer.status == 200:
                    return Server(address, process)
        except OSError:
            assert process.poll() is None, (root / "server.log").read_text("utf-8")
            time.sleep(0.1)
    process.kill()
    raise AssertionError((root / "server.log").read_text("utf-8"))
