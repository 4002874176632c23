"""The console under the load of a county: people who look, log and approve, over HTTP on loopback.

    python benchmarks/console_load.py [--people 70] [--seconds 120] [--entries 20000] [--database postgresql://…]

It makes a data folder with a made-up ledger, starts `gongkai serve` on it, lets everybody sign in, and then lets each
person do something every 20 seconds: 70 % look at duties, 15 % at lists, 10 % save an entry, 5 % approve one. It prints
the 50th and 95th percentile of each sort of action, how long a new verdict took to reach the page, how much memory the
server had, and the aims with their ratio. It gates nothing.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

PASSWORD = "a load of seventy"  # noqa: S105 (of a made-up county)
EVERY = 20.0
AIMS = {"duties": 0.3, "lists": 0.3, "save": 0.3, "approve": 0.5, "login": 1.5, "verdict": 1.0}
"""Seconds of the 95th percentile that each sort of action should keep to."""

PREPARE = """
import sys
from pathlib import Path
from gongkai.console.work import demo
root, entries, people = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
demo.lay_out(root)
from gongkai.console.serve import open_console
folder, problems = open_console(root)
assert folder is not None, problems
import pyarrow as pa
from events.ledger.importing.imports import Provenance, import_stage
from events.ledger.load import load_ledger
from events.ledger.importing.stage import Stage
from events.vocabulary import load_vocabulary
from gongkai.console.registry import registry
table = load_ledger(folder.ledger, load_vocabulary()).table
plain = table.filter(pa.compute.and_(pa.compute.is_null(table["corrects"]), pa.compute.is_null(table["retracts"])))
have, copy = table.num_rows, 0
while have < entries:
    copy += 1
    part = plain.slice(0, entries - have)
    for name in ("id", "subject"):
        text = pa.compute.binary_join_element_wise(part[name], pa.scalar(f"-{copy}"), "")
        part = part.set_column(part.column_names.index(name), name, text)
    with Stage() as stage:
        stage.add(part, "copy")
        stage.end("copy", "0" * 64, part.num_rows)
        done, wrong = import_stage(folder.ledger, stage, Provenance("2023-09-20T09:00:00", "load", "0", "0"))
    assert done is not None, wrong[:3]
    have += part.num_rows
from gongkai.console.entry import states
from gongkai.console.models.store import add_membership, make_person
units = [unit.id for unit in registry().units if unit.sort != "institution"][: (people + 1) // 2]
first = make_person("load0", "load")
first.set_password(sys.argv[4])
for number in range(people):
    person = make_person(f"person{number}", f"人{number}")
    person.password = first.password
    person.save()
    unit = units[number // 2 % len(units)]
    add_membership(person, "reviewer" if number % 2 else "clerk", unit)
    for turn in range(0 if number % 2 else 4):
        row = {"type": "training.held", "occurred_at": "2023-09-01", "data.title": f"waiting {turn}"}
        states.take(person, states.begin(person, unit, "entry", [row], "waiting"), "submit")
print(have)
"""


@dataclass
class Times:
    """How long things took, in seconds, and what went wrong."""

    found: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, sort: str, seconds: float, status: int) -> None:
        """Take note of one action."""
        with self.lock:
            self.found[sort].append(seconds)
            if status >= 500:  # noqa: PLR2004 (the statuses of a server at fault)
                self.wrong.append(f"{sort}: {status}")


class Browser:
    """One person at a browser."""

    def __init__(self, port: int, number: int, times: Times) -> None:
        """Sit down."""
        self._port, self._times = port, times
        self._cookies: dict[str, str] = {}
        self.name = f"person{number}"
        self.unit = ""
        self.reviews = bool(number % 2)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, sort: str = "") -> tuple[int, str, str]:
        """Return status, body and where it leads."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self._cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": self._cookies.get("gongkai-csrf", ""),
            }
        start = time.perf_counter()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        if sort:
            self._times.add(sort, time.perf_counter() - start, answer.status)
        for cookie in answer.msg.get_all("Set-Cookie") or ():
            key, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[key] = value
        return answer.status, text, answer.headers.get("Location", "")

    def sign_in(self) -> None:
        """Sign in."""
        self.ask("GET", "/login")
        status, _, _ = self.ask("POST", "/login", {"username": self.name, "password": PASSWORD}, "login")
        assert status == 303, status  # noqa: PLR2004, S101 (a benchmark that cannot sign in measures nothing)
        _, _, where = self.ask("GET", "/")
        self.unit = where.strip("/").removeprefix("u/")

    def act(self, chance: random.Random) -> None:
        """Do something."""
        choice = chance.random()
        if choice < 0.7:  # noqa: PLR2004 (the shares of the actions)
            self.ask("GET", f"/u/{self.unit}/", sort="duties")
        elif choice < 0.85 or (choice >= 0.95 and not self.reviews):  # noqa: PLR2004
            self.ask("GET", f"/u/{self.unit}/{chance.choice(('entries/', 'submissions/'))}", sort="lists")
        elif choice < 0.95 and not self.reviews:  # noqa: PLR2004
            self._save(chance)
        elif self.reviews:
            self._approve()

    def _save(self, chance: random.Random) -> None:
        form = {"occurred_at": "2023-09-01", "data.title": f"培训{chance.random()}"}
        _, _, where = self.ask("POST", f"/u/{self.unit}/new/training.held", form, "save")
        self.ask("POST", f"{where}submit", {}, "submit")

    def _approve(self) -> None:
        _, text, _ = self.ask("GET", f"/u/{self.unit}/submissions/", sort="lists")
        waiting = re.findall(rf'href="(/u/{self.unit}/submissions/\d+/)"', text.partition("请您审核")[0])
        if not waiting:
            return
        _, text, _ = self.ask("GET", waiting[-1], sort="submission")
        digest = text.partition('name="digest" value="')[2].partition('"')[0]
        self.ask("POST", f"{waiting[-1]}approve", {"digest": digest}, "approve")
        start = time.perf_counter()
        self.ask("GET", f"/u/{self.unit}/")
        self._times.add("verdict", time.perf_counter() - start, 200)


def main() -> None:
    """Run the load and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=70)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--database", default="")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        root = Path(made) / "data"
        root.mkdir()
        if asked.database:
            text = f"clock: 2023-09-20T09:00:00\ndatabase: {asked.database}\n"
            (root / "gongkai.yaml").write_text(text, encoding="utf-8")
        words = [str(root), str(asked.entries), str(asked.people), PASSWORD]
        done = subprocess.run([sys.executable, "-c", PREPARE, *words], check=True, capture_output=True, text=True)
        print(f"entries: {done.stdout.strip().splitlines()[-1]}, people: {asked.people}")  # noqa: T201
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "gongkai", "serve", str(root), "--listen", f"127.0.0.1:{port}"]
        )
        try:
            _measure(port, asked.people, asked.seconds, server.pid)
        finally:
            server.terminate()
            server.wait(30)


def _measure(port: int, people: int, seconds: float, pid: int) -> None:
    times = Times()
    browsers = [Browser(port, number, times) for number in range(people)]
    _wait(browsers[0])
    threads = [threading.Thread(target=_live, args=(one, seconds, number)) for number, one in enumerate(browsers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for sort, found in sorted(times.found.items()):
        ordered = sorted(found)
        middle, high = statistics.median(ordered), ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
        aim = f", {high / AIMS[sort]:.2f} of the aim of {AIMS[sort]} s" if sort in AIMS else ""
        print(f"{sort:<11} n={len(ordered):<5} p50={middle:.3f} s  p95={high:.3f} s{aim}")  # noqa: T201
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(f"memory {peak:.0f} MB; server errors: {len(times.wrong)}; load of the machine {os.getloadavg()[0]:.1f}")  # noqa: T201


def _wait(browser: Browser) -> None:
    for _ in range(600):
        try:
            if browser.ask("GET", "/alive")[0] == 200:  # noqa: PLR2004 (it answers)
                return
        except OSError:
            time.sleep(0.2)


def _live(browser: Browser, seconds: float, seed: int) -> None:
    """Let one person work: sign in within the first minute's half, then something every 20 seconds."""
    chance = random.Random(seed)  # noqa: S311 (who does what when)
    time.sleep(chance.uniform(0, min(60.0, seconds / 2)))
    browser.sign_in()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(chance.uniform(0, 2 * EVERY) if seconds > EVERY else chance.uniform(0, seconds / 4))
        browser.act(chance)


if __name__ == "__main__":
    main()
