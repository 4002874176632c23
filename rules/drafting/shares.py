"""Figures of a clause that are parts of another: 全年3000人，其中县人社局1800人，县工信局1200人."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rules.units import SHORTEST_NAME, fold_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.drafting.drafted import ProposedRule


def with_shares(proposals: Sequence[ProposedRule], owners: Sequence[str]) -> tuple[ProposedRule, ...]:
    """Return the proposals of a clause, figures of each of its owners as shares of the figure before them.

    Args:
        proposals: the proposals, in the order of their words.
        owners: who owes the clause, as the document names them.
    """
    for place, whole in enumerate(proposals):
        if whole.rule["kind"] != "reach" or len(owners) < 2:  # noqa: PLR2004 - one owner has it all
            continue
        parts = {owner: part for part in proposals[place + 1 :] if (owner := _owner(whole, part, owners)) is not None}
        if set(parts) == set(owners):
            shares = {owner: part.rule["target"] for owner, part in parts.items()}
            made = replace(
                whole,
                rule={**whole.rule, "shares": shares},
                phrases=(*whole.phrases, *(phrase for part in parts.values() for phrase in part.phrases)),
            )
            rest = [one for one in proposals[place + 1 :] if one not in parts.values()]
            return (*proposals[:place], made, *rest)
    return tuple(proposals)


def _owner(whole: ProposedRule, part: ProposedRule, owners: Sequence[str]) -> str | None:
    """Return whose part of a figure another figure is; None where it is another figure."""
    if part.rule["kind"] != "reach" or part.rule["figure"] != whole.rule["figure"]:
        return None
    [group] = [part.rule["reported"]["where"]]
    name = fold_name(str(group["indicator"]["equals"])).removeprefix("其中")
    if name in owners:
        return name
    meant = [owner for owner in owners if _abbreviates(name, owner)]
    return meant[0] if len(meant) == 1 else None


def _abbreviates(name: str, owner: str) -> bool:
    """Say whether a name is short for a unit's, as 县人社局 for 县人力资源和社会保障局: its signs, in their order."""
    left = iter(owner)
    return len(name) >= SHORTEST_NAME and name[-1] == owner[-1] and all(sign in left for sign in name)
