"""Sending the digests: on working days from the hour that the settings name, each person one mail at most a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction

from gongkai.console import audit
from gongkai.console.clock import now
from gongkai.console.folder import current
from gongkai.console.live.thread import LIVE
from gongkai.console.mail.digest import digest
from gongkai.console.models.reminders import keep_sent, readers, sent_to

if TYPE_CHECKING:
    from gongkai.console.folder import MailSettings
    from gongkai.console.live.snapshot import Snapshot

AGAIN: Final = timedelta(minutes=10)
"""After how long sending is tried again where the mail server could not be used."""
TIMEOUT: Final = 20
"""Seconds that the mail server may take to answer."""


@dataclass(slots=True)
class _Memory:
    """What the scheduler knows of today; after a restart the tables say who got what.

    Attributes:
        done: the day whose mails were sent.
        not_before: when sending may be tried again.
        trouble: why mails could not be sent, or nothing.
    """

    done: date | None = None
    not_before: datetime | None = None
    trouble: str = ""


_MEMORY = _Memory()


def trouble() -> str:
    """Return why mails could not be sent, or nothing."""
    return _MEMORY.trouble


def remind() -> int:
    """Send the mails of today where it is time for them, and return how many were sent.

    A mail server that cannot be used is tried again later: the reminders of a mail are kept only when it was sent.
    """
    settings, moment = current().settings.mail, now()
    if settings is None or _MEMORY.done == moment.date() or moment.time() < settings.at:
        return 0
    if _MEMORY.not_before is not None and moment < _MEMORY.not_before:
        return 0
    snapshot, fresh = LIVE.for_unit(None)
    if snapshot is None or not fresh:
        return 0
    if not snapshot.inputs.calendar.is_working(moment.date()):
        _MEMORY.done = moment.date()
        return 0
    try:
        count = _send_all(settings, snapshot, moment)
    except OSError as error:  # smtplib's errors are among them
        _MEMORY.not_before, _MEMORY.trouble = moment + AGAIN, f"邮件没有发出：{error}"[:300]
        return 0
    _MEMORY.done, _MEMORY.not_before, _MEMORY.trouble = moment.date(), None, ""
    return count


def forget() -> None:
    """Know nothing of today any more."""
    _MEMORY.done = _MEMORY.not_before = None
    _MEMORY.trouble = ""


def _send_all(settings: MailSettings, snapshot: Snapshot, moment: datetime) -> int:
    """Send everybody's mail.

    Raises:
        OSError: the mail server cannot be used.
    """
    count = 0
    with mail_server(settings) as server:
        for person, address in readers():
            made = digest(person, snapshot, sent_to(person), current().address)
            if made is None:
                continue
            with transaction.atomic():
                keep_sent(person, made.keys, moment)
                EmailMessage(made.subject, made.body, settings.sender, [address], connection=server).send()
            audit.record("console", "mail", person=person.username, duties=len(made.keys))
            count += 1
    return count


def send_test(address: str) -> None:
    """Send a mail that says that mails arrive.

    Raises:
        OSError: the mail server cannot be used.
        ValueError: the settings name none.
    """
    settings = current().settings.mail
    if settings is None:
        message = "gongkai.yaml 没有写 mail"
        raise ValueError(message)
    with mail_server(settings) as server:
        text = f"这是政务公开台账的测试邮件。\n{current().address}/"
        EmailMessage("政务公开台账：测试邮件", text, settings.sender, [address], connection=server).send()


def mail_server(settings: MailSettings) -> EmailBackend:
    """Return the mail server; its password stands in a file of its own."""
    path = current().beside(settings.password_file)
    password = "" if path is None else path.read_text(encoding="utf-8").strip()
    return EmailBackend(
        host=settings.host,
        port=settings.port,
        username=settings.username or "",
        password=password,
        use_tls=settings.security == "starttls",
        use_ssl=settings.security == "tls",
        timeout=TIMEOUT,
    )
