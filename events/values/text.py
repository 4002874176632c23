"""Text as the log keeps it: composed, stripped, on one line, without characters that nobody can see."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_LENGTH = 4000
"""The longest text of a field."""

_LINE_BREAKS = re.compile(r"[ \u3000]*[\t\r\n\v\f\u2028\u2029]+[ \u3000]*")
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_REFUSED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ud800-\udfff\ufff9-\ufffb\ufffd\U000e0000-\U000e007f]"
)


_PLACEHOLDER = (
    r"[-‐-―−－~〜_/\\|.。·…—×、,;?*〇○]+"
    r"|[(\[【〔]*[)\]】〕]+|[(\[【〔]+|x{2,}|#{1,2}|nan"
    r"|[(\[【〔]?(?:[暂尚]?无|无[此该]\w{1,2}|暂无[一-鿿]{1,4}|暂?没有|(?:此处)?空[白缺]?|暂?略|[未待](?:填[写报]?|补[填充报]?|定|知|明|编号|核实?)|[暂空]缺|缺失?|不[详明]"
    r"|不(?:适用|涉及|需要)|n/?\.?a\.?|none|null|nil|tb[dc])[)\]】〕]?[.。]?"
)
"""What stands for nothing; made into an expression for the first text that is looked at, as that takes 4 ms."""

_MARK = re.compile(
    r"[-‐-―−－~〜_/\\|.。·…—、,;?*]+|n/?\.?a\.?|[未待](?:填[写报]?|补|定|核实?)|不(?:适用|涉及)", re.IGNORECASE
)
_NO_NAME = re.compile(
    r"(?:[尚还暂并]?[未没](?:有|经|予)?|暂未|正在|拟|待|已)(?:召开|发生|答复|公开|公布|发布|印发|办理|办结|开展|举办|报送?|上报|处理|删除|取消|作废)中?"
    r"|(?:办理|处理|审核|拟办|制定|起草)中|[详参]?见(?:备注|说明|后|前)|\(?(?:[无未没暂](?:有|无)?(?:文号|编号|主题|名称|标题|会议名称)|[详参]?见附[件表]|同附[件表]|附[件表后]\d*)\)?"
)


def is_mark(text: str) -> bool:
    """Say whether a text in place of yes or no says neither: /, ——, N/A; 无 and × say no."""
    return _MARK.fullmatch("".join(unicodedata.normalize("NFKC", text).split())) is not None


def names_nothing(text: str) -> bool:
    """Say whether a text in place of a name names nothing: 无文号, 见附件."""
    return _NO_NAME.fullmatch("".join(unicodedata.normalize("NFKC", text).split())) is not None


@lru_cache(maxsize=1024)
def is_placeholder(text: str) -> bool:
    """Say whether a text stands where there is nothing to say: 无, /, ——, N/A, 待补, ？."""
    return re.fullmatch(_PLACEHOLDER, "".join(unicodedata.normalize("NFKC", text).split()), re.IGNORECASE) is not None


class TextError(ValueError):
    """A text that cannot stand in the log.

    Attributes:
        code: `bad-character` or `too-long`.
        detail: the character as `U+0000`, or the length.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def invisible(text: str) -> str | None:
    """Return the first character inside a text that `clean_text` takes away because nobody can see it, as `U+200B`."""
    found = None if text.isprintable() else _INVISIBLE.search(text.strip().strip("\ufeff"))
    return f"U+{ord(found.group()):04X}" if found else None


def clean_text(text: str) -> str:
    """Return the text in composed form and stripped, its line breaks as spaces.

    Raises:
        TextError: it has characters that cannot be shown, or is too long.
    """
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if not text.isprintable():
        text = _INVISIBLE.sub("", _LINE_BREAKS.sub(" ", text.strip()))
        refused = _REFUSED.search(text)
        if refused is not None:
            raise TextError("bad-character", f"U+{ord(refused.group()):04X}")
    text = text.strip()
    if len(text) > MAX_LENGTH:
        raise TextError("too-long", str(len(text)))
    return text
