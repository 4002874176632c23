"""催报 by mail: what is on the units' pages goes to the addresses of their people too, and what failed is told."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused
from typing import TYPE_CHECKING

from django.core.mail import EmailMessage

from gongkai.console import audit
from gongkai.console.folder import current
from gongkai.console.mail.sending import mail_server
from gongkai.console.models.people import OF_UNITS
from gongkai.console.models.reminders import readers
from gongkai.console.models.store import memberships
from gongkai.console.registry import unit_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.core.mail.backends.smtp import EmailBackend

    from gongkai.console.folder import MailSettings
    from gongkai.console.models import CountyNotice, Person

NOBODY = "没有人填了邮箱"
_MOST = 300


def mail_reminders(sender: Person, notices: Sequence[CountyNotice]) -> int:
    """Send reminders by mail, one mail a person, and return how many were sent; none where no server is set.

    Each notice keeps how many of its unit's people got a mail, and why others did not.

    Args:
        sender: who reminds; the audit log names him.
        notices: the reminders, as they stand on the units' pages.
    """
    settings = current().settings.mail
    if settings is None or not notices:
        return 0
    addressed = _addressed({one.unit: one for one in notices})
    troubles: dict[int, str] = {}
    count = 0
    try:
        with mail_server(settings) as server:
            for person, address, own in addressed:
                trouble = _send(settings, server, (person, address), own)
                details = {"trouble": trouble} if trouble else {}
                audit.record(sender.username, "mail-reminder", person=person.username, units=len(own), **details)
                count += not trouble
                for one in own:
                    one.mailed += not trouble
                    if trouble:
                        troubles[one.pk] = trouble
    except OSError as error:
        audit.record(sender.username, "mail-reminder", trouble=str(error)[:_MOST])
        troubles |= {one.pk: f"邮件服务器连不上：{error}" for _, _, own in addressed for one in own if not one.mailed}
    reached = {one.pk for _, _, own in addressed for one in own}
    for one in notices:
        one.mail_trouble = troubles.get(one.pk, "" if one.pk in reached else NOBODY)[:_MOST]
        one.save(update_fields=["mailed", "mail_trouble"])
    return count


def _addressed(notices: Mapping[str, CountyNotice]) -> list[tuple[Person, str, list[CountyNotice]]]:
    """Return who gets a mail, at which address, about which units' reminders."""
    units: dict[int, list[str]] = {}
    for one in memberships().filter(role__in=sorted(OF_UNITS), unit__in=sorted(notices)).order_by("unit", "role"):
        units.setdefault(one.person_id, []).append(one.unit)
    return [
        (person, address, [notices[unit] for unit in dict.fromkeys(units[person.pk])])
        for person, address in readers()
        if person.pk in units
    ]


def _send(settings: MailSettings, server: EmailBackend, to: tuple[Person, str], notices: Sequence[CountyNotice]) -> str:
    """Send one person's mail; return why it was not sent, or nothing where it was.

    Raises:
        OSError: the server cannot be used at all.
    """
    person, address = to
    names = "、".join(unit_names().get(one.unit, one.unit) for one in notices)
    lines = [f"{person.name}，您好：", "", f"县政府办公室催报：{names}。", "", notices[0].text, ""]
    if current().address:
        lines += [f"{current().address}/u/{one.unit}/notices/" for one in notices]
    mail = EmailMessage(f"催报：{names}"[:200], "\n".join(lines), settings.sender, [address], connection=server)
    server.open()
    try:
        mail.send()
    except OSError as error:  # smtplib's refusals are among them; the next address may be taken
        server.close()
        refused = isinstance(error, SMTPRecipientsRefused)
        return f"{person.name}：" + ("邮件服务器不收这个邮箱" if refused else f"邮件没有发出，{error}")
    return ""
