"""The kinds of rule, a file each; a new one is its file and a line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.kinds.assess import AssessRule
from engine.kinds.contain import ContainRule
from engine.kinds.count import CountRule
from engine.kinds.cover import CoverRule
from engine.kinds.due import DueRule
from engine.kinds.hold import HoldRule
from engine.kinds.never import NeverRule
from engine.kinds.precede import PrecedeRule
from engine.kinds.reach import ReachRule
from engine.kinds.refresh import RefreshRule
from engine.kinds.respond import RespondRule

if TYPE_CHECKING:
    from engine.kinds.base import KindRule

KINDS: Final[tuple[type[KindRule], ...]] = (
    CountRule,
    RespondRule,
    DueRule,
    PrecedeRule,
    CoverRule,
    ContainRule,
    RefreshRule,
    ReachRule,
    HoldRule,
    NeverRule,
    AssessRule,
)
