"""Targets that several owners share: each owner owes the part of the whole that the rule gives it."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Final

from pydantic import Field, model_validator

from engine.kinds.base import KindRule
from rules.model import Word

if TYPE_CHECKING:
    from typing import Self

_PERCENT: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*[%％]\s*")


class Shared(KindRule):
    """A kind whose number may be shared out: `shares: {县商务局: 1500, 县工信局: 60%}`.

    Each unit or group of `owed_by` has its share, a number or a percentage of the whole; every unit of a group owes
    the group's number. Each unit's obligation asks for its own share.
    """

    shares: dict[Word, int | float | str] = Field(
        default_factory=dict,
        description="by unit or group of owed_by, its part of the number: a figure, or a percentage such as 40%",
    )

    goals: ClassVar[tuple[str, ...]]
    """The fields of which one has the number that is shared out."""
    whole_numbers: ClassVar[bool] = False

    @model_validator(mode="after")
    def _every_owner_has_one(self) -> Self:
        """Refuse shares that are not those of the owners, that are no number, or of what is owed together."""
        if not self.shares:
            return self
        strange = sorted({*self.shares} ^ {*self.owed_by})
        if strange:
            msg = f"shares and owed_by name the same units: {', '.join(strange)} is in one of them only"
            raise ValueError(msg)
        if getattr(self, "jointly", False) or getattr(self, "scope", "unit") == "county":
            msg = "what is owed by all together (jointly, scope: county) is not shared out"
            raise ValueError(msg)
        for owner in self.shares:
            self.share_of(owner)
        return self

    def goal(self) -> tuple[str, float]:
        """Return the field that has the number that is shared out, and the number."""
        return next((name, value) for name in self.goals if (value := getattr(self, name)) is not None)

    def share_of(self, owner: str) -> int | float:
        """Return the number that one owner owes; a percentage of a number of events is rounded up.

        Raises:
            ValueError: the share is neither a number nor a percentage of at most 100.
        """
        said = self.shares[owner]
        if isinstance(said, str):
            found = _PERCENT.fullmatch(said)
            if found is None or Decimal(found[1]) > 100:  # noqa: PLR2004
                msg = f"a share is a number or a percentage such as 40%: {said!r} is none"
                raise ValueError(msg)
            part = Decimal(repr(self.goal()[1])) * Decimal(found[1]) / 100
            return math.ceil(part) if self.whole_numbers else float(part)
        if isinstance(said, bool) or said < 0 or (self.whole_numbers and said != int(said)):
            msg = f"a share is a number of what is counted: {said!r} is none"
            raise ValueError(msg)
        return int(said) if self.whole_numbers else said

    def in_shares(self) -> tuple[KindRule, ...]:
        """Return the rule once for each owner, with the number that it owes."""
        name = self.goal()[0] if self.shares else ""
        owed = {owner: self.share_of(owner) for owner in self.shares}
        made = tuple(
            self.model_copy(update={"owed_by": (owner,), name: number, "shares": {}}) for owner, number in owed.items()
        )
        return made or (self,)
