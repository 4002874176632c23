"""One matter under several spellings: [2023]26号 and 〔２０２３〕26号 are one document, 《甲》解读 is of 甲."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from events.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from events.vocabulary import Vocabulary

ODD = (
    r"[\[\](){}<>\s【】［］﹝﹞｛｝〈〉《》「」『』“”\"'‘’第\x{00a0}\x{2000}-\x{2015}\x{202f}\x{205f}\x{2212}\x{3000}"
    r"\x{fe00}-\x{fe0f}\x{fe58}-\x{fe6b}\x{ff01}-\x{ffee}\x{feff}。·"
    r"\x{2160}-\x{217f}\x{2e80}-\x{2fd5}\x{f900}-\x{faff}〖〗〘〙〚〛❲❳⟨⟩︹︺﹤﹥號:：]|〕0|〔\d\d〕|\.$|〕\d+$|年〕|年\d+号|[〇○零一二三四五六七八九]{4}|号文"
)
"""What a text may have that is written in another way elsewhere; texts without it are their own key."""

_BRACKETS = str.maketrans(dict.fromkeys("([{【〔〖〘〚❲❨︹︵", "〔") | dict.fromkeys(")]}】〕〗〙〛❳❩︺︶", "〕"))
_YEAR = re.compile(
    r"(?<=.)(?:[〔<〈《⟨\"](\d{4}|\d{2}|[〇○零一二三四五六七八九]{4})年?[〕>〉》⟩\"]|(?<=[字发办函令决告])(\d{4})年)(?=第?\d+(?:号|$))"
)
"""The year of a document's number, in whatever brackets, or in none before 年."""
_CHINESE = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_QUOTES = str.maketrans(dict.fromkeys("“”「」『』‘’'", '"'))
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58]")
_UNSEEN = re.compile("[\ufe00-\ufe0f\u200b-\u200f\u2060\ufeff]")
_WIDE = '\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〔〕《》"、，。：；'
_GAPS = re.compile(rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])")
_ORDINAL = re.compile("第([一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])(次|届|号|期|批)")
_TITLE = re.compile("[《〈<]+(.+?)[》〉>]+")
_NUMBER = re.compile("^(?:文号|发文字号|编号)?[::]?(.*)〔(\\d{4})〕第?0*(\\d+)(?:号文?件?)?$")
CALLED = "解|读懂|问答"
"""What the name of an interpretation has in it, as an expression."""
_OF = re.compile(
    "(?:(?:关于|对)?(?:县|市)?.{0,6}?《(.+)》(?:的|政策|文件|文字|图文|图片|视频|专家|一图)*(?:解读|读懂|图解|问答)(?:材料|稿|文章)?"
    "|[(\\[【〔]?(?:一图读懂|图解|解读|政策解读|文字解读|图文解读|视频解读|政策问答)[)\\]】〕]?[:：|｜]?《?(.+?)》?"
    "|《?(.{4,}?)》?[(\\[【〔](?:政策|文字|图文|图片|视频)?(?:解读|图解|问答)[)\\]】〕]"
    "|(.{4,}?)(?:的)?(?:政策|文件|文字|图文|图片|视频|专家)*解读(?:材料|稿)?)"
)
"""How the interpretation of a document is called after it."""


def _number(words: str) -> int:
    """Return the number that 十二 or 二十 stands for, below a hundred."""
    tens, ten, ones = words.rpartition("十") if "十" in words else ("", "", words)
    digits = "一二三四五六七八九"
    return (digits.find(tens) + 1 if tens else 1) * 10 * bool(ten) + (digits.find(ones) + 1 if ones else 0)


@lru_cache(maxsize=1 << 15)
def fold_subject(text: str) -> str:
    """Return a subject as subjects are compared: with 〔〕, in half width, without 《》 and spaces beside Chinese."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    text = _DASHES.sub("-", text.translate(_BRACKETS).translate(_QUOTES))
    text = _GAPS.sub("", " ".join(text.split())).rstrip("。.·")
    text = _ORDINAL.sub(lambda found: f"第{_number(found[1])}{found[2]}", text)
    title = _TITLE.fullmatch(text)
    text = _YEAR.sub(
        lambda year: f"〔{(year[1] or year[2]).translate(_CHINESE).rjust(4, '·').replace('··', '20')}〕",
        (title[1] if title else text).replace("號", "号"),
    )
    return _NUMBER.sub(r"\1〔\2〕\3号", text).replace("〈", "《").replace("〉", "》")


def interpreted(text: str) -> str | None:
    """Return the folded subject that an interpretation is called after, None where its name says no other one."""
    found = _OF.fullmatch(_UNSEEN.sub("", unicodedata.normalize("NFKC", text)).strip())
    name = next((one for one in found.groups() if one), None) if found else None
    return fold_subject(name) if name else None


def keys_of(table: pa.Table, vocabulary: Vocabulary | None = None) -> pa.Array:
    """Return the key of each entry's subject: entries of one key are of one matter.

    Args:
        table: the log (`events.table`).
        vocabulary: the vocabulary, that says of an interpretation what it follows; the product's by default.
    """
    coded = table["subject"].combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    texts = coded.dictionary
    odd = pc.match_substring_regex(texts, ODD)
    folded = pa.array(map(fold_subject, texts.filter(odd).to_pylist()), pa.string())
    found = pc.replace_with_mask(texts, odd, folded).take(coded.indices)
    return _unwrapped(table, found, vocabulary or load_vocabulary())


def _unwrapped(table: pa.Table, keys: pa.Array, vocabulary: Vocabulary) -> pa.Array:
    """Return the keys, those of 《…》解读 being the document's that stands in the log."""
    kinds = {
        kind.name: kind.follows for kind in vocabulary.types.values() if "interpreted" in kind.name and kind.follows
    }
    candidates = pc.and_(
        pc.is_in(table["type"], pa.array(list(kinds), pa.string())), pc.match_substring_regex(keys, CALLED)
    ).combine_chunks()
    rows = pc.indices_nonzero(pc.fill_null(candidates, fill_value=False)).to_pylist() if kinds else []
    if not rows:
        return keys
    triggers = pa.array([name for follows in kinds.values() for name in follows], pa.string())
    known = set(keys.filter(pc.is_in(table["type"], triggers).combine_chunks()).to_pylist())
    texts = table["subject"]
    changed = {row: name for row in rows if (name := interpreted(texts[row].as_py())) in known}
    if not changed:
        return keys
    listed = keys.to_pylist()
    for row, name in changed.items():
        listed[row] = name
    return pa.array(listed, pa.string())


def one_spelling(table: pa.Table, vocabulary: Vocabulary | None = None) -> pa.Table:
    """Return the log with one spelling for each matter: that of its first entry, as somebody wrote it.

    Args:
        table: the log (`events.table`).
        vocabulary: the vocabulary; the product's by default.
    """
    if not table.num_rows or table["subject"].null_count == table.num_rows:
        return table
    keys = keys_of(table, vocabulary)
    # told apart as texts: grouping a table by columns loads a quarter of Arrow that reading a log has no use for
    pairs = pc.unique(pc.binary_join_element_wise(keys, table["subject"], "\0")).drop_null()
    if len(pairs) == len(pc.unique(keys).drop_null()):
        return table
    counts = pc.value_counts(pc.list_element(pc.split_pattern(pairs, "\0", max_splits=1), 0))
    several = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    names = _first_spellings(table, keys, several.to_pylist())
    coded = keys.dictionary_encode()
    spelled = pa.array([names.get(key) for key in coded.dictionary.to_pylist()], pa.string()).take(coded.indices)
    at = table.column_names.index("subject")
    return table.set_column(at, "subject", pc.coalesce(spelled, table["subject"]))


def _first_spellings(table: pa.Table, keys: pa.Array, several: Iterable[str]) -> Mapping[str, str]:
    """Return the spelling of the first entry of each of these keys."""
    among = pc.is_in(keys, pa.array(list(several), pa.string()))
    rows = table.select(["subject", "occurred_at", "id"]).append_column("key", keys).filter(among).to_pylist()
    spellings: dict[str, list[tuple[object, str, str]]] = defaultdict(list)
    for row in rows:
        spellings[row["key"]].append((row["occurred_at"], row["subject"], row["id"]))
    return {key: min(found)[1] for key, found in spellings.items()}
