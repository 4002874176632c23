"""The templates as snippets of an editor (the form that VS Code and others read)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import yaml

from rules.templates.template import templates
from rules.yaml.written import as_entry

if TYPE_CHECKING:
    from rules.templates.template import Template

_HEAD: Final = {"id": "1.rule", "clause": "1", "quote": "条款的原话", "owed_by": "units"}
_QUOTED: Final = re.compile(r"""'(\$\{\d+:[^']*\})'|"(\$\{\d+:[^"]*\})\"""")


def snippets() -> dict[str, Any]:
    """Return a snippet for each template, by its title: `gk-NAME` calls it, the tabulator goes through its places."""
    return {f"{one.title.zh} · {one.title.en}": _snippet(one) for one in templates()}


def _snippet(template: Template) -> dict[str, Any]:
    """Return one snippet: head and places are stops with what stands there at first."""
    stops = _HEAD | {slot.name: slot.value for slot in template.slots}
    marks = {name: f"${{{number}:{_flat(value)}}}" for number, (name, value) in enumerate(stops.items(), 1)}
    made = template.made({slot.name: marks[slot.name] for slot in template.slots}, "", 0)
    rule = {key: marks[key] for key in _HEAD} | made.rule
    lines = [_QUOTED.sub(lambda found: found[1] or found[2], line) for line in as_entry(rule)]
    return {"prefix": f"gk-{template.name}", "description": template.words, "body": lines}


def _flat(value: object) -> str:
    """Return a value as it stands in one line of YAML, with what would end the stop escaped."""
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=True, width=10_000).split("\n...")[0].strip()
    return text.strip("'").replace("$year", "2024").replace("}", "\\}")
