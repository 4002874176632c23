"""The console under the load of a county: people who look, log and approve, over HTTP on loopback.

    python benchmarks/console_load.py [--database postgresql://…] [--people 70] [--entries 20000] [--seconds 90]

One command, under five minutes. It makes a data folder with a made-up ledger, starts `gongkai serve` on it, and
measures: 70 people who sign in within a minute; one approval at a time, and how soon its verdict is on the unit's
page; everybody doing something every 20 seconds (70 % duties, 15 % lists, 10 % save, 5 % approve); the same beside an
official run over the same ledger. It prints a table of the 50th and 95th percentiles with the aims, the memory of the
server, errors, and whether every approved entry is in the ledger. It gates nothing.
"""

from __future__ import annotations

import argparse
import http.client
import json
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
from typing import TYPE_CHECKING
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.targets import tell

if TYPE_CHECKING:
    from collections.abc import Callable

PASSWORD = "a load of seventy"  # noqa: S105 (of a made-up county)
EVERY = 20.0
STORM = 60.0
"""Seconds within which everybody signs in."""
ALONE = 8
"""Approvals one after another."""
BESIDE = 40.0
"""Seconds of load beside a run."""
AIMS = {
    "sign in": 1.5,
    "verdict, alone": 0.3,
    "duties": 0.3,
    "lists": 0.3,
    "save": 0.3,
    "approve": 0.5,
    "verdict": 1.0,
}
"""Seconds of the 95th percentile that each sort of action should keep to."""
MEMORY = 800
"""Megabytes that the server should keep to."""

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
    """How long things took, in seconds, and what went wrong.

    Attributes:
        found: by sort of action; with ` *` while a run was under way.
        wrong: answers that no one should get.
        approved: how many approvals were answered as entered.
    """

    found: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    approved: int = 0
    mark: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, sort: str, seconds: float, status: int) -> None:
        """Take note of one action."""
        with self.lock:
            self.found[sort + self.mark].append(seconds)
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
        status, _, _ = self.ask("POST", "/login", {"username": self.name, "password": PASSWORD}, "sign in")
        assert status == 303, status  # noqa: PLR2004, S101 (a benchmark that cannot sign in measures nothing)
        _, _, where = self.ask("GET", "/")
        self.unit = where.strip("/").removeprefix("u/")

    def act(self, chance: random.Random) -> None:
        """Do something: of all together 70 % look at duties, 15 % at lists, 10 % save, 5 % approve."""
        choice = chance.random()
        if choice < 0.7:  # noqa: PLR2004 (the shares of the actions)
            self.ask("GET", f"/u/{self.unit}/", sort="duties")
        elif choice < (0.9 if self.reviews else 0.8):
            self.ask("GET", f"/u/{self.unit}/{chance.choice(('entries/', 'submissions/'))}", sort="lists")
        elif self.reviews:
            self.approve("approve", "verdict")
        else:
            self._save(chance)

    def _save(self, chance: random.Random) -> None:
        form = {"occurred_at": "2023-09-01", "data.title": f"培训{chance.random()}"}
        _, _, where = self.ask("POST", f"/u/{self.unit}/new/training.held", form, "save")
        self.ask("POST", f"{where}submit", {}, "submit")

    def approve(self, sort: str, verdict: str) -> bool:
        """Approve what waits longest, and look at the unit's page, which waits for the verdict; say whether one did."""
        _, text, _ = self.ask("GET", f"/u/{self.unit}/submissions/")
        waiting = re.findall(rf'href="(/u/{self.unit}/submissions/\d+/)"', text)
        for one in waiting[:1]:
            _, text, _ = self.ask("GET", one, sort="trial")
            digest = text.partition('name="digest" value="')[2].partition('"')[0]
            if not digest:
                return False
            status, _, _ = self.ask("POST", f"{one}approve", {"digest": digest}, sort)
            with self._times.lock:
                self._times.approved += status == 303  # noqa: PLR2004 (it was entered)
            self.ask("GET", f"/u/{self.unit}/", sort=verdict)
        return bool(waiting)


def main() -> None:
    """Run the load and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=70)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--database", default="")
    asked = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as made:
        root = Path(made) / "data"
        root.mkdir()
        if asked.database:
            text = f"clock: 2023-09-20T09:00:00\ndatabase: {asked.database}\n"
            (root / "gongkai.yaml").write_text(text, encoding="utf-8")
        words = [str(root), str(asked.entries), str(asked.people), PASSWORD]
        subprocess.run([sys.executable, "-c", PREPARE, *words], check=True, capture_output=True, text=True)
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        command = [sys.executable, "-m", "gongkai", "serve", str(root), "--listen", f"127.0.0.1:{port}"]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            times = Times()
            browsers = [Browser(port, number, times) for number in range(asked.people)]
            entered = _go_through(browsers, times, asked.seconds, root)
            status = Path(f"/proc/{server.pid}/status").read_text(encoding="utf-8")
        finally:
            server.terminate()
            server.wait(30)
    database = "PostgreSQL" if asked.database else "SQLite"
    print(f"{asked.people} people, {asked.entries} entries, {database}, {os.cpu_count()} cores")  # noqa: T201
    _print(times, int(status.partition("VmHWM:")[2].split()[0]) / 1024, entered)
    print(f"load of the machine {os.getloadavg()[0]:.1f}; {time.monotonic() - begun:.0f} s in all")  # noqa: T201


def _go_through(browsers: list[Browser], times: Times, seconds: float, root: Path) -> int:
    """Do everything one after another; return how many entries the ledger got."""
    _wait(browsers[0])
    before = _events(root)
    _each(browsers, _arrive)
    _ready(browsers[0])
    reviewers = [one for one in browsers if one.reviews]
    for one in reviewers[:ALONE]:
        one.ask("GET", f"/u/{one.unit}/")  # the page was seen before
        one.approve("approve, alone", "verdict, alone")
        time.sleep(0.5)
    _each(browsers, lambda one, chance: _live(one, chance, seconds))
    out = root.parent / "run"
    words = ["evaluate", "--events", str(root / "ledger"), "--as-of", "2023-09-20", "--out", str(out)]
    times.mark = " *"
    run = subprocess.Popen([sys.executable, "-m", "gongkai", *words], stdout=subprocess.DEVNULL)
    _each(browsers, lambda one, chance: _live(one, chance, BESIDE))
    run.wait(120)
    return _events(root) - before


def _each(browsers: list[Browser], work: Callable[[Browser, random.Random], object]) -> None:
    """Let everybody do something at the same time."""
    threads = [
        threading.Thread(target=work, args=(one, random.Random(number)))  # noqa: S311 (who does what when)
        for number, one in enumerate(browsers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _arrive(browser: Browser, chance: random.Random) -> None:
    """Let one person sign in at some moment of the minute."""
    time.sleep(chance.uniform(0, STORM))
    browser.sign_in()


def _live(browser: Browser, chance: random.Random, seconds: float) -> None:
    """Let one person do something every 20 seconds."""
    end = time.monotonic() + seconds
    while True:
        pause = chance.uniform(0, 2 * EVERY)
        if time.monotonic() + pause > end:
            return
        time.sleep(pause)
        browser.act(chance)


def _wait(browser: Browser) -> None:
    """Wait until the server answers."""
    for _ in range(600):
        try:
            if browser.ask("GET", "/alive")[0] == 200:  # noqa: PLR2004 (it answers)
                return
        except OSError:
            time.sleep(0.2)


def _ready(browser: Browser) -> None:
    """Wait until there are verdicts."""
    for _ in range(60):
        if "正在核算" not in browser.ask("GET", f"/u/{browser.unit}/")[1]:
            return
        time.sleep(0.5)


def _events(root: Path) -> int:
    return int(json.loads((root / "ledger" / "head.json").read_text(encoding="utf-8"))["events"])


def _print(times: Times, memory: float, entered: int) -> None:
    """Print the table."""
    print("\n| action | n | p50 s | p95 s | aim s | met |\n|---|---|---|---|---|---|")  # noqa: T201
    high: dict[str, float] = {}
    for sort, found in sorted(times.found.items()):
        ordered = sorted(found)
        high[sort] = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
        aim = AIMS.get(sort)
        met = "" if aim is None else "yes" if high[sort] <= aim else f"no, {high[sort] / aim:.1f} x"
        middle = statistics.median(ordered)
        print(f"| {sort} | {len(ordered)} | {middle:.3f} | {high[sort]:.3f} | {aim or ''} | {met} |")  # noqa: T201
    for sort in sorted(high.keys() & AIMS.keys()):
        tell(f"console, {sort}: 95th percentile", high[sort], AIMS[sort])
    tell("console, memory of the server", memory, MEMORY, "MiB")
    if "duties" in high and "duties *" in high:
        ratio = high["duties *"] / high["duties"]
        print(f"| duties beside a run (*) | | | {ratio:.1f} x | 2 x | {'yes' if ratio <= 2 else 'no'} |")  # noqa: T201, PLR2004
    print(f"| memory, MB | | | {memory:.0f} | {MEMORY} | {'yes' if memory <= MEMORY else 'no'} |")  # noqa: T201
    lost = times.approved - entered
    print(f"| approved and not in the ledger | {times.approved} | | {lost} | 0 | {'no' if lost else 'yes'} |")  # noqa: T201
    print(f"| answers of a server at fault | | | {len(times.wrong)} | 0 | {'no' if times.wrong else 'yes'} |\n")  # noqa: T201


if __name__ == "__main__":
    main()
