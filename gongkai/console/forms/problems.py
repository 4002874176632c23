"""Problems of a form: a summary with links, and the same words beside each field."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class FormProblems:
    """What is wrong with a form, by the id of the field; an empty id is the whole form's."""

    found: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, text: str) -> None:
        """Add a problem; the first one of a field stays."""
        self.found.setdefault(name, text)

    def of(self, name: str) -> str:
        """Return the problem of a field, or nothing."""
        return self.found.get(name, "")

    def __bool__(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.found)
