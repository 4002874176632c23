"""YAML as people edit it: keys in their order, Chinese as it is, lists indented under their key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class _Dumper(yaml.SafeDumper):
    """Writes lists under their key with an indent, and no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        """Write what stands twice, twice."""
        del data
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - the library's
        """Indent lists too."""
        del indentless
        super().increase_indent(flow, indentless=False)


def as_yaml(content: Mapping[str, Any]) -> str:
    """Return a mapping as YAML."""
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def as_entry(content: Mapping[str, Any], indent: str = "  ") -> Iterator[str]:
    """Give the lines of a mapping as one entry of a list."""
    for number, line in enumerate(as_yaml(content).splitlines()):
        yield indent + ("- " if number == 0 else "  ") + line
