"""Kinds of act that the vocabulary does not have, as a document names them: proposed as words of the book's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from events.vocabulary import Vocabulary
    from rules.drafting.drafted import ProposedRule

_HELD: Final = re.compile(
    r"(?:举办|召开|开展|组织|举行|编制|印发|建立)[^，。；、]{0,14}?"
    r"(?P<act>[一-鿿]{2,10}?(?:会|活动|日|周|班|课|沙龙|讲座|大赛|手册|清单|台账|档案|通报|简报))"
)
_SHOWN: Final = re.compile(
    r"(?P<verb>公示|公布|公开|通报|发布|报送)(?P<act>[一-鿿]{2,12}(?:结果|情况|信息|目录|数据|名单|清单|预告))"
)
_LEADING: Final = re.compile(
    r"^(?:不少于|至少|一次|本|该|各|年度|季度|[一二两三四五六七八九十]+[场次期个]|场|次|期|个)+"
)
_PLAIN: Final = frozenset({"information.published", "task.completed", "assessment.recorded"})
"""Types that stand for any act: what falls to them may be one of its own."""


@dataclass(frozen=True, slots=True)
class NewAct:
    """A kind of act that a document names and the vocabulary does not have.

    Attributes:
        event: the type that is proposed for it.
        label: what the document calls it.
        clause: the clause where it first stands.
    """

    event: str
    label: str
    clause: str

    def entry(self) -> Mapping[str, Any]:
        """Return it as an entry of `types` in `vocabulary.yaml`."""
        return {"zh": self.label, "subject": "optional"}


class NewActs:
    """The new kinds of act of a document, each once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Start with what the vocabulary has."""
        self._vocabulary = vocabulary
        self.found: dict[str, NewAct] = {}

    def offered(self, proposals: Sequence[ProposedRule]) -> tuple[ProposedRule, ...]:
        """Return proposals that rest on no type of their own with the new kind of act among the candidates."""
        return tuple(self._offered(one) for one in proposals)

    def _offered(self, proposal: ProposedRule) -> ProposedRule:
        role = next((name for name in ("counted", "expected", "response") if proposal.rule.get(name) in _PLAIN), None)
        label = _named(str(proposal.rule["quote"])) if role is not None else None
        if role is None or label is None or self._vocabulary.find_type(label) is not None:
            return proposal
        number = len(self.found) + 1
        act = self.found.setdefault(label, NewAct(f"own.act_{number}", label, proposal.clause))
        old = proposal.rule.get("candidates", {})
        shown = [*old.get(role, [proposal.rule[role]]), act.event]
        said = (
            f"“{label}”也许是新的一类：{act.event}（vocabulary.yaml，请改成合适的英文名），或者用{proposal.rule[role]}"
        )
        rule = {**proposal.rule, "candidates": {**old, role: list(dict.fromkeys(shown))}}
        return replace(proposal, rule=rule, open=(*proposal.open, said))


def _named(text: str) -> str | None:
    """Return what a sentence calls the act: 政策宣讲会, 水质监测结果公示."""
    found = _HELD.search(text)
    if found is not None:
        return _LEADING.sub("", found["act"]) or None
    shown = _SHOWN.search(text)
    return f"{shown['act']}{shown['verb']}" if shown is not None else None
