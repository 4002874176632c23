"""People, what they may do, and the links with which they start."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

CLERK, REVIEWER, EVALUATOR, PUBLISHER, AUDITOR, ADMIN = (
    "clerk",
    "reviewer",
    "evaluator",
    "publisher",
    "auditor",
    "admin",
)
ROLES = {
    CLERK: "登记员",
    REVIEWER: "审核员",
    EVALUATOR: "评估员",
    PUBLISHER: "发布人",
    AUDITOR: "审计员",
    ADMIN: "系统管理员",
}
OF_UNITS = frozenset((CLERK, REVIEWER))
"""The roles that somebody has in a unit; the others are the county's."""


class Person(AbstractBaseUser):
    """Somebody with an account of their own.

    Attributes:
        username: the name to sign in with.
        name: the name that pages show.
        is_active: whether the account can be used.
        epoch: a number that goes up when roles change, which ends the person's sessions.
        feed: hash of the secret in the address of the person's calendar, or nothing.
    """

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    epoch = models.PositiveIntegerField(default=0)
    feed = models.CharField(max_length=64, blank=True, default="", db_index=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    def __str__(self) -> str:
        """Return the name that pages show."""
        return self.name

    def get_session_auth_hash(self) -> str:
        """Return what a session is tied to: password and epoch."""
        return f"{super().get_session_auth_hash()}.{self.epoch}"

    def end_sessions(self) -> None:
        """End all sessions of the person, because a role or the account changed."""
        self.epoch += 1
        self.save(update_fields=["epoch"])


class Membership(models.Model):
    """What somebody may do, in a unit or in the county."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=list(ROLES.items()))
    unit = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        """Nobody has a role twice; a role of a unit names one, a role of the county none."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "role", "unit"], name="one_membership"),
            models.CheckConstraint(
                condition=(models.Q(role__in=sorted(OF_UNITS)) & ~models.Q(unit=""))
                | (~models.Q(role__in=sorted(OF_UNITS)) & models.Q(unit="")),
                name="role_and_unit",
            ),
        ]

    def __str__(self) -> str:
        """Return the role with its unit."""
        return f"{ROLES[self.role]} {self.unit}".strip()


class OneTimeLink(models.Model):
    """A link or slip with which somebody chooses a first password, once."""

    token = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="links")
    until = models.DateTimeField()

    def __str__(self) -> str:
        """Return whose it is."""
        return self.person.username
