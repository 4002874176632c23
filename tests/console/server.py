"""A console in a process of its own, for browsers and for kills."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlencode

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


class Visitor:
    """Somebody who is signed in, over HTTP.

    Args:
        server: the console.
        session: the name and value of the cookie of the session.
    """

    def __init__(self, server: Server, session: tuple[str, str]) -> None:
        self.server = server
        self._cookies = dict([session])

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page."""
        return self._ask("GET", path)

    def post(self, path: str, form: dict[str, str], page: str) -> tuple[int, str]:
        """Send a form that stands on a page, and return the status and where it led, or the text."""
        token = self.get(page)[1].split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        return self._ask("POST", path, urlencode({**form, "csrfmiddlewaretoken": token}))

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self.server.address.removeprefix("http://"), timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        for name, morsel in SimpleCookie("; ".join(answer.headers.get_all("Set-Cookie") or [])).items():
            self._cookies[name] = morsel.value
        connection.close()
        return answer.status, answer.headers.get("Location") or text
