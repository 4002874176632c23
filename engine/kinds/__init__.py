"""The kinds of rule, a file each; a new one is its file and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.kinds.count import CountRule
from engine.kinds.due import DueRule
from engine.kinds.hold import HoldRule
from engine.kinds.precede import PrecedeRule
from engine.kinds.respond import RespondRule

if TYPE_CHECKING:
    from engine.kinds.base import KindRule

KINDS: Final[tuple[type[KindRule], ...]] = (
    CountRule,
    RespondRule,
    DueRule,
    PrecedeRule,
    HoldRule,
)
