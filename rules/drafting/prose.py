"""Clauses from running text: items of a covering letter, and sections with （责任单位：…；完成时限：…） in brackets."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from rules.drafting.blocks import squeezed
from rules.drafting.drafted import NoticeClause
from rules.drafting.phrases.grammar import phrases_in
from rules.drafting.phrases.named import names_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rules.drafting.blocks import Paragraph

_HEADING: Final = re.compile(r"^(?:[一二三四五六七八九十]+、|第[一二三四五六七八九十]+[章部])")
_ARTICLE: Final = re.compile(r"^第[一二三四五六七八九十百]+条\s*")
_TAIL: Final = re.compile(
    r"(?:^|(?<=[。；]))\s*((?:牵头|责任|配合|主办|协办|落实|承办)(?:单位|部门|科室)[:：].+|完成(?:时限|时间|期限)[:：].+)$"
)
"""Who does it and until when, behind the last sentence and in no brackets."""
_SUBHEADING: Final = re.compile(r"^[（(][一二三四五六七八九十]+[)）]")
_ITEM: Final = re.compile(r"^(?:\d{1,3}(?:[.．](?!\d)|、)|[（(]\d{1,3}[)）]|[①-⑳])\s*")
_BRACKET: Final = re.compile(
    r"[（(【\[]\s*((?:牵头|责任|配合|主办|协办|完成|时限|落实|承办)[^（()）】\]]*?[:：][^（()）】\]]*(?:[（(][^（()）]*[)）][^（()）】\]]*)*)[)）】\]]"
)
_OPENS: Final = re.compile(r"[（(【\[]\s*(?:牵头|责任|配合|主办|协办|完成|时限|落实|承办)[^（()）】\]]*[:：]")
_OPEN: Final = re.compile(_OPENS.pattern + r"[^（()）】\]]*(?:[（(][^（()）]*[)）][^（()）】\]]*)*$")
_KEYS: Final = {
    "lead": ("牵头单位", "牵头部门", "主办单位", "牵头"),
    "responsible": ("责任单位", "责任部门", "责任科室", "配合单位", "配合部门", "协办单位", "落实单位", "承办单位"),
    "deadline": ("完成时限", "完成时间", "时限要求", "时间要求", "完成期限", "时限"),
}
_CONTACT: Final = re.compile(
    r"^(?:联\s*系\s*(?:人|电\s*话|方\s*式)|咨询电话|电子邮箱)\s*[:：]"
    r"|^(?:主办(?:单位)?[:：]|承办(?:单位)?[:：]|技术支持|版权所有|网站标识码|.{0,2}ICP备|.{0,8}公网安备|您是第|分享到|上一[篇条]|下一[篇条]"
    r"|相关(?:链接|附件|解读|文档)[:：]?$|责任编辑|扫一扫|浏览次数|打印本页|关闭窗口|【(?:打印|关闭)|Copyright)"
)
_NUMBER: Final = re.compile(r"\d|[一二两三四五六七八九十]+(?:次|名|个|期|篇)")
_OWN_ACT: Final = re.compile(r"，(?=对[^，。]*(?:予以|给予|进行|约谈)|有关[^，。]*(?:纳入|报送))")
_SUBJECT: Final = re.compile(
    r"^(?:要)?((?:各|县|全县|市|区)[^，。：；、]*?(?:[、及和][^，。：；]*?)?)(?:要|应|应当|须|必须|将|负责)(?=[^求])"
)
_NAMED: Final = re.compile(
    r"^((?:县|市|区)[^，。：；、]{1,12}?(?:办公室|办|局|委|委员会|中心))(?=每|按|定期|负责|牵头|组织)"
)
_INNER: Final = re.compile(r"，((?:县|市|区)[^，。：；、]{2,20}?)(?:要|将|负责)")
_PLAYS: Final = re.compile(r"发挥((?:县|市|区)[^，。：；]{2,24}?)(?:的)?(?:统筹|牵头|作用)")


@dataclass(slots=True)
class ProseReading:
    """Clauses as paragraphs give them.

    Attributes:
        items: clauses in order, not yet named.
        outside: paragraphs that are no clause: title, addressees, introduction, signature.
    """

    items: list[NoticeClause] = field(default_factory=list)
    outside: list[Paragraph] = field(default_factory=list)


_ALL: Final = "工作任务"
"""The section of clauses that stand under no heading."""


def read_prose(paragraphs: Sequence[Paragraph]) -> ProseReading:
    """Return the clauses of running text, each under the heading before it."""
    reading = ProseReading()
    joined = _joined(paragraphs)
    headed = any(_HEADING.match(squeezed(one.text)) or _SUBHEADING.match(squeezed(one.text)) for one in joined)
    section, subsection = "", ""
    for one in joined:
        text = squeezed(one.text)
        if _CONTACT.match(text):
            reading.outside.append(one)
            continue
        if _HEADING.match(text) or _SUBHEADING.match(text):
            head, body = _parted_heading(text)
            if _HEADING.match(text):
                section, subsection = head, ""
            else:
                subsection = head
            if not body:
                continue
            if body == text and not _HEADING.match(text):  # a sentence with a number, and no heading
                subsection, body = "", _SUBHEADING.sub("", text).strip()
                section = section or _ALL
            text = body
        if _ARTICLE.match(text) or (not headed and _ITEM.match(text)):
            section, text = section or _ALL, _ARTICLE.sub("", text)
        if not (section or subsection):
            reading.outside.append(one)
            continue
        reading.items += _clauses(_ITEM.sub("", text), subsection or section, one)
    if not reading.items:
        reading.items += _asked(reading.outside)
    return reading


def _asked(paragraphs: Sequence[Paragraph]) -> list[NoticeClause]:
    """Return the measured sentences of a letter without any numbers: they are what it asks for."""
    texts = [(squeezed(one.text), one) for one in paragraphs if one.text.rstrip().endswith(("。", "；"))]
    asking = [(text, one) for text, one in texts if _is_measured(text) and not _CONTACT.match(text)]
    return [clause for text, one in asking for clause in _clauses(text, _ALL, one)]


def is_numbered(text: str) -> bool:
    """Say whether a paragraph begins with the number of a section or of an item."""
    return any(one.match(text) is not None for one in (_HEADING, _SUBHEADING, _ITEM, _ARTICLE))


def _parted_heading(text: str) -> tuple[str, str]:
    """Return a heading, and the text that follows it in the same paragraph."""
    stop = text.find("。")
    if stop >= 0 and _said_at_once(text, stop):
        return "".join(re.split(r"[，。]", text[:stop], maxsplit=1)[0].split()), text
    if stop < 0 and _BRACKET.search(text) is None and _is_measured(text):
        return "".join(re.split(r"[，；]", text, maxsplit=1)[0].split()), text
    if stop < 0 or (stop == len(text) - 1 and not _BRACKET.search(text) and len(text) < 60):  # noqa: PLR2004
        return ("".join(text.rstrip("。").split()), "") if _BRACKET.search(text) is None else _by_bracket(text)
    head = text[:stop]
    if len(head) > 60 or "，" in head:  # noqa: PLR2004 - a sentence, not a heading
        return "".join(re.split(r"[，。]", head, maxsplit=1)[0].split()), text
    return "".join(head.split()), text[stop + 1 :].strip()


_MEASURED: Final = frozenset({"duration", "count", "share"})
"""What a heading does not have: a line with one of these is a duty, also without a stop behind it."""


def _is_measured(text: str) -> bool:
    sorts = {one.sort for one in phrases_in(text)}
    return bool(sorts & _MEASURED) or ("date" in sorts and "，" in text)


def _said_at_once(text: str, stop: int) -> bool:
    """Say whether what ends at a stop is a duty, no heading: it has a number in it, or a bracket alone behind it."""
    rest = text[stop + 1 :].strip()
    bare = _SUBHEADING.sub("", _HEADING.sub("", _unquoted(text[:stop])))
    found = _NUMBER.search(bare) is not None or re.search(r"[，：]|应当|必须|不得|每[年月周季日旬]", bare) is not None
    return (not rest and found) or (bool(rest) and _BRACKET.fullmatch(rest) is not None)


def _by_bracket(text: str) -> tuple[str, str]:
    found = _BRACKET.search(text)
    head = text[: found.start()] if found else text
    return "".join(re.split(r"[，。]", head, maxsplit=1)[0].split()), text


def _joined(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs with those that a page break cut put together again."""
    found: list[Paragraph] = []
    for one in paragraphs:
        if not one.text.strip():
            continue
        if found and _is_cut(found[-1].text, one.text):
            found[-1] = replace(found[-1], text=found[-1].text + one.text.strip())
        else:
            found.append(one)
    return found


def _is_cut(before: str, after: str) -> bool:
    """Say whether a paragraph ends within a sentence that the next one carries on, or before the bracket of it."""
    before = before.rstrip()
    if _OPEN.search(before) or (_OPENS.match(after.lstrip()) and _BRACKET.search(before) is None):
        return True
    begins = is_numbered(after)
    within = len(before) > 30 or "，" in before  # noqa: PLR2004 - so long, or with a comma, it is a sentence
    return within and before[-1] not in "。；：:;！？）)》”" and not begins


def _clauses(text: str, section: str, paragraph: Paragraph) -> list[NoticeClause]:
    """Return the clauses of one paragraph."""
    found = _BRACKET.search(text) or _TAIL.search(text)
    if found is not None and found.start():
        said = _said(found[1])
        words = (text[: found.start()] + text[found.end() :]).strip()
        lead, responsible = names_in(said.get("lead", "")), names_in(said.get("responsible", ""))
        return [
            NoticeClause(
                "",
                section,
                words,
                lead,
                responsible,
                "".join(said.get("deadline", "").split()) or None,
                paragraph.place,
            )
        ]
    items: list[NoticeClause] = []
    for words in _items(text):
        lead, responsible = owners(words)
        if not lead and not responsible and items:
            lead, responsible = items[-1].lead, items[-1].responsible
        items.append(NoticeClause("", section, words, lead, responsible, None, paragraph.place))
    return items


def _said(text: str) -> dict[str, str]:
    """Return what a bracket says, by name."""
    found: dict[str, str] = {}
    for part in re.split(r"[；;。]", text):
        key, _, value = part.replace(":", "：").partition("：")
        for name, words in _KEYS.items():
            if key.strip() in words:
                found[name] = f"{found[name]}、{value}" if name in found else value
    return found


def _items(text: str) -> list[str]:
    """Return the items of a paragraph of a letter: sentences, of which those without a number keep together."""
    items: list[str] = []
    whole = False
    for sentence in re.findall(r"[^。]+。?", text):
        parts = _own_acts(sentence)
        plain = len(parts) == 1 and _NUMBER.search(_unquoted(sentence)) is None and _SUBJECT.match(sentence) is None
        if plain and whole and items:
            items[-1] += sentence
        else:
            items += parts
        whole = plain
    return items


def _unquoted(text: str) -> str:
    return re.sub(r"《[^》]*》|“[^”]*”|〔\d+〕", "", text)


def _own_acts(sentence: str) -> list[str]:
    """Return the parts of a sentence that each say an act of their own, commas kept."""
    places = [0, *(found.end() for found in _OWN_ACT.finditer(sentence)), len(sentence)]
    # two such parts side by side, praise and talk, are one item
    if len(places) > 3 and "对" in sentence[places[1] : places[1] + 1]:  # noqa: PLR2004
        places = [places[0], places[1], places[-1]]
    return [sentence[first:last] for first, last in itertools.pairwise(places)]


def owners(words: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return who leads and who is responsible, as a sentence's own words name them."""
    plays = _PLAYS.search(words)
    if plays is not None:
        return (plays[1],), ()
    subject = _SUBJECT.match(words)
    if subject is not None:
        names = tuple(name for piece in names_in(subject[1]) for name in re.split("[及和]", piece))
        return (names, ()) if names[0].startswith(("县政府办", "市政府办", "区政府办")) else ((), names)
    named = _NAMED.match(words)
    if named is not None:
        return (named[1],), ()
    inner = _INNER.search(words)
    if inner is not None:
        return (inner[1],), ()
    if "本单位" in words or "本部门" in words:
        return (), ("各单位",)
    return (), ()
