"""YAML that somebody types into a field or an option: its value, within the bounds that files are read with."""

from __future__ import annotations

import yaml

from events.problems import Problem, Text, Where
from rules.yaml.nodes import parse_yaml
from rules.yaml.problems import SYNTAX_CURE


def value_of(text: str, name: str) -> tuple[object, Problem | None]:
    """Return what a YAML text says, dates as dates, nothing of a blank one; or why it cannot be taken.

    Args:
        text: the text; aliases that would make it grow beyond all bounds are refused before they are followed.
        name: what places call it.
    """
    if not text.strip():
        return None, None
    node, problems = parse_yaml(text, name)
    if node is None:
        return None, problems[0]
    try:
        return yaml.safe_load(text), None
    except (yaml.YAMLError, ValueError) as error:  # a tag that is not known, a day that there is not
        said = str(error).splitlines()[0]
        fact = Text(f"不是有效的 YAML：{said}", f"this is not YAML: {said}")
        return None, Problem("yaml-syntax", Where(name), fact, SYNTAX_CURE)
