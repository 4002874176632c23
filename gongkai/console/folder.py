"""The data folder of a console: settings, ledger, database, uploads, audit log, each in its place."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote, urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events.problems import Problem, Text, Where, did_you_mean, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS, LEDGER, DATABASE, UPLOADS, RUNS = "gongkai.yaml", "ledger", "console.sqlite3", "uploads", "runs"
AUDIT, SECRET, BACKUPS = "audit.jsonl", "secret", "backups"
APPROVED, BOOKS, POLICIES = "approved", "books", "policies"
IN_FORCE = "in-force.json"
"""The file in `approved/` that says which version of each setting is in force."""
PRIVATE = 0o700
"""Who may look into a folder with personal data that the console makes: its own user alone."""
_MOST = 1 << 20
"""How many bytes `gongkai.yaml` may have."""

AFTER_REVIEW = (
    "request.received",
    "request.confirmed",
    "request.third_party_answered",
)
"""Event types that are entered at once and reviewed afterwards, unless the settings say otherwise."""

FIRST_SETTINGS = """\
# 控制台的设置。改动后重新启动生效。 The settings of the console; they hold from the next start.
books: [jinxiang-2023, regulation-2019]   # 规则库
# units: 单位名录.yaml                    # 不写时用自带的名录
# calendar: 日历.yaml
# waivers: 豁免.yaml
# policy: 评分办法.yaml
# database: postgresql://gongkai@localhost/gongkai   # 不写时用 console.sqlite3
# review-by-county: [shuiwuju]            # 只有一个人的单位，由县里审核
# mail: {host: smtp.example.gov.cn, from: zwgk@example.gov.cn}   # 邮件提醒，不写就不发
"""


def _hyphened(name: str) -> str:
    return "from" if name == "sender" else name.replace("_", "-")


class MailSettings(BaseModel):
    """The mail server by which people are reminded.

    Attributes:
        host: its name.
        port: its port.
        security: how the connection is protected.
        username: the name to sign in with there, where it wants one.
        password_file: the file with the password, seen from the folder.
        sender: the address that mails come from; `from` in the file.
        at: the time of day from which mails are sent.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True, alias_generator=_hyphened)

    host: str
    port: int = Field(default=25, ge=1, le=65535)
    security: Literal["none", "starttls", "tls"] = "none"
    username: str | None = None
    password_file: Path | None = None
    sender: str
    at: time = time(8, 30)


class ConsoleSettings(BaseModel):
    """What `gongkai.yaml` says.

    Attributes:
        books: the rulebooks that everybody is held to.
        units: the unit registry, seen from the folder; the packaged one without.
        calendar: the county's calendar file.
        waivers: recorded exemptions.
        policy: the scoring policy; without one, runs list and count only.
        readings: chosen readings, `RULE=NAME`.
        database: `postgresql://user@host/name`; the embedded SQLite without.
        review_by_county: ids of units whose submissions the county office reviews.
        after_review: event types that are entered at once and reviewed afterwards.
        clock: a moment at which the console pretends to have been started, for demonstrations.
        keep_applicants: years after archiving for which personal data of applicants is kept.
        mail: the mail server by which people are reminded; without one, pages and calendars remind.
        counties: data folders of other counties whose published runs are shown, by name.
        scanner: a command that gets the path of an upload and fails where it found a virus.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True, alias_generator=_hyphened)

    books: tuple[str, ...] = ("jinxiang-2023", "regulation-2019")
    units: Path | None = None
    calendar: Path | None = None
    waivers: Path | None = None
    policy: Path | None = None
    readings: tuple[str, ...] = ()
    database: str | None = None
    review_by_county: frozenset[str] = frozenset()
    after_review: frozenset[str] = frozenset(AFTER_REVIEW)
    clock: datetime | None = None
    keep_applicants: int = Field(default=5, ge=1)
    mail: MailSettings | None = None
    counties: dict[str, Path] = Field(default_factory=dict)
    scanner: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder in which a console keeps everything.

    Attributes:
        root: the folder.
        settings: what its `gongkai.yaml` says.
        behind: the address that people use, where a proxy stands in front.
        proxies: addresses of proxies whose forwarded addresses are believed.
    """

    root: Path
    settings: ConsoleSettings = field(default_factory=ConsoleSettings)
    behind: str | None = None
    proxies: tuple[str, ...] = ()

    @property
    def ledger(self) -> Path:
        """The ledger."""
        return self.root / LEDGER

    @property
    def uploads(self) -> Path:
        """Files that people uploaded, by the hash of their bytes."""
        return self.root / UPLOADS

    @property
    def audit(self) -> Path:
        """The log of who did what."""
        return self.root / AUDIT

    @property
    def address(self) -> str:
        """The address that people use, as far as it is known."""
        return self.behind or ""

    @property
    def secret(self) -> str:
        """The key that signs cookies; it is made on the first start and readable to the server alone."""
        path = self.root / SECRET
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii", newline="\n") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii").strip()

    def beside(self, path: Path | None) -> Path | None:
        """Return a file that the settings name, seen from the folder."""
        return None if path is None else self.root / path

    @property
    def books(self) -> tuple[str, ...]:
        """The rulebooks that everybody is held to, those of the county's own by their folders."""
        own = self.root / BOOKS
        return tuple(str(own / one) if (own / one / "book.yaml").is_file() else one for one in self.settings.books)

    def database(self) -> dict[str, Any]:
        """Return how Django reaches the database."""
        if self.settings.database is None:
            pragmas = (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA secure_delete=ON; PRAGMA busy_timeout=20000"
            )
            options = {"transaction_mode": "IMMEDIATE", "init_command": pragmas, "timeout": 20}
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(self.root / DATABASE), "OPTIONS": options}
        return _postgresql(self.settings.database)


def _postgresql(url: str) -> dict[str, Any]:
    """Return how Django reaches the PostgreSQL of an address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", host)),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
    }


def open_folder(root: Path, *, make: bool = True) -> tuple[DataFolder | None, tuple[Problem, ...]]:
    """Return the data folder at a path, made where there is none; and what is wrong with its settings."""
    try:
        if make:
            root.parent.mkdir(parents=True, exist_ok=True)
            root.mkdir(mode=PRIVATE, exist_ok=True)
            for name in (UPLOADS, RUNS, BACKUPS):
                (root / name).mkdir(exist_ok=True)
        path = root / SETTINGS
        if make and not path.exists():
            path.write_text(FIRST_SETTINGS, encoding="utf-8", newline="\n")
        text = path.read_bytes()[:_MOST].decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fact = Text(f"数据文件夹不能用：{error}", f"the data folder cannot be used: {error}")
        cure = Text("换一个文件夹，或者检查权限", "Name another folder, or check its permissions")
        return None, (Problem("bad-folder", Where(str(root)), fact, cure),)
    settings, problems = _settings(text, path)
    if settings is None:
        return None, problems
    settings, more = with_approved(root, settings)
    return (None if settings is None else DataFolder(root, settings)), (*problems, *more)


def with_approved(root: Path, settings: ConsoleSettings) -> tuple[ConsoleSettings | None, tuple[Problem, ...]]:
    """Return settings with what the county approved in their place, and what is wrong with that.

    Files are named as they lie in the folder; lists (books, readings) stand in theirs.
    """
    path = root / APPROVED / IN_FORCE
    if not path.is_file():
        return settings, ()
    try:
        changes: dict[str, Any] = {}
        for name, file in json.loads(path.read_text(encoding="utf-8")).items():
            lists = name in {"books", "readings"}
            text = (root / APPROVED / file).read_text(encoding="utf-8")
            changes[name] = tuple(yaml.safe_load(text) or ()) if lists else Path(APPROVED) / file
        return settings.model_copy(update=changes), ()
    except (OSError, ValueError, AttributeError, yaml.YAMLError) as error:
        fact = Text(f"批准的设置读不了：{error}", f"the approved settings cannot be read: {error}")
        cure = Text("从备份恢复 approved 文件夹", "Restore the folder `approved` from a backup")
        return None, (Problem("bad-settings", Where(str(path)), fact, cure),)


def _settings(text: str, path: Path) -> tuple[ConsoleSettings | None, tuple[Problem, ...]]:
    """Return what `gongkai.yaml` says, or everything that is wrong with it."""
    try:
        content = yaml.safe_load(text) or {}
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = Where(str(path), None if mark is None else mark.line + 1)
        fact = Text("不是有效的 YAML", "this is no YAML")
        return None, (Problem("bad-settings", where, fact, Text("改正这一行", "Mend this line")),)
    try:
        return ConsoleSettings.model_validate(content), ()
    except ValidationError as error:
        return None, tuple(_wrong(one, path) for one in error.errors())


def _wrong(error: Mapping[str, Any], path: Path) -> Problem:
    name = ".".join(map(str, error["loc"]))
    known = [one.replace("_", "-") for one in ConsoleSettings.model_fields]
    fact = Text(f"设置“{name}”不对：{error['msg']}", f"the setting {name!r}: {error['msg']}")
    cure = suggestion(
        did_you_mean(name, known) if name.partition(".")[0] not in known else (),
        Text(f"可用的设置：{'、'.join(known)}", f"There are {', '.join(known)}"),
    )
    return Problem("bad-settings", Where(str(path)), fact, cure, name)


class _Current:
    folder: DataFolder | None = None


def use(folder: DataFolder) -> None:
    """Let a folder be the one of this process."""
    _Current.folder = folder


def current() -> DataFolder:
    """Return the folder of this process.

    Raises:
        RuntimeError: none was chosen.
    """
    if _Current.folder is None:
        message = "no data folder was chosen"
        raise RuntimeError(message)
    return _Current.folder


def chosen() -> DataFolder | None:
    """Return the folder of this process, or None."""
    return _Current.folder
