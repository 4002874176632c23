"""Templates that an office edits: what they may do, and what one lacks that a notice cannot do without."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from events.problems import Problem, Text, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

NEEDED: Final[Mapping[str, Mapping[str, Text]]] = {
    "rectification": {"unit": Text("单位的名称", "the unit's name"), "problems": Text("问题的列表", "the problems")},
    "interview": {"unit": Text("单位的名称", "the unit's name"), "problems": Text("问题的列表", "the problems")},
    "praise": {"praised": Text("受表扬的单位", "the units that are praised")},
    "circular": {"unfiled": Text("没有报送台账的单位", "the units that filed nothing")},
}
"""The placeholders without which a document of a kind says nothing to whom it goes."""

_LISTS: Final = frozenset({"problems", "praised"})
"""What has to be gone through: how many there are says nothing of them."""
_HEAVY: Final = ("center", "format", "indent", "wordwrap")
"""Filters that make a text as long as they are told to."""


class TemplateWords(SandboxedEnvironment):
    """What a template may do: put in its placeholders, ask whether they are there, and go through lists.

    Nothing in it makes a text longer than what it is filled with: no `*`, no methods of texts, no ranges.
    """

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self) -> None:
        """Start without the functions and filters that take memory or time."""
        super().__init__(undefined=StrictUndefined, autoescape=True)
        self.globals.clear()
        for name in _HEAVY:
            self.filters.pop(name, None)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401, ARG002
        """Refuse to multiply.

        Raises:
            SecurityError: always.
        """
        message = f"{left!r:.20} {operator} {right!r:.20}: templates do not multiply"
        raise SecurityError(message)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401
        """Say whether a template may use an attribute: none of texts, numbers and lists."""
        return not isinstance(obj, str | int | float | list | tuple) and super().is_safe_attribute(obj, attr, value)


def lacking(template: bytes, kind: str, name: str) -> tuple[Problem, ...]:
    """Return a warning for each placeholder that a template lacks and its kind of document cannot do without.

    Args:
        template: the DOCX with placeholders.
        kind: the kind of document.
        name: the template's name.
    """
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.init_docx()
        used = document.get_undeclared_template_variables(TemplateWords())
        tree = TemplateWords().parse(document.patch_xml(document.get_xml()))
    except Exception:  # noqa: BLE001 - what is wrong with it is told when it is filled
        return ()
    listed = {one.iter.name for one in tree.find_all(nodes.For) if isinstance(one.iter, nodes.Name)}
    used = {one for one in used if one not in _LISTS or one in listed}
    found = []
    for placeholder, words in NEEDED[kind].items():
        if placeholder not in used:
            fact = Text(
                f"模板里没有占位符 {placeholder}（{words.zh}），写出的文件里就没有它",
                f"the template has no placeholder {placeholder} ({words.en}): nothing in the document says it",
            )
            cure = Text(
                "照自带的模板补上：gongkai notices --save-template",
                "Put it in as the template that ships has it (--save-template)",
            )
            found.append(Problem("placeholder-missing", Where(name), fact, cure, placeholder, "warning"))
    return tuple(found)
