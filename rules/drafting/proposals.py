"""Rules proposed of a clause: one for each phrase that can be measured, and an assessment of what no number carries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from rules.drafting.deadlines import day_of, is_understood
from rules.drafting.drafted import ProposedRule
from rules.drafting.phrases.acts import candidates, fallback
from rules.drafting.shares import with_shares
from rules.lint.values import MOST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from events.vocabulary import Vocabulary
    from rules.drafting.drafted import NoticeClause, NoticeText, Phrase

_STOPS: Final = "，。；：！？"
_STRIVE: Final = ("力争", "争取", "努力", "力求")
_VERBS: Final = re.compile(
    r"^(?:(?:上半年|下半年|年底|年末|年内)前?|其中|并|和|要|力争|确保|重点|全年|年度|全力|大力|逐步|完成|实现|推动|新增|继续|累计|达到|总量|再|从严|积极|共|约|的|是)+"
)


@dataclass(slots=True)
class _Maker:
    """Makes the proposals of one clause."""

    notice: NoticeText
    clause: NoticeClause
    vocabulary: Vocabulary
    owners: tuple[str, ...]
    made: list[ProposedRule] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)

    def add(  # noqa: PLR0913, PLR0917 - the parts of a rule, in the order of the file
        self, kind: str, word: str, phrase: Phrase, fields: Mapping[str, Any], said: Sequence[str], title: str
    ) -> None:
        """Add a proposal; its name is made of the clause, and of the kind and its number."""
        number = 1
        name = f"{self.clause.id}.{word}"
        while name in self._taken:
            number += 1
            name = f"{self.clause.id}.{word}-{number}"
        self._taken.add(name)
        rule = {
            "id": name,
            "clause": self.clause.id,
            "status": "proposed",
            "title": {"zh": title[:60]},
            "quote": self.quote(phrase),
            "owed_by": list(self.owners),
            "kind": kind,
            **fields,
        }
        if "modality" not in fields and any(one in rule["quote"] for one in _STRIVE):
            rule["modality"] = "strive"
        self.made.append(ProposedRule(rule, self.clause.id, (phrase,), (*said, *self._deadline_unclear(fields))))

    def _deadline_unclear(self, fields: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what is left to decide of a rule that has its day from a time that is not understood."""
        words = self.clause.deadline or ""
        if fields.get("by") != self.deadline or is_understood(words):
            return ()
        return (f"时限“{words}”是哪一天：先写{self.deadline}",)

    def quote(self, phrase: Phrase) -> str:
        """Return the part of the sentence, between stops, that a phrase stands in."""
        first, last = self._part(phrase)
        return self.clause.text[first:last].strip(" ，、")

    def _part(self, phrase: Phrase) -> tuple[int, int]:
        text = self.clause.text
        first = max((text.rfind(stop, 0, phrase.start) for stop in "，。；,;"), default=-1) + 1
        ends = [place for stop in "，。；,;" if (place := text.find(stop, phrase.end)) >= 0]
        return first, min(ends, default=len(text))

    def sentence(self, phrase: Phrase) -> str:
        """Return the whole sentence that a phrase stands in."""
        text = self.clause.text
        first = max((text.rfind(stop, 0, phrase.start) for stop in "。；"), default=-1) + 1
        ends = [place for stop in "。；" if (place := text.find(stop, phrase.end)) >= 0]
        return text[first : min(ends, default=len(text))]

    def event(self, text: str, *, trigger: bool = False) -> tuple[str, list[str], list[str]]:
        """Return the likeliest event type of words, all candidates, and what is left to decide about it."""
        found = candidates(text, self.vocabulary, trigger=trigger)
        shown = list(found or fallback(self.vocabulary))
        if len(found) == 1:
            return shown[0], [], []
        what = "从哪一天起算" if trigger else "用哪一类记录证明"
        return shown[0], shown, [f"{what}：{'、'.join(shown)}"]

    @property
    def deadline(self) -> date:
        """Return the day that the clause's own column sets, else the end of the year."""
        return day_of(self.clause.deadline or "", self.notice.year) or date(self.notice.year, 12, 31)


def propose(
    notice: NoticeText, clause: NoticeClause, phrases: Sequence[Phrase], vocabulary: Vocabulary
) -> tuple[ProposedRule, ...]:
    """Return the proposals of a clause, in the order of its phrases; one to assess where it has no other."""
    owners = tuple(name for name in (clause.lead or clause.responsible) if name != "等") or ("units",)
    maker = _Maker(notice, clause, vocabulary, owners)
    for phrase in phrases:
        make = _MAKERS.get(phrase.sort)
        if make is not None and _sayable(phrase):
            make(maker, phrase, phrases)
    if not maker.made:
        _assess(maker)
    return with_shares(tuple(maker.made), owners)


def _sayable(phrase: Phrase) -> bool:
    """Say whether a rule can have the values of a phrase: whole durations and counts, days that there are.

    What no rule can have (half a working day, the 45th of a month) is told as a number without a proposal.
    """
    values = phrase.values
    limit = values.get("within") or values.get("gap")
    if limit is not None:
        return limit.split()[0].isdecimal() and int(limit.split()[0]) <= _MOST_LONG
    if phrase.sort == "count":
        return float(values["amount"]).is_integer() and float(values["amount"]) <= _MOST_TIMES
    if values.get("amount", 0) > MOST:
        return False
    if phrase.sort == "date" and values.get("month") is not None:
        return 1 <= int(values["month"]) <= 12 and 1 <= int(values["day"] or 1) <= 31  # noqa: PLR2004
    return values.get("by") is None or 1 <= int(values["by"]) <= 31  # noqa: PLR2004


_MOST_LONG: Final = 3660
_MOST_TIMES: Final = 1_000_000


def _respond(maker: _Maker, phrase: Phrase, phrases: Sequence[Phrase]) -> None:
    del phrases
    if "within" not in phrase.values:  # so long before something: no kind of rule says it, and the draft tells it
        return
    text, sentence = maker.clause.text, maker.sentence(phrase)
    before = text[max(text.rfind("。", 0, phrase.start) + 1, 0) : phrase.end]
    after = text[phrase.end : phrase.end + 60]
    trigger, triggers, open_trigger = maker.event(before, trigger=True)
    response, responses, open_response = maker.event(after or sentence)
    trigger = _another(trigger, triggers, response)
    fields: dict[str, Any] = {"trigger": trigger, "response": response, "within": phrase.values["within"]}
    if triggers or responses:
        fields["candidates"] = {key: value for key, value in (("trigger", triggers), ("response", responses)) if value}
    maker.add("respond", "within", phrase, fields, [*open_trigger, *open_response], maker.quote(phrase))


def _another(event: str, several: Sequence[str], other: str) -> str:
    """Return the likeliest of several event types that is not the other: what proves itself asks nothing."""
    return next((one for one in several if one != other), event) if event == other else event


def _count(maker: _Maker, phrase: Phrase, phrases: Sequence[Phrase]) -> None:
    event, several, left = maker.event(maker.quote(phrase))
    if several:
        wider, more, open_wider = maker.event(maker.sentence(phrase))
        event, several, left = (
            (wider, more, open_wider)
            if not candidates(maker.quote(phrase), maker.vocabulary)
            else (event, several, left)
        )
    amount = round(phrase.values["amount"])
    fields: dict[str, Any] = {"counted": event, phrase.values["compare"]: amount}
    every = phrase.values.get("every")
    if every in ("half-year", "quarter", "month"):
        fields["every"] = every
    if any(one.sort == "option" for one in phrases):
        fields["modality"] = "may"
    if every in _NO_PERIODS:
        left = [*left, f"规则里没有按{_NO_PERIODS[every]}的周期：先按全年写{amount}次，改成全年应有的次数"]
    if several:
        fields["candidates"] = {"counted": several}
    maker.add("count", "times", phrase, fields, left, maker.quote(phrase))


_NO_PERIODS: Final = {"week": "周", "term": "学期"}


def _figure(maker: _Maker, phrase: Phrase, phrases: Sequence[Phrase]) -> None:
    del phrases
    part = maker.quote(phrase)
    name = _indicator(maker.clause.text, phrase)
    unit = phrase.values["unit"]
    if unit in ("名", "人") and ("配备" in part or "专职" in part):
        fields: dict[str, Any] = {
            "opened": "staff.appointed",
            "closed": "staff.released",
            "at_least": round(phrase.values["amount"]),
        }
        maker.add("hold", "staff", phrase, fields, [], part)
        return
    if unit == "种" and re.search(r"形式|方式", maker.clause.text[phrase.end : phrase.end + 6]) and "解读" in part:
        bound = "at_most" if phrase.values["compare"] == "at_most" else "at_least"
        fields = {"counted": "policy.interpreted", bound: round(phrase.values["amount"])}
        maker.add("count", "forms", phrase, fields | {"distinct": {"attribute": "forms"}}, [], part)
        return
    fields = {
        "reported": {"event": "indicator.reported", "where": {"indicator": {"equals": name}}},
        "target": _plain(phrase.values["amount"]),
        "figure": {"zh": unit},
        "by": maker.deadline,
    }
    if phrase.values["compare"] != "at_least":
        fields["compare"] = phrase.values["compare"]
    if phrase.values["compare"] == "about":
        fields["tolerance"] = 1
    if unit in ("%", "个百分点", "百分点"):
        fields["measure"] = "ratio"
    left = [f"指标的名称：{name}"] + (["“左右”的容差：先写1"] if phrase.values["compare"] == "about" else [])
    maker.add("reach", "figure", phrase, fields, left, part)


def _share(maker: _Maker, phrase: Phrase, phrases: Sequence[Phrase]) -> None:
    if phrase.values["amount"] != _WHOLE:
        _figure(maker, phrase, phrases)
        return
    of, ofs, open_of = maker.event(maker.sentence(phrase), trigger=True)
    by, bys, open_by = maker.event(maker.sentence(phrase))
    of = _another(of, ofs, by)
    fields: dict[str, Any] = {"of": of, "covered_by": by, "by": maker.deadline}
    if maker.deadline < date(maker.notice.year, 12, 31):  # what happens after the day is no part of the share
        fields["period"] = {"from": date(maker.notice.year, 1, 1), "to": maker.deadline}
    if ofs or bys:
        fields["candidates"] = {key: value for key, value in (("of", ofs), ("covered_by", bys)) if value}
    maker.add("cover", "all", phrase, fields, [*open_of, *open_by], maker.quote(phrase))


_WHOLE: Final = 100


def _by_date(maker: _Maker, phrase: Phrase, phrases: Sequence[Phrase]) -> None:
    del phrases
    text = maker.clause.text
    part = maker.quote(phrase)
    day = day_of("".join(phrase.text.split()), maker.notice.year)
    event, several, left = maker.event(part if candidates(part, maker.vocabulary) else text)
    fields: dict[str, Any] = {"expected": event, "by": day or maker.deadline}
    if phrase.values.get("every"):
        fields |= {"every": phrase.values["every"], "by": phrase.values["by"]}
        if not re.match(r"每个?月|.*末月", phrase.text):
            left = [*left, f"“{phrase.text}”：规则里的日子在当期的最后一个月，先写{phrase.values['by']}日"]
    if several:
        fields["candidates"] = {"expected": several}
    maker.add("due", "by", phrase, fields, left, part)


def _recurrence(maker: _Maker, phrase: Phrase, phrases: Sequence[Phrase]) -> None:
    near = any(one.sort == "count" and abs(one.start - phrase.start) < 30 for one in phrases)  # noqa: PLR2004
    gap = phrase.values.get("gap") or ("7 days" if phrase.values.get("every") == "week" else None)
    if near and not phrase.values.get("gap"):
        return
    part = maker.quote(phrase)
    if gap:
        event, several, left = maker.event(part)
        opened = {"column.updated": ("column.opened", "column.closed")}.get(event, ("account.opened", "account.closed"))
        refreshed = event if event in ("column.updated", "account.updated") else "account.updated"
        fields: dict[str, Any] = {
            "opened": opened[0],
            "refreshed": refreshed,
            "closed": opened[1],
            "every": gap,
        }
        if several:
            fields["candidates"] = {"refreshed": several}
        maker.add("refresh", "every", phrase, fields, left, part)
    elif phrase.values.get("every"):
        event, several, left = maker.event(part)
        fields = {"counted": event, "at_least": 1}
        if phrase.values["every"] != "year":
            fields["every"] = phrase.values["every"]
        if several:
            fields["candidates"] = {"counted": several}
        maker.add("count", "each", phrase, fields, [*left, f"“{phrase.text}”没有写次数，先写1次"], part)


def _never(maker: _Maker, phrase: Phrase, phrases: Sequence[Phrase]) -> None:
    del phrases
    event, several, left = maker.event(maker.quote(phrase))
    fields: dict[str, Any] = {"forbidden": event}
    if several:
        fields["candidates"] = {"forbidden": several}
    maker.add("never", "never", phrase, fields, [*left, "禁止的是哪一种情形（加上 where 条件）"], maker.quote(phrase))


def _precede(maker: _Maker, phrase: Phrase, phrases: Sequence[Phrase]) -> None:
    del phrases
    text = phrase.text
    before, after = [*text.split("后", 1), ""][:2]
    first, firsts, open_first = maker.event(before)
    act, acts, open_act = maker.event(after or maker.quote(phrase))
    if act == first:
        acts = list(dict.fromkeys((*acts, "information.published", "policy.issued")))
        act = _another(act, acts, first)
        open_act = [f"先后两步各用哪一类记录证明：{first}、{'、'.join(acts)}"]
    fields: dict[str, Any] = {"act": act, "before": first}
    if firsts or acts:
        fields["candidates"] = {key: value for key, value in (("before", firsts), ("act", acts)) if value}
    maker.add("precede", "first", phrase, fields, [*open_first, *open_act], maker.quote(phrase))


def _option(maker: _Maker, phrase: Phrase, phrases: Sequence[Phrase]) -> None:
    if phrase is not next(one for one in phrases if one.sort == "option") or any(
        one.sort == "count" for one in phrases
    ):
        return
    event, several, left = maker.event(maker.sentence(phrase))
    fields: dict[str, Any] = {"modality": "may", "counted": event, "at_least": 1}
    if several:
        fields["candidates"] = {"counted": several}
    maker.add("count", "option", phrase, fields, left, maker.quote(phrase))


def _state(maker: _Maker, phrase: Phrase, phrases: Sequence[Phrase]) -> None:
    part = maker.quote(phrase)
    if any(one.sort == "figure" and part == maker.quote(one) for one in phrases):
        return
    if re.search(r"机制|制度|流程|办法|程序|体系", part):
        fields: dict[str, Any] = {"expected": "mechanism.issued", "by": maker.deadline}
        maker.add("due", "mechanism", phrase, fields, ["以前印发、仍然有效的算不算"], part)


def _list(maker: _Maker, phrase: Phrase, phrases: Sequence[Phrase]) -> None:
    del phrases
    items = [item.strip() for item in re.split(r"[、]|以及|和(?=[^、]{2,}$)", phrase.text) if item.strip()]
    fields: dict[str, Any] = {
        "items": list(
            dict.fromkeys(
                _VERBS.sub("", re.sub(r"^(?:包括|公开|展示|公布|报送|含|载明|列明)", "", one))[:40] or one
                for one in items
            )
        ),
        "covered_by": {"event": "information.published", "elements_in": "topics"},
        "by": maker.deadline,
    }
    maker.add(
        "cover",
        "contents",
        phrase,
        fields,
        ["这些内容怎样登记：每项一条记录，还是一条记录写明几项"],
        maker.quote(phrase),
    )


def _assess(maker: _Maker) -> None:
    """Propose that a person judges a clause that nothing can measure."""
    from rules.drafting.drafted import Phrase  # noqa: PLC0415

    whole = Phrase("assessment", 0, len(maker.clause.text), maker.clause.text)
    text = maker.clause.text
    fields = {"by": maker.deadline, "look_for": {"zh": text[:200]}}
    maker.add("assess", "assessed", whole, fields, [], re.split(f"[{_STOPS}]", text)[0] or text[:40])


def _indicator(text: str, phrase: Phrase) -> str:
    """Return what a figure is of: the words before it in its part of the sentence, else those after it."""
    first = max((text.rfind(stop, 0, phrase.start) for stop in "，。；、;,"), default=-1) + 1
    before = _VERBS.sub("", text[first : phrase.start].strip()).strip("“” ")
    ends = [place for stop in "，。；、;," if (place := text.find(stop, phrase.end)) >= 0]
    after = text[phrase.end : min(ends, default=len(text))].strip("“” ")
    return (before or after or phrase.text)[:40]


def _plain(amount: float) -> float | int:
    return int(amount) if amount.is_integer() else amount


_MAKERS: Final[dict[str, Callable[[_Maker, Phrase, Sequence[Phrase]], None]]] = {
    "duration": _respond,
    "count": _count,
    "figure": _figure,
    "share": _share,
    "date": _by_date,
    "recurrence": _recurrence,
    "prohibition": _never,
    "order": _precede,
    "option": _option,
    "state": _state,
    "list": _list,
}
