"""Facets of a kind of rule, for those who ask: linter, self-check, derivation. Each kind says it in its own file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Facets:
    """What a kind of rule says of itself.

    Attributes:
        settled_by: roles of the selectors whose events settle a duty; of those that a rule has, the first counts.
        mendable: whether a breach can still be made good, late; else it looks at a time that is over.
        paired: the roles of events that belong together by their subject, and so need one.
        answered: the role that opens a duty and the one that fulfils it, where the same event must not be both.
        counts: whether a duty asks for a number of events, which `at_least` of the rule says.
        figure: whether a reported figure settles it.
        enough: whether what is there may be enough before the time is over.
        forbids: whether a breach is an act that must not be.
        by_person: whether an evaluator's judgement settles it, and nothing of the unit's own.
        final: whether an act that was wrong cannot be made good, so that it is of the period that it falls into.
        by_matter: whether each obligation is about a matter of its own; else it has the period or due date in its name.
        told: what a derivation tells besides: what is covered, the gaps between refreshing acts, or who was there when.
        limited: whether a duty has a limit from the day that opened it (`within`), which a clock may move (`clock`).
    """

    settled_by: tuple[str, ...] = ()
    mendable: bool = False
    paired: tuple[str, str] | None = None
    answered: tuple[str, str] | None = None
    counts: bool = False
    figure: bool = False
    enough: bool = False
    forbids: bool = False
    by_person: bool = False
    final: bool = False
    by_matter: bool = True
    told: Literal["", "covered", "gaps", "states"] = ""
    limited: bool = False

    @property
    def paced(self) -> bool:
        """Whether it can be said how far a duty is, and what it needs a month."""
        return self.counts or self.figure
