"""A rulebook drafted from a notice: clauses, proposals, and an account of every number of the text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rules.drafting.like import like_earlier
from rules.drafting.new_acts import NewAct, NewActs
from rules.drafting.phrases.grammar import left_over, numbers_of, numbers_within, phrases_in
from rules.drafting.phrases.owners import owners_of
from rules.drafting.proposals import propose

if TYPE_CHECKING:
    from events.vocabulary import Vocabulary
    from rules.drafting.drafted import NoticeClause, NoticeText, Phrase, ProposedRule
    from rules.drafting.like import EarlierBook
    from rules.drafting.phrases.owners import Owners
    from rules.units import Registry


@dataclass(frozen=True, slots=True)
class DraftedClause:
    """One clause with what was found in it.

    Attributes:
        clause: the clause.
        phrases: the phrases, in order.
        proposals: the rules that they propose.
        left: numbers that were not understood, each with the words around it.
    """

    clause: NoticeClause
    phrases: tuple[Phrase, ...]
    proposals: tuple[ProposedRule, ...]
    left: tuple[str, ...]

    @property
    def names(self) -> tuple[Phrase, ...]:
        """Return the phrases whose numbers are parts of names and measure nothing."""
        return tuple(phrase for phrase in self.phrases if phrase.sort == "name")

    @property
    def unproposed(self) -> tuple[Phrase, ...]:
        """Return the phrases with numbers on which no proposal rests, names left out: they are told."""
        used = {(phrase.start, phrase.end) for one in self.proposals for phrase in one.phrases}
        return tuple(
            phrase
            for phrase in self.phrases
            if phrase.sort not in ("name", "list")
            and (phrase.start, phrase.end) not in used
            and numbers_within(self.clause.text, phrase)
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """What is drafted of a notice.

    Attributes:
        notice: the notice.
        owners: whom its names mean.
        clauses: each clause with its phrases and proposals.
        new_acts: kinds of act that the vocabulary does not have.
    """

    notice: NoticeText
    owners: Owners
    clauses: tuple[DraftedClause, ...]
    new_acts: tuple[NewAct, ...] = ()

    def account(self) -> dict[str, int]:
        """Return how many numbers of the clauses there are, and where they went."""
        found = {"numbers": 0, "proposed": 0, "names": 0, "unproposed": 0, "left": 0}
        for one in self.clauses:
            numbers = list(numbers_of(one.clause.text))
            names = sum(any(p.start <= place < p.end for p in one.names) for place, _ in numbers)
            unproposed = sum(any(p.start <= place < p.end for p in one.unproposed) for place, _ in numbers)
            found["numbers"] += len(numbers)
            found["names"] += names
            found["unproposed"] += unproposed
            found["left"] += len(one.left)
            found["proposed"] += len(numbers) - names - unproposed - len(one.left)
        return found


def draft_of(
    notice: NoticeText, vocabulary: Vocabulary, registry: Registry | None = None, earlier: EarlierBook | None = None
) -> Draft:
    """Return the draft of a notice.

    Args:
        notice: what was read of the document.
        vocabulary: the event types that rules may name.
        registry: the units that rules may name; without, those that the document names.
        earlier: a book whose rules of the same or nearly the same clauses are proposed with its decisions.
    """
    owners = owners_of(notice.clauses, registry, notice.title)
    clauses = []
    acts = NewActs(vocabulary)
    for clause in notice.clauses:
        phrases = phrases_in(clause.text)
        proposals = like_earlier(clause, earlier, notice) if earlier is not None else ()
        if not proposals:
            proposals = propose(notice, clause, phrases, vocabulary)
            proposals = acts.offered([_owned(one, clause, owners) for one in proposals])
        else:
            proposals = tuple(replace(one, phrases=phrases) for one in proposals)
        clauses.append(DraftedClause(clause, phrases, proposals, left_over(clause.text, phrases)))
    return Draft(notice, owners, tuple(clauses), tuple(acts.found.values()))


def _owned(proposal: ProposedRule, clause: NoticeClause, owners: Owners) -> ProposedRule:
    """Return a proposal that names its owners as the registry does."""
    names = clause.lead or clause.responsible
    rule = {**proposal.rule, "owed_by": list(owners.of(names))}
    unclear = "、".join(name for name in names if name in owners.unclear)
    if unclear:
        proposal = replace(proposal, open=(*proposal.open, f"“{unclear}”是哪些单位：先写全部单位"))
    said = rule.pop("shares", None)
    if said is None:
        return replace(proposal, rule=rule)
    shares = {owners.of((name,))[0]: number for name, number in said.items()}
    if set(shares) == set(rule["owed_by"]):
        return replace(proposal, rule={**rule, "shares": shares})
    told = "、".join(f"{name} {number:g}" for name, number in said.items())
    return replace(proposal, rule=rule, open=(*proposal.open, f"各单位的份额：{told}"))
